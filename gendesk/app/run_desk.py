"""What people do with runs that are there: show, go on, start another like it, compare them."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gendesk.app.family_tab import FamilyTab
from gendesk.app.runs.browser import RunBrowser
from gendesk.errors import GendeskError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gendesk.app.main_window import MainWindow
    from gendesk.engine.runs import Run


class RunDesk(QObject):
    """Joins the run browser with the tabs. `failed` brings a sentence when a run cannot be used."""

    failed = Signal(str)

    def __init__(self, window: "MainWindow", browser: RunBrowser) -> None:
        super().__init__(window)
        self._window = window
        browser.shown.connect(self.show)
        browser.resume_wanted.connect(self.resume)
        browser.duplicate_wanted.connect(self.duplicate)
        browser.compare_wanted.connect(self.compare)
        browser.start_wanted.connect(self.start)
        browser.failed.connect(self.failed)

    def show(self, run_id: str) -> None:
        """Show a run in the tab of its family."""
        tab = self._tab_of(run_id)
        if tab is not None:
            tab.show_run(run_id)

    def resume(self, run_id: str) -> None:
        tab = self._tab_of(run_id)
        if tab is not None:
            tab.resume_run(run_id)

    def duplicate(self, run_id: str) -> None:
        """Put a run's settings into the form of its tab."""
        tab, run = self._tab_of(run_id), self._open(run_id)
        if tab is not None and run is not None:
            tab.use_config(run.record.config)

    def start_changed(self, run_id: str, changes: dict[str, Any]) -> None:
        """Start a new run with the settings of one and some of them changed."""
        tab, run = self._tab_of(run_id), self._open(run_id)
        if tab is not None and run is not None:
            tab.change_settings(run.record.config, changes)

    def compare(self, run_ids: "Sequence[str]") -> None:
        """Open a window that lays runs side by side."""
        from gendesk.app.runs.compare import CompareWindow

        runs = [run for run_id in run_ids if (run := self._open(run_id)) is not None]
        engine = self._window.engine
        try:
            CompareWindow(runs, engine.families if engine else None, self._window).show()
        except ValueError as error:
            self.failed.emit(str(error))

    def start(self) -> None:
        tab = self._window.current_tab
        if isinstance(tab, FamilyTab):
            tab.start()

    def _open(self, run_id: str) -> "Run | None":
        try:
            return self._window.store.open(run_id)
        except GendeskError as error:
            self.failed.emit(str(error))
            return None

    def _tab_of(self, run_id: str) -> FamilyTab | None:
        """Bring the tab of a run's family to the front."""
        run = self._open(run_id)
        if run is None:
            return None
        tab = self._window.tabs.get(run.record.family)
        if not isinstance(tab, FamilyTab):
            self.failed.emit(
                self.tr("The run {0} was made by the plugin {1}, which is not here.").format(run_id, run.record.family)
            )
            return None
        self._window.open_tab(run.record.family)
        return tab
