"""The timeline and the picture history: scrubbing, live state, playing, GIF export."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from gendesk.widgets.pictures.history import Frame, ImageHistory
from gendesk.widgets.pictures.timeline import Timeline

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Shades:
    """Frames whose grey is their step; `gate` holds up reading until it is set."""

    def __init__(self, steps: Sequence[int]) -> None:
        self._steps = steps
        self.read: list[int] = []
        self.gate = threading.Event()
        self.gate.set()

    def steps(self) -> Sequence[int]:
        return self._steps

    def frame(self, step: int) -> Frame | None:
        self.gate.wait(5)
        self.read.append(step)
        return None if step == 13 else shade(step)


def shade(step: int) -> Frame:
    return Frame(np.full((4, 8, 8, 1), step % 256, np.uint8), 2)


@pytest.fixture
def timeline(qtbot: QtBot) -> Timeline:
    widget = Timeline()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def history(qtbot: QtBot) -> Iterator[ImageHistory]:
    widget = ImageHistory()
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    widget.show()
    yield widget
    widget.stop()


def slider(widget: Timeline) -> QSlider:
    return widget.findChild(QSlider)


def button(widget: Timeline, name: str) -> QAbstractButton:
    return next(one for one in widget.findChildren(QAbstractButton) if name in (one.text(), one.toolTip()))


def shown(history: ImageHistory) -> int:
    return int(history.grid.view.images[0, 0, 0, 0])


def test_it_follows_new_steps_until_the_person_scrubs(timeline: Timeline, qtbot: QtBot) -> None:
    for step in (10, 20, 1_234_567):
        timeline.append_step(step)
    assert timeline.is_live and timeline.step == 1_234_567
    with qtbot.waitSignal(timeline.step_selected) as told:
        qtbot.keyClick(slider(timeline), Qt.Key.Key_Left)
    assert told.args == [20] and not timeline.is_live
    timeline.append_step(2_000_000)
    assert timeline.step == 20
    with qtbot.waitSignal(timeline.step_selected) as told:
        qtbot.mouseClick(button(timeline, "Live"), Qt.MouseButton.LeftButton)
    assert told.args == [None] and timeline.step == 2_000_000


def test_keys_reach_both_ends(timeline: Timeline, qtbot: QtBot) -> None:
    timeline.set_steps(range(0, 1000, 10))
    qtbot.keyClick(slider(timeline), Qt.Key.Key_Home)
    assert timeline.step == 0
    qtbot.keyClick(slider(timeline), Qt.Key.Key_Right)
    assert timeline.step == 10
    qtbot.keyClick(slider(timeline), Qt.Key.Key_End)
    assert timeline.step == 990 and not timeline.is_live


def test_the_step_is_written_with_thousands_separators(timeline: Timeline) -> None:
    timeline.set_steps([5, 1_234_567])
    assert "1,234,567" in [label.text() for label in timeline.findChildren(type(timeline._label))]


def test_new_steps_are_not_told_as_choices(timeline: Timeline, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(timeline.step_selected):
        timeline.set_steps([1, 2, 3])
        timeline.append_step(4)


def test_a_resumed_run_makes_steps_again(timeline: Timeline) -> None:
    timeline.set_steps([10, 20, 30, 40])
    timeline.append_step(30)
    assert list(timeline.steps) == [10, 20, 30]


def test_a_scrubbed_position_survives_new_steps(timeline: Timeline, qtbot: QtBot) -> None:
    timeline.set_steps([10, 20, 30, 40])
    slider(timeline).setValue(1)
    timeline.set_steps([0, 10, 21, 30])
    assert timeline.step == 21
    timeline.set_steps([])
    assert timeline.step is None


def test_space_plays_from_the_start_and_stops_at_the_end(timeline: Timeline, qtbot: QtBot) -> None:
    timeline.set_steps([1, 2, 3])
    timeline._speed.setCurrentIndex(timeline._speed.count() - 1)
    steps: list[int] = []
    timeline.step_selected.connect(steps.append)
    qtbot.keyClick(slider(timeline), Qt.Key.Key_Space)
    assert timeline.is_playing
    qtbot.waitUntil(lambda: not timeline.is_playing)
    assert steps == [1, 2, 3]


def test_a_loop_goes_on_until_paused(timeline: Timeline, qtbot: QtBot) -> None:
    timeline.set_steps([1, 2])
    timeline._speed.setCurrentIndex(timeline._speed.count() - 1)
    qtbot.mouseClick(button(timeline, "Play in a Loop"), Qt.MouseButton.LeftButton)
    steps: list[int] = []
    timeline.step_selected.connect(steps.append)
    qtbot.mouseClick(button(timeline, "Play"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(steps) >= 5)
    assert steps[:5] == [1, 2, 1, 2, 1]
    qtbot.mouseClick(button(timeline, "Pause"), Qt.MouseButton.LeftButton)
    assert not timeline.is_playing


def test_a_saved_run_shows_its_newest_step_first(history: ImageHistory, qtbot: QtBot) -> None:
    history.set_source(Shades([10, 20, 30]))
    qtbot.waitUntil(lambda: len(history.grid.view.images) and shown(history) == 30)
    slider(history.timeline).setValue(0)
    qtbot.waitUntil(lambda: shown(history) == 10)


def test_live_pictures_do_not_disturb_the_person_who_looks_back(history: ImageHistory, qtbot: QtBot) -> None:
    history.set_source(Shades([]))
    history.show_live(shade(10), 10)
    history.show_live(shade(20), 20)
    assert shown(history) == 20
    slider(history.timeline).setValue(0)
    assert shown(history) == 10
    history.show_live(shade(30), 30)
    assert shown(history) == 10
    qtbot.mouseClick(button(history.timeline, "Live"), Qt.MouseButton.LeftButton)
    assert shown(history) == 30


def test_a_fast_scrub_reads_only_what_is_still_wanted(history: ImageHistory, qtbot: QtBot) -> None:
    source = Shades(range(100))
    source.gate.clear()
    history.set_source(source)
    for index in range(50, 90):
        slider(history.timeline).setValue(index)
    source.gate.set()
    qtbot.waitUntil(lambda: len(history.grid.view.images) > 0 and shown(history) == 89)
    assert source.read == [99, 89]


def test_a_missing_step_shows_nothing_and_a_broken_one_is_told(history: ImageHistory, qtbot: QtBot) -> None:
    history.set_source(Shades([12, 13, 14]))
    slider(history.timeline).setValue(0)
    qtbot.waitUntil(lambda: len(history.grid.view.images) > 0 and shown(history) == 12)
    slider(history.timeline).setValue(1)
    qtbot.waitUntil(lambda: len(history.grid.view.images) == 0)

    class Broken(Shades):
        def frame(self, step: int) -> Frame | None:
            raise OSError("the disk is gone")

    with qtbot.waitSignal(history.failed) as told:
        history.set_source(Broken([1]))
    assert "the disk is gone" in told.args[0]


def test_a_gif_has_a_frame_for_every_step(history: ImageHistory, qtbot: QtBot, tmp_path: Path) -> None:
    history.set_source(Shades(range(0, 240, 20)))
    path = tmp_path / "run.gif"
    with qtbot.waitSignal(history.exported) as told:
        history.export_gif(path)
        assert history.is_exporting
    assert told.args == [str(path)] and not history.is_exporting
    with Image.open(path) as file:
        assert file.n_frames == 12
        assert min(file.size) > 300  # small mosaics are enlarged
        file.seek(5)
        assert file.convert("L").getpixel((file.width // 4, file.height // 4)) == 100


def test_an_export_can_be_cancelled_and_leaves_no_file(history: ImageHistory, qtbot: QtBot, tmp_path: Path) -> None:
    source = Shades(range(200))
    history.set_source(source)
    qtbot.waitUntil(lambda: source.read == [199])
    source.gate.clear()
    history.export_gif(tmp_path / "run.gif")
    stop = next(one for one in history.findChildren(QPushButton) if one.text() == "Cancel")
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    source.gate.set()
    qtbot.waitUntil(lambda: not history.is_exporting)
    assert len(source.read) <= 2 and not list(tmp_path.iterdir())


def test_a_failed_export_is_told(history: ImageHistory, qtbot: QtBot, tmp_path: Path) -> None:
    history.set_source(Shades([1, 2]))
    with qtbot.waitSignal(history.failed) as told:
        history.export_gif(tmp_path / "missing" / "run.gif")
    assert "Cannot write" in told.args[0] and not history.is_exporting
    with qtbot.waitSignal(history.failed) as told:
        history.set_source(Shades([]))
        history.export_gif(tmp_path / "run.gif")
    assert "no pictures" in told.args[0] and not list(tmp_path.iterdir())


def test_a_window_that_goes_away_ends_its_threads(qtbot: QtBot, tmp_path: Path) -> None:
    history = ImageHistory()
    history.set_source(Shades(range(5000)))
    history.export_gif(tmp_path / "run.gif")
    gone: list[bool] = []
    history.destroyed.connect(lambda: gone.append(True))
    history.deleteLater()
    qtbot.waitUntil(lambda: bool(gone))
    assert not list(tmp_path.iterdir())
