"""Time until the run browser lists all runs, and how long a frame takes while it scrolls.

    python tests/benchmarks/browser.py [--quick]

100 runs with 10,000 sample sheets (`--quick`: 20 with 200). The last line is JSON: `open_s` is from the constructor to
the first painted list, `frame_p95_ms` the processor time of a frame in which the list is scrolled, while pictures come.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from gendesk.app.runs.browser import RunBrowser
from gendesk.engine.run_store import RunStore
from gendesk.widgets.theme import apply_theme
from tests.gallery.run_browser import FAMILIES, add_run

RECIPES = {"vae", "ae", "wgan-gp"}


def make_store(folder: Path, runs: int, sheets: int) -> RunStore:
    """Make runs with `sheets` sample sheets each: one that is written, and links to it."""
    store = RunStore(folder)
    for number in range(runs):
        run = add_run(store, number)
        first = run.samples / "00000100" / "samples.png"
        for step in range(200, 100 * sheets + 1, 100):
            target = run.samples / f"{step:08d}"
            target.mkdir()
            try:
                (target / first.name).hardlink_to(first)
            except OSError:  # a file system without links
                shutil.copy(first, target / first.name)
    return store


def opened(store: RunStore, size: tuple[int, int]) -> tuple[RunBrowser, float]:
    """Return a browser whose list has been painted, and how long that took."""
    loop = QEventLoop()
    start = time.perf_counter()
    browser = RunBrowser(store, FAMILIES, RECIPES)
    browser.resize(*size)
    browser.refreshed.connect(loop.quit)
    browser.show()
    loop.exec()
    browser.view.viewport().repaint()
    return browser, time.perf_counter() - start


def frames(browser: RunBrowser, app: QApplication, count: int) -> list[float]:
    """Scroll to and fro, and return the processor time of each frame in ms, all events that were due included."""
    bar = browser.view.verticalScrollBar()
    times = []
    for number in range(count):
        place = (number * 23) % (2 * max(1, bar.maximum()))
        start = time.thread_time()
        bar.setValue(min(place, 2 * bar.maximum() - place))
        app.processEvents()
        times.append(1000 * (time.thread_time() - start))
        time.sleep(0.004)
    return sorted(times)


def measured(store: RunStore, size: tuple[int, int], count: int) -> dict[str, object]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    browser, seconds = opened(store, size)
    times = frames(browser, app, count)
    result = {
        "size": size,
        "runs": browser.table.rowCount(),
        "open_s": round(seconds, 3),
        "frame_median_ms": round(times[len(times) // 2], 2),
        "frame_p95_ms": round(times[int(len(times) * 0.95)], 2),
        "frame_worst_ms": round(times[-1], 2),
    }
    browser.close()
    browser.deleteLater()
    app.processEvents()
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer runs and frames")
    quick = parser.parse_args().quick
    app = QApplication(sys.argv[:1])
    apply_theme(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder), *((20, 10) if quick else (100, 100)))
        results = [measured(store, size, 60 if quick else 400) for size in ((1280, 180), (1920, 1000))]
    print(json.dumps({"browser": results}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
