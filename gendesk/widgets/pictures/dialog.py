"""A window to look at one picture of many, and to leaf through the others."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from gendesk.errors import InputError
from gendesk.widgets.export import choose_file
from gendesk.widgets.icons import icon
from gendesk.widgets.pictures.files import write_png
from gendesk.widgets.pictures.picture import UInt8Array, checked_images, enlarged, to_qimage
from gendesk.widgets.pictures.view import PictureView


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
            choose_file(self, self.tr("Save Picture"), f"picture-{self._index + 1}.png", self.save)

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
