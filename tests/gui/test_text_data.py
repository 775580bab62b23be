"""Own texts in the window: checked with real files, pasted, dropped, and listed among the data sets."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from gendesk.app import build_window
from gendesk.app.data.browser import DatasetBrowser
from gendesk.app.data.check_dialog import CheckDialog
from gendesk.app.data.paste_dialog import PasteDialog
from gendesk.data.dataset import DatasetKind
from gendesk.data.library import DataLibrary
from gendesk.data.options import TextOptions
from tests.support.dropping import drop, drop_file

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 20_000
TALE = "Der Fuchs und die süße Weintraube:\nsie war zu hoch für ihn.\n" * 40


@pytest.fixture
def library(tmp_path: Path) -> DataLibrary:
    return DataLibrary(tmp_path / "datasets")


def check(qtbot: QtBot, library: DataLibrary, path: Path, **values: object) -> CheckDialog:
    """Open the check of a text and wait until it says something."""
    dialog = CheckDialog(library, str(path), kind=DatasetKind.TEXT, values=values)
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.checked, timeout=WAIT):
        dialog.open()
    return dialog


def facts(dialog: CheckDialog) -> dict[str, str]:
    group = dialog.facts.tree.topLevelItem(0)
    return {group.child(row).text(0): group.child(row).text(1) for row in range(group.childCount())}


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8"])
def test_a_text_in_any_encoding_is_shown_with_its_tokens(
    qtbot: QtBot, library: DataLibrary, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "tale.txt"
    path.write_bytes(TALE.encode(encoding))
    dialog = check(qtbot, library, path)
    assert dialog.sentence == f"{len(TALE):,} tokens can be used."
    assert facts(dialog)["Found"] == f"{len(TALE):,} characters"
    assert facts(dialog)["Unknown"] == facts(dialog)["Unknown, held out"] == "0.00%"
    assert dialog.sheet.text.toPlainText().startswith("Der Fuchs und die süße")
    assert dialog.sheet.text.tint_at(0) != dialog.sheet.text.tint_at(1)
    assert dialog.sheet.tokens.model().index(0, 0).data() == "\N{OPEN BOX}"
    assert "guesses" in dialog.sheet.window_line.text()
    assert dialog.use.isEnabled()


def test_options_begin_as_the_form_has_them_and_words_out_of_the_vocabulary_are_red(
    qtbot: QtBot, library: DataLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "tale.txt"
    path.write_text(TALE, encoding="utf-8")
    dialog = check(qtbot, library, path, unit="words", learning_rate=3.0)
    assert dialog.report.info.unit == "words"
    assert dialog.sheet.tokens.model().rowCount() > 10
    dialog.options.set_values({"vocabulary_size": 6})
    dialog.again.click()
    qtbot.waitUntil(lambda: dialog.report is not None and len(dialog.report.info.vocabulary) == 6, timeout=WAIT)
    tints = {dialog.sheet.text.tint_at(place).name() for place in range(60)}
    assert len(tints) > 2
    with qtbot.waitSignal(dialog.accepted_data, timeout=WAIT) as answer:
        qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    chosen = TextOptions().with_values(answer.args[1])
    assert (answer.args[0], chosen.unit, chosen.vocabulary_size) == (str(path), "words", 6)


@pytest.mark.parametrize("content", [b"", bytes(range(256)) * 40], ids=["empty", "binary"])
def test_what_is_no_text_is_refused_in_the_dialog(
    qtbot: QtBot, library: DataLibrary, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "odd.txt"
    path.write_bytes(content)
    dialog = check(qtbot, library, path)
    assert "odd.txt" in dialog.sentence
    assert dialog.report is None
    assert not dialog.use.isEnabled()
    assert dialog.sheet.text.toPlainText() == ""
    path.write_text(TALE, encoding="utf-8")  # mended meanwhile
    dialog.again.click()
    qtbot.waitUntil(dialog.use.isEnabled, timeout=WAIT)


def test_the_check_of_a_very_large_text_tells_how_far_it_is_and_ends_when_it_is_closed(
    qtbot: QtBot, library: DataLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "large.txt"
    block = TALE.encode() * 400
    with path.open("wb") as file:
        for _ in range(200_000_000 // len(block)):
            file.write(block)
    dialog = CheckDialog(library, str(path), kind=DatasetKind.TEXT)
    qtbot.addWidget(dialog)
    dialog.open()
    said = dialog.sentence
    qtbot.waitUntil(lambda: dialog.sentence != said, timeout=WAIT)
    assert "large.txt" in dialog.sentence
    dialog.reject()
    dialog.deleteLater()  # waits for the worker
    qtbot.waitUntil(lambda: not isValid(dialog), timeout=5000)
    assert list((tmp_path / "datasets").glob("large-*")) == []


def test_a_pasted_text_becomes_a_file_of_its_name_and_none_is_overwritten(qtbot: QtBot, tmp_path: Path) -> None:
    paths = []
    for text in ("The fox.", "The crow.", "The fox."):
        dialog = PasteDialog(tmp_path / "texts")
        qtbot.addWidget(dialog)
        dialog.open()
        assert not dialog.use.isEnabled()
        QApplication.clipboard().setText(text)
        dialog.text.setFocus()
        dialog.text.paste()
        dialog.name.setText("My ../tale")
        with qtbot.waitSignal(dialog.stored, timeout=WAIT) as told:
            qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
        paths.append(Path(told.args[0]))
    assert [path.name for path in paths] == ["My tale.txt", "My tale 2.txt", "My tale.txt"]
    assert paths[1].read_text(encoding="utf-8") == "The crow."
    assert paths[0].parent == tmp_path / "texts"


def test_a_text_that_is_too_long_for_a_field_or_empty_is_refused(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = PasteDialog(tmp_path / "texts", "a" * 5_000_001)
    qtbot.addWidget(dialog)
    dialog.open()
    assert dialog.text.toPlainText() == ""
    assert not dialog.use.isEnabled()
    dialog.text.insert("  \n ")
    dialog.use.click()
    qtbot.waitUntil(dialog.use.isEnabled, timeout=WAIT)
    assert not (tmp_path / "texts").exists()


def test_the_data_sets_show_a_text_by_its_tokens(qtbot: QtBot, library: DataLibrary, tmp_path: Path) -> None:
    path = tmp_path / "tale.txt"
    path.write_text(TALE, encoding="utf-8")
    library.open(str(path), TextOptions(unit="words"))
    browser = DatasetBrowser(library)
    qtbot.addWidget(browser)
    with qtbot.waitSignal(browser.shown, timeout=WAIT):
        browser.open()
    assert "words)" in browser.list.currentItem().text()
    assert browser.contents.currentWidget() is browser.text
    assert "different tokens" in browser.facts.text()
    assert browser.text.text.toPlainText().startswith("Der Fuchs")
    assert not browser.classes.isVisible()
    titles = [browser.list.item(row).text() for row in range(browser.list.count())]
    assert any("Aesop" in title for title in titles)


def test_texts_are_dropped_on_the_window_as_files_and_as_words(qtbot: QtBot, data_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "tale.txt"
    path.write_text(TALE, encoding="utf-8")
    window = build_window(data_dir)
    qtbot.addWidget(window)
    window.show()
    window.leave_first_steps()
    window.open_tab("text")
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    tab = window.current_tab
    tab.choices.use_recipe("word-lstm")
    assert tab.bar.own_data.isEnabled()
    assert [action.text() for action in tab.bar.own_data.menu().actions() if action.isVisible()] == [
        "Folder of Texts...",
        "File (TXT, MD, PY or any other)...",
        "Paste Text...",
    ]
    drop_file(tab, path)
    dialog = window.findChild(CheckDialog)
    qtbot.waitUntil(lambda: dialog.report is not None, timeout=WAIT)
    assert dialog.report.info.unit == "words"
    dialog.use.click()
    assert tab.choices.data == str(path)
    assert tab.choices.config().data_options.unit == "words"
    words = QMimeData()
    words.setText("A hare ran.")
    drop(tab, words)
    paste = window.findChild(PasteDialog)
    assert paste.text.toPlainText() == "A hare ran."
    paste.reject()
    tab.choices.use_recipe("gpt")
    window.open_tab("autoencoder")
    window.desk.paste_text()
    assert "does not learn from texts" in window.current_tab.message.text
    window.open_tab("text")
    tab.choices.use_recipe("char-lstm")
    assert tab.choices.data == str(path)
    window.close()
