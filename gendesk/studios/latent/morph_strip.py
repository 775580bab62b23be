"""The strip of a morph's stops: small pictures to choose, to drag into another order, and to move with keys."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.widgets.painting import draw_picture, fitted
from gendesk.widgets.pictures.picture import to_qimage
from gendesk.widgets.theme import changes_look, current_colors

_PICTURE = 56
_GAP = 8
_CELL = _PICTURE + _GAP
_LINE = 8  # height of the line that shows where the slider is


class MorphStrip(QWidget):
    """Pictures in a row. Left and right choose, with Ctrl they move; Delete removes, Ctrl+D duplicates."""

    chosen = Signal(int)
    moved = Signal(int, int)  # from, to: the number it has then
    removed = Signal(int)
    duplicated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: list[QImage | None] = []
        self._titles: tuple[str, ...] = ()
        self._place = 0.0
        self._pressed: QPointF | None = None
        self._dragged: float | None = None  # where the middle of the dragged picture is
        self.current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Pictures of the morph"))
        self.setToolTip(
            self.tr(
                "The morph goes through these pictures from left to right. Drag one to another place.\n"
                "Left and right choose, with Ctrl they move; Delete removes, Ctrl+D duplicates."
            )
        )

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return len(self._images)

    def set_stops(self, pictures: Sequence[UInt8Array | None], titles: Sequence[str]) -> None:
        """Show pictures uint8 (height, width, channels), None for one that is awaited."""
        if len(pictures) != len(self._images):
            self._dragged = self._pressed = None
        self._images = [None if one is None else to_qimage(one) for one in pictures]
        self._titles = tuple(titles)
        self.mark(self.current)
        self.setAccessibleDescription(", ".join(self._titles))
        self.updateGeometry()
        self.resize(self.sizeHint())
        self.update()

    def set_place(self, place: float) -> None:
        """Show where the slider is, counted in stops: 0.5 is in the middle between the first two."""
        self._place = place
        self.update()

    def choose(self, index: int) -> None:
        """Choose a picture, and tell it."""
        if 0 <= index < len(self._images):
            self.mark(index)
            self.chosen.emit(index)

    def mark(self, index: int) -> None:
        """Choose a picture without telling it."""
        self.current = min(max(index, 0), len(self._images) - 1)
        self.update()

    def cell(self, index: int) -> QRect:
        """Return where a picture lies."""
        return QRect(_GAP // 2 + index * _CELL, _GAP // 2, _PICTURE, _PICTURE)

    def sizeHint(self) -> QSize:
        return QSize(max(1, len(self._images)) * _CELL, _CELL + _LINE)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    # Painting

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        others = [index for index in range(len(self._images)) if index != self.current]
        for index in [*others, self.current] if self.current >= 0 else others:  # the dragged one lies on top
            self._paint_stop(painter, index)
        self._paint_place(painter)
        painter.end()

    def _paint_stop(self, painter: QPainter, index: int) -> None:
        colors, rect = current_colors(), self.cell(index)
        if self._dragged is not None:
            if index == self.current:
                rect.moveLeft(round(self._dragged) - _PICTURE // 2)
            else:
                rect.translate(self._gap_shift(index), 0)
        image = self._images[index]
        painter.fillRect(rect, QColor(colors.picture_ground))
        if image is not None:
            size = fitted(image.size(), rect.size())
            place = QRect(rect.left() + (rect.width() - size.width()) // 2, 0, size.width(), size.height())
            place.moveTop(rect.top() + (rect.height() - size.height()) // 2)
            draw_picture(painter, place, image)
        if index == self.current:
            strong = self.hasFocus() or self._dragged is not None
            painter.setPen(QPen(QColor(colors.accent if strong else colors.muted), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(rect).adjusted(-1, -1, 1, 1))

    def _gap_shift(self, index: int) -> int:
        """Return how far a picture makes way for the dragged one."""
        target = self._target()
        if self.current < index <= target:
            return -_CELL
        return _CELL if target <= index < self.current else 0

    def _paint_place(self, painter: QPainter) -> None:
        if len(self._images) < 2 or self._dragged is not None:
            return
        colors = current_colors()
        y = float(_CELL + _LINE / 2)
        first, last = (self.cell(index).center().x() for index in (0, len(self._images) - 1))
        here = first + self._place * _CELL
        painter.setPen(QPen(QColor(colors.border), 2))
        painter.drawLine(QPointF(first, y), QPointF(last, y))
        painter.setPen(QPen(QColor(colors.accent), 2))
        painter.drawLine(QPointF(first, y), QPointF(here, y))
        painter.setBrush(QColor(colors.accent))
        painter.drawEllipse(QPointF(here, y), 2.5, 2.5)

    # Mouse and keys

    def _target(self) -> int:
        """Return the number that the dragged picture would have."""
        middle = 0.0 if self._dragged is None else self._dragged
        return min(max(int(middle // _CELL), 0), len(self._images) - 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = int(event.position().x() // _CELL)
        if event.button() == Qt.MouseButton.LeftButton and 0 <= index < len(self._images):
            self._pressed = event.position()
            self.choose(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        far = abs(event.position().x() - self._pressed.x()) >= QApplication.startDragDistance()
        if far or self._dragged is not None:
            self._dragged = event.position().x()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        target, dragged = self._target(), self._dragged is not None
        self._pressed = self._dragged = None
        self.update()
        if dragged:
            self.move_current(target)

    def move_current(self, to: int) -> None:
        """Have the chosen picture moved to another place."""
        if 0 <= to < len(self._images) and to != self.current:
            origin, self.current = self.current, to
            self.moved.emit(origin, to)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if event.key() == Qt.Key.Key_Escape and self._dragged is not None:
            self._pressed = self._dragged = None
            self.update()
        elif self.current < 0:
            super().keyPressEvent(event)
        elif step and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.move_current(self.current + step)
        elif step:
            self.choose(self.current + step)
        elif event.matches(QKeySequence.StandardKey.Delete) or event.key() == Qt.Key.Key_Backspace:
            self.removed.emit(self.current)
        elif event.key() == Qt.Key.Key_D and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.duplicated.emit(self.current)
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.choose(0 if event.key() == Qt.Key.Key_Home else len(self._images) - 1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, _event: QEvent) -> None:
        self.update()

    def focusOutEvent(self, _event: QEvent) -> None:
        self.update()
