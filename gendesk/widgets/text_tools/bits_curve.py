"""Bits per character as a game goes on, for several players, with a line that is known from elsewhere."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.plot.painting import paint_axes, paint_dots
from gendesk.widgets.plot.projection import Projection
from gendesk.widgets.plot.ticks import axis_ticks
from gendesk.widgets.theme import changes_look, current_colors

_LEFT, _RIGHT, _TOP, _BELOW = 40, 12, 28, 24
_SWATCH = 10


class BitsCurve(QWidget):
    """A line for each player over the number of guessed pieces, and a broken line at a known level."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty_text = ""
        self.players: tuple[str, ...] = ()
        self.values: tuple[tuple[float, ...], ...] = ()
        self._level = (0.0, "")
        self.setAccessibleName(self.tr("Bits per character"))
        self.setMinimumHeight(120)

    def sizeHint(self) -> QSize:
        return QSize(320, 180)

    def set_level(self, level: float, name: str) -> None:
        """Draw a broken line at a level, in bits per character."""
        self._level = (level, name)
        self.update()

    def set_values(self, players: Sequence[str], values: Sequence[Sequence[float]]) -> None:
        """Show bits per character of each player after each guessed piece."""
        self.players, self.values = tuple(players), tuple(map(tuple, values))
        last = [f"{name}: {row[-1]:.2f}" for name, row in zip(self.players, self.values, strict=True) if row]
        self.setAccessibleDescription("; ".join(last))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colors = QPainter(self), current_colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(colors.surface))
        count = max(map(len, self.values), default=0)
        if not count:
            draw_empty_text(painter, QRectF(self.rect()), self.empty_text)
            painter.end()
            return
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        painter.setFont(font)
        highest = max(self._level[0], *(max(row, default=0.0) for row in self.values)) * 1.1
        box = QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BELOW)
        places = Projection((0.0, float(max(10, count))), (0.0, highest), box)
        across = axis_ticks(*places.x, max(2, int(box.width() / 60)), log=False)
        up = axis_ticks(*places.y, max(2, int(box.height() / 36)), log=False)
        paint_axes(painter, places, across, up, colors)
        self._paint_level(painter, places)
        for row, color in zip(self.values, colors.curves, strict=False):
            self._paint_player(painter, places, row, QColor(color))
        self._paint_legend(painter)
        painter.end()

    def _paint_level(self, painter: QPainter, places: Projection) -> None:
        y = float(places.down(np.array([self._level[0]]))[0])
        painter.setPen(QPen(QColor(current_colors().muted), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(places.box.left(), y), QPointF(places.box.right(), y))
        wide = QFontMetricsF(painter.font()).horizontalAdvance(self._level[1])
        painter.drawText(QPointF(places.box.right() - wide - 4, y + 14), self._level[1])

    def _paint_player(self, painter: QPainter, places: Projection, row: Sequence[float], color: QColor) -> None:
        xs = places.across(np.arange(1, len(row) + 1, dtype=np.float64)).tolist()
        ys = places.down(np.array(row, np.float64)).tolist()
        dots = [QPointF(x, y) for x, y in zip(xs, ys, strict=True)]
        painter.setPen(QPen(color, 1.75))
        painter.drawPolyline(dots)
        paint_dots(painter, dots[-1:], color, 3.5)

    def _paint_legend(self, painter: QPainter) -> None:
        colors, metrics = current_colors(), QFontMetricsF(painter.font())
        x = 8.0
        for name, row, color in zip(self.players, self.values, colors.curves, strict=False):
            text = f"{name} {row[-1]:.2f}" if row else name
            painter.fillRect(QRectF(x, 9, _SWATCH, _SWATCH), QColor(color))
            painter.setPen(QColor(colors.text))
            painter.drawText(QPointF(x + _SWATCH + 6, 19), text)
            x += _SWATCH + 6 + metrics.horizontalAdvance(text) + 16

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)
