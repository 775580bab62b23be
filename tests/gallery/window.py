"""Screenshots of the real window before, during and after a training, for docs/ and for eyes.

    python tests/gallery/window.py FOLDER [--size 1280x800] [--theme light] [--seconds 60]
"""

import argparse
import os
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from gendesk.engine.threads import tune_allocator  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--theme", choices=["light", "dark"], default="light")
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    tune_allocator()
    from PySide6.QtCore import QPoint, Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from gendesk.app import build_window
    from gendesk.widgets.theme import apply_theme

    app = QApplication([])
    apply_theme(app, options.theme)

    def run_until(condition, then_ms=0):
        watch = QTimer()
        watch.timeout.connect(lambda: app.quit() if condition() else None)
        watch.start(50)
        app.exec()
        watch.stop()
        if then_ms:
            QTimer.singleShot(then_ms, app.quit)
            app.exec()

    def picture(name):
        path = options.folder / f"window-{options.size}-{options.theme}-{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        window.grab().save(str(path))
        print(path)

    def drag_to(right, down):
        plane = tab.studio.pad.plane
        middle = plane.plot_rect().center().toPoint()
        QTest.mousePress(plane, Qt.MouseButton.LeftButton, pos=middle)
        QTest.mouseMove(plane, middle + QPoint(right, down))
        QTest.mouseRelease(plane, Qt.MouseButton.LeftButton, pos=middle + QPoint(right, down))

    with tempfile.TemporaryDirectory() as data_dir:
        window = build_window(data_dir)
        window.resize(*map(int, options.size.split("x")))
        window.show()
        run_until(lambda: window.bridge is not None, then_ms=1500)
        picture("before")
        tab = window.current_tab
        tab.bar.start.click()
        run_until(lambda: tab.studio.pad.plane.ready)
        QTimer.singleShot(int(options.seconds * 600), app.quit)
        app.exec()
        drag_to(20, -15)
        run_until(lambda: True, then_ms=700)
        picture("during")
        QTimer.singleShot(int(options.seconds * 400), app.quit)
        app.exec()
        tab.bar.stop.click()
        run_until(lambda: not window.engine.active_jobs, then_ms=1000)
        tab.studio.pad.choose_manifold("quantile")
        drag_to(-30, 20)
        run_until(lambda: True, then_ms=2500)
        picture("after")
        window.close()
        run_until(lambda: not window.isVisible())


if __name__ == "__main__":
    main()
