"""Own music in the window: checked with real files, seen, heard, dropped, and listed among the data sets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gendesk.app import build_window
from gendesk.app.data.browser import DatasetBrowser
from gendesk.app.data.check_dialog import CheckDialog
from gendesk.data.dataset import DatasetKind
from gendesk.data.library import DataLibrary
from gendesk.data.options import ScoreOptions
from gendesk.studios.music.score_player import ScorePlayer
from gendesk.studios.music.transport import Transport
from tests.support.dropping import drop_file
from tests.support.outputs import RecordingOutput
from tests.support.pieces import save_tunes

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 20_000


@pytest.fixture
def library(tmp_path: Path) -> DataLibrary:
    return DataLibrary(tmp_path / "datasets")


@pytest.fixture
def tunes(tmp_path: Path) -> Path:
    folder = save_tunes(tmp_path / "tunes", 20)
    (folder / "broken.mid").write_bytes(b"MThd no music")
    return folder


def check(qtbot: QtBot, library: DataLibrary, path: Path, output: RecordingOutput | None = None) -> CheckDialog:
    """Open the check of pieces and wait until it says something; its sound goes to an output, if one is given."""
    dialog = CheckDialog(library, str(path), kind=DatasetKind.SCORES)
    qtbot.addWidget(dialog)
    if output is not None:
        Transport(dialog, lambda _: output)
    with qtbot.waitSignal(dialog.checked, timeout=WAIT):
        dialog.open()
    return dialog


def lines(dialog: CheckDialog, title: str) -> dict[str, str]:
    tree = dialog.facts.tree
    groups = {tree.topLevelItem(row).text(0): tree.topLevelItem(row) for row in range(tree.topLevelItemCount())}
    group = groups[title]
    return {group.child(row).text(0): group.child(row).text(1) for row in range(group.childCount())}


def test_a_folder_of_midi_files_is_counted_shown_and_what_is_no_music_is_left_out(
    qtbot: QtBot, library: DataLibrary, tunes: Path
) -> None:
    dialog = check(qtbot, library, tunes)
    assert dialog.sentence == "20 pieces can be used, 1 files left out."
    music = lines(dialog, "Music")
    assert (music["To train on"], music["Held out"], music["Voices"]) == ("18 pieces", "2 pieces", "1")
    assert music["Pitches"].startswith("C4 to")
    assert lines(dialog, "Metres (1)") == {"4/4": "20"}
    assert "broken.mid" in "".join(lines(dialog, "Left out (1)").values())
    assert isinstance(dialog.sheet, ScorePlayer)
    assert len(dialog.sheet.pieces) == 12
    assert dialog.sheet.roll.score.note_count == 8
    assert dialog.sheet.roll.document.read_only
    first = dialog.sheet.roll.score
    qtbot.mouseClick(dialog.sheet.forward, Qt.MouseButton.LeftButton)
    assert dialog.sheet.place.text() == "2 of 12"
    assert dialog.sheet.roll.score != first
    with qtbot.waitSignal(dialog.accepted_data, timeout=WAIT) as answer:
        qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    assert answer.args[0] == str(tunes)
    assert ScoreOptions().with_values(answer.args[1]) == ScoreOptions()


def test_a_piece_is_heard_before_it_is_used_and_ends_with_the_dialog(
    qtbot: QtBot, library: DataLibrary, tunes: Path
) -> None:
    output = RecordingOutput()
    dialog = check(qtbot, library, tunes, output)
    assert isinstance(dialog.sheet, ScorePlayer)
    qtbot.mouseClick(dialog.sheet.bar.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(output.named("on")) > 1, timeout=WAIT)
    assert output.sounding
    dialog.reject()
    qtbot.waitUntil(lambda: not output.sounding, timeout=WAIT)
    heard = len(output.named("on"))
    qtbot.wait(600)
    assert len(output.named("on")) == heard


def test_what_is_no_music_is_refused_in_the_dialog(qtbot: QtBot, library: DataLibrary, tmp_path: Path) -> None:
    path = tmp_path / "odd.mid"
    path.write_bytes(bytes(range(256)))
    dialog = check(qtbot, library, path)
    assert "odd.mid" in dialog.sentence
    assert dialog.report is None
    assert not dialog.use.isEnabled()
    assert isinstance(dialog.sheet, ScorePlayer)
    assert dialog.sheet.is_empty
    assert not dialog.sheet.bar.play.isEnabled()
    path.unlink()
    save_tunes(tmp_path / "whole", 1)
    (tmp_path / "whole" / "00.mid").rename(path)  # mended meanwhile
    dialog.again.click()
    qtbot.waitUntil(dialog.use.isEnabled, timeout=WAIT)


def test_the_data_sets_show_pieces_in_the_roll(qtbot: QtBot, library: DataLibrary, tunes: Path) -> None:
    library.open(str(tunes), ScoreOptions())
    browser = DatasetBrowser(library)
    qtbot.addWidget(browser)
    with qtbot.waitSignal(browser.shown, timeout=WAIT):
        browser.open()
    assert "20 pieces" in browser.list.currentItem().text()
    assert browser.contents.currentWidget() is browser.music
    assert "160 notes" in browser.facts.text()
    assert browser.music.roll.score.note_count == 8
    assert not browser.classes.isVisible()
    titles = [browser.list.item(row).text() for row in range(browser.list.count())]
    assert any("Chorales" in title for title in titles)
    browser.list.setCurrentRow(next(row for row, title in enumerate(titles) if "Chorales" in title))
    assert browser.music.is_empty
    assert browser.contents.currentWidget() is browser.music


@pytest.fixture
def window(qtbot: QtBot, data_dir: Path) -> Iterator[QWidget]:
    made = build_window(data_dir)
    qtbot.addWidget(made)
    made.show()
    made.leave_first_steps()
    yield made
    made.close()


def test_music_is_dropped_on_the_window(qtbot: QtBot, window, tunes: Path) -> None:
    window.open_tab("music")
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    tab = window.current_tab
    assert tab.bar.own_data.isEnabled()
    shown = [action.text() for action in tab.bar.own_data.menu().actions() if action.isVisible()]
    assert shown == ["Folder of Music...", "File (MIDI, JSON, NPZ)..."]
    drop_file(tab, tunes)
    dialog = window.findChild(CheckDialog)
    qtbot.waitUntil(lambda: dialog.report is not None, timeout=WAIT)
    dialog.use.click()
    assert tab.choices.data == str(tunes)
    assert tab.choices.config().data == str(tunes)
