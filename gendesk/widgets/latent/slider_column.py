"""A slider for each dimension of a latent space. There may be hundreds: a row is made when it is first seen."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from gendesk.widgets.latent.slider_row import ROW_HEIGHT, SliderRow


class SliderColumn(QWidget):
    """Rows for some dimensions, in the order given; `reveal` makes those that can be seen.

    `changed` carries a dimension and the value that the person gives it.
    """

    changed = Signal(int, float)
    reset = Signal(int)
    settled = Signal()
    entered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._order: Sequence[int] = ()
        self._ends: NDArray[np.float32] = np.empty((0, 2), np.float32)
        self._values: NDArray[np.float32] = np.empty(0, np.float32)
        self.rows: dict[int, SliderRow] = {}
        self.setAccessibleName(self.tr("Dimensions"))

    def set_dimensions(self, order: Sequence[int], ends: NDArray[np.float32]) -> None:
        """Take the dimensions to show and the ends of all sliders, (latent_size, 2), lowest and highest value."""
        for row in self.rows.values():
            row.deleteLater()
        self.rows = {}
        self._order, self._ends = list(order), ends
        self.setFixedHeight(ROW_HEIGHT * len(self._order))

    def set_values(self, values: NDArray[np.floating]) -> None:
        """Show the value of every dimension, (latent_size,)."""
        self._values = np.asarray(values, np.float32)
        for dimension, row in self.rows.items():
            self._show(dimension, row)

    def reveal(self, top: int, bottom: int) -> None:
        """Make the rows between two heights of this widget, and one around them for the keyboard to go on to."""
        first, last = top // ROW_HEIGHT - 1, bottom // ROW_HEIGHT + 1
        for place in range(max(0, first), min(len(self._order), last + 1)):
            dimension = self._order[place]
            if dimension not in self.rows:
                self._make(dimension, place)

    def place(self, dimension: int) -> int:
        """Return the height at which a dimension's row begins."""
        return ROW_HEIGHT * self._order.index(dimension)

    def _make(self, dimension: int, place: int) -> None:
        label = QLabel(f"z{dimension}")
        label.setProperty("role", "muted")
        low, high = map(float, self._ends[dimension])
        row = SliderRow(label, low, high, self)
        tip = self.tr("Dimension {number} of the code, from {low} to {high}. A double click resets it to the middle.")
        row.describe(
            self.tr("Dimension {number}").format(number=dimension),
            tip.format(number=dimension, low=number_text(low), high=number_text(high)),
        )
        row.changed.connect(partial(self.changed.emit, dimension))
        row.reset.connect(partial(self.reset.emit, dimension))
        row.settled.connect(self.settled)
        row.entered.connect(partial(self.entered.emit, dimension))
        row.setGeometry(0, ROW_HEIGHT * place, self.width(), ROW_HEIGHT)
        self.rows[dimension] = row
        self._show(dimension, row)
        self._keep_tab_order(place, row)
        row.show()

    def _keep_tab_order(self, place: int, row: SliderRow) -> None:
        """Let Tab go down the rows, whatever the order in which they were made."""
        before = self.rows.get(self._order[place - 1]) if place else None
        after = self.rows.get(self._order[place + 1]) if place + 1 < len(self._order) else None
        if before is not None:
            QWidget.setTabOrder(before.slider, row.slider)
        if after is not None:
            QWidget.setTabOrder(row.slider, after.slider)

    def _show(self, dimension: int, row: SliderRow) -> None:
        if dimension < len(self._values):
            value = float(self._values[dimension])
            row.show_value(value, number_text(value))

    def resizeEvent(self, event: QResizeEvent) -> None:
        for dimension, row in self.rows.items():
            row.setGeometry(0, self.place(dimension), self.width(), ROW_HEIGHT)
        super().resizeEvent(event)


def number_text(value: float) -> str:
    """Write a value of a code with two digits behind the point and a real minus sign."""
    return f"{value + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")
