"""A table with a row for each fact or setting and a column for each run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QColor, QFont, QGuiApplication, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gendesk.engine.comparison import RunReading, run_names
from gendesk.widgets.theme import current_colors

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_TITLES = 2  # columns before those of the runs
_NARROWEST = 96  # pixels of a run's column


@dataclass(frozen=True)
class TableRow:
    """A text for each run; those at `best` stand out, and so do those that differ from the first where it `differs`."""

    group: str
    title: str
    texts: tuple[str, ...]
    tip: str = ""
    best: frozenset[int] = frozenset()
    differs: bool = False


def headers(readings: Sequence[RunReading]) -> list[tuple[str, str]]:
    """Return the name of each run and what its header explains, both of which tell runs apart."""
    runs = [reading.run for reading in readings]
    return [(name, f"{name}\n{run.id}") for name, run in zip(run_names(runs), runs, strict=True)]


def run_color(index: int) -> str:
    """Return the colour of a run in the whole window, that of its curve."""
    colors = current_colors().curves
    return colors[index % len(colors)]


def run_swatch(index: int, ratio: float) -> QPixmap:
    """Return a dot in the colour of a run, sharp on a screen with `ratio` pixels for each logical one."""
    picture = QPixmap(round(12 * ratio), round(12 * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(run_color(index)))
    painter.drawEllipse(QRectF(1, 1, 10, 10))
    painter.end()
    return picture


class ComparisonModel(QAbstractTableModel):
    """Rows of texts; group and title of each row come first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._runs: list[tuple[str, str]] = []
        self._rows: list[TableRow] = []

    @property
    def runs(self) -> Sequence[tuple[str, str]]:
        """Name and explanation of each run."""
        return self._runs

    @property
    def rows(self) -> Sequence[TableRow]:
        return self._rows

    def set_rows(self, runs: Sequence[tuple[str, str]], rows: Sequence[TableRow]) -> None:
        """Show rows for runs, each given by its name and what its header explains."""
        if list(runs) == self._runs and len(rows) == len(self._rows):
            self._rows = list(rows)
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, self.columnCount() - 1))
            return
        self.beginResetModel()
        self._runs, self._rows = list(runs), list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else _TITLES + len(self._runs)

    def text(self, row: int, column: int) -> str:
        """Return what a cell says; a group is said in its first row only."""
        shown = self._rows[row]
        if column == 0:
            return shown.group if row == 0 or self._rows[row - 1].group != shown.group else ""
        return shown.title if column == 1 else shown.texts[column - _TITLES]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, run = self._rows[index.row()], index.column() - _TITLES
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tip if run < 0 else row.texts[run]
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 0:
            return QColor(current_colors().muted)
        if role == Qt.ItemDataRole.FontRole and run in row.best:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.BackgroundRole and (run in row.best or _stands_out(row, run)):
            shade = QColor(current_colors().good if run in row.best else current_colors().warning)
            shade.setAlphaF(0.16)
            return shade
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        run = section - _TITLES
        if role == Qt.ItemDataRole.DisplayRole:
            return self._runs[run][0] if run >= 0 else (self.tr("Group"), self.tr("Name"))[section]
        if run < 0:
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._runs[run][1]
        if role == Qt.ItemDataRole.DecorationRole:
            return run_swatch(run, QGuiApplication.primaryScreen().devicePixelRatio())
        return None

    def as_text(self, rows: Sequence[int], columns: Sequence[int]) -> str:
        """Return cells as lines with tabs between them, below the names of the runs; line breaks become semicolons."""
        lines = [[str(self.headerData(column, Qt.Orientation.Horizontal)) for column in columns]]
        for row in rows:
            group, *rest = [self.text(row, column) for column in columns]
            lines.append([self._rows[row].group if columns[0] == 0 else group, *rest])
        return "\n".join("\t".join(cell.replace("\n", "; ") for cell in line) for line in lines)


def _stands_out(row: TableRow, run: int) -> bool:
    return row.differs and run > 0 and row.texts[run] != row.texts[0]


class _RoomyCells(QStyledItemDelegate):
    """Cells of several lines with some room between them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return super().sizeHint(option, index) + QSize(8, 8)


class ComparisonTable(QTableView):
    """The table; Ctrl+C copies what is selected, or everything."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = ComparisonModel(self)
        self.setModel(self.table)
        self.setItemDelegate(_RoomyCells(self))
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setMinimumSectionSize(_NARROWEST)
        # Cells break into lines, so the rows follow the columns; once for all columns that change together.
        self._row_heights = QTimer(self, singleShot=True)
        self._row_heights.timeout.connect(self.resizeRowsToContents)
        header.sectionResized.connect(self._fit_rows)
        copy = QAction(self.tr("Copy"), self)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        copy.triggered.connect(self.copy_selection)
        whole = QAction(self.tr("Copy Table"), self)
        whole.triggered.connect(self.copy_table)
        self.addActions([copy, whole])
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def set_rows(self, runs: Sequence[tuple[str, str]], rows: Sequence[TableRow]) -> None:
        """Show rows for runs, each given by its name and what its header explains."""
        if (list(runs), list(rows)) != (list(self.table.runs), list(self.table.rows)):
            self.table.set_rows(runs, rows)
            self._fit()

    def copy_table(self) -> None:
        """Put all rows on the clipboard, as text that spreadsheets take."""
        self._copy(range(self.table.rowCount()), range(self.table.columnCount()))

    def copy_selection(self) -> None:
        """Put the selected cells on the clipboard; the whole table if there are none."""
        indexes = self.selectedIndexes()
        if len(indexes) == 1:
            QGuiApplication.clipboard().setText(self.table.text(indexes[0].row(), indexes[0].column()))
        elif indexes:
            rows = sorted({index.row() for index in indexes})
            self._copy(rows, sorted({index.column() for index in indexes}))
        else:
            self.copy_table()

    def _copy(self, rows: Sequence[int], columns: Sequence[int]) -> None:
        QGuiApplication.clipboard().setText(self.table.as_text(rows, columns))

    def _fit(self) -> None:
        """Give the titles what they need, and the runs equal shares of the rest."""
        header = self.horizontalHeader()
        for column in range(self.table.columnCount()):
            titles = column < _TITLES
            mode = QHeaderView.ResizeMode.ResizeToContents if titles else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(column, mode)
        self._fit_rows()

    def _fit_rows(self, *_section: int) -> None:
        self._row_heights.start()
