"""The drawing area of a loss plot: axes, grid, curves, marks and crosshair, on pyqtgraph."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.widgets.plot.curves import Points
from gendesk.widgets.plot.mouse import PlotMouse
from gendesk.widgets.plot.ticks import axis_ticks
from gendesk.widgets.plot.view import Span
from gendesk.widgets.theme import Colors, current_colors

MarkKind = Literal["checkpoint", "pause", "warning", "resume"]

_MOST_DOTS = 120
_FAINT = 0.4  # of the colour: the raw line behind its average
_NOTHING: Points = (np.empty(0), np.empty(0))


@dataclass(frozen=True)
class Mark:
    """An event at a step, with the text that explains it."""

    step: float
    kind: MarkKind
    text: str


class PlotCanvas(QWidget):
    """Shows lines in view coordinates (log10 of the value on a logarithmic axis)."""

    resized = Signal()  # the area inside the axes

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = pg.GraphicsView(self)
        self._scene.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scene)
        self.mouse = PlotMouse(self._scene.viewport())
        # Put together by hand: pyqtgraph's PlotItem brings menus that nobody opens and nothing deletes.
        self.box = pg.ViewBox(enableMenu=False, defaultPadding=0)
        self.box.setZValue(1)  # above the grid, which the axes draw
        self.box.disableAutoRange()
        self.box.sigResized.connect(lambda _: self.resized.emit())
        self._axes = {name: pg.AxisItem(name) for name in ("bottom", "left")}
        grid = pg.GraphicsLayout()
        grid.setContentsMargins(0, 6, 16, 0)
        grid.setSpacing(0)
        grid.addItem(self.box, 0, 1)
        for axis, row, column in ((self._axes["left"], 0, 0), (self._axes["bottom"], 1, 1)):
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickLength=0, tickAlpha=255, tickTextOffset=5, hideOverlappingLabels=False)
            axis.setZValue(-1)
            axis.linkToView(self.box)
            grid.addItem(axis, row, column)
        self._scene.setCentralItem(grid)
        self._raw: dict[str, pg.PlotCurveItem] = {}
        self._bold: dict[str, pg.PlotCurveItem] = {}
        self._dots: dict[str, pg.ScatterPlotItem] = {}
        self._dashed: set[str] = set()
        self._colors: dict[str, str] = {}
        self._shown: tuple[object, ...] = ()
        self._marks = {kind: self._added(pg.PlotCurveItem(connect="pairs"), -0.5) for kind in get_args(MarkKind)}
        self._crosshair = self._added(pg.InfiniteLine(angle=90), 2)
        self._hits = self._added(pg.ScatterPlotItem(size=7), 3)
        self.draw_crosshair(None, [])
        self.recolor({})

    def add_curve(self, name: str, *, dashed: bool) -> None:
        """Make the lines of a curve; a dashed one gets dots where there is room for them."""
        self._raw[name] = self._added(pg.PlotCurveItem(), 0)
        self._bold[name] = self._added(pg.PlotCurveItem(), 1)
        self._dots[name] = self._added(pg.ScatterPlotItem(size=5), 1)
        self._dots[name].hide()
        if dashed:
            self._dashed.add(name)

    def recolor(self, curves: dict[str, str]) -> None:
        """Take the colours of the theme, and those of the curves by their names."""
        colors = current_colors()
        self._scene.setBackground(colors.surface)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        for axis in self._axes.values():
            axis.setPen(colors.border)
            axis.setTextPen(colors.muted)
            axis.setTickPen(colors.grid)
            axis.setTickFont(font)
            axis.setGrid(255)
        for kind, item in self._marks.items():
            item.setPen(_mark_pen(kind, colors))
        self._crosshair.setPen(QPen(QColor(colors.muted), 0))
        self._hits.setPen(_cosmetic(colors.surface, 1))
        for name, color in curves.items():
            # Mixed, not transparent: Qt draws long opaque lines four times as fast.
            self._raw[name].setPen(QPen(_mixed(color, colors.surface), 0))
            self._dots[name].setBrush(QColor(color))
            self._dots[name].setPen(None)
            self._colors[name] = color

    def columns(self, x: Span) -> NDArray[np.float64]:
        """Return the borders of the pixel columns (columns + 1,) of a range of the x axis.

        They lie at multiples of their width, so that a window that follows the latest value does not flicker.
        """
        width = (x[1] - x[0]) / max(float(self.box.width()), 1)
        return width * np.arange(math.floor(x[0] / width), math.ceil(x[1] / width) + 1, dtype=np.float64)

    def draw_curve(self, name: str, raw: Points | None, bold: Points | None) -> None:
        """Draw the faint and the bold line of a curve; NaN makes a gap."""
        raw, bold = raw or _NOTHING, bold or _NOTHING
        dashed = name in self._dashed and len(bold[0]) <= _MOST_DOTS
        self._set_bold_look(name, dashed=dashed, dense=len(bold[0]) > self.box.width())
        for item, points in ((self._raw[name], raw), (self._bold[name], bold)):
            item.setVisible(len(points[0]) > 0)
            item.setData(*points, connect="finite")
        if name in self._dashed:
            finite = np.isfinite(bold[1])
            dots = (bold[0][finite], bold[1][finite]) if dashed else _NOTHING
            self._dots[name].setVisible(len(dots[0]) > 0)  # pyqtgraph takes half a millisecond to draw no dots
            self._dots[name].setData(*dots)

    def _set_bold_look(self, name: str, *, dashed: bool, dense: bool) -> None:
        # Smooth wide lines are drawn piece by piece, which is ten times as fast as a path; dashes need the path.
        # Between minima and maxima even pieces take long, and are a solid band anyway: those lines are thin.
        item = self._bold[name]
        pen = _cosmetic(self._colors[name], 1 if dense else 1.75)
        if dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        if pen != item.opts["pen"]:
            item.setPen(pen)
            item.setSegmentedLineMode("off" if dashed or dense else "on")
            item.opts["antialias"] = not dense

    def draw_marks(self, kind: str, places: NDArray[np.floating], x: Span, y: Span) -> None:
        """Draw vertical lines at `places` (n,), at most one per pixel, through the ranges in view."""
        item = self._marks[kind]
        item.setVisible(len(places) > 0)
        if len(places) == 0:
            return
        width = (x[1] - x[0]) / max(float(self.box.width()), 1)
        inside = places[(places >= x[0]) & (places <= x[1])]
        apart = np.unique(np.round(inside / width)) * width
        item.setData(np.repeat(apart, 2), np.tile(np.array(y), len(apart)))

    def draw_crosshair(self, x: float | None, hits: list[tuple[float, float, str]]) -> None:
        """Draw a vertical line at `x`, and dots (x, y, colour) on the curves; nothing for None."""
        if x is None or not math.isfinite(x):
            self._crosshair.hide()
            self._hits.hide()
            return
        self._crosshair.show()
        self._crosshair.setValue(x)
        self._hits.show()
        brushes = [pg.mkBrush(color) for _, _, color in hits]
        self._hits.setData([hit[0] for hit in hits], [hit[1] for hit in hits], brush=brushes)

    def show_range(self, x: Span, y: Span, *, log_x: bool, log_y: bool) -> None:
        """Show these ranges with round numbers on the axes."""
        shown = (x, y, log_x, log_y, self.box.width(), self.box.height())
        if shown == self._shown:
            return
        self._shown = shown
        self.box.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=False)
        spans = {
            "bottom": (x, max(3, int(self.box.width() / (56 if log_x else 72))), log_x),
            "left": (y, self._rows(), log_y),
        }
        for name, (span, count, log) in spans.items():
            ticks = axis_ticks(*span, count, log=log)
            self._axes[name].setTicks([ticks.major, ticks.minor])
            if name == "left":
                self._fit_left_axis([text for _, text in ticks.major])

    def shown_range(self) -> tuple[Span, Span]:
        """Return the ranges of both axes that are in view."""
        x, y = self.box.viewRange()
        return (float(x[0]), float(x[1])), (float(y[0]), float(y[1]))

    def to_view(self, place: QPointF) -> QPointF:
        """Turn a pixel of the mouse's area into view coordinates."""
        result: QPointF = self.box.mapSceneToView(place)
        return result

    def pixel_x(self, x: float) -> float:
        """Turn view coordinates into pixels of the mouse's area."""
        return float(self.box.mapViewToScene(QPointF(x, 0)).x())

    def box_area(self) -> QRectF:
        """Return where the curves are drawn, in pixels of the mouse's area."""
        area: QRectF = self.box.sceneBoundingRect()
        return area

    def drawn(self, name: str) -> tuple[Points, Points]:
        """Return the points of the faint and the bold line as they are on the screen."""
        raw, bold = (item.getData() for item in (self._raw[name], self._bold[name]))
        return (_NOTHING if raw[0] is None else raw), (_NOTHING if bold[0] is None else bold)

    def _rows(self) -> int:
        return max(2, int(self.box.height() / 32))

    def _fit_left_axis(self, texts: list[str]) -> None:
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0)
        width = max(40, (widest + 12 + 7) // 8 * 8)  # in steps, so that the curves do not move with every digit
        if self._axes["left"].fixedWidth != width:
            self._axes["left"].setWidth(width)

    def _added(self, item: pg.GraphicsObject, depth: float) -> pg.GraphicsObject:
        self.box.addItem(item, ignoreBounds=True)
        item.setZValue(depth)  # after addItem, which lifts what is not above the box
        return item


def _cosmetic(color: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = QPen(QColor(color), width, style)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
    return pen


def _mixed(color: str, ground: str) -> QColor:
    front, back = QColor(color), QColor(ground)
    pairs = ((front.red(), back.red()), (front.green(), back.green()), (front.blue(), back.blue()))
    return QColor(*(round(_FAINT * one + (1 - _FAINT) * other) for one, other in pairs))


def _mark_pen(kind: str, colors: Colors) -> QPen:
    # The pattern tells the kinds apart without colour.
    looks = {
        "checkpoint": (colors.muted, Qt.PenStyle.DotLine),
        "pause": (colors.muted, Qt.PenStyle.DashLine),
        "resume": (colors.good, Qt.PenStyle.DashLine),
        "warning": (colors.warning, Qt.PenStyle.SolidLine),
    }
    color, style = looks[kind]
    return _cosmetic(color, 1, style)
