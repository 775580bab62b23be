"""The map of what the network takes for alike: its pitches or chords, and how alike they are by interval."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QLabel, QSplitter, QVBoxLayout, QWidget

from gendesk.engine.music.looking import SoundPlaces
from gendesk.widgets.charts.bars import BarCharts, Bars
from gendesk.widgets.text_tools.token_map import TokenMap

INTERVALS = ("m2", "M2", "m3", "M3", "P4", "TT", "P5", "m6", "M6", "m7", "M7", "P8")
"""Names of the intervals of 1 to 12 semitones: m minor, M major, P perfect, TT the tritone."""
_WIDE = 460  # logical pixels from which the bars stand beside the map
_FIFTH, _OCTAVE = 6, 11  # their places among `INTERVALS`


class SoundsPanel(QWidget):
    """Notes a fifth apart have neighbouring colours, octaves the same one."""

    changed = Signal()  # another method

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.method = QComboBox()
        self.method.setAccessibleName(self.tr("Method"))
        self.method.setToolTip(self.tr("PCA keeps the largest distances; t-SNE keeps neighbours, and takes longer"))
        self.method.addItem(self.tr("Largest differences (PCA)"), "pca")
        self.method.addItem(self.tr("Neighbours (t-SNE)"), "tsne")
        self.method.activated.connect(self._change)
        self.map = TokenMap()
        self.map.setAccessibleName(self.tr("Map of pitches and chords"))
        self.map.empty_text = self.tr("Where the network puts each pitch appears here: what is alike lies close.")
        self.map.setMinimumSize(160, 100)
        self.bars = BarCharts()
        self.bars.setAccessibleName(self.tr("Likeness of pitches by interval"))
        self.bars.set_empty_text(self.tr("How alike pitches are that lie an interval apart appears here."))
        self.bars.setMinimumSize(160, 70)
        self.words = QLabel()
        self.words.setProperty("role", "muted")
        self.words.setWordWrap(True)
        self._parts = parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.map)
        parts.addWidget(self.bars)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.method)
        column.addWidget(parts, 1)
        column.addWidget(self.words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = self.width() >= _WIDE
        self._parts.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        super().resizeEvent(event)

    def show_sounds(self, sounds: SoundPlaces | None) -> None:
        """Show a map, or nothing."""
        if sounds is None:
            self.map.set_tokens((), np.zeros((0, 2), np.float32))
            self.bars.clear()
            self.words.clear()
            return
        hues = [(7 * int(one) % 12) / 12 for one in sounds.classes]  # round the circle of fifths
        self.map.set_tokens(sounds.names, sounds.places, hues)
        known = np.nan_to_num(sounds.likeness)
        self.bars.set_charts([Bars(self.tr("Likeness (cosine) by interval"), known[None], INTERVALS)])
        text = self.tr(
            "{count} places; the two directions hold {first:.0f} % and {second:.0f} % of their differences. "
            "Octaves have a likeness of {octave}, fifths of {fifth}; neighbouring colours are a fifth apart."
        )
        if self.method.currentData() == "tsne":
            text = self.tr(
                "{count} places: neighbours are alike, but distances between groups mean little. "
                "Octaves have a likeness of {octave}, fifths of {fifth}; neighbouring colours are a fifth apart."
            )
        first, second = (100 * share for share in sounds.shares)
        octave, fifth = (_signed(float(known[place])) for place in (_OCTAVE, _FIFTH))
        self.words.setText(text.format(count=len(sounds.names), first=first, second=second, octave=octave, fifth=fifth))

    def _change(self, _index: int) -> None:
        self.changed.emit()


def _signed(number: float) -> str:
    return f"{number:+.2f}".replace("-", "\N{MINUS SIGN}")
