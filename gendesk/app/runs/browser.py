"""The run browser: all runs of all families, to find, to look at, to write on, and to do something with."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from gendesk.app.runs.actions import RunActions
from gendesk.app.runs.details import RunDetails
from gendesk.app.runs.entries import RunEntry
from gendesk.app.runs.filter_row import FilterRow
from gendesk.app.runs.hint_page import HintPage
from gendesk.app.runs.list_view import PICTURE, RunListView
from gendesk.app.runs.live_rows import LiveRows
from gendesk.app.runs.removal import RemovalQuestions
from gendesk.app.runs.rows import Column, Row
from gendesk.app.runs.sorting import SortedRuns
from gendesk.app.runs.table import RunTable
from gendesk.app.runs.thumbnails import Thumbnails
from gendesk.app.runs.worker import StoreWorker
from gendesk.engine.events import StateChanged
from gendesk.engine.run_store import RunStore
from gendesk.widgets.icons import icon
from gendesk.widgets.translation import translated

if TYPE_CHECKING:
    from gendesk.app.bridge import EngineBridge

_WATCH_MS = 3000
_KEPT_PICTURES = 512
_LONGEST_NAME = 200


class RunBrowser(QWidget):
    """A list with a filter row above and the details of the selected run beside it.

    It reads the store by itself when it is shown and every few seconds while it is visible, because other processes
    train, too. Renaming, notes, tags, pins and the trash are its own; all else it asks for by signals.
    """

    shown = Signal(str)
    resume_wanted = Signal(str)
    duplicate_wanted = Signal(str)
    compare_wanted = Signal(list)
    export_wanted = Signal(list, str)  # ids; zip, safetensors, onnx, tensorboard or gif
    start_wanted = Signal()
    removed = Signal(str)  # the run is in the trash or deleted
    failed = Signal(str)
    refreshed = Signal()  # the list is what the disk says

    def __init__(
        self,
        store: RunStore,
        families: Sequence[tuple[str, str]],
        known_recipes: Collection[str],
        parent: QWidget | None = None,
    ) -> None:
        """`families` are ids and titles; runs whose recipe is not among the known ones count as of a missing plugin."""
        super().__init__(parent)
        self._wanted = ""
        self._worker = StoreWorker(store, known_recipes, self)
        self._worker.scanned.connect(self._apply)
        self._worker.failed.connect(self.failed)
        self._worker.removed.connect(self.removed)
        self._questions = RemovalQuestions(self._worker, self)
        self._thumbnails = Thumbnails(PICTURE, _KEPT_PICTURES, self)
        titles = {family_id: translated(title) for family_id, title in families}
        self.table = RunTable(titles, self._thumbnails.picture, self)
        self.runs = SortedRuns(self.table, self)
        self.live = LiveRows(self.table, self)
        self.view = RunListView(self.runs)
        self.filters = FilterRow(families, self.table.states)
        self.details = RunDetails()
        self.run_actions = RunActions(self.view, self)
        self._watch = QTimer(self, interval=_WATCH_MS)
        self._arrange()
        self._connect()

    # What the main window calls

    def actions_list(self) -> list[QAction]:
        """Return what can be done with the selected runs: actions, separators and the export submenu's action."""
        return self.run_actions.listed()

    def refresh(self) -> None:
        """Read on a worker thread what has changed on the disk; `refreshed` tells when it is shown."""
        self._worker.scan()

    def connect_engine(self, bridge: "EngineBridge") -> None:
        """Follow what trains in this process."""
        bridge.progressed.connect(self.live.show_progress)
        bridge.measured.connect(self.live.show_metrics)
        bridge.state_changed.connect(self.live.show_state)
        bridge.state_changed.connect(self._follow_state)

    def set_current_family(self, family_id: str) -> None:
        """Tell whose tab is open, for "This Tab Only"."""
        self.filters.set_family_of_tab(family_id)

    def select(self, run_id: str) -> None:
        """Select a run and scroll to it, as soon as it is listed."""
        self._wanted = run_id
        self._select_wanted()

    def save_view(self) -> QByteArray:
        """Return the columns' widths, places and which are hidden, for `restore_view`."""
        return self.view.horizontalHeader().saveState()

    def restore_view(self, state: QByteArray) -> None:
        """Give the columns the widths and places they had; a state of another version changes nothing."""
        self.view.horizontalHeader().restoreState(state)
        if self.table.metric or self.view.horizontalHeader().sortIndicatorSection() == Column.METRIC:
            self._sort_by(self.table.metric)
        self.view.setColumnHidden(Column.METRIC, not self.table.metric)

    # Parts

    def _arrange(self) -> None:
        self.toggle_details = QToolButton()
        self.toggle_details.setIcon(icon("info"))
        self.toggle_details.setCheckable(True)
        self.toggle_details.setAutoRaise(True)
        self.toggle_details.setAccessibleName(self.tr("Details"))
        self.toggle_details.setToolTip(self.tr("Show pictures, numbers, note and tags of the selected run"))
        self.details.hide()
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 8, 0)
        top.setSpacing(0)
        top.addWidget(self.filters, 1)
        top.addWidget(self.toggle_details)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._empty = HintPage(
            self.tr("Every training you start is kept here: come back to it, look at it, go on with it."),
            self.tr("Start a Run"),
            self.tr("Train with the settings of the open tab"),
        )
        self._empty.clicked.connect(self.start_wanted)
        self._nothing = HintPage(
            self.tr("No run is like that."),
            self.tr("Show All Runs"),
            self.tr("Clear the search field and the filters"),
        )
        self._nothing.clicked.connect(self.filters.clear)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._nothing)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._pages, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(left)
        splitter.addWidget(self.details)
        splitter.setStretchFactor(0, 1)
        splitter.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(splitter)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        self._watch.timeout.connect(self.refresh)
        self._thumbnails.loaded.connect(self.table.repaint_picture)
        self.table.renamed.connect(self._rename)
        self.table.dataChanged.connect(self._show_selection)
        self.filters.changed.connect(self._filter)
        self.filters.metric_chosen.connect(self._sort_by)
        self.filters.left.connect(self._enter_list)
        self.details.labels_written.connect(self._worker.label)
        self.toggle_details.toggled.connect(self.details.setVisible)
        self.view.selectionModel().selectionChanged.connect(self._show_selection)
        self.view.doubleClicked.connect(self.run_actions.show_run.trigger)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._show_menu)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.filters.focus_search)
        actions = self.run_actions
        for action, signal in (
            (actions.show_run, self.shown),
            (actions.resume, self.resume_wanted),
            (actions.duplicate, self.duplicate_wanted),
        ):
            action.triggered.connect(partial(self._emit_first, signal))
        actions.compare.triggered.connect(self._compare)
        actions.rename.triggered.connect(self.view.rename_current)
        actions.annotate.triggered.connect(self._annotate)
        actions.pin.triggered.connect(self._pin)
        actions.export_wanted.connect(self._export)
        actions.reveal.triggered.connect(self._reveal)
        actions.trash.triggered.connect(self._trash)

    # What the person does

    def _emit_first(self, signal: Any, _checked: bool = False) -> None:
        ids = self.view.selected_ids()
        if ids:
            signal.emit(ids[0])

    def _compare(self) -> None:
        self.compare_wanted.emit(self.view.selected_ids())

    def _export(self, kind: str) -> None:
        self.export_wanted.emit(self.view.selected_ids(), kind)

    def _annotate(self) -> None:
        self.toggle_details.setChecked(True)
        self.details.edit()

    def _rename(self, run_id: str, name: str) -> None:
        self._worker.label({run_id: {"name": name[:_LONGEST_NAME]}})

    def _pin(self, pinned: bool) -> None:
        self._worker.label({run_id: {"pinned": pinned} for run_id in self.view.selected_ids()})

    def _reveal(self) -> None:
        for row in self._selected_rows()[:1]:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(row.entry.folder)))

    def _trash(self) -> None:
        self._worker.measure(self.view.selected_ids())

    def _enter_list(self) -> None:
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.runs.rowCount() and not self.view.selected_ids():
            self.view.selectRow(0)

    def _show_menu(self, position: QPoint) -> None:
        if not self.view.selected_ids():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        menu.addActions(self.actions_list())
        menu.popup(self.view.viewport().mapToGlobal(position))

    def _filter(self) -> None:
        self.runs.set_filter(self.filters.filter)
        self._show_page()
        self._show_selection()

    def _sort_by(self, metric: str) -> None:
        self.table.set_metric(metric)
        self.view.setColumnHidden(Column.METRIC, not metric)
        newest_first = Column.CHANGED, Qt.SortOrder.DescendingOrder
        self.view.sortByColumn(*((Column.METRIC, Qt.SortOrder.AscendingOrder) if metric else newest_first))
        self.view.scrollToTop()

    # What comes from the engine and the disk

    def _follow_state(self, _event: StateChanged) -> None:
        self.refresh()

    def _apply(self, entries: list[RunEntry]) -> None:
        anchor = self.view.anchor()
        self.table.set_entries(entries)
        self.view.keep(anchor)
        self.filters.set_tags(self.table.tags)
        self.filters.set_metrics(self.table.metrics)
        self._show_page()
        self._select_wanted()
        self._show_selection()
        self.refreshed.emit()

    def _show_page(self) -> None:
        page = self.view if self.runs.rowCount() else self._nothing if self.table.rowCount() else self._empty
        self._pages.setCurrentWidget(page)

    def _select_wanted(self) -> None:
        index = self.runs.index_of(self._wanted) if self._wanted else None
        if index is not None and index.isValid():
            self._wanted = ""
            self.view.selectRow(index.row())
            self.view.scrollTo(index)

    def _selected_rows(self) -> list[Row]:
        numbers = [self.table.number_of(run_id) for run_id in self.view.selected_ids()]
        return [self.table.row(number) for number in numbers if number is not None]

    def _show_selection(self) -> None:
        rows = self._selected_rows()
        self.run_actions.update(rows)
        self.details.set_rows(rows)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._thumbnails.ratio = self.devicePixelRatioF()
        self._watch.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self._watch.stop()
        super().hideEvent(event)
