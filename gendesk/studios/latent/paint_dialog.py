"""A dialog to choose a picture in: one to paint on, or one to paint with."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.studios.own_picture import OwnPicture

_OFFERED = 60  # pictures to choose from at most


class PictureDialog(QDialog):
    """`taken` tells the picture, uint8 (height, width, channels), when the person has accepted one."""

    taken = Signal(object)

    def __init__(
        self, title: str, pictures: UInt8Array, captions: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.pictures = OwnPicture()
        height, width, channels = pictures.shape[1:]
        self.pictures.set_format(height, width, channels)
        self._problem = QLabel()
        self._problem.setProperty("role", "error")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        for part in (self.pictures, self._problem, self._buttons):
            column.addWidget(part)
        self.pictures.chosen.connect(self._refresh)
        self.pictures.failed.connect(self._tell)
        self.pictures.set_pictures(pictures, captions)
        self._refresh()
        self.resize(480, 360)

    def accept(self) -> None:
        picture = self.pictures.picture()
        if picture is not None:
            self.taken.emit(picture)
            super().accept()

    def _refresh(self) -> None:
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(self.pictures.picture() is not None)
        self._problem.hide()

    def _tell(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.show()


def offer(
    title: str, pictures: UInt8Array, captions: Sequence[str], take: Callable[[UInt8Array], None], parent: QWidget
) -> None:
    """Let a person choose a picture: one of those offered, uint8 (count, height, width, channels), or their own."""
    dialog = PictureDialog(title, pictures[:_OFFERED], captions, parent)
    dialog.taken.connect(take)
    dialog.open()
