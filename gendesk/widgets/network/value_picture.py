"""One picture, as large as there is room, that tells which of its pixels is meant."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.widgets.painting import device_painter, draw_empty_text, draw_picture, fitted
from gendesk.widgets.pictures.picture import UInt8Array, to_qimage
from gendesk.widgets.theme import changes_look, current_colors


class ValuePicture(QWidget):
    """Shows a picture with hard pixels. The mouse or the arrow keys choose a pixel; what it holds, others know."""

    pointed = Signal(int, int)  # row and column, or -1 and -1
    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty_text = ""
        self._image: QImage | None = None
        self._size = QSize(1, 1)
        self._pixel: tuple[int, int] | None = None
        self._at_top = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def pixel(self) -> tuple[int, int] | None:
        """The row and column that is pointed at."""
        return self._pixel

    def set_picture(self, picture: UInt8Array | None) -> None:
        """Show a picture uint8 (height, width, 1 or 3), or nothing."""
        self._image = None if picture is None else to_qimage(picture)
        size = QSize(1, 1) if self._image is None else self._image.size()
        if size != self._size:
            self._size = size
            self._point(None)
        self.update()

    def set_at_top(self, at_top: bool) -> None:
        """Place the picture at the upper edge instead of in the middle."""
        self._at_top = at_top
        self.update()

    def picture_rect(self) -> QRect:
        """Where the picture lies, in screen pixels."""
        area = self.size() * self.devicePixelRatioF()
        size = fitted(self._size, area)
        top = 0 if self._at_top else (area.height() - size.height()) // 2
        return QRect(QPoint((area.width() - size.width()) // 2, top), size)

    def sizeHint(self) -> QSize:
        return QSize(96, 96)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, 64)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, ratio = device_painter(self)
        if self._image is None:
            painter.scale(ratio, ratio)
            draw_empty_text(painter, self.rect().toRectF(), self.empty_text)
        else:
            rect = self.picture_rect()
            draw_picture(painter, rect, self._image)
            if self._pixel is not None:
                self._paint_frame(painter, rect, self._pixel, ratio)
        painter.end()

    def _paint_frame(self, painter: QPainter, rect: QRect, pixel: tuple[int, int], ratio: float) -> None:
        row, column = pixel
        across, down = rect.width() / self._size.width(), rect.height() / self._size.height()
        place = QRect(
            round(rect.left() + column * across),
            round(rect.top() + row * down),
            max(2, round(across)),
            max(2, round(down)),
        )
        for color, grown in ((current_colors().surface, 1), (current_colors().accent, 0)):
            painter.setPen(QPen(QColor(color), max(1, round(ratio)), j=Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(place.adjusted(-grown, -grown, grown - 1, grown - 1))

    def pixel_at(self, place: QPointF) -> tuple[int, int] | None:
        """Return row and column of the pixel at a place in logical pixels."""
        rect = self.picture_rect()
        inside = place * self.devicePixelRatioF() - QPointF(rect.topLeft())
        row, column = inside.y() * self._size.height() // rect.height(), inside.x() * self._size.width() // rect.width()
        if self._image is None or not (0 <= row < self._size.height() and 0 <= column < self._size.width()):
            return None
        return int(row), int(column)

    def _point(self, pixel: tuple[int, int] | None) -> None:
        if pixel != self._pixel:
            self._pixel = pixel
            self.pointed.emit(*(pixel or (-1, -1)))
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self.pixel_at(event.position()))

    def leaveEvent(self, _event: QEvent) -> None:
        self._point(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._point(None)
        super().focusOutEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        move = moves.get(Qt.Key(event.key()))
        if move is None or self._image is None:
            super().keyPressEvent(event)
            return
        row, column = self._pixel or (self._size.height() // 2, self._size.width() // 2)
        self._point(
            (
                max(0, min(self._size.height() - 1, row + move[0])),
                max(0, min(self._size.width() - 1, column + move[1])),
            )
        )

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)
