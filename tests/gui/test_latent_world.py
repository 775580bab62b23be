"""The latent studio on a run of world-vae: its pictures are frames of the races that it was built on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gendesk.engine.families import find_families
from gendesk.studios.latent.studio import LatentStudio
from tests.support.studio_desk import WAIT, StudioDesk
from tests.support.world_runs import run_data, run_folder, seeing

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def studio(qtbot: QtBot, tmp_path: Path) -> Iterator[LatentStudio]:
    folder = run_folder(tmp_path, tuple(range(12)), steps=19)
    desk = StudioDesk(seeing(), run_data(folder))
    studio = LatentStudio()
    qtbot.addWidget(studio)
    studio.resize(500, 640)
    studio.show()
    studio.set_session(desk.session)
    qtbot.waitUntil(lambda: studio.workspace.picture is not None, timeout=WAIT)
    yield studio
    desk.close()


def test_it_opens_on_every_stage_from_v_on() -> None:
    stages = ["world-vae", "world-encode", "world-mdn-rnn", "world-controller", "world-model"]
    family = next(family for family in find_families() if family.id == "worldmodel")
    for recipe in stages:
        assert "latent" in [studio.id for studio in family.studios_for(recipe)]
    assert "latent" not in [studio.id for studio in family.studios_for("world-rollouts")]


def test_it_knows_held_out_frames_by_their_codes(studio: LatentStudio) -> None:
    survey = studio.workspace.survey
    assert survey is not None
    assert survey.encodes
    assert survey.shape == (64, 64, 3)
    assert survey.codes.shape == (20, 6)
    assert len(survey.real) == 20
    assert all(studio.tabs.isTabVisible(index) for index in range(len(studio.pages)))


def test_novelty_searches_the_frames_and_offers_no_network(qtbot: QtBot, studio: LatentStudio) -> None:
    page = studio.page("novelty")
    studio.tabs.setCurrentWidget(page)
    qtbot.waitUntil(lambda: "220 of 220" in page.measures.note.text(), timeout=WAIT)
    assert "pixels count" in page.measures.note.text()
    assert not page.measures.train.isVisible()


def test_the_quiz_mixes_frames_with_imagined_ones(qtbot: QtBot, studio: LatentStudio) -> None:
    page = studio.page("quiz")
    studio.tabs.setCurrentWidget(page)
    qtbot.waitUntil(page.welcome.start.isEnabled, timeout=WAIT)
    qtbot.mouseClick(page.welcome.start, LEFT)
    qtbot.waitUntil(lambda: page.game is not None, timeout=WAIT)
    assert page.game.pictures.shape == (20, 64, 64, 3)
