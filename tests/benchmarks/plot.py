"""Measure a loss plot of 700x300 pixels: appending, repainting, changing the average, memory. Prints JSON last.

python tests/benchmarks/plot.py [--quick]
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from gendesk.widgets.plot.loss_plot import LossPlot
from gendesk.widgets.theme import apply_theme


def milliseconds(action: Callable[[], None], repeats: int) -> dict[str, float]:
    """Return median and worst processor time of some repetitions, after one that does not count."""
    action()
    times = []
    for _ in range(repeats):
        start = time.thread_time()
        action()
        times.append(1000 * (time.thread_time() - start))
    return {"median": round(statistics.median(times), 2), "worst": round(max(times), 2)}


def filled(points: int) -> LossPlot:
    plot = LossPlot("Loss")
    plot.resize(700, 300)
    plot.add_curve("total", "Total")
    steps = np.arange(points, dtype=np.float64)
    noise = np.random.default_rng(0).normal(0, 0.1, points)
    plot.set_history("total", steps, 1 + 4 * np.exp(-steps / points * 8) + noise)
    plot.show()
    return plot


def until_caught_up(plot: LossPlot) -> int:
    """Repaint until all values are worked through; return how often."""
    buffer = plot._curves["total"].buffer
    rounds = 0
    while True:
        plot._refresh()
        rounds += 1
        if len(buffer.averages) == len(buffer) and buffer.catch_up(0):
            return rounds


def measured(points: int, repeats: int) -> dict[str, object]:
    plot = filled(points)
    rounds = until_caught_up(plot)
    app = QApplication.instance()
    assert app is not None
    app.processEvents()
    last = [float(points)]

    def append() -> None:
        plot.append("total", np.arange(last[0], last[0] + 50), np.full(50, 1.0))
        last[0] += 50

    def repaint() -> None:
        plot._refresh()
        plot.canvas.mouse.area.repaint()

    def append_and_repaint() -> None:
        append()
        repaint()

    def hover() -> None:
        plot._hover(QPointF(200 + last[0] % 300, 80))
        plot.canvas.mouse.area.repaint()

    result: dict[str, object] = {
        "points": points,
        "catch_up_repaints": rounds,
        "append_ms": milliseconds(append, repeats),
        "append_and_repaint_ms": milliseconds(append_and_repaint, repeats),
        "hover_ms": milliseconds(hover, repeats),
        "bytes_per_point": round(plot.nbytes / len(plot._curves["total"].buffer), 1),
    }
    plot.controls._log_x.setChecked(True)
    result["append_and_repaint_log_x_ms"] = milliseconds(append_and_repaint, repeats)
    plot._smooth(0.99)
    result["slice_of_new_average_ms"] = milliseconds(repaint, min(repeats, max(points // 60_000 - 2, 1)))
    plot._hover(None)
    plot.hide()
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer points and repetitions")
    quick = parser.parse_args().quick
    app = QApplication(sys.argv[:1])
    apply_theme(app, "light")
    sizes = (1_000, 100_000) if quick else (1_000, 100_000, 1_000_000)
    print(json.dumps({"plot": [measured(points, 10 if quick else 60) for points in sizes]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
