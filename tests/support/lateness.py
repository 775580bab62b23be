"""How late the event loop of a window is: a precise timer that notes by how much each of its ticks comes too late."""

import time

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 5.0


class Lateness(QObject):
    """Measures from `start` to `stop`; `values` are milliseconds, one for each tick."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._last = time.perf_counter()
        self._timer.start(int(TICK_MS))

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.values.append(max(0.0, (now - self._last) * 1000 - TICK_MS))
        self._last = now
