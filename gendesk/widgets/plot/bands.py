"""The band around a curve, between two series of its own such as the worst and the best of each step."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gendesk.widgets.plot.curve_buffer import CurveBuffer, Line

Float64Array = NDArray[np.float64]
Area = tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]
"""Places on the x axis (n,), with the values where the band begins and ends (n,); NaN makes a gap."""

NO_AREA: Area = (np.empty(0), np.empty(0), np.empty(0))
_PAUSE = 2
"""How many times its smallest distance between two steps a curve may pause before its line breaks."""
_LOOKED_AT = 1024


@dataclass(frozen=True)
class Range:
    """Where the band of a curve begins and ends at a step."""

    low: float
    high: float


def area_between(edges: Sequence[CurveBuffer], columns: Float64Array) -> Area:
    """Return what lies between two series, at the steps that both have, for pixel columns with borders at `columns`.

    Which of them is the upper one does not matter. One series, or none, has no area.
    """
    if len(edges) != 2:
        return NO_AREA
    steps, low, high = edges[0].extremes(columns)
    others, other_low, other_high = edges[1].extremes(columns)
    if not np.array_equal(steps, others):
        steps, mine, theirs = np.intersect1d(steps, others, assume_unique=True, return_indices=True)
        low, high, other_low, other_high = low[mine], high[mine], other_low[theirs], other_high[theirs]
    # Not fmin and fmax: a band that has one edge only has no area.
    return steps, np.minimum(low, other_low), np.maximum(high, other_high)


def range_at(edges: Sequence[CurveBuffer], step: float) -> Range | None:
    """Return where the band between two series lies at a step that both have, None at any other."""
    if len(edges) != 2:
        return None
    values = []
    for edge in edges:
        index = edge.nearest(step)
        if index is None or edge.steps[index] != step:
            return None
        values.append(float(edge.values[index]))
    return Range(min(values), max(values))


def pauses(buffer: CurveBuffer, steps: NDArray[np.floating], columns: Float64Array) -> NDArray[np.int64]:
    """Return the indices of the steps (n,) of a line before which it breaks, as the series has paused there.

    A series that is measured at every k-th step does not pause. What is narrower than the pixel columns with borders
    at `columns` is no pause that anyone could see.
    """
    if len(steps) < 2:
        return np.empty(0, np.int64)
    usual = float(np.diff(buffer.steps[:_LOOKED_AT]).min(initial=np.inf))
    column = np.interp(steps[1:], columns[1:], np.diff(columns))
    return np.flatnonzero(np.diff(steps) > _PAUSE * (usual + column)) + 1


def broken_line(line: Line, places: NDArray[np.int64]) -> Line:
    """Return a line, steps and values (n,), with NaN inserted before the places (m,): (n + m,)."""
    return _broken(line[0], places), _broken(line[1], places)


def broken_area(area: Area, places: NDArray[np.int64]) -> Area:
    """Return an area with NaN inserted before the places (m,)."""
    return _broken(area[0], places), _broken(area[1], places), _broken(area[2], places)


def _broken(numbers: NDArray[np.floating], places: NDArray[np.int64]) -> Float64Array:
    return np.insert(np.asarray(numbers, np.float64), places, np.nan)
