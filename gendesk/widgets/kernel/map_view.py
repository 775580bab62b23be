"""A picture or a map of numbers, pixel by pixel, with a window outlined on it and zeros around it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gendesk.widgets.kernel.colors import grey_colors, signed_colors
from gendesk.widgets.painting import device_painter
from gendesk.widgets.pictures.picture import to_qimage
from gendesk.widgets.theme import changes_look, current_colors

# A whole zoom factor is used where it fills this much of the room: below, the picture would get too small to point at.
_ENOUGH = 0.93
_EDGE = 3

Zeros = tuple[tuple[int, int], tuple[int, int]]


class MapView(QWidget):
    """Shows one picture, or numbers in colours.

    `pointed` carries row and column under the mouse, `picked` those of a click or drag, `left` that the mouse is gone,
    and `moved` the rows and columns of an arrow key (ten with Shift). `play` comes with the space bar.
    """

    pointed = Signal(int, int)
    picked = Signal(int, int)
    left = Signal()
    moved = Signal(int, int)
    play = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: NDArray[np.floating] | None = None
        self._limit = 1.0
        self._image: QImage | None = None
        self._zeros: Zeros = ((0, 0), (0, 0))
        self._window = (0, 0, 0)  # top, left, side
        self._shown = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def set_picture(self, picture: NDArray[np.uint8], zeros: Zeros = ((0, 0), (0, 0))) -> None:
        """Show uint8 (height, width, 1 or 3) with so many rows (before, after) and columns of zeros around it."""
        self._values, self._zeros = None, zeros
        self._image = to_qimage(picture)
        self.update()

    def set_values(self, values: NDArray[np.floating], limit: float) -> None:
        """Show numbers (height, width): in two colours up to `limit` if some are negative, else in grey."""
        self._values, self._limit = values, limit
        self._color()

    def set_window(self, top: int, left: int, side: int) -> None:
        """Outline a square; it may lie in the zeros. With a side of 0 there is none."""
        if (top, left, side) != self._window:
            self._window = top, left, side
            self.update()

    def set_shown(self, count: int) -> None:
        """Show only the first `count` pixels, row by row, as if the others were not computed yet; -1 shows all."""
        if count != self._shown:
            self._shown = count
            self.update()

    def pixel_rect(self, row: int, column: int, side: int = 1) -> QRectF:
        """Return where a square of pixels lies in the widget, in logical pixels."""
        area, ratio = self._area(), self.devicePixelRatioF()
        rect = self._square(area, row, column, side)
        return QRectF(rect.left() / ratio, rect.top() / ratio, rect.width() / ratio, rect.height() / ratio)

    def sizeHint(self) -> QSize:
        return QSize(260, 260)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 96)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image is None:
            return
        colors = current_colors()
        painter, ratio = device_painter(self)
        area = self._area()
        self._paint_zeros(painter, area)
        corner, far = self._square(area, 0, 0), self._square(area, self._image.height() - 1, self._image.width() - 1)
        painter.drawImage(corner.united(far), self._image)
        if self._shown >= 0:
            self._cover(painter, area)
        if self._window[2]:
            rect = self._square(area, *self._window)
            width = max(1, round(ratio))
            for color, out in ((colors.surface, 2 * width), (colors.accent, width)):
                painter.setPen(QPen(QColor(color), 2 * width))
                painter.drawRect(rect.adjusted(-out, -out, out - 1, out - 1))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colors.accent), max(1, round(ratio))))
            painter.drawRect(area.adjusted(-2, -2, 1, 1))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pixel = self._pixel_at(event.position())
        if pixel is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.picked.emit(*pixel)
        elif pixel is not None:
            self.pointed.emit(*pixel)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        pixel = self._pixel_at(event.position())
        if pixel is not None and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(*pixel)

    def leaveEvent(self, event: QEvent) -> None:
        self.left.emit()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        length = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        moves = {
            Qt.Key.Key_Left: (0, -length),
            Qt.Key.Key_Right: (0, length),
            Qt.Key.Key_Up: (-length, 0),
            Qt.Key.Key_Down: (length, 0),
        }
        key = Qt.Key(event.key())
        if key in moves:
            self.moved.emit(*moves[key])
        elif key == Qt.Key.Key_Space:
            self.play.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self._color()

    def _color(self) -> None:
        if self._values is not None:
            colored = signed_colors if self._values.min() < 0 else grey_colors
            self._image = to_qimage(colored(self._values, self._limit))
        self.update()

    def _area(self) -> QRect:
        """Return where the pixels and the zeros around them lie, in screen pixels."""
        ratio = self.devicePixelRatioF()
        width, height = (round(length * ratio) - 2 * _EDGE for length in (self.width(), self.height()))
        rows, columns = self._extent()
        zoom = min(width / columns, height / rows)
        if int(zoom) >= _ENOUGH * zoom:
            zoom = int(zoom)
        wide, high = round(columns * zoom), round(rows * zoom)
        return QRect(_EDGE + (width - wide) // 2, _EDGE, wide, high)

    def _extent(self) -> tuple[int, int]:
        image = self._image
        if image is None:
            return 1, 1
        return image.height() + sum(self._zeros[0]), image.width() + sum(self._zeros[1])

    def _square(self, area: QRect, row: int, column: int, side: int = 1) -> QRect:
        """Return a square of pixels, in screen pixels."""
        rows, columns = self._extent()
        row, column = row + self._zeros[0][0], column + self._zeros[1][0]
        top, bottom = (area.top() + round(place * area.height() / rows) for place in (row, row + side))
        left, right = (area.left() + round(place * area.width() / columns) for place in (column, column + side))
        return QRect(left, top, right - left, bottom - top)

    def _paint_zeros(self, painter: QPainter, area: QRect) -> None:
        colors = current_colors()
        painter.fillRect(area, QColor(colors.picture_ground))
        if any(map(any, self._zeros)):
            painter.fillRect(area, QColor("#000000"))
            painter.fillRect(area, Qt.BrushStyle.Dense6Pattern)

    def _cover(self, painter: QPainter, area: QRect) -> None:
        """Hide what has not been computed yet: the rest of one row, and all rows below."""
        rows, columns = self._extent()
        row, column = divmod(self._shown, columns)
        ground = QColor(current_colors().picture_ground)
        if row < rows and column < columns:
            start, end = self._square(area, row, column), self._square(area, row, columns - 1)
            painter.fillRect(start.united(end), ground)
        if row + 1 < rows:
            below = self._square(area, row + 1, 0).united(self._square(area, rows - 1, columns - 1))
            painter.fillRect(below, ground)

    def _pixel_at(self, place: QPointF) -> tuple[int, int] | None:
        """Return row and column of the picture's pixel at a place; None outside it and in the zeros."""
        if self._image is None:
            return None
        ratio, area = self.devicePixelRatioF(), self._area()
        rows, columns = self._extent()
        row = int((place.y() * ratio - area.top()) // (area.height() / rows)) - self._zeros[0][0]
        column = int((place.x() * ratio - area.left()) // (area.width() / columns)) - self._zeros[1][0]
        inside = 0 <= row < self._image.height() and 0 <= column < self._image.width()
        return (row, column) if inside else None
