"""All frames of a morph side by side, above those of the plain cross-fade."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.widgets.painting import device_painter, draw_picture
from gendesk.widgets.pictures.picture import to_qimage
from gendesk.widgets.theme import changes_look, current_colors

_SIDE = 40

Picture = Callable[[int], UInt8Array | None]


class MorphFilm(QWidget):
    """Shows as many frames as fit, evenly spread, in two rows; a press or a drag goes to a frame."""

    chosen = Signal(int)

    def __init__(self, above: Picture, below: Picture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = above, below
        self._count = 0
        self._position = 0
        self._images: dict[tuple[int, int], QImage] = {}  # by row and frame, those that have been painted
        self.setFixedHeight(2 * _SIDE + 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("All steps of the morph"))
        self.setToolTip(
            self.tr("Above what the model draws on the way, below the two pictures mixed; press or drag to go there")
        )

    def set_count(self, count: int) -> None:
        """Take the number of frames; their pictures are asked for anew when they are painted."""
        self._count = count
        self._images.clear()
        self.update()

    def go_to(self, position: int) -> None:
        """Mark the frame that is shown."""
        self._position = position
        self.update()

    def frames_shown(self) -> list[int]:
        """Return the frames that fit, from the first to the last."""
        if self._count <= self._fitting:
            return list(range(self._count))
        return [round(index * (self._count - 1) / (self._fitting - 1)) for index in range(self._fitting)]

    @property
    def _fitting(self) -> int:
        return max(2, self.width() // _SIDE)

    @property
    def _pitch(self) -> float:
        """The distance of two pictures in logical pixels: where all room is needed, they are spread over it."""
        return self.width() / self._fitting if self._count > self._fitting else _SIDE

    def sizeHint(self) -> QSize:
        return QSize(8 * _SIDE, 2 * _SIDE + 1)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, ratio = device_painter(self)
        colors = current_colors()
        side, pitch = round(_SIDE * ratio), self._pitch * ratio
        shown = self.frames_shown()
        for column, frame in enumerate(shown):
            for row in range(len(self._rows)):
                rect = QRect(round(column * pitch), row * (side + 1), side - 1, side)
                image = self._image(row, frame)
                if image is None:
                    painter.fillRect(rect, QColor(colors.picture_ground))
                else:
                    draw_picture(painter, rect, image)
        if shown:
            here = min(range(len(shown)), key=lambda column: abs(shown[column] - self._position))
            painter.setPen(QPen(QColor(colors.accent), max(2.0, 2 * ratio)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(round(here * pitch), 0, side - 1, 2 * side + 1).adjusted(1, 1, -1, -1))
        painter.end()

    def _image(self, row: int, frame: int) -> QImage | None:
        if (row, frame) not in self._images:
            picture = self._rows[row](frame)
            if picture is None:
                return None
            self._images[row, frame] = to_qimage(picture)
        return self._images[row, frame]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def _go(self, event: QMouseEvent) -> None:
        shown = self.frames_shown()
        if shown:
            self.chosen.emit(shown[min(max(int(event.position().x() // self._pitch), 0), len(shown) - 1)])
