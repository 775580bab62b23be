"""Which piece is looked at: a held-out one, a MIDI file, or one that the network composes now."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QWidget,
)

from gendesk.engine.capabilities import Composing
from gendesk.engine.music.looking import MOST_STEPS, NewPiece
from gendesk.widgets.icons import icon
from gendesk.widgets.plot.options import tool_button
from gendesk.widgets.seed_box import SeedBox

_STEPS = 64
_HOTTEST = 5.0
_LETTERS = 6
_DICE = 28  # logical pixels


class SourceBar(QWidget):
    """Two rows, or one where there is room.

    `held_out_wanted` carries the number of a held-out piece, `file_wanted` a Path, `new_wanted` a NewPiece.
    """

    held_out_wanted = Signal(int)
    file_wanted = Signal(object)
    new_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Piece to look at"))
        self.pieces = QComboBox()
        self.pieces.setAccessibleName(self.tr("Held-out piece"))
        self.pieces.setToolTip(self.tr("Look at a piece that the network has not been trained on"))
        self.pieces.setPlaceholderText(self.tr("Held-out pieces"))
        self.pieces.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.pieces.setMinimumContentsLength(_LETTERS)
        self.pieces.activated.connect(self.held_out_wanted)
        self.open = tool_button(
            self.tr("Open a MIDI File..."), self.tr("Open a MIDI file, or drop one anywhere here, to look at"), "open"
        )
        self.open.clicked.connect(self._ask)
        self.notes = _decimal(
            self.tr("Notes"), self.tr("Temperature of notes: 0 takes the likeliest, 1 draws as the model says")
        )
        self.rhythm = _decimal(
            self.tr("Rhythm"), self.tr("Temperature of lengths: 0 takes the likeliest, 1 draws as the model says")
        )
        self.steps = QSpinBox(minimum=4, maximum=MOST_STEPS, value=_STEPS)
        self.steps.setKeyboardTracking(False)
        self.steps.setAccessibleName(self.tr("Steps"))
        self.steps.setToolTip(self.tr("How many chords or notes are composed at most; more take longer"))
        self.seed = SeedBox()
        self.seed.button.setText("")
        self.seed.button.setFixedWidth(_DICE)
        self.seed.button.setIcon(icon("dice"))
        self.seed.changed.connect(self.compose)
        self.new = QPushButton(icon("music"), self.tr("Compose"))
        self.new.setToolTip(self.tr("Let the network compose a piece from nothing, and look at that"))
        self.new.clicked.connect(self.compose)
        self._arrange()

    def _arrange(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(4)
        first.addWidget(self.pieces, 1)
        first.addWidget(self.open)
        _add(first, self.steps)
        first.addWidget(self.new)
        for field in (self.notes, self.rhythm):
            _add(second, field)
        second.addWidget(self.seed)
        second.addStretch(1)
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        self._box.addLayout(first, 1)
        self._box.addLayout(second)

    def set_wide(self, wide: bool) -> None:
        """Stand in one row, or in two."""
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._box.setSpacing(16 if wide else 4)

    def set_titles(self, titles: Sequence[str]) -> None:
        """Offer held-out pieces; the first is chosen, and nobody is told."""
        self.pieces.clear()
        self.pieces.addItems(list(titles))
        self.pieces.setCurrentIndex(0 if titles else -1)
        self.pieces.setEnabled(bool(titles))

    def set_other(self, name: str) -> None:
        """Show the name of what is looked at in place of a held-out piece."""
        self.pieces.setPlaceholderText(name)
        self.pieces.setCurrentIndex(-1)

    def compose(self, _seed: object = None) -> None:
        """Ask for a new piece, with the settings that are shown."""
        composing = Composing(self.steps.value(), self.notes.value(), self.rhythm.value())
        self.new_wanted.emit(NewPiece(composing, self.seed.seed))

    def _ask(self) -> None:
        dialog = QFileDialog(self, self.tr("Look at a MIDI File"))
        dialog.setNameFilter(self.tr("MIDI files ({patterns})").format(patterns="*.mid *.midi"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._open)
        dialog.open()

    def _open(self, path: str) -> None:
        self.file_wanted.emit(Path(path))


def _add(row: QHBoxLayout, field: QWidget) -> None:
    label = QLabel(field.accessibleName())
    label.setBuddy(field)
    row.addWidget(label)
    row.addWidget(field)


def _decimal(name: str, tip: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox(minimum=0.0, maximum=_HOTTEST, value=1.0, singleStep=0.1, decimals=1)
    box.setKeyboardTracking(False)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    return box
