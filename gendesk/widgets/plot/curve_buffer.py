"""One curve of a loss plot: its values, their average, and the few points of them that a screen can show."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gendesk.widgets.plot.extremes import ExtremesTree, Float32Array, Int64Array
from gendesk.widgets.plot.smoothing import Smoother

Float64Array = NDArray[np.float64]
Line = tuple[Float64Array, NDArray[np.floating]]  # steps and values (n,)


class CurveBuffer:
    """Values at rising steps, raw and averaged, in arrays that double.

    `append` only copies; `catch_up` does the work in slices of a bounded size, so that a plot of a million values can
    change its average without a pause. Costs 22 bytes per place, at most twice that per value.
    """

    def __init__(self, weight: float = 0.0) -> None:
        self._steps = np.empty(1024)
        self._raw = ExtremesTree()
        self._average = ExtremesTree()
        self._smoother = Smoother(weight)
        self._indexed = 0  # raw values whose extremes are known
        self._averaged = 0  # values whose average is up to date; behind them the old average stays visible

    def __len__(self) -> int:
        return self._raw.size

    @property
    def steps(self) -> Float64Array:
        """(n,), rising strictly; a view."""
        return self._steps[: len(self)]

    @property
    def values(self) -> Float32Array:
        """(n,), as given; a view."""
        return self._raw.values

    @property
    def averages(self) -> Float32Array:
        """(m,) with m <= n until `catch_up` has returned True; a view."""
        return self._average.values

    @property
    def nbytes(self) -> int:
        """Bytes held, spare places included."""
        return self._steps.nbytes + self._raw.nbytes + self._average.nbytes

    def append(self, steps: ArrayLike, values: ArrayLike) -> None:
        """Add values (n,) at steps (n,); what lies at or behind the first of them goes, as after a resume.

        Raises ValueError if the shapes differ or a step is not finite.
        """
        new_steps, new_values = np.asarray(steps, dtype=np.float64), np.asarray(values)
        if new_steps.ndim != 1 or new_steps.shape != new_values.shape:
            raise ValueError(f"Steps {new_steps.shape} and values {new_values.shape} are not of one length.")
        if not np.isfinite(new_steps).all():
            raise ValueError("A step is not a finite number.")
        if len(new_steps) == 0:
            return
        kept = _latest(new_steps)
        if not kept.all():
            new_steps, new_values = new_steps[kept], new_values[kept]
        start = len(self)
        if start and new_steps[0] <= self._steps[start - 1]:
            start = int(np.searchsorted(self.steps, new_steps[0]))
            self._truncate(start)
        stop = start + len(new_steps)
        if stop > len(self._steps):
            grown = np.empty(max(stop, 2 * start))
            grown[:start] = self.steps
            self._steps = grown
        self._steps[start:stop] = new_steps
        with np.errstate(over="ignore"):  # what float32 cannot hold is infinite, and drawn as a gap
            self._raw.write(start, new_values.astype(np.float32))

    def clear(self) -> None:
        """Forget all values; the weight of the average stays."""
        self.__init__(self._smoother.weight)  # type: ignore[misc]

    def set_weight(self, weight: float) -> None:
        """Average anew with this weight in [0, 1), a slice with every `catch_up`."""
        self._smoother.restart(weight)
        self._averaged = 0

    def catch_up(self, limit: int) -> bool:
        """Work through up to `limit` values of what was appended or is to be averaged anew; True when done."""
        stop = min(self._indexed + limit, len(self))
        if stop > self._indexed:
            self._raw.index(self._indexed, stop)
            self._indexed = stop
        start, stop = self._averaged, min(self._averaged + limit, len(self))
        if stop > start:
            self._average.write(start, self._smoother.feed(self.values[start:stop]))
            self._average.index(start, stop)
            self._averaged = stop
        return self._indexed == self._averaged == len(self)

    def nearest(self, step: float) -> int | None:
        """Return the index of the value nearest to a step, None without values."""
        if len(self) == 0:
            return None
        after = int(np.searchsorted(self.steps, step))
        if after == 0 or (after < len(self) and self._steps[after] - step < step - self._steps[after - 1]):
            return after
        return after - 1

    def lines(self, edges: Float64Array, *, averaged: bool, positive: bool = False) -> list[Line]:
        """Return a line that looks like all values between the first and the last edge, and one of averages.

        `edges` (columns + 1,) are the steps at the borders of the pixel columns. A column with many values becomes its
        minimum and maximum, so no extreme is lost; many averages in two columns become the middle between theirs. One
        value on either side is added, where the line leaves the view. Values that cannot be drawn are NaN: not finite
        or, where only `positive` ones can, below or equal to 0.
        """
        cuts = np.searchsorted(self.steps, edges)
        lines = [self._line(self._raw, self._indexed, cuts, positive, spread=True)]
        if averaged:
            lines.append(self._line(self._average, self._average.size, cuts[::2], positive, spread=False))
        return lines

    def extremes(self, edges: Float64Array) -> tuple[Float64Array, Float32Array, Float32Array]:
        """Return steps (n,) and the smallest and largest values (n,) there, n not much above the columns at `edges`.

        Few values come as they are, both extremes alike; values that are not finite are NaN.
        """
        cuts = np.searchsorted(self.steps, edges)
        first, last = min(max(cuts[0] - 1, 0), self._indexed), min(cuts[-1] + 1, self._indexed)
        if last - first > len(cuts):
            return self._columns(self._raw, self._indexed, cuts)
        values = _drawable(self._raw.values[first:last], positive=False)
        return self._steps[first:last], values, values

    def _line(self, tree: ExtremesTree, size: int, cuts: Int64Array, positive: bool, *, spread: bool) -> Line:
        first, last = min(max(cuts[0] - 1, 0), size), min(cuts[-1] + 1, size)
        if last - first <= len(cuts) * (1 + spread):
            return self._steps[first:last], _drawable(tree.values[first:last], positive)
        centres, low, high = self._columns(tree, size, cuts)
        if positive:
            high = _drawable(high, positive)
            low = np.where(low > 0, low, high)
        return (np.repeat(centres, 2), _zigzag(low, high)) if spread else (centres, (low + high) / 2)

    def _columns(
        self, tree: ExtremesTree, size: int, cuts: Int64Array
    ) -> tuple[Float64Array, Float32Array, Float32Array]:
        """Return the places (n,) of the columns that hold values, with the smallest and the largest one of each."""
        first, last = min(max(cuts[0] - 1, 0), size), min(cuts[-1] + 1, size)
        cuts = np.concatenate([[first], np.minimum(cuts, size), [last]])
        cuts = cuts[np.append(True, cuts[1:] > cuts[:-1])]
        low, high = tree.envelope(cuts)
        return (self._steps[cuts[:-1]] + self._steps[cuts[1:] - 1]) / 2, low, high

    def _truncate(self, size: int) -> None:
        self._raw.truncate(size)
        self._average.truncate(size)
        self._indexed = min(self._indexed, size)
        if self._averaged > size:
            self.set_weight(self._smoother.weight)


def _drawable(values: Float32Array, positive: bool) -> Float32Array:
    drawn = np.isfinite(values) & (values > 0) if positive else np.isfinite(values)
    return np.where(drawn, values, np.float32(np.nan))


def _latest(steps: Float64Array) -> NDArray[np.bool_]:
    """Tell which steps stay (n,) if each one removes those at or behind it that came before."""
    smallest_after = np.minimum.accumulate(steps[::-1])[::-1]
    return np.append(steps[:-1] < smallest_after[1:], True)


def _zigzag(low: Float32Array, high: Float32Array) -> Float32Array:
    """Interleave minima and maxima (n,) to (2 n,) so that falling parts go down and rising parts go up."""
    falling = np.append(low[1:] < low[:-1], False)
    falling[-1:] = falling[-2:-1]
    pairs = np.stack([np.where(falling, high, low), np.where(falling, low, high)], axis=1)
    return pairs.reshape(-1)
