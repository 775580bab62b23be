"""Rates and the time that is left, over a moving window that knows nothing of pauses."""

import time
from collections import deque

_WINDOW_SECONDS = 10.0


def clock(seconds: float) -> str:
    """Write seconds as people read them: 92 as 1:32, 3700 as 1:01:40."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class Throughput:
    """Counts steps while the clock runs; `elapsed` goes on from an earlier process."""

    def __init__(self, elapsed: float = 0.0) -> None:
        self._before = elapsed
        self._running = 0.0
        self._started = time.perf_counter()
        self._window: deque[tuple[float, int]] = deque()
        self._latest = (0.0, 0)
        self._paused = False

    @property
    def elapsed(self) -> float:
        """Seconds of training without pauses, all processes together."""
        return self._before + self._running_now()

    def pause(self) -> None:
        self._running = self._running_now()
        self._paused = True

    def resume(self) -> None:
        self._started = time.perf_counter()
        self._paused = False

    def count(self, step: int) -> None:
        """Note that `step` is done. Called at every step, so it keeps the window short and does nothing else."""
        now = self._running_now()
        self._latest = (now, step)
        if self._window and now - self._window[-1][0] < 0.05:
            return
        self._window.append((now, step))
        # Two are kept however old they are, so that steps longer than the window have a rate, too.
        while len(self._window) > 2 and now - self._window[0][0] > _WINDOW_SECONDS:
            self._window.popleft()

    def steps_per_second(self) -> float:
        """Return the rate over the window, 0 before two steps."""
        if not self._window:
            return 0.0
        (first, first_step), (last, last_step) = self._window[0], self._latest
        return (last_step - first_step) / (last - first) if last > first else 0.0

    def _running_now(self) -> float:
        if self._paused:
            return self._running
        return self._running + time.perf_counter() - self._started
