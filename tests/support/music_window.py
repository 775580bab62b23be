"""A real window in which a composing network trains on small pieces, without an end."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from gendesk.app import build_window
from gendesk.music.midi_writing import write_midi
from tests.support.composers import scores

WAIT = 30_000


@contextlib.contextmanager
def training_window(qtbot: QtBot, folder: Path, **settings: Any) -> Iterator[Any]:
    """Yield the window once a small attention-lstm has done some steps; it is closed in the middle of its training."""
    pieces = folder / "tunes"
    pieces.mkdir()
    for number, score in enumerate(scores("line", 12)):
        write_midi(score, pieces / f"{number}.mid")
    window = build_window(folder / "data")
    window.resize(1500, 900)
    window.show()
    window.leave_first_steps()
    window.open_tab("music")
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    tab = window.current_tab
    tab.choices.use_recipe("attention-lstm")
    tab.choices.use_data(pieces)
    tab.form.set_values({"steps": 1_000_000, "units": 16, "embedding": 8, "batch_size": 4, **settings})
    tab.bar.start.click()
    qtbot.waitUntil(lambda: bool(tab.run_id) and window.engine.job(tab.run_id).steps_done > 2, timeout=WAIT)
    yield window
    window.leave()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    window.deleteLater()
