"""The settings of the composing studio: how the notes are drawn, how many, and from which seed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QGridLayout, QLabel, QSpinBox, QWidget

from gendesk.engine.capabilities import Composing
from gendesk.engine.music.composing import Task
from gendesk.music.score import Score
from gendesk.widgets.seed_box import SeedBox

MOST_VARIATIONS = 4
STEPS, BARS = "steps", "bars"
_LONGEST = 2_000
_MOST_STEPS = 20_000  # of a piece that is to have so many bars


class ComposeSettings(QWidget):
    """Temperatures, length, variations and seed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Settings of composing"))
        self.notes = _decimal(
            self.tr("Temperature of notes"),
            self.tr("Notes: "),
            self.tr("Temperature of notes: 0 takes the likeliest, 1 draws as the model says, more is wilder"),
        )
        self.rhythm = _decimal(
            self.tr("Temperature of rhythm"),
            self.tr("Rhythm: "),
            self.tr("Temperature of durations: 0 takes the likeliest, 1 draws as the model says, more is wilder"),
        )
        self.length = QSpinBox(minimum=1, maximum=_LONGEST, value=64)
        self.length.setKeyboardTracking(False)
        self.length.setAccessibleName(self.tr("Length"))
        self.length.setToolTip(self.tr("How long the new part becomes at most; the model may end the piece before"))
        self.unit = QComboBox()
        self.unit.setAccessibleName(self.tr("Unit of length"))
        self.unit.setToolTip(
            self.tr("A step is a chord or a rest or, where voices go their own ways, a note; a bar is one of the metre")
        )
        self.unit.addItem(self.tr("steps"), STEPS)
        self.unit.addItem(self.tr("bars"), BARS)
        self.variations = QSpinBox(minimum=1, maximum=MOST_VARIATIONS)
        self.variations.setAccessibleName(self.tr("Variations"))
        self.variations.setToolTip(self.tr("How many pieces are composed from the same beginning, to choose from"))
        self.seed = SeedBox()
        self.play = QCheckBox(self.tr("Play at once"))
        self.play.setToolTip(self.tr("Hear the piece while it comes, from the bar before the new notes on"))
        self.play.setChecked(True)
        self._arrange()

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        rows = (
            (self.tr("Temperature"), self.notes, self.rhythm),
            (self.tr("Length"), self.length, self.unit),
            (self.tr("Variations"), self.variations, self.play),
        )
        for row, (text, first, second) in enumerate(rows):
            label = QLabel(text)
            label.setBuddy(first)
            for column, part in enumerate((label, first, second)):
                grid.addWidget(part, row, column)
        for column in (1, 2):
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.seed, len(rows), 0, 1, 3, Qt.AlignmentFlag.AlignLeft)

    def task(self, begun: Score, number: int = 0) -> Task:
        """Return what is to be composed behind a beginning: the variation with a number, counted from 0."""
        length, in_bars = self.length.value(), self.unit.currentData() == BARS
        steps = _MOST_STEPS if in_bars else length
        composing = Composing(steps, self.notes.value(), self.rhythm.value())
        return Task(begun, composing, length if in_bars else 0, self.seed.seed, number)


def _decimal(name: str, prefix: str, tip: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox(minimum=0.0, maximum=5.0, value=1.0, singleStep=0.1, decimals=2)
    box.setPrefix(prefix)
    box.setKeyboardTracking(False)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    return box
