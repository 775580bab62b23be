"""The code of a frame: for each number its mean and standard deviation, and the values that were drawn."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.plot.painting import paint_axes, paint_dots
from gendesk.widgets.plot.projection import Projection
from gendesk.widgets.plot.ticks import Ticks, axis_ticks
from gendesk.widgets.theme import changes_look, current_colors

_LEFT, _TOP, _RIGHT, _BOTTOM = 34, 8, 8, 20
_BAR = 0.36  # half the width of a bar, in numbers

Floats = NDArray[np.float32]


class CodeChart(QWidget):
    """Bars reach one standard deviation around the means; dots are codes that were drawn, the newest in full colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mu: Floats = np.zeros(0, np.float32)
        self._sigma: Floats = np.zeros(0, np.float32)
        self._codes: list[Floats] = []
        self.setMinimumSize(QSize(220, 110))
        self.setAccessibleName(self.tr("The code of the frame"))

    def show_code(self, mu: Floats, sigma: Floats, codes: list[Floats]) -> None:
        """Show means and standard deviations (latent_size,) and codes drawn, the newest last; empty shows nothing."""
        self._mu, self._sigma, self._codes = mu, sigma, codes
        self.setAccessibleDescription(self.tr("{0} numbers, {1} codes drawn").format(len(mu), len(codes)))
        self.update()

    def words(self, number: int) -> str:
        """Return mean, standard deviation and newest value of a number."""
        text = self.tr("z{0}: mean {1}, standard deviation {2}").format(
            number, f"{self._mu[number]:.2f}", f"{self._sigma[number]:.2f}"
        )
        return text if not self._codes else self.tr("{0}, drawn {1}").format(text, f"{self._codes[-1][number]:.2f}")

    def sizeHint(self) -> QSize:
        return QSize(420, 170)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and len(self._mu):
            box = self._box()
            number = int((event.pos().x() - box.left()) / max(1.0, box.width()) * len(self._mu))
            inside = 0 <= number < len(self._mu)
            QToolTip.showText(event.globalPos(), self.words(number) if inside else "", self)
            return True
        return super().event(event)

    def _box(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = current_colors()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colors.surface))
        if not len(self._mu):
            draw_empty_text(painter, QRectF(self.rect()), self.tr("The numbers of the frame's code appear here."))
            painter.end()
            return
        font = painter.font()
        font.setPointSizeF(0.9 * font.pointSizeF())
        painter.setFont(font)
        reach = max(2.0, *(float(np.abs(one).max()) for one in (self._mu, self._mu + self._sigma, *self._codes))) * 1.06
        projection = Projection((-0.5, len(self._mu) - 0.5), (-reach, reach), self._box())
        every = max(1, round(26 / (projection.box.width() / len(self._mu))))
        across = Ticks([(float(number), str(number)) for number in range(0, len(self._mu), every)], [])
        paint_axes(painter, projection, across, axis_ticks(-reach, reach, 5, log=False), colors)
        self._paint_bars(painter, projection)
        painter.end()

    def _paint_bars(self, painter: QPainter, projection: Projection) -> None:
        colors, numbers = current_colors(), np.arange(len(self._mu), dtype=np.float64)
        left, right = projection.across(numbers - _BAR), projection.across(numbers + _BAR)
        tops, bottoms = projection.down(self._mu + self._sigma), projection.down(self._mu - self._sigma)
        veil = QColor(colors.curves[0])
        veil.setAlphaF(0.28)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for x, end, top, bottom in np.stack([left, right, tops, bottoms], 1).tolist():
            painter.fillRect(QRectF(x, top, end - x, max(1.0, bottom - top)), veil)
        painter.setPen(QPen(QColor(colors.curves[0]), 2))
        for x, end, y in np.stack([left, right, projection.down(self._mu)], 1).tolist():
            painter.drawLine(QPointF(x, y), QPointF(end, y))
        middle = projection.across(numbers)
        for age, code in enumerate(reversed(self._codes[-12:])):
            color = QColor(colors.curves[1])
            color.setAlphaF(1.0 if age == 0 else 0.35)
            places = np.stack([middle, projection.down(code)], 1).tolist()
            paint_dots(painter, [QPointF(*place) for place in places], color, 2.5 if age == 0 else 1.8)
