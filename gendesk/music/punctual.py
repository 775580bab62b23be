"""What a thread needs that must be on time while others compute."""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator

SWITCH = 0.0005
"""Seconds after which a Python thread that computes lets a waiting one go on; Python's own 5 ms would be heard."""

_PRIORITY = 5


@contextlib.contextmanager
def punctual() -> Iterator[None]:
    """Let the calling thread wake up on time, as far as this computer allows it, until the block ends.

    Real-time scheduling, where the system grants it, as Linux does to groups that make music: such a thread goes before
    all that compute, so it must only do a little at a time. And a shorter switch interval for all threads of Python.
    """
    with _switches, _real_time():
        yield


class _Switches:
    """Shorter switches while anybody is inside; the interval belongs to the whole process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._before = 0.0

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._before = sys.getswitchinterval()
                sys.setswitchinterval(min(SWITCH, self._before))
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                sys.setswitchinterval(self._before)


_switches = _Switches()


@contextlib.contextmanager
def _real_time() -> Iterator[None]:
    """Only Linux has it for single threads; 0 means the calling one."""
    if sys.platform != "linux":
        yield
        return
    before, parameter = os.sched_getscheduler(0), os.sched_getparam(0)
    granted = False
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(_PRIORITY))
        granted = True
    try:
        yield
    finally:
        if granted:
            with contextlib.suppress(OSError):
                os.sched_setscheduler(0, before, parameter)
