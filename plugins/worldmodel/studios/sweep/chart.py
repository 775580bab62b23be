"""What the dream promises and what the road keeps, by temperature."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.plot.painting import paint_axes, paint_dots, paint_wide
from gendesk.widgets.plot.projection import Projection
from gendesk.widgets.plot.ticks import axis_ticks
from gendesk.widgets.theme import changes_look, current_colors

from ...sweep_report import SweepReport

_LEFT, _TOP, _RIGHT, _BOTTOM = 48, 28, 16, 40
_DREAM, _ROAD = 0, 1  # curves of the theme
_GAP = 4
_CAP = 4  # half the width of the ends of a bar
_ASIDE = 3  # pixels by which the two curves' bars stand apart

Curve = list[tuple[float, float, float]]
"""Temperature, mean and standard deviation."""


class SweepChart(QWidget):
    """Two curves in one unit, rewarded decisions in a race, each with its standard deviation; the parting is shaded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves: tuple[Curve, Curve] = ([], [])
        self._parting: tuple[float, float] | None = None
        self._temperatures: tuple[float, ...] = ()
        self.setAccessibleName(self.tr("Dream and road by temperature"))
        self.setToolTip(
            self.tr(
                "Decisions that brought a reward: as the dream of that temperature promises them, and on real tracks. "
                "Bars are standard deviations."
            )
        )

    def show_report(self, report: SweepReport | None) -> None:
        """Show what there is of a sweep; before its races, the dreams of the newest generation."""
        dream: Curve = []
        road: Curve = []
        for row in report.rows if report is not None else ():
            if row.dreams:
                dream.append((row.temperature, *_spread(row.dreams)))
            elif row.curve:
                dream.append((row.temperature, row.curve[-1], 0.0))
            if row.races:
                road.append((row.temperature, *_spread(row.rewarded)))
        self._curves = dream, road
        self._parting = None if report is None else report.parting()
        self._temperatures = () if report is None else tuple(row.temperature for row in report.rows)
        named = zip((self.tr("dream"), self.tr("real tracks")), self._curves, strict=True)
        words = [f"{name}: " + ", ".join(f"{mean:.0f}" for _, mean, _ in curve) for name, curve in named if curve]
        self.setAccessibleDescription("; ".join(words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 150)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = current_colors()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colors.surface))
        dream, road = self._curves
        if not dream:
            draw_empty_text(painter, QRectF(self.rect()), self.tr("Both curves appear here, as they come about."))
            painter.end()
            return
        projection = self._projection([*dream, *road])
        self._paint_parting(painter, projection)
        across = max(2, int(projection.box.width() // 70))
        up = max(2, int(projection.box.height() // 40))
        x, y = projection.x, projection.y
        paint_axes(painter, projection, axis_ticks(*x, across, log=False), axis_ticks(*y, up, log=False), colors)
        for curve, index, aside in ((dream, _DREAM, -_ASIDE), (road, _ROAD, _ASIDE)):
            self._paint_curve(painter, projection, curve, QColor(colors.curves[index]), aside)
        self._paint_words(painter)
        painter.end()

    def _projection(self, points: Sequence[tuple[float, float, float]]) -> Projection:
        low = min(0.0, *(mean - deviation for _, mean, deviation in points))
        high = max(1.0, *(mean + deviation for _, mean, deviation in points))
        first, last = min(self._temperatures), max(self._temperatures)
        room = max(0.05, (last - first) * 0.06)
        box = QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)
        return Projection((first - room, last + room), (low, high + 0.05 * (high - low)), box)

    def _paint_parting(self, painter: QPainter, projection: Projection) -> None:
        if self._parting is None:
            return
        left, right = projection.across(np.array(self._parting)).tolist()
        shade = QColor(current_colors().warning)
        shade.setAlphaF(0.18)
        box = projection.box
        painter.fillRect(QRectF(left, box.top(), right - left, box.height()), shade)

    def _paint_curve(
        self, painter: QPainter, projection: Projection, curve: Curve, color: QColor, aside: float
    ) -> None:
        if not curve:
            return
        values = np.array(curve, np.float64)
        x = projection.across(values[:, 0]) + aside
        y = projection.down(values[:, 1])
        paint_wide(painter, x, y, color, dashed=False)
        paint_dots(painter, [QPointF(*point) for point in np.stack([x, y], 1).tolist()], color, 3.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 1))
        ends = projection.down(values[:, 1] + values[:, 2]), projection.down(values[:, 1] - values[:, 2])
        for place, top, bottom in np.stack([x, *ends], 1).tolist():
            if bottom - top < 1:
                continue
            painter.drawLine(QPointF(place, top), QPointF(place, bottom))
            for end in (top, bottom):
                painter.drawLine(QPointF(place - _CAP, end), QPointF(place + _CAP, end))

    def _paint_words(self, painter: QPainter) -> None:
        colors, flags = current_colors(), Qt.AlignmentFlag
        painter.setPen(QColor(colors.muted))
        below = QRectF(_GAP, self.height() - 20, self.width() - 2 * _GAP, 18)
        whole = self.tr("rewarded decisions in a race, by the temperature of the dream")
        short = self.tr("rewarded decisions, by temperature")
        text = whole if painter.fontMetrics().horizontalAdvance(whole) <= below.width() else short
        painter.drawText(below, flags.AlignHCenter | flags.AlignVCenter, text)
        x = float(_LEFT)
        entries = [(self.tr("dream"), colors.curves[_DREAM]), (self.tr("real tracks"), colors.curves[_ROAD])]
        if self._parting is not None:
            entries.append((self.tr("they part"), colors.warning))
        for text, color in entries:
            painter.fillRect(QRectF(x, _TOP / 2 - 2, 14, 4), QColor(color))
            painter.setPen(QColor(colors.text))
            width = painter.fontMetrics().horizontalAdvance(text)
            painter.drawText(QRectF(x + 20, 2, width + 4, _TOP - 4), flags.AlignVCenter, text)
            x += width + 40


def _spread(values: Sequence[float]) -> tuple[float, float]:
    return float(np.mean(values)), float(np.std(values))
