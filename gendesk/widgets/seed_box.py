"""Where the randomness of a drawing starts: a number to keep, and a button for another."""

from PySide6.QtCore import QRandomGenerator, QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSpinBox, QWidget

_LARGEST = 9999


class SeedBox(QWidget):
    """Tells every new seed through `changed`; the same seed draws the same."""

    changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = QSpinBox(minimum=0, maximum=_LARGEST, value=1)
        self._number.setAccessibleName(self.tr("Seed"))
        self._number.setToolTip(self.tr("Where the randomness starts: the same seed draws the same again"))
        self._number.setKeyboardTracking(False)
        self._number.valueChanged.connect(self.changed)
        self.button = QPushButton(self.tr("New Seed"))
        self.button.setAccessibleName(self.tr("New seed"))
        self.button.setToolTip(self.tr("Draw again, with another seed"))
        self.button.clicked.connect(self._renew)
        label = QLabel(self.tr("Seed"))
        label.setBuddy(self._number)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (label, self._number, self.button):
            row.addWidget(part)

    @property
    def seed(self) -> int:
        return self._number.value()

    def set_seed(self, seed: int) -> None:
        """Show a seed that is drawn with already, and tell nobody."""
        with QSignalBlocker(self._number):
            self._number.setValue(seed)

    def _renew(self) -> None:
        """Choose any other seed."""
        step = QRandomGenerator.global_().bounded(1, _LARGEST)
        self._number.setValue((self.seed + step) % (_LARGEST + 1))
