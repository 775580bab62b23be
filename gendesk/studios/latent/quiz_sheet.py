"""A sheet of pictures on which a person marks those that are not real."""

import math

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.engine.latent.quiz import IN_COLUMN
from gendesk.widgets.painting import device_painter, draw_picture, fitted
from gendesk.widgets.pictures.picture import UInt8Array, to_qimage
from gendesk.widgets.theme import changes_look, current_colors

_GAP = 8  # logical pixels between pictures, where the frame of a mark finds room
_FRAME = 4
_BADGE = 16


class QuizSheet(QWidget):
    """Click a picture to mark it, or go with the arrow keys and press Space; once more takes the mark away."""

    changed = Signal()

    between = _GAP  # logical pixels between columns

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: list[QImage] = []
        self._current = 0
        self.marked: set[int] = set()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Pictures to mark"))
        self.setToolTip(self.tr("Click what you take for generated; arrow keys and Space do the same"))
        self.setMinimumSize(200, 200)

    @property
    def letter(self) -> str:
        """What a mark says."""
        return self.tr("G", "mark of a generated picture")

    def sizeHint(self) -> QSize:
        return QSize(360, 360)

    def set_pictures(self, pictures: UInt8Array) -> None:
        """Show pictures, uint8 (count, height, width, 1 or 3), none of them marked."""
        self._images = [to_qimage(picture) for picture in pictures]
        self._current = 0
        self.marked = set()
        self.changed.emit()
        self.update()

    def toggle(self, index: int) -> None:
        """Mark a picture, or take the mark away."""
        self._current = index
        self.marked ^= {index}
        self.changed.emit()
        self.update()

    @property
    def _columns(self) -> int:
        """As many as let the pictures be largest."""
        count = len(self._images)
        return max(range(1, count + 1), key=self._room, default=1)

    def _room(self, columns: int) -> float:
        rows, image = math.ceil(len(self._images) / columns), self._images[0]
        across, down = self.width() / columns - self.between, self.height() / rows - _GAP
        return min(across / image.width(), down / image.height())

    def place(self, index: int) -> QRect:
        """Return where a picture is drawn, in whole screen pixels."""
        ratio, columns, image = self.devicePixelRatioF(), self._columns, self._images[0]
        rows, gap, between = math.ceil(len(self._images) / columns), round(_GAP * ratio), round(self.between * ratio)
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        size = fitted(image.size(), QSize(width // columns - between, height // rows - gap))
        left = (width - columns * (size.width() + between) + between) // 2
        top = (height - rows * (size.height() + gap) + gap) // 2
        row, column = divmod(index, columns)
        return QRect(QPoint(left + column * (size.width() + between), top + row * (size.height() + gap)), size)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, ratio = device_painter(self)
        area = QRect(0, 0, round(self.width() * ratio) + 1, round(self.height() * ratio) + 1)
        painter.fillRect(area, QColor(current_colors().picture_ground))
        for index, image in enumerate(self._images):
            self._paint_picture(painter, ratio, index, image)
        painter.end()

    def _paint_picture(self, painter: QPainter, ratio: float, index: int, image: QImage) -> None:
        place, colors = self.place(index), current_colors()
        draw_picture(painter, place, image)
        if index in self.marked:
            self._frame(painter, place, colors.warning, _FRAME * ratio)
            badge = QRect(place.topLeft(), QSize(_BADGE, _BADGE) * ratio)
            painter.fillRect(badge, QColor(colors.warning))
            painter.setPen(QColor(colors.surface))
            font = self.font()
            font.setPixelSize(round(0.7 * badge.height()))
            font.setBold(True)
            painter.setFont(font)
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, self.letter)
        if index == self._current and self.hasFocus():
            self._frame(painter, place, colors.accent, 2 * ratio)

    def _frame(self, painter: QPainter, place: QRect, color: str, width: float) -> None:
        half = round(width / 2)
        painter.setPen(QPen(QColor(color), width, j=Qt.PenJoinStyle.MiterJoin))
        painter.drawRect(place.adjusted(-half, -half, half - 1, half - 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            point = (event.position() * self.devicePixelRatioF()).toPoint()
            for index in range(len(self._images)):
                if self.place(index).contains(point):
                    self.toggle(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._columns
        steps = {
            Qt.Key.Key_Left.value: -1,
            Qt.Key.Key_Right.value: 1,
            Qt.Key.Key_Up.value: -columns,
            Qt.Key.Key_Down.value: columns,
        }
        if event.key() == Qt.Key.Key_Space and self._images:
            self.toggle(self._current)
        elif event.key() in steps:
            target = self._current + steps[event.key()]
            if 0 <= target < len(self._images):
                self._current = target
                self.update()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)


class ColumnSheet(QuizSheet):
    """Three rows of pictures, one of each column to be marked: another mark in a column takes the first one away."""

    between = 24

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(self.tr("Click what you take for real in each column; arrow keys and Space do the same"))

    @property
    def letter(self) -> str:
        return self.tr("R", "mark of a real picture")

    @property
    def columns(self) -> int:
        return max(1, len(self._images) // IN_COLUMN)

    @property
    def _columns(self) -> int:
        return self.columns

    def toggle(self, index: int) -> None:
        self.marked = {one for one in self.marked if one == index or (one - index) % self.columns}
        super().toggle(index)
