"""Softmax: a few numbers of any size become probabilities that sum to 1."""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QVBoxLayout, QWidget

from gendesk.widgets.kernel.colors import MINUS
from gendesk.widgets.theme import current_colors

from ..activating import softmax
from .controls import muted

LOGITS = (2.0, 1.0, 0.1, -1.0)
LIMIT = 5.0


class SoftmaxPanel(QWidget):
    """Four logits and a temperature as sliders, the probabilities as bars. `edited` follows each change."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sliders: list[QSlider] = []
        self._numbers: list[QLabel] = []
        self._bars: list[_Bar] = []
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        for column, text in enumerate(("", self.tr("Logit"), "", self.tr("Probability"))):
            grid.addWidget(muted(text), 0, column)
        for row in range(len(LOGITS)):
            name = self.tr("Class {number}").format(number=row + 1)
            slider = _slider(name, self.tr("What the last layer says of this class; more makes it more likely"), 50)
            slider.valueChanged.connect(partial(self._changed, f"logit {row}"))
            number, bar = _number(), _Bar()
            for column, widget in enumerate((QLabel(name), slider, number, bar)):
                grid.addWidget(widget, row + 1, column)
            self._sliders.append(slider)
            self._numbers.append(number)
            self._bars.append(bar)
        self._temperature = _slider(
            self.tr("Temperature"),
            self.tr("All logits are divided by it: below 1 the largest takes nearly all, above 1 all become alike"),
            0,
        )
        self._temperature.setRange(1, 50)
        self._temperature.valueChanged.connect(partial(self._changed, "temperature"))
        self._temperature_told = _number()
        self._sum = QLabel()
        self._sum.setProperty("role", "title")
        last = len(LOGITS) + 1
        for column, part in enumerate((QLabel(self.tr("Temperature")), self._temperature, self._temperature_told)):
            grid.addWidget(part, last, column)
        grid.addWidget(self._sum, last, 3)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(3, 3)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(10)
        outer.addLayout(grid)
        outer.addWidget(
            muted(
                self.tr(
                    "Each logit becomes e to its power, divided by the sum of all of them: never below 0, and 1 "
                    "together. Only differences count: adding the same to every logit changes nothing."
                )
            )
        )
        outer.addStretch(1)
        self.show_setting(LOGITS, 1.0)

    @property
    def logits(self) -> tuple[float, ...]:
        return tuple(slider.value() / 10 for slider in self._sliders)

    @property
    def temperature(self) -> float:
        return self._temperature.value() / 10

    @property
    def probabilities(self) -> NDArray[np.float64]:
        return softmax(np.array(self.logits), self.temperature)

    def show_setting(self, logits: tuple[float, ...], temperature: float) -> None:
        """Show other numbers."""
        values = [*(round(10 * logit) for logit in logits), round(10 * temperature)]
        for slider, value in zip((*self._sliders, self._temperature), values, strict=True):
            slider.blockSignals(True)
            slider.setValue(value)
            slider.blockSignals(False)
        self._show()

    def _changed(self, key: str, _value: int) -> None:
        self._show()
        self.edited.emit(key)

    def _show(self) -> None:
        for number, bar, logit, share in zip(self._numbers, self._bars, self.logits, self.probabilities, strict=True):
            number.setText(f"{logit:.1f}".replace("-", MINUS))
            bar.set_share(float(share))
        self._temperature_told.setText(f"{self.temperature:.1f}")
        self._sum.setText(self.tr("Sum {total}").format(total=f"{self.probabilities.sum():.3f}"))


class _Bar(QWidget):
    """A bar from 0 to 1 with its number."""

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0

    def set_share(self, share: float) -> None:
        self._share = share
        self.setAccessibleName(f"{share:.3f}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 22)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 22)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors, painter = current_colors(), QPainter(self)
        text = f"{self._share:.3f}"
        room = self.fontMetrics().horizontalAdvance(text) + 8
        width = (self.width() - room) * self._share
        middle = self.height() / 2
        painter.fillRect(QRectF(0, middle - 7, self.width() - room, 14), QColor(colors.grid))
        painter.fillRect(QRectF(0, middle - 7, max(1.0, width), 14), QColor(colors.accent))
        painter.setPen(QColor(colors.text))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(self.rect()), flags, text)
        painter.end()


def _slider(name: str, tip: str, limit: int) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(-limit, limit)
    slider.setPageStep(5)
    slider.setMinimumWidth(64)
    slider.setAccessibleName(name)
    slider.setToolTip(tip)
    return slider


def _number() -> QLabel:
    label = QLabel()
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    label.setMinimumWidth(label.fontMetrics().horizontalAdvance(f"{MINUS}5.0"))
    return label
