"""How the window feels while a model trains on all cores: lateness of its event loop, and of decoded pictures.

A precise 5 ms timer in the window's thread measures by how much it is late while plots and grids are painting. Then the
latent plane is asked for a picture thirty times a second, from the request to the picture in the window's thread.

    python tests/benchmarks/latency.py [--quick] [--recipe vae-faces]

The last line is JSON: `event_loop_p99_ms` and `decode_p95_ms`.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gendesk.engine.threads import tune_allocator


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--recipe", default="vae", help="of the autoencoders, e.g. vae-faces, with pictures of 64 px")
    options = parser.parse_args()
    seconds = 10.0 if options.quick else 40.0
    tune_allocator()
    import numpy as np
    from PySide6.QtCore import QPoint, Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

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
        tab = window.current_tab
        tab.choices.use_recipe(options.recipe)
        tab.form.set_values({"epochs": 1000.0, "preview_every": 100})
        tab.bar.start.click()
        run_until(lambda: tab.view.studio.page("map").pad.plane.ready)

        lateness = Lateness()
        lateness.start()
        run_for(seconds)
        lateness.stop()

        asked: dict[int, float] = {}
        delays: list[float] = []
        session = tab.view._session
        send = session._send

        def ask(asker, operation, argument, **options):
            stamp = send(asker, operation, argument, **options)
            if asker.endswith("point"):
                asked[stamp] = time.perf_counter()
            return stamp

        session._send = ask
        window.bridge.replied.connect(
            lambda reply: (
                delays.append((time.perf_counter() - asked[reply.stamp]) * 1000) if reply.stamp in asked else None
            )
        )
        plane = tab.view.studio.page("map").pad.plane
        middle = plane.plot_rect().center().toPoint()
        QTest.mousePress(plane, Qt.MouseButton.LeftButton, pos=middle)
        mover = QTimer(timerType=Qt.TimerType.PreciseTimer)
        angle = iter(np.linspace(0, 60, 10_000))

        def move() -> None:
            turn = next(angle)
            QTest.mouseMove(plane, middle + QPoint(int(60 * np.cos(turn)), int(60 * np.sin(turn))))

        mover.timeout.connect(move)
        mover.start(33)
        run_for(seconds)
        mover.stop()
        QTest.mouseRelease(plane, Qt.MouseButton.LeftButton, pos=middle)
        window.leave()
        run_until(lambda: not window.isVisible())

    result = {
        "event_loop_p50_ms": float(np.percentile(lateness.values, 50)),
        "event_loop_p99_ms": float(np.percentile(lateness.values, 99)),
        "event_loop_max_ms": max(lateness.values),
        "ticks": len(lateness.values),
        "decode_p50_ms": float(np.percentile(delays, 50)),
        "decode_p95_ms": float(np.percentile(delays, 95)),
        "decodes": len(delays),
    }
    print(json.dumps({name: round(value, 2) for name, value in result.items()}))


if __name__ == "__main__":
    main()
