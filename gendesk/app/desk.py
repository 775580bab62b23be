"""What people do in the window beside training: with runs, with data, with files, and the windows that open for it."""

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox

from gendesk import __version__
from gendesk.app.family_tab import FamilyTab
from gendesk.app.first_run import FIRST_RECIPE, FirstRunPage
from gendesk.app.palette import CommandPalette
from gendesk.data.catalogue import find_entry
from gendesk.data.dataset import DatasetKind
from gendesk.errors import GendeskError
from gendesk.widgets.icons import icon
from gendesk.widgets.translation import translated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gendesk.app.bridge import EngineBridge
    from gendesk.app.exchange import Exchange
    from gendesk.app.main_window import MainWindow
    from gendesk.engine.run_config import RunConfig
    from gendesk.engine.runs import Run


class Desk(QObject):
    """Joins the parts of the window: what one asks for, another one does. Made before the menus, which lead here."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.palette = CommandPalette(window, window.menuBar())
        browser = window.browser
        browser.shown.connect(self.show_run)
        browser.resume_wanted.connect(self.resume)
        browser.duplicate_wanted.connect(self.duplicate)
        browser.compare_wanted.connect(self.compare)
        browser.export_wanted.connect(self.export)
        browser.start_wanted.connect(self.start)
        browser.failed.connect(window.show_error)
        window.tabs.made.connect(self._connect_tab)
        window.inspector_dock.visibilityChanged.connect(self.inspect)

    @cached_property
    def exchange(self) -> "Exchange":
        """What reads and writes files of runs; made when it is needed, because it imports much."""
        from gendesk.app.exchange import Exchange

        exchange = Exchange(self._window, self._window.store, self._engine)
        exchange.told.connect(partial(self._window.tell, "info"))
        exchange.failed.connect(self._window.show_error)
        exchange.imported.connect(self.show_run)
        exchange.settings_found.connect(self.use_settings)
        return exchange

    def _connect_tab(self, tab: FamilyTab) -> None:
        tab.paths_dropped.connect(self.open_paths)
        tab.check_wanted.connect(self.check_data)
        tab.paste_wanted.connect(self.paste_text)
        tab.form.changed.connect(self.inspect)
        tab.choices.recipe_changed.connect(self.inspect)

    def connect_first_steps(self, page: FirstRunPage) -> None:
        """Do what the page for newcomers offers."""
        page.start_wanted.connect(self._start_first)
        page.own_data_wanted.connect(self._own_pictures)
        page.open_run_wanted.connect(self.ask_import)
        page.family_wanted.connect(self._window.open_tab)
        page.guide_wanted.connect(self.open_guide)
        page.dismissed.connect(self._window.leave_first_steps)

    # Runs

    def show_run(self, run_id: str) -> None:
        """Show a run in the tab of its family."""
        if (tab := self._tab_of(run_id)) is not None:
            tab.show_run(run_id)

    def export(self, run_ids: "Sequence[str]", kind: str) -> None:
        """Ask where to write runs, and write them."""
        self.exchange.ask_export(run_ids, kind)

    def ask_import(self) -> None:
        """Ask for an archive of a run or a picture, and open it."""
        self.exchange.ask_import()

    def resume(self, run_id: str) -> None:
        if (tab := self._tab_of(run_id)) is not None:
            tab.resume_run(run_id)

    def duplicate(self, run_id: str) -> None:
        """Put a run's settings into the form of its tab."""
        if (run := self._open(run_id)) is not None:
            self.use_settings(run.record.config)

    def use_settings(self, config: "RunConfig") -> None:
        """Put settings into the form of the tab that they belong to."""
        entry = self._window.families.recipes.get(config.recipe)
        tab = self._window.tabs.get(entry.family) if entry else None
        if entry is None or not isinstance(tab, FamilyTab):
            self._window.show_error(self.tr("The recipe {0} is not here.").format(config.recipe))
            return
        self._window.open_tab(entry.family)
        tab.use_config(config)

    def start_changed(self, run_id: str, changes: dict[str, Any]) -> None:
        """Start a new run with the settings of one and some of them changed."""
        tab, run = self._tab_of(run_id), self._open(run_id)
        if tab is not None and run is not None:
            tab.change_settings(run.record.config, changes)

    def compare(self, run_ids: "Sequence[str]") -> None:
        """Open a window that lays runs side by side."""
        from gendesk.app.runs.compare import CompareWindow

        runs = [run for run_id in run_ids if (run := self._open(run_id)) is not None]
        try:
            CompareWindow(runs, self._window.families, self._window, find_bridge=self._bridge).show()
        except ValueError as error:
            self._window.show_error(str(error))

    def _bridge(self) -> "EngineBridge | None":
        return self._window.bridge

    def start(self) -> None:
        """Train with what the current tab says."""
        self._window.leave_first_steps()
        tab = self._window.current_tab
        if isinstance(tab, FamilyTab):
            tab.start()

    def _start_first(self) -> None:
        """Train what the page for newcomers speaks of, with its default preset and data."""
        self._open_first()
        self.start()

    def _open_first(self) -> None:
        self._window.leave_first_steps()
        entry = self._window.families.recipes.get(FIRST_RECIPE)
        if entry is not None:
            self._window.open_tab(entry.family)

    def _own_pictures(self) -> None:
        self._open_first()
        tab = self._window.current_tab
        if isinstance(tab, FamilyTab):
            tab.bar.folder_wanted.emit()

    # Files and data

    def open_paths(self, paths: "Sequence[str]") -> None:
        """Open what was dropped: runs, settings in pictures, or pictures or texts to train on."""
        for path in paths:
            if self.exchange.open(Path(path)):
                continue
            self.check_data(path)
            return

    def check_data(self, path: str) -> None:
        """Show what is in a folder or file of the person's own before it is used, unless that is not wanted."""
        tab = self._window.current_tab
        if not isinstance(tab, FamilyTab):
            return
        if not tab.choices.takes_own_data:
            sentence = self.tr("{0} cannot learn from files of your own; choose another recipe for them.")
            self._window.show_error(sentence.format(translated(tab.choices.entry.title)))
            return
        if not self._window.preferences.check_data_before_start:
            tab.choices.use_data(path)
            return
        from gendesk.app.data.check_dialog import CheckDialog

        kind = tab.choices.entry.data
        # What a text is cut into is part of a preset; pictures begin with the options that suit them by themselves.
        values = tab.form.values() if kind in (DatasetKind.TEXT, DatasetKind.SCORES) else {}
        dialog = CheckDialog(self._window.library, path, self._window, kind, values)
        dialog.accepted_data.connect(tab.choices.use_data)
        dialog.open()

    def paste_text(self, text: str = "") -> None:
        """Ask for a text to keep as a file of the person's own, and go on with it as with any other."""
        tab = self._window.current_tab
        if not isinstance(tab, FamilyTab):
            return
        if tab.choices.entry.data is not DatasetKind.TEXT:
            sentence = self.tr("{0} does not learn from texts; choose a recipe that does.")
            self._window.show_error(sentence.format(translated(tab.choices.entry.title)))
            return
        from gendesk.app.data.paste_dialog import PasteDialog

        dialog = PasteDialog(self._window.data_dir / "texts", text, self._window)
        dialog.stored.connect(self.check_data)
        dialog.open()

    def show_data_sets(self) -> None:
        """Open the window of all data sets, those on the disk and those that can be had."""
        from gendesk.app.data.browser import DatasetBrowser

        browser = DatasetBrowser(self._window.library, self._window)
        browser.use_wanted.connect(self._use_data)
        browser.open()

    def _use_data(self, reference: str) -> None:
        tab, entry = self._window.current_tab, find_entry(reference)
        if not isinstance(tab, FamilyTab):
            return
        if entry is not None and entry.kind is not tab.choices.entry.data:
            sentence = self.tr("{0} cannot learn from {1}; choose another recipe for it.")
            self._window.show_error(sentence.format(translated(tab.choices.entry.title), translated(entry.title)))
            return
        tab.choices.use_data(reference)

    # Windows

    def show_settings(self) -> None:
        from gendesk.app.settings_dialog import SettingsDialog

        ids: list[str] = []
        if self._window.engine is not None:
            from gendesk.engine.devices import devices

            ids = [device.id for device in devices()]
        dialog = SettingsDialog(self._window.preferences, ids, self._window)
        dialog.applied.connect(self._window.use_preferences)
        dialog.show()

    def inspect(self, _changed: object = None) -> None:
        """Let the model inspector, while it can be seen, follow the form of the current tab."""
        tab = self._window.current_tab
        if not isinstance(tab, FamilyTab) or not self._window.inspector_dock.isVisible():
            return
        try:
            config = tab.choices.config()
        except GendeskError as error:
            self._window.inspector.show_problem(str(error))
            return
        self._window.inspector.set_config(config.recipe, config)

    def show_shortcuts(self) -> None:
        from gendesk.app.shortcuts import ShortcutSheet

        ShortcutSheet(self._window.menuBar(), self._window).show()

    def show_recipe_page(self) -> None:
        """Explain the recipe that is chosen in the current tab."""
        from gendesk.app.explain.recipe_page import RecipePage

        tab = self._window.current_tab
        if isinstance(tab, FamilyTab):
            config = self._config(tab)
            RecipePage(self._window.families, tab.choices.entry.id, self._window, config).open()

    def open_guide(self) -> None:
        from gendesk.app.guide import GuideWindow

        GuideWindow(self._window).show()

    def open_logs(self) -> None:
        folder = self._window.data_dir / "logs"
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def show_about(self) -> None:
        """Say what this is, without stopping anything."""
        text = self.tr(
            "<h3>gendesk {0}</h3><p>Learn, train and play with generative models on your own desktop.</p>"
            "<p>Free software under the MIT licence. Runs and data are kept in<br>{1}</p>"
        ).format(__version__, self._window.data_dir)
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("About gendesk"))
        box.setIconPixmap(icon("app").pixmap(64, 64))
        box.setText(text)
        box.open()

    # The parts

    def _config(self, tab: FamilyTab) -> "RunConfig | None":
        """Return what a tab's form says, or None before the engine is there or while a value is refused."""
        try:
            return tab.choices.config()
        except GendeskError:
            return None

    def _engine(self) -> Any:
        return self._window.engine

    def _open(self, run_id: str) -> "Run | None":
        try:
            return self._window.store.open(run_id)
        except GendeskError as error:
            self._window.show_error(str(error))
            return None

    def _tab_of(self, run_id: str) -> FamilyTab | None:
        """Bring the tab of a run's family to the front."""
        run = self._open(run_id)
        if run is None:
            return None
        family = run.record.family
        tab = self._window.tabs.get(family)
        if not isinstance(tab, FamilyTab):
            sentence = self.tr("The run {0} was made by the plugin {1}, which is not here.")
            self._window.show_error(sentence.format(run_id, family))
            return None
        self._window.open_tab(family)
        return tab
