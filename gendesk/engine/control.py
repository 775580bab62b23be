"""What other threads ask of a trainer; it looks here once between two steps, so a step is never torn."""

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

_LOOK_SECONDS = 0.5


class Control:
    """Pause, go on, stop, and things to do at the next step boundary. Every method may be called from any thread.

    Other processes ask for a stop by making `stop_file`.
    """

    def __init__(self, stop_file: Path) -> None:
        self._stop_file = stop_file
        self._looked = time.monotonic()
        self._changed = threading.Condition()
        self._paused = False
        self._stopping = False
        self._save_on_stop = True
        self._requests: deque[Callable[[], None]] = deque()

    def pause(self) -> None:
        with self._changed:
            self._paused = True

    def go_on(self) -> None:
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    def stop(self, *, save: bool) -> None:
        with self._changed:
            self._stopping = True
            self._save_on_stop = save
            self._changed.notify_all()

    def request(self, action: Callable[[], None]) -> None:
        """Run `action` on the training thread at the next step boundary, also while paused."""
        with self._changed:
            self._requests.append(action)
            self._changed.notify_all()

    @property
    def stopping(self) -> bool:
        if not self._stopping and time.monotonic() - self._looked >= _LOOK_SECONDS:
            self._looked = time.monotonic()
            self._stopping = self._stop_file.exists()
        return self._stopping

    @property
    def save_on_stop(self) -> bool:
        return self._save_on_stop

    @property
    def paused(self) -> bool:
        return self._paused and not self.stopping

    def run_requests(self) -> None:
        """Do what was asked for since the last boundary; one that asks for itself again waits for the next."""
        if not self._requests:
            return
        with self._changed:
            actions = list(self._requests)
            self._requests.clear()
        for action in actions:
            action()

    def forget_requests(self) -> None:
        """Drop what was asked for and cannot be done any more."""
        with self._changed:
            self._requests.clear()

    def wait_while_paused(self) -> None:
        """Return when there is something to do: a request, the end of the pause, or a stop."""
        with self._changed:
            self._changed.wait_for(lambda: self._requests or not self._paused or self._stopping, _LOOK_SECONDS)
