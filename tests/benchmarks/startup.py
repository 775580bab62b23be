"""Time from the start of the process to a painted window, over several starts.

The child process is the real one; it tells the moment when the window's first paint has reached the screen.

    python tests/benchmarks/startup.py [--quick]

The last line is JSON: `window_s` is the median, `engine_s` the time until Start can be clicked.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import sys, time
from PySide6.QtCore import QObject, QEvent, QTimer
from PySide6.QtWidgets import QApplication
import gendesk.app as shell

class Painted(QObject):
    seen = False
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not Painted.seen:
            Painted.seen = True
            QTimer.singleShot(0, lambda: print("painted", time.time(), flush=True))
        return False

made = shell.build_window
def build(data_dir=None):
    window = made(data_dir)
    window._painted = Painted()
    QApplication.instance().installEventFilter(window._painted)
    watch = QTimer(window, interval=5)
    def ready():
        if window.bridge is not None:
            watch.stop()
            print("ready", time.time(), flush=True)
            QTimer.singleShot(50, window.close)
    watch.timeout.connect(ready)
    watch.start()
    return window
shell.build_window = build
sys.argv = ["gendesk", "--data-dir", sys.argv[1]]
from gendesk.__main__ import main
main()
"""


def once(data_dir: str) -> tuple[float, float]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    started = time.time()
    command = [sys.executable, "-c", CHILD, data_dir]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=True, timeout=60)
    moments = dict(line.split() for line in done.stdout.splitlines() if line.startswith(("painted", "ready")))
    return float(moments["painted"]) - started, float(moments["ready"]) - started


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    count = 4 if parser.parse_args().quick else 11
    with tempfile.TemporaryDirectory() as data_dir:
        once(data_dir)  # compiles the byte code, fills the disk cache
        runs = [once(data_dir) for _ in range(count)]
    painted, ready = zip(*runs, strict=True)
    result = {
        "window_s": statistics.median(painted),
        "window_max_s": max(painted),
        "engine_s": statistics.median(ready),
    }
    print(json.dumps({name: round(value, 3) for name, value in result.items()}))


if __name__ == "__main__":
    main()
