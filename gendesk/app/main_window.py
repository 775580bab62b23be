"""The main window: a tab for each family, the runs below, and what the machine is doing at the foot."""

import contextlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QWidget

from gendesk.app.background import train_in_background
from gendesk.app.closing import Choice, CloseQuestion
from gendesk.app.desk import Desk
from gendesk.app.dock import Dock
from gendesk.app.family_tab import FamilyTab
from gendesk.app.family_tabs import FamilyTabs
from gendesk.app.first_run import FirstRunPage
from gendesk.app.loader import EngineLoader
from gendesk.app.log_list import LogList
from gendesk.app.menus import Menus
from gendesk.app.runs.browser import RunBrowser
from gendesk.app.session import Session, read_session, write_session
from gendesk.app.status import StatusLine
from gendesk.engine.events import JobState, StateChanged, Warned
from gendesk.engine.families import find_families
from gendesk.engine.health.warnings_file import WARNINGS_FILE, read_warnings
from gendesk.engine.run_store import RunStore
from gendesk.logs import log
from gendesk.preferences import Preferences, preferences_file
from gendesk.studios.music import REMEMBERED
from gendesk.widgets.theme import Scheme, apply_theme

if TYPE_CHECKING:
    from gendesk.app.bridge import EngineBridge
    from gendesk.app.explain.inspector import InspectorPanel
    from gendesk.app.health_centre import HealthCentre
    from gendesk.app.runs.queue_panel import QueuePanel
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
        self.tabs = FamilyTabs(self.families, self)
        self.setCentralWidget(self.tabs)
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
        self.tabs.made.connect(self._connect_tab)
        self.tabs.chosen.connect(self._change_tab)
        if self._session.tab in self.tabs:
            self.tabs.choose(self._session.tab)
        self.browser.set_current_family(self.tabs.current_id)
        for sentence in filter(None, (note, problem)):
            self.tell("warning", sentence)
        if self._places.value("welcomed") is None and not self.store.ids():
            self.show_first_steps()
        else:
            self._change_tab()

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
        return self.tabs.current

    def open_tab(self, family_id: str) -> None:
        """Show a family's tab; an unknown one is said in the message list."""
        if family_id in self.tabs:
            self.tabs.choose(family_id)
            self._change_tab()
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

    def _make_docks(self) -> None:
        self._browser = Dock("runs", self.tr("Runs"), self._make_browser, self)
        self._log = Dock("log", self.tr("Messages"), LogList, self)
        self._queue = Dock("queue", self.tr("Queue"), self._make_queue, self)
        self._health = Dock("health", self.tr("Health"), self._make_health, self)
        for dock in (self._browser, self._log, self._queue, self._health):
            self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
        self.tabifyDockWidget(self._log, self._queue)
        self.tabifyDockWidget(self._log, self._health)
        self._log.raise_()
        self.resizeDocks([self._browser, self._log], [900, 380], Qt.Orientation.Horizontal)
        self.resizeDocks([self._browser, self._log], [176, 176], Qt.Orientation.Vertical)
        self.inspector_dock = Dock("model", self.tr("Model"), self._make_inspector, self)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.inspector_dock)
        # There is no room for it beside the studio on a small screen; who has the room docks it.
        self.inspector_dock.hide()
        self.inspector_dock.setFloating(True)
        self.inspector_dock.resize(_INSPECTOR)
        self.docks: list[QDockWidget] = [self._browser, self._log, self._queue, self._health, self.inspector_dock]

    @property
    def browser(self) -> RunBrowser:
        """The runs and what can be done with them."""
        return self._browser.panel

    @property
    def log(self) -> LogList:
        """The messages."""
        return self._log.panel

    @property
    def queue(self) -> "QueuePanel":
        """What trains and what waits."""
        return self._queue.panel

    @property
    def health(self) -> "HealthCentre":
        """What was found amiss in runs."""
        return self._health.panel

    @property
    def inspector(self) -> "InspectorPanel":
        """The layers of the model in the form."""
        return self.inspector_dock.panel

    def _make_browser(self) -> RunBrowser:
        families = [(family.id, family.title) for family in self.families]
        return RunBrowser(self.store, families, list(self.families.recipes))

    # Imported here, because at most starts nobody sees them before the first paint, which waits for every import.

    def _make_queue(self) -> "QueuePanel":
        from gendesk.app.runs.queue_panel import QueuePanel

        panel = QueuePanel()
        panel.shown.connect(self.desk.show_run)
        return panel

    def _make_health(self) -> "HealthCentre":
        from gendesk.app.health_centre import HealthCentre

        panel = HealthCentre()
        panel.change_wanted.connect(self.desk.start_changed)
        return panel

    def _make_inspector(self) -> "InspectorPanel":
        from gendesk.app.explain.inspector import InspectorPanel

        panel = InspectorPanel(self.families)
        panel.setMinimumWidth(320)
        return panel

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
        tabs = self.tabs.opened()
        for tab in tabs:
            self._connect_tab(tab)
        if not tabs:
            self.tabs.get(self.tabs.current_id)  # a page covers it, but whoever presses Start there need not wait
        queue.take_over()
        self._watch.start()
        self._loader.go_on()

    def _connect_tab(self, tab: FamilyTab) -> None:
        """Bring a tab to life, as soon as both it and the engine are there."""
        if self.bridge is None:
            return
        tab.run_chosen.connect(self._on_run_chosen)
        self.browser.refreshed.connect(tab.stages.look)
        tab.connect_engine(self.bridge)
        if tab.family.id in self._session.tabs:
            tab.restore(self._session.tabs[tab.family.id])

    def _on_state(self, event: StateChanged) -> None:
        failed = event.state is JobState.FAILED
        words = event.message or str(event.state).capitalize()
        self.tell("error" if failed else "info", f"{event.run_id}: {words}")
        if self._leaving and self.engine is not None and not self.engine.training_jobs:
            self.close()

    def show_first_steps(self) -> None:
        """Show the page for newcomers in place of the tabs, until one of them is chosen."""
        page = FirstRunPage(self.families)
        self.tabs.cover(page)
        self.desk.connect_first_steps(page)
        page.setFocus()

    def leave_first_steps(self) -> None:
        """Go back to the tab that was open."""
        page = self.tabs.seen
        if isinstance(page, FirstRunPage):
            self.tabs.uncover(page)
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

    def _change_tab(self) -> None:
        self.leave_first_steps()
        self.tabs.show_current()
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
        self.setProperty(REMEMBERED, self._places.value(REMEMBERED))
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
        if output := self.property(REMEMBERED):
            self._places.setValue(REMEMBERED, output)
        if self.engine is None:
            return
        # Tabs that were not opened this time keep what they showed the last time.
        tabs = {**self._session.tabs, **{tab.family.id: tab.session() for tab in self.tabs.opened()}}
        with contextlib.suppress(OSError):
            write_session(self.data_dir / _SESSION, Session(tab=self.tabs.current_id, tabs=tabs))
