"""How the window feels: lateness of its event loop in training, and of pictures when the latent map is dragged.

A precise 5 ms timer in the window's thread measures by how much it is late while plots and grids are painting. Then the
map is dragged thirty times a second, and the time taken from each mouse event until the picture of its point has been
painted: on a finished model with nothing else to do, and beside the training of another one. Each time is also told in
its parts: until the worker has decoded, until the window's thread has heard of it, until it is painted.

    python tests/benchmarks/latency.py [--quick] [--recipe vae-faces]

The last line is JSON: `event_loop_p99_ms`, `idle_p95_ms`, `training_p95_ms` and their parts, `decode`, `hand_over` and
`paint`, as medians.
"""

import argparse
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gendesk.engine.threads import tune_allocator

_MOVE_MS = 33
_RADIUS = 60


class Drag(QObject):
    """Drags in a circle on the map; `moments` has seconds for each point: mouse event, decoded, heard of, painted."""

    def __init__(self, window: Any, plane: QWidget, live: Any) -> None:
        super().__init__()
        self._window, self._plane = window, plane
        self._mouse = 0.0
        self._asked: dict[int, tuple[float, float]] = {}
        self._decoded: dict[int, float] = {}
        self._heard: list[tuple[float, float, float]] = []
        self.moments: list[tuple[float, float, float, float]] = []
        self._angles = itertools.count()
        self._mover = QTimer(self, interval=_MOVE_MS, timerType=Qt.TimerType.PreciseTimer)
        self._mover.timeout.connect(self._move)
        self._ask, self._post = live.ask, live._post
        live.ask, live._post = self._note_question, self._note_answer
        window.bridge.replied.connect(self._hear)
        window.installEventFilter(self)

    def run(self, seconds: float, run_for: Callable[[float], None]) -> dict[str, float]:
        """Drag for a while and return what it took, in milliseconds."""
        self.moments.clear()
        middle = self._plane.plot_rect().center().toPoint()
        QTest.mousePress(self._plane, Qt.MouseButton.LeftButton, pos=middle)
        self._mover.start()
        run_for(seconds)
        self._mover.stop()
        QTest.mouseRelease(self._plane, Qt.MouseButton.LeftButton, pos=middle)
        run_for(0.5)
        times = np.array(self.moments) * 1000
        parts = dict(zip(("decode", "hand_over", "paint"), np.median(np.diff(times, axis=1), axis=0), strict=True))
        whole = times[:, -1] - times[:, 0]
        p50, p95 = np.percentile(whole, (50, 95))
        milliseconds = {"p50": p50, "p95": p95, **parts}
        return {**{f"{name}_ms": value for name, value in milliseconds.items()}, "painted": len(whole)}

    def _move(self) -> None:
        turn = next(self._angles) * 0.2
        middle = self._plane.plot_rect().center().toPoint()
        self._mouse = time.perf_counter()
        QTest.mouseMove(self._plane, middle + QPoint(int(_RADIUS * np.cos(turn)), int(_RADIUS * np.sin(turn))))

    def _note_question(self, request: Any) -> None:
        if request.asker.endswith("point"):
            self._asked[request.stamp] = self._mouse
        self._ask(request)

    def _note_answer(self, event: Any) -> None:
        if getattr(event, "stamp", None) in self._asked:
            self._decoded[event.stamp] = time.perf_counter()
        self._post(event)

    def _hear(self, reply: Any) -> None:
        if reply.stamp in self._decoded:
            self._heard.append((self._asked[reply.stamp], self._decoded[reply.stamp], time.perf_counter()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.UpdateRequest or not self._heard:
            return False
        watched.event(event)  # paints all that has changed and brings it to the screen
        painted = time.perf_counter()
        self.moments += [(*moments, painted) for moments in self._heard]
        self._heard.clear()
        return True


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--recipe", default="vae", help="of the autoencoders, e.g. vae-faces, with pictures of 64 px")
    options = parser.parse_args()
    seconds = 8.0 if options.quick else 30.0
    tune_allocator()

    from gendesk.app import build_window
    from gendesk.widgets.theme import apply_theme
    from tests.support.events import run_for, run_until
    from tests.support.lateness import Lateness

    app = QApplication([])
    apply_theme(app)

    with tempfile.TemporaryDirectory() as data_dir:
        window = build_window(data_dir)
        window.open_tab("autoencoder")
        window.resize(1280, 800)
        window.show()
        run_until(lambda: window.bridge is not None)
        window.leave_first_steps()
        tab, engine = window.current_tab, window.engine
        tab.choices.use_recipe(options.recipe)
        tab.form.set_values({"epochs": 1000.0, "preview_every": 20})
        config = tab.choices.config()
        tab.bar.start.click()
        job = engine.job(tab.run_id)
        run_until(lambda: tab.view.studio.page("map").pad.plane.ready)
        lateness = Lateness()
        lateness.start()
        run_for(seconds)
        lateness.stop()
        job.stop()
        run_until(lambda: job.state.over)
        run_for(3.0)  # the map and its manifold are drawn anew
        drag = Drag(window, tab.view.studio.page("map").pad.plane, engine.live)
        idle = drag.run(seconds, run_for)
        other = engine.start(config, at_once=True)
        run_until((other.run.folder / "samples").exists)  # its first previews, which come after the first step
        tab.show_run(job.run.id)  # the tab has gone over to what trains
        run_for(3.0)
        training = drag.run(seconds, run_for)
        other.stop()
        window.leave()
        run_until(lambda: not window.isVisible())

    result = {f"event_loop_p{share}_ms": float(np.percentile(lateness.values, share)) for share in (50, 99)}
    for name, values in (("idle", idle), ("training", training)):
        result |= {f"{name}_{part}": float(value) for part, value in values.items()}
    print(json.dumps({name: round(value, 2) for name, value in result.items()}))


if __name__ == "__main__":
    main()
