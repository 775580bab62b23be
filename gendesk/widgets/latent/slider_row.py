"""A named number between two ends: a slider that goes where it is clicked, and its value beside it."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontDatabase, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QStyle, QWidget

STEPS = 240  # from one end to the other
ROW_HEIGHT = 32  # logical pixels, like the next
NAME_WIDTH = 56


class JumpSlider(QSlider):
    """A horizontal slider whose handle comes to where the mouse is pressed; a double click resets it.

    The wheel is left to the list around it.
    """

    reset = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, STEPS)
        self.setPageStep(STEPS // 12)
        self.setMinimumWidth(80)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            handle = self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, None, self)
            at, room = round(event.position().x()) - handle // 2, self.width() - handle
            self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, room))
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SliderRow(QWidget):
    """Name, slider, value. `changed` carries a value that the person has chosen, `settled` follows a whole drag."""

    changed = Signal(float)
    reset = Signal()
    settled = Signal()
    entered = Signal()

    def __init__(self, name: QWidget, low: float, high: float, parent: QWidget | None = None) -> None:
        """Show a value between `low` and `high` behind `name`, a label or a button that becomes the row's."""
        super().__init__(parent)
        self._low, self._span = low, high - low
        self.slider = JumpSlider(self)
        self.slider.valueChanged.connect(self._tell)
        self.slider.sliderReleased.connect(self.settled)
        self.slider.reset.connect(self.reset)
        self._value = QLabel(self)
        self._value.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._value.setMinimumWidth(self._value.fontMetrics().horizontalAdvance("\N{MINUS SIGN}0.00 "))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        name.setFixedWidth(NAME_WIDTH)
        row.addWidget(name)
        row.addWidget(self.slider, 1)
        row.addWidget(self._value)
        self.setFixedHeight(ROW_HEIGHT)

    def describe(self, name: str, tip: str) -> None:
        """Give the slider its accessible name and a tool tip."""
        self.slider.setAccessibleName(name)
        self.slider.setToolTip(tip)

    def show_value(self, value: float, text: str) -> None:
        """Show a value, which may lie beyond the ends, as `text`; nothing is told."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(STEPS * (value - self._low) / self._span))
        self._value.setText(text)

    def _tell(self, steps: int) -> None:
        self.changed.emit(self._low + steps / STEPS * self._span)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.entered.emit()
        super().enterEvent(event)
