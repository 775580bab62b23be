"""The runs of a family, newest first: what became of them, and the way back into each."""

import time
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QMenu, QStackedLayout, QTableView, QWidget

from gendesk.engine.events import Progress
from gendesk.engine.run_store import DamagedRun
from gendesk.engine.runs import Run, RunState
from gendesk.engine.throughput import clock
from gendesk.widgets.icons import icon

_ICONS = {
    RunState.QUEUED: "runs",
    RunState.RUNNING: "play",
    RunState.STOPPED: "stop",
    RunState.FINISHED: "check",
    RunState.FAILED: "error",
    RunState.INTERRUPTED: "warning",
}
Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class RunTable(QAbstractTableModel):
    """Rows of runs; the texts are made once when a row is set, because the view asks for them at every paint."""

    def __init__(self) -> None:
        super().__init__()
        self._titles = [self.tr(title) for title in ("Run", "Name", "State", "Step", "Best", "Trained for", "Changed")]
        self._runs: list[Run | DamagedRun] = []
        self._rows: list[list[str]] = []

    def set_runs(self, runs: Sequence[Run | DamagedRun]) -> None:
        """Show these runs; rows that are the same as before are left alone, so that the selection stays."""
        rows = [_texts(run) for run in runs]
        if len(rows) == len(self._rows):
            self._runs = list(runs)
            for number, (new, old) in enumerate(zip(rows, self._rows, strict=True)):
                if new != old:
                    self._rows[number] = new
                    self.dataChanged.emit(self.index(number, 0), self.index(number, len(new) - 1))
            return
        self.beginResetModel()
        self._runs, self._rows = list(runs), rows
        self.endResetModel()

    def show_progress(self, progress: Progress) -> None:
        """Show how far a run in training is."""
        row = self.row_of(progress.run_id)
        if row is not None and progress.total_steps:
            self._rows[row][3] = f"{progress.step:,} / {progress.total_steps:,}"
            self._rows[row][5] = clock(progress.elapsed)
            self.dataChanged.emit(self.index(row, 3), self.index(row, 5))

    def row_of(self, run_id: str) -> int | None:
        return next((row for row, run in enumerate(self._runs) if run.folder.name == run_id), None)

    def run(self, row: int) -> Run | DamagedRun:
        return self._runs[row]

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        run = self._runs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return run.reason if isinstance(run, DamagedRun) else run.record.message or str(run.folder)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 2:
            return icon("error" if isinstance(run, DamagedRun) else _ICONS[run.state])
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in (3, 4, 5):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None


class RunList(QWidget):
    """The table with its menu and its empty state. Enter or a double click shows a run."""

    chosen = Signal(str)
    resume_wanted = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = RunTable()
        self.view = QTableView()
        self.view.setAccessibleName(self.tr("Runs"))
        self.view.setModel(self.table)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setShowGrid(False)
        self.view.setAlternatingRowColors(True)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(24)
        self.view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.view.horizontalHeader().setHighlightSections(False)
        self.view.horizontalHeader().setStretchLastSection(True)
        for column, width in enumerate((150, 200, 100, 110, 130, 90)):
            self.view.setColumnWidth(column, width)
        self.view.activated.connect(lambda index: self._emit_chosen(index.row()))
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._show_menu)
        hint = QLabel(self.tr("Every training you start is kept here: come back to it, look at it, go on with it."))
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setProperty("role", "muted")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(hint)
        self._stack.addWidget(self.view)

    def set_runs(self, runs: Sequence[Run | DamagedRun]) -> None:
        self.table.set_runs(runs)
        self._stack.setCurrentIndex(1 if runs else 0)

    def select(self, run_id: str) -> None:
        row = self.table.row_of(run_id)
        if row is not None:
            self.view.selectRow(row)

    def _emit_chosen(self, row: int) -> None:
        run = self.table.run(row)
        if isinstance(run, DamagedRun):
            self.failed.emit(run.reason)
        else:
            self.chosen.emit(run.id)

    def _show_menu(self, position: Any) -> None:
        index = self.view.indexAt(position)
        if not index.isValid():
            return
        run = self.table.run(index.row())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if isinstance(run, Run):
            menu.addAction(icon("chart"), self.tr("Show"), lambda: self.chosen.emit(run.id))
            resume = menu.addAction(icon("resume"), self.tr("Resume"), lambda: self.resume_wanted.emit(run.id))
            resume.setEnabled(not run.in_use)
        menu.addAction(icon("folder"), self.tr("Open Folder"), lambda: _open_folder(run))
        menu.popup(self.view.viewport().mapToGlobal(position))

    def keyPressEvent(self, event: Any) -> None:
        if event.matches(QKeySequence.StandardKey.InsertParagraphSeparator) and self.view.currentIndex().isValid():
            self._emit_chosen(self.view.currentIndex().row())
            return
        super().keyPressEvent(event)


def _open_folder(run: Run | DamagedRun) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(run.folder)))


def _texts(run: Run | DamagedRun) -> list[str]:
    if isinstance(run, DamagedRun):
        return [run.folder.name, run.reason, "damaged", "", "", "", ""]
    record = run.record
    best = f"{record.best_value:.4g} at {record.best_step:,}" if record.best_value is not None else ""
    changed = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.updated))
    step = f"{record.step:,} / {record.total_steps:,}" if record.total_steps else ""
    return [run.id, run.title, str(run.state), step, best, clock(record.seconds), changed]
