"""Checks that watch a run and say in plain words what goes wrong; families add their own."""

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Protocol


@dataclass(frozen=True)
class Finding:
    """What a check has seen, and what a person can try."""

    text: str
    advice: str


class HealthCheck(Protocol):
    """Looks at metrics as they come: training metrics by name, those of held-out data as `validation/NAME`."""

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None: ...


class LossExplosion:
    """Warns once when a loss leaps far above everything seen before, usually because the learning rate is too high."""

    def __init__(self, loss: str, factor: float = 100.0, window: int = 200) -> None:
        self._loss = loss
        self._factor = factor
        self._recent: deque[float] = deque(maxlen=window)
        self._warned = False

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None:
        value = values.get(self._loss)
        if value is None or self._warned:
            return None
        typical = sorted(map(abs, self._recent))[len(self._recent) // 2] if len(self._recent) >= 20 else math.inf
        self._recent.append(value)
        if abs(value) <= self._factor * max(typical, 1e-8):
            return None
        self._warned = True
        return Finding(
            f"The loss {self._loss} leapt to {value:.3g} at step {step:,}; it was about {typical:.3g}.",
            "Lower the learning rate and start again, or resume from the best checkpoint.",
        )


class Overfitting:
    """Warns once when held-out data have fared worse several times in a row while training data fare better.

    `goal` is the better direction of the metric.
    """

    def __init__(self, loss: str, goal: Literal["min", "max"] = "min", patience: int = 3) -> None:
        self._loss = loss
        self._sign = 1 if goal == "min" else -1
        self._patience = patience
        self._sum, self._count = 0.0, 0
        self._history: list[tuple[float, float]] = []
        self._warned = False

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None:
        if self._loss in values:
            self._sum, self._count = self._sum + values[self._loss], self._count + 1
        held_out = values.get(f"validation/{self._loss}")
        if held_out is None or not self._count or self._warned:
            return None
        self._history = [*self._history[-self._patience :], (self._sum / self._count, held_out)]
        self._sum, self._count = 0.0, 0
        training, validation = ([self._sign * value for value in column] for column in zip(*self._history, strict=True))
        worse = len(validation) > self._patience and all(a < b for a, b in pairwise(validation))
        if not worse or training[-1] >= training[0]:
            return None
        self._warned = True
        verb = "risen" if self._sign == 1 else "fallen"
        return Finding(
            f"On held-out data {self._loss} has {verb} {self._patience} times in a row, up to step {step:,}.",
            "The model begins to learn its data by heart: stop here, or use more data, dropout or a smaller model.",
        )


def non_finite(step: int, values: Mapping[str, float]) -> str | None:
    """Return a sentence that names the first value that is NaN or infinite."""
    for name, value in values.items():
        if not math.isfinite(value):
            what = "NaN (not a number)" if math.isnan(value) else "infinite"
            return f"The loss {name} became {what} at step {step:,}; lower the learning rate or check the data."
    return None
