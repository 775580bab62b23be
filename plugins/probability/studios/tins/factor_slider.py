"""A slider for a length in pixels, with its name before it and its value behind it."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

_PER_PIXEL = 10  # steps of the slider


class FactorSlider(QWidget):
    """Chooses a length between two others, in tenths of a pixel; `moved` follows every change by the person."""

    moved = Signal()

    def __init__(self, title: str, tip: str, lowest: float, highest: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(round(lowest * _PER_PIXEL), round(highest * _PER_PIXEL))
        self.slider.setPageStep(_PER_PIXEL)
        self.slider.setValue(round((lowest + highest) / 2 * _PER_PIXEL))
        self.slider.setAccessibleName(title)
        self.slider.setToolTip(tip)
        self.slider.valueChanged.connect(self._changed)
        self._text = QLabel()
        self._text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._text.setMinimumWidth(self._text.fontMetrics().horizontalAdvance("88.8 px"))
        name = QLabel(title)
        name.setMinimumWidth(name.fontMetrics().horizontalAdvance("MMMMM"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(name)
        row.addWidget(self.slider, 1)
        row.addWidget(self._text)
        self.setFocusProxy(self.slider)
        self._write()

    @property
    def value(self) -> float:
        """The length in pixels."""
        return self.slider.value() / _PER_PIXEL

    def add(self, pixels: float) -> None:
        """Move by some pixels, as far as the slider goes, as if the person had done it."""
        self.slider.setValue(self.slider.value() + round(pixels * _PER_PIXEL))

    def show_value(self, value: float) -> None:
        """Move to a length, or as near to it as the slider goes, without a signal."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(value * _PER_PIXEL))
        self._write()

    def _changed(self) -> None:
        self._write()
        self.moved.emit()

    def _write(self) -> None:
        self._text.setText(self.tr("{value:.1f} px").format(value=self.value))
