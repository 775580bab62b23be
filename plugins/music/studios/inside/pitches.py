"""Which pitches the network thought of at each step, and the likeliest of them at one."""

import math

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget

from gendesk.engine.music.looking import Looked
from gendesk.music.keys import note_name
from gendesk.widgets.charts.chart import Place
from gendesk.widgets.charts.heat_map import HeatMap
from gendesk.widgets.text_tools.token_bars import TokenBars, percent

from .paged import PagedMap

_COLUMN = 11  # logical pixels
_CLEARANCE = 1  # semitones
_SEEN = 0.02  # the least probability that makes the map higher
_WIDE = 460  # logical pixels from which the bars stand beside the map
_BARS = 230
_BARS_LEAST, _BARS_LOW, _BARS_HIGH = 100, 160, 320  # logical pixels of ten bars: at least, below the map, beside it
_MAP = 90


class PitchMap(HeatMap):
    """Probabilities of pitches; the strongest colour is always that of a probability of 1."""

    @property
    def limit(self) -> float:
        return 1.0

    def words_of(self, place: Place) -> str:
        row, column = place
        words = self.tr("{pitch}: {share}").format(pitch=self.rows[row], share=percent(float(self.values[row, column])))
        return self.tr("{words}, and was played").format(words=words) if place in self.outlined else words


class PitchesPanel(QWidget):
    """A map of all steps; below or beside it what was likeliest at the step that sounds or is pointed at."""

    pointed = Signal(object)  # a step, or None
    chosen = Signal(int)  # a step
    sound_wanted = Signal(object)  # pitches to be heard

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looked: Looked | None = None
        self.step: int | None = None
        chart = PitchMap()
        chart.setAccessibleName(self.tr("Probability of each pitch at each step"))
        chart.setMinimumSize(160, _MAP)
        chart.set_empty_text(self.tr("How probable each pitch was at each step of a piece appears here."))
        self.paged = PagedMap(chart, _COLUMN)
        self.paged.turned.connect(self._fill)
        self.paged.pointed.connect(self.pointed)
        self.paged.chosen.connect(self.chosen)
        self.bars = TokenBars()
        self.bars.setAccessibleName(self.tr("Likeliest next"))
        self.bars.setToolTip(self.tr("What was likeliest at this step; click one, or press its key, to hear it"))
        self.bars.empty_text = self.tr("What was likeliest at a step appears here.")
        self.bars.setMinimumSize(160, _BARS_LEAST)
        self.bars.picked.connect(self._hear)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        side = QVBoxLayout()
        side.setSpacing(4)
        side.addWidget(self.words)
        side.addWidget(self.bars, 1)
        side.addStretch()
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self._box.addWidget(self.paged, 1)
        self._box.addLayout(side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = self.width() >= _WIDE
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        for part in (self.words, self.bars):
            part.setMaximumWidth(_BARS if wide else 10_000)
        self.bars.setMaximumHeight(_BARS_HIGH if wide else _BARS_LOW)
        super().resizeEvent(event)

    def show_looked(self, looked: Looked | None) -> None:
        """Show another piece, or the same one as another network sees it; None shows nothing."""
        self._looked = looked
        self.paged.set_count(len(looked.names) if looked else 0)
        self.show_step(self.step)

    def show_step(self, step: int | None) -> None:
        """Show what was likeliest at a step; None shows none."""
        looked = self._looked
        self.step = step if looked is not None and step is not None and step < len(looked.names) else None
        self.paged.show_step(self.step)
        if looked is None or self.step is None:
            self.words.clear()
            self.bars.set_tokens((), np.zeros(0))
            return
        likeliest = looked.likeliest[self.step]
        names = [self._sound_name(pitches, looked) for pitches, _ in likeliest]
        self.bars.set_tokens(names, np.array([chance for _, chance in likeliest]))
        chance = float(looked.chances[self.step])
        self.words.setText(
            self.tr("Step {step} of {steps}: {name}, with its length {chance} likely: {bits:.1f} bits.").format(
                step=self.step + 1,
                steps=len(looked.names),
                name=looked.names[self.step],
                chance=percent(chance),
                bits=float(looked.nats[self.step]) / math.log(2),
            )
        )

    def _fill(self) -> None:
        """Show the steps of this page: as many rows as any step of the piece needs."""
        looked = self._looked
        if looked is None:
            self.paged.map.clear()
            return
        used = looked.pitches.max(1) >= _SEEN
        used[[note.pitch for notes in looked.notes for note in notes]] = True
        rows = np.flatnonzero(used) if used.any() else np.array([60])
        low, high = max(0, int(rows[0]) - _CLEARANCE), min(127, int(rows[-1]) + _CLEARANCE)
        first, last, bars = self.paged.first, self.paged.last, looked.bar_steps()
        played = [(high - note.pitch, step - first) for step in range(first, last) for note in looked.notes[step]]
        self.paged.map.set_values(
            looked.pitches[low : high + 1, first:last][::-1],
            [_name(pitch, looked) for pitch in range(high, low - 1, -1)],
            [str(bars.get(step, "")) for step in range(first, last)],
            "",
            self.tr("Bar"),
            played,
        )
        self.paged.show_step(self.step if self.step is not None and first <= self.step < last else None)

    def _sound_name(self, pitches: tuple[int, ...] | None, looked: Looked) -> str:
        if pitches is None:
            return self.tr("end")
        return ".".join(_name(pitch, looked) for pitch in pitches) or self.tr("rest")

    def _hear(self, row: int) -> None:
        if self._looked is not None and self.step is not None:
            self.sound_wanted.emit(self._looked.likeliest[self.step][row][0] or ())


def _name(pitch: int, looked: Looked) -> str:
    return note_name(pitch, looked.key, flat="♭", sharp="♯")
