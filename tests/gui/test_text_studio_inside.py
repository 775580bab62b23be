"""Looking inside models of text, and guessing against them: real clicks and keys, answers from the live worker."""

import numpy as np
import pytest
from gendesk.plugins.text.studios.guess_studio import GuessStudio
from gendesk.plugins.text.studios.inside_studio import InsideStudio
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gendesk.engine.run_data import RunData
from gendesk.engine.text.guessing import GIVEN_UP
from gendesk.engine.text.inside import look_inside
from tests.support.studio_desk import open_text_studio
from tests.support.text_models import Pairs, SmallRecurrent, text_data

WAIT = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def opened(qtbot, tmp_path):
    """Open a studio on a small model."""
    desks = []

    def open_(kind, model=None, size=(520, 700), **known):
        model = model or SmallRecurrent(text_data()).eval().requires_grad_(False)
        given = known or {"known_text": text_data()}
        data = RunData(tmp_path, None, lambda _target: None, **given)
        return open_text_studio(qtbot, kind, model, data, size, desks)

    yield open_
    for desk in desks:
        desk.close()


# Inside


def test_units_are_sorted_by_what_they_follow_and_colour_the_text(qtbot, opened) -> None:
    model = SmallRecurrent(text_data()).eval().requires_grad_(False)
    studio = opened(InsideStudio, model)
    units = studio.units
    qtbot.waitUntil(lambda: units.unit.count() == 12, timeout=WAIT)
    units.follows.setCurrentIndex(units.follows.findData("spaces"))
    inside = look_inside(model, studio.text.toPlainText())
    scores = np.abs(inside.follows["h 1"][3])
    assert [units.unit.itemData(row) for row in range(12)] == np.argsort(-scores).tolist()
    assert units.place == ("h 1", int(scores.argmax()))
    values = inside.values["h 1"][:, units.place[1]]
    np.testing.assert_allclose(units.text.shares, values / np.abs(values).max(), atol=1e-5)
    first = units.words.text()
    QTest.keyClick(units.unit, Qt.Key.Key_Down)
    assert units.place[1] == np.argsort(-scores)[1] and units.words.text() != first


def test_gates_and_attention_are_those_of_the_chosen_unit_and_head(qtbot, opened) -> None:
    studio = opened(InsideStudio, size=(1400, 800))
    qtbot.waitUntil(lambda: not studio.gates.map.is_empty and studio.units.unit.count() > 0, timeout=WAIT)
    assert studio.gates.map.rows == ("i", "f", "o", "h")
    inside, (_, unit) = studio._inside, studio.units.place
    np.testing.assert_allclose(studio.gates.map.values[0], inside.values["i 1"][-40:, unit], atol=1e-6)
    attention = studio.attention
    assert attention.head.count() == 2
    attention.head.setCurrentIndex(1)
    table = attention.map.values
    assert np.isnan(table[0, 1:]).all()
    np.testing.assert_allclose(np.nan_to_num(table), inside.attention[0, 1, -40:, -40:], atol=1e-6)
    lines = attention.lines
    qtbot.mouseMove(lines, QPoint(5, round(lines.centre(4).y())))
    qtbot.waitUntil(lambda: lines.row == 4, timeout=WAIT)
    assert "looks most at" in lines.accessibleDescription()
    qtbot.keyClick(lines, Qt.Key.Key_Down)
    assert lines.row == 5


def test_another_text_is_read_and_tokens_are_mapped(qtbot, opened) -> None:
    studio = opened(InsideStudio)
    qtbot.waitUntil(lambda: len(studio.tokens.map.texts) == 36, timeout=WAIT)
    assert "36 tokens; the two" in studio.tokens.words.text()
    before = studio.tokens.map.pixels()
    QTest.keyClick(studio.tokens.method, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: "neighbours" in studio.tokens.words.text(), timeout=WAIT)
    assert not np.allclose(before, studio.tokens.map.pixels())
    studio.text.setPlainText("A fox")
    qtbot.mouseClick(studio.look, LEFT)
    qtbot.waitUntil(lambda: studio.units.text.pieces == tuple("A fox"), timeout=WAIT)
    qtbot.mouseClick(studio.held_out, LEFT)
    qtbot.waitUntil(lambda: len(studio.units.text.pieces) > 50, timeout=WAIT)
    assert studio.units.text.toPlainText().strip() == studio.text.toPlainText().strip()


def test_symbols_that_the_model_does_not_know_are_pointed_out(qtbot, opened) -> None:
    studio = opened(InsideStudio)
    studio.text.setPlainText("The fox % ran.")
    qtbot.mouseClick(studio.look, LEFT)
    assert studio.unknown.isVisible() and studio.unknown.text().endswith("know: %")
    qtbot.waitUntil(lambda: studio.units.text.toPlainText() == "The fox  ran.", timeout=WAIT)
    studio.text.setPlainText("The fox ran.")
    qtbot.mouseClick(studio.look, LEFT)
    assert not studio.unknown.isVisible()


def test_a_model_that_shows_nothing_is_told_in_one_sentence(qtbot, opened) -> None:
    studio = opened(InsideStudio, Pairs(text_data()).requires_grad_(False))
    with qtbot.waitSignal(studio.failed, timeout=WAIT) as told:
        qtbot.mouseClick(studio.look, LEFT)
    assert told.args[0].endswith(".") and not studio.units.text.pieces


# Guess


def test_letters_are_guessed_with_keys_and_counted(qtbot, opened) -> None:
    studio = opened(GuessStudio)
    qtbot.waitUntil(lambda: studio.round is not None, timeout=WAIT)
    first, second = studio.round.pieces[:2]
    wrong = next(one for one in "zq" if one != first)
    QTest.keyClicks(studio.guess, wrong)
    assert "No." in studio.verdict.text() and wrong in studio.verdict.text() and not studio.ranks
    QTest.keyClicks(studio.guess, wrong)  # the same guess twice is one
    key(studio, first)
    assert studio.ranks == [2] and "guess 2" in studio.verdict.text()
    key(studio, second)
    assert studio.ranks == [2, 1]
    assert studio.view.toPlainText().endswith(first + second)
    assert [len(row) for row in studio.curve.values] == [2, 2, 2]
    qtbot.mouseClick(studio.reveal, LEFT)
    assert studio.ranks[2] == GIVEN_UP and "blind choice" in studio.verdict.text()


def key(studio, piece: str) -> None:
    if piece == "\n":
        QTest.keyClick(studio.guess, Qt.Key.Key_Return)
    else:
        QTest.keyClicks(studio.guess, piece)


def test_a_whole_round_ends_and_another_passage_begins_anew(qtbot, opened) -> None:
    studio = opened(GuessStudio)
    qtbot.waitUntil(lambda: studio.round is not None, timeout=WAIT)
    passage = studio.round
    for piece in passage.pieces:
        key(studio, piece)
    assert set(studio.ranks) == {1} and not studio.guess.isEnabled()
    assert studio.curve.values[0][-1] == 0
    assert studio.curve.values[2][-1] == pytest.approx(sum(passage.bits) / len("".join(passage.pieces)))
    qtbot.mouseClick(studio.seed.button, LEFT)
    qtbot.waitUntil(lambda: studio.round is not passage, timeout=WAIT)
    assert not studio.ranks and studio.guess.isEnabled()


def test_words_are_guessed_as_a_whole(qtbot, opened) -> None:
    data = text_data(unit="words")
    studio = opened(GuessStudio, Pairs(data).requires_grad_(False), known_text=data)
    qtbot.waitUntil(lambda: studio.round is not None, timeout=WAIT)
    QTest.keyClicks(studio.guess, studio.round.pieces[0].strip().upper() or "\n")
    QTest.keyClick(studio.guess, Qt.Key.Key_Return)
    assert studio.ranks == [1]


def test_without_the_text_of_the_run_there_is_no_game(qtbot, opened) -> None:
    studio = opened(GuessStudio, problem="The text is gone.")
    qtbot.waitUntil(lambda: studio.verdict.text() == "The text is gone.", timeout=WAIT)
    assert not studio.guess.isEnabled()
