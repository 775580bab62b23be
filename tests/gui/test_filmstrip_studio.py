"""The filmstrip shows the races of a run frame by frame, plays them as a film, and says what was done and gained."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from gendesk.plugins.worldmodel.racing.episodes import Played
from gendesk.plugins.worldmodel.rollouts import episode_path, save_episode
from gendesk.plugins.worldmodel.studios.filmstrip.source import find_rollouts
from gendesk.plugins.worldmodel.studios.filmstrip.studio import FilmstripStudio
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.engine.upstream import Upstream
from gendesk.errors import InputError
from gendesk.widgets.theme import LIGHT, apply_theme
from tests.support.studio_desk import WAIT, StudioDesk


def race(seed: int, steps: int = 70) -> Played:
    """Return a race with a new tile in every fifth frame and frames that tell their number."""
    observations = np.full((steps + 1, 64, 64, 3), 90, np.uint8)
    observations[:, :, :, 0] = np.arange(steps + 1)[:, None, None] * 3 % 256
    actions = np.zeros((steps, 3), np.float32)
    actions[::2, 0], actions[1::2, 1] = -0.25, 0.43
    rewards = np.full(steps, -0.1)
    rewards[::5] = 3.22 + seed
    return Played(seed, observations, actions, rewards, terminated=False)


def data_of(folder: Path, upstream: Upstream | None = None) -> RunData:
    return RunData(folder, None, lambda _target: None, upstream=upstream)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    for seed in (3, 1, 2):
        save_episode(episode_path(tmp_path / "run" / "products" / "rollouts", seed), race(seed))
    return tmp_path / "run"


@pytest.fixture
def desk(run: Path) -> Iterator[StudioDesk]:
    desk = StudioDesk(Model(), data_of(run))
    yield desk
    desk.close()


def opened(qtbot: QtBot, desk: StudioDesk | None, size: tuple[int, int] = (460, 600)) -> FilmstripStudio:
    studio = FilmstripStudio()
    qtbot.addWidget(studio)
    studio.resize(*size)
    with qtbot.waitActive(studio):
        studio.show()
        studio.activateWindow()
    if desk is not None:
        studio.set_session(desk.session)
    return studio


@pytest.fixture
def studio(qtbot: QtBot, desk: StudioDesk) -> FilmstripStudio:
    studio = opened(qtbot, desk)
    qtbot.waitUntil(lambda: studio.race is not None, timeout=WAIT)
    return studio


def shown(studio: FilmstripStudio) -> tuple[int, int]:
    """Return the first frame of the strip and the current one, after looking whether all parts agree."""
    assert studio.bar.frame == studio.bar.number.value() == studio.strip.current
    return studio.strip.start, studio.strip.current


def choose(qtbot: QtBot, studio: FilmstripStudio, index: int) -> None:
    studio.picker.races.setCurrentIndex(index)
    qtbot.waitUntil(lambda: studio.race is not None and studio.race.seed == studio.picker.seed, timeout=WAIT)


def test_races_are_listed_and_the_first_is_shown(studio: FilmstripStudio) -> None:
    texts = [studio.picker.races.itemText(row) for row in range(studio.picker.races.count())]
    assert [text.split("  ")[0] for text in texts] == ["Seed 1", "Seed 2", "Seed 3"]
    assert "70 steps" in texts[0]
    assert f"score {race(1).rewards.sum():.1f}" in texts[0]
    assert shown(studio) == (0, 0)
    assert studio.bar.number.suffix() == " / 70"


def test_the_strip_begins_with_any_frame_of_the_slider(qtbot: QtBot, studio: FilmstripStudio) -> None:
    studio.bar.slider.setValue(40)
    assert shown(studio) == (40, 40)
    studio.bar.number.setFocus()
    studio.bar.number.lineEdit().selectAll()
    qtbot.keyClicks(studio.bar.number, "13")
    qtbot.keyClick(studio.bar.number, Qt.Key.Key_Return)
    assert shown(studio) == (13, 13)
    studio.bar.slider.setValue(68)
    assert shown(studio) == (51, 68)


def test_keys_go_through_the_frames(qtbot: QtBot, studio: FilmstripStudio) -> None:
    studio.strip.setFocus()
    for key, expected in (
        (Qt.Key.Key_Right, (0, 1)),
        (Qt.Key.Key_Down, (0, 6)),
        (Qt.Key.Key_PageDown, (20, 26)),
        (Qt.Key.Key_Up, (20, 21)),
        (Qt.Key.Key_Up, (15, 16)),
        (Qt.Key.Key_End, (51, 70)),
        (Qt.Key.Key_Right, (51, 70)),
        (Qt.Key.Key_PageUp, (31, 50)),
        (Qt.Key.Key_Right, (36, 51)),
        (Qt.Key.Key_Home, (0, 0)),
        (Qt.Key.Key_Left, (0, 0)),
    ):
        qtbot.keyClick(studio.strip, key)
        assert shown(studio) == expected, key


def test_a_click_on_a_frame_or_into_the_chart_goes_there(qtbot: QtBot, studio: FilmstripStudio) -> None:
    strip = studio.strip
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(strip.width() * 3 // 10, strip.height() * 5 // 8))
    assert shown(studio) == (0, 11)
    chart = studio.chart
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(chart.width() - 8, chart.height() // 2))
    assert shown(studio) == (51, 70)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert shown(studio)[1] == 69


def test_it_says_what_was_done_and_gained(studio: FilmstripStudio) -> None:
    studio.bar.slider.setValue(10)
    words = studio.strip.accessibleDescription()
    assert words == studio.chart.accessibleDescription()
    assert words.split("  \N{MIDDLE DOT}  ") == [
        "Frame 10",
        "steer \N{MINUS SIGN}0.25",
        "reward +4.22",
        "new tile",
        f"score before {race(1).rewards[:10].sum():.1f}",
    ]
    studio.bar.slider.setValue(11)
    assert "gas 0.43" in studio.strip.accessibleDescription()
    assert "new tile" not in studio.strip.accessibleDescription()
    studio.bar.slider.setValue(70)
    assert "the end" in studio.strip.accessibleDescription()
    assert np.allclose(studio.chart.scores[-1], race(1).rewards.sum())


def test_frames_with_a_new_tile_are_framed(qapp: object, studio: FilmstripStudio) -> None:
    apply_theme(qapp, "light")  # type: ignore[arg-type]
    picture = studio.strip.grab().toImage()
    good = [
        any(
            picture.pixelColor(x, studio.strip.height() // 8).name().upper() == LIGHT.good
            for x in range(studio.strip.width() * column // 5, studio.strip.width() * (column + 1) // 5)
        )
        for column in range(5)
    ]
    assert good == [True, False, False, False, False]


def test_play_shows_the_race_as_a_film_to_its_end(qtbot: QtBot, studio: FilmstripStudio) -> None:
    studio.bar.speed.setCurrentIndex(studio.bar.speed.count() - 1)
    studio.bar.slider.setValue(60)
    seen = [shown(studio)]
    studio.bar.played.connect(lambda _frame: seen.append(shown(studio)))
    qtbot.mouseClick(studio.bar.play, Qt.MouseButton.LeftButton)
    assert studio.bar.is_playing
    assert studio.bar.play.accessibleName() == "Pause"
    qtbot.waitUntil(lambda: not studio.bar.is_playing, timeout=WAIT)
    assert [current for _, current in seen] == list(range(60, 71))
    assert {start for start, _ in seen} == {51}
    studio.strip.setFocus()
    qtbot.keyClick(studio.strip, Qt.Key.Key_Space)
    assert studio.bar.is_playing
    assert shown(studio)[1] < 60
    studio.hide()
    assert not studio.bar.is_playing


def test_races_in_another_order_and_one_after_the_other(qtbot: QtBot, studio: FilmstripStudio) -> None:
    studio.picker.order.setCurrentIndex(1)
    assert [studio.picker.races.itemText(row)[5:6] for row in range(3)] == ["3", "2", "1"]
    assert studio.picker.seed == 1
    assert not studio.picker.after.isEnabled()
    qtbot.mouseClick(studio.picker.before, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: studio.race is not None and studio.race.seed == 2, timeout=WAIT)


def test_new_races_are_listed_while_the_old_one_stays(qtbot: QtBot, studio: FilmstripStudio, run: Path) -> None:
    choose(qtbot, studio, 1)
    studio.bar.slider.setValue(20)
    save_episode(episode_path(run / "products" / "rollouts", 0), race(0, 9))
    studio.model_changed()
    qtbot.waitUntil(lambda: studio.picker.races.count() == 4, timeout=WAIT)
    assert studio.picker.seed == 2
    assert shown(studio) == (20, 20)
    choose(qtbot, studio, 0)
    assert shown(studio) == (0, 0)
    assert studio.strip.count == 10


def test_a_damaged_race_is_left_out_and_one_that_goes_away_is_told(
    qtbot: QtBot, studio: FilmstripStudio, run: Path
) -> None:
    episode_path(run / "products" / "rollouts", 1).write_bytes(b"no race")
    episode_path(run / "products" / "rollouts", 3).unlink()
    with qtbot.waitSignal(studio.failed, timeout=WAIT) as told:
        studio.picker.races.setCurrentIndex(2)
    assert told.args is not None
    assert "0000000003" in told.args[0]
    assert studio.race is None
    studio.model_changed()
    qtbot.waitUntil(lambda: studio.race is not None and studio.race.seed == 2, timeout=WAIT)
    assert studio.picker.races.count() == 1


def test_without_races_it_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    desk = StudioDesk(Model(), data_of(tmp_path / "other"))
    try:
        studio = opened(qtbot, desk)
        qtbot.waitUntil(lambda: "no rollouts" in studio.strip.empty_text, timeout=WAIT)
        assert not studio.bar.play.isEnabled()
        assert not studio.picker.races.isEnabled()
    finally:
        desk.close()


def test_the_next_session_begins_anew(qtbot: QtBot, studio: FilmstripStudio) -> None:
    studio.set_session(None)
    assert studio.race is None
    assert studio.picker.races.count() == 0
    assert studio.bar.frame == 0


def no_model() -> Model:
    raise InputError("not asked for")


def test_a_run_that_was_built_on_rollouts_shows_those(tmp_path: Path, run: Path) -> None:
    first = Upstream("0001", "world-rollouts", "", run / "products", no_model)
    second = Upstream("0002", "world-vae", "", tmp_path / "vae" / "products", no_model, first)
    assert find_rollouts(data_of(tmp_path / "encode", second)) == run / "products" / "rollouts"
    assert find_rollouts(data_of(tmp_path / "encode")) is None


@pytest.mark.parametrize("size", [(460, 600), (1200, 700), (380, 520)])
def test_everything_fits(qtbot: QtBot, desk: StudioDesk, size: tuple[int, int]) -> None:
    studio = opened(qtbot, desk, size)
    qtbot.waitUntil(lambda: studio.race is not None, timeout=WAIT)
    assert (studio.width(), studio.height()) == size
    for part in (studio.picker, studio.strip, studio.bar, studio.film, studio.chart):
        inside = part.rect().translated(part.mapTo(studio, QPoint()))
        assert studio.rect().contains(inside), part
    assert (studio.chart.mapTo(studio, QPoint()).x() > studio.strip.width()) == (size[0] > 1000)
