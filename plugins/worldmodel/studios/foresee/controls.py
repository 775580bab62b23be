"""What is to be foreseen: from which step, how far, who acts, how much chance there is, and what M is told."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QSlider, QSpinBox, QWidget

from gendesk.widgets.seed_box import SeedBox

from ...foreseeing import MOST_STEPS, Source

_PERCENT = 100
_WIDEST = 720  # pixels
_HOTTEST = 300  # percent
_USUAL_STEPS, _USUAL_EVERY = 30, 5


class Controls(QWidget):
    """`asked` tells that something else is to be foreseen; `shown` that it is to be shown otherwise."""

    asked = Signal()
    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.start = self._spin(0, 0, 0, self.tr("From step"), self.tr("The step from which on M has to foresee"))
        self.steps = self._spin(1, MOST_STEPS, _USUAL_STEPS, self.tr("Steps"), self.tr("How many steps are foreseen"))
        self.every = self._spin(1, 50, _USUAL_EVERY, self.tr("Show every"), self.tr("Every so many steps is a frame"))
        self.number = self._spin(0, 0, 0, self.tr("Number"), self.tr("Which number of the code the charts show"))
        self.number.setPrefix("z")
        for spin in (self.start, self.steps):
            spin.valueChanged.connect(self.asked)
        for spin in (self.every, self.number):
            spin.valueChanged.connect(self.shown)
        self.source = QComboBox(self)
        self.source.setAccessibleName(self.tr("Actions"))
        self.source.setToolTip(self.tr("Who acts from that step on: whoever drove the race, you, or the controller"))
        self.source.addItem(self.tr("As recorded"), "recorded")
        self.source.addItem(self.tr("Fixed"), "fixed")
        self.source.currentIndexChanged.connect(self._choose_source)
        self.told = QCheckBox(self.tr("Told the truth"), self)
        self.told.setToolTip(
            self.tr("Told what came after each step, M foresees one step ahead; else it goes on from its own forecast")
        )
        self.told.toggled.connect(self.asked)
        self.heat_text = QLabel(self)
        self.heat = self._slider(0, _HOTTEST, _PERCENT, self.tr("Temperature"))
        self.heat.setToolTip(self.tr("How much chance there is in what is drawn from the forecasts; 0 is none"))
        self.heat.valueChanged.connect(self._change_heat)
        self.seed = SeedBox(self)
        self.seed.changed.connect(self.asked)
        self._make_fixed()
        self._arrange()
        self._change_heat(_PERCENT)
        self._choose_source()

    def _spin(self, low: int, high: int, value: int, name: str, tip: str) -> QSpinBox:
        spin = QSpinBox(self, minimum=low, maximum=high, value=value)
        spin.setAccessibleName(name)
        spin.setToolTip(tip)
        spin.setKeyboardTracking(False)
        return spin

    def _slider(self, low: int, high: int, value: int, name: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setRange(low, high)
        slider.setValue(value)
        slider.setAccessibleName(name)
        slider.setPageStep(_PERCENT // 10)
        slider.setMinimumWidth(48)
        return slider

    def _make_fixed(self) -> None:
        """Make a slider for each part of the action that a person fixes."""
        self.fixed = QWidget(self)
        row = QHBoxLayout(self.fixed)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.action: list[QSlider] = []
        self._values: list[QLabel] = []
        for name, low, value in ((self.tr("Steer"), -1, 0), (self.tr("Gas"), 0, 50), (self.tr("Brake"), 0, 0)):
            slider = self._slider(low * _PERCENT, _PERCENT, value, name)
            slider.setToolTip(self.tr("{0} in every step, from {1} to 1").format(name, low))
            slider.valueChanged.connect(self._change_fixed)
            label, text = QLabel(name, self.fixed), QLabel(self.fixed)
            label.setBuddy(slider)
            text.setMinimumWidth(text.fontMetrics().horizontalAdvance("\N{MINUS SIGN}0.00"))
            for part in (label, slider, text):
                row.addWidget(part, 1 if part is slider else 0)
            self.action.append(slider)
            self._values.append(text)
        self._tell_fixed()

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        self.setMaximumWidth(_WIDEST)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        for column, spin in enumerate((self.start, self.steps, self.every, self.number)):
            label = QLabel(spin.accessibleName(), self)
            label.setProperty("role", "muted")
            label.setBuddy(spin)
            grid.addWidget(label, 0, column)
            grid.addWidget(spin, 1, column)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.source, 2, 0)
        grid.addWidget(self.told, 2, 1)
        grid.addWidget(self.seed, 2, 2, 1, 2)
        heat = QHBoxLayout()
        heat.setSpacing(6)
        label = QLabel(self.tr("Temperature"), self)
        label.setBuddy(self.heat)
        for part in (label, self.heat, self.heat_text):
            heat.addWidget(part, 1 if part is self.heat else 0)
        self.heat_text.setMinimumWidth(self.heat_text.fontMetrics().horizontalAdvance("0.00 "))
        grid.addLayout(heat, 3, 0, 1, 4)
        grid.addWidget(self.fixed, 4, 0, 1, 4)

    # What is set

    @property
    def temperature(self) -> float:
        """How much chance there is."""
        return self.heat.value() / _PERCENT

    @property
    def acting(self) -> Source:
        """Who acts."""
        chosen: Source = self.source.currentData()
        return chosen

    @property
    def fixed_action(self) -> tuple[float, float, float]:
        """Steering, gas and brake where a person fixes them."""
        steering, gas, brake = (slider.value() / _PERCENT for slider in self.action)
        return steering, gas, brake

    def offer_controller(self, there: bool) -> None:
        """Say whether there is a trained controller that can act."""
        place = self.source.findData("controller")
        if there and place < 0:
            self.source.addItem(self.tr("Controller"), "controller")
        elif not there and place >= 0:
            self.source.removeItem(place)

    def set_race(self, steps: int, numbers: int, number: int) -> None:
        """Take the steps of a race and the numbers of its code, and begin with one of these; nobody is told."""
        for spin, last in ((self.start, max(0, steps - 1)), (self.number, max(0, numbers - 1))):
            with QSignalBlocker(spin):
                spin.setMaximum(last)
        self.start.setSuffix(self.tr(" / {0}").format(steps))
        with QSignalBlocker(self.number):
            self.number.setValue(number)

    def _choose_source(self) -> None:
        self.fixed.setVisible(self.acting == "fixed")
        self.asked.emit()

    def _change_heat(self, percent: int) -> None:
        self.heat_text.setText(f"{percent / _PERCENT:.2f}")
        self.asked.emit()

    def _change_fixed(self) -> None:
        self._tell_fixed()
        self.asked.emit()

    def _tell_fixed(self) -> None:
        for text, value in zip(self._values, self.fixed_action, strict=True):
            text.setText(f"{value:.2f}".replace("-", "\N{MINUS SIGN}"))
