"""Watches for a driver that has learnt to fool M: its dreams become better and better, and its races worse.

Ha and Schmidhuber, World Models (2018), section "Cheating the World Model".
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from gendesk.engine.health import Finding

from ..config import ControllerConfig

_LEAST_RISE = 0.05
"""Of the first dream score that is looked at."""
_LEAST_FALL, _LEAST_POINTS = 0.2, 20.0
"""Of the best score on real tracks, and in points: with few tracks, less may be luck."""
_HOTTER = 1.15
_EXPLANATION = (
    "C is trained where M says what happens next, and M is not the world: where it errs in C's favour, evolution finds "
    "the error and lives on it. Such a driver collects rewards in the dream that no road gives. A higher temperature "
    "makes the dream less certain, so that fewer errors can be relied upon; real tracks cannot be fooled."
)


class FooledDream:
    """Warns once when two evaluations in a row have become worse while the dreams before them have become better.

    `dream_mean` is averaged from one evaluation to the next. An evaluation without a dream since the last one, as when
    training alternates, says nothing of dreams and is passed over.
    """

    def __init__(self, config: ControllerConfig) -> None:
        self._changes = _changes(config)
        self._dreams: list[float] = []
        self._pairs: list[tuple[float, float]] = []
        self._best = -float("inf")
        self._warned = False

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None:
        if "dream_mean" in values:
            self._dreams.append(values["dream_mean"])
        if "score" not in values or self._warned:
            return None
        self._best = max(self._best, values["score"])
        if not self._dreams:
            return None
        self._pairs = [*self._pairs[-2:], (sum(self._dreams) / len(self._dreams), values["score"])]
        self._dreams = []
        if len(self._pairs) < 3 or not self._parted():
            return None
        self._warned = True
        (dream_before, before), _, (dream_now, now) = self._pairs
        return Finding(
            "The dream score rises while the score on real tracks falls: C has learnt to fool M. By step "
            f"{step:,} dreams went from {dream_before:.0f} to {dream_now:.0f}, races from {before:.0f} to {now:.0f}.",
            "Dream at a higher temperature, or train on real tracks, too; the driver that was best on real tracks is "
            "kept.",
            "fooled-dream",
            _EXPLANATION,
            self._changes,
        )

    def _parted(self) -> bool:
        dreams, scores = zip(*self._pairs, strict=True)
        rise = dreams[-1] - dreams[0]
        rises = all(a < b for a, b in pairwise(dreams)) and rise > _LEAST_RISE * abs(dreams[0])
        falls = all(a > b for a, b in pairwise(scores))
        return rises and falls and self._best - scores[-1] > max(_LEAST_POINTS, _LEAST_FALL * abs(self._best))


def _changes(config: ControllerConfig) -> dict[str, Any]:
    """Return what to try: a hotter dream and some real races, and where there are such already, nothing else."""
    if config.trained_in == "alternating":
        return {"trained_in": "real"}
    return {"trained_in": "alternating", "temperature": min(10.0, round(config.temperature * _HOTTER, 2))}
