"""Small controls of the map studio."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from ...density.densities import FloatArray

MINUS = "\N{MINUS SIGN}"


class NumberSlider(QWidget):
    """A slider with its name before and its value behind; it moves in steps of 1 / `parts`, and tells by `moved`."""

    moved = Signal()

    def __init__(self, name: str, tip: str, low: float, high: float, *, parts: int = 1, unit: str = "") -> None:
        super().__init__()
        self._parts, self._unit = parts, unit
        self._value = low
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(round(low * parts), round(high * parts))
        self._slider.setPageStep(max(1, parts))
        self._slider.setAccessibleName(name)
        self._slider.valueChanged.connect(self._change)
        self._text = QLabel()
        self._text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._text.setMinimumWidth(48)
        label = QLabel(name)
        label.setBuddy(self._slider)
        label.setMinimumWidth(88)
        self.setToolTip(tip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self._slider, 1)
        row.addWidget(self._text)

    @property
    def value(self) -> float:
        return self._value

    def show_value(self, value: float) -> None:
        """Show a value, also one between the steps or beyond the ends, and tell nobody."""
        self._slider.blockSignals(True)
        self._slider.setValue(round(value * self._parts))
        self._slider.blockSignals(False)
        self._write(value)

    def _change(self, number: int) -> None:
        self._write(number / self._parts)
        self.moved.emit()

    def _write(self, value: float) -> None:
        self._value = value
        digits = 1 if self._parts > 1 else 0
        self._text.setText(f"{value:.{digits}f}{self._unit}")


def button(text: str, tip: str) -> QPushButton:
    """Return a push button with a name for screen readers."""
    made = QPushButton(text)
    made.setAccessibleName(text)
    made.setToolTip(tip)
    return made


def place_text(place: FloatArray, size: tuple[float, float]) -> str:
    """Write a place (2,) of a map of `size` as latitude and longitude, counted from its middle."""
    east, north = (place - np.array(size) / 2).tolist()
    return f"{abs(north):.1f}° {'SN'[north > 0]}, {abs(east):.1f}° {'WE'[east > 0]}"


def signed(value: float, decimals: int) -> str:
    """Write a number with thousands and a true minus."""
    return f"{value:,.{decimals}f}".replace("-", MINUS)
