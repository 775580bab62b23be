"""Work of minutes that a studio has done on a thread, with processes of its own, and can stop at any time."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QThreadPool, Signal

from gendesk.engine.control import StepInterrupted
from gendesk.engine.threads import become_helper_thread

Task = Callable[[Callable[[Any], None], Callable[[], bool]], Any]
"""Is given a function that tells news, and one that says when to end early by raising StepInterrupted."""
_PATIENCE_MS = 5000


class Labour(QObject):
    """One task at a time. When its parent goes away, the task is stopped and waited for, five seconds at most."""

    told = Signal(object)  # news of the task that is at work
    ended = Signal(object)  # what it returned, the exception that it raised, or None where it was stopped
    _news = Signal(int, object)
    _result = Signal(int, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._number = 0
        self._stopping = threading.Event()
        self._everything = threading.Event()
        self.is_busy = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._news.connect(self._pass_on)
        self._result.connect(self._end)
        # The parent's and not its own, which comes when its threads can no longer emit signals.
        parent.destroyed.connect(partial(_stop, self._everything, self._pool))
        if app := QCoreApplication.instance():
            app.aboutToQuit.connect(self._everything.set)

    def start(self, task: Task) -> None:
        """Begin a task; one that is at work is dropped, and no more is heard of it."""
        self.drop()
        self._number += 1
        self._stopping = threading.Event()
        self.is_busy = True
        self._pool.start(partial(self._run, task, self._number, self._stopping))

    def stop(self) -> None:
        """Ask the task to end; `ended` tells when it has."""
        self._stopping.set()

    def drop(self) -> None:
        """Ask the task to end, and hear no more of it."""
        self._stopping.set()
        self._number += 1
        self.is_busy = False

    def _run(self, task: Task, number: int, stopping: threading.Event) -> None:
        become_helper_thread()
        try:
            result = task(partial(self._news.emit, number), partial(_says_stop, stopping, self._everything))
        except StepInterrupted:
            result = None
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is told, in the window's thread
            result = error
        self._result.emit(number, result)

    def _pass_on(self, number: int, news: Any) -> None:
        if number == self._number:
            self.told.emit(news)

    def _end(self, number: int, result: Any) -> None:
        if number == self._number:
            self.is_busy = False
            self.ended.emit(result)


def sentence_of(error: Exception) -> str:
    """Return what a person is told of an exception."""
    text = str(error).rstrip(".") or type(error).__name__
    return f"{text}."


def _says_stop(*events: threading.Event) -> bool:
    return any(event.is_set() for event in events)


def _stop(stopping: threading.Event, pool: QThreadPool) -> None:
    stopping.set()
    pool.waitForDone(_PATIENCE_MS)
