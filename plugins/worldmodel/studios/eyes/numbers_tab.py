"""Which numbers of the code are in use, and a slider for each of them."""

import numpy as np
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gendesk.widgets.charts.bars import BarCharts, Bars
from gendesk.widgets.latent.slider_column import SliderColumn
from gendesk.widgets.pictures.picture import UInt8Array
from gendesk.widgets.pictures.view import PictureView

from ...seeing import ACTIVE, Floats, Use

_REACH = 3.0


class NumbersTab(QWidget):
    """`changed` carries the code that the sliders stand for, whoever moved them."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.code: Floats = np.zeros(0, np.float32)
        self.use: Use | None = None
        self.chart = BarCharts(self)
        self.chart.setAccessibleName(self.tr("Numbers of the code in use"))
        self.chart.setToolTip(
            self.tr("A number is in use where the mean of |log_var| over held-out frames is above {0}").format(ACTIVE)
        )
        self.chart.set_empty_text(self.tr("Which numbers of the code are in use appears here."))
        self.chart.setMinimumHeight(170)
        self.picture = PictureView(self)
        self.picture.setAccessibleName(self.tr("What the sliders are decoded to"))
        self.picture.setMinimumSize(136, 136)
        self.sliders = SliderColumn(self)
        self.sliders.changed.connect(self._change)
        self.sliders.reset.connect(self._reset_one)
        self.area = QScrollArea(self, widgetResizable=True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setAccessibleName(self.tr("Sliders"))
        body = QWidget(self.area)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sliders)
        column.addStretch(1)
        self.area.setWidget(body)
        self.area.verticalScrollBar().valueChanged.connect(self._reveal)
        self.reset = QPushButton(self.tr("Reset"), self)
        self.reset.setToolTip(self.tr("Set all numbers of the code to 0"))
        self.reset.clicked.connect(self._reset)
        self.note = QLabel(self, wordWrap=True)
        self.note.setProperty("role", "muted")
        self._revealing = QTimer(self, interval=0, singleShot=True)  # when the layout has settled
        self._revealing.timeout.connect(self._reveal)
        self._arrange()

    def _arrange(self) -> None:
        left, row, column = QVBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        left.addWidget(self.picture, 1)
        left.addWidget(self.note)
        left.addWidget(self.reset)
        row.addLayout(left, 2)
        row.addWidget(self.area, 3)
        row.setSpacing(8)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.chart, 2)
        column.addLayout(row, 3)

    @property
    def shown(self) -> list[int]:
        """The numbers that have a slider: those in use, or all where none is."""
        return [] if self.use is None else self.use.active or self.use.order

    def set_use(self, found: Use | None) -> None:
        """Show which numbers are in use; the sliders stay where they are as long as there are as many numbers."""
        before, self.use = self.shown, found
        size = 0 if found is None else len(found.strength)
        if len(self.code) != size:
            self.code = np.zeros(size, np.float32)
        if found is None:
            self.chart.clear()
            self.picture.set_picture(None)
            self.note.setText("")
        else:
            title = self.tr("{0} of {1} numbers in use").format(len(found.active), size)
            series = self.tr("mean of |log_var|"), self.tr("spread of the mean")
            labels = tuple(str(number) for number in range(size))
            self.chart.set_charts([Bars(title, np.stack([found.strength, found.spread]), labels, series)])
            self.note.setText("" if found.active else self.tr("No number is in use, so all have sliders."))
        self.note.setVisible(bool(self.note.text()))
        self.reset.setEnabled(found is not None)
        if self.shown != before:
            ends = np.tile(np.array([-_REACH, _REACH], np.float32), (size, 1))
            self.sliders.set_dimensions(self.shown, ends)
        self.sliders.set_values(self.code)
        self._revealing.start()

    def set_code(self, code: Floats) -> None:
        """Put a code (latent_size,) into the sliders."""
        self.code = np.asarray(code, np.float32).copy()
        self.sliders.set_values(self.code)
        self.changed.emit(self.code.copy())

    def show_picture(self, picture: UInt8Array | None) -> None:
        """Show what the code is decoded to."""
        self.picture.set_picture(picture)

    def _change(self, number: int, value: float) -> None:
        code = self.code.copy()
        code[number] = round(value, 1)  # a tenth is as fine as a person can see
        self.set_code(code)

    def _reset_one(self, number: int) -> None:
        self._change(number, 0.0)

    def _reset(self) -> None:
        self.set_code(np.zeros_like(self.code))

    def _reveal(self) -> None:
        """Make the sliders that can be seen."""
        top = self.area.verticalScrollBar().value()
        self.sliders.reveal(top, top + self.area.viewport().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._revealing.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._revealing.start()
