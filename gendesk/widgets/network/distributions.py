"""How numbers are spread, at several stages: histograms one below the other over the same axis."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.plot.ticks import MINUS, axis_ticks
from gendesk.widgets.theme import changes_look, current_colors

FloatArray = NDArray[np.float32]
_BINS = 60
_EDGE = 0.005  # share of the numbers that may lie beyond each end of the axis


@dataclass(frozen=True)
class Stage:
    """Numbers (count,) under a title, with their mean and standard deviation."""

    title: str
    values: FloatArray
    mean: float
    deviation: float


class Distributions(QWidget):
    """A histogram for each stage, with a line at the mean and a band of one deviation to both sides."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty_text = ""
        self._stages: tuple[Stage, ...] = ()
        self._range = (-1.0, 1.0)
        self._histograms: list[tuple[FloatArray, FloatArray]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_stages(self, stages: Sequence[Stage]) -> None:
        """Show numbers at stages, from the top down."""
        self._stages = tuple(stages)
        self._range = _common_range(self._stages)
        self._histograms = [_histogram(stage.values, self._range) for stage in self._stages]
        facts = (f"{stage.title}: {_moments(stage)}" for stage in self._stages)
        self.setAccessibleDescription("; ".join(facts))
        self.update()

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 150)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._stages:
            draw_empty_text(painter, QRectF(self.rect()), self.empty_text)
            painter.end()
            return
        metrics = QFontMetricsF(self.font())
        foot, head = metrics.height() + 6, metrics.height() + 4
        each = (self.height() - foot) / len(self._stages)
        for index, stage in enumerate(self._stages):
            plot = QRectF(8, index * each + head, self.width() - 16, each - head - 4)
            self._paint_stage(painter, stage, self._histograms[index], plot)
        self._paint_axis(painter, QRectF(8, 0, self.width() - 16, self.height() - foot), foot)
        painter.end()

    def _x(self, value: float, plot: QRectF) -> float:
        low, high = self._range
        return plot.left() + plot.width() * min(1.0, max(0.0, (value - low) / (high - low)))

    def _paint_stage(
        self, painter: QPainter, stage: Stage, histogram: tuple[FloatArray, FloatArray], plot: QRectF
    ) -> None:
        colors = current_colors()
        painter.setPen(QColor(colors.text))
        title = QRectF(plot.left(), plot.top() - 22, plot.width(), 20)
        painter.drawText(title, Qt.AlignmentFlag.AlignBottom, stage.title)
        painter.setPen(QColor(colors.muted))
        painter.drawText(title, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight, _moments(stage))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.surface))
        painter.drawRect(plot)
        band = QColor(colors.curves[1])
        band.setAlphaF(0.16)
        left, right = (self._x(stage.mean + side * stage.deviation, plot) for side in (-1, 1))
        painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), band)
        painter.setBrush(QColor(colors.accent))
        heights, edges = histogram
        painter.drawPath(_outline(heights, [self._x(edge, plot) for edge in edges.tolist()], plot))
        painter.setPen(QPen(QColor(colors.curves[1]), 2))
        x = self._x(stage.mean, plot)
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())

    def _paint_axis(self, painter: QPainter, area: QRectF, foot: float) -> None:
        colors = current_colors()
        count = max(2, int(area.width() // 60))
        painter.setPen(QColor(colors.muted))
        for value, text in axis_ticks(*self._range, count, log=False).major:
            x = self._x(value, area)
            painter.drawLine(QPointF(x, area.bottom() - 4), QPointF(x, area.bottom() - 1))
            where = QRectF(min(max(0, x - 30), self.width() - 60), area.bottom(), 60, foot)
            painter.drawText(where, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, text)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)


def _moments(stage: Stage) -> str:
    """Return mean and deviation with the decimals that three digits of the deviation need."""
    decimals = min(6, max(0, 2 - math.floor(math.log10(max(stage.deviation, 1e-6)))))
    mean = f"{stage.mean:.{decimals}f}".replace("-", MINUS)
    return f"{mean} \N{PLUS-MINUS SIGN} {stage.deviation:.{decimals}f}"


def _common_range(stages: Sequence[Stage]) -> tuple[float, float]:
    """Return an axis that nearly all numbers of all stages fit on, with zero on it."""
    low, high = -1.0, 1.0
    for stage in stages:
        # Not np.quantile: it imports numpy.ma when first used, which takes 20 ms that the window would feel.
        ordered = np.sort(stage.values)
        outside = int(len(ordered) * _EDGE)
        low, high = min(low, float(ordered[outside])), max(high, float(ordered[-1 - outside]))
    space = 0.05 * (high - low)
    return low - space, high + space


def _histogram(values: FloatArray, limits: tuple[float, float]) -> tuple[FloatArray, FloatArray]:
    """Return heights (bins,) in 0..1 and edges (bins + 1,) over that part of the axis where the numbers are."""
    low, high = max(limits[0], float(values.min())), min(limits[1], float(values.max()))
    counts, edges = np.histogram(values, _BINS, (low, high) if high > low else limits)
    heights = counts.astype(np.float32)
    return heights / max(1.0, float(heights.max())), edges.astype(np.float32)


def _outline(heights: FloatArray, edges: list[float], plot: QRectF) -> QPainterPath:
    """Return the outline of bars of `heights` between `edges` in logical pixels."""
    path = QPainterPath(QPointF(edges[0], plot.bottom()))
    for height, left, right in zip(heights.tolist(), edges, edges[1:], strict=False):
        top = plot.bottom() - height * (plot.height() - 2)
        path.lineTo(left, top)
        path.lineTo(right, top)
    path.lineTo(edges[-1], plot.bottom())
    path.closeSubpath()
    return path
