"""What is wrong with samples themselves: all alike, patterned, or learnt by heart."""

from gendesk.engine.health import Finding

from ..config import GanConfig
from .treatment import Treatment
from .watching import WARM_UP, Check, Recent, Values

_LONG = 100
_LATE = 600
_COLLAPSED, _COLLAPSED_EARLY = 0.5, 0.25
"""Shares of the diversity of real pictures: from step 600 on, and from the end of the warm-up on."""
_CHECKERED, _CHECKERED_FROM = 3.0, 100
"""Per cent of the energy, and the first step that is judged: networks often even the pattern out later."""
_COPIED = 0.2


class ModeCollapse(Check):
    """Samples are less than half as different from each other as real pictures, in batches or when validated.

    A generator that has not learnt to draw anything yet also repeats itself: the first steps are spared, and what is
    still getting more diverse is given time.
    """

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self._treatment = Treatment(config)
        self._batches = Recent("batch_diversity", _LONG)
        self._before: float | None = None
        self._validated: list[float] = []

    def examine(self, step: int, values: Values) -> Finding | None:
        held_out = values.get("validation/diversity")
        if held_out is not None and step >= WARM_UP:
            self._validated = [*self._validated[-1:], held_out]
            if len(self._validated) == 2 and _stuck(step, *self._validated):
                return self._finding(step, held_out)
        if step < WARM_UP or not self._batches.take(values):
            return None
        before, now = self._before, self._batches.mean
        self._before = now
        self._batches.clear()  # the next window stands beside this one
        return self._finding(step, now) if before is not None and _stuck(step, before, now) else None

    def _finding(self, step: int, diversity: float) -> Finding:
        return Finding(
            f"Samples are only {diversity:.0%} as different from each other as real pictures at step {step:,}.",
            "Train the generator no more often than the critic, lower its learning rate, or play for a distance with "
            "a gradient penalty.",
            kind="mode-collapse",
            explanation="The generator has found one picture, or a few, that the critic lets pass, and makes nothing "
            "else whatever its random numbers are. When the critic learns to refuse them, the generator often just "
            "moves on to the next.",
            changes=self._treatment.more_variety(),
        )


class Checkerboard(Check):
    """Samples have a pattern of every second pixel that real pictures do not have, in two validations in a row."""

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self._treatment = Treatment(config)
        self._times = 0

    def examine(self, step: int, values: Values) -> Finding | None:
        share = values.get("validation/checkerboard")
        if share is None or step < _CHECKERED_FROM:
            return None
        self._times = self._times + 1 if share > _CHECKERED else 0
        if self._times < 2:
            return None
        return Finding(
            f"{share:.1f} % of the samples' energy is a pattern of every second pixel at step {step:,}.",
            "Switch Repeat on in the generator's layers, or give transposed convolutions a kernel that is a multiple "
            "of their stride.",
            kind="checkerboard",
            explanation="Where kernel and stride of a transposed convolution do not fit, neighbouring pixels are made "
            "of different numbers of products. The network can learn to even that out, and seldom does.",
            changes=self._treatment.even_growth(),
        )


class Memorised(Check):
    """Many samples are nearer to a training picture than real pictures are, in two validations in a row."""

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self._treatment = Treatment(config)
        self._times = 0

    def examine(self, step: int, values: Values) -> Finding | None:
        share = values.get("validation/memorised")
        if share is None or step < WARM_UP:
            return None
        self._times = self._times + 1 if share > _COPIED else 0
        if self._times < 2:
            return None
        return Finding(
            f"{share:.0%} of the samples are nearer to a training picture at step {step:,} than 99 of 100 held-out "
            "pictures are.",
            "Train on more pictures, or take smaller networks; look at the nearest training pictures.",
            kind="memorisation",
            explanation="The generator gives back what it was shown, in place of new pictures of the same kind. That "
            "happens with few training pictures and large networks. Very smooth samples can be near to many pictures, "
            "too, without being copies.",
            changes=self._treatment.smaller(),
        )


def _stuck(step: int, before: float, now: float) -> bool:
    return max(before, now) < (_COLLAPSED if step >= _LATE else _COLLAPSED_EARLY) and now <= 1.2 * before
