"""What a sweep is told: temperatures, generations, tracks, and where controllers begin."""

from pydantic import ValidationError
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QSpinBox, QWidget

from ...sweep_report import TEMPERATURES, SweepSettings

_MOST_GENERATIONS, _MOST_TRACKS = 1000, 100


class SweepForm(QWidget):
    """Two rows of settings; what cannot be understood makes `settings` None."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.temperatures = QLineEdit("  ".join(f"{one:g}" for one in TEMPERATURES), self)
        self.temperatures.setAccessibleName(self.tr("Temperatures"))
        self.temperatures.setToolTip(self.tr("Temperatures of the dreams, from above 0 to 10, with spaces between"))
        self.temperatures.textChanged.connect(self.changed)
        self.generations = QSpinBox(self, minimum=1, maximum=_MOST_GENERATIONS, value=10)
        self.generations.setAccessibleName(self.tr("Generations"))
        self.generations.setToolTip(self.tr("How many generations of 32 candidates evolve at each temperature"))
        self.tracks = QSpinBox(self, minimum=1, maximum=_MOST_TRACKS, value=8)
        self.tracks.setAccessibleName(self.tr("Tracks"))
        self.tracks.setToolTip(self.tr("In how many dreams and on how many held-out tracks they are compared"))
        self.start = QComboBox(self)
        self.start.setAccessibleName(self.tr("Begin with"))
        self.start.setToolTip(self.tr("Where the evolution of each temperature begins"))
        self.start.addItem(self.tr("zeros"), "zeros")
        self.start.addItem(self.tr("the run's driver"), "driver")
        self._arrange()

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        parts = (
            (self.tr("Temperatures"), self.temperatures, 0, 0),
            (self.tr("Begin with"), self.start, 0, 2),
            (self.tr("Generations"), self.generations, 1, 0),
            (self.tr("Tracks"), self.tracks, 1, 2),
        )
        for text, widget, row, column in parts:
            label = QLabel(text, self)
            label.setBuddy(widget)
            grid.addWidget(label, row, column)
            grid.addWidget(widget, row, column + 1)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(3, 2)

    def offer_driver(self, there: bool) -> None:
        """Say whether the run has a trained driver to begin with."""
        if self.start.count() > 1 and not there:
            self.start.removeItem(1)
        elif there and self.start.count() == 1:
            self.start.addItem(self.tr("the run's driver"), "driver")

    @property
    def settings(self) -> SweepSettings | None:
        """What is set, None where the temperatures are none."""
        words = self.temperatures.text().replace(",", " ").replace(";", " ").split()
        try:
            return SweepSettings(
                temperatures=tuple(float(word) for word in words),
                generations=self.generations.value(),
                tracks=self.tracks.value(),
                start=self.start.currentData(),
            )
        except (ValidationError, ValueError):
            return None

    def show_settings(self, settings: SweepSettings) -> None:
        """Show what a sweep was told."""
        self.temperatures.setText("  ".join(f"{one:g}" for one in settings.temperatures))
        self.generations.setValue(settings.generations)
        self.tracks.setValue(settings.tracks)
        self.start.setCurrentIndex(max(0, self.start.findData(settings.start)))
