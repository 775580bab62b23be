"""The main window: a tab for each family, the runs below, and what the machine is doing at the foot."""

import contextlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from gendesk.app.background import train_in_background
from gendesk.app.broken_tab import BrokenTab
from gendesk.app.closing import Choice, CloseQuestion
from gendesk.app.desk import Desk
from gendesk.app.explain.inspector import InspectorPanel
from gendesk.app.family_tab import FamilyTab
from gendesk.app.first_run import FirstRunPage
from gendesk.app.health_centre import HealthCentre
from gendesk.app.loader import EngineLoader
from gendesk.app.log_list import LogList
from gendesk.app.menus import Menus
from gendesk.app.navigation import Navigation
from gendesk.app.runs.browser import RunBrowser
from gendesk.app.runs.queue_panel import QueuePanel
from gendesk.app.session import Session, read_session, write_session
from gendesk.app.status import StatusLine
from gendesk.engine.events import JobState, StateChanged, Warned
from gendesk.engine.families import Family, find_families
from gendesk.engine.health.warnings_file import WARNINGS_FILE, read_warnings
from gendesk.engine.run_store import RunStore
from gendesk.logs import log
from gendesk.preferences import Preferences, preferences_file
from gendesk.widgets.theme import Scheme, apply_theme
from gendesk.widgets.translation import translated

if TYPE_CHECKING:
    from gendesk.app.bridge import EngineBridge
    from gendesk.data.library import DataLibrary
    from gendesk.engine.engine import Engine

_UNPAINTED_MS = 500
_WATCH_MS = 2000
_SESSION = "session.json"
_INSPECTOR = QSize(440, 640)


class MainWindow(QMainWindow):
    """Paints at once with what the manifests say, then loads the engine and hands it to the tabs."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__()
        self.setWindowTitle("gendesk")
        self.setMinimumSize(900, 600)
        self.resize(1280, 800)
        self.data_dir = data_dir
        self.bridge: EngineBridge | None = None
        self._painted = False
        self._leaving: Choice | None = None
        self._places = QSettings(str(data_dir / "window.ini"), QSettings.Format.IniFormat)
        self._file = preferences_file(data_dir)
        former = self._places.value("theme")
        self.preferences, note = self._file.load({"theme": former} if former else None)
        folders, problem = self.preferences.folders(data_dir)
        self._session = read_session(data_dir / _SESSION)
        self.families = find_families(folders.plugins)
        self.store = RunStore(folders.runs)
        self._datasets = folders.datasets
        self._make_tabs()
        self._make_docks()
        self.desk = Desk(self)
        self.status = StatusLine()
        self.statusBar().addPermanentWidget(self.status, 1)
        self.statusBar().setSizeGripEnabled(False)
        self._menus = Menus(self)
        self._restore()
        self._loader = EngineLoader(data_dir, self.families, self.preferences, self)
        self._loader.loaded.connect(self._connect_engine)
        self._loader.failed.connect(self.show_error)
        self._loading = QTimer(self, singleShot=True)
        self._loading.timeout.connect(self._loader.start)
        self._watch = QTimer(self, interval=_WATCH_MS)
        self._watch.timeout.connect(self._look_elsewhere)
        self._navigation.chosen.connect(self._change_tab)
        last = self._session.tab
        self._navigation.choose(list(self.tabs).index(last) if last in self.tabs else 0)
        for sentence in filter(None, (note, problem)):
            self.tell("warning", sentence)
        if self._places.value("welcomed") is None and not self.store.ids():
            self.show_first_steps()

    @property
    def engine(self) -> "Engine | None":
        """The engine, None until it has been loaded."""
        return self.bridge.engine if self.bridge else None

    @cached_property
    def library(self) -> "DataLibrary":
        """The data sets, for the dialogs about them; the engine has a library of its own."""
        from gendesk.data.library import DataLibrary

        return DataLibrary(self._datasets)

    @property
    def current_tab(self) -> QWidget | None:
        """The tab that is open, also while the page for newcomers hides it."""
        return list(self.tabs.values())[self._navigation.row] if self.tabs else None

    def open_tab(self, family_id: str) -> None:
        """Show a family's tab; an unknown one is said in the message list."""
        if family_id in self.tabs:
            self._navigation.choose(list(self.tabs).index(family_id))
        else:
            known = ", ".join(self.tabs)
            self.tell("error", self.tr("There is no tab {0}; known are {1}.").format(family_id, known))

    def set_theme(self, scheme: Scheme) -> None:
        """Use the light or dark theme, or the one of the system, now and at the next start."""
        self.use_preferences(self.preferences.with_values({"theme": scheme}))

    def use_preferences(self, preferences: Preferences) -> None:
        """Apply and keep preferences; folders count from the next start on."""
        self.preferences = preferences
        self._show_theme()
        if self.engine is not None:
            self.engine.preferences = preferences
        if problem := self._file.save(preferences):
            self.tell("warning", problem)

    def toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def tell(self, kind: str, sentence: str) -> None:
        """Add a line to the messages and to the log file; `kind` is info, warning or error."""
        self.log.add(kind, sentence)  # type: ignore[arg-type]  # the kinds are those of the list
        getattr(log, kind)(sentence)

    def show_error(self, sentence: str, details: str = "") -> None:
        """Say what cannot be done, above the current tab and in the messages."""
        self.tell("error", sentence)
        tab = self.current_tab
        if isinstance(tab, FamilyTab):
            tab.show_error(sentence, details)

    # Parts

    def _make_tabs(self) -> None:
        self.tabs: dict[str, QWidget] = {}
        self._pages = QStackedWidget()
        self._navigation = Navigation()
        for family in self.families:
            self._add_tab(family)
        central = QWidget()
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._navigation)
        row.addWidget(self._pages, 1)
        self.setCentralWidget(central)

    def _add_tab(self, family: Family) -> None:
        tab = BrokenTab(family) if family.error else FamilyTab(family)
        self.tabs[family.id] = tab
        self._pages.addWidget(tab)
        self._navigation.add(translated(family.title), family.icon, family.error or translated(family.summary))

    def _make_docks(self) -> None:
        families = [(family.id, family.title) for family in self.families]
        self.browser = RunBrowser(self.store, families, list(self.families.recipes))
        self.queue = QueuePanel()
        self.health = HealthCentre()
        self.log = LogList()
        runs = self._add_dock("runs", self.tr("Runs"), self.browser)
        others = [
            self._add_dock("log", self.tr("Messages"), self.log),
            self._add_dock("queue", self.tr("Queue"), self.queue),
            self._add_dock("health", self.tr("Health"), self.health),
        ]
        for dock in others[1:]:
            self.tabifyDockWidget(others[0], dock)
        others[0].raise_()
        self.resizeDocks([runs, others[0]], [900, 380], Qt.Orientation.Horizontal)
        self.resizeDocks([runs, others[0]], [176, 176], Qt.Orientation.Vertical)
        self.inspector = InspectorPanel(self.families)
        self.inspector.setMinimumWidth(320)
        self.inspector_dock = self._add_dock("model", self.tr("Model"), self.inspector)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.inspector_dock)
        # There is no room for it beside the studio on a small screen; who has the room docks it.
        self.inspector_dock.setFloating(True)
        self.inspector_dock.resize(_INSPECTOR)
        self.inspector_dock.hide()
        self.docks = [runs, *others, self.inspector_dock]

    def _add_dock(self, name: str, title: str, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(name)
        dock.setWidget(widget)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
        return dock

    # The engine comes

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Usually the first paint comes long before; a window that is shown where nobody can see it may have none.
        self._loading.start(_UNPAINTED_MS)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            # All else is painted in the same turn of the event loop; in the next one the slow imports may begin.
            self._loading.start(0)

    def _connect_engine(self, engine: "Engine") -> None:
        from gendesk.app.bridge import EngineBridge
        from gendesk.app.queue_control import QueueControl

        bridge = EngineBridge(engine, self)
        self.bridge = bridge
        bridge.state_changed.connect(self._on_state)
        bridge.warned.connect(self._on_warning)
        self.browser.connect_engine(bridge)
        self.status.connect_engine(bridge)
        queue = QueueControl(self.queue, bridge)
        queue.failed.connect(self.show_error)
        for family, tab in self.tabs.items():
            if isinstance(tab, FamilyTab):
                tab.run_chosen.connect(self._on_run_chosen)
                tab.connect_engine(bridge)
                if family in self._session.tabs:
                    tab.restore(self._session.tabs[family])
        queue.take_over()
        self._watch.start()

    def _on_state(self, event: StateChanged) -> None:
        failed = event.state is JobState.FAILED
        words = event.message or str(event.state).capitalize()
        self.tell("error" if failed else "info", f"{event.run_id}: {words}")
        if self._leaving and self.engine is not None and not self.engine.training_jobs:
            self.close()

    def show_first_steps(self) -> None:
        """Show the page for newcomers in place of the tabs, until one of them is chosen."""
        page = FirstRunPage(self.families)
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        self.desk.connect_first_steps(page)
        page.setFocus()

    def leave_first_steps(self) -> None:
        """Go back to the tab that was open."""
        page = self._pages.currentWidget()
        if isinstance(page, FirstRunPage):
            self._pages.removeWidget(page)
            page.deleteLater()
            self._places.setValue("welcomed", "yes")

    def _on_warning(self, event: Warned) -> None:
        self.tell("warning", f"{event.run_id}: {event.text} {event.advice}")
        self.health.add(event)

    def _on_run_chosen(self) -> None:
        """Select in the browser what the current tab shows, and show how well it is."""
        tab = self.current_tab
        if isinstance(tab, FamilyTab) and tab.run_id:
            self.leave_first_steps()
            self.browser.select(tab.run_id)
            self.browser.refresh()
            warnings = read_warnings(self.store.folder / tab.run_id / WARNINGS_FILE)
            self.health.set_run(tab.run_id, warnings, tab.session().values)

    def _change_tab(self, row: int) -> None:
        self.leave_first_steps()
        self._pages.setCurrentWidget(list(self.tabs.values())[row])
        tab = self.current_tab
        if isinstance(tab, FamilyTab):
            self.browser.set_current_family(tab.family.id)
            self.desk.inspect()
            self._on_run_chosen()

    def _look_elsewhere(self) -> None:
        tab = self.current_tab
        if isinstance(tab, FamilyTab):
            tab.refresh_elsewhere()

    # Beginning and end

    def _restore(self) -> None:
        geometry, state = self._places.value("geometry"), self._places.value("docks")
        if geometry is not None:
            self.restoreGeometry(geometry)
        if state is not None:
            self.restoreState(state)
        self._show_theme()

    def _show_theme(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, self.preferences.theme)
        self._menus.show_theme(self.preferences.theme)

    def leave(self, choice: Choice = "stop") -> None:
        """Close without a question: what trains is saved first, with the window alive meanwhile.

        With `background`, a process without a window goes on with it.
        """
        self._leaving = choice
        engine = self.engine
        if engine is not None and engine.training_jobs:
            self.tell("info", self.tr("Saving what is in training, then closing."))
            engine.hand_over()
            if choice == "stop":
                for job in engine.training_jobs:
                    engine.queue.remove(job.run.id)
            return
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close at once if nothing trains; else ask what shall become of it."""
        engine = self.engine
        if engine is not None and engine.training_jobs:
            if self._leaving is None:
                self._ask_before_closing(engine)
            event.ignore()
            return
        self._remember()
        self._loader.join(timeout=10)
        if self.bridge is not None:
            self.bridge.close()
            self.bridge.engine.close()
        if self._leaving == "background":
            train_in_background(self.data_dir)
        event.accept()

    def _ask_before_closing(self, engine: "Engine") -> None:
        job = engine.training_jobs[0]
        question = CloseQuestion(job.run.title, len(engine.queue.entries()) - 1, self)
        question.chosen.connect(self.leave)
        question.open()

    def _remember(self) -> None:
        """Keep the places of all parts and what the tabs show; a disk that refuses costs no more than that."""
        self._places.setValue("geometry", self.saveGeometry())
        self._places.setValue("docks", self.saveState())
        if self.engine is None:
            return
        tabs = {family: tab.session() for family, tab in self.tabs.items() if isinstance(tab, FamilyTab)}
        current = next((family for family, tab in self.tabs.items() if tab is self.current_tab), "")
        with contextlib.suppress(OSError):
            write_session(self.data_dir / _SESSION, Session(tab=current, tabs=tabs))
