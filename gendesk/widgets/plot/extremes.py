"""A growing series that knows its extremes: minima and maxima of 4, 16, 64 ... neighbours, updated where it changed."""

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]
Int64Array = NDArray[np.int64]

_FIRST_CAPACITY = 1024


class ExtremesTree:
    """Series of float32 values with the finite extremes of its blocks, in one array.

    Level 0 holds the values, level k the extremes of blocks of 4**k values. `envelope` reads at most some twenty
    entries per pixel column, however long the series is. Costs 6.7 bytes per place, at most twice that per value.
    """

    def __init__(self) -> None:
        self.size = 0
        self._capacity = 0
        self._entries: Float32Array = np.empty(0, dtype=np.float32)
        self._lows = self._highs = np.zeros(1, dtype=np.int64)  # where each level begins
        self._reserve(_FIRST_CAPACITY)

    @property
    def values(self) -> Float32Array:
        """The series as it was given (size,), a view."""
        return self._entries[: self.size]

    @property
    def nbytes(self) -> int:
        """Bytes held, spare places included."""
        return self._entries.nbytes

    def write(self, start: int, values: NDArray[np.floating]) -> None:
        """Put values (n,) at `start` <= size, over old ones or as new ones; call `index` for them before `envelope`."""
        stop = start + len(values)
        if stop > self._capacity:
            self._reserve(max(stop, 2 * self._capacity))
        self._entries[start:stop] = values
        self.size = max(self.size, stop)

    def truncate(self, size: int) -> None:
        """Keep the first `size` values."""
        self.size = min(self.size, size)

    def index(self, start: int, stop: int) -> None:
        """Bring the extremes of all blocks up to date that hold the values from `start` to `stop`."""
        low = high = _finite(self._whole_blocks(0, start, stop))
        for level in range(1, len(self._lows)):
            start, stop = start >> 2, -(-stop >> 2)
            low, high = _folded(np.fmin, low), _folded(np.fmax, high)
            self._entries[self._lows[level] + start :][: len(low)] = low
            self._entries[self._highs[level] + start :][: len(high)] = high
            low = self._whole_blocks(self._lows[level], start, stop)
            high = self._whole_blocks(self._highs[level], start, stop)

    def envelope(self, cuts: Int64Array) -> tuple[Float32Array, Float32Array]:
        """Return the finite minima and maxima (n,) between neighbouring `cuts` (n + 1,), which rise strictly.

        Every value belongs to a piece; at a border it may belong to the next one, by less than a quarter of a piece.
        A piece without finite values gets NaN.
        """
        levels = np.searchsorted(self._thresholds, np.diff(cuts), side="right")
        starts = cuts[:-1] >> (2 * levels)
        stops = -(-cuts[1:] >> (2 * levels))
        # Where the next piece is read in blocks at least as large, it already begins with the block at the border.
        shared = levels[1:] >= levels[:-1]
        stops[:-1][shared] = (cuts[1:-1] >> (2 * levels[:-1]))[shared]
        places = np.minimum(starts + np.arange((stops - starts).max())[:, None], stops - 1)
        low = np.fmin.reduce(_finite(self._entries[self._lows[levels] + places]), axis=0)
        high = np.fmax.reduce(_finite(self._entries[self._highs[levels] + places]), axis=0)
        return low, high

    def _whole_blocks(self, offset: int, start: int, stop: int) -> Float32Array:
        """Return the entries of a level from `start` to `stop`, widened to whole blocks of 4, NaN behind `stop`."""
        start = start // 4 * 4
        blocks = np.full(-(-(stop - start) // 4) * 4, np.nan, dtype=np.float32)
        blocks[: stop - start] = self._entries[offset + start : offset + stop]
        return blocks

    def _reserve(self, capacity: int) -> None:
        sizes = [capacity]
        while sizes[-1] > 4:
            sizes.append(-(-sizes[-1] // 4))
        ends = np.cumsum([*sizes, *sizes[1:]])
        lows = np.array([0, *ends[: len(sizes) - 1]])
        highs = np.array([0, *ends[len(sizes) - 1 : -1]])
        entries = np.empty(ends[-1], dtype=np.float32)
        entries[: self.size] = self.values
        for level in range(1, len(self._lows)):
            count = -(-self.size >> (2 * level))
            entries[lows[level] :][:count] = self._entries[self._lows[level] :][:count]
            entries[highs[level] :][:count] = self._entries[self._highs[level] :][:count]
        self._entries, self._lows, self._highs, self._capacity = entries, lows, highs, capacity
        # A piece of at least 4 ** (k + 1) values is read in blocks of 4**k: in 4 to 16 of them.
        self._thresholds = 4 ** np.arange(2, len(sizes) + 1)


def _folded(extreme: np.ufunc, values: Float32Array) -> Float32Array:
    rows = values.reshape(-1, 4)
    result: Float32Array = extreme(extreme(rows[:, 0], rows[:, 1]), extreme(rows[:, 2], rows[:, 3]))
    return result


def _finite(values: Float32Array) -> Float32Array:
    return np.where(np.isfinite(values), values, np.float32(np.nan))
