"""What the doctor offers to change for a new run: settings within their bounds that make sense together."""

from typing import Any

from gendesk.engine.health import Remedies
from gendesk.errors import InputError

from ..config import CROSS_ENTROPY, GanConfig, GeneratorLayer


class Treatment:
    """Made from the config of the run that is examined."""

    def __init__(self, config: GanConfig) -> None:
        self._config = config
        self._values = config.model_dump(mode="json")
        self._remedies = Remedies(config)

    def weaker_critic(self) -> dict[str, Any]:
        """Let the critic learn slower, forget some of what it sees, and be less sure."""
        label = {"real_label": 0.9} if self._config.objective in CROSS_ENTROPY and self._config.real_label > 0.9 else {}
        dropout = self._remedies.at_least("critic_dropout", 0.3)
        return {**self._remedies.scaled("critic_learning_rate", 0.25), **dropout, **self._possible(label)}

    def stronger_critic(self) -> dict[str, Any]:
        """Train the generator once for each time, and bring the critic's steps up to its own."""
        rate = max(self._config.critic_learning_rate * 2, self._config.generator_learning_rate)
        return self._possible({"generator_steps": 1, "critic_learning_rate": float(f"{rate:.6g}")})

    def calmer(self) -> dict[str, Any]:
        """Take a fifth of both learning rates, and show an average."""
        return {**self._remedies.scaled("learning_rate", 0.2), **self._remedies.at_least("average", 0.995)}

    def more_variety(self) -> dict[str, Any]:
        """Train the generator no more than the critic; where that is so already, play for a distance."""
        if self._config.generator_steps > 1:
            return self._possible({"generator_steps": 1})
        return self.distance() or self.calmer()

    def distance(self) -> dict[str, Any]:
        """Play for a distance with a gradient penalty, with all that it asks for; empty if that is played already."""
        if self._config.objective == "wasserstein":
            return {}
        return self._possible(
            {
                "objective": "wasserstein",
                "regulariser": "gradient-penalty",
                "updates": "together",
                "critic_norm": False,
                "critic_dropout": 0.0,
                "critic_steps": 3,
                "real_label": 1.0,
                "label_noise": 0.0,
                "inverted_labels": False,
                "optimizer": "adam",
            }
        )

    def wider_clip(self) -> dict[str, Any]:
        """Triple the bound of the weights."""
        return self._possible({"clip": float(f"{3 * self._config.clip:.6g}")})

    def bounded(self) -> dict[str, Any]:
        """Bring what bounds the critic back to where the books have it."""
        if self._config.regulariser == "clip" and self._config.clip > 0.01:
            return self._possible({"clip": 0.01})
        if self._config.regulariser == "gradient-penalty" and self._config.penalty < 10:
            return self._possible({"penalty": 10.0})
        return self._remedies.scaled("critic_learning_rate", 0.2)

    def closer_critic(self) -> dict[str, Any]:
        """Let the critic follow the generator more closely: another step each time."""
        return self._possible({"critic_steps": self._config.critic_steps + 2})

    def even_growth(self) -> dict[str, Any]:
        """Widen the kernels that are no multiple of their stride; where all fit, repeat pixels and then convolve.

        Where that is done already, the pattern comes and goes with the critic's strides, and an average evens it out.
        """
        layers = self._config.generator_layers
        fitted = [layer if layer.upsampling else _fitted(layer) for layer in layers]
        if fitted == list(layers):
            fitted = [_repeating(layer) for layer in layers]
        growth = self._possible({"generator_layers": [layer.model_dump() for layer in fitted]})
        return growth or self._remedies.at_least("average", 0.995)

    def smaller(self) -> dict[str, Any]:
        """Halve the filters of both networks, and let the critic forget some of what it sees."""
        narrow: dict[str, Any] = {
            name: [{**layer, "filters": max(1, layer["filters"] // 2)} for layer in self._values[name]]
            for name in ("critic_layers", "generator_layers")
        }
        dropout = self._remedies.at_least("critic_dropout", 0.3)
        return {**self._possible(narrow), **self._remedies.scaled("first_filters", 0.5), **dropout}

    def _possible(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Return those that change something, if the config allows them all at once."""
        new = {name: value for name, value in changes.items() if self._values[name] != value}
        try:
            self._config.with_values(new)
        except InputError:
            return {}
        return new


def _fitted(layer: GeneratorLayer) -> GeneratorLayer:
    """Return a transposed convolution whose kernel is a multiple of its stride."""
    return layer.model_copy(update={"kernel": -(-layer.kernel // layer.stride) * layer.stride})


def _repeating(layer: GeneratorLayer) -> GeneratorLayer:
    return layer.model_copy(update={"upsampling": True, "padding": "same", "kernel": layer.kernel | 1})
