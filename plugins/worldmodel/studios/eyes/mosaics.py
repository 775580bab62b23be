"""The plane of two numbers of the code, imagined tracks, and the way from one frame to another: mosaics to click on."""

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from gendesk.widgets.pictures.mosaic_view import MosaicView
from gendesk.widgets.pictures.picture import UInt8Array
from gendesk.widgets.seed_box import SeedBox

from ...foreseeing import Recorded
from ...seeing import GRID, Floats, Use, between, imagined, plane

_TRACKS, _COLUMNS, _WAY = 12, 4, 6


class Mosaic(MosaicView):
    """Pictures that stand for codes; `taken` carries the code of one that is clicked."""

    taken = Signal(object)

    def __init__(self, columns: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.codes: Floats = np.zeros((0, 1), np.float32)
        self._in_a_row = columns
        self.activated.connect(self._take)

    def show_pictures(self, codes: Floats, pictures: UInt8Array) -> None:
        """Show what codes (count, latent_size) are decoded to."""
        self.codes = codes
        self.set_tiles(pictures, self._in_a_row, (), ())

    def clear(self) -> None:
        """Show nothing."""
        self.show_pictures(self.codes[:0], np.empty((0, 64, 64, 3), np.uint8))

    def _take(self, place: int) -> None:
        if place < len(self.codes):
            self.taken.emit(self.codes[place])


class GridTab(QWidget):
    """A plane through the code; `wanted` asks for its pictures."""

    wanted = Signal(object)  # codes

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._code: Floats = np.zeros(0, np.float32)
        self.across = self._spin(self.tr("To the right"), self.tr("The number of the code that grows to the right"))
        self.up = self._spin(self.tr("Upwards"), self.tr("The number of the code that grows upwards"))
        self.reach = QDoubleSpinBox(self, minimum=0.5, maximum=10.0, value=2.0, singleStep=0.5, decimals=1)
        self.reach.setPrefix("\N{PLUS-MINUS SIGN}")
        self.reach.setAccessibleName(self.tr("Range"))
        self.reach.setToolTip(self.tr("How far both numbers go to each side of 0"))
        self.around = QCheckBox(self.tr("Around the sliders"), self)
        self.around.setToolTip(self.tr("Leave the other numbers as the sliders have them, else they are 0"))
        for spin in (self.across, self.up, self.reach):
            spin.valueChanged.connect(self.ask)
        self.around.toggled.connect(self.ask)
        self.mosaic = Mosaic(GRID, self)
        self.mosaic.setAccessibleName(self.tr("Plane of two numbers of the code"))
        self.mosaic.setToolTip(self.tr("Click a picture to put its code into the sliders"))
        self.mosaic.empty_text = self.tr("The plane of two numbers of the code appears here.")
        row = QHBoxLayout()
        row.setSpacing(6)
        for name, widget in ((self.tr("Right"), self.across), (self.tr("Up"), self.up), (self.tr("Range"), self.reach)):
            label = QLabel(name, self)
            label.setBuddy(widget)
            row.addWidget(label)
            row.addWidget(widget)
        row.addStretch(1)
        self.note = QLabel(self)
        self.note.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.around)
        column.addWidget(self.mosaic, 1)
        column.addWidget(self.note)

    def _spin(self, name: str, tip: str) -> QSpinBox:
        spin = QSpinBox(self, prefix="z")
        spin.setKeyboardTracking(False)
        spin.setAccessibleName(name)
        spin.setToolTip(tip)
        return spin

    def set_use(self, found: Use | None) -> None:
        """Begin with the two numbers that are most in use, unless there was a choice among as many numbers before."""
        size = 0 if found is None else len(found.strength)
        if found is None or size != len(self._code):
            self._code = np.zeros(size, np.float32)
            for spin, number in zip((self.across, self.up), [0, 0] if found is None else found.order, strict=False):
                with QSignalBlocker(spin):
                    spin.setRange(0, max(0, size - 1))
                    spin.setValue(number)
        if found is None:
            self.mosaic.clear()
            self.note.setText("")
        self.ask()

    def set_code(self, code: Floats) -> None:
        """Know where the sliders are."""
        self._code = code
        if self.around.isChecked():
            self.ask()

    def ask(self) -> None:
        """Ask for the plane as it is set."""
        if len(self._code):
            base = self._code if self.around.isChecked() else np.zeros_like(self._code)
            reach = f"{self.reach.value():g}"
            text = self.tr("z{0} goes from \N{MINUS SIGN}{2} to {2} to the right, z{1} upwards.")
            self.note.setText(text.format(self.across.value(), self.up.value(), reach))
            self.wanted.emit(plane(base, self.across.value(), self.up.value(), self.reach.value()))


class ImagineTab(QWidget):
    """Tracks from nothing, and the way between two frames; `tracks_wanted` and `way_wanted` ask for pictures."""

    tracks_wanted = Signal(object)  # codes
    way_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = 0
        self._race: Recorded | None = None
        self.seed = SeedBox(self)
        self.seed.button.setText(self.tr("Imagine Tracks"))
        self.seed.button.setToolTip(self.tr("Draw codes from N(0, 1) and decode them: tracks that nobody has driven"))
        self.seed.changed.connect(self.ask)
        self.tracks = Mosaic(_COLUMNS, self)
        self.tracks.setAccessibleName(self.tr("Imagined tracks"))
        self.tracks.empty_text = self.tr("Tracks that nobody has driven appear here.")
        self.way = Mosaic(_WAY, self)
        self.way.setAccessibleName(self.tr("The way between two frames"))
        self.way.empty_text = self.tr("The way between two frames appears here.")
        self.way.setMinimumHeight(84)
        for mosaic in (self.tracks, self.way):
            mosaic.setToolTip(self.tr("Click a picture to put its code into the sliders"))
        self.first = self._spin(self.tr("First frame"))
        self.last = self._spin(self.tr("Last frame"))
        self._arrange()

    def _spin(self, name: str) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setKeyboardTracking(False)
        spin.setAccessibleName(name)
        spin.setToolTip(self.tr("A frame of the race that the tab Frame shows"))
        spin.valueChanged.connect(self.ask_way)
        return spin

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        for text, spin in ((self.tr("Between frame"), self.first), (self.tr("and frame"), self.last)):
            label = QLabel(text, self)
            label.setBuddy(spin)
            row.addWidget(label)
            row.addWidget(spin)
        row.addStretch(1)
        top = QHBoxLayout()
        top.addWidget(self.seed)
        top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.tracks, 3)
        column.addLayout(row)
        column.addWidget(self.way, 1)

    def set_size(self, size: int) -> None:
        """Know how many numbers a code has; 0 forgets all pictures."""
        self._size = size
        if not size:
            self.tracks.clear()
        self.seed.setEnabled(size > 0)
        self.ask()

    def set_race(self, race: Recorded | None) -> None:
        """Go from the first to the last frame of a race; one that is seen anew keeps the choice."""
        again = race is not None and self._race is not None and race.seed == self._race.seed
        self._race = race
        last = 0 if race is None else len(race.frames) - 1
        for spin, value in ((self.first, 0), (self.last, last)):
            with QSignalBlocker(spin):
                spin.setRange(0, last)
                spin.setValue(spin.value() if again else value)
            spin.setEnabled(last > 0)
        if race is None:
            self.way.clear()
        self.ask_way()

    def ask(self) -> None:
        """Ask for tracks of the seed."""
        if self._size:
            self.tracks_wanted.emit(imagined(self._size, _TRACKS, self.seed.seed))

    def ask_way(self) -> None:
        """Ask for the way between the two frames."""
        if self._race is not None:
            mu = self._race.mu
            self.way_wanted.emit(between(mu[self.first.value()], mu[self.last.value()], _WAY))
