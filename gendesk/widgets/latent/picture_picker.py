"""A dialog to choose one of many pictures."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gendesk.widgets.pictures.framed import FRAME, FramedPictures
from gendesk.widgets.pictures.picture import UInt8Array, checked_images, to_qimage

_ICON = 56  # logical pixels


class PicturePicker(QDialog):
    """Shows pictures, uint8 (count, height, width, 1 or 3); `picked` carries the number of the one that was taken."""

    picked = Signal(int)

    def __init__(self, title: str, pictures: UInt8Array, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(520, 480)
        self.list = QListWidget(self)
        self.list.setAccessibleName(title)
        self.list.setToolTip(self.tr("Choose a picture; a double click takes it"))
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setUniformItemSizes(True)
        self.list.setGridSize(QSize(_ICON + 2 * FRAME, _ICON + 2 * FRAME))
        self.list.setIconSize(QSize(_ICON, _ICON))
        self.list.setItemDelegate(FramedPictures(self.list))
        for number, picture in enumerate(checked_images(pictures)):
            item = QListWidgetItem(QIcon(QPixmap.fromImage(to_qimage(picture).scaled(_ICON, _ICON))), "")
            item.setToolTip(self.tr("Picture {number}").format(number=number + 1))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.itemDoubleClicked.connect(self.accept)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.list)
        column.addWidget(buttons)

    def accept(self) -> None:
        """Take the chosen picture."""
        if self.list.currentRow() >= 0:
            self.picked.emit(self.list.currentRow())
        super().accept()
