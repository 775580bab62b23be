"""A code as bars over and under zero, with the deviation that the encoder allows each number."""

from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen

from gendesk.widgets.network.colors import signed_color
from gendesk.widgets.plot.ticks import MINUS
from gendesk.widgets.theme import current_colors

from .code_view import CodeView

_NARROWEST, _WIDEST = 7, 72  # logical pixels of a number
_LOWEST, _HIGHER = 44, 96  # of a row; of the only row
_NAMED = 40  # wide enough for a name and a value below the bar


class CodeBars(CodeView):
    """Bars in as many rows as it takes to hit each one. A line through a bar is the encoder's mean +- sigma."""

    def _rows(self) -> int:
        return max(1, ceil(len(self.values) / max(1, self.width() // _NARROWEST)))

    def needed_height(self) -> int:
        return max(_HIGHER, self._rows() * _LOWEST)

    def cell_rect(self, index: int) -> QRectF:
        rows = self._rows()
        columns = max(1, ceil(len(self.values) / rows))
        width, height = min(_WIDEST, self.width() / columns), self.height() / rows
        left = (self.width() - columns * width) / 2
        return QRectF(left + index % columns * width, index // columns * height, width, height)

    def index_at(self, place: QPointF) -> int:
        if not len(self.values):
            return -1
        cell = self.cell_rect(0)
        columns = max(1, ceil(len(self.values) / self._rows()))
        column, row = floor((place.x() - cell.left()) / cell.width()), floor(place.y() / cell.height())
        index = row * columns + column
        return index if 0 <= column < columns and 0 <= index < len(self.values) else -1

    def plot_rect(self, index: int) -> QRectF:
        """Where the bar of a number can be, from -reach at the bottom to reach at the top."""
        cell = self.cell_rect(index)
        words = 2 * self.fontMetrics().lineSpacing() if self._named() else 0
        return cell.adjusted(0, 3, 0, -3 - words)

    def _named(self) -> bool:
        return self.cell_rect(0).width() >= _NAMED

    def per_pixel(self) -> float:
        return 2 * self.reach / max(1.0, self.plot_rect(0).height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        for index in range(len(self.values)):
            self._paint_number(painter, index)
        painter.end()

    def _paint_number(self, painter: QPainter, index: int) -> None:
        colors, plot = current_colors(), self.plot_rect(index)
        painter.fillRect(plot, QColor(colors.surface))
        gap = max(0.5, plot.width() * 0.15)
        value = float(self.values[index])
        bar = QRectF(QPointF(plot.left() + gap, plot.center().y()), QPointF(plot.right() - gap, self._y(plot, value)))
        painter.fillRect(bar.normalized(), signed_color(1.0 if value >= 0 else -1.0))
        painter.setPen(QColor(colors.muted))
        painter.drawLine(QPointF(plot.left(), plot.center().y()), QPointF(plot.right(), plot.center().y()))
        if self.sigma is not None:
            self._paint_spread(painter, plot, index)
        if index == self.unit or index in self.edited:
            mark = QColor(colors.accent if index == self.unit else colors.muted)
            painter.setPen(QPen(mark, 1.5 if index == self.unit else 1.0))
            painter.drawRect(plot.adjusted(0.75, 0.75, -0.75, -0.75))
        if self._named():
            self._paint_words(painter, index, plot)

    def _paint_spread(self, painter: QPainter, plot: QRectF, index: int) -> None:
        assert self.sigma is not None
        mean, sigma = float(self.mean[index]), float(self.sigma[index])
        x, reach = plot.center().x(), min(5.0, plot.width() * 0.3)
        painter.setPen(QPen(QColor(current_colors().text), 1.25))
        ends = [self._y(plot, mean + side * sigma) for side in (-1, 1)]
        painter.drawLine(QPointF(x, ends[0]), QPointF(x, ends[1]))
        y = self._y(plot, mean)
        painter.drawLine(QPointF(x - reach, y), QPointF(x + reach, y))

    def _paint_words(self, painter: QPainter, index: int, plot: QRectF) -> None:
        colors, line = current_colors(), self.fontMetrics().lineSpacing()
        value = f"{float(self.values[index]):.2f}".replace("-", MINUS)
        for number, (text, color) in enumerate(((f"z{index + 1}", colors.muted), (value, colors.text))):
            painter.setPen(QColor(color))
            place = QRectF(plot.left(), plot.bottom() + 2 + number * line, plot.width(), line)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _y(self, plot: QRectF, value: float) -> float:
        share = max(-1.0, min(1.0, value / self.reach))
        return plot.center().y() - share * plot.height() / 2
