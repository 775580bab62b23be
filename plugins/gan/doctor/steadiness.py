"""Losses that swing out of their band, that leave every bound, or that say nothing of the pictures."""

import math
import statistics

from gendesk.data.dataset import ImageInfo
from gendesk.engine.health import Finding

from ..config import GanConfig
from .treatment import Treatment
from .watching import WARM_UP, Check, Recent, Values

_WINDOW = 100
_BASELINE_WINDOWS = 4
_TIMES = 3.0
"""How much wider than before losses must swing."""
_WIDE, _WILD = 0.5, 1.2
"""Beside the level that they have now, or had at first, if that was higher: a loss that swings by little harms nobody,
even where it was quieter before; one that swings beyond its level is wild, even where it never was steady."""


class Oscillation(Check):
    """Losses swing three times as wide as in an earlier, steady part of the run, or have been wild from the start.

    The critic's mean loss is looked at, and the generator's where it is no mere score, which has no level of its own.
    """

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self._treatment = Treatment(config)
        self._losses = [Recent("d_mean", _WINDOW)]
        if config.objective not in ("wasserstein", "hinge"):
            self._losses.append(Recent("g", _WINDOW))
        self._bands: dict[str, list[float]] = {loss.name: [] for loss in self._losses}
        self._levels: dict[str, float] = {}
        self._swings: dict[str, int] = {loss.name: 0 for loss in self._losses}

    def examine(self, step: int, values: Values) -> Finding | None:
        for loss in self._losses:
            if not loss.take(values):
                continue
            swing = loss.swing
            level = max(self._levels.setdefault(loss.name, abs(loss.mean)), abs(loss.mean))
            loss.clear()  # windows stand side by side, so that two in a row are two pieces of evidence
            if step <= WARM_UP:
                continue
            band = self._bands[loss.name]
            usual = statistics.median(band[:_BASELINE_WINDOWS]) if len(band) >= _BASELINE_WINDOWS else math.inf
            band.append(swing)
            much = swing > _WILD * level or (swing > _TIMES * usual and swing > _WIDE * level)
            self._swings[loss.name] = self._swings[loss.name] + 1 if much else 0
            if self._swings[loss.name] == 2:
                return self._finding(step, loss.name, swing, usual)
        return None

    def _finding(self, step: int, name: str, swing: float, usual: float) -> Finding:
        whose = "the generator's loss" if name == "g" else "the critic's mean loss"
        before = "" if math.isinf(usual) else f"; it was {usual:.2g} in an earlier part of the run"
        return Finding(
            f"Up to step {step:,} {whose} swings by {swing:.2g}{before}.",
            "Lower both learning rates, show an average of the generator, or play for a distance (wasserstein).",
            kind="oscillation",
            explanation="Small jitter is normal in a game; both losses should keep to a band or drift slowly. Swings "
            "that grow mean that each network overshoots what the other has just learnt, and samples go from good to "
            "bad and back with them.",
            changes=self._treatment.calmer(),
        )


class UnboundedCritic(Check):
    """The estimate of a distance is larger than any distance between pictures.

    A score that changes by at most one per unit of distance differs by no more than the pictures' own distance, which
    for numbers between -1 and 1 is at most twice the root of how many they are.
    """

    def __init__(self, config: GanConfig, info: ImageInfo) -> None:
        super().__init__()
        self._treatment = Treatment(config)
        self._most = 2 * math.sqrt(math.prod(info.item_shape))
        self._estimate = Recent("wasserstein", 20)

    def examine(self, step: int, values: Values) -> Finding | None:
        # A new critic swings beyond the bound for a moment, until what holds it back has caught up.
        if not self._estimate.take(values) or step < WARM_UP or abs(self._estimate.mean) <= self._most:
            return None
        return Finding(
            f"At step {step:,} the Wasserstein estimate is {self._estimate.mean:.3g}; no two pictures are further "
            f"apart than {self._most:.3g}.",
            "Narrow the bound of the weights, or give the gradient penalty its usual weight of 10.",
            kind="unbounded-critic",
            explanation="A critic whose score may rise as steeply as it likes does not measure a distance: it only "
            "turns its scores up. The generator follows gradients that grow without end, and losses tell nothing.",
            changes=self._treatment.bounded(),
        )


class UninformativeLoss(Check):
    """A note: the generator's loss rises while its samples get better."""

    _RISE, _FALL = 0.2, 0.15

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self._treatment = Treatment(config)
        self._loss = Recent("g", _WINDOW)
        self._first: tuple[float, float] | None = None

    def examine(self, step: int, values: Values) -> Finding | None:
        self._loss.take(values)
        distance = values.get("validation/distance")
        if distance is None or not self._loss.full or step < WARM_UP:
            return None
        if self._first is None:
            self._first = self._loss.mean, distance
            return None
        rise = (self._loss.mean - self._first[0]) / max(abs(self._first[0]), 1e-6)
        fall = 1 - distance / max(self._first[1], 1e-6)
        if rise < self._RISE or fall < self._FALL:
            return None
        return Finding(
            f"The generator's loss has risen by {rise:.0%} up to step {step:,}, while its samples have come {fall:.0%} "
            "closer to real pictures.",
            "Nothing needs to be done: judge by samples, distance and diversity. A Wasserstein loss can be compared "
            "over time.",
            kind="uninformative-loss",
            explanation="The generator is judged by the critic of the moment, which gets better too. Its loss says who "
            "is ahead in the game, and not how good the pictures are.",
            changes=self._treatment.distance(),
        )
