"""The drawing area of a loss plot: axes, grid, curves, marks and crosshair."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from gendesk.widgets.plot.bands import NO_AREA, Area
from gendesk.widgets.plot.curves import CurveStyle, Points, Scales
from gendesk.widgets.plot.mouse import PlotMouse
from gendesk.widgets.plot.painting import (
    faint,
    paint_axes,
    paint_band,
    paint_dots,
    paint_level,
    paint_marks,
    paint_thin,
    paint_wide,
)
from gendesk.widgets.plot.projection import Projection
from gendesk.widgets.plot.ticks import Ticks, axis_ticks
from gendesk.widgets.plot.view import Span
from gendesk.widgets.theme import current_colors

MarkKind = Literal["checkpoint", "pause", "warning", "resume"]

_TOP, _RIGHT = 6, 16  # margins, logical pixels
_MOST_DOTS = 120
_MARK_REACH = 5  # pixels
_DOT, _BIG_DOT = 2.5, 4.0  # pixels
_NOTHING: Points = (np.empty(0), np.empty(0))


@dataclass(frozen=True)
class Mark:
    """An event at a step, with the text that explains it."""

    step: float
    kind: MarkKind
    text: str


def marks_near(marks: Iterable[Mark], scales: Scales, canvas: "PlotCanvas", pixel: float) -> list[str]:
    """Return the texts of the marks close to a pixel from the left."""
    places = [(scales.to_view(mark.step, 1.0)[0], mark.text) for mark in marks]
    return [text for x, text in places if math.isfinite(x) and abs(canvas.pixel_x(x) - pixel) <= _MARK_REACH]


@dataclass
class _Line:
    """What is drawn of a curve, in view coordinates."""

    style: CurveStyle
    color: str = ""
    raw: Points = _NOTHING
    bold: Points = _NOTHING
    band: Area = NO_AREA


class PlotCanvas(QWidget):
    """Shows lines in view coordinates (log10 of the value on a logarithmic axis)."""

    resized = Signal()  # the area inside the axes

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mouse = PlotMouse(self)
        self._lines: dict[str, _Line] = {}
        self._marks: dict[MarkKind, NDArray[np.floating]] = {}
        self._level: tuple[float, str] | None = None
        self._left = 40  # room for the numbers of the left axis
        self._shown: tuple[object, ...] = ()
        self._ranges: tuple[Span, Span] = ((0.0, 1.0), (0.0, 1.0))
        self._across = self._up = Ticks([], [])
        self._crosshair: float | None = None
        self._hits: list[tuple[float, float, str]] = []
        self._ground = QPixmap()  # with the axes
        self._picture = QPixmap()  # with the curves, too; only the crosshair is missing
        self._changed = False  # the curves, since they were painted
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def add_curve(self, name: str, style: CurveStyle) -> None:
        """Make the lines of a curve; one of validation values gets dots where there is room for them."""
        self._lines[name] = _Line(style)

    def recolor(self, curves: dict[str, str]) -> None:
        """Take the colours of the theme, and those of the curves by their names."""
        for name, color in curves.items():
            self._lines[name].color = color
        self._repaint(axes=True)

    def columns(self, x: Span) -> NDArray[np.float64]:
        """Return the borders of the pixel columns (columns + 1,) of a range of the x axis.

        They lie at multiples of their width, so that a window that follows the latest value does not flicker.
        """
        width = (x[1] - x[0]) / self.box_area().width()
        return width * np.arange(math.floor(x[0] / width), math.ceil(x[1] / width) + 1, dtype=np.float64)

    def draw_curve(self, name: str, raw: Points | None, bold: Points | None, band: Area = NO_AREA) -> None:
        """Draw the faint and the bold line of a curve, and the band around it; NaN makes a gap."""
        line = self._lines[name]
        line.raw, line.bold, line.band = raw or _NOTHING, bold or _NOTHING, band
        self._repaint()

    def draw_marks(self, places: Mapping[MarkKind, NDArray[np.floating]]) -> None:
        """Draw vertical lines at places (n,) for each kind of mark, at most one per pixel."""
        self._marks = dict(places)
        self._repaint()

    def draw_level(self, y: float, text: str) -> None:
        """Draw a horizontal line at `y` with its name above it, or the name with an arrow where it is out of view."""
        if self._level != (y, text):
            self._level = y, text
            self._repaint()

    def draw_crosshair(self, x: float | None, hits: list[tuple[float, float, str]]) -> None:
        """Draw a vertical line at `x`, and dots (x, y, colour) on the curves; nothing for None."""
        self._crosshair = x if x is not None and math.isfinite(x) else None
        self._hits = [hit for hit in hits if math.isfinite(hit[0]) and math.isfinite(hit[1])]
        self.update()

    def show_range(self, x: Span, y: Span, *, log_x: bool, log_y: bool) -> None:
        """Show these ranges with round numbers on the axes."""
        box = self.box_area()
        shown = (x, y, log_x, log_y, box.width(), box.height())
        if shown != self._shown:
            self._shown, self._ranges = shown, (x, y)
            self._across = axis_ticks(*x, max(3, int(box.width() / (56 if log_x else 72))), log=log_x)
            self._up = axis_ticks(*y, max(2, int(box.height() / 32)), log=log_y)
            self._fit_left_axis()
            self._repaint(axes=True)

    def shown_range(self) -> tuple[Span, Span]:
        """Return the ranges of both axes that are in view."""
        return self._ranges

    def to_view(self, place: QPointF) -> QPointF:
        """Turn a pixel of the mouse's area into view coordinates."""
        return self._projection.to_view(place)

    def pixel_x(self, x: float) -> float:
        """Turn view coordinates into pixels of the mouse's area."""
        return float(self._projection.across(np.array([x]))[0])

    def box_area(self) -> QRectF:
        """Return where the curves are drawn, in pixels of the mouse's area."""
        bottom = self.fontMetrics().height() + 4
        size = QSize(self.width() - self._left - _RIGHT, self.height() - _TOP - bottom).expandedTo(QSize(16, 16))
        return QRectF(self._left, _TOP, size.width(), size.height())

    def drawn(self, name: str) -> tuple[Points, Points]:
        """Return the points of the faint and the bold line as they are on the screen."""
        return self._lines[name].raw, self._lines[name].bold

    def drawn_band(self, name: str) -> Area:
        """Return the band of a curve as it is on the screen."""
        return self._lines[name].band

    @property
    def _projection(self) -> Projection:
        return Projection(*self._ranges, self.box_area())

    def _fit_left_axis(self) -> None:
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(text) for _, text in self._up.major), default=0)
        left = max(40, (widest + 12 + 7) // 8 * 8)  # in steps, so that the curves do not move with every digit
        if left != self._left:
            self._left = left
            self.resized.emit()

    def _repaint(self, *, axes: bool = False) -> None:
        if axes:
            self._ground = QPixmap()
        self._changed = True
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook."""
        super().resizeEvent(event)
        self.resized.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's hook: what moves with the mouse is drawn over a picture of the rest."""
        painter = QPainter(self)
        ratio = painter.deviceTransform().m11()
        size = (self.size().toSizeF() * ratio).toSize()
        if self._ground.size() != size:
            self._paint_ground(size, ratio)
        if self._changed:
            self._paint_curves()
        painter.drawPixmap(0, 0, self._picture)
        if self._crosshair is not None:
            self._paint_crosshair(painter, self._crosshair)
        painter.end()

    def _paint_ground(self, size: QSize, ratio: float) -> None:
        colors = current_colors()
        self._ground, self._picture, self._changed = QPixmap(size), QPixmap(size), True
        for picture in (self._ground, self._picture):
            picture.setDevicePixelRatio(ratio)
        self._ground.fill(QColor(colors.surface))
        painter = QPainter(self._ground)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        painter.setFont(font)
        paint_axes(painter, self._projection, self._across, self._up, colors)
        painter.end()

    def _paint_curves(self) -> None:
        colors, projection = current_colors(), self._projection
        self._changed = False
        painter = QPainter(self._picture)
        painter.drawPixmap(0, 0, self._ground)
        painter.setClipRect(projection.box)
        for line in self._lines.values():
            if len(line.band[0]):
                places, low, high = line.band
                pixels = projection.across(places), projection.down(high), projection.down(low)
                paint_band(painter, *pixels, QColor(line.color))
        for kind, places in self._marks.items():
            paint_marks(painter, projection.box, projection.across(places), kind, colors)
        if self._level is not None:
            paint_level(painter, projection, *self._level, colors)
        for line in self._lines.values():
            if len(line.raw[0]):
                color = faint(line.color, colors.surface)
                paint_thin(painter, projection.across(line.raw[0]), projection.down(line.raw[1]), color)
        for line in self._lines.values():
            if len(line.bold[0]):
                self._paint_bold(painter, projection, line)
        painter.end()

    def _paint_bold(self, painter: QPainter, projection: Projection, line: _Line) -> None:
        x, y, color = projection.across(line.bold[0]), projection.down(line.bold[1]), QColor(line.color)
        dotted = line.style in ("validation", "dots") and len(x) <= _MOST_DOTS
        if line.style == "dots" and dotted:
            paint_thin(painter, x, y, faint(line.color, current_colors().surface))
        elif len(x) > projection.box.width():
            # Minima and maxima of many values: a solid band in any case.
            paint_thin(painter, x, y, color)
        else:
            paint_wide(painter, x, y, color, dashed=dotted)
        if dotted:
            finite = np.isfinite(x) & np.isfinite(y)
            radius = _BIG_DOT if line.style == "dots" else _DOT
            paint_dots(painter, [QPointF(*place) for place in zip(x[finite], y[finite], strict=True)], color, radius)

    def _paint_crosshair(self, painter: QPainter, step: float) -> None:
        colors, projection = current_colors(), self._projection
        painter.setClipRect(projection.box)
        x = self.pixel_x(step)
        painter.setPen(QPen(QColor(colors.muted), 0))
        painter.drawLine(QPointF(x, projection.box.top()), QPointF(x, projection.box.bottom()))
        for x, value, color in self._hits:
            place = QPointF(self.pixel_x(x), float(projection.down(np.array([value]))[0]))
            for shade, radius in ((colors.surface, 4.0), (color, 3.0)):
                paint_dots(painter, [place], QColor(shade), radius)
