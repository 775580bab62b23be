"""The canvas: a picture that is painted on with mouse, pen or keys, and that shows what becomes of it."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.widgets.latent_paint.brush import Mask, covered
from gendesk.widgets.painting import device_painter, draw_empty_text, draw_picture, fitted
from gendesk.widgets.pictures.picture import UInt8Array, to_qimage
from gendesk.widgets.theme import changes_look, current_colors

_MARGIN = 4  # logical pixels around the picture, for the frame of the focus
_VEIL = 0.35  # opacity of a stroke while it is drawn
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_FAR = 8  # pixels of the picture that an arrow key moves the brush with Shift


class PaintCanvas(QWidget):
    """Shows a picture and tells strokes on it. Sizes and places are in pixels of the picture.

    The left button paints and Alt+click picks a colour; with the keyboard, arrows move the brush (Shift: further) and
    the space bar, held down, paints. [ and ] or Ctrl+wheel ask for another size.
    """

    stroke_began = Signal()
    stroke_grew = Signal(object)  # the whole stroke, a float32 mask (height, width) in 0..1
    stroke_ended = Signal()
    color_picked = Signal(str)  # "#RRGGBB"
    size_stepped = Signal(int)  # -1 for a smaller brush, 1 for a larger one

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.color = "#000000"  # of the veil over a stroke that is being drawn
        self._diameter = 8.0
        self._picture: UInt8Array | None = None
        self._image = QImage()
        self._empty_text = ""
        self._hover: tuple[float, float] | None = None
        self._mask: Mask | None = None
        self._stylus = (0.0, 0.0)
        self.setAccessibleName(self.tr("Canvas"))
        self.setToolTip(
            self.tr(
                "Paint with the left mouse button; Alt+click picks a colour, [ and ] change the brush's size.\n"
                "Arrow keys move the brush, and the space bar paints while it is held down."
            )
        )
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(128, 128)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    @property
    def picture(self) -> UInt8Array | None:
        """What is shown, uint8 (height, width, channels)."""
        return self._picture

    def set_picture(self, picture: UInt8Array | None) -> None:
        """Show a picture, uint8 (height, width, 1 or 3), or nothing. One of another size ends a stroke."""
        if self._mask is not None and (picture is None or picture.shape[:2] != self._mask.shape):
            self._end()
        self._picture = picture
        self._image = QImage() if picture is None else to_qimage(picture)
        self.update()

    @property
    def painting(self) -> bool:
        """Whether a stroke is being drawn."""
        return self._mask is not None

    def set_empty_text(self, text: str) -> None:
        """Set the sentence shown while there is no picture."""
        self._empty_text = text
        self.update()

    def set_diameter(self, pixels: float) -> None:
        """Choose the size of the brush."""
        self._diameter = pixels
        self.update()

    def area(self) -> QRectF:
        """Return where the picture lies, in logical pixels."""
        ratio = self.devicePixelRatioF()
        place = self._device_area(ratio)
        return QRectF(place.x() / ratio, place.y() / ratio, place.width() / ratio, place.height() / ratio)

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._picture is None:
            super().mousePressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._pick(self._place(event.position()))
        else:
            self._begin(self._place(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._picture is None:
            return
        place = self._place(event.position())
        self._hover = place
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._grow(place)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._end()
        else:
            super().mouseReleaseEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and turn:
            self.size_stepped.emit(1 if turn > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()
        super().leaveEvent(event)

    # The keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.text() in ("[", "]"):
            self.size_stepped.emit(1 if event.text() == "]" else -1)
        elif self._picture is None:
            super().keyPressEvent(event)
        elif key in _ARROWS:
            self._move_brush(*_ARROWS[key], far=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._begin(self._hover or self._middle())
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._end()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._end()
        self.update()
        super().focusOutEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    def _move_brush(self, across: int, down: int, *, far: bool) -> None:
        height, width = self._size()
        x, y = self._hover or self._middle()
        step = _FAR if far else 1
        self._hover = min(max(x + across * step, 0.0), width), min(max(y + down * step, 0.0), height)
        self._grow(self._hover)
        self.update()

    # The stroke

    def _begin(self, place: tuple[float, float]) -> None:
        self._mask = np.zeros(self._size(), np.float32)
        self._stylus = self._hover = place
        self.stroke_began.emit()
        self._grow(place)

    def _grow(self, place: tuple[float, float]) -> None:
        if self._mask is None:
            return
        piece = covered(*self._size(), self._stylus, place, self._diameter)
        self._stylus = place
        if (piece > self._mask).any():
            self._mask = np.maximum(self._mask, piece)
            self.stroke_grew.emit(self._mask)
        self.update()

    def _end(self) -> None:
        if self._mask is not None:
            self._mask = None
            self.stroke_ended.emit()
            self.update()

    def _pick(self, place: tuple[float, float]) -> None:
        assert self._picture is not None
        height, width = self._size()
        x, y = int(place[0]), int(place[1])
        if 0 <= x < width and 0 <= y < height:
            levels = self._picture[y, x].tolist()
            self.color_picked.emit("#{:02X}{:02X}{:02X}".format(*(levels if len(levels) == 3 else levels * 3)))

    def _size(self) -> tuple[int, int]:
        assert self._picture is not None
        return self._picture.shape[0], self._picture.shape[1]

    def _middle(self) -> tuple[float, float]:
        height, width = self._size()
        return width / 2, height / 2

    def _place(self, position: QPointF) -> tuple[float, float]:
        area = self.area()
        scale = area.width() / max(1, self._image.width())
        return (position.x() - area.x()) / scale, (position.y() - area.y()) / scale

    # Painting

    def _device_area(self, ratio: float) -> QRect:
        room = QSize(round(self.width() * ratio), round(self.height() * ratio))
        margin = round(2 * _MARGIN * ratio)
        size = fitted(self._image.size(), QSize(max(1, room.width() - margin), max(1, room.height() - margin)))
        return QRect((room.width() - size.width()) // 2, (room.height() - size.height()) // 2, *size.toTuple())

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, ratio = device_painter(self)
        colors = current_colors()
        room = QRect(0, 0, round(self.width() * ratio) + 1, round(self.height() * ratio) + 1)
        painter.fillRect(room, QColor(colors.picture_ground))
        if self._picture is None:
            painter.resetTransform()
            draw_empty_text(painter, QRectF(self.rect()), self._empty_text)
        else:
            target = self._device_area(ratio)
            draw_picture(painter, target, self._image)
            self._draw_stroke(painter, target)
            edge = QColor(colors.accent if self.hasFocus() else colors.border)
            painter.setPen(QPen(edge, round(2 * ratio)))
            painter.drawRect(target.adjusted(-1, -1, 0, 0))
        painter.end()

    def _draw_stroke(self, painter: QPainter, target: QRect) -> None:
        """Draw the veil of the stroke, and the brush as a ring that is seen on light and on dark."""
        if self._mask is not None:
            draw_picture(painter, target, _veil(self._mask, QColor(self.color)))
        if self._hover is None:
            return
        scale = target.width() / self._image.width()
        centre = QPointF(target.topLeft()) + QPointF(*self._hover) * scale
        radius = max(self._diameter, 1.0) / 2 * scale
        painter.save()
        painter.setClipRect(target)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for color, wider in (("#000000", 0.0), ("#FFFFFF", 1.0)):
            painter.setPen(QPen(QColor(color), 1))
            painter.drawEllipse(centre, radius + wider, radius + wider)
        painter.restore()


def _veil(mask: Mask, color: QColor) -> QImage:
    """Return a mask as a transparent picture in one colour."""
    height, width = mask.shape
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[..., :3] = color.blue(), color.green(), color.red()
    pixels[..., 3] = mask * (_VEIL * 255)
    return QImage(pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32).copy()
