"""Where bar charts lie: a grid of panels, and in each panel its bars, names and numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF

from gendesk.widgets.charts.numbers import decimals_of, short_text
from gendesk.widgets.plot.projection import Projection
from gendesk.widgets.plot.ticks import Ticks, axis_ticks

Kind = Literal["rows", "columns", "histogram"]

_GAP = 12  # between panels
_TEXT_GAP = 6  # between bars and what is written beside them
_AXES_WIDTH, _AXES_LINES = 110, 4  # what a histogram needs for axes: pixels across, and lines of text down
BOLD = 1.12  # how much wider a name is when its bar is highlighted
_NAME_SHARE = 0.52  # of the width of a panel, at most, for the names of rows
_LARGEST_ROW, _LARGEST_COLUMN = 36.0, 72.0  # pixels that a bar takes with the room around it
_THICKNESS = 0.76  # of the room of a bar
_WANTED_WIDTH, _WANTED_HEIGHT = 190.0, 110.0  # pixels of a panel that can be read well
_HEADROOM = 1.04


@dataclass(frozen=True)
class Bars:
    """One bar chart: `values` float (series, bars); several series, named in `series`, stand in the same places.

    `labels` name the bars; without them the chart is a histogram of even bins from `low` to `high`.
    """

    title: str
    values: NDArray[np.floating]
    labels: Sequence[str] = ()
    series: Sequence[str] = ()
    low: float = 0.0
    high: float = 0.0

    @property
    def count(self) -> int:
        """How many bars there are."""
        return int(self.values.shape[1]) if len(self.values) else 0

    def edges(self, bar: int) -> tuple[float, float]:
        """Return where a bin of a histogram begins and ends."""
        low, high = self.span
        return low + (high - low) * bar / self.count, low + (high - low) * (bar + 1) / self.count

    @property
    def span(self) -> tuple[float, float]:
        """From where to where the bins of a histogram go; their numbers where nothing else is known."""
        known = self.high > self.low and math.isfinite(self.high - self.low)
        return (self.low, self.high) if known else (0.0, float(max(1, self.count)))

    def name_of(self, bar: int) -> str:
        """Return the label of a bar, or the range of its bin."""
        if self.labels:
            return self.labels[bar]
        low, high = self.edges(bar)
        decimals = decimals_of(np.array(self.span)) + (2 if self.count > 10 else 1)
        return f"{short_text(low, decimals)} \N{EN DASH} {short_text(high, decimals)}"


@dataclass(frozen=True)
class Panel:
    """One chart in its place, in logical pixels.

    `box` holds the bars, `texts` are the numbers beside them or (); a bar has `room` pixels along the axis of the bars.
    One of many small histograms is `bare`: there is no room for axes, and its shape is what counts.
    """

    chart: Bars
    kind: Kind
    area: QRectF
    box: QRectF
    span: tuple[float, float]
    texts: Sequence[Sequence[str]]
    title_height: float
    room: float
    bare: bool = False

    def slot(self, bar: int) -> QRectF:
        """Return the whole place of a bar, with its name and number."""
        if self.kind == "rows":
            return QRectF(self.area.left(), self.box.top() + bar * self.room, self.area.width(), self.room)
        top = self.area.top() + self.title_height
        bottom = self.box.bottom() if self.kind == "histogram" else self.area.bottom()
        return QRectF(self.box.left() + bar * self.room, top, self.room, bottom - top)

    def bars(self, series: int) -> list[QRectF]:
        """Return the painted rectangles of a series; several series with names share the room of a bar."""
        lanes = 1 if self.kind == "histogram" else len(self.chart.values)
        share = 1.0 if self.kind == "histogram" else _THICKNESS
        thickness = self.room * share / lanes
        indent = self.room * (1 - share) / 2 + (series * thickness if lanes > 1 else 0.0)
        values = self.chart.values[series].astype(np.float64)
        ends = self._pixels(np.where(np.isfinite(values), values, 0).clip(*self.span))
        zero = self._pixels(np.zeros(1))
        lows, lengths = np.minimum(ends, zero).tolist(), np.abs(ends - zero).tolist()
        first = (self.box.top() if self.kind == "rows" else self.box.left()) + indent
        starts = [first + bar * self.room for bar in range(self.chart.count)]
        if self.kind == "rows":
            places = zip(lows, starts, lengths, strict=True)
            return [QRectF(low, start, length, thickness) for low, start, length in places]
        places = zip(starts, lows, lengths, strict=True)
        return [QRectF(start, low, thickness, length) for start, low, length in places]

    def zero_line(self) -> QLineF:
        """Return the line that all bars start from."""
        zero = float(self._pixels(np.zeros(1))[0])
        if self.kind == "rows":
            return QLineF(zero, self.box.top(), zero, self.box.bottom())
        return QLineF(self.box.left(), zero, self.box.right(), zero)

    def _pixels(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        shares = (values - self.span[0]) / (self.span[1] - self.span[0])
        if self.kind == "rows":
            return self.box.left() + shares * self.box.width()
        return self.box.bottom() - shares * self.box.height()

    def bar_at(self, position: QPointF) -> int | None:
        """Return the bar under a pixel."""
        along = position.y() - self.box.top() if self.kind == "rows" else position.x() - self.box.left()
        bar = math.floor(along / self.room)
        return bar if 0 <= bar < self.chart.count and self.slot(bar).contains(position) else None

    def projection(self) -> Projection:
        """Return how values become pixels, for the axes of upright bars."""
        x = self.chart.span if self.kind == "histogram" else (0.0, 1.0)
        return Projection(x, self.span, self.box)

    def ticks(self) -> tuple[Ticks, Ticks]:
        """Return the round numbers along the bottom and along the left of upright bars."""
        across = Ticks([], [])
        if self.kind == "histogram":
            across = axis_ticks(*self.chart.span, max(2, int(self.box.width() / 60)), log=False)
        return across, axis_ticks(*self.span, max(3, int(self.box.height() / 32)), log=False)


def panels(charts: Sequence[Bars], area: QRectF, metrics: QFontMetricsF) -> list[Panel]:
    """Lay out charts in the grid that leaves most room to each; all with names lie or stand alike."""
    if not charts:
        return []
    columns = grid_columns(charts, QSizeF(area.size()), metrics.height())
    rows = math.ceil(len(charts) / columns)
    size = QSizeF((area.width() + _GAP) / columns - _GAP, (area.height() + _GAP) / rows - _GAP)
    named = [chart for chart in charts if chart.labels]
    kind: Kind = "columns" if all(_stands(chart, size, metrics) for chart in named) else "rows"
    result = []
    for index, chart in enumerate(charts):
        row, column = divmod(index, columns)
        corner = QPointF(area.left() + column * (size.width() + _GAP), area.top() + row * (size.height() + _GAP))
        result.append(_panel(chart, kind if chart.labels else "histogram", QRectF(corner, size), metrics))
    return result


def grid_columns(charts: Sequence[Bars], size: QSizeF, line: float) -> int:
    """Return how many panels stand side by side so that the one that needs most gets most."""
    needed = max(max(_WANTED_HEIGHT, (chart.count + 1.5) * line if chart.labels else 0.0) for chart in charts)

    def quality(columns: int) -> float:
        rows = math.ceil(len(charts) / columns)
        fit = min(size.width() / columns / _WANTED_WIDTH, size.height() / rows / needed)
        return float(fit * (len(charts) / (columns * rows)) ** 0.3)

    return max(range(1, len(charts) + 1), key=quality)


def _stands(chart: Bars, size: QSizeF, metrics: QFontMetricsF) -> bool:
    """Tell whether the names of a chart fit under upright bars."""
    room = min((size.width() - 40) / max(1, chart.count), _LARGEST_COLUMN)
    return all(metrics.horizontalAdvance(label) + 4 <= room for label in chart.labels)


def _panel(chart: Bars, kind: Kind, area: QRectF, metrics: QFontMetricsF) -> Panel:
    line = metrics.height()
    title = line + 4 if chart.title else 0.0
    span = _value_span(chart.values)
    texts: list[list[str]] = []
    if kind != "histogram":
        decimals = decimals_of(chart.values)
        texts = [[short_text(value, decimals) for value in row] for row in chart.values.tolist()]
    widest = max((metrics.horizontalAdvance(text) for row in texts for text in row), default=0.0)
    if kind == "rows":
        return _lying(chart, area, title, span, texts, widest, metrics)
    if kind == "histogram" and (area.width() < _AXES_WIDTH or area.height() < title + _AXES_LINES * line):
        return replace(_placed(chart, kind, area, area.adjusted(0, title, 0, -1), span, (), title), bare=True)
    box = area.adjusted(0, title, 0, -line - 4)
    if kind == "columns" and len(texts) == 1 and widest + 2 <= min(box.width() / max(1, chart.count), _LARGEST_COLUMN):
        box.setTop(box.top() + line)  # for the numbers on top of the bars
        box.setWidth(min(box.width(), _LARGEST_COLUMN * chart.count))
        return _placed(chart, kind, area, box, span, texts, title)
    up = axis_ticks(*span, max(3, int(box.height() / 32)), log=False)
    left = max((metrics.horizontalAdvance(text) for _, text in up.major), default=0.0) + 8
    box.adjust(left, line / 2, -8, 0)
    return _placed(chart, kind, area, box, span, (), title)


def _lying(
    chart: Bars,
    area: QRectF,
    title: float,
    span: tuple[float, float],
    texts: Sequence[Sequence[str]],
    widest: float,
    metrics: QFontMetricsF,
) -> Panel:
    names = min(BOLD * max(map(metrics.horizontalAdvance, chart.labels)), _NAME_SHARE * area.width())
    room = min((area.height() - title) / chart.count, _LARGEST_ROW)
    writes = room * _THICKNESS / len(chart.values) >= 0.68 * metrics.height() or room >= metrics.height() * len(texts)
    beside = widest + _TEXT_GAP if writes else 0.0
    box = QRectF(area.left() + names + _TEXT_GAP, area.top() + title, 0, room * chart.count)
    box.setRight(area.right() - beside)
    if span[0] < 0:  # numbers of negative bars stand at their left
        box.setLeft(box.left() + beside)
    return _placed(chart, "rows", area, box, span, texts if writes else (), title)


def _placed(
    chart: Bars,
    kind: Kind,
    area: QRectF,
    box: QRectF,
    span: tuple[float, float],
    texts: Sequence[Sequence[str]],
    title: float,
) -> Panel:
    roomy = QRectF(box.topLeft(), box.size().expandedTo(QSizeF(8, 8)))
    room = (roomy.height() if kind == "rows" else roomy.width()) / max(1, chart.count)
    return Panel(chart, kind, area, roomy, span, texts, title, room)


def _value_span(values: NDArray[np.floating]) -> tuple[float, float]:
    finite = values[np.isfinite(values)].astype(np.float64)
    low, high = min(0.0, float(finite.min(initial=0.0))), max(0.0, float(finite.max(initial=0.0)))
    return (low * _HEADROOM, high * _HEADROOM) if high > low else (0.0, 1.0)


def elided(text: str, width: float, metrics: QFontMetricsF) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width + 1)
