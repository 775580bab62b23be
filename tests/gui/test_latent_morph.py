"""The page Morph on real, small models: pictures are put on the strip, dragged, played and taken back."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from gendesk.engine.engine import Engine
from gendesk.engine.latent.paths import Way
from tests.support.studio_desk import StudioDesk, open_latent_page
from tests.support.training import engine_in, small_pictures

WAIT = 20_000
LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Two short runs on pictures of 12x12 pixels: one encodes and knows classes, one only decodes."""
    folder = tmp_path_factory.mktemp("morph")
    with engine_in(folder / "data") as engine:
        for recipe in ("cvae", "tiny"):
            config = engine.config(recipe, data=str(small_pictures(folder)), steps=12)
            assert engine.start(config, at_once=True).join(60)
        yield engine


@pytest.fixture
def opened(qtbot, engine: Engine) -> Iterator[Any]:
    desks: list[StudioDesk] = []

    def open_(reference: str) -> Any:
        return open_latent_page(qtbot, engine, engine.runs.find(reference).id, "morph", desks)

    yield open_
    for desk in desks:
        desk.close()


@pytest.fixture
def page(qtbot, opened) -> Any:
    """The page with three held-out pictures."""
    page = opened("0001")
    qtbot.mouseClick(page.stage.example, LEFT)
    page.adding.add(page.workspace.survey.pictures[7])
    finish(qtbot, page)
    return page


def finish(qtbot, page) -> None:
    """Wait until every frame of the way there is now has its picture."""
    qtbot.waitUntil(lambda: page.frames.complete, timeout=WAIT)
    assert len(page.frames) == page.player.slider.maximum() + 1


def undo(page) -> None:
    QTest.keyClick(page.strip, Qt.Key.Key_Z, CTRL)


def test_the_first_step_is_offered_and_leads_to_a_morph(qtbot, opened) -> None:
    page = opened("0001")
    assert page.stage.example.isVisible() and not page.save.isEnabled() and not page.player.slider.isEnabled()
    qtbot.mouseClick(page.stage.example, LEFT)
    finish(qtbot, page)
    assert len(page.frames) == 11 and page.player.position == 5
    first, last = (stop.picture for stop in page.morph.stops)
    assert np.array_equal(page.frames.fade(0), first) and np.array_equal(page.frames.fade(10), last)
    middle = np.rint((first.astype(float) + last) / 2)
    assert np.abs(page.frames.fade(5) - middle).max() <= 1
    assert not np.array_equal(page.frames.picture(0), page.frames.picture(10))


def test_pictures_are_dragged_moved_with_keys_duplicated_removed_and_all_is_undone(qtbot, page) -> None:
    one, two, three = page.morph.stops
    strip = page.strip
    centres = [strip.cell(index).center() for index in range(3)]
    qtbot.mousePress(strip, LEFT, pos=centres[0])
    for x in range(centres[0].x(), centres[2].x() + 1, 16):
        qtbot.mouseMove(strip, QPoint(x, centres[0].y()))
    qtbot.mouseRelease(strip, LEFT, pos=centres[2])
    assert page.morph.stops == (two, three, one) and strip.current == 2

    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Left, CTRL)
    assert page.morph.stops == (two, one, three) and strip.current == 1
    QTest.keyClick(strip, Qt.Key.Key_D, CTRL)
    assert page.morph.stops == (two, one, one, three) and strip.current == 2
    QTest.keyClick(strip, Qt.Key.Key_Home)
    QTest.keyClick(strip, Qt.Key.Key_Delete)
    assert page.morph.stops == (one, one, three) and page.player.position == 0
    finish(qtbot, page)

    for expected in ((two, one, one, three), (two, one, three), (two, three, one), (one, two, three)):
        undo(page)
        assert page.morph.stops == expected
    finish(qtbot, page)
    assert len(page.frames) == 21


def test_a_click_without_a_drag_goes_to_the_picture(qtbot, page) -> None:
    qtbot.mouseClick(page.strip, LEFT, pos=page.strip.cell(1).center())
    assert page.player.position == 10 and len(page.morph.stops) == 3
    qtbot.mouseClick(page.film, LEFT, pos=QPoint(4, 4))
    assert page.player.position == 0


def test_the_way_and_its_steps_are_chosen_and_undone(qtbot, page) -> None:
    linear = page.frames.codes.copy()
    page.going.way.setFocus()
    QTest.keyClick(page.going.way, Qt.Key.Key_Down)
    assert page.morph.way is Way.SPHERICAL
    finish(qtbot, page)
    assert np.array_equal(page.frames.codes[::10], linear[::10])
    assert not np.allclose(page.frames.codes[5], linear[5])
    page.player.go_to(10)
    page.going.steps.setValue(4)
    finish(qtbot, page)
    assert len(page.frames) == 9 and page.player.position == 4
    undo(page)
    undo(page)
    finish(qtbot, page)
    assert np.array_equal(page.frames.codes, linear) and page.going.way.currentText() == "Linear"


def test_samples_come_from_a_seed_and_the_point_of_all_pages_joins_in(qtbot, page) -> None:
    page.sources.seed.setValue(5)
    qtbot.mouseClick(page.sources.sample, LEFT)
    qtbot.waitUntil(lambda: len(page.morph.stops) == 4, timeout=WAIT)
    assert page.sources.seed.value() == 6 and page.morph.stops[-1].title == "Sample 5"
    qtbot.mouseClick(page.sources.point, LEFT)
    finish(qtbot, page)
    assert page.morph.stops[-1].code == page.workspace.state.code

    page.player.go_to(33)
    qtbot.mouseClick(page.to_point, LEFT)
    assert np.allclose(page.workspace.code, page.frames.codes[33])


def test_pictures_are_chosen_in_a_dialog_that_stays(qtbot, page) -> None:
    qtbot.mouseClick(page.sources.pictures, LEFT)
    dialog = page.findChild(QDialog)
    qtbot.waitUntil(dialog.isVisible, timeout=WAIT)
    dialog.own.strip.setCurrentRow(4)
    qtbot.mouseClick(dialog.add, LEFT)
    qtbot.mouseClick(dialog.add, LEFT)
    dialog.close()
    assert np.array_equal(page.morph.stops[-1].picture, page.workspace.survey.pictures[4])
    assert len(page.morph.stops) == 5
    finish(qtbot, page)


def test_it_plays_there_and_back(qtbot, page) -> None:
    page.going.steps.setValue(1)
    finish(qtbot, page)
    page.player.go_to(0)
    page.player._speed.setCurrentIndex(3)
    seen: list[int] = []
    page.player.moved.connect(seen.append)
    QTest.keyClick(page.player.slider, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(seen) >= 6, timeout=WAIT)
    assert seen[:6] == [1, 2, 1, 0, 1, 2]
    qtbot.mouseClick(page.player.play, LEFT)
    assert not page.player.is_playing
    qtbot.mouseClick(page.player.loop, LEFT)
    page.player.go_to(0)
    qtbot.mouseClick(page.player.play, LEFT)
    qtbot.waitUntil(lambda: not page.player.is_playing, timeout=WAIT)
    assert page.player.position == 2


def test_a_mixture_of_classes_changes_what_is_drawn_and_back(qtbot, page) -> None:
    before = page.frames.picture(5).copy()
    page.workspace.set_mix(np.array([0, 0, 1], np.float32))
    qtbot.waitUntil(lambda: not np.array_equal(page.frames.picture(5), before), timeout=WAIT)
    undo(page)
    qtbot.waitUntil(lambda: np.array_equal(page.frames.picture(5), before), timeout=WAIT)


def test_new_weights_draw_everything_again(qtbot, page) -> None:
    before = [page.frames.picture(index).copy() for index in range(len(page.frames))]
    codes = page.frames.codes.copy()
    page.model_changed()
    finish(qtbot, page)
    assert all(np.array_equal(page.frames.picture(index), one) for index, one in enumerate(before))
    assert np.array_equal(page.frames.codes, codes)


def test_a_model_that_only_decodes_morphs_between_samples(qtbot, opened) -> None:
    page = opened("0002")
    qtbot.mouseClick(page.stage.example, LEFT)
    finish(qtbot, page)
    assert all(stop.picture is None for stop in page.morph.stops)
    assert np.array_equal(page.frames.fade(0), page.frames.picture(0))


def test_another_model_empties_the_strip(qtbot, page) -> None:
    page.workspace.begin()
    assert not page.morph.stops and not len(page.frames) and not page.save.isEnabled()
    assert page.stage.example.isVisible()
    qtbot.waitUntil(lambda: page.workspace.picture is not None, timeout=WAIT)


def test_taking_back_pictures_that_must_be_encoded_anew_shows_no_mixture_of_ways(qtbot, page) -> None:
    page.frames._known.clear()  # as after a change of the weights
    undo(page)
    assert not page.frames.complete and page._result() is None
    page.grab()
    finish(qtbot, page)
    assert len(page.frames) == 11 and len(page._result().frames) == 11
