"""Rows of words and numbers to read, to select and to copy."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from gendesk.widgets.charts.export import ChartExport, as_text

_NUMBER = re.compile(
    r"[-+\N{MINUS SIGN}]?[\d,.\N{NARROW NO-BREAK SPACE}]*\d(\.\d*)?(e[-+\N{MINUS SIGN}]?\d+)?(\s?\D{0,4})"
)


_LONGEST_NUMBER = 40
_COLUMN_GAP = 16  # pixels


class ChartTable(QTableWidget):
    """A read-only table: cells that look like numbers are set flush right, Ctrl+C copies what is selected."""

    saved = Signal(str)  # the path of a file that was written
    failed = Signal(str)  # one sentence: a file could not be written

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[str, ...] = ()
        self._rows: tuple[tuple[str, ...], ...] = ()
        self.export = ChartExport(self)
        self.export.saved.connect(self.saved)
        self.export.failed.connect(self.failed)
        self.setAccessibleName(self.tr("Table"))
        self.setToolTip(self.tr("Ctrl+C copies the selected cells, Ctrl+A selects all"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    @property
    def is_empty(self) -> bool:
        return not self._rows

    def set_rows(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show rows under headings; what is missing of either is filled up. Place and selection stay where they can."""
        longest = max((len(row) for row in rows), default=0)
        columns = [*columns, *[""] * (longest - len(columns))]
        is_new = tuple(columns) != self._columns
        self._columns, self._rows = tuple(columns), tuple(tuple(row) for row in rows)
        self.setRowCount(len(rows))
        self.setColumnCount(len(columns))
        flush_right = [
            _are_numbers([row[index] for row in self._rows if index < len(row)]) for index in range(len(columns))
        ]
        for index, title in enumerate(columns):
            heading = QTableWidgetItem(title)
            heading.setTextAlignment(_side(flush_right[index]))
            self.setHorizontalHeaderItem(index, heading)
        for number, row in enumerate(self._rows):
            for index, text in enumerate((*row, *[""] * (len(columns) - len(row)))):
                self._set_cell(number, index, text)
        line = self.fontMetrics().height() + 6
        self.verticalHeader().setDefaultSectionSize(line)
        if is_new:
            self.resizeColumnsToContents()
            for index in range(len(columns)):
                self.setColumnWidth(index, self.columnWidth(index) + _COLUMN_GAP)
            self.horizontalHeader().setStretchLastSection(not flush_right[-1] if flush_right else False)

    def clear(self) -> None:
        self.set_rows((), ())

    def _set_cell(self, row: int, column: int, text: str) -> None:
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            self.setItem(row, column, item)
        if item.text() != text:
            item.setText(text)
            item.setToolTip(text if len(text) > 30 else "")
        item.setTextAlignment(_side(_is_number(text)))

    def table(self) -> Sequence[Sequence[str]]:
        """Return headings and rows."""
        return [self._columns, *self._rows]

    def selected_text(self) -> str:
        """Return the selected cells as lines with tabs."""
        lines = []
        for area in self.selectedRanges():
            for row in range(area.topRow(), area.bottomRow() + 1):
                cells = range(area.leftColumn(), area.rightColumn() + 1)
                lines.append([item.text() if (item := self.item(row, column)) else "" for column in cells])
        return as_text(lines)

    def sizeHint(self) -> QSize:
        return QSize(360, 240)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.selected_text())
        else:
            super().keyPressEvent(event)


def _side(right: bool) -> Qt.AlignmentFlag:
    return (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter


def _is_number(text: str) -> bool:
    return len(text) <= _LONGEST_NUMBER and bool(_NUMBER.fullmatch(text.strip()))


def _are_numbers(texts: Sequence[str]) -> bool:
    """Tell whether most cells of a column that hold something are numbers."""
    filled = [text for text in texts if text.strip()]
    return bool(filled) and 2 * sum(map(_is_number, filled)) > len(filled)
