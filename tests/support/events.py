"""Waiting in Qt's event loop, for scripts that drive the real window; tests use pytest-qt's `qtbot`."""

from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer


def run_until(condition: Callable[[], bool], poll_ms: int = 20) -> None:
    """Run the event loop until the condition holds. The thread sleeps between events, as in the real program."""
    loop = QEventLoop()
    watch = QTimer()
    watch.timeout.connect(lambda: loop.quit() if condition() else None)
    watch.start(poll_ms)
    loop.exec()
    watch.stop()


def run_for(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()
