"""What a test left behind: threads, open files, environment variables and, of Qt, widgets, timers and QThreads."""

import gc
import inspect
import os
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

import psutil

GRACE = 0.5
"""Seconds that a thread which was asked to end may still take."""


class LeakCheck:
    """Remembers what there is before a test; `found` says afterwards, in a sentence each, what has been added.

    What exists before is frozen out of the garbage collector's sight until then. That tells old objects from new ones,
    and spares every test a walk over the quarter of a million objects of the imported libraries.
    """

    def __init__(self, folder: Path, qt: bool) -> None:
        """`folder` is the one whose files must be closed in the end; `qt` says whether the test has a QApplication."""
        self._folder = folder
        self._qt = qt
        self._threads = set(threading.enumerate())
        self._environment = dict(os.environ)
        self._widgets = {_address(widget) for widget in _top_level_widgets()} if qt else set()
        gc.freeze()

    def release(self) -> None:
        """Give the garbage collector back what was frozen."""
        gc.unfreeze()

    def found(self) -> list[str]:
        """Let go of what waits for its deletion, then return the leaks."""
        if self._qt:
            _delete_deferred()
        gc.collect()
        leaks = _threads(self._threads) + _environment(self._environment) + _open_files(self._folder)
        if self._qt:
            _delete_deferred()
            leaks += _qthreads() + _timers() + _dangling(self._widgets)
        return leaks


def _threads(before: set[threading.Thread]) -> list[str]:
    # A QThread that runs Python code leaves a dummy behind; QThreads are looked at by themselves.
    added = [t for t in threading.enumerate() if t not in before and not isinstance(t, threading._DummyThread)]
    deadline = time.monotonic() + GRACE
    for thread in added:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [f"the thread {t.name!r} still runs, at {_position(t)}" for t in added if t.is_alive()]


def _position(thread: threading.Thread) -> str:
    stack = traceback.extract_stack(sys._current_frames().get(thread.ident or 0))
    waiting_in = [frame for frame in stack if frame.filename != threading.__file__]
    frame = (waiting_in or stack)[-1]
    return f"{frame.filename}:{frame.lineno} in {frame.name}"


def _environment(before: dict[str, str]) -> list[str]:
    after = dict(os.environ)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    # pytest's own, one that torch sets for good when its first optimiser imports the compiler, and gymnasium's.
    changed -= {"PYTEST_CURRENT_TEST", "TORCHINDUCTOR_CACHE_DIR", "PYGAME_HIDE_SUPPORT_PROMPT"}
    return [
        f"the environment variable {name} was {before.get(name)!r} and is now {after.get(name)!r}"
        for name in sorted(changed)
    ]


def _open_files(folder: Path) -> list[str]:
    if not sys.platform.startswith("linux"):
        return []
    opened = [file for file in psutil.Process().open_files() if Path(file.path).is_relative_to(folder)]
    return [f"the file {file.path} is still open (mode {file.mode})" for file in opened]


# Qt is imported in the functions, so that the engine's tests run where it is not installed.


def _delete_deferred() -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _top_level_widgets() -> list[Any]:
    from PySide6.QtWidgets import QApplication

    return QApplication.topLevelWidgets()


def _address(wrapper: Any) -> int:
    import shiboken6

    return shiboken6.getCppPointer(wrapper)[0]


def _dangling(before: set[int]) -> list[str]:
    # Qt keeps one label for all tool tips.
    added = [
        widget
        for widget in _top_level_widgets()
        if _address(widget) not in before and widget.metaObject().className() != "QTipLabel"
    ]
    return [f"the top-level widget {_described(widget)} was not deleted" for widget in added]


def _timers() -> list[str]:
    from PySide6.QtCore import QTimer

    running = [timer for timer in _new_objects(QTimer) if timer.isActive()]
    return [f"the timer {_described(timer)} still runs, every {timer.interval()} ms" for timer in running]


def _qthreads() -> list[str]:
    from PySide6.QtCore import QThread

    threads = [thread for thread in _new_objects(QThread) if thread != QThread.currentThread()]
    return [
        f"the QThread {_described(t)} still runs" for t in threads if t.isRunning() and not t.wait(int(GRACE * 1000))
    ]


def _new_objects(cls: type) -> list[Any]:
    import shiboken6

    # type() and not isinstance(), which would wake lazy objects up.
    return [found for found in gc.get_objects() if issubclass(type(found), cls) and shiboken6.isValid(found)]


def _described(found: Any) -> str:
    """Name an object by its class, its object name, where its class is written, and its parent."""
    name = f" {found.objectName()!r}" if found.objectName() else ""
    parent = f", child of {_described(found.parent())}" if found.parent() else ""
    return f"{type(found).__name__}{name}{_source(type(found))}{parent}"


def _source(cls: type) -> str:
    try:
        return f" ({inspect.getsourcefile(cls)}:{inspect.getsourcelines(cls)[1]})"
    except (OSError, TypeError):  # a class of Qt's own
        return ""
