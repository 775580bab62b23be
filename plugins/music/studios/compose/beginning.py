"""What a piece begins with: bars of a held-out piece, a MIDI file, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QSpinBox, QWidget

from gendesk.data.readers.files import readable
from gendesk.engine.music.composing import MOST_BEGUN, TOO_LONG, Excerpt
from gendesk.errors import GendeskError, InputError
from gendesk.music.cutting import first_bars
from gendesk.music.midi_events import MOST_BYTES
from gendesk.music.midi_reading import read_midi
from gendesk.music.score import Score
from gendesk.widgets.plot.options import tool_button

_MOST_BARS = 999


@dataclass(frozen=True, eq=False)
class _Wish:
    """The first bars of a file (0: all), which is `known` if it has been read already."""

    path: Path
    bars: int
    known: Score | None = None


class _Reader(QObject):
    """Reads MIDI files and cuts them on a worker thread, and waits for it when its parent goes."""

    read = Signal(object, object, object)  # a _Wish, the whole score and its bars or the error; from the worker thread

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        # The parent's and not its own, which comes when the worker can no longer emit signals.
        parent.destroyed.connect(self._pool.waitForDone)

    def start(self, wish: _Wish) -> None:
        self._pool.start(partial(self._run, wish))

    def _run(self, wish: _Wish) -> None:
        whole = wish.known
        try:
            if whole is None:
                whole = _read(wish.path)
            begun = first_bars(whole, wish.bars)
            if begun.note_count > MOST_BEGUN:
                raise InputError(TOO_LONG)
            self.read.emit(wish, whole, begun)
        except GendeskError as error:
            self.read.emit(wish, whole, error)


def _read(path: Path) -> Score:
    name = readable(path.name)
    try:
        if not path.is_file():  # reading a pipe would wait for its other end
            raise InputError(f"{name} is no file.")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)  # what is too large shows by one byte
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}.") from error
    return read_midi(data, name)


class BeginningBar(QWidget):
    """Chooses what stands in the roll before the network's notes, and how many bars of it.

    `excerpt_wanted` carries an Excerpt of the held-out pieces, `piece_wanted` a Score that was read from a file,
    `nothing_wanted` asks for an empty roll, `failed` carries a sentence.
    """

    excerpt_wanted = Signal(object)
    piece_wanted = Signal(object)
    nothing_wanted = Signal()
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Beginning"))
        self._file: Score | None = None
        self._wish: _Wish | None = None
        self._reader = _Reader(self)
        self._reader.read.connect(self._take)
        self.pieces = QComboBox()
        self.pieces.setAccessibleName(self.tr("Held-out piece"))
        self.pieces.setToolTip(self.tr("Begin with the first bars of a piece that the network has not been trained on"))
        self.pieces.setPlaceholderText(self.tr("Own notes"))
        self.pieces.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.pieces.setMinimumContentsLength(8)
        self.pieces.activated.connect(self._want_piece)
        self.bars = QSpinBox(minimum=0, maximum=_MOST_BARS, value=2)
        self.bars.setKeyboardTracking(False)
        self.bars.setSpecialValueText(self.tr("All"))
        self.bars.setAccessibleName(self.tr("Bars"))
        self.bars.setToolTip(self.tr("How many bars of the piece or file are the beginning; the network does the rest"))
        self.bars.valueChanged.connect(self._want_again)
        self.open = tool_button(
            self.tr("Continue a MIDI File..."),
            self.tr("Open a MIDI file (or drop one on the roll) to go on with"),
            "open",
        )
        self.open.clicked.connect(self._ask)
        self.nothing = tool_button(
            self.tr("Begin with Nothing"), self.tr("Empty the roll: the network makes the beginning, too"), "trash"
        )
        self.nothing.clicked.connect(self._want_nothing)
        label = QLabel(self.tr("Bars"))
        label.setBuddy(self.bars)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(4)
        self.row.addWidget(self.pieces, 1)
        for part in (label, self.bars, self.open, self.nothing):
            self.row.addWidget(part)

    def set_titles(self, titles: Sequence[str]) -> None:
        """Offer the held-out pieces of a run."""
        self.pieces.clear()
        self.pieces.addItems(list(titles))
        self.pieces.setCurrentIndex(-1)
        self.pieces.setEnabled(bool(titles))

    def set_own(self) -> None:
        """Show that what stands in the roll is no longer what was chosen here."""
        self._file = self._wish = None
        self.pieces.setPlaceholderText(self.tr("Own notes"))
        self.pieces.setCurrentIndex(-1)

    def read(self, path: str) -> None:
        """Read a MIDI file on a worker thread; ends with `piece_wanted` or `failed`."""
        self._start(_Wish(Path(path), self.bars.value()))

    def _start(self, wish: _Wish) -> None:
        self._wish = wish
        self._reader.start(wish)

    def _take(self, wish: _Wish, whole: Score | None, result: Score | GendeskError) -> None:
        if wish is not self._wish:
            return
        if whole is not None:
            self._file = whole
            self.pieces.setPlaceholderText(wish.path.name)
            self.pieces.setCurrentIndex(-1)
        if isinstance(result, GendeskError):
            self.failed.emit(str(result))
        else:
            self.piece_wanted.emit(result)

    def _want_piece(self, number: int) -> None:
        self._file = self._wish = None
        self.excerpt_wanted.emit(Excerpt(number, self.bars.value()))

    def _want_again(self) -> None:
        """Take another number of bars of what was chosen last."""
        if self._file is not None and self._wish is not None:
            self._start(replace(self._wish, bars=self.bars.value(), known=self._file))
        elif self.pieces.currentIndex() >= 0:
            self._want_piece(self.pieces.currentIndex())

    def _want_nothing(self) -> None:
        self.set_own()
        self.nothing_wanted.emit()

    def _ask(self) -> None:
        dialog = QFileDialog(self, self.tr("Continue a MIDI File"))
        dialog.setNameFilter(self.tr("MIDI files ({patterns})").format(patterns="*.mid *.midi"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.read)
        dialog.open()
