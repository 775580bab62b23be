"""A long evening in a few minutes: training, previews, scrubbing, painting, resizing, dialogs, starts and stops.

The window is driven by synthetic input all the time, on a screen of its own or none. Memory is looked at once a minute,
the event loop all the time; warnings of Qt are counted, because there must be none.

    python tests/benchmarks/soak.py [--minutes 30] [--quick]

The last line is JSON: `growth_mb` from the second tenth of the time to its end (of which `plots_mb` is the history of
the curves, which is kept on purpose), `event_loop_p99_ms`, `qt_warnings`.
"""

import argparse
import gc
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gendesk.engine.threads import tune_allocator

RESTART_SECONDS = 120.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    seconds = 20.0 if arguments.quick else arguments.minutes * 60
    tune_allocator()
    import numpy as np
    import psutil
    from PySide6.QtCore import qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    from gendesk.app import build_window
    from gendesk.widgets.theme import apply_theme
    from tests.support.events import run_for, run_until
    from tests.support.lateness import Lateness

    warnings: list[str] = []

    def note(_kind, _context, text):
        if "propagateSizeHints" not in text:
            warnings.append(text)
            print(f"Qt: {text}", flush=True)

    qInstallMessageHandler(note)
    app = QApplication([])
    apply_theme(app)
    process = psutil.Process()
    marks: list[tuple[float, float]] = []

    with tempfile.TemporaryDirectory() as data_dir:
        window = build_window(data_dir)
        window.open_tab("autoencoder")
        window.resize(1280, 800)
        window.show()
        run_until(lambda: window.bridge is not None)
        window.leave_first_steps()
        person = Person(window)
        person.start()
        lateness = Lateness()
        lateness.start()
        began = restarted = time.monotonic()
        next_mark = began
        while time.monotonic() - began < seconds:
            person.act()
            run_for(0.05)
            now = time.monotonic()
            if now - restarted > RESTART_SECONDS:
                restarted = now
                person.restart()
            if now >= next_mark:
                next_mark = now + max(2.0, seconds / 30)
                gc.collect()
                plots = sum(plot.nbytes for plot in window.current_tab.view.charts.plots)
                marks.append((process.memory_info().rss / 2**20, plots / 2**20))
                p99 = np.percentile(lateness.values[-10_000:], 99)
                print(f"{now - began:5.0f} s: {marks[-1][0]:.1f} MB, loop p99 {p99:.1f} ms", flush=True)
        lateness.stop()
        window.leave()
        run_until(lambda: not window.isVisible())
    first = marks[len(marks) // 5]
    result = {
        "minutes": seconds / 60,
        "growth_mb": marks[-1][0] - first[0],
        "plots_mb": marks[-1][1] - first[1],
        "event_loop_p50_ms": float(np.percentile(lateness.values, 50)),
        "event_loop_p99_ms": float(np.percentile(lateness.values, 99)),
        "event_loop_max_ms": max(lateness.values),
        "qt_warnings": len(warnings),
        "actions": person.actions,
    }
    print(json.dumps({name: round(value, 2) for name, value in result.items()}))


class Person:
    """Does something every moment, in an order that a seed fixes."""

    def __init__(self, window) -> None:
        self.window = window
        self.actions = 0
        self._dice = random.Random(1)

    def start(self) -> None:
        from tests.support.events import run_until

        tab = self.window.current_tab
        tab.form.set_values({"epochs": 10_000.0, "preview_every": 50, "checkpoint_seconds": 20.0})
        tab.bar.start.click()
        run_until(lambda: tab.view.studio.page("map").pad.plane.ready)

    def restart(self) -> None:
        """Stop, and go on with the same settings in a new run."""
        from tests.support.events import run_until

        self.window.current_tab.bar.stop.click()
        run_until(lambda: not self.window.engine.training_jobs)
        self.start()

    def act(self) -> None:
        """Mostly drag and scrub, sometimes resize, now and then something larger."""
        self.actions += 1
        chance = self._dice.random()
        if chance < 0.6:
            self._drag()
        elif chance < 0.9:
            self._scrub()
        elif chance < 0.905:
            self._resize()
        else:
            self._switch_preview()

    def _drag(self) -> None:
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        plane = self.window.current_tab.view.studio.page("map").pad.plane
        middle = plane.plot_rect().center().toPoint()
        QTest.mousePress(plane, Qt.MouseButton.LeftButton, pos=middle)
        QTest.mouseMove(plane, middle + QPoint(self._dice.randint(-40, 40), self._dice.randint(-40, 40)))
        QTest.mouseRelease(plane, Qt.MouseButton.LeftButton, pos=middle)

    def _scrub(self) -> None:
        from PySide6.QtWidgets import QSlider

        sliders = [one for one in self.window.findChildren(QSlider) if one.isVisible() and one.isEnabled()]
        if sliders:
            slider = self._dice.choice(sliders)
            slider.setValue(self._dice.randint(slider.minimum(), slider.maximum()))

    def _resize(self) -> None:
        self.window.resize(self._dice.randint(1000, 1920), self._dice.randint(700, 1080))

    def _switch_preview(self) -> None:
        from PySide6.QtWidgets import QTabWidget

        tabs = self._dice.choice([one for one in self.window.findChildren(QTabWidget) if one.count()])
        tabs.setCurrentIndex(self._dice.randrange(tabs.count()))


if __name__ == "__main__":
    main()
