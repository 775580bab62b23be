"""What all checks of the doctor share: they speak once, and they look at means of the newest values."""

import statistics
from collections import deque
from collections.abc import Mapping

from gendesk.engine.health import Finding

Values = Mapping[str, float]
WARM_UP = 200
"""Steps in which nothing is judged: two new networks have to find their feet first."""


class Check:
    """A check that speaks once in its life; what it says is up to `examine`."""

    def __init__(self) -> None:
        self._told = False

    def look(self, step: int, values: Values) -> Finding | None:
        if self._told:
            return None
        finding = self.examine(step, values)
        self._told = finding is not None
        return finding

    def examine(self, step: int, values: Values) -> Finding | None:
        """Take in what was measured at a step; return what is to be said of it."""
        raise NotImplementedError


class Recent:
    """The newest values of one metric, of which nothing is said before there are enough."""

    def __init__(self, name: str, count: int) -> None:
        self.name = name
        self._values: deque[float] = deque(maxlen=count)
        self._sum = 0.0

    def take(self, values: Values) -> bool:
        """Take in a step; return whether it has measured the metric, and there now are enough."""
        value = values.get(self.name)
        if value is None:
            return False
        if len(self._values) == self._values.maxlen:
            self._sum -= self._values[0]
        self._values.append(value)
        self._sum += value
        return self.full

    @property
    def full(self) -> bool:
        return len(self._values) == self._values.maxlen

    @property
    def mean(self) -> float:
        return self._sum / len(self._values)

    @property
    def swing(self) -> float:
        """Their standard deviation."""
        return statistics.pstdev(self._values)

    def clear(self) -> None:
        self._values.clear()
        self._sum = 0.0
