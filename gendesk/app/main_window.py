"""The main window: a tab for each family, the runs below, and what the machine is doing at the foot."""

import contextlib
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QKeySequence, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QWidget,
)

from gendesk import __version__
from gendesk.app.background import train_in_background
from gendesk.app.broken_tab import BrokenTab
from gendesk.app.closing import Choice, CloseQuestion
from gendesk.app.family_tab import FamilyTab
from gendesk.app.health_centre import HealthCentre
from gendesk.app.loader import EngineLoader
from gendesk.app.log_list import LogList
from gendesk.app.navigation import Navigation
from gendesk.app.run_desk import RunDesk
from gendesk.app.runs.browser import RunBrowser
from gendesk.app.runs.queue_panel import QueuePanel
from gendesk.app.session import Session, read_session, write_session
from gendesk.app.status import StatusLine
from gendesk.engine.events import JobState, StateChanged, Warned
from gendesk.engine.families import Family, find_families
from gendesk.engine.health.warnings_file import WARNINGS_FILE, read_warnings
from gendesk.engine.run_store import RunStore
from gendesk.widgets.icons import icon
from gendesk.widgets.theme import Scheme, apply_theme
from gendesk.widgets.translation import translated

if TYPE_CHECKING:
    from gendesk.app.bridge import EngineBridge
    from gendesk.engine.engine import Engine

_UNPAINTED_MS = 500
_WATCH_MS = 2000
_SESSION = "session.json"


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
        self._settings = QSettings(str(data_dir / "window.ini"), QSettings.Format.IniFormat)
        families = find_families(data_dir / "plugins")
        self.tabs: dict[str, QWidget] = {}
        self._pages = QStackedWidget()
        self._navigation = Navigation()
        for family in families:
            self._add_tab(family)
        central = QWidget()
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._navigation)
        row.addWidget(self._pages, 1)
        self.setCentralWidget(central)
        self.store = RunStore(data_dir / "runs")
        recipes = [recipe for family in families for recipe in family.recipes]
        self.browser = RunBrowser(
            self.store, [(family.id, family.title) for family in families], [recipe.id for recipe in recipes]
        )
        self.queue = QueuePanel()
        self.health = HealthCentre()
        self.log = LogList()
        self._docks = self._make_docks()
        self.desk = RunDesk(self, self.browser)
        self.desk.failed.connect(self._show_error)
        self.health.change_wanted.connect(self.desk.start_changed)
        self.status = StatusLine()
        self.statusBar().addPermanentWidget(self.status, 1)
        self.statusBar().setSizeGripEnabled(False)
        self._make_menus()
        self._restore()
        self._loader = EngineLoader(data_dir, families, self)
        self._loader.loaded.connect(self._connect_engine)
        self._loader.failed.connect(self._show_error)
        self._loading = QTimer(self, singleShot=True)
        self._loading.timeout.connect(self._loader.start)
        self._watch = QTimer(self, interval=_WATCH_MS)
        self._watch.timeout.connect(self._look_elsewhere)
        self._navigation.chosen.connect(self._change_tab)
        self._navigation.choose(self._last_tab())

    def _last_tab(self) -> int:
        last = read_session(self.data_dir / _SESSION).tab
        return list(self.tabs).index(last) if last in self.tabs else 0

    @property
    def engine(self) -> "Engine | None":
        """The engine, None until it has been loaded."""
        return self.bridge.engine if self.bridge else None

    @property
    def current_tab(self) -> QWidget | None:
        return self._pages.currentWidget()

    def open_tab(self, family_id: str) -> None:
        """Show a family's tab; an unknown one is said in the message list."""
        if family_id in self.tabs:
            self._navigation.choose(list(self.tabs).index(family_id))
        else:
            self.log.add(
                "error", self.tr("There is no tab {0}; known are {1}.").format(family_id, ", ".join(self.tabs))
            )

    def set_theme(self, scheme: Scheme) -> None:
        """Use the light or dark theme, or the one of the system, now and at the next start."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, scheme)
        self._settings.setValue("theme", scheme)

    # Parts

    def _add_tab(self, family: Family) -> None:
        tab = BrokenTab(family) if family.error else FamilyTab(family)
        self.tabs[family.id] = tab
        self._pages.addWidget(tab)
        self._navigation.add(translated(family.title), family.icon, family.error or translated(family.summary))

    def _add_dock(self, name: str, title: str, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(name)
        dock.setWidget(widget)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
        return dock

    def _make_docks(self) -> list[QDockWidget]:
        runs = self._add_dock("runs", self.tr("Runs"), self.browser)
        others = [
            self._add_dock("queue", self.tr("Queue"), self.queue),
            self._add_dock("health", self.tr("Health"), self.health),
            self._add_dock("log", self.tr("Messages"), self.log),
        ]
        for dock in others[1:]:
            self.tabifyDockWidget(others[0], dock)
        others[-1].raise_()
        self.resizeDocks([runs, others[0]], [900, 380], Qt.Orientation.Horizontal)
        self.resizeDocks([runs, others[0]], [176, 176], Qt.Orientation.Vertical)
        return [runs, *others]

    def _make_menus(self) -> None:
        file_menu = self.menuBar().addMenu(self.tr("&File"))
        own = file_menu.addAction(icon("folder"), self.tr("Open &Folder of Pictures..."), self._ask_folder)
        own.setShortcut(QKeySequence.StandardKey.Open)
        file_menu.addSeparator()
        leave = file_menu.addAction(self.tr("&Quit"), self.close)
        leave.setShortcut(QKeySequence.StandardKey.Quit)
        self._make_run_menu()
        view_menu = self.menuBar().addMenu(self.tr("&View"))
        for dock in self._docks:
            view_menu.addAction(dock.toggleViewAction())
        view_menu.addSeparator()
        themes = QActionGroup(self)
        titles: dict[Scheme, str] = {
            "system": self.tr("Theme of the System"),
            "light": self.tr("Light Theme"),
            "dark": self.tr("Dark Theme"),
        }
        for scheme, title in titles.items():
            action = themes.addAction(QAction(title, self, checkable=True))
            action.setChecked(scheme == self._settings.value("theme", "system"))
            action.triggered.connect(functools.partial(self.set_theme, scheme))
            view_menu.addAction(action)
        full = view_menu.addAction(self.tr("Full Screen"), self._toggle_full_screen)
        full.setShortcut(QKeySequence.StandardKey.FullScreen)
        help_menu = self.menuBar().addMenu(self.tr("&Help"))
        about = help_menu.addAction(icon("info"), self.tr("&About gendesk"), self.show_about)
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _make_run_menu(self) -> None:
        menu = self.menuBar().addMenu(self.tr("&Run"))
        for title, shortcut, button in (
            (self.tr("&Start"), "Ctrl+Return", "start"),
            (self.tr("&Resume"), "Ctrl+Shift+Return", "resume"),
            (self.tr("&Pause or Go On"), "Ctrl+P", "pause"),
            (self.tr("Single S&tep"), "Ctrl+.", "step"),
            (self.tr("S&top"), "Ctrl+T", "stop"),
        ):
            action = menu.addAction(icon({"start": "play"}.get(button, button)), title)
            action.setShortcut(QKeySequence(shortcut))
            action.triggered.connect(functools.partial(self._click, button))

    def _click(self, button: str, _checked: bool = False) -> None:
        tab = self.current_tab
        if isinstance(tab, FamilyTab):
            getattr(tab.bar, button).click()

    def _ask_folder(self) -> None:
        tab = self.current_tab
        if isinstance(tab, FamilyTab):
            tab.bar.folder_wanted.emit()

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def show_about(self) -> None:
        """Say what this is, without stopping anything."""
        text = self.tr(
            "<h3>gendesk {0}</h3><p>Learn, train and play with generative models on your own desktop.</p>"
            "<p>Free software under the MIT licence. Runs and data are kept in<br>{1}</p>"
        ).format(__version__, self.data_dir)
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("About gendesk"))
        box.setIconPixmap(icon("app").pixmap(64, 64))
        box.setText(text)
        box.open()

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
        self._queue_control = QueueControl(self.queue, bridge)
        self._queue_control.failed.connect(self._show_error)
        self.queue.shown.connect(self.desk.show)
        for tab in self.tabs.values():
            if isinstance(tab, FamilyTab):
                tab.run_chosen.connect(self._on_run_chosen)
                tab.connect_engine(bridge)
        self._restore_session()
        self._queue_control.take_over()
        self._watch.start()

    def _restore_session(self) -> None:
        session = read_session(self.data_dir / _SESSION)
        for family, tab in self.tabs.items():
            if isinstance(tab, FamilyTab) and family in session.tabs:
                tab.restore(session.tabs[family])

    def _on_state(self, event: StateChanged) -> None:
        failed = event.state is JobState.FAILED
        self.log.add("error" if failed else "info", f"{event.run_id}: {event.message or str(event.state).capitalize()}")
        if self._leaving and self.engine is not None and not self.engine.training_jobs:
            self.close()

    def _on_warning(self, event: Warned) -> None:
        self.log.add("warning", f"{event.run_id}: {event.text} {event.advice}")
        self.health.add(event)

    def _on_run_chosen(self) -> None:
        """Select in the browser what the current tab shows, and show how well it is."""
        tab = self.current_tab
        if isinstance(tab, FamilyTab) and tab.run_id:
            self.browser.select(tab.run_id)
            self.browser.refresh()
            warnings = read_warnings(self.store.folder / tab.run_id / WARNINGS_FILE)
            self.health.set_run(tab.run_id, warnings, tab.session().values)

    def _change_tab(self, row: int) -> None:
        self._pages.setCurrentIndex(row)
        tab = self.current_tab
        if isinstance(tab, FamilyTab):
            self.browser.set_current_family(tab.family.id)
            self._on_run_chosen()

    def _look_elsewhere(self) -> None:
        tab = self.current_tab
        if isinstance(tab, FamilyTab):
            tab.refresh_elsewhere()

    def _show_error(self, sentence: str, details: str = "") -> None:
        self.log.add("error", sentence)
        tab = self.current_tab
        if isinstance(tab, FamilyTab):
            tab.show_error(sentence, details)

    # Beginning and end

    def _restore(self) -> None:
        geometry, state = self._settings.value("geometry"), self._settings.value("docks")
        if geometry is not None:
            self.restoreGeometry(geometry)
        if state is not None:
            self.restoreState(state)
        theme: Any = self._settings.value("theme", "system")
        if theme in ("light", "dark"):
            self.set_theme(theme)

    def leave(self, choice: Choice = "stop") -> None:
        """Close without a question: what trains is saved first, with the window alive meanwhile.

        With `background`, a process without a window goes on with it.
        """
        self._leaving = choice
        engine = self.engine
        if engine is not None and engine.training_jobs:
            self.log.add("info", self.tr("Saving what is in training, then closing."))
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
        self._settings.setValue("geometry", self.saveGeometry())
        self._settings.setValue("docks", self.saveState())
        if self.engine is None:
            return
        tabs = {family: tab.session() for family, tab in self.tabs.items() if isinstance(tab, FamilyTab)}
        current = next((family for family, tab in self.tabs.items() if tab is self.current_tab), "")
        with contextlib.suppress(OSError):
            write_session(self.data_dir / _SESSION, Session(tab=current, tabs=tabs))
