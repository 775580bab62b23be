"""The experiments that the book prints, each at one click, with numbers that say what it has changed."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gendesk.engine.music.comparing import changed_by_bar
from gendesk.engine.music.console import PARTS, Performance
from gendesk.engine.music.excerpts import VOICE_NAMES, VOICES
from gendesk.widgets.translation import translated

from .table import VoiceTable

_CHORDS, _STYLE, _MELODY, _GROOVE = 0, 1, 2, 2 + VOICES
_BARS = 8  # that the table has rows for: the most that MuseGAN can be made with


class Trials(QScrollArea):
    """Buttons that keep the mix as A and change one vector of it; `tried` carries the part, and whether it is to be 5.

    Source of the experiments: Foster, Generative Deep Learning (1st edition), chapter 7, figure 7.16.
    """

    tried = Signal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Experiments"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        claims = (
            self.tr("Chords: all voices change, and each bar in its own way."),
            self.tr("Style: all voices change, in all bars alike; the chords' vector stays."),
            self.tr("A melody: one voice changes, in each bar differently; the others stay."),
            self.tr("A groove: one voice changes, in all bars alike; the others stay."),
        )
        names = (
            self.tr("Change the Chords"),
            self.tr("Change the Style"),
            self.tr("Change a Melody"),
            self.tr("Change a Groove"),
        )
        buttons = (self._button(name, claim) for name, claim in zip(names, claims, strict=True))
        self.chords, self.style_, self.melody, self.groove = buttons
        for button, part in ((self.chords, _CHORDS), (self.style_, _STYLE)):
            button.clicked.connect(partial(self._try, part))
        self.voice = QComboBox()
        self.voice.addItems([translated(name) for name in VOICE_NAMES])
        self.voice.setAccessibleName(self.tr("Voice"))
        self.voice.setToolTip(self.tr("Whose melody or groove is changed"))
        for button, first in ((self.melody, _MELODY), (self.groove, _GROOVE)):
            button.clicked.connect(partial(self._try_voice, first))
        self.fives = QCheckBox(self.tr("With fives"))
        self.fives.setToolTip(
            self.tr("Set all numbers of the vector to 5, as the book does, instead of drawing them anew")
        )
        self.result = _words(QLabel())
        self.claims = _words(QLabel("\n".join((self.tr("What the book says:"), *claims))))
        self.claims.setProperty("role", "muted")
        self.table = VoiceTable(self.tr("What has changed"), _BARS + 1)
        self._arrange()
        self.clear()

    def _button(self, text: str, claim: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(self.tr("Keep the mix as A, and change this alone. {claim}").format(claim=claim))
        button.setAccessibleDescription(claim)
        return button

    def _arrange(self) -> None:
        inside = QWidget()
        grid = QGridLayout()
        grid.setSpacing(8)
        grid.addWidget(self.chords, 0, 0)
        grid.addWidget(self.style_, 0, 1)
        grid.addWidget(self.melody, 1, 0)
        grid.addWidget(self.groove, 1, 1)
        grid.addWidget(self.voice, 2, 0)
        grid.addWidget(self.fives, 2, 1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 4, 8, 0)
        column.setSpacing(8)
        column.addLayout(grid)
        column.addWidget(self.result)
        column.addWidget(self.table)
        column.addWidget(self.claims)
        column.addStretch(1)
        self.setWidget(inside)

    def clear(self) -> None:
        """Forget the last experiment."""
        self.table.set_rows(())
        self.result.setText(
            self.tr("Each button keeps what is played as A, changes one vector, and counts here which notes are new.")
        )

    def show_locked(self, part: int) -> None:
        """Say that a lock forbids an experiment."""
        self.table.set_rows(())
        self.result.setText(self.tr("{part} is locked; open its lock first.").format(part=translated(PARTS[part])))

    def show_result(self, part: int, performance: Performance) -> None:
        """Say what an experiment has changed, in words and in numbers of notes."""
        bars = changed_by_bar(performance.a, performance.mix)
        rows: list[tuple[str, Iterable[object]]] = [
            (self.tr("New notes, bar {0}").format(number), counts) for number, counts in enumerate(bars, 1)
        ]
        words = [self.tr("same") if same else self.tr("changed") for same in performance.equal]
        self.table.set_rows([*((title, list(cells)) for title, cells in rows), (self.tr("Network's numbers"), words)])
        self.result.setText(self._verdict(part, performance))

    def _verdict(self, part: int, performance: Performance) -> str:
        name = translated(PARTS[part])
        others = [same for voice, same in enumerate(performance.equal) if part < _MELODY or voice != voice_of(part)]
        if part < _MELODY:
            return self.tr("{name}: {count} of 4 voices have changed, as the book says of all.").format(
                name=name, count=others.count(False)
            )
        if all(others):
            return self.tr("{name}: the other voices are the same to the bit, as the book says.").format(name=name)
        return self.tr("{name}: {count} of the other voices have changed, which the book denies.").format(
            name=name, count=others.count(False)
        )

    def _try(self, part: int, _checked: bool = False) -> None:
        self.tried.emit(part, self.fives.isChecked())

    def _try_voice(self, first: int, _checked: bool = False) -> None:
        self._try(first + self.voice.currentIndex())


def voice_of(part: int) -> int:
    """Return the voice that a melody or groove belongs to."""
    return (part - _MELODY) % VOICES


def _words(label: QLabel) -> QLabel:
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label
