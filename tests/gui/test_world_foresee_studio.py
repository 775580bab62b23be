"""The studio of M: what it foresees of a race, told the truth or running free, step by step."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from gendesk.plugins.worldmodel.studios.foresee.studio import ForeseeStudio
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gendesk.engine.families import find_families
from gendesk.engine.recipe import Model
from tests.support.studio_desk import WAIT, StudioDesk
from tests.support.world_runs import dreaming, driving, run_data, run_folder, seeing

LEFT = Qt.MouseButton.LeftButton
Open = Callable[..., ForeseeStudio]


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    desks: list[StudioDesk] = []

    def open_studio(
        model: Model, size: tuple[int, int] = (460, 600), seeds: tuple[int, ...] = (1, 2), *, wait: bool = True
    ) -> ForeseeStudio:
        desks.append(StudioDesk(model, run_data(run_folder(tmp_path, seeds, steps=40))))
        studio = ForeseeStudio()
        qtbot.addWidget(studio)
        studio.resize(*size)
        studio.show()
        studio.set_session(desks[-1].session)
        if wait:
            qtbot.waitUntil(lambda: studio.found is not None, timeout=WAIT)
        return studio

    yield open_studio
    for desk in desks:
        desk.close()


def next_found(qtbot: QtBot, studio: ForeseeStudio, change: Callable[[], object]) -> None:
    """Change something and wait until it has been foreseen."""
    before = studio.found
    change()
    qtbot.waitUntil(lambda: studio.found is not None and studio.found is not before, timeout=WAIT)


def test_the_manifest_offers_it_for_stages_with_m() -> None:
    family = next(family for family in find_families() if family.id == "worldmodel")
    offered = [recipe.id for recipe in family.recipes if "foresee" in [one.id for one in family.studios_for(recipe.id)]]
    assert sorted(offered) == ["world-controller", "world-mdn-rnn", "world-model"]


def test_the_first_race_is_foreseen_from_its_beginning(opened: Open) -> None:
    studio = opened(dreaming())
    assert studio.race is not None
    assert studio.found is not None
    assert (studio.found.start, len(studio.found.codes)) == (0, 30)
    assert studio.controls.number.value() == studio.race.mu.std(0).argmax()
    assert studio.strip.places.tolist() == [4, 9, 14, 19, 24, 29]
    assert studio.trace.accessibleDescription().startswith("Step 1, z")
    assert "reward" in studio.reward.accessibleDescription()
    assert studio.density.accessibleDescription().startswith("Mixtures at ")
    assert studio.controls.source.findData("controller") < 0


def test_start_horizon_temperature_and_truth_are_asked_for(qtbot: QtBot, opened: Open) -> None:
    studio = opened(dreaming())
    controls = studio.controls
    next_found(qtbot, studio, lambda: controls.start.setValue(30))
    assert studio.found is not None
    assert len(studio.found.codes) == 10
    drawn = studio.found.codes
    next_found(qtbot, studio, controls.seed.button.click)
    assert not np.array_equal(studio.found.codes, drawn)
    free = studio.found.mean
    next_found(qtbot, studio, lambda: controls.told.setChecked(True))
    assert not np.allclose(studio.found.mean, free)
    sigmas = studio.found.sigmas
    next_found(qtbot, studio, lambda: controls.heat.setValue(25))
    assert controls.heat_text.text() == "0.25"
    assert np.allclose(studio.found.sigmas, sigmas / 2, rtol=1e-4)


def test_who_acts(qtbot: QtBot, opened: Open) -> None:
    studio = opened(driving())
    controls = studio.controls
    qtbot.waitUntil(lambda: controls.source.findData("controller") >= 0, timeout=WAIT)
    assert studio.note.text() == ""
    assert not controls.fixed.isVisible()
    next_found(qtbot, studio, lambda: controls.source.setCurrentIndex(1))
    assert controls.fixed.isVisible()
    next_found(qtbot, studio, lambda: controls.action[0].setValue(-100))
    assert studio.found is not None
    assert np.allclose(studio.found.actions[7], (-1, 0.5, 0))
    assert "other actions" in studio.note.text()
    next_found(qtbot, studio, lambda: controls.source.setCurrentIndex(2))
    assert not np.allclose(studio.found.actions[1:], studio.found.actions[:-1])


def test_a_step_is_chosen_in_the_strip_in_a_chart_and_with_keys(qtbot: QtBot, opened: Open) -> None:
    studio = opened(dreaming())
    strip = studio.strip
    qtbot.mouseClick(strip.viewport(), LEFT, pos=QPoint(strip._margin() + strip._cell() * 3 // 2, 60))
    assert studio.place == 9
    assert studio.density.place == studio.trace.place == 9
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert studio.place == 14
    chart = studio.reward
    qtbot.mouseClick(chart, LEFT, pos=QPoint(chart.width() - 6, chart.height() // 2))
    assert studio.place == 29
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert studio.place == 28
    assert studio.trace.accessibleDescription().startswith("Step 29, ")
    studio.controls.number.setValue(3)
    assert "z3" in studio.trace.accessibleDescription()
    studio.controls.every.setValue(10)
    assert strip.places.tolist() == [9, 19, 29]


def test_the_density_of_a_mixture_integrates_to_one(opened: Open) -> None:
    studio = opened(dreaming())
    assert studio.found is not None
    places = np.linspace(-30, 30, 20_001)
    total = np.trapezoid(studio.density.densities(studio.found, places).sum(0), places)
    assert total == pytest.approx(1, abs=1e-3)


def test_another_race_and_no_session(qtbot: QtBot, opened: Open) -> None:
    studio = opened(dreaming())
    next_found(qtbot, studio, lambda: studio.picker.races.setCurrentIndex(1))
    assert studio.race is not None
    assert studio.race.seed == 2
    studio.set_session(None)
    assert studio.race is None
    assert studio.found is None
    assert "Train M" in studio.strip.empty_text


def test_without_m_or_without_races_it_says_why(qtbot: QtBot, opened: Open) -> None:
    studio = opened(seeing(), wait=False)
    qtbot.waitUntil(lambda: "stage 4" in studio.strip.empty_text, timeout=WAIT)


def test_without_races_it_says_so(qtbot: QtBot, opened: Open) -> None:
    studio = opened(dreaming(), seeds=(), wait=False)
    qtbot.waitUntil(lambda: "no races" in studio.strip.empty_text, timeout=WAIT)


@pytest.mark.parametrize("size", [(460, 600), (1200, 700)])
def test_everything_fits(qtbot: QtBot, opened: Open, size: tuple[int, int]) -> None:
    studio = opened(driving(), size)
    next_found(qtbot, studio, lambda: studio.controls.source.setCurrentIndex(1))
    assert (studio.width(), studio.height()) == size
    for part in (studio.picker, studio.controls, studio.strip, studio.trace, studio.density, studio.reward):
        assert studio.rect().contains(part.rect().translated(part.mapTo(studio, QPoint()))), part
