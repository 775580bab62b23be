"""Commands are found by a few letters, and every key is in one list."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from gendesk.app.fuzzy import fit
from gendesk.app.palette import Command, CommandPalette, menu_commands, plain_text
from gendesk.app.shortcuts import MOUSE_AND_KEYS, ShortcutSheet, menu_keys, sheet_text

# A popup asks the platform for things that the one without a screen does not have.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Window(QMainWindow):
    """Menus with what menus can have; `done` is what was triggered."""

    def __init__(self):
        super().__init__()
        self.done = []
        self.resize(800, 600)
        run = self.menuBar().addMenu("&Run")
        self.start = self.add(run, "&Start", "Ctrl+Return")
        self.stop = self.add(run, "S&top", "Ctrl+T")
        self.stop.setEnabled(False)
        self.stop.setToolTip("Nothing is in training")
        run.addSeparator()
        self.export = run.addMenu("&Export")
        self.export.aboutToShow.connect(self.fill)
        view = self.menuBar().addMenu("&View")
        self.dark = self.add(view, "&Dark Theme")
        self.dark.setCheckable(True)
        self.add(view, "Secret").setVisible(False)
        self.palette_of_commands = CommandPalette(self, self.menuBar())
        view.addAction(self.palette_of_commands.action)

    def add(self, menu: QMenu, title: str, keys: str = "") -> QAction:
        action = menu.addAction(title)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(self.note)
        return action

    def note(self):
        self.done.append(plain_text(self.sender().text()))

    def fill(self):
        self.export.clear()
        self.add(self.export, "As &ONNX...")


@pytest.fixture
def window(qtbot):
    made = Window()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def commands(window):
    window.palette_of_commands.action.trigger()
    yield window.palette_of_commands
    window.palette_of_commands.hide()


def titles(palette):
    return [row.title for row in palette.list.rows()]


def test_all_menus_are_walked(window):
    assert [command.key for command in menu_commands(window.menuBar())] == [
        "Run > Start",
        "Run > Stop",
        "Run > Export > As ONNX...",
        "View > Dark Theme",
        "View > Command Palette...",
    ]


def test_the_palette_lists_all_but_itself_with_keys_and_places(window, commands):
    assert titles(commands) == ["Start", "Stop", "As ONNX...", "Dark Theme"]
    assert commands.list.row(0).keys == QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText)
    assert commands.list.row(2).place == "Run > Export"
    assert commands.list.row(3).checked is False


def test_letters_find_a_command_and_enter_does_it(qtbot, window, commands):
    qtbot.keyClicks(commands.search, "dth")
    assert titles(commands) == ["Dark Theme"]
    qtbot.keyClick(commands.search, Qt.Key.Key_Return)
    assert window.done == ["Dark Theme"]
    assert window.dark.isChecked()
    assert not commands.isVisible()


def test_a_click_does_it_too(qtbot, window, commands):
    place = commands.list.visualRect(commands.list.model().index(2, 0)).center()
    qtbot.mouseClick(commands.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.done == ["As ONNX..."]


def test_arrows_choose_and_go_round(qtbot, commands):
    for key, row in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_Up, 0), (Qt.Key.Key_Up, 3), (Qt.Key.Key_PageUp, 0)):
        qtbot.keyClick(commands.search, key)
        assert commands.list.currentIndex().row() == row


def test_escape_closes_and_nothing_is_done(qtbot, window, commands):
    qtbot.keyClicks(commands.search, "start")
    qtbot.keyClick(commands.search, Qt.Key.Key_Escape)
    assert not commands.isVisible()
    assert window.done == []


def test_a_disabled_command_says_why_and_is_not_done(qtbot, window, commands):
    qtbot.keyClicks(commands.search, "stop")
    assert not commands.list.row(0).enabled
    assert commands._foot.text() == "Not possible now. Nothing is in training"
    qtbot.keyClick(commands.search, Qt.Key.Key_Return)
    assert commands.isVisible()
    assert window.done == []


def test_what_was_used_last_comes_first(qtbot, window, commands):
    for letters in ("dark", "onnx"):
        commands.popup()
        qtbot.keyClicks(commands.search, letters)
        qtbot.keyClick(commands.search, Qt.Key.Key_Return)
    commands.popup()
    assert titles(commands) == ["As ONNX...", "Dark Theme", "Start", "Stop"]
    assert commands.recent == ["Run > Export > As ONNX...", "View > Dark Theme"]


def test_what_stands_in_no_menu_can_be_offered(qtbot, window, commands):
    tab = QAction("Go to Autoencoders", window)
    tab.triggered.connect(window.note)
    commands.extra = [Command("Families", tab)]
    commands.popup()
    qtbot.keyClicks(commands.search, "goau")
    qtbot.keyClick(commands.search, Qt.Key.Key_Return)
    assert window.done == ["Go to Autoencoders"]


def test_nothing_found_is_said_and_enter_is_harmless(qtbot, window, commands):
    qtbot.keyClicks(commands.search, "qqq")
    assert titles(commands) == []
    assert "No command" in commands._foot.text()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Down):
        qtbot.keyClick(commands.search, key)
    assert window.done == []


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("st", "Start", "Last"),
        ("st", "Single Step", "Last"),
        ("theme", "Theme of the System", "Dark Theme"),
        ("dt", "Dark Theme", "Duplicate"),
        ("export", "Export", "Explain the Port"),
        ("o", "Open", "Open Folder of Pictures..."),
    ],
)
def test_beginnings_and_letters_that_stand_together_fit_better(query, better, worse):
    assert fit(query, better).score > fit(query, worse).score


def test_letters_have_to_come_in_order_and_words_may_come_from_the_menu():
    assert fit("ts", "Start") is None
    assert fit("tt", "Start").marks == (1, 4)
    assert fit("run sta", "Start", "Run").marks == (0, 1, 2)
    assert fit("view sta", "Start", "Run") is None
    assert fit("STRASSE", "Stra\N{LATIN SMALL LETTER SHARP S}e") is None
    assert fit("", "Start").marks == ()


@pytest.mark.parametrize(
    ("text", "shown"), [("&Open", "Open"), ("Save && Quit", "Save & Quit"), ("Datei (&D)", "Datei")]
)
def test_texts_are_shown_without_the_signs_for_their_letters(text, shown):
    assert plain_text(text) == shown


# The sheet of shortcuts


@pytest.fixture
def sheet(qtbot, window):
    made = ShortcutSheet(window.menuBar())
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def lines(sheet):
    return [item.text(0) for top, items in sheet._items if not top.isHidden() for item in items if not item.isHidden()]


def test_the_sheet_has_the_keys_of_all_menus_and_widgets(window, sheet):
    native = QKeySequence("Ctrl+T").toString(QKeySequence.SequenceFormat.NativeText)
    assert ("Stop", native) in menu_keys(window.menuBar())[0].lines
    assert [group.title for group in sheet.groups] == ["Run", "View", *(group.title for group in MOUSE_AND_KEYS)]


def test_keys_that_hold_in_one_list_only_are_not_told_as_the_windows(window):
    window.start.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    assert [what for what, _ in menu_keys(window.menuBar())[0].lines] == ["Stop"]


def test_the_sheet_is_searched_by_deed_area_and_key(qtbot, sheet):
    qtbot.keyClicks(sheet.search, "random")
    assert lines(sheet) == ["Draw a random point"]
    sheet.search.setText("timeline space")
    assert lines(sheet) == ["Play or pause"]
    sheet.search.clear()
    assert len(lines(sheet)) == sum(len(group.lines) for group in sheet.groups)


def test_the_sheet_is_copied_and_saved_as_text(qtbot, sheet, tmp_path):
    sheet.copy()
    text = sheet_text(sheet.groups)
    assert QGuiApplication.clipboard().text() == text
    assert "Latent map\n" in text
    with qtbot.waitSignal(sheet._export.ended):
        sheet.save(tmp_path / "keys.txt")
    assert (tmp_path / "keys.txt").read_text(encoding="utf-8") == text
    with qtbot.waitSignal(sheet._export.ended):
        sheet.save(tmp_path)
    assert "cannot be written" in sheet._state.text()
