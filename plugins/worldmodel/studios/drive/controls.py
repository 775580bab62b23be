"""The controls of the driving studio: who drives where, the track, the clock, and the dream's temperature."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSlider,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gendesk.widgets.icons import icon
from gendesk.widgets.seed_box import SeedBox

Mode = Literal["watch", "drive", "dream", "split", "replay"]
MODES: tuple[Mode, ...] = ("watch", "drive", "dream", "split", "replay")
_DREAMS = ("dream", "split")
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 0.0)
"""Seconds of a race in one of the clock; 0 is as fast as it can."""
_PERCENT = 100
_HOTTEST = 2.0


class Controls(QWidget):
    """`chosen` tells of another mode, `wheel` of who drives in dreams; the rest is what its buttons say."""

    chosen = Signal(str)
    wheel = Signal(bool)
    speed_changed = Signal(float)
    temperature_changed = Signal(float)

    def __init__(self, files: Sequence[QWidget], parent: QWidget | None = None) -> None:
        """`files` are buttons that save and open, which stand beside the one that records."""
        super().__init__(parent)
        self.seed = SeedBox(self)
        self._driven = False
        self.modes = QTabBar(self)
        self._make_modes()
        self.wheel_button = self._check(self.tr("I drive"), self.tr("Take the wheel from the controller"))
        self.wheel_button.toggled.connect(self.wheel)
        self.play = self._button("play", self.tr("Run"), self.tr("Let the race go on, or hold it"), True)
        self.play.toggled.connect(self._show_play)
        self.step = self._button("step", self.tr("One decision"), self.tr("Hold the race, and make one decision"))
        self.restart = self._button("reset", self.tr("Restart"), self.tr("Begin anew on the same track (Enter)"))
        self.record = self._button("record", self.tr("Record"), self.tr("Keep up to 60 seconds for a film"), True)
        self.gamepad = self._check(self.tr("Gamepad"), self.tr("Drive with a gamepad: stick and triggers"))
        self.wake = self._button("", self.tr("Wake"), self.tr("Let the dream begin again at what is seen now"))
        self._make_speed()
        self._make_temperature()
        self.film = QLabel(parent=self)
        self.film.setProperty("role", "muted")
        self._arrange(files)
        self.set_mode("drive", driven=True)

    @property
    def mode(self) -> Mode:
        """What is seen, and who drives."""
        return MODES[max(0, self.modes.currentIndex())]

    @property
    def person_drives(self) -> bool:
        """Whether a person drives."""
        taken = self.wheel_button.isChecked() or not self._driven
        return self.mode == "drive" or (self.mode in _DREAMS and taken)

    @property
    def temperature(self) -> float:
        """How uncertain the dream is."""
        return self.heat.value() / _PERCENT

    def set_mode(self, mode: Mode, *, driven: bool) -> None:
        """Show a mode, and tell nobody; `driven` says whether there is a controller that could drive."""
        with QSignalBlocker(self.modes):
            self.modes.setCurrentIndex(MODES.index(mode))
        dreams = mode in _DREAMS
        self.wheel_button.setVisible(dreams)
        self.wheel_button.setEnabled(driven)
        self._driven = driven
        self._dreaming.setVisible(dreams)
        self.wake.setVisible(mode == "split")
        self.gamepad.setVisible(self.person_drives)
        self.seed.setEnabled(mode != "replay")  # which has a track of its own

    def offer(self, reasons: dict[Mode, str]) -> None:
        """Enable the modes that are possible; of each other one `reasons` says why not, and no replay is not shown."""
        words = self._mode_words()
        with QSignalBlocker(self.modes):  # a bar leaves a tab that cannot be chosen any more
            for number, mode in enumerate(MODES):
                self.modes.setTabEnabled(number, not reasons.get(mode))
                self.modes.setTabToolTip(number, reasons.get(mode) or words[mode][1])
            self.modes.setTabVisible(MODES.index("replay"), not reasons.get("replay"))
        self.modes.updateGeometry()  # which Qt leaves out when a tab is shown

    def show_running(self, *, running: bool) -> None:
        """Show whether the race goes on, and tell nobody."""
        with QSignalBlocker(self.play):
            self.play.setChecked(running)
        self._show_play(running)

    def show_film(self, seconds: float, *, recording: bool) -> None:
        """Show how long the film is."""
        if self.record.isChecked() != recording:
            with QSignalBlocker(self.record):
                self.record.setChecked(recording)
        self.film.setText(self.tr("{seconds:.0f} s").format(seconds=seconds) if seconds else "")

    def _mode_words(self) -> dict[Mode, tuple[str, str]]:
        return {
            "watch": (self.tr("Watch"), self.tr("See the controller drive")),
            "drive": (self.tr("Drive"), self.tr("Drive yourself with the keyboard or a gamepad")),
            "dream": (self.tr("Dream"), self.tr("Race in what M dreams, without any track")),
            "split": (self.tr("Split"), self.tr("See observation, reconstruction and dream side by side")),
            "replay": (self.tr("Replay"), self.tr("See the race of a file again, as it was driven")),
        }

    def _make_modes(self) -> None:
        self.modes.setAccessibleName(self.tr("Mode"))
        self.modes.setDrawBase(False)
        self.modes.setExpanding(False)
        for title, _ in self._mode_words().values():
            self.modes.addTab(title)
        self.modes.currentChanged.connect(self._tell_mode)

    def _tell_mode(self, _index: int) -> None:
        self.chosen.emit(self.mode)

    def _check(self, name: str, tip: str) -> QCheckBox:
        box = QCheckBox(name, self)
        box.setToolTip(tip)
        return box

    def _button(self, picture: str, name: str, tip: str, checkable: bool = False) -> QToolButton:
        button = QToolButton(self)
        button.setCheckable(checkable)
        if picture:
            button.setIcon(icon(picture))
        else:
            button.setText(name)
        button.setAccessibleName(name)
        button.setToolTip(tip)
        return button

    def _make_speed(self) -> None:
        self.speed = QComboBox(self)
        self.speed.setAccessibleName(self.tr("Speed"))
        self.speed.setToolTip(self.tr("How fast the race goes; 1\N{MULTIPLICATION SIGN} is 50 frames a second"))
        for speed in SPEEDS:
            words = self.tr("{speed:g}\N{MULTIPLICATION SIGN}").format(speed=speed) if speed else self.tr("Fastest")
            self.speed.addItem(words, speed)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.speed.currentIndexChanged.connect(self._tell_speed)

    def _make_temperature(self) -> None:
        self._dreaming = QWidget(self)
        label = QLabel(self.tr("Temperature"), self._dreaming)
        self.heat = QSlider(Qt.Orientation.Horizontal, self._dreaming)
        self.heat.setRange(0, round(_HOTTEST * _PERCENT))
        self.heat.setValue(_PERCENT)
        self.heat.setAccessibleName(self.tr("Temperature"))
        self.heat.setToolTip(self.tr("How uncertain the dream is: 0 takes the likeliest, 1 is what M has learnt"))
        label.setBuddy(self.heat)
        self._heat_value = QLabel("1.00", self._dreaming)
        self._heat_value.setMinimumWidth(self._heat_value.fontMetrics().horizontalAdvance("0.000"))
        self.heat.valueChanged.connect(self._tell_temperature)
        row = QHBoxLayout(self._dreaming)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self.heat, 1)
        row.addWidget(self._heat_value)

    def _arrange(self, files: Sequence[QWidget]) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        first = (self.modes, None, self.wheel_button, self.gamepad)
        second = (self.play, self.step, self.restart, self.speed, self.wake, None, self.film, self.record, *files)
        third = (self.seed, 8, self._dreaming)
        for widgets in (first, second, third):
            row = QHBoxLayout()
            row.setSpacing(4)
            for widget in widgets:
                if isinstance(widget, QWidget):
                    row.addWidget(widget, int(widget is self._dreaming))
                elif widget is None:
                    row.addStretch(1)
                else:
                    row.addSpacing(widget)
            column.addLayout(row)
        row.addStretch(0)

    def _show_play(self, running: bool) -> None:
        self.play.setIcon(icon("pause" if running else "play"))

    def _tell_speed(self, index: int) -> None:
        self.speed_changed.emit(SPEEDS[index])

    def _tell_temperature(self, value: int) -> None:
        self._heat_value.setText(f"{value / _PERCENT:.2f}")
        self.temperature_changed.emit(value / _PERCENT)


def ticking(parent: QWidget, milliseconds: int) -> QTimer:
    """Return a timer that is as punctual as pictures of a race need."""
    return QTimer(parent, interval=milliseconds, timerType=Qt.TimerType.PreciseTimer)
