"""Checks of the network itself: its gradients, its units, the sizes of its layers."""

import statistics
from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

from gendesk.engine.health.finding import Finding
from gendesk.engine.health.remedies import Remedies

GRADIENT, DEAD = "gradient", "dead"


class ExplodingGradients:
    """Warns once when the norm of all gradients is far above its median of the last measurements."""

    def __init__(self, changes: Mapping[str, Any], factor: float = 100.0, window: int = 50) -> None:
        self._changes = changes
        self._factor = factor
        self._recent: deque[float] = deque(maxlen=window)
        self._warned = False

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None:
        norm = values.get(GRADIENT)
        if norm is None or self._warned:
            return None
        median = statistics.median(self._recent) if len(self._recent) >= 10 else 0.0
        self._recent.append(norm)
        if not median or norm <= self._factor * median:  # a NaN is told as what it is, when the loss becomes one
            return None
        self._warned = True
        return Finding(
            f"The norm of the gradients leapt to {norm:.3g} at step {step:,}; its median was {median:.3g}.",
            "Lower the learning rate, or clip the gradients if the recipe can; the best checkpoint is from before.",
            "exploding-gradients",
            changes=self._changes,
        )


class VanishingGradients:
    """Warns once when a layer's gradients are a millionth of the largest, or nothing, at many measurements in a row."""

    def __init__(self, changes: Mapping[str, Any], ratio: float = 1e-6, patience: int = 10) -> None:
        self._changes = changes
        self._ratio = ratio
        self._patience = patience
        self._faint: Counter[str] = Counter()
        self._warned = False

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None:
        layers = _layers(values, GRADIENT)
        if not layers or self._warned:
            return None
        largest = max(layers.values())
        faint = [name for name, size in layers.items() if size < self._ratio * largest]
        self._faint = Counter({name: self._faint[name] + 1 for name in faint})
        lasting = [name for name, count in self._faint.items() if count >= self._patience]
        if not lasting:
            return None
        self._warned = True
        worst = min(lasting, key=layers.__getitem__)
        return Finding(
            f"The weights of {worst} get almost no gradient at step {step:,}: {layers[worst]:.2g}, against "
            f"{largest:.2g} in the layer with the most{_others(lasting)}.",
            "Use batch normalisation, fewer layers, or LeakyReLU in place of sigmoid and tanh.",
            "vanishing-gradients",
            changes=self._changes,
        )


class DeadUnits:
    """Warns once when more than 40 % of a layer's ReLU units have put out nothing but zeros for a while."""

    def __init__(self, changes: Mapping[str, Any], share: float = 0.4) -> None:
        self._changes = changes
        self._share = share
        self._warned = False

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None:
        layers = {name: share for name, share in _layers(values, DEAD).items() if share > self._share}
        if not layers or self._warned:
            return None
        self._warned = True
        worst = max(layers, key=layers.__getitem__)
        return Finding(
            f"{layers[worst]:.0%} of the units of {worst} put out zero for every example of the last batches that "
            f"were looked at, up to step {step:,}{_others(list(layers))}.",
            "Lower the learning rate, use LeakyReLU in place of ReLU, or make the layer smaller.",
            "dead-units",
            changes=self._changes,
        )


class BloatedLayer:
    """Says once, at the first look, when one layer of a model that is not tiny holds most of its parameters.

    `sizes` are the parameters of layers that may be judged, `total` those of the whole model.
    """

    def __init__(self, sizes: Mapping[str, int], total: int, remedies: Remedies, share: float = 0.8) -> None:
        self._finding: Finding | None = None
        layer = max(sizes, key=sizes.__getitem__, default="")
        if total >= 5000 and len(sizes) >= 3 and sizes[layer] > share * total:
            self._finding = Finding(
                f"The layer {layer} holds {sizes[layer]:,} of the model's {total:,} parameters, "
                f"{sizes[layer] / total:.0%}.",
                "Make it smaller, or halve the picture once more before it with a stride of 2.",
                "bloated-layer",
                changes=remedies.halved_in(layer),
            )

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None:  # noqa: ARG002 (sizes do not change)
        finding, self._finding = self._finding, None
        return finding


def _layers(values: Mapping[str, float], what: str) -> dict[str, float]:
    start = f"{what}/"
    return {name.removeprefix(start): value for name, value in values.items() if name.startswith(start)}


def _others(layers: list[str]) -> str:
    if len(layers) < 2:
        return ""
    return f"; {len(layers) - 1} more {'layer does' if len(layers) == 2 else 'layers do'} the same"
