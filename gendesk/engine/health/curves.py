"""Checks of curves alone: losses that leap, stand still, or part from those of held-out data."""

import math
import statistics
from collections import deque
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Literal

from gendesk.engine.health.finding import Finding

Goal = Literal["min", "max"]
_NOTHING: Mapping[str, Any] = {}


class LossExplosion:
    """Warns once when a loss leaps far above everything seen before, usually because the learning rate is too high."""

    def __init__(
        self, loss: str, changes: Mapping[str, Any] = _NOTHING, factor: float = 100.0, window: int = 200
    ) -> None:
        self._loss = loss
        self._changes = changes
        self._factor = factor
        self._recent: deque[float] = deque(maxlen=window)
        self._count = 0
        self._typical = math.inf
        self._warned = False

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None:
        value = values.get(self._loss)
        if value is None or self._warned:
            return None
        if self._count and self._count % 20 == 0:  # a median at every step would cost more than all other checks
            self._typical = statistics.median(map(abs, self._recent))
        self._count += 1
        self._recent.append(value)
        if abs(value) <= self._factor * max(self._typical, 1e-8):
            return None
        self._warned = True
        return Finding(
            f"The loss {self._loss} leapt to {value:.3g} at step {step:,}; it was about {self._typical:.3g}.",
            "Lower the learning rate and start again, or resume from the best checkpoint.",
            "loss-explosion",
            changes=self._changes,
        )


class _HeldOut:
    """Collects pairs of a metric: its mean over the training since the last validation, and that on held-out data."""

    def __init__(self, metric: str) -> None:
        self._metric = metric
        self._sum, self._count = 0.0, 0

    def pair(self, values: Mapping[str, float]) -> tuple[float, float] | None:
        if self._metric in values:
            self._sum, self._count = self._sum + values[self._metric], self._count + 1
        held_out = values.get(f"validation/{self._metric}")
        if held_out is None or not self._count:
            return None
        training = self._sum / self._count
        self._sum, self._count = 0.0, 0
        return training, held_out


class Overfitting:
    """Warns once when held-out data have fared worse several times in a row while training data fare better.

    `goal` is the better direction of the metric. The ups and downs of a curve that has converged are not meant: what
    was lost must show beside the noise, and beside what had been gained.
    """

    def __init__(self, loss: str, goal: Goal = "min", changes: Mapping[str, Any] = _NOTHING, patience: int = 3) -> None:
        self._loss = loss
        self._sign = 1 if goal == "min" else -1
        self._changes = changes
        self._patience = patience
        self._pairs = _HeldOut(loss)
        self._history: list[tuple[float, float]] = []
        self._held_out: list[float] = []
        self._limit: float | None = None
        self._warned = False

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None:
        pair = self._pairs.pair(values)
        if pair is None or self._warned:
            return None
        held_out = self._sign * pair[1]
        confirmed = self._limit is not None and held_out > self._limit
        self._limit = None if confirmed else self._limit_after(pair)
        if not confirmed:
            return None
        self._warned = True
        verb = "risen" if self._sign == 1 else "fallen"
        return Finding(
            f"On held-out data {self._loss} has {verb} {self._patience} times in a row and not recovered by step "
            f"{step:,}.",
            "The model begins to learn its data by heart: stop here, or use more data, dropout or a smaller model.",
            "overfitting",
            changes=self._changes,
        )

    def _limit_after(self, pair: tuple[float, float]) -> float | None:
        """Return what the next value on held-out data must not exceed, if it has been getting worse until now."""
        self._history = [*self._history[-self._patience :], pair]
        self._held_out.append(self._sign * pair[1])
        training, held_out = ([self._sign * value for value in column] for column in zip(*self._history, strict=True))
        worse = len(held_out) > self._patience and all(a < b for a, b in pairwise(held_out))
        limit = self._limit_from(held_out[0])
        return limit if worse and training[-1] < training[0] and held_out[-1] > limit else None

    def _limit_from(self, value: float) -> float:
        """Return where a metric must get to from a value, to be worse beside the noise and beside what was gained."""
        start, best = self._held_out[0], min(self._held_out)
        recent = self._held_out[-20:]
        # Second differences know nothing of a trend; of pure noise they have the square root of 6 times its deviation.
        bends = [abs(a - 2 * b + c) for a, b, c in zip(*(recent[n:] for n in range(3)), strict=False)]
        noise = statistics.median(bends) / (0.6745 * math.sqrt(6)) if bends else 0.0
        return max(value + 3 * noise, best + max(0.02 * (start - best), 0.01 * abs(best)))


class TrainingGap:
    """Warns once when training data fare much better than held-out data, several validations in a row.

    Of a share in [0, 1] that should rise, such as an accuracy, 10 points are much. Of a loss it is half as much again,
    a tenth of the loss at the start at least, and only while held-out data gain nothing any more: a gap that both sides
    take along is how most models learn.
    """

    def __init__(
        self, metric: str, goal: Goal = "min", changes: Mapping[str, Any] = _NOTHING, patience: int = 3
    ) -> None:
        self._metric = metric
        self._goal = goal
        self._changes = changes
        self._patience = patience
        self._pairs = _HeldOut(metric)
        self._best = math.inf
        self._start = math.nan
        self._wide = 0
        self._warned = False

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None:
        pair = self._pairs.pair(values)
        if pair is None or self._warned:
            return None
        training, held_out = pair
        if math.isnan(self._start):
            self._start = training
        self._wide = self._wide + 1 if self._is_wide(training, held_out) else 0
        self._best = min(self._best, held_out)
        if self._wide < self._patience:
            return None
        self._warned = True
        return Finding(
            f"{self._metric} is {training:.3g} on training data and {held_out:.3g} on held-out data at step {step:,}.",
            "Use more data, dropout or a smaller model; the best checkpoint on held-out data is kept.",
            "overfitting",
            changes=self._changes,
        )

    def _is_wide(self, training: float, held_out: float) -> bool:
        if self._goal == "max":
            return 0 <= held_out <= training <= 1 and training - held_out > 0.1
        much = max(0.5 * training, 0.1 * self._start)
        return training > 0 and held_out - training > much and held_out >= 0.99 * self._best


class NoProgress:
    """Warns once when after a long time no metric is better than it was in the first steps.

    A curve that fell and is flat now has converged; only one that never got better is in trouble. Where the noise is
    so large that nobody could tell, and for a run that is resumed, it keeps silent.
    """

    def __init__(
        self, goals: Mapping[str, Goal], larger: Mapping[str, Any], smaller: Mapping[str, Any], window: int = 1000
    ) -> None:
        self._signs = {name: 1 if goal == "min" else -1 for name, goal in goals.items()}
        self._larger, self._smaller = larger, smaller
        self._window = window
        self._first: dict[str, list[float]] = {name: [] for name in goals}
        self._recent: dict[str, deque[float]] = {name: deque(maxlen=window // 2) for name in goals}
        self._started = False
        self._over = False

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None:
        if self._over:
            return None
        if not self._started:
            self._over = step > 5  # the beginning was in another process
            self._started = True
        for name in self._signs.keys() & values.keys():
            if len(self._first[name]) < 5:
                self._first[name].append(values[name])
            self._recent[name].append(values[name])
        if step < 2 * self._window:
            return None
        self._over = True
        return self._judge(step)

    def _judge(self, step: int) -> Finding | None:
        """Look once, when the time has come: who has got anywhere by then is not stuck."""
        measured = [name for name, values in self._recent.items() if len(values) >= self._window // 2]
        if not measured or any(self._may_have_gained(name) for name in measured):
            return None
        name = measured[0]
        before, now = statistics.fmean(self._first[name]), statistics.fmean(self._recent[name])
        worse = self._signs[name] * (now - before) > 0.02 * abs(before)
        return Finding(
            f"After {step:,} steps nothing is better than at the start: {name} was {before:.3g} and is {now:.3g}.",
            "Lower the learning rate: the first steps have done harm."
            if worse
            else "Raise the learning rate, and look whether the data are what they should be.",
            "no-progress",
            changes=self._smaller if worse else self._larger,
        )

    def _may_have_gained(self, name: str) -> bool:
        first, recent = self._first[name], self._recent[name]
        before, now = statistics.fmean(first), statistics.fmean(recent)
        spread = statistics.pstdev(recent)
        doubt = 2 * spread / math.sqrt(len(first))
        unclear = doubt > 0.1 * max(abs(before), abs(now))
        gain = self._signs[name] * (before - now)
        return unclear or gain > max(0.01 * abs(before), 0.5 * doubt)


def non_finite(step: int, values: Mapping[str, float]) -> str | None:
    """Return a sentence that names the first value that is NaN or infinite."""
    for name, value in values.items():
        if not math.isfinite(value):
            what = "NaN (not a number)" if math.isnan(value) else "infinite"
            return f"The loss {name} became {what} at step {step:,}; lower the learning rate or check the data."
    return None
