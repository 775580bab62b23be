"""The studio of V: a frame and its code, the numbers in use with their sliders, the plane of two, imagined tracks."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from gendesk.plugins.worldmodel.models import WorldModel
from gendesk.plugins.worldmodel.studios.eyes.studio import SeeStudio
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gendesk.engine.families import find_families
from gendesk.engine.recipe import Model
from tests.support.studio_desk import WAIT, StudioDesk
from tests.support.world_runs import LATENT, driving, run_data, run_folder, seeing

LEFT = Qt.MouseButton.LeftButton
Open = Callable[..., SeeStudio]


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    desks: list[StudioDesk] = []

    def open_studio(
        model: Model, size: tuple[int, int] = (460, 600), seeds: tuple[int, ...] = (1, 2), *, wait: bool = True
    ) -> SeeStudio:
        desks.append(StudioDesk(model, run_data(run_folder(tmp_path, seeds, steps=20))))
        studio = SeeStudio()
        qtbot.addWidget(studio)
        studio.resize(*size)
        studio.show()
        studio.set_session(desks[-1].session)
        if wait:
            qtbot.waitUntil(lambda: bool(studio.use and studio.frame.codes), timeout=WAIT)
        return studio

    yield open_studio
    for desk in desks:
        desk.close()


def click_tile(qtbot: QtBot, mosaic: object, place: int) -> None:
    """Choose a picture of a mosaic with the keyboard."""
    mosaic.setFocus()  # type: ignore[attr-defined]
    qtbot.keyClick(mosaic, Qt.Key.Key_Home)
    for _ in range(place):
        qtbot.keyClick(mosaic, Qt.Key.Key_Right)
    qtbot.keyClick(mosaic, Qt.Key.Key_Return)


def test_the_manifest_offers_it_for_stages_with_v() -> None:
    family = next(family for family in find_families() if family.id == "worldmodel")
    offered = [recipe.id for recipe in family.recipes if "see" in [one.id for one in family.studios_for(recipe.id)]]
    assert sorted(offered) == ["world-controller", "world-encode", "world-mdn-rnn", "world-model", "world-vae"]


def test_a_frame_drawn_again_has_another_code_and_the_same_mean(qtbot: QtBot, opened: Open) -> None:
    studio = opened(seeing())
    tab = studio.frame
    tab.slider.setValue(7)
    qtbot.waitUntil(lambda: len(tab.codes) == 1, timeout=WAIT)
    assert tab.number.value() == 7
    for count in (2, 3):
        qtbot.mouseClick(tab.redraw, LEFT)
        qtbot.waitUntil(lambda count=count: len(tab.codes) == count, timeout=WAIT)
    assert not np.array_equal(tab.codes[0], tab.codes[1])
    assert tab.note.text().startswith("3 codes drawn")
    assert tab.race is not None
    assert f"mean {tab.race.mu[7, 2]:.2f}" in tab.chart.words(2)
    assert f"drawn {tab.codes[-1][2]:.2f}" in tab.chart.words(2)
    tab.number.setValue(8)
    qtbot.waitUntil(lambda: len(tab.codes) == 1, timeout=WAIT)
    assert tab.slider.value() == 8


def test_numbers_in_use_are_counted_and_have_sliders(qtbot: QtBot, opened: Open) -> None:
    studio = opened(seeing())
    tab = studio.numbers
    studio.tabs.setCurrentWidget(tab)
    assert studio.use is not None
    assert tab.chart.charts[0].title == f"{len(studio.use.active)} of {LATENT} numbers in use"
    assert tab.shown == studio.use.active
    first = tab.shown[0]
    qtbot.waitUntil(lambda: first in tab.sliders.rows, timeout=WAIT)
    slider = tab.sliders.rows[first].slider
    slider.setValue(slider.maximum())
    assert tab.code[first] == 3.0
    slider.setValue(slider.maximum() - 3)  # 2.925 is rounded to a tenth
    assert tab.code[first] == np.float32(2.9)
    qtbot.mouseClick(tab.reset, LEFT)
    assert not tab.code.any()
    qtbot.waitUntil(lambda: tab.picture._image is not None, timeout=WAIT)


def test_the_mean_of_a_frame_goes_to_the_sliders(qtbot: QtBot, opened: Open) -> None:
    studio = opened(seeing())
    studio.frame.slider.setValue(5)
    qtbot.mouseClick(studio.frame.take, LEFT)
    assert studio.tabs.currentWidget() is studio.numbers
    assert studio.frame.race is not None
    assert np.array_equal(studio.numbers.code, studio.frame.race.mu[5])


def test_the_plane_begins_with_the_two_most_used_and_a_click_takes_a_code(qtbot: QtBot, opened: Open) -> None:
    studio = opened(seeing())
    grid = studio.grid
    studio.tabs.setCurrentWidget(grid)
    assert studio.use is not None
    assert [grid.across.value(), grid.up.value()] == studio.use.order[:2]
    qtbot.waitUntil(lambda: len(grid.mosaic.codes) == 25, timeout=WAIT)
    grid.reach.setValue(3.0)
    qtbot.waitUntil(lambda: grid.mosaic.codes.max() == 3.0, timeout=WAIT)
    assert "from \N{MINUS SIGN}3 to 3" in grid.note.text()
    click_tile(qtbot, grid.mosaic, 1)
    assert studio.tabs.currentWidget() is studio.numbers
    assert studio.numbers.code[grid.across.value()] == -1.5
    assert studio.numbers.code[grid.up.value()] == 3.0
    other = next(number for number in range(LATENT) if number not in (grid.across.value(), grid.up.value()))
    studio.numbers._change(other, 1.2)
    grid.around.setChecked(True)
    qtbot.waitUntil(lambda: grid.mosaic.codes[0, other] == np.float32(1.2), timeout=WAIT)


def test_tracks_are_imagined_and_two_frames_are_joined(qtbot: QtBot, opened: Open) -> None:
    studio = opened(seeing())
    tab = studio.imagine
    studio.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: len(tab.tracks.codes) == 12 and len(tab.way.codes) == 6, timeout=WAIT)
    before = tab.tracks.codes
    qtbot.mouseClick(tab.seed.button, LEFT)
    qtbot.waitUntil(lambda: not np.array_equal(tab.tracks.codes, before), timeout=WAIT)
    assert studio.frame.race is not None
    mu = studio.frame.race.mu
    assert np.allclose(tab.way.codes[0], mu[0])
    tab.last.setValue(4)
    qtbot.waitUntil(lambda: np.allclose(tab.way.codes[-1], mu[4]), timeout=WAIT)
    click_tile(qtbot, tab.way, 5)
    assert np.allclose(studio.numbers.code, mu[4])


def test_another_race_and_no_session(qtbot: QtBot, opened: Open) -> None:
    studio = opened(driving())
    studio.frame.picker.races.setCurrentIndex(1)
    qtbot.waitUntil(lambda: studio.frame.race is not None and studio.frame.race.seed == 2, timeout=WAIT)
    studio.set_session(None)
    assert studio.frame.race is None
    assert studio.use is None
    assert not studio.frame.redraw.isEnabled()
    assert len(studio.grid.mosaic.codes) == len(studio.imagine.tracks.codes) == 0


def test_without_v_it_says_why(qtbot: QtBot, opened: Open) -> None:
    studio = opened(WorldModel(), wait=False)
    qtbot.waitUntil(lambda: "stage 2" in studio.frame.pictures._empty_text, timeout=WAIT)


def test_without_races_it_says_so(qtbot: QtBot, opened: Open) -> None:
    studio = opened(seeing(), seeds=(), wait=False)
    qtbot.waitUntil(lambda: "no races" in studio.frame.pictures._empty_text, timeout=WAIT)


@pytest.mark.parametrize("size", [(460, 600), (1200, 700)])
def test_everything_fits(opened: Open, size: tuple[int, int]) -> None:
    studio = opened(seeing(), size)
    for index in range(studio.tabs.count()):
        studio.tabs.setCurrentIndex(index)
        assert (studio.width(), studio.height()) == size
        tab = studio.tabs.widget(index)
        assert studio.rect().contains(tab.rect().translated(tab.mapTo(studio, QPoint())))
