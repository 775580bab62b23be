"""A loss that leaps after a long time of learning, as that of the Nietzsche listing does in epoch 56."""

import statistics
from collections import deque
from collections.abc import Mapping
from typing import Any

from gendesk.engine.health import Finding

_WINDOW = 50
_FACTOR, _LEAST = 1.2, 0.1


class LossJump:
    """Warns once when the mean loss of the last steps is a fifth above the lowest such mean, and 0.1 nats at least.

    The engine's own check waits for a hundredfold, because losses of other kinds swing; a cross-entropy does not, and
    what has been lost by then does not come back.
    """

    def __init__(self, changes: Mapping[str, Any]) -> None:
        self._changes = changes
        self._recent: deque[float] = deque(maxlen=_WINDOW)
        self._lowest: float | None = None
        self._count = 0
        self._warned = False

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None:
        if self._warned or "loss" not in values:
            return None
        self._recent.append(values["loss"])
        self._count += 1
        if self._count % 10 or len(self._recent) < _WINDOW:
            return None
        now = statistics.fmean(self._recent)
        lowest = min(now, self._lowest) if self._lowest is not None else now
        self._lowest = lowest
        if now <= max(_FACTOR * lowest, lowest + _LEAST):
            return None
        self._warned = True
        return Finding(
            f"The loss has leapt from {lowest:.2f} to {now:.2f} nats by step {step:,}.",
            "Stop here: the best checkpoint is from before. Train anew with a lower learning rate, or with gradients "
            "cut to a length of 1.",
            "loss-jump",
            "A large learning rate that has done well for a long time can throw a network off in a few steps. RMSProp "
            "divides each step by the recent size of the gradient: once gradients have become small, one that is large "
            "by chance makes a step that is far too long. What has been learnt is lost then, and rarely found again.",
            self._changes,
        )
