"""Screenshots of the real window before, during and after a training, for docs/ and for eyes.

python tests/gallery/window.py FOLDER [--size 1280x800] [--theme light] [--seconds 60]
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gendesk.engine.threads import tune_allocator


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    tune_allocator()
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from gendesk.app import build_window
    from gendesk.widgets.theme import apply_theme
    from tests.support.events import run_for, run_until

    app = QApplication([])
    apply_theme(app, options.theme)

    def picture(name):
        path = options.folder / f"window-{options.size}-{options.theme}-{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        window.grab().save(str(path))
        print(path)

    def drag_to(right, down):
        plane = tab.view.studio.page("map").pad.plane
        middle = plane.plot_rect().center().toPoint()
        QTest.mousePress(plane, Qt.MouseButton.LeftButton, pos=middle)
        QTest.mouseMove(plane, middle + QPoint(right, down))
        QTest.mouseRelease(plane, Qt.MouseButton.LeftButton, pos=middle + QPoint(right, down))

    with tempfile.TemporaryDirectory() as data_dir:
        window = build_window(data_dir)
        window.open_tab("autoencoder")
        window.resize(*map(int, options.size.split("x")))
        window.show()
        run_until(lambda: window.bridge is not None)
        window.leave_first_steps()
        run_for(1.5)
        picture("before")
        tab = window.current_tab
        tab.bar.start.click()
        run_until(lambda: tab.view.studio.page("map").pad.plane.ready)
        run_for(options.seconds * 0.6)
        drag_to(20, -15)
        run_for(0.7)
        picture("during")
        run_for(options.seconds * 0.4)
        tab.bar.stop.click()
        run_until(lambda: not window.engine.active_jobs)
        tab.view.studio.page("map").pad.choose_manifold("quantile")
        drag_to(-30, 20)
        run_for(2.5)
        picture("after")
        window.leave()
        run_until(lambda: not window.isVisible())


if __name__ == "__main__":
    main()
