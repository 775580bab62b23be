"""Screenshots of every page of a comparison of real runs, with their scores, for docs/ and for eyes.

python tests/gallery/comparison.py FOLDER --data-dir HERE RUN RUN ... [--size 1280x800] [--theme light]
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gendesk.engine.threads import tune_allocator


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("runs", nargs="+")
    parser.add_argument("--data-dir", required=True)
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    tune_allocator()
    from PySide6.QtWidgets import QApplication

    from gendesk.app import build_window
    from gendesk.app.runs.compare import CompareWindow
    from tests.support.events import run_for, run_until

    app = QApplication([])
    window = build_window(options.data_dir)
    window.set_theme(options.theme)
    window.show()
    window.leave_first_steps()
    run_until(lambda: window.bridge is not None)
    window.desk.compare(options.runs)
    compare = window.findChild(CompareWindow)
    scores = compare.scores
    compare.resize(*map(int, options.size.split("x")))
    for number in range(compare.tabs.count()):
        compare.tabs.setCurrentIndex(number)
        run_for(1.5)
        if compare.tabs.currentWidget() is scores:
            run_until(lambda: len(scores.samples) == len(options.runs) and scores.bar.score.isEnabled())
            scores.bar.score.click()
            run_until(lambda: all(scores.measured()))
        name = compare.tabs.tabText(number).lower()
        path = options.folder / f"compare-{name}-{options.size}-{options.theme}.png"
        compare.grab().save(str(path))
        print(path, flush=True)
    compare.close()
    window.leave()
    run_until(lambda: not window.isVisible())
    del app


if __name__ == "__main__":
    main()
