"""What one sets before a search, and the buttons that let it go."""

import time
from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from gendesk.widgets.icons import icon
from gendesk.widgets.seed_box import SeedBox

SPEEDS = (1, 2, 4, 8, 15, 30)
"""Steps a second."""
_TICK_MS = 33
_LONGEST = 0.2  # seconds that a hold-up counts at most, so that nothing leaps afterwards
_SIGMA_PARTS = 20
POPULATIONS = (4, 100)


class NamedSlider(QWidget):
    """A slider with its name before and its value behind; `value` counts in steps of 1 / `parts`."""

    moved = Signal()

    def __init__(
        self, name: str, tip: str, limits: tuple[float, float], parts: int = 1, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(round(limits[0] * parts), round(limits[1] * parts))
        self.slider.setPageStep(max(1, (self.slider.maximum() - self.slider.minimum()) // 10))
        self.slider.setMinimumWidth(48)
        self.slider.setAccessibleName(name)
        self.slider.setToolTip(tip)
        self._label = QLabel(name, self)
        self._label.setToolTip(tip)
        self._label.setBuddy(self.slider)
        self._told = QLabel(self)
        self._told.setMinimumWidth(self._told.fontMetrics().horizontalAdvance("0.00") + 4)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._label)
        row.addWidget(self.slider, 1)
        row.addWidget(self._told)
        self._write()
        self.slider.valueChanged.connect(self._change)

    @property
    def value(self) -> float:
        return self.slider.value() / self._parts

    def show_value(self, value: float) -> None:
        """Show a value and tell nobody."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(value * self._parts))
        self._write()

    def _change(self) -> None:
        self._write()
        self.moved.emit()

    def _write(self) -> None:
        self._told.setText(f"{self.value:.2f}" if self._parts > 1 else f"{self.value:.0f}")


class SearchSettings(QWidget):
    """What a search begins with; `changed` tells that it is to begin anew."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.population = NamedSlider(
            self.tr("Population"), self.tr("How many candidates a generation has"), POPULATIONS, parent=self
        )
        self.population.show_value(24)
        self.sigma = NamedSlider(
            self.tr("Sigma"),
            self.tr("The standard deviation to begin with, in every direction"),
            (0.05, 3),
            _SIGMA_PARTS,
            parent=self,
        )
        self.seed = SeedBox(self)
        for one in (self.population.moved, self.sigma.moved, self.seed.changed):
            one.connect(self._tell)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.population, 0, 0)
        grid.addWidget(self.sigma, 0, 1)
        grid.addWidget(self.seed, 1, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)

    def _tell(self) -> None:
        self.changed.emit()


class Transport(QWidget):
    """Step, Run and Reset. `stepped` asks for a step, whoever wants it; `reset` for a new beginning."""

    stepped = Signal()
    reset = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._due, self._last = 0.0, 0.0
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.step = self._button(self.tr("Step"), self.tr("Go one step on"), "step")
        self.step.clicked.connect(self._step)
        self.run = self._button(self.tr("Run"), self.tr("Go on by itself until the search comes to rest"), "play")
        self.run.setCheckable(True)
        self.run.toggled.connect(self._set_running)
        self.again = self._button(self.tr("Reset"), self.tr("Go back to the start"), "reset")
        self.again.clicked.connect(self._reset)
        self.slowly = QCheckBox(self.tr("In Four Steps"), self)
        self.slowly.setChecked(True)
        self.slowly.setAccessibleName(self.slowly.text())
        self.slowly.setToolTip(self.tr("Show how a generation comes about, instead of one generation with each step"))
        self.speed = self._make_speed()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for part in (self.step, self.run, self.again, self.slowly):
            row.addWidget(part)
        row.addWidget(self.speed, 1)
        self.speed.setValue(2)

    def _make_speed(self) -> QSlider:
        speed = QSlider(Qt.Orientation.Horizontal, self)
        speed.setRange(0, len(SPEEDS) - 1)
        speed.setPageStep(1)
        speed.setMinimumWidth(40)
        speed.setMaximumWidth(120)
        speed.setAccessibleName(self.tr("Speed"))
        speed.valueChanged.connect(self._show_speed)
        return speed

    @property
    def running(self) -> bool:
        return self.run.isChecked()

    def stop(self) -> None:
        self.run.setChecked(False)

    def set_ended(self, ended: bool) -> None:
        """Offer no further steps where there are none."""
        if ended:
            self.stop()
        self.step.setEnabled(not ended)
        self.run.setEnabled(not ended)

    def hideEvent(self, event: QHideEvent) -> None:
        self.stop()
        super().hideEvent(event)

    def _button(self, text: str, tip: str, picture: str) -> QPushButton:
        button = QPushButton(icon(picture), text, self)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        return button

    def _step(self) -> None:
        self.stop()
        self.stepped.emit()

    def _reset(self) -> None:
        self.stop()
        self.reset.emit()

    def _set_running(self, running: bool) -> None:
        self.run.setIcon(icon("pause" if running else "play"))
        self._due, self._last = 0.0, time.monotonic()
        if running:
            self._timer.start()
            self.stepped.emit()
        else:
            self._timer.stop()

    def _tick(self) -> None:
        now = time.monotonic()
        self._due += min(now - self._last, _LONGEST) * SPEEDS[self.speed.value()]
        self._last = now
        while self._due >= 1 and self.running:
            self._due -= 1
            self.stepped.emit()

    def _show_speed(self, place: int) -> None:
        self.speed.setToolTip(self.tr("Run: {count} steps a second").format(count=SPEEDS[place]))


def chooser(name: str, tip: str, entries: Mapping[str, str], parent: QWidget) -> QComboBox:
    """Return a chooser of titles by the data behind them."""
    box = QComboBox(parent)
    for data, title in entries.items():
        box.addItem(title, data)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    return box
