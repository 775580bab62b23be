"""Changes of a run's settings that a finding suggests: only settings that exist, and within their bounds."""

from collections.abc import Iterable
from typing import Any

from gendesk.config import ConfigModel
from gendesk.errors import InputError


class Remedies:
    """Made from what a run was told: its recipe's own config."""

    def __init__(self, config: ConfigModel) -> None:
        self._config = config
        self._values = config.model_dump()

    def scaled(self, ending: str, factor: float) -> dict[str, Any]:
        """Multiply every number whose field's name ends so: a GAN has two learning rates."""
        scaled = {}
        for name, value in self._values.items():
            if name.endswith(ending) and isinstance(value, int | float) and not isinstance(value, bool):
                new = value * factor
                scaled[name] = round(new) if isinstance(value, int) else float(f"{new:.6g}")
        return self._possible(scaled)

    def slower(self) -> dict[str, Any]:
        """A tenth of the learning rate."""
        return self.scaled("learning_rate", 0.1)

    def at_least(self, name: str, least: Any) -> dict[str, Any]:
        """Raise a number, or set a switch, where it is lower."""
        return self._possible({name: least}) if name in self._values and self._values[name] < least else {}

    def halved_in(self, layer: str) -> dict[str, Any]:
        """Halve the size that a layer, such as `encoder.dense.0`, has its name from."""
        sizes: Iterable[str] = (part for part in layer.split(".") if isinstance(self._values.get(part), int))
        return next((self.scaled(name, 0.5) for name in sizes), {})

    def _possible(self, changes: dict[str, Any]) -> dict[str, Any]:
        return {
            name: value for name, value in changes.items() if value != self._values[name] and self._may(name, value)
        }

    def _may(self, name: str, value: Any) -> bool:
        try:
            self._config.with_values({name: value})
        except InputError:
            return False
        return True
