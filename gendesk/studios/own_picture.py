"""Where a studio gets a picture from: one that is handed over, a drawing, or a person's own file."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QIcon, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gendesk.data.dataset import UInt8Array
from gendesk.studios.picture_file import PictureFilePage
from gendesk.widgets.dropping import dropped_files
from gendesk.widgets.pictures.drawing import DrawingPad
from gendesk.widgets.pictures.framed import FramedPictures
from gendesk.widgets.pictures.picture import checked_images, to_qimage
from gendesk.widgets.pictures.view import PictureView

_ICON = 48  # logical pixels
_PREVIEW = 88


class OwnPicture(QWidget):
    """Three ways to a picture of a model's size. `chosen` tells every change, with None when there is none any more.

    `failed` tells in one sentence why a file cannot be used. Pictures are uint8 (height, width, channels).
    """

    chosen = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._format = (28, 28, 1)
        self._pictures: UInt8Array = np.empty((0, *self._format), np.uint8)
        self._captions: tuple[str, ...] = ()
        self._told: UInt8Array | None = None
        self.setAccessibleName(self.tr("Own picture"))
        self.setAcceptDrops(True)
        self.strip = self._make_strip()
        self.strip.currentRowChanged.connect(self._tell)
        self.pad = DrawingPad()
        self.pad.changed.connect(self._tell)
        self.file = PictureFilePage()
        self.file.changed.connect(self._tell)
        self.file.failed.connect(self.failed)
        self._ways = QTabWidget(documentMode=True)
        self._ways.setAccessibleName(self.tr("Where the picture comes from"))
        for page, title, tip in (
            (self.strip, self.tr("Pictures"), self.tr("Choose one of the pictures at hand")),
            (self.pad, self.tr("Draw"), self.tr("Draw a picture of your own")),
            (self.file, self.tr("File"), self.tr("Open a picture file, or drop one here")),
        ):
            self._ways.setTabToolTip(self._ways.addTab(page, title), tip)
        self._ways.currentChanged.connect(self._tell)
        self.setFocusProxy(self._ways)
        self.preview = PictureView()
        self.preview.setFixedSize(_PREVIEW, _PREVIEW)
        self.preview.setAccessibleName(self.tr("Chosen picture"))
        self.preview.setToolTip(self.tr("The chosen picture as the model gets it"))
        self._caption = QLabel()
        self._caption.setProperty("role", "muted")
        self._caption.setWordWrap(True)
        self._caption.setFixedWidth(_PREVIEW)
        self._arrange()
        self._apply_format()
        self._show()

    def _make_strip(self) -> QListWidget:
        strip = QListWidget()
        strip.setAccessibleName(self.tr("Pictures at hand"))
        strip.setViewMode(QListView.ViewMode.IconMode)
        strip.setMovement(QListView.Movement.Static)
        strip.setResizeMode(QListView.ResizeMode.Adjust)
        strip.setUniformItemSizes(True)
        strip.setSpacing(2)
        strip.setIconSize(QSize(_ICON, _ICON))
        strip.setMinimumHeight(_ICON + 24)
        strip.setItemDelegate(FramedPictures(strip))
        return strip

    def _arrange(self) -> None:
        beside = QVBoxLayout()
        beside.setSpacing(4)
        beside.addSpacing(8)
        beside.addWidget(self.preview)
        beside.addWidget(self._caption)
        beside.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._ways, 1)
        row.addLayout(beside)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(380, 232)

    def set_format(self, height: int, width: int, channels: int) -> None:
        """Take the size of a model's pictures; another one than before empties the strip and forgets the file."""
        if (height, width, channels) != self._format:
            self._format = (height, width, channels)
            self._pictures, self._captions = np.empty((0, height, width, channels), np.uint8), ()
            self.strip.clear()
            self.file.forget()
            self._apply_format()
            self._tell()

    def set_pictures(self, pictures: UInt8Array, captions: Sequence[str] = ()) -> None:
        """Offer pictures of the model's size, uint8 (count, height, width, channels); the place chosen before stays.

        The first one is chosen where none has been.
        Raises ValueError for another size.
        """
        pictures = checked_images(pictures)
        if pictures.shape[1:] != self._format:
            raise ValueError(f"The pictures are {pictures.shape[1:]}, the model's are {self._format}.")
        same = np.array_equal(pictures, self._pictures) and tuple(captions) == self._captions
        if same:
            return
        before = self.strip.currentRow()
        self._pictures, self._captions = pictures, tuple(captions)
        self.strip.blockSignals(True)
        self.strip.clear()
        for index, picture in enumerate(pictures):
            caption = captions[index] if index < len(captions) else ""
            item = QListWidgetItem(_icon(picture), caption)
            item.setToolTip(caption or self.tr("Picture {number}").format(number=index + 1))
            self.strip.addItem(item)
        self.strip.setCurrentRow(min(max(before, 0), len(pictures) - 1))
        self.strip.blockSignals(False)
        self._apply_format()
        self._tell()

    def picture(self) -> UInt8Array | None:
        """Return the chosen picture, uint8 (height, width, channels), or None while there is none."""
        way = self._ways.currentWidget()
        if way is self.pad:
            return None if self.pad.is_empty else self.pad.picture()
        if way is self.file:
            return self.file.picture()
        row = self.strip.currentRow()
        return self._pictures[row] if 0 <= row < len(self._pictures) else None

    def open_file(self, path: str) -> None:
        """Take a picture file; ends with `chosen` or `failed`."""
        self._ways.setCurrentWidget(self.file)
        self.file.open_path(path)

    def _apply_format(self) -> None:
        """Give the pad a dark ground where the pictures at hand have one; without any, grey ones have."""
        height, width, channels = self._format
        border = np.concatenate([self._pictures[:, [0, -1]].ravel(), self._pictures[:, :, [0, -1]].ravel()])
        dark = float(np.median(border)) < 128 if len(border) else channels == 1
        self.pad.set_format(height, width, channels, dark)
        self.file.set_format(height, width, channels)

    def _tell(self) -> None:
        picture = self.picture()
        before, self._told = self._told, picture
        self._show()
        if (picture is None) != (before is None) or not np.array_equal(picture, before):  # type: ignore[arg-type]
            self.chosen.emit(picture)

    def _show(self) -> None:
        self.preview.set_picture(self._told)
        way, row = self._ways.currentWidget(), self.strip.currentRow()
        if self._told is None:
            hint = {self.pad: self.tr("Draw something."), self.file: self.tr("Open a file or drop one here.")}
            text = hint.get(way, self.tr("No pictures yet."))
        elif way is self.strip:
            text = self._captions[row] if row < len(self._captions) else ""
        else:
            text = self.tr("Your drawing") if way is self.pad else self.file.name
        self._caption.setText(text)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if paths := dropped_files(event):
            event.acceptProposedAction()
            self.open_file(paths[0])


def _icon(picture: UInt8Array) -> QIcon:
    image = to_qimage(picture)
    larger = image.width() > _ICON or image.height() > _ICON
    mode = Qt.TransformationMode.SmoothTransformation if larger else Qt.TransformationMode.FastTransformation
    scaled = image.scaled(_ICON, _ICON, Qt.AspectRatioMode.KeepAspectRatio, mode)
    return QIcon(QPixmap.fromImage(scaled))
