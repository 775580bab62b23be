"""Samples of texts: side by side, live and scrubbed, in the table of all steps, saved and copied."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from gendesk.errors import StoredDataError
from gendesk.widgets.text.column import is_indented
from gendesk.widgets.text.history import TextHistory
from gendesk.widgets.text.sheet import Texts, TextSheet

CAPTIONS = ("temperature 0.2", "temperature 0.5", "temperature 1.0", "temperature 1.2")


def written(step: int) -> Texts:
    return Texts(tuple(f"fox at {step}, text {number}" for number in range(4)), CAPTIONS, "The ")


class Saved:
    """Samples of 300 steps, of which it is counted which were read; one is damaged and one is gone."""

    def __init__(self) -> None:
        self.read: list[int] = []
        self.threads: set[int] = set()

    def steps(self) -> Sequence[int]:
        return range(0, 3000, 10)

    def frame(self, step: int) -> Texts | None:
        self.read.append(step)
        self.threads.add(threading.get_ident())
        if step == 2980:
            raise StoredDataError("The chart is damaged.")
        return None if step == 2970 else written(step)


@pytest.fixture
def history(qtbot: QtBot) -> TextHistory:
    widget = TextHistory()
    qtbot.addWidget(widget)
    widget.resize(900, 400)
    widget.show()
    return widget


def shown(history: TextHistory) -> str:
    return history.sheet.columns[0].text.toPlainText() if history.sheet.columns else ""


def test_columns_stand_side_by_side_where_there_is_room_and_below_each_other_where_not(qtbot: QtBot) -> None:
    sheet = TextSheet()
    qtbot.addWidget(sheet)
    sheet.resize(1200, 400)
    sheet.show()
    sheet.set_texts(written(7))
    assert [column.caption.text() for column in sheet.columns] == list(CAPTIONS)
    assert sheet.columns[2].text.toPlainText() == "The fox at 7, text 2"
    assert len({column.y() for column in sheet.columns}) == 1
    sheet.resize(420, 400)
    qtbot.waitUntil(lambda: [column.y() > 0 for column in sheet.columns] == [False, False, True, True])
    assert all(column.width() > 190 for column in sheet.columns)
    sheet.set_texts(Texts(("alone",), ()))
    assert [column.text.toPlainText() for column in sheet.columns] == ["alone"]
    sheet.clear()
    assert sheet.is_empty


def test_letters_of_code_have_one_width_and_those_of_stories_have_not() -> None:
    assert is_indented(("def f(x):\n    return x\n", "class A:\n    pass"))
    assert not is_indented(("Once upon a time\n\n   there was a fox.\nIt ran.\nIt ate.\nIt slept.\nIt woke.\nEnd.",))
    assert not is_indented(("",))


def test_live_samples_are_followed_until_somebody_looks_back(qtbot: QtBot, history: TextHistory) -> None:
    for step in (0, 10, 20):
        history.show_live(written(step), step)
    assert shown(history) == "The fox at 20, text 0"
    slider = history.timeline.findChild(QSlider)
    QTest.keyClick(slider, Qt.Key.Key_Home)
    history.show_live(written(30), 30)
    assert shown(history) == "The fox at 0, text 0"
    history.timeline.go_live()
    assert shown(history) == "The fox at 30, text 0"
    history.show_live(written(20), 20)  # a resumed run makes its last steps again
    assert list(history.timeline.steps) == [0, 10, 20]


def test_saved_samples_are_read_when_they_are_looked_at(qtbot: QtBot, history: TextHistory) -> None:
    saved = Saved()
    history.set_source(saved)
    qtbot.waitUntil(lambda: shown(history) == "The fox at 2990, text 0")
    assert saved.read == [2990]
    QTest.keyClick(history.timeline.findChild(QSlider), Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: shown(history) == "The fox at 0, text 0")
    assert saved.read == [2990, 0]
    assert threading.get_ident() not in saved.threads


def test_the_table_of_all_steps_reads_only_the_rows_in_view_and_grows(qtbot: QtBot, history: TextHistory) -> None:
    saved = Saved()
    history.set_source(saved)
    qtbot.waitUntil(lambda: shown(history) != "")
    with qtbot.waitSignal(history.failed) as told:
        history.all_steps.click()
    assert "2,980" in told.args[0]
    model = history.table.model()
    qtbot.waitUntil(lambda: model.index(3, 1).data() == "fox at 2960, text 1")
    assert model.headerData(0, Qt.Orientation.Vertical) == "2,990"
    assert model.headerData(3, Qt.Orientation.Horizontal) == CAPTIONS[3]
    assert model.index(1, 0).data() == model.index(2, 0).data() == ""
    assert len(saved.read) < 20
    history.show_live(written(3000), 3000)
    assert model.index(0, 2).data() == "fox at 3000, text 2"
    history.table.scrollToBottom()
    qtbot.waitUntil(lambda: 0 in saved.read)
    assert len(saved.read) < 40


def test_texts_are_saved_and_copied(qtbot: QtBot, history: TextHistory, tmp_path: Path) -> None:
    history.set_source(Saved())
    qtbot.waitUntil(lambda: shown(history) != "")
    with qtbot.waitSignal(history.exported):
        history.save_step(tmp_path / "step.txt")
    text = (tmp_path / "step.txt").read_text(encoding="utf-8")
    assert text.startswith("--- temperature 0.2 ---\nThe fox at 2990, text 0\n\n--- temperature 0.5 ---\n")
    history.copy_step()
    assert QGuiApplication.clipboard().text() == text
    history.all_steps.click()
    qtbot.waitUntil(lambda: history.table.model().index(3, 1).data() == "fox at 2960, text 1")
    history.table.setCurrentIndex(history.table.model().index(3, 1))
    QTest.keyClick(history.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "fox at 2960, text 1"


def test_an_export_of_all_steps_tells_what_is_damaged_and_leaves_no_file(
    qtbot: QtBot, history: TextHistory, tmp_path: Path
) -> None:
    history.set_source(Saved())
    with qtbot.waitSignal(history.failed) as told:
        history.save_all(tmp_path / "all.txt")
    assert told.args == ["The chart is damaged."]
    assert list(tmp_path.iterdir()) == []
