"""The page of the map studio that sets the five densities side by side."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gendesk.widgets.charts.table import ChartTable

from ...density.config import Kind
from ...density.operations import Compared

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ComparePage(QWidget):
    """A table with a row for each density, all fitted to the same points with the settings of the sliders."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles: dict[Kind, str] = {
            "rectangle": self.tr("Rectangle"),
            "rectangles": self.tr("Rectangles"),
            "gaussians": self.tr("Gaussians"),
            "kernel": self.tr("Kernel"),
            "histogram": self.tr("Histogram"),
        }
        self.table = ChartTable(self)
        self.table.setAccessibleName(self.tr("Comparison of the densities"))
        note = QLabel(
            self.tr("Nats per point, on the points of the training and on held-out ones; shares are of 500 samples.")
        )
        note.setProperty("role", "muted")
        note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.table)
        column.addWidget(note)
        column.addStretch(1)

    def show_rows(self, rows: tuple[Compared, ...]) -> None:
        columns = (
            self.tr("Density"),
            self.tr("Parameters"),
            self.tr("Training"),
            self.tr("Held-out"),
            self.tr("Sea"),
            self.tr("Copies"),
            self.tr("Successes"),
        )
        self.table.set_rows(
            columns,
            [
                (
                    self._titles[row.kind],
                    f"{row.parameters:,}",
                    row.seen.text,
                    row.unseen.text,
                    *(f"{share:.0%}" for share in row.shares),
                )
                for row in rows
            ],
        )
        for column in range(1, self.table.columnCount()):  # minus infinity is a number, too
            cells = [self.table.item(row, column) for row in range(self.table.rowCount())]
            for cell in (self.table.horizontalHeaderItem(column), *cells):
                if cell is not None:
                    cell.setTextAlignment(_RIGHT)
        self.table.horizontalHeader().setStretchLastSection(False)
        self.table.resizeColumnsToContents()
        line = self.table.verticalHeader().defaultSectionSize()
        bar = self.table.horizontalScrollBar().sizeHint().height()
        self.table.setFixedHeight(self.table.horizontalHeader().sizeHint().height() + line * len(self._titles) + bar)
