"""Measure a loss plot with 2 curves and their validation: appending, repainting, a new average, memory. Prints JSON.

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


def filled(points: int, size: tuple[int, int]) -> LossPlot:
    """Return a shown plot of `size` logical pixels with `points` values per curve, and a thousandth of it validated."""
    plot = LossPlot("Loss")
    plot.resize(*size)
    steps = np.arange(points, dtype=np.float64)
    random = np.random.default_rng(0)
    for name, level in (("total", 1.0), ("reconstruction", 0.8)):
        values = level + 4 * np.exp(-steps / points * 8) + random.normal(0, 0.1, points)
        plot.add_curve(name, name.capitalize())
        plot.add_curve(f"validation/{name}", f"{name.capitalize()} (held-out)", "validation")
        plot.set_history(name, steps, values)
        plot.set_history(f"validation/{name}", steps[::1000], values[::1000])
    plot.show()
    return plot


def caught_up(plot: LossPlot) -> bool:
    """Repaint once; tell whether all values are worked through."""
    plot._refresh()
    return all(curve.buffer.catch_up(0) for curve in plot._curves.values())


def measured(points: int, size: tuple[int, int], repeats: int) -> dict[str, object]:
    plot = filled(points, size)
    rounds = 1
    while not caught_up(plot):
        rounds += 1
    app = QApplication.instance()
    assert app is not None
    app.processEvents()
    last = float(points)

    def append() -> None:
        nonlocal last
        for name in ("total", "reconstruction"):
            plot.append(name, np.arange(last, last + 50), np.full(50, 1.0))
        last += 50

    def repaint() -> None:
        plot._refresh()
        app.processEvents()

    def append_and_repaint() -> None:
        append()
        repaint()

    def hover() -> None:
        plot._hover(QPointF(100 + last % 100, 80))
        app.processEvents()

    values = sum(len(curve.buffer) for curve in plot._curves.values())
    result: dict[str, object] = {
        "points": points,
        "size": size,
        "catch_up_repaints": rounds,
        "append_ms": milliseconds(append, repeats),
        "append_and_repaint_ms": milliseconds(append_and_repaint, repeats),
        "hover_ms": milliseconds(hover, repeats),
        "bytes_per_point": round(plot.nbytes / values, 1),
    }
    plot.controls.options._log_x.setChecked(True)
    result["append_and_repaint_log_x_ms"] = milliseconds(append_and_repaint, repeats)
    plot._smooth(0.99)
    result["slice_of_new_average_ms"] = milliseconds(repaint, min(repeats, max(rounds - 2, 1)))
    plot._hover(None)
    plot.hide()
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    quick = parser.parse_args().quick
    app = QApplication(sys.argv[:1])
    apply_theme(app, "light")
    cases = [(points, size) for size in ((300, 230), (700, 300)) for points in (1_000, 1_000_000)]
    print(json.dumps({"plot": [measured(*case, 10 if quick else 60) for case in cases]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
