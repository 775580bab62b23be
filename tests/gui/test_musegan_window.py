"""The orchestra in the window: a run is trained for a moment, a melody is rolled anew, and taken back."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gendesk.app import build_window
from gendesk.data.scores.chorales import compose
from gendesk.music.midi_writing import write_midi
from gendesk.studios.music.transport import Transport
from tests.support.outputs import RecordingOutput

WAIT = 60_000
LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
SMALL = {
    "temporal_filters": 16,
    "generator_filters": 16,
    "critic_filters": 4,
    "batch_size": 4,
    "weights": "glorot",
    "steps": 12,  # until the running variances let the vectors be heard at all
    "preview_every": 6,
}

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def four_voices(folder: Path) -> str:
    folder.mkdir()
    for number in range(6):
        write_midi(compose(number).score, folder / f"{number}.mid")
    return str(folder)


def test_a_melody_is_rolled_anew_heard_and_taken_back(qtbot: QtBot, data_dir: Path, tmp_path: Path) -> None:
    window = build_window(data_dir)
    window.show()
    window.leave_first_steps()
    output = RecordingOutput()
    Transport(window, lambda _choice: output)
    window.open_tab("music")
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    tab = window.current_tab
    tab.choices.use_recipe("musegan")
    tab.choices.use_data(four_voices(tmp_path / "pieces"))
    tab.form.set_values(SMALL)
    qtbot.waitUntil(tab.bar.start.isEnabled, timeout=WAIT)
    qtbot.mouseClick(tab.bar.start, LEFT)
    tab.view.studios.choose("orchestra")
    studio = tab.view.studios.current
    qtbot.waitUntil(lambda: studio.pieces.performance is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: not window.engine.active_jobs, timeout=WAIT)
    drawn = studio.console
    qtbot.mouseClick(studio.player.play, LEFT)
    qtbot.waitUntil(lambda: len(output.named("on")) >= 4, timeout=WAIT)
    qtbot.mouseClick(studio.channels.channels[2].five, LEFT)
    qtbot.waitUntil(lambda: studio.pieces.performance.equal == (False, True, True, True), timeout=WAIT)
    made = studio.pieces.performance
    np.testing.assert_array_equal(made.mix[..., 1:], made.a[..., 1:])
    assert studio.player.is_playing
    qtbot.keyClick(studio.channels.channels[2].five, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: studio.pieces.performance.equal == (True,) * 4, timeout=WAIT)
    assert studio.console is drawn
    np.testing.assert_array_equal(studio.pieces.performance.mix, made.a)
    window.leave()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    qtbot.waitUntil(lambda: not output.sounding, timeout=WAIT)
    window.deleteLater()
