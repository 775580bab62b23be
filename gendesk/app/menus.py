"""The menus of the main window. Everything that can be done is here, so that the command palette finds it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from gendesk.app.family_tab import FamilyTab
from gendesk.engine.control import PACE
from gendesk.widgets.icons import icon
from gendesk.widgets.theme import Scheme

if TYPE_CHECKING:
    from gendesk.app.main_window import MainWindow

_KEYS = QKeySequence.StandardKey


def tr(text: str) -> str:
    return QCoreApplication.translate("Menus", text)


class Menus:
    """Makes the menus of a window once; what they do is the window's."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._file()
        self._edit()
        self._run()
        self._view()
        self._help()

    def show_theme(self, scheme: Scheme) -> None:
        """Check the action of the theme that is in use."""
        self._themes[scheme].setChecked(True)

    def _menu(self, title: str) -> QMenu:
        menu = self._window.menuBar().addMenu(title)
        menu.setToolTipsVisible(True)
        return menu

    def _add(
        self,
        menu: QMenu,
        text: str,
        tip: str,
        do: Callable[[], object],
        symbol: str = "",
        keys: QKeySequence.StandardKey | str = "",
    ) -> QAction:
        action = menu.addAction(icon(symbol), text) if symbol else menu.addAction(text)
        action.setToolTip(tip)
        action.triggered.connect(partial(_call, do))
        if keys:
            action.setShortcut(QKeySequence(keys))
        return action

    def _file(self) -> None:
        window, menu = self._window, self._menu(tr("&File"))
        self._add(
            menu,
            tr("Open &Folder of Data..."),
            tr("Train on pictures or texts of your own, as the recipe wants them"),
            partial(self._tell_bar, "folder_wanted"),
            "folder",
            _KEYS.Open,
        )
        self._add(
            menu,
            tr("Open Data in a &File..."),
            tr("Train on pictures in an archive or an array file, or on a text"),
            partial(self._tell_bar, "file_wanted"),
            "data",
        )
        self._add(
            menu,
            tr("&Paste Text..."),
            tr("Train on a text that you paste or type"),
            partial(self._tell_bar, "paste_wanted"),
            "edit",
        )
        self._add(
            menu,
            tr("&Data Sets..."),
            tr("Look at the data sets that are here, download others, remove what is no longer needed"),
            window.desk.show_data_sets,
            "grid",
            "Ctrl+D",
        )
        menu.addSeparator()
        self._add(
            menu,
            tr("&Import Run..."),
            tr("Take in a run from an archive, or the settings from a picture that gendesk has made"),
            window.desk.ask_import,
            "open",
            "Ctrl+I",
        )
        menu.addSeparator()
        leave = self._add(
            menu, tr("&Quit"), tr("Close gendesk; what trains is asked about"), window.close, keys=_KEYS.Quit
        )
        leave.setMenuRole(QAction.MenuRole.QuitRole)

    def _edit(self) -> None:
        menu = self._menu(tr("&Edit"))
        settings = self._add(
            menu,
            tr("&Settings..."),
            tr("Theme, devices, folders, and how new runs begin"),
            self._window.desk.show_settings,
            "settings",
            "Ctrl+,",
        )
        settings.setMenuRole(QAction.MenuRole.PreferencesRole)

    def _run(self) -> None:
        menu = self._menu(tr("&Run"))
        for title, tip, keys, button in (
            (tr("&Start"), tr("Train a new run, or queue it while another one trains"), "Ctrl+Return", "start"),
            (tr("&Resume"), tr("Go on with the run that is shown"), "Ctrl+Shift+Return", "resume"),
            (tr("&Pause or Go On"), tr("Pause after the current step; again to go on"), "Ctrl+P", "pause"),
            (tr("Single S&tep"), tr("Do one step while paused"), "Ctrl+.", "step"),
            (tr("S&top"), tr("Stop after the current step and keep the model"), "Ctrl+T", "stop"),
        ):
            symbol = {"start": "play"}.get(button, button)
            self._add(menu, title, tip, partial(self._click, button), symbol, keys)
        menu.addSeparator()
        self._slow_motion(menu)
        menu.addSeparator()
        menu.addActions(self._window.browser.actions_list())

    def _slow_motion(self, run_menu: QMenu) -> None:
        """Offer to hold steps back, so that a person sees what each one does."""
        menu = run_menu.addMenu(icon("slow"), tr("Slow &Motion"))
        menu.setToolTipsVisible(True)
        group = QActionGroup(menu)
        rates = (None, 10.0, 5.0, 2.0, 1.0)
        titles = (
            *(tr("Slow Motion Off"), tr("Slow Motion: 10 Steps a Second"), tr("Slow Motion: 5 Steps a Second")),
            *(tr("Slow Motion: 2 Steps a Second"), tr("Slow Motion: 1 Step a Second")),
        )
        tip = tr(
            "Hold back every training of this window, to watch its steps one by one; what is learned stays the same"
        )
        for rate, title in zip(rates, titles, strict=True):
            action = self._add(menu, title, tip, partial(_set_pace, rate))
            action.setCheckable(True)
            action.setChecked(rate == PACE.limit)
            group.addAction(action)

    def _view(self) -> None:
        window, menu = self._window, self._menu(tr("&View"))
        for dock in window.docks:
            menu.addAction(dock.toggleViewAction())
        menu.addSeparator()
        group = QActionGroup(window)
        self._themes: dict[Scheme, QAction] = {}
        titles: dict[Scheme, str] = {
            "system": tr("Theme of the System"),
            "light": tr("Light Theme"),
            "dark": tr("Dark Theme"),
        }
        for scheme, title in titles.items():
            action = self._add(menu, title, tr("Colours of the window"), partial(window.set_theme, scheme))
            action.setCheckable(True)
            self._themes[scheme] = group.addAction(action)
        menu.addSeparator()
        self._add(
            menu, tr("&Full Screen"), tr("Fill the screen; again to go back"), window.toggle_full_screen
        ).setShortcut(_KEYS.FullScreen)

    def _help(self) -> None:
        window, menu = self._window, self._menu(tr("&Help"))
        menu.addAction(window.desk.palette.action)
        self._add(
            menu,
            tr("&Keyboard Shortcuts"),
            tr("All keys in one list"),
            window.desk.show_shortcuts,
            keys="F1",
        )
        menu.addSeparator()
        self._add(
            menu,
            tr("About This &Recipe"),
            tr("The idea, the layers, the numbers, the pitfalls and the source of what is chosen above"),
            window.desk.show_recipe_page,
            "info",
            "Shift+F1",
        )
        self._add(
            menu, tr("&Guide"), tr("Every panel and every command, with pictures"), window.desk.open_guide, "text"
        )
        self._add(menu, tr("&First Steps"), tr("What gendesk is, and the shortest way in"), window.show_first_steps)
        self._add(
            menu,
            tr("Open &Log Folder"),
            tr("Where gendesk notes what happened, for reports"),
            window.desk.open_logs,
            "folder",
        )
        about = self._add(menu, tr("&About gendesk"), tr("Version and licence"), window.desk.show_about, "info")
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _click(self, button: str) -> None:
        tab = self._window.current_tab
        if isinstance(tab, FamilyTab):
            getattr(tab.bar, button).click()

    def _tell_bar(self, signal: str) -> None:
        tab = self._window.current_tab
        if isinstance(tab, FamilyTab):
            getattr(tab.bar, signal).emit()


def _call(do: Callable[[], object], _checked: bool = False) -> None:
    do()


def _set_pace(limit: float | None) -> None:
    PACE.limit = limit
