"""A person's own picture file, opened safely and fitted to a model; part of the panel OwnPicture."""

import stat
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.data.readers.decode import Layout, fit, open_picture, silence_pillow
from gendesk.data.readers.files import EXTENSIONS, readable
from gendesk.data.readers.limits import MAX_FILE_BYTES, MIB
from gendesk.data.readers.source import UnreadableError
from gendesk.errors import GendeskError, InputError
from gendesk.widgets.icons import icon

Crop = Literal["centre", "pad", "stretch"]


def read_picture(path: Path, layout: Layout) -> UInt8Array:
    """Return a picture file as uint8 (height, width, channels) of `layout`; raises InputError for any other file."""
    silence_pillow()
    try:
        with open_picture(_content(path)) as image:
            return fit(image, layout)
    except OSError as error:
        raise InputError(f"{readable(path.name)} cannot be opened: {error.strerror or error}.") from error
    except UnreadableError as error:
        raise InputError(f"{readable(path.name)} {error}.") from error


def _content(path: Path) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe would wait for its other end
        raise UnreadableError("is no file")
    with path.open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableError(f"is larger than {MAX_FILE_BYTES // MIB} MiB")
    return data


@dataclass(frozen=True)
class _Wish:
    """A file and what it is to become."""

    path: Path
    layout: Layout


class _Reader(QObject):
    """Reads picture files on a worker thread, and waits for it when its parent goes."""

    read = Signal(object, object)  # _Wish, and the picture or the error; from the worker thread

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        # The parent's and not its own, which comes when the worker can no longer emit signals.
        parent.destroyed.connect(self._pool.waitForDone)

    def start(self, wish: _Wish) -> None:
        self._pool.start(partial(self._run, wish))

    def _run(self, wish: _Wish) -> None:
        try:
            self.read.emit(wish, read_picture(wish.path, wish.layout))
        except GendeskError as error:
            self.read.emit(wish, error)


class PictureFilePage(QWidget):
    """Opens a picture file and says how it is fitted: which part is taken, and whether light and dark are swapped."""

    changed = Signal()
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._format = (28, 28, 1)
        self._picture: UInt8Array | None = None
        self._path: Path | None = None
        self._wish: _Wish | None = None
        self._reader = _Reader(self)
        self._reader.read.connect(self._take)
        self.setAccessibleName(self.tr("Picture file"))
        self._open = QPushButton(icon("open"), self.tr("Open Picture..."))
        self._open.setToolTip(self.tr("Choose a picture file (PNG, JPEG, WebP, BMP, GIF or TIFF)"))
        self._open.clicked.connect(self._ask)
        self._crop = self._make_crop()
        self._crop.currentIndexChanged.connect(self._read_again)
        self._invert = QCheckBox(self.tr("Swap light and dark"))
        self._invert.setToolTip(self.tr("For ink on paper where the model knows light strokes on a dark ground"))
        self._invert.toggled.connect(self.changed)
        self._arrange()

    def _make_crop(self) -> QComboBox:
        crop = QComboBox()
        crop.setAccessibleName(self.tr("Crop"))
        crop.setToolTip(
            self.tr(
                "How a picture gets the model's proportions: the middle cuts off what stands out, all of it leaves "
                "white at two sides, stretched pulls it out of shape"
            )
        )
        for text, name in (
            (self.tr("The middle"), "centre"),
            (self.tr("All of it"), "pad"),
            (self.tr("Stretched"), "stretch"),
        ):
            crop.addItem(text, name)
        return crop

    def _arrange(self) -> None:
        hint = QLabel(self.tr("or drop a file here"))
        hint.setProperty("role", "muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        form = QFormLayout()
        form.setHorizontalSpacing(8)
        form.addRow(self.tr("Crop"), self._crop)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 0)
        column.setSpacing(8)
        column.addWidget(self._open)
        column.addWidget(hint)
        column.addLayout(form)
        column.addWidget(self._invert)
        column.addStretch(1)

    @property
    def name(self) -> str:
        """The file's name, empty without one."""
        return self._path.name if self._path else ""

    def set_format(self, height: int, width: int, channels: int) -> None:
        """Take the size that pictures are fitted to."""
        if (height, width, channels) != self._format:
            self._format = (height, width, channels)
            self._read_again()

    def picture(self) -> UInt8Array | None:
        """Return the picture, uint8 (height, width, channels), or None while there is none."""
        if self._picture is None or not self._invert.isChecked():
            return self._picture
        return 255 - self._picture

    def open_path(self, path: str) -> None:
        """Read a file on a worker thread; ends with `changed` or `failed`."""
        height, width, channels = self._format
        self._wish = _Wish(Path(path), Layout(height, width, channels, crop=self._crop.currentData()))
        self._reader.start(self._wish)

    def forget(self) -> None:
        """Let go of the file."""
        self._picture = self._path = self._wish = None

    def _read_again(self) -> None:
        if self._path is not None:
            self.open_path(str(self._path))

    def _take(self, wish: _Wish, result: UInt8Array | GendeskError) -> None:
        if wish is not self._wish:
            return
        if isinstance(result, GendeskError):
            self.failed.emit(str(result))
            return
        self._path, self._picture = wish.path, result
        self.changed.emit()

    def _ask(self) -> None:
        dialog = QFileDialog(self, self.tr("Open Picture"))
        patterns = " ".join(f"*{extension}" for extension in EXTENSIONS)
        dialog.setNameFilter(self.tr("Pictures ({patterns})").format(patterns=patterns))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.open_path)
        dialog.open()
