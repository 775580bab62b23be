"""A number that is measured anew with every batch, and a running one that follows it slowly."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.plot.ticks import axis_ticks
from gendesk.widgets.theme import changes_look, current_colors

FloatArray = NDArray[np.float32]


class Following(QWidget):
    """Dots for single batches, a line for what follows them, a dashed one for where the network stands."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._dots: FloatArray = np.zeros(0, np.float32)
        self._line: FloatArray = np.zeros(0, np.float32)
        self._level = 0.0
        self.empty_text = ""
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_series(self, dots: FloatArray, line: FloatArray, level: float) -> None:
        """Show measurements (batches,), the running number after each of them (batches,), and a level."""
        self._dots, self._line, self._level = dots, line, level
        self.update()

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 84)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not len(self._dots):
            draw_empty_text(painter, QRectF(self.rect()), self.empty_text)
            painter.end()
            return
        metrics = QFontMetricsF(self.font())
        low, high = self._limits()
        ticks = axis_ticks(low, high, max(2, int(self.height() // 36)), log=False).major
        left = max(metrics.horizontalAdvance(text) for _, text in ticks) + 8 if ticks else 8
        plot = QRectF(left, metrics.height() + 4, self.width() - left - 8, self.height() - 2 * metrics.height() - 10)
        self._paint_frame(painter, plot, ticks, (low, high))
        self._paint_series(painter, plot, (low, high))
        painter.end()

    def _limits(self) -> tuple[float, float]:
        every = np.concatenate([self._dots, self._line, [self._level]])
        low, high = float(every.min()), float(every.max())
        space = 0.08 * max(high - low, 1e-6)
        return low - space, high + space

    def _paint_frame(
        self, painter: QPainter, plot: QRectF, ticks: list[tuple[float, str]], limits: tuple[float, float]
    ) -> None:
        colors = current_colors()
        painter.fillRect(plot, QColor(colors.surface))
        painter.setPen(QColor(colors.text))
        painter.drawText(QRectF(0, 0, self.width() - 8, plot.top() - 2), Qt.AlignmentFlag.AlignLeft, self._title)
        for value, text in ticks:
            y = _y(value, plot, limits)
            painter.setPen(QPen(QColor(colors.grid), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(colors.muted))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 10, plot.left() - 4, 20), flags, text)
        foot = QRectF(plot.left(), plot.bottom() + 2, plot.width(), 20)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, "1")
        painter.drawText(foot, Qt.AlignmentFlag.AlignHCenter, self.tr("batch"))
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, str(len(self._dots)))

    def _paint_series(self, painter: QPainter, plot: QRectF, limits: tuple[float, float]) -> None:
        colors, count = current_colors(), len(self._dots)
        places = plot.left() + (np.arange(count) + 0.5) / count * plot.width()
        dot = QColor(colors.muted)
        dot.setAlphaF(0.55)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(dot)
        for x, value in zip(places.tolist(), self._dots.tolist(), strict=True):
            painter.drawEllipse(QPointF(x, _y(value, plot, limits)), 1.8, 1.8)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors.curves[1]), 1.5, Qt.PenStyle.DashLine))
        level = _y(self._level, plot, limits)
        painter.drawLine(QPointF(plot.left(), level), QPointF(plot.right(), level))
        painter.setPen(QPen(QColor(colors.accent), 2))
        points = zip(places.tolist(), self._line.tolist(), strict=True)
        painter.drawPolyline(QPolygonF([QPointF(x, _y(value, plot, limits)) for x, value in points]))

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)


def _y(value: float, plot: QRectF, limits: tuple[float, float]) -> float:
    low, high = limits
    return plot.bottom() - plot.height() * (value - low) / (high - low)
