"""Saving from the latent studio: files that hold what was seen and tell how it was made."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gendesk.engine.engine import Engine
from gendesk.engine.exchange import Dropped, settings_of_picture, what_is
from gendesk.studios.latent.saving import LATENT_KEY, Result, SaveButton
from gendesk.studios.latent.studio import LatentStudio
from gendesk.studios.saving import SavingButton
from tests.support.studio_desk import StudioDesk
from tests.support.training import engine_in, small_pictures

WAIT = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A run of 12 steps on coloured pictures of 12x12 pixels."""
    folder = tmp_path_factory.mktemp("saving")
    with engine_in(folder / "data") as engine:
        data = small_pictures(folder, channels=3)
        assert engine.start(engine.config("dense-vae", data=str(data), steps=12), at_once=True).join(60)
        yield engine


@pytest.fixture
def studio(qtbot, engine: Engine) -> Iterator[Any]:
    run = engine.runs.find("0001")
    desk = StudioDesk(engine.load_model(run.id), engine.run_data(run.id))
    studio = LatentStudio()
    qtbot.addWidget(studio)
    studio.set_session(desk.session)
    studio.resize(420, 640)
    studio.show()
    qtbot.waitUntil(lambda: studio._run_folder.path is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: studio.workspace.picture is not None, timeout=WAIT)
    yield studio
    desk.close()


@pytest.fixture
def page(qtbot, studio) -> Any:
    """The page Morph with a way of eleven frames."""
    page = studio.page("morph")
    studio.tabs.setCurrentWidget(page)
    qtbot.mouseClick(page.stage.example, LEFT)
    qtbot.waitUntil(lambda: len(page.frames) == 11 and page.frames.complete, timeout=WAIT)
    return page


def save(qtbot, button: SaveButton, kind: str, path: Path) -> Path:
    with qtbot.waitSignal(button.saved, timeout=WAIT):
        button.save(kind, path)
    return path


def test_the_picture_of_the_point_opens_its_run_when_it_is_dropped(qtbot, studio, engine, tmp_path) -> None:
    with qtbot.waitSignal(studio.workspace.pictured, timeout=WAIT):
        studio.workspace.move_to(np.array([1.25, -0.5], np.float32))
    path = save(qtbot, studio.save, "picture", tmp_path / "point.png")
    assert studio.save.text() == "Saved" and path.name in studio.save.accessibleDescription()
    record = engine.runs.find("0001").record
    assert what_is(path) is Dropped.PICTURE and settings_of_picture(path) == record.config
    with Image.open(path) as picture:
        told = json.loads(picture.info[LATENT_KEY])
        pixels = np.asarray(picture)
    plane = told.pop("settings")["plane"]
    assert (plane["kind"], plane["across"], plane["up"]) == ("dimensions", 0, 1)
    assert told == {"run": record.id, "step": 12, "page": "map", "code": [1.25, -0.5], "mix": []}
    assert pixels.shape == (264, 264, 3), "22 times 12 is the first to reach 256"
    assert np.array_equal(pixels[::22, ::22], studio.workspace.picture)

    plain = save(qtbot, studio.save, "pixels", tmp_path / "plain.png")
    with Image.open(plain) as picture:
        assert np.array_equal(np.asarray(picture), studio.workspace.picture)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("paint", {"tool": "color", "keep detail": False}),
        ("morph", {"way": "linear", "steps": 10, "stops": []}),
        ("novelty", {"look": "point"}),
        ("quiz", {"series": "series"}),
    ],
)
def test_the_corner_tells_what_its_page_was_set_to(qtbot, studio, tmp_path, name, known) -> None:
    studio.tabs.setCurrentWidget(studio.page(name))
    with Image.open(save(qtbot, studio.save, "pixels", tmp_path / "point.png")) as picture:
        told = json.loads(picture.info[LATENT_KEY])
    assert told["page"] == name and known.items() <= told["settings"].items()


def test_a_morph_is_saved_as_picture_strip_and_animation(qtbot, page, tmp_path) -> None:
    page.player.go_to(3)
    frames = [page.frames.picture(index) for index in range(11)]
    with Image.open(save(qtbot, page.save, "pixels", tmp_path / "one.png")) as picture:
        assert np.array_equal(np.asarray(picture), frames[3])
        told = json.loads(picture.info[LATENT_KEY])
    assert np.allclose(told["code"], page.frames.codes[3], atol=1e-5)
    assert (told["settings"]["steps"], told["settings"]["way"], told["settings"]["position"]) == (10, "linear", 3)
    assert np.allclose([stop["code"] for stop in told["settings"]["stops"]], page.frames.codes[[0, 10]], atol=1e-5)

    with Image.open(save(qtbot, page.save, "strip", tmp_path / "strip.png")) as picture:
        strip = np.asarray(picture)[::6, ::6]
    assert strip.shape == (24, 11 * 12, 3)
    assert np.array_equal(strip[:12, 36:48], frames[3]) and np.array_equal(strip[12:, 36:48], page.frames.fade(3))

    with Image.open(save(qtbot, page.save, "gif", tmp_path / "film.gif")) as gif:
        assert (gif.n_frames, gif.size, gif.info["duration"], gif.info["loop"]) == (20, (264, 264), 100, 0)


def test_a_film_is_offered_only_where_there_is_an_encoder(qtbot, page, tmp_path, monkeypatch) -> None:
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    film = page.save.actions_by_kind["mp4"]
    with monkeypatch.context() as patch:
        patch.setattr("sys.path", [])  # where the package imageio-ffmpeg would be found
        page.save._save_menu.aboutToShow.emit()
    assert film.isVisible() and not film.isEnabled() and "ffmpeg" in film.toolTip()
    program = folder / "ffmpeg"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    page.save._save_menu.aboutToShow.emit()
    assert film.isEnabled() and "ffmpeg" not in film.toolTip()


def test_one_picture_is_no_film(studio) -> None:
    studio.save._save_menu.aboutToShow.emit()
    shown = {kind for kind, action in studio.save.actions_by_kind.items() if action.isVisible()}
    assert shown == {"picture", "pixels"}


def test_what_cannot_be_written_is_one_sentence(qtbot, studio, tmp_path) -> None:
    with qtbot.waitSignal(studio.failed, timeout=WAIT) as failed:
        studio.save.save("picture", tmp_path / "missing" / "point.png")
    assert failed.args[0].startswith("Cannot write") and failed.args[0].endswith(".")
    assert studio.save.text() == "Save"


def test_the_menu_asks_where_and_writes_there(qtbot, studio, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    studio.save._save_menu.aboutToShow.emit()
    studio.save.actions_by_kind["picture"].trigger()
    dialog = studio.save.findChild(QFileDialog)
    assert dialog.selectedFiles()[0].endswith("0001-dense-vae-quick-map.png")
    with qtbot.waitSignal(studio.save.saved, timeout=WAIT):
        dialog.fileSelected.emit(str(tmp_path / "chosen.png"))
    dialog.close()
    assert (tmp_path / "chosen.png").is_file()


def test_a_long_film_shows_how_far_it_is_and_can_be_ended(qtbot, studio, tmp_path) -> None:
    frames = np.broadcast_to(np.arange(256, dtype=np.uint8)[:, None, None], (3000, 256, 256, 1))
    folder = studio._run_folder.path
    button = SavingButton(lambda: Result(frames, "test", there_and_back=True), lambda: folder)
    qtbot.addWidget(button)
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(button.line)
    window.show()
    button.save("gif", tmp_path / "film.gif")
    assert button.line.isVisible() and button.line.bar.maximum() == 5998
    qtbot.waitUntil(lambda: button.line.bar.value() > 1, timeout=WAIT)
    button._save_menu.aboutToShow.emit()
    assert not button.actions_by_kind["gif"].isEnabled(), "one file at a time"
    qtbot.mouseClick(button.line.cancel, LEFT)
    qtbot.waitUntil(button.line.isHidden, timeout=WAIT)
    assert list(tmp_path.glob("*film*")) == [] and list(tmp_path.glob(".*film*")) == []
    assert button.text() == "Save"
