"""A frame of a race, what V makes of it, and its code drawn again and again."""

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QSpinBox, QVBoxLayout, QWidget

from gendesk.widgets.car_view.frame import Frame, Picture
from gendesk.widgets.car_view.pictures import PictureRow

from ...foreseeing import Recorded
from ...seeing import Floats, Glance, Look
from ..filmstrip.picker import RacePicker
from .code_chart import CodeChart

_KEPT = 100  # codes drawn for a frame


class FrameTab(QWidget):
    """`looked` asks for a look at a frame; `taken` carries a code for the sliders."""

    looked = Signal(object)  # a Glance
    taken = Signal(object)  # a code

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.race: Recorded | None = None
        self.codes: list[Floats] = []
        self._seed = 0
        self.picker = RacePicker(self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName(self.tr("Frame"))
        self.slider.setToolTip(self.tr("Which frame of the race V looks at"))
        self.number = QSpinBox(self)
        self.number.setKeyboardTracking(False)
        self.number.setAccessibleName(self.tr("Number of the frame"))
        self.number.setToolTip(self.tr("The number of the frame; the race begins with 0"))
        for control in (self.slider, self.number):
            control.valueChanged.connect(self._choose)
        self.pictures = PictureRow(self)
        self.pictures.setAccessibleName(self.tr("The frame, and what V makes of it"))
        self.chart = CodeChart(self)
        self.redraw = QPushButton(self.tr("Draw Again"), self)
        self.redraw.setToolTip(self.tr("Encode the same frame once more: the mean stays, the code drawn is another"))
        self.redraw.clicked.connect(self._draw_again)
        self.take = QPushButton(self.tr("To the Sliders"), self)
        self.take.setToolTip(self.tr("Put the mean of this frame's code into the sliders"))
        self.take.clicked.connect(self._take)
        self.note = QLabel(self, wordWrap=True)
        self.note.setProperty("role", "muted")
        self._arrange()
        self.set_race(None)

    def _arrange(self) -> None:
        frames, buttons = QHBoxLayout(), QHBoxLayout()
        for row in (frames, buttons):
            row.setSpacing(6)
        frames.addWidget(self.slider, 1)
        frames.addWidget(self.number)
        buttons.addWidget(self.redraw)
        buttons.addWidget(self.take)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.picker)
        column.addLayout(frames)
        column.addWidget(self.pictures, 3)
        column.addWidget(self.chart, 3)
        column.addWidget(self.note)
        column.addLayout(buttons)

    @property
    def frame(self) -> int:
        """The frame that is looked at."""
        return self.slider.value()

    def set_race(self, race: Recorded | None) -> None:
        """Look at another race, at the frame with the same number if there is one; None forgets it."""
        self.race = race
        last = 0 if race is None else len(race.frames) - 1
        for control in (self.slider, self.number):
            with QSignalBlocker(control):
                control.setRange(0, last)
            control.setEnabled(last > 0)
        self.number.setSuffix(self.tr(" / {0}").format(last))
        self.redraw.setEnabled(race is not None)
        self.take.setEnabled(race is not None)
        if race is None:
            self.pictures.show_frame(None)
            self._show_codes()
        else:
            self._choose(self.slider.value())

    def say(self, text: str) -> None:
        """Say why there is nothing to look at."""
        self.pictures.set_empty_text(text)

    def _choose(self, frame: int) -> None:
        for control in (self.slider, self.number):
            with QSignalBlocker(control):
                control.setValue(frame)
        self.codes = []
        self._draw_again()

    def _draw_again(self) -> None:
        if self.race is not None:
            self._seed += 1
            self.looked.emit(Glance(self.race, self.frame, self._seed))

    def _take(self) -> None:
        if self.race is not None:
            self.taken.emit(self.race.mu[self.frame])

    def show_look(self, glance: Glance, found: Look) -> None:
        """Show what V makes of a frame; what was asked of another one before is left out."""
        if glance.race is not self.race or glance.frame != self.frame or self.race is None:
            return
        self.codes = [*self.codes[1 - _KEPT :], found.code]
        pictures = (
            Picture(self.tr("Frame"), self.race.frames[self.frame]),
            Picture(self.tr("From the mean"), found.of_mean),
            Picture(self.tr("From a code drawn"), found.of_code),
        )
        self.pictures.show_frame(Frame(pictures))
        self._show_codes()

    def _show_codes(self) -> None:
        none = np.zeros(0, np.float32)
        race, frame = self.race, self.frame
        mu, sigma = (none, none) if race is None else (race.mu[frame], np.exp(race.log_var[frame] / 2))
        self.chart.show_code(mu, sigma, self.codes if race is not None else [])
        if len(self.codes) > 1 and race is not None:
            text = self.tr("{0} codes drawn: each number varies by {1} on average, the mean by 0.")
            self.note.setText(text.format(len(self.codes), f"{np.std(self.codes, axis=0).mean():.2f}"))
        else:
            self.note.setText(self.tr("Bars are mean and standard deviation of each number, dots the code drawn."))
