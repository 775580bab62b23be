"""How far held-out pictures lie from their nearest training pictures, and where one picture lies among them."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gendesk.widgets.charts.bars import BarCharts, Bars
from gendesk.widgets.charts.bars_layout import Panel
from gendesk.widgets.charts.numbers import short_text
from gendesk.widgets.theme import current_colors

_BINS = 40
_ROOM = 1.05  # beyond the largest distance
_VEIL = 60  # of 255


class NoveltyHistogram(BarCharts):
    """Histograms in per cent, with a line for one distance and veils over what counts as memorised and as close."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Distances of held-out pictures to their nearest training pictures"))
        self.setToolTip(
            self.tr(
                "How far held-out pictures lie from their nearest training pictures: what is usual for pictures that "
                "nobody has copied. Over the red part a picture counts as memorised, over the yellow one as close."
            )
        )
        self.set_empty_text(self.tr("The distances that are usual appear here."))
        self.setMinimumHeight(112)
        self._limits: tuple[float, float] = (0.0, 0.0)
        self.distance: float | None = None

    def show_distances(
        self,
        usual: NDArray[np.floating],
        limits: tuple[float, float],
        *,
        distance: float | None = None,
        samples: NDArray[np.floating] | None = None,
    ) -> None:
        """Show what is usual (count,), below which two limits a picture has a mark, and one distance or many."""
        series = [usual] if samples is None else [usual, samples]
        largest = max(float(values.max()) for values in series)
        high = (max(largest, distance or 0.0) or 1.0) * _ROOM
        shares = [np.histogram(values, _BINS, (0.0, high))[0] * (100 / len(values)) for values in series]
        names = (self.tr("Held out"), self.tr("Samples")) if samples is not None else ()
        self._limits, self.distance = limits, distance
        title = self.tr("Distance to the nearest training picture, % of pictures")
        self.set_charts([Bars(title, np.array(shares), series=names, low=0.0, high=high)])

    def paint_chart(self, painter: QPainter) -> None:
        super().paint_chart(painter)
        for panel in self.panels:
            self._paint_limits(painter, panel)
            if self.distance is not None:
                self._paint_distance(painter, panel, self.distance)

    def _paint_limits(self, painter: QPainter, panel: Panel) -> None:
        colors, left = current_colors(), panel.box.left()
        for limit, name in zip(self._limits, (colors.bad, colors.warning), strict=True):
            right = float(panel.projection().across(np.array([limit]))[0])
            color = QColor(name)
            color.setAlpha(_VEIL)
            painter.fillRect(QRectF(left, panel.box.top(), max(0.0, right - left), panel.box.height()), color)
            left = right

    def _paint_distance(self, painter: QPainter, panel: Panel, distance: float) -> None:
        """Draw the line, and beside it the number, on the side where there is room."""
        x, box, colors = float(panel.projection().across(np.array([distance]))[0]), panel.box, current_colors()
        painter.setPen(QPen(QColor(colors.text), 2))
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        metrics, text = QFontMetricsF(painter.font()), distance_text(distance)
        width = metrics.horizontalAdvance(text) + 8
        place = QRectF(x + 4 if x + width < box.right() else x - 4 - width, box.top(), width, metrics.height())
        painter.fillRect(place, QColor(colors.surface))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def distance_text(distance: float) -> str:
    """Write a distance with three digits that count."""
    decimals = 2 if distance < 1e-4 else min(4, max(0, 2 - math.floor(math.log10(distance))))
    return short_text(distance, decimals)
