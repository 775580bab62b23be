"""Trains what waits in the queue, one run after the other, on a thread that lives only while there is something."""

import threading
from collections.abc import Callable
from functools import partial

from gendesk.engine.job import Job
from gendesk.engine.run_queue import QueueEntry, RunQueue

_POLL_SECONDS = 0.3


class QueueRunner:
    """One per engine. Of all processes that run a queue, the one that holds its turn trains; the others wait for it.

    `job_of` gives the job of an entry, or None if its run cannot be trained any more. While `held`, only runs that
    were queued in this process are trained; the others wait for a person to say go.
    """

    def __init__(self, queue: RunQueue, job_of: Callable[[QueueEntry], Job | None], own: Callable[[str], bool]) -> None:
        self._queue = queue
        self._job_of = job_of
        self._own = own
        self._held = False
        self._closing = False
        self._handing_over = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        # Runs that are done but could not be taken out of the file, because the disk refused.
        self._stuck: set[str] = set()

    @property
    def held(self) -> bool:
        return self._held

    @held.setter
    def held(self, held: bool) -> None:
        self._held = held
        self.wake()

    @property
    def idle(self) -> bool:
        """Whether nothing trains or waits for its turn in this process."""
        return self._thread is None

    def wake(self, queued: str = "") -> None:
        """Look at the queue again, soon; starts the thread if there is something to do, such as a run just `queued`."""
        with self._changed:
            self._stuck.discard(queued)
            self._changed.notify_all()
            if self._thread is None and not self._closing and self._next() is not None:
                self._thread = threading.Thread(target=self._run, name="queue", daemon=True)
                self._thread.start()

    def begin_no_other(self) -> None:
        """Begin no other run; the one in training goes on."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def hand_over(self) -> None:
        """Begin no other run, and leave the one in training in the queue when it is stopped now."""
        self._handing_over = True
        self.begin_no_other()

    def close(self, timeout: float) -> None:
        """Begin no other run, and wait for the thread; the run in training must have been stopped."""
        with self._changed:
            thread = self._thread
        self.begin_no_other()
        if thread is not None:
            thread.join(timeout)

    def _run(self) -> None:
        turn = self._queue.turn()
        try:
            while self._goes_on():
                try:
                    turn.acquire(timeout=0)
                except TimeoutError:  # another process trains from this queue
                    with self._changed:
                        self._changed.wait(_POLL_SECONDS)
                else:
                    self._train_next()
        finally:
            turn.release(force=True)

    def _goes_on(self) -> bool:
        """Decide under the lock whether the thread ends, so that `wake` never counts on one that does."""
        with self._changed:
            if self._closing or self._next() is None:
                self._thread = None
                return False
            return True

    def _train_next(self) -> None:
        entry = self._next()
        if entry is None or self._closing:
            return
        job = self._job_of(entry)
        if job is not None and job.start(partial(self._ended, entry.run)):
            job.join()
        else:
            self._take_out(entry.run)

    def _ended(self, run_id: str) -> None:
        if not self._handing_over:
            self._take_out(run_id)

    def _take_out(self, run_id: str) -> None:
        try:
            self._queue.remove(run_id)
        except OSError:
            self._stuck.add(run_id)

    def _next(self) -> QueueEntry | None:
        entries = (entry for entry in self._queue.entries() if entry.run not in self._stuck)
        return next((entry for entry in entries if not self._held or self._own(entry.run)), None)
