"""The curves of one plot as data: what of them is in view, what they are worth at a step, and which colour they get."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gendesk.widgets.plot.bands import Area, Range, area_between, broken_area, broken_line, pauses, range_at
from gendesk.widgets.plot.curve_buffer import CurveBuffer
from gendesk.widgets.plot.view import Span

CurveStyle = Literal["train", "validation", "pieces", "dots", "edge"]
"""How a curve is drawn: as a line with its average; as a dashed line with dots, where it is measured on held-out data;
as a line that breaks where it pauses; as big dots for single measurements; or not at all, as an edge of a band."""
_LEVEL_REACH = 2.5
Points = tuple[NDArray[np.floating], NDArray[np.floating]]


@dataclass(frozen=True)
class Scales:
    """Which axes are logarithmic; view coordinates are log10 of the values there.

    Where steps do not lie evenly, as on an axis of time, it cannot be told where a curve pauses.
    """

    log_x: bool
    log_y: bool
    even: bool = True

    def steps_of(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the steps (n,) at places on the x axis."""
        return np.power(10.0, places).astype(np.float64) if self.log_x else places

    def steps_to_view(self, steps: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return places on the x axis (n,), NaN for steps that a logarithmic one does not have."""
        return _log10(steps) if self.log_x else steps

    def values_to_view(self, values: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return places on the y axis (n,), NaN for values that a logarithmic one does not have."""
        return _log10(values) if self.log_y else values

    def to_view(self, step: float, value: float) -> tuple[float, float]:
        """Return the place of one point."""
        return float(self.steps_to_view(np.array([step]))[0]), float(self.values_to_view(np.array([value]))[0])


@dataclass(frozen=True)
class Reading:
    """What a curve is worth at a step: as measured, as the bold line shows it, and where its band lies."""

    step: float
    measured: float
    drawn: float
    band: Range | None = None


@dataclass
class Curve:
    """One curve; `shown` is False while it is switched off in the legend."""

    title: str
    style: CurveStyle
    buffer: CurveBuffer = field(default_factory=CurveBuffer)
    shown: bool = True
    color: str = ""
    edges: list[CurveBuffer] = field(default_factory=list)

    @property
    def averaged(self) -> bool:
        """Whether the bold line is an average; what has a band is a mean already, and validation values are, too."""
        return self.style in ("train", "pieces") and not self.edges

    def lines(self, edges: NDArray[np.float64], scales: Scales, weight: float) -> tuple[Points | None, Points]:
        """Return the faint line of raw values, if there is one, and the bold line, for pixel columns at `edges`.

        All in view coordinates. Validation values are means over a whole data set already and are not averaged.
        """
        steps = scales.steps_of(edges)
        averaged = self.averaged and weight > 0
        lines = self.buffer.lines(steps, averaged=averaged, positive=scales.log_y)
        if self.style == "pieces" and scales.even:
            lines = [broken_line(line, pauses(self.buffer, line[0], steps)) for line in lines]
        points = [(scales.steps_to_view(steps), scales.values_to_view(values)) for steps, values in lines]
        return points[0] if averaged else None, points[-1]

    def band(self, edges: NDArray[np.float64], scales: Scales) -> Area:
        """Return the band around the curve for pixel columns at `edges`, in view coordinates; empty if it has none."""
        steps = scales.steps_of(edges)
        area = area_between(self.edges, steps)
        if self.style == "pieces" and scales.even:
            area = broken_area(area, pauses(self.buffer, area[0], steps))
        return scales.steps_to_view(area[0]), scales.values_to_view(area[1]), scales.values_to_view(area[2])

    def reading(self, step: float | None) -> Reading | None:
        """Return the values nearest to a step, by default the latest; None for a curve without values."""
        index = len(self.buffer) - 1 if step is None else self.buffer.nearest(step)
        if index is None or index < 0:
            return None
        measured = float(self.buffer.values[index])
        averaged = self.averaged and index < len(self.buffer.averages)
        drawn = float(self.buffer.averages[index]) if averaged else measured
        place = float(self.buffer.steps[index])
        return Reading(place, measured, drawn, range_at(self.edges, place))


def data_span(curves: Iterable[Curve], scales: Scales) -> Span | None:
    """Return the first and the last step that can be drawn, in view coordinates; None if there is nothing."""
    spans = []
    for curve in curves:
        steps = curve.buffer.steps
        first = int(np.searchsorted(steps, 0, side="right")) if scales.log_x else 0
        if first < len(steps):
            spans.append((steps[first], steps[-1]))
    if not spans:
        return None
    low, high = scales.steps_to_view(np.array([min(low for low, _ in spans), max(high for _, high in spans)]))
    return float(low), float(high)


def values_span(lines: Iterable[NDArray[np.floating]]) -> Span | None:
    """Return the smallest and the largest value of lines (n,) with gaps of NaN; None if there is no value."""
    values = np.concatenate([np.empty(0), *lines])
    # Not np.nanmin, which takes ten times as long for as few values as a plot has columns.
    low, high = np.fmin.reduce(values, initial=np.inf), np.fmax.reduce(values, initial=-np.inf)
    return (float(low), float(high)) if low <= high else None


def with_level(span: Span | None, level: float) -> Span | None:
    """Widen the range of the values to a level, unless they would be left with less than two fifths of it."""
    if span is None:
        return level, level
    low, high = min(span[0], level), max(span[1], level)
    return (low, high) if high - low <= _LEVEL_REACH * (span[1] - span[0]) else span


def nearest_step(curves: Iterable[Curve], step: float) -> float | None:
    """Return the step nearest to a place among those of all curves."""
    readings = [curve.reading(step) for curve in curves]
    steps = [reading.step for reading in readings if reading]
    return min(steps, key=lambda candidate: abs(candidate - step), default=None)


def measured_name(name: str, style: CurveStyle) -> str:
    """Return what a curve measures: "total" for the curves "total", "train/total" and, in validation, "any/total"."""
    return name.partition("/")[2] or name if style == "validation" else name.removeprefix("train/")


def give_colors(curves: Mapping[str, Curve], palette: tuple[str, ...]) -> None:
    """Colour the curves in their order; a validation curve takes the colour of the one that it validates."""
    groups: dict[str, int] = {}
    for name, curve in curves.items():
        group = groups.setdefault(measured_name(name, curve.style), len(groups))
        curve.color = palette[group % len(palette)]


def _log10(numbers: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.log10(np.where(numbers > 0, numbers, np.nan))
