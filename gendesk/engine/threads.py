"""Who owns the processor: set once per process and per thread, before the work begins.

Measured on two cores: a second OpenMP pool makes every step 1.6 times slower for as long as it lives, returning memory
to the system after each step 1.4 times; a training thread of lower priority keeps the event loop's lateness below 1 ms.
"""

import ctypes
import os
import sys
import threading

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -2, -3, -8
_TRAINING_NICENESS, _BACKGROUND_NICENESS = 10, 19
_setting = threading.Lock()


def tune_allocator() -> None:
    """Let glibc keep freed memory instead of returning it every step; call before torch is imported."""
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):  # musl has no mallopt
        return
    mallopt(_M_MMAP_THRESHOLD, 32 << 20)
    mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)
    mallopt(_M_TOP_PAD, 64 << 20)
    # What is kept is kept for each arena, and glibc makes up to eight per core: with threads coming and going they fill
    # up one after the other, to twice the memory after ten minutes in the window. One is enough for all threads, which
    # have small blocks in caches of their own.
    mallopt(_M_ARENA_MAX, 1)


def available_cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def become_training_thread(count: int = 0) -> int:
    """Give the calling thread `count` intra-op threads (0: all cores) and a lower priority; return the count."""
    _lower_priority(_TRAINING_NICENESS)
    threads = count or available_cores()
    _set_threads(threads)
    return threads


def become_helper_thread() -> None:
    """Keep the calling thread's torch work on one core, so that it never starts a second pool."""
    _set_threads(1)


def become_background_thread() -> None:
    """Keep the calling thread's torch work on one core, behind all trainings."""
    _lower_priority(_BACKGROUND_NICENESS)
    _set_threads(1)


def _set_threads(count: int) -> None:
    """Set the calling thread's number for good.

    PyTorch keeps it per thread, but a thread's first parallel operation takes over the number that was set last
    anywhere in the process. Asking for it counts as such an operation, so it is done at once, while nobody else can
    set another.
    """
    import torch

    with _setting:
        torch.set_num_threads(count)
        torch.get_num_threads()


def _lower_priority(niceness: int) -> None:
    """Threads of the OpenMP pool inherit the priority, because the calling thread starts them."""
    if not sys.platform.startswith("linux") or threading.current_thread() is threading.main_thread():
        return
    try:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
    except OSError:  # a sandbox may forbid it; training works all the same
        return
