"""The lowest height that each search has found, generation by generation."""

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.theme import changes_look, current_colors

from ...playground import Method, Values

_LEFT, _TOP, _RIGHT, _BOTTOM = 44, 22, 10, 20
_LOWEST = 1e-12  # what is lower is drawn there: rounding errors, and heights of exactly 0
_CURVES: dict[Method, int] = {"cma": 0, "plain": 3}
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class BestChart(QWidget):
    """Curves on a logarithmic axis of heights; lower is better."""

    def __init__(self, titles: Mapping[Method, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = dict(titles)
        self._curves: dict[Method, list[float]] = {}
        self.setAccessibleName(self.tr("Best height by generation"))
        self.setToolTip(self.tr("The lowest height that has been found, by generation; each line is ten times lower"))

    @property
    def curves(self) -> dict[Method, list[float]]:
        """The heights that are drawn."""
        return self._curves

    def show_curves(self, curves: Mapping[Method, list[float]]) -> None:
        """Show the best height after each generation, by method."""
        self._curves = dict(curves)
        last = [f"{self._titles[method]}: {values[-1]:.3g}" for method, values in curves.items() if values]
        self.setAccessibleDescription("; ".join(last))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 130)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 104)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = current_colors()
        painter = QPainter(self)
        painter.setPen(QColor(colors.border))
        painter.setBrush(QColor(colors.surface))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        curves = {method: self._log(values) for method, values in self._curves.items() if values}
        if not curves:
            draw_empty_text(painter, QRectF(self.rect()), self.tr("The best height of each generation appears here."))
            return
        plot = QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)
        together = np.concatenate(list(curves.values()))
        low, high = np.floor(together.min()), np.ceil(together.max())
        high = max(high, low + 1)
        most = max(10, *(len(values) for values in curves.values()))
        self._paint_axes(painter, plot, (int(low), int(high)), most)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for method, values in curves.items():
            x = plot.left() + np.arange(len(values)) / (most - 1) * plot.width()
            y = plot.bottom() - (values - low) / (high - low) * plot.height()
            line = QPolygonF([QPointF(*point) for point in np.stack([x, y], 1).tolist()])
            pen = QPen(self._color(method), 2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPolyline(line) if len(values) > 1 else painter.drawPoints(line)
        self._paint_legend(painter, curves)
        painter.end()

    def _paint_axes(self, painter: QPainter, plot: QRectF, exponents: tuple[int, int], most: int) -> None:
        colors, flags = current_colors(), Qt.AlignmentFlag
        low, high = exponents
        every = max(1, -(-(high - low) * 18 // max(1, int(plot.height()))))
        for exponent in range(low, high + 1, every):
            y = plot.bottom() - (exponent - low) / (high - low) * plot.height()
            painter.setPen(QColor(colors.grid))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(colors.muted))
            text = "10" + str(exponent).translate(_SUPERSCRIPTS)
            painter.drawText(QRectF(0, y - 9, _LEFT - 6, 18), flags.AlignRight | flags.AlignVCenter, text)
        below = QRectF(plot.left(), plot.bottom() + 2, plot.width(), _BOTTOM - 4)
        painter.drawText(below, flags.AlignLeft | flags.AlignVCenter, "1")
        painter.drawText(below, flags.AlignHCenter | flags.AlignVCenter, self.tr("generation"))
        painter.drawText(below, flags.AlignRight | flags.AlignVCenter, f"{most:,}")

    def _paint_legend(self, painter: QPainter, curves: Mapping[Method, object]) -> None:
        colors, x = current_colors(), float(_LEFT)
        for method in curves:
            text = f"{self._titles[method]}  {self._curves[method][-1]:.2g}"
            painter.setPen(QPen(self._color(method), 3))
            painter.drawLine(QPointF(x, _TOP / 2), QPointF(x + 14, _TOP / 2))
            painter.setPen(QColor(colors.text))
            width = painter.fontMetrics().horizontalAdvance(text)
            painter.drawText(QRectF(x + 20, 1, width + 2, _TOP - 2), Qt.AlignmentFlag.AlignVCenter, text)
            x += width + 40

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self.update()

    @staticmethod
    def _log(values: list[float]) -> Values:
        return np.asarray(np.log10(np.maximum(values, _LOWEST)), np.float64)

    @staticmethod
    def _color(method: Method) -> QColor:
        return QColor(current_colors().curves[_CURVES[method]])
