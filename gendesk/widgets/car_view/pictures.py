"""The pictures of a race side by side, each as large as whole pixels allow."""

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gendesk.widgets.car_view.frame import Frame
from gendesk.widgets.painting import device_painter, draw_empty_text, draw_picture, fitted
from gendesk.widgets.pictures.picture import to_qimage
from gendesk.widgets.theme import changes_look, current_colors

_GAP = 8  # logical pixels between pictures and around them
_NOTE_MARGIN = 8
_LEAST = 96


class PictureRow(QWidget):
    """Draws the pictures of a frame in a row on a neutral ground, with their titles above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: list[tuple[str, QImage]] = []
        self._note = ""
        self._empty_text = ""
        self.setMinimumSize(_LEAST, _LEAST)

    def show_frame(self, frame: Frame | None) -> None:
        """Show the pictures of a frame, or none."""
        self._images = [(one.title, to_qimage(one.pixels)) for one in frame.pictures] if frame is not None else []
        self._note = frame.note if frame is not None else ""
        self.update()

    def set_empty_text(self, text: str) -> None:
        """Set the sentence shown while there are no pictures."""
        self._empty_text = text
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, 300)

    def zoom_in(self, size: QSize, count: int, side: int = 64) -> int:
        """Return by what whole number so many pictures of `side` pixels would be enlarged in a row of some size."""
        width, height = self._cell(size, count)
        return max(0, min(width, height) // side)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)

    def _cell(self, size: QSize, count: int) -> tuple[int, int]:
        """Return the width and the height that each of so many pictures has, in logical pixels."""
        return (size.width() - _GAP * (count + 1)) // max(1, count), size.height() - 2 * _GAP - self._title_height()

    def _title_height(self) -> int:
        return QFontMetrics(self.font()).height() + 4

    def _title_width(self, title: str) -> int:
        return QFontMetrics(self.font()).horizontalAdvance(title) + 1

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, ratio = device_painter(self)
        area = QRect(0, 0, round(self.width() * ratio), round(self.height() * ratio))
        painter.fillRect(area.adjusted(0, 0, 1, 1), QColor(current_colors().picture_ground))
        places = self._places(ratio)
        for (_, image), place in zip(self._images, places, strict=True):
            draw_picture(painter, place, image)
        painter.resetTransform()
        if not self._images:
            draw_empty_text(painter, QRectF(self.rect()), self._empty_text)
        for (title, _), place in zip(self._images, places, strict=True):
            self._draw_title(painter, title, place, ratio)
        if self._note and places:
            self._draw_note(painter, places, ratio)
        painter.end()

    def _places(self, ratio: float) -> list[QRect]:
        """Return where the pictures lie, in screen pixels: together in the middle, with room for titles above."""
        count = len(self._images)
        width, height = (round(length * ratio) for length in self._cell(self.size(), count))
        gap, head = round(_GAP * ratio), round(self._title_height() * ratio)
        sizes = [fitted(image.size(), QSize(max(1, width), max(1, height))) for _, image in self._images]
        # Small pictures stand as far apart as their titles need.
        titles = [min(width, round(self._title_width(title) * ratio)) for title, _ in self._images]
        rooms = [max(size.width(), title) for size, title in zip(sizes, titles, strict=True)]
        left = (round(self.width() * ratio) - sum(rooms) - gap * (count - 1)) // 2
        places = []
        for size, room in zip(sizes, rooms, strict=True):
            top = head + (round(self.height() * ratio) - head - size.height()) // 2
            places.append(QRect(QPoint(left + (room - size.width()) // 2, top), size))
            left += room + gap
        return places

    def _draw_title(self, painter: QPainter, title: str, place: QRect, ratio: float) -> None:
        head = self._title_height()
        room = min(self._cell(self.size(), len(self._images))[0], self._title_width(title))
        width = max(place.width() / ratio, room)
        left = (place.left() + place.width() / 2) / ratio - width / 2
        where = QRectF(left, place.top() / ratio - head, width, head)
        text = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, int(where.width()))
        painter.setPen(QColor(current_colors().text))
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_note(self, painter: QPainter, places: list[QRect], ratio: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(_NOTE_MARGIN, 0, -_NOTE_MARGIN, 0)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        box = painter.boundingRect(room, flags, self._note)
        middle = sum(place.center().y() for place in places) / len(places) / ratio
        box.moveCenter(QRectF(room.left(), middle, room.width(), 0).center())
        colors = current_colors()
        painter.setPen(QColor(colors.border))
        painter.setBrush(QColor(colors.surface))
        painter.drawRoundedRect(box.adjusted(-12, -6, 12, 6), 4, 4)
        painter.setPen(QColor(colors.text))
        painter.drawText(box, flags, self._note)
