"""What other threads ask of a trainer; it looks here once between two steps, so a step is never torn."""

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

_LOOK_SECONDS = 0.5
_GLANCE_SECONDS = 0.1  # between looks at the pace while a step is held back


class StepInterrupted(Exception):  # noqa: N818 (no error: somebody wants the run to stop)
    """A long step was left because the run is to stop; it counts as never begun and is done anew when it goes on."""


class Pace:
    """How fast trainings may go, so that a person can watch them: `limit` in steps per second, None for no limit.

    It may be changed from any thread, and holds from the next step on.
    """

    def __init__(self) -> None:
        self.limit: float | None = None

    @property
    def step_seconds(self) -> float:
        """How long a step lasts at least."""
        limit = self.limit
        return 1 / limit if limit else 0.0


PACE = Pace()
"""The pace of all trainings in this process: slow motion belongs to whoever watches, and not to a run."""


class Control:
    """Pause, go on, stop, and things to do at the next step boundary. Every method may be called from any thread.

    Other processes ask for a stop by making `stop_file`.
    """

    def __init__(self, stop_file: Path, pace: Pace = PACE) -> None:
        self._stop_file = stop_file
        self._pace = pace
        self._began = time.monotonic()
        self._looked = time.monotonic()
        self._changed = threading.Condition()
        self._paused = False
        self._stopping = False
        self._save_on_stop = True
        self._requests: deque[Callable[[], None]] = deque()

    def pause(self) -> None:
        with self._changed:
            self._paused = True
            self._changed.notify_all()

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
        """Do what was asked for since the last boundary; one that asks for itself again waits for the next.

        In slow motion this takes until the next step may be done, unless a pause or a stop is wanted.
        """
        if self._requests:
            self._do_requests()
        if self._pace.limit is None:
            return
        while not (self._paused or self.stopping) and (held_back := self._held_back) > 0:
            with self._changed:
                self._changed.wait(min(held_back, _GLANCE_SECONDS))
            self._do_requests()
        self._began = time.monotonic()

    def _do_requests(self) -> None:
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

    @property
    def _held_back(self) -> float:
        """How many seconds the next step has to wait for its turn."""
        return max(0.0, self._began + self._pace.step_seconds - time.monotonic())
