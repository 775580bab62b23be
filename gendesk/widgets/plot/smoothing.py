"""Debiased exponential moving average: the bold line of a loss plot, computed once per value and never from scratch."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float64Array = NDArray[np.float64]

# A block and its temporaries stay in the processor's cache, which makes a million values ten times faster.
_BLOCK = 16_384


class Smoother:
    """Averages a series in which every older value counts `weight` times as much as the next one.

    The weights are divided by their sum (Kingma and Ba 2014, section 3), so that the first values are not drawn towards
    zero. NaN and infinite values get NaN and leave the average as it was.
    """

    def __init__(self, weight: float = 0.0) -> None:
        self._weight = 0.0
        self.restart(weight)

    @property
    def weight(self) -> float:
        """How much the past counts, in [0, 1); 0 returns the values themselves."""
        return self._weight

    def restart(self, weight: float) -> None:
        """Forget all values and go on with this weight; raises ValueError outside [0, 1)."""
        if not 0 <= weight < 1:
            raise ValueError(f"The weight of an average lies in [0, 1), not {weight}.")
        self._weight = weight
        self._count = 0
        self._sum = 0.0
        self._origin = 0.0

    def feed(self, values: ArrayLike) -> Float64Array:
        """Return the average after each of the next values: (n,) in, float64 (n,) out."""
        series = np.asarray(values, dtype=np.float64)
        finite = np.isfinite(series)
        averages = np.full(len(series), np.nan)
        averages[finite] = self._averages(series[finite])
        return averages

    def _averages(self, values: Float64Array) -> Float64Array:
        if self._weight == 0 or len(values) == 0:
            return values
        if self._count == 0:
            # Averaging the differences to the first value keeps a constant series constant to the last bit.
            self._origin = float(values[0])
        blocks = [self._block(values[start : start + _BLOCK]) for start in range(0, len(values), _BLOCK)]
        return np.concatenate(blocks)

    def _block(self, values: Float64Array) -> Float64Array:
        sums = values - self._origin
        sums[0] += self._weight * self._sum
        # Each round doubles how many older values a sum holds, until what is missing is below rounding.
        shift, factor = 1, self._weight
        while shift < len(sums) and factor > 1e-18:
            sums[shift:] += factor * sums[:-shift]
            shift, factor = 2 * shift, factor * factor
        self._sum = float(sums[-1])
        sums *= self._scale(len(sums))
        sums += self._origin
        return sums

    def _scale(self, count: int) -> Float64Array | float:
        """Return one over the sum of the weights (a geometric series) for the next `count` values."""
        rate = math.log(self._weight)
        start, self._count = self._count, self._count + count
        if start * rate < -45:  # the series has converged
            return 1 - self._weight
        counts = np.arange(start + 1, self._count + 1, dtype=np.float64)
        return (self._weight - 1) / np.expm1(rate * counts)
