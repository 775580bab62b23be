"""Whether what keeps a Wasserstein critic gentle does so: clipped weights, and the gradient penalty."""

from gendesk.engine.health import Finding

from ..config import GanConfig
from .treatment import Treatment
from .watching import WARM_UP, Check, Recent, Values

_LONG = 100
_NORM_LONG = 200
_SETTLING = 0.9
"""A new critic is first flat, then far too steep, before the penalty has it in hand: as long as the distance from 1
falls to this share of what it was in the window before, it is on its way."""
_SATURATED = 0.6
_NORMS = 0.7, 1.5


class ClipSaturation(Check):
    """Most weights of the critic stand at the bound."""

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self._treatment = Treatment(config)
        self._clipped = Recent("clipped", _LONG)

    def examine(self, step: int, values: Values) -> Finding | None:
        if not self._clipped.take(values) or step < WARM_UP or self._clipped.mean <= _SATURATED:
            return None
        return Finding(
            f"{self._clipped.mean:.0%} of the critic's weights stand at the bound at step {step:,}.",
            "Widen the bound, lower the critic's learning rate, or choose the gradient penalty, which bounds the score "
            "and not the weights.",
            kind="clip-saturation",
            explanation="Weights that can only be as large as allowed, for or against, make a critic that is far too "
            "simple: it judges by brightness and rough shapes, and the generator need not do better.",
            changes=self._treatment.wider_clip(),
        )


class GradientPenaltyHealth(Check):
    """The critic's score does not change by about one per unit of distance, and does not come closer to it."""

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self._treatment = Treatment(config)
        self._norm = Recent("gradient_norm", _NORM_LONG)
        self._before: float | None = None

    def examine(self, step: int, values: Values) -> Finding | None:
        if step < WARM_UP or not self._norm.take(values):
            return None
        before, now = self._before, self._norm.mean
        self._before = now
        self._norm.clear()  # windows stand side by side
        if before is None or not (_astray(before) and _astray(now)) or abs(now - 1) < _SETTLING * abs(before - 1):
            return None
        steep = now > 1
        return Finding(
            f"Over the last {_NORM_LONG} steps up to step {step:,} the mean gradient norm was {now:.2f}; the penalty "
            "wants 1.",
            "Raise the weight of the penalty to 10, or lower the critic's learning rate."
            if steep
            else "Give the critic more steps each time, or a higher learning rate, so that it can follow.",
            kind="gradient-penalty",
            explanation="The estimate of the distance is right only for a score with a slope of 1 between real and "
            "generated pictures. A steeper one exaggerates and makes the game nervous; a flatter one tells the "
            "generator too little.",
            changes=self._treatment.bounded() if steep else self._treatment.closer_critic(),
        )


def _astray(norm: float) -> bool:
    low, high = _NORMS
    return not low <= norm <= high
