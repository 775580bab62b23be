"""What the units of a dense layer answer: a bar for each one, up for positive numbers and down for negative ones."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.widgets.network.colors import signed_color
from gendesk.widgets.plot.ticks import value_text
from gendesk.widgets.theme import current_colors

FloatArray = NDArray[np.float32]


class UnitBars(QWidget):
    """Bars over a common zero. The mouse or Left and Right choose a unit."""

    pointed = Signal(int)  # a unit, or -1

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: FloatArray = np.zeros(0, np.float32)
        self._unit = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_values(self, values: FloatArray) -> None:
        """Show values (units,)."""
        self._values = values
        self._unit = min(self._unit, len(values) - 1)
        self.update()

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 80)

    def plot_rect(self) -> QRectF:
        """Where the bars are, in logical pixels."""
        return QRectF(self.rect()).adjusted(52, 8, -8, -8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colors, plot = QPainter(self), current_colors(), self.plot_rect()
        painter.fillRect(plot, QColor(colors.surface))
        if len(self._values):
            high, low = max(0.0, float(self._values.max())), min(0.0, float(self._values.min()))
            span = max(high - low, 1e-6)
            zero = plot.top() + plot.height() * high / span
            self._paint_scale(painter, plot, (high, low), zero)
            self._paint_bars(painter, plot, zero, plot.height() / span)
        painter.end()

    def _paint_scale(self, painter: QPainter, plot: QRectF, ends: tuple[float, float], zero: float) -> None:
        painter.setPen(QColor(current_colors().muted))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        places = {0.0: zero}
        places |= {end: y for end, y in zip(ends, (plot.top(), plot.bottom()), strict=True) if abs(y - zero) > 16}
        for value, y in places.items():
            painter.drawText(QRectF(0, y - 10, plot.left() - 6, 20), flags, value_text(value))

    def _paint_bars(self, painter: QPainter, plot: QRectF, zero: float, scale: float) -> None:
        colors, width = current_colors(), plot.width() / len(self._values)
        gap = min(2.0, width * 0.2) if width > 3 else 0.0
        warm, cold = signed_color(1.0), signed_color(-1.0)
        for unit, value in enumerate(self._values.tolist()):
            bar = QRectF(plot.left() + unit * width, zero, max(1.0, width - gap), -value * scale).normalized()
            painter.fillRect(bar, warm if value >= 0 else cold)
        painter.setPen(QColor(colors.muted))
        painter.drawLine(round(plot.left()), round(zero), round(plot.right()), round(zero))
        if self._unit >= 0:
            mark = QColor(colors.accent)
            mark.setAlphaF(0.25)
            left = plot.left() + self._unit * width
            painter.fillRect(QRectF(left - 1, plot.top(), max(3.0, width + 2), plot.height()), mark)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        plot = self.plot_rect()
        share = (event.position().x() - plot.left()) / plot.width()
        self._point(int(share * len(self._values)) if 0 <= share < 1 and len(self._values) else -1)

    def leaveEvent(self, _event: QEvent) -> None:
        self._point(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not len(self._values):
            super().keyPressEvent(event)
        else:
            self._point(max(0, min(len(self._values) - 1, self._unit + step)))

    def _point(self, unit: int) -> None:
        if unit != self._unit:
            self._unit = unit
            self.pointed.emit(unit)
            self.update()
