"""Work on another thread of which only the latest wish counts."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, Signal

Stopped = Callable[[], bool]
Task = Callable[[Stopped], Any]


class LatestWorker(QObject):
    """Runs one task at a time; of those asked for meanwhile only the last is run. Waits for it when its parent goes."""

    done = Signal(object)  # what the task returned, or the exception that it raised
    _ended = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._busy = False
        self._waiting: Task | None = None
        self._closing = threading.Event()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._ended.connect(self._tell)
        # The parent's and not its own, which comes when the worker can no longer emit signals.
        parent.destroyed.connect(partial(_stop, self._closing, self._pool))

    def ask(self, task: Task) -> None:
        """Run a task as soon as the present one has ended. It is given a function that says when to end early."""
        if self._busy:
            self._waiting = task
        else:
            self._busy = True
            self._pool.start(partial(self._run, task))

    def _run(self, task: Task) -> None:
        try:
            result = task(self._closing.is_set)
        except Exception as error:  # noqa: BLE001 - whatever a file can do wrong is told, in the window's thread
            result = error
        self._ended.emit(result)

    def _tell(self, result: Any) -> None:
        self.done.emit(result)  # whoever hears it may wish for something newer than what waits
        self._busy = False
        task, self._waiting = self._waiting, None
        if task is not None:
            self.ask(task)


def _stop(closing: threading.Event, pool: QThreadPool) -> None:
    closing.set()
    pool.waitForDone()
