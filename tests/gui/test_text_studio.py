"""The studios of texts on small models: real clicks and keys, answers from the real live worker."""

from pathlib import Path

import numpy as np
import pytest
from gendesk.plugins.text.studios.pick_studio import PickStudio
from gendesk.plugins.text.studios.write_studio import WriteStudio
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from gendesk.engine.run_data import RunData
from gendesk.engine.text.writing import Sampling, Task, written
from gendesk.widgets.text_tools.spelling import visible
from tests.support.studio_desk import open_text_studio
from tests.support.text_models import SmallRecurrent, text_data

WAIT = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def model() -> SmallRecurrent:
    return SmallRecurrent(text_data()).eval().requires_grad_(False)


@pytest.fixture
def opened(qtbot, model, tmp_path):
    """Open a studio on the model, with its data or without."""
    desks = []

    def open_(kind, size=(460, 640), data=None, model=model):
        known = RunData(tmp_path / "0007-run", None, lambda _target: None, step=12, known_text=text_data())
        return open_text_studio(qtbot, kind, model, data or known, size, desks)

    yield open_
    for desk in desks:
        desk.close()


def write(qtbot, studio) -> tuple[str, ...]:
    """Press Write, and return the texts when they have been compared with the training text."""
    qtbot.mouseClick(studio.write, LEFT)
    qtbot.waitUntil(lambda: not studio.is_writing and "..." not in studio.known_by_heart.text(), timeout=WAIT)
    return studio.pages.texts


# Write


def test_texts_stream_and_are_those_of_their_settings(qtbot, opened, model) -> None:
    studio = opened(WriteStudio)
    settings = studio.settings
    settings.prompt.setPlainText("The fox")
    for field, value in (
        (settings.length, 90),
        (settings.samples, 2),
        (settings.top_k, 5),
        (settings.temperature, 0.7),
    ):
        field.setValue(value)
    texts = write(qtbot, studio)
    assert list(texts) == written(model, Task("The fox", 90, 2, 1, Sampling(0.7, 5)))
    assert [view.toPlainText() for view in studio.pages.views] == ["The fox" + text for text in texts]
    view = studio.pages.views[0]
    assert "180 tokens" in studio.status.text() and len(view.pieces) == 90
    assert "training text" in studio.known_by_heart.text()
    first, end = view.marked
    assert texts[0][first:end] in "".join(text_data().info.vocabulary[token] for token in text_data().train)
    assert end - first >= 4
    assert view.document().begin().begin().fragment().charFormat().foreground().color().isValid()


def test_surprising_tokens_are_tinted_and_plain_on_demand(qtbot, opened) -> None:
    studio = opened(WriteStudio)
    studio.settings.length.setValue(60)
    write(qtbot, studio)
    view = studio.pages.views[0]
    shares = np.array(view.shares)
    assert (shares <= 0).all() and shares.min() < -0.2

    def grounds() -> set[str]:
        cursor, found = view.textCursor(), set()
        for place in range(len(view.toPlainText()) - 1):
            cursor.setPosition(place + 1)
            if cursor.charFormat().background().style() != Qt.BrushStyle.NoBrush:
                found.add(cursor.charFormat().background().color().name())
        return found

    assert len(grounds()) > 5
    qtbot.mouseClick(studio.settings.tint, LEFT, pos=QPoint(8, studio.settings.tint.height() // 2))
    assert not grounds()


def test_unknown_symbols_are_pointed_out_as_they_are_typed(qtbot, opened) -> None:
    studio = opened(WriteStudio)
    QTest.keyClicks(studio.settings.prompt, "fox %~")
    assert studio.unknown.isVisible() and studio.unknown.text().endswith("%, ~")
    studio.settings.prompt.setPlainText("fox")
    assert not studio.unknown.isVisible()


def test_a_long_text_stops_at_a_click(qtbot, opened) -> None:
    studio = opened(WriteStudio)
    studio.settings.length.setValue(5_000)
    studio.settings.samples.setValue(3)
    qtbot.mouseClick(studio.write, LEFT)
    qtbot.waitUntil(lambda: bool(studio.pages.texts[0]), timeout=WAIT)
    qtbot.mouseClick(studio.stop, LEFT)
    length = len(studio.pages.texts[0])
    assert 0 < length < 5_000 and not studio.is_writing
    qtbot.waitUntil(lambda: "..." not in studio.known_by_heart.text(), timeout=WAIT)
    assert len(studio.pages.texts[0]) == length


def test_texts_are_copied_and_saved_with_their_settings(qtbot, opened, tmp_path: Path) -> None:
    studio = opened(WriteStudio)
    studio.settings.prompt.setPlainText("A")
    studio.settings.length.setValue(20)
    (text,) = write(qtbot, studio)
    qtbot.mouseClick(studio.copy, LEFT)
    assert QGuiApplication.clipboard().text() == "A" + text
    studio.save_as(tmp_path / "texts.txt")
    qtbot.waitUntil(lambda: "Saved" in studio.status.text(), timeout=WAIT)
    saved = (tmp_path / "texts.txt").read_text(encoding="utf-8")
    assert saved == f"A{text}\n\n[run 0007-run, step 12, length 20, temperature 0.8, seed 1]\n"


def test_without_the_training_text_the_studio_writes_and_says_why_nothing_is_marked(qtbot, opened, tmp_path) -> None:
    studio = opened(WriteStudio, data=RunData(tmp_path, None, lambda _target: None, "The text is gone."))
    studio.settings.length.setValue(10)
    assert len(write(qtbot, studio)[0]) == 10
    assert studio.known_by_heart.text() == "The text is gone."


def test_a_model_whose_numbers_have_run_off_is_told_in_one_sentence(qtbot, opened) -> None:
    broken = SmallRecurrent(text_data()).eval().requires_grad_(False)
    broken.logits[:] = np.nan
    studio = opened(WriteStudio, model=broken)
    with qtbot.waitSignal(studio.failed, timeout=WAIT) as told:
        qtbot.mouseClick(studio.write, LEFT)
    assert "bounds" in told.args[0] and studio.write.isEnabled()


# Pick


def picking(qtbot, studio, act) -> None:
    """Do something, and wait for the text that comes of it."""
    before = studio.text
    act()
    qtbot.waitUntil(lambda: studio.text != before and studio.pick.bars.isEnabled(), timeout=WAIT)


def test_tokens_are_picked_typed_undone_and_logged(qtbot, opened) -> None:
    studio = opened(PickStudio)
    studio.prompt.setText("T")
    qtbot.keyClick(studio.prompt, Qt.Key.Key_Return)
    bars = studio.pick.bars
    qtbot.waitUntil(lambda: bars.tokens[:1] == ("h",), timeout=WAIT)
    picking(qtbot, studio, lambda: qtbot.mouseClick(bars, LEFT, pos=bars.row_rect(0).center().toPoint()))
    assert studio.view.toPlainText() == "Th" and bars.tokens[0] == "e"
    bars.setFocus()
    second = bars.tokens[1]
    picking(qtbot, studio, lambda: qtbot.keyClick(bars, Qt.Key.Key_2))
    QTest.keyClicks(studio.pick.field, "fo")
    picking(qtbot, studio, lambda: qtbot.keyClick(studio.pick.field, Qt.Key.Key_Return))
    assert studio.view.toPlainText() == f"Th{second}fo"
    rows = studio.log.table.table()
    assert (
        [row[1] for row in rows[1:]] == ["o", "f", visible(second), "h"] and rows[-1][3] == "1" and rows[-2][3] == "2"
    )
    picking(qtbot, studio, lambda: qtbot.keyClick(studio.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier))
    assert studio.view.toPlainText() == f"Th{second}"  # what was typed at once is one step
    picking(qtbot, studio, lambda: qtbot.keyClick(studio.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier))
    qtbot.waitUntil(lambda: bars.tokens[0] == "e", timeout=WAIT)


def test_the_model_picks_in_a_row_and_from_another_seed_otherwise(qtbot, opened) -> None:
    studio = opened(PickStudio)
    qtbot.waitUntil(lambda: bool(studio.pick.bars.tokens), timeout=WAIT)
    studio.distribution.temperature.setValue(1.0)
    texts = []
    for seed in (0, 0, 1):
        studio.pick.seed._number.setValue(seed)
        picking(qtbot, studio, lambda: qtbot.mouseClick(studio.pick.auto, LEFT))
        assert len(studio.text.picks) == 20 and {pick.by for pick in studio.text.picks} == {"model"}
        texts.append(studio.view.toPlainText())
        picking(qtbot, studio, studio._history.undo.trigger)
    assert texts[0] == texts[1] != texts[2]


def test_the_distribution_follows_the_temperature(qtbot, opened) -> None:
    studio = opened(PickStudio)
    qtbot.waitUntil(lambda: bool(studio.distribution.chart.charts), timeout=WAIT)
    studio.distribution.temperature.setValue(0.0)
    chart = studio.distribution.chart
    qtbot.waitUntil(lambda: chart.charts[0].values[1, 0] == 100, timeout=WAIT)
    assert "temperature 0: 0.00 bits" in studio.distribution.entropy.text()
    studio.distribution.temperature.setValue(5.0)
    qtbot.waitUntil(lambda: chart.charts[0].values[1, 0] < chart.charts[0].values[0, 0], timeout=WAIT)


def test_studios_without_a_model_say_what_will_appear(qtbot) -> None:
    for kind in (WriteStudio, PickStudio):
        studio = kind()
        qtbot.addWidget(studio)
        studio.show()
        studio.set_session(None)
        assert studio.grab().width() > 0
