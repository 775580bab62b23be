"""A table with a column for each step of a piece, as many of them at once as can be told apart."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollBar, QVBoxLayout, QWidget

from gendesk.widgets.charts.chart import Place
from gendesk.widgets.charts.heat_map import HeatMap

_FEWEST, _MOST = 12, 160  # columns


class PagedMap(QWidget):
    """A heat map and a scroll bar; whoever owns it fills the map with the columns `first` to `last` after `turned`.

    `pointed` carries the step under the mouse or the cursor, or None, and `chosen` one that is clicked.
    """

    turned = Signal()
    pointed = Signal(object)
    chosen = Signal(int)

    def __init__(self, chart: HeatMap, column: int, parent: QWidget | None = None) -> None:
        """`column` is how wide a column should be, in logical pixels."""
        super().__init__(parent)
        self._column = column
        self._count = 0
        self.map = chart
        self.bar = QScrollBar(Qt.Orientation.Horizontal)
        self.bar.setAccessibleName(self.tr("Steps in view"))
        self.bar.setToolTip(self.tr("Which steps of the piece are shown"))
        self.bar.valueChanged.connect(self._turn)
        self.map.pointed.connect(self._point)
        self.map.cell_clicked.connect(self._choose)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(0, 0, 0, 0)
        column_layout.setSpacing(0)
        column_layout.addWidget(self.map, 1)
        column_layout.addWidget(self.bar)
        self.bar.hide()

    @property
    def first(self) -> int:
        """The first step in view."""
        return self.bar.value()

    @property
    def last(self) -> int:
        """The step behind the last one in view."""
        return min(self._count, self.first + self.bar.pageStep())

    def set_count(self, count: int) -> None:
        """Have so many steps; the owner fills the map anew."""
        self._count = count
        self._fit()
        self.turned.emit()

    def show_step(self, step: int | None) -> None:
        """Let a step stand out, and turn to it if it is not in view."""
        if step is not None and not self.first <= step < self.last:
            self.bar.setValue(step - self.bar.pageStep() // 8)
        inside = step is not None and self.first <= step < self.last
        self.map.mark_column(step - self.first if step is not None and inside else None)

    def _fit(self) -> None:
        room = max(_FEWEST, min(_MOST, self.width() // self._column))
        self.bar.setPageStep(room)
        self.bar.setRange(0, max(0, self._count - room))
        self.bar.setVisible(self._count > room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before = self.first, self.last
        self._fit()
        if (self.first, self.last) != before:
            self._turn()

    def _turn(self, _value: int = 0) -> None:
        self.map.mark_column(None)
        self.turned.emit()

    def _point(self, place: Place | None) -> None:
        self.pointed.emit(None if place is None else self.first + place[1])

    def _choose(self, _row: int, column: int) -> None:
        self.chosen.emit(self.first + column)
