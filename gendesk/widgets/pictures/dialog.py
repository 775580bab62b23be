"""One picture shown as large and as crisp as fits: a plain view, and a window to leaf through many."""

from collections.abc import Callable, Mapping, Sequence
from math import floor
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from gendesk.errors import InputError
from gendesk.widgets.icons import icon
from gendesk.widgets.pictures.picture import UInt8Array, checked_images, enlarged, to_qimage, write_png
from gendesk.widgets.theme import current_colors


def device_painter(widget: QWidget) -> tuple[QPainter, float]:
    """Return a painter that counts in whole screen pixels, and how many of them make a logical pixel.

    Without this a fractional scale of the desktop (125 %) would smear pictures over neighbouring pixels.
    """
    painter = QPainter(widget)
    ratio = widget.devicePixelRatioF()
    place = painter.deviceTransform()
    painter.translate((round(place.dx()) - place.dx()) / ratio, (round(place.dy()) - place.dy()) / ratio)
    painter.scale(1 / ratio, 1 / ratio)
    return painter, ratio


def fitted(size: QSize, area: QSize) -> QSize:
    """Enlarge by the largest whole number that fits into an area, or shrink what is larger; in screen pixels."""
    factor = min(area.width() / max(1, size.width()), area.height() / max(1, size.height()))
    if factor >= 1:
        return size * floor(factor)
    return QSize(max(1, floor(size.width() * factor)), max(1, floor(size.height() * factor)))


def draw_picture(painter: QPainter, target: QRect, image: QImage) -> None:
    """Draw with hard pixels when enlarged and smoothly when shrunk; `painter` counts in screen pixels."""
    if target.width() * 2 < image.width():
        image = image.scaled(target.size(), mode=Qt.TransformationMode.SmoothTransformation)
    # Down to half the size two neighbours in each direction are enough, and that is several times faster.
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, target.width() < image.width())
    painter.drawImage(target, image)


def choose_file(parent: QWidget, title: str, name: str, suffix: str, chosen: Callable[[Path], None]) -> None:
    """Ask where to save without holding up the window; `suffix` is "png" or "gif"."""
    dialog = QFileDialog(parent, title, name, f"{suffix.upper()} (*.{suffix})")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.open()


class PictureView(QWidget):
    """Shows one picture with the largest whole-number zoom that fits, on a neutral ground."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._empty_text = ""
        self.setMinimumSize(64, 64)
        self.setAccessibleName(self.tr("Picture"))

    def set_picture(self, picture: UInt8Array | None) -> None:
        """Show a picture, uint8 (height, width, 1 or 3), or nothing."""
        self._image = None if picture is None else to_qimage(picture)
        self.update()

    def set_empty_text(self, text: str) -> None:
        """Set the sentence shown while there is no picture."""
        self._empty_text = text
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 240)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationPaletteChange):
            self.update()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, ratio = device_painter(self)
        area = QRect(0, 0, round(self.width() * ratio), round(self.height() * ratio))
        painter.fillRect(area.adjusted(0, 0, 1, 1), QColor(current_colors().picture_ground))
        if self._image is not None:
            size = fitted(self._image.size(), area.size())
            corner = QPoint((area.width() - size.width()) // 2, (area.height() - size.height()) // 2)
            draw_picture(painter, QRect(corner, size), self._image)
        elif self._empty_text:
            painter.resetTransform()
            draw_empty_text(painter, QRectF(self.rect()), self._empty_text)
        painter.end()


def draw_empty_text(painter: QPainter, area: QRectF, text: str) -> None:
    """Draw the sentence of an empty state in the middle; `painter` counts in logical pixels."""
    painter.setPen(QColor(current_colors().muted))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(area.adjusted(24, 16, -24, -16), flags, text)


class PictureDialog(QDialog):
    """A window beside the others that shows one picture of a stack; arrow keys lead to its neighbours."""

    index_changed = Signal(int)
    saved = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: UInt8Array = np.empty((0, 1, 1, 1), np.uint8)
        self._captions: Sequence[str] = ()
        self._metadata: Mapping[str, str] = {}
        self._index = 0
        self.setWindowTitle(self.tr("Picture"))
        self.setModal(False)
        self.resize(560, 620)
        self._view = PictureView()
        self._caption = QLabel()
        self._caption.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._message = QLabel()
        self._message.setProperty("role", "muted")
        self._message.setWordWrap(True)
        self._message.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self._view, 1)
        column.addWidget(self._message)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        self._previous, self._next = QToolButton(), QToolButton()
        for button, arrow, text, step in (
            (self._previous, Qt.ArrowType.LeftArrow, self.tr("Previous Picture"), -1),
            (self._next, Qt.ArrowType.RightArrow, self.tr("Next Picture"), 1),
        ):
            button.setArrowType(arrow)
            button.setAutoRaise(True)
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.clicked.connect(lambda _checked=False, step=step: self.show_index(self._index + step))
        copy = QPushButton(self.tr("Copy"))
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.clicked.connect(self.copy)
        save = QPushButton(icon("save"), self.tr("Save as PNG..."))
        save.setShortcut(QKeySequence.StandardKey.Save)
        save.clicked.connect(self._ask_where)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._previous)
        row.addWidget(self._next)
        row.addWidget(self._caption, 1)
        for action in (copy, save):
            action.setAutoDefault(False)
            row.addWidget(action)
        return row

    @property
    def index(self) -> int:
        return self._index

    def set_images(self, images: UInt8Array, captions: Sequence[str] = (), metadata: Mapping[str, str] = {}) -> None:
        """Replace the stack, uint8 (count, height, width, 1 or 3); the shown index stays where it can.

        `metadata` goes into saved files.
        """
        self._images, self._captions, self._metadata = checked_images(images), captions, metadata
        self.show_index(self._index)

    def show_index(self, index: int) -> None:
        """Show one picture; indices beyond the ends stop at them."""
        count = len(self._images)
        index = max(0, min(index, count - 1))
        changed, self._index = index != self._index, index
        self._view.set_picture(self._images[index] if count else None)
        height, width = self._images.shape[1:3]
        place = self.tr("{index} of {count}").format(index=f"{index + 1:,}", count=f"{count:,}")
        name = self._captions[index] if index < len(self._captions) else ""
        self._caption.setText(
            "  \N{MIDDLE DOT}  ".join(filter(None, (name, place, f"{width} \N{MULTIPLICATION SIGN} {height}")))
        )
        self._previous.setEnabled(index > 0)
        self._next.setEnabled(index < count - 1)
        if changed:
            self._message.hide()
            self.index_changed.emit(index)

    def copy(self) -> None:
        """Put the shown picture on the clipboard, one pixel per pixel."""
        if len(self._images):
            QGuiApplication.clipboard().setImage(to_qimage(self._images[self._index]))

    def save(self, path: Path, scale: int = 1) -> None:
        """Write the shown picture as PNG; failures are told in the window."""
        try:
            write_png(path, enlarged(self._images[self._index], scale), self._metadata)
        except InputError as error:
            self._message.setText(str(error))
        else:
            self._message.setText(self.tr("Saved as {name}").format(name=path.name))
            self.saved.emit(str(path))
        self._message.show()

    def _ask_where(self) -> None:
        if len(self._images):
            choose_file(self, self.tr("Save Picture"), f"picture-{self._index + 1}.png", "png", self.save)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self.show_index(self._index + step)
        elif event.key() == Qt.Key.Key_Home:
            self.show_index(0)
        elif event.key() == Qt.Key.Key_End:
            self.show_index(len(self._images) - 1)
        else:
            super().keyPressEvent(event)
