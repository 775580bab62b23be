"""The driving studio: races on a thread of their own, with and without a model, and what is saved of them."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from gendesk.plugins.worldmodel.models import DreamingModel, DrivingModel, SeeingModel, World, WorldModel
from gendesk.plugins.worldmodel.networks.controller import ControllerShape
from gendesk.plugins.worldmodel.race_log import RaceLog
from gendesk.plugins.worldmodel.studios.drive.controls import MODES
from gendesk.plugins.worldmodel.studios.drive.film import LONGEST, Film
from gendesk.plugins.worldmodel.studios.drive.studio import DriveStudio
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from tests.support.dropping import drop_file
from tests.support.studio_desk import StudioDesk

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 20_000
WORLD = World(action_repeat=2, crop_indicators=True, skip_zoom=True)
Opened = Callable[[WorldModel | None], DriveStudio]


def driving() -> DrivingModel:
    torch.manual_seed(1)
    model = DrivingModel(WORLD, ControllerShape(units=16))
    model.set_driver(0.2 * torch.randn(model.shape.parameters))
    return model


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Opened]:
    desks: list[StudioDesk] = []

    def make(model: WorldModel | None) -> DriveStudio:
        studio = DriveStudio()
        qtbot.addWidget(studio)
        studio.resize(460, 600)
        studio.show()
        if model is not None:
            desks.append(StudioDesk(model))
            studio.set_session(desks[-1].session)
            qtbot.waitUntil(lambda: studio.model is not None, timeout=WAIT)
        qtbot.waitUntil(lambda: bool(studio.view.frame.pictures), timeout=WAIT)
        return studio

    yield make
    for desk in desks:
        desk.close()


def titles(studio: DriveStudio) -> list[str]:
    return [picture.title for picture in studio.view.frame.pictures]


def choose(qtbot: QtBot, studio: DriveStudio, mode: str, seen: list[str]) -> None:
    number = MODES.index(mode)  # type: ignore[arg-type]
    bar = studio.controls.modes
    assert bar.isTabEnabled(number)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(number).center())
    qtbot.waitUntil(lambda: titles(studio) == seen, timeout=WAIT)


def offered(studio: DriveStudio) -> list[str]:
    return [mode for number, mode in enumerate(MODES) if studio.controls.modes.isTabEnabled(number)]


def visible(studio: DriveStudio) -> list[str]:
    return [mode for number, mode in enumerate(MODES) if studio.controls.modes.isTabVisible(number)]


def racing_threads() -> int:
    return sum(thread.name == "race" for thread in threading.enumerate())


def test_without_a_model_a_person_drives(qtbot: QtBot, opened: Opened) -> None:
    studio = opened(None)
    assert offered(studio) == ["drive"]
    assert "arrow keys" in studio.view.frame.note and studio.racer.paused
    studio.view.setFocus()
    qtbot.keyPress(studio.view, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: (studio.view.frame.speed or 0) > 3 and studio.view.frame.gas > 0.9, timeout=WAIT)
    frame = studio.view.frame
    assert frame.note == "" and frame.captions[2].startswith("You: straight on, gas")
    assert len(frame.trace) == frame.step and frame.tiles is not None
    qtbot.keyRelease(studio.view, Qt.Key.Key_Up)
    qtbot.keyClick(studio.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: studio.view.frame.step == 0 and "arrow keys" in studio.view.frame.note, timeout=WAIT)


def test_the_controller_is_watched(qtbot: QtBot, opened: Opened) -> None:
    studio = opened(driving())
    qtbot.waitUntil(lambda: studio.controls.mode == "watch" and studio.view.frame.step > 10, timeout=WAIT)
    assert titles(studio) == ["Observation"] and studio.view.frame.captions[2].startswith("Controller:")
    assert "z" in studio.view.frame.captions[0]
    qtbot.mouseClick(studio.controls.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: studio.racer.paused, timeout=WAIT)
    qtbot.waitUntil(lambda: studio.racer.newest() is None, timeout=WAIT)
    studio.racer.restart(1)
    qtbot.waitUntil(lambda: studio.view.frame.step == 0, timeout=WAIT)
    qtbot.mouseClick(studio.controls.step, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: studio.view.frame.step == 2, timeout=WAIT)  # one decision of two frames


def test_split_and_dream(qtbot: QtBot, opened: Opened) -> None:
    studio = opened(driving())
    choose(qtbot, studio, "split", ["Observation", "V sees", "M dreams"])
    qtbot.waitUntil(lambda: studio.view.frame.step > 4, timeout=WAIT)
    qtbot.mouseClick(studio.controls.wake, Qt.MouseButton.LeftButton)
    choose(qtbot, studio, "dream", ["M dreams"])
    qtbot.waitUntil(lambda: studio.view.frame.step > 4, timeout=WAIT)
    assert studio.view.frame.speed is None and studio.view.frame.tiles is None
    studio.controls.heat.setValue(50)
    assert studio.controls.temperature == 0.5
    studio.controls.wheel_button.click()  # drive inside the dream
    qtbot.waitUntil(lambda: "arrow keys" in studio.view.frame.note, timeout=WAIT)
    studio.view.setFocus()
    qtbot.keyPress(studio.view, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: studio.view.frame.steering == 1, timeout=WAIT)
    assert studio.view.frame.captions[2].startswith("You: right 1.00")
    qtbot.keyRelease(studio.view, Qt.Key.Key_D)


@pytest.mark.parametrize(
    ("model", "modes"),
    [
        (WorldModel(WORLD), ["drive"]),
        (SeeingModel(WORLD), ["drive"]),
        (DreamingModel(WORLD, units=16), ["drive", "dream", "split"]),
    ],
)
def test_earlier_stages_offer_what_they_can(model: WorldModel, modes: list[str], qtbot: QtBot, opened: Opened) -> None:
    studio = opened(model)
    assert offered(studio) == modes
    assert "no controller" in studio.controls.modes.tabToolTip(0)
    assert studio.controls.mode == "drive" and studio.controls.person_drives
    if "dream" in modes:
        choose(qtbot, studio, "dream", ["M dreams"])
        assert studio.controls.person_drives and not studio.controls.wheel_button.isEnabled()


def test_the_thread_lives_only_while_the_studio_is_seen(qtbot: QtBot, opened: Opened) -> None:
    studio = opened(driving())
    qtbot.waitUntil(lambda: studio.view.frame.step > 5, timeout=WAIT)
    assert racing_threads() == 1
    studio.hide()
    assert racing_threads() == 0
    before = studio.view.frame.step
    studio.show()
    qtbot.waitUntil(lambda: studio.view.frame.step > before, timeout=WAIT)  # the same race goes on
    studio.set_session(None)
    qtbot.waitUntil(lambda: "arrow keys" in studio.view.frame.note, timeout=WAIT)
    assert studio.model is None


def test_a_newer_model_takes_over_without_a_new_race(qtbot: QtBot, opened: Opened) -> None:
    model = driving()
    studio = opened(model)
    qtbot.waitUntil(lambda: studio.view.frame.step > 5, timeout=WAIT)
    model.set_driver(torch.zeros(model.shape.parameters))
    studio.model_changed()
    qtbot.waitUntil(lambda: studio.view.frame.gas == 0.5 and studio.view.frame.brake == 0.5, timeout=WAIT)
    assert studio.view.frame.step > 5


def test_the_same_seed_gives_the_same_race(qtbot: QtBot, opened: Opened) -> None:
    studio = opened(driving())
    races = []
    for seed in (3, 4, 3):
        studio.controls.seed.set_seed(seed)
        qtbot.mouseClick(studio.controls.restart, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(studio.controls.play, Qt.MouseButton.LeftButton)  # restarting has let it go on
        assert studio.racer.paused
        studio.racer.restart(seed)
        qtbot.waitUntil(lambda: studio.view.frame.step == 0, timeout=WAIT)
        for _ in range(20):
            qtbot.mouseClick(studio.controls.step, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: studio.view.frame.step == 40, timeout=WAIT)
        frame = studio.view.frame
        races.append(
            (frame.score, frame.speed, frame.captions, frame.trace.tobytes(), frame.pictures[0].pixels.tobytes())
        )
    assert races[0] == races[2] != races[1]


def test_the_fastest_race_comes_to_its_end(qtbot: QtBot, opened: Opened) -> None:
    studio = opened(driving())
    speed = studio.controls.findChild(QComboBox)
    assert speed is not None
    speed.setCurrentIndex(speed.count() - 1)
    qtbot.waitUntil(lambda: "Enter begins anew" in studio.view.frame.note, timeout=60_000)
    assert studio.view.frame.step == 1000 or "Off the field" in studio.view.frame.note
    qtbot.keyClick(studio.view, Qt.Key.Key_Enter)
    qtbot.waitUntil(lambda: studio.view.frame.note == "" and studio.view.frame.step < 1000, timeout=WAIT)


def test_a_film_is_recorded_and_saved(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    studio = opened(driving())
    choose(qtbot, studio, "split", ["Observation", "V sees", "M dreams"])
    qtbot.mouseClick(studio.controls.record, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: studio.racer.film.seconds > 0.4, timeout=WAIT)
    qtbot.mouseClick(studio.controls.record, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not studio.racer.film.recording, timeout=WAIT)
    with qtbot.waitSignal(studio.save.saved, timeout=WAIT):
        studio.save.save("gif", tmp_path / "race.gif")
    with Image.open(tmp_path / "race.gif") as film:
        assert film.n_frames >= 10 and film.info["duration"] == 40
        assert film.size == (4 * (3 * 64 + 2 * 2), 4 * 64)
    studio.save.menu().aboutToShow.emit()
    assert [kind for kind, action in studio.save.actions_by_kind.items() if action.isVisible()] == ["gif", "mp4"]


def test_a_race_is_saved_and_seen_again_to_the_same_score(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    studio, path = opened(driving()), tmp_path / "race.npz"
    studio.controls.seed.set_seed(7)
    studio.controls.restart.click()
    qtbot.waitUntil(lambda: studio.view.frame.step > 150, timeout=WAIT)
    studio.controls.play.click()
    with qtbot.waitSignal(studio.files.saved, timeout=WAIT):
        studio.files.save(path)
    log = RaceLog.load(path)
    assert log.seed == 7 and len(log.rewards) >= 75
    assert "replay" not in visible(studio)
    with qtbot.waitSignal(studio.files.opened, timeout=WAIT):
        drop_file(studio, path)
    assert "replay" in visible(studio) and studio.controls.mode == "replay"
    score = f"Replayed: {log.score:.1f}".replace("-", "\N{MINUS SIGN}")
    qtbot.waitUntil(lambda: score in studio.view.frame.note, timeout=WAIT)
    frame = studio.view.frame
    assert frame.step == 2 * len(log.rewards) and frame.captions[2].startswith("Record:") and "z" in frame.captions[0]
    qtbot.keyClick(studio.view, Qt.Key.Key_Enter)
    qtbot.waitUntil(lambda: studio.view.frame.note == "", timeout=WAIT)
    qtbot.waitUntil(lambda: score in studio.view.frame.note, timeout=WAIT)


def test_a_file_that_is_no_race_is_refused(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    studio, path = opened(None), tmp_path / "race.npz"
    path.write_text("no race")
    with qtbot.waitSignal(studio.failed, timeout=WAIT) as failed:
        studio.files.open(path)
    assert "race.npz is no log of a race" in failed.args[0] and studio.controls.mode == "drive"
    with qtbot.waitSignal(studio.failed, timeout=WAIT) as failed:
        studio.files.save(path)
    assert "Nothing has been done" in failed.args[0] and path.read_text() == "no race"


def test_a_film_ends_at_its_bound() -> None:
    film, picture = Film(), np.zeros((4, 4, 3), np.uint8)
    film.begin()
    frame = 0
    while film.recording:
        if film.wants(frame):
            film.add(frame, 1, [picture])
        frame += 1
    assert film.seconds == LONGEST and frame == pytest.approx(50 * LONGEST, abs=2)
    frames = film.frames()
    assert frames is not None and len(frames) == len(film) == 25 * LONGEST


def test_the_gamepad_can_be_chosen_without_one(qtbot: QtBot, opened: Opened) -> None:
    studio = opened(None)
    studio.controls.gamepad.click()
    step = studio.view.frame.step
    studio.view.setFocus()
    qtbot.keyPress(studio.view, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: studio.view.frame.step > step + 5, timeout=WAIT)
    qtbot.keyRelease(studio.view, Qt.Key.Key_W)
    studio.hide()
    assert not studio.controls.gamepad.isChecked()
