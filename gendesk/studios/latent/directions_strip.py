"""What one direction does: the present picture with strengths from -4 to 4, to look at and to click."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.widgets.painting import device_painter, draw_picture, fitted
from gendesk.widgets.pictures.picture import to_qimage
from gendesk.widgets.theme import changes_look, current_colors

STRENGTHS = (-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0)
"""The columns of Foster, Generative Deep Learning, 1st edition, figure 3.21; 0 is the original."""

_GAP = 2  # logical pixels between pictures
_LARGEST = 128  # of the side of a picture


class DirectionStrip(QWidget):
    """Pictures side by side with their strengths below; `chosen` carries the strength of the one that is clicked."""

    chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: list[QImage] = []
        self._strength = 0.0
        self.setMinimumWidth(200)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("What the direction does"))
        self.setToolTip(
            self.tr("The chosen direction with strengths from \N{MINUS SIGN}4 to 4; click a picture to go there")
        )

    def set_pictures(self, pictures: UInt8Array | None) -> None:
        """Show one picture for each of STRENGTHS, uint8 (9, height, width, channels), or none."""
        self._images = [] if pictures is None else [to_qimage(one) for one in pictures]
        self.update()

    def set_strength(self, strength: float) -> None:
        """Mark where the slider is."""
        self._strength = strength
        self.update()

    @property
    def count(self) -> int:
        """How many pictures are shown."""
        return len(self._images)

    def cell(self, index: int) -> QRect:
        """Return where a picture lies, its number included."""
        side, line = self._side, self.fontMetrics().height()
        left = (self.width() - len(STRENGTHS) * (side + _GAP) + _GAP) // 2
        return QRect(left + index * (side + _GAP), 2, side, side + line)

    @property
    def _side(self) -> int:
        return max(8, min(_LARGEST, self.width() // len(STRENGTHS) - _GAP))

    def sizeHint(self) -> QSize:
        return QSize(360, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setFixedHeight(self._side + self.fontMetrics().height() + 4)
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, ratio = device_painter(self)
        for index, strength in enumerate(STRENGTHS):
            self._paint_picture(painter, ratio, index)
            self._paint_number(painter, ratio, index, strength)
        painter.end()

    def _paint_picture(self, painter: QPainter, ratio: float, index: int) -> None:
        cell, side = self.cell(index), self._side
        area = QRect(*(round(value * ratio) for value in (cell.left(), cell.top(), side, side)))
        painter.fillRect(area, QColor(current_colors().picture_ground))
        if index < len(self._images):
            size = fitted(self._images[index].size(), area.size())
            place = QRect(area.topLeft(), size)
            place.moveCenter(area.center())
            draw_picture(painter, place, self._images[index])

    def _paint_number(self, painter: QPainter, ratio: float, index: int, strength: float) -> None:
        colors, cell = current_colors(), self.cell(index)
        here = bool(self._images) and abs(strength - self._strength) < 0.5
        painter.save()
        painter.scale(ratio, ratio)
        painter.setPen(QColor(colors.text if here else colors.muted))
        text = f"{strength:+.0f}".replace("-", "\N{MINUS SIGN}") if strength else "0"
        area = QRectF(cell).adjusted(-_GAP, self._side, _GAP, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
        if here:
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.drawRect(QRectF(cell.left(), cell.top(), self._side, self._side))
        painter.restore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for index, strength in enumerate(STRENGTHS):
            if event.button() == Qt.MouseButton.LeftButton and self.cell(index).contains(event.position().toPoint()):
                self._choose(strength)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self._choose(min(max(round(self._strength) + step, STRENGTHS[0]), STRENGTHS[-1]))
        else:
            super().keyPressEvent(event)

    def _choose(self, strength: float) -> None:
        if self._images:
            self.chosen.emit(strength)
