"""Models to play with, also during training: copies of the weights, one worker, and only the newest question counts."""

import copy
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import torch

from gendesk.engine.events import Event, Reply
from gendesk.engine.job import Job, sentence_of
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.engine.threads import become_helper_thread
from gendesk.errors import GendeskError, NotReadyError, StoredDataError

# A copy younger than this is good enough; an older one is used, too, and renewed for the next question; one that nobody
# has asked for in a while is renewed first, because a person compares it with the pictures of the training.
_KEPT = 3  # copies of models: whoever looks at one run after the other needs no more
_FRESH_SECONDS = 0.25
_STALE_SECONDS = 1.0
_SHORT_PATIENCE_SECONDS = 0.2
_PATIENCE_SECONDS = 3.0


@dataclass(frozen=True)
class Request:
    """A frozen question to a run's model: `operation(model, argument)` is called on the worker, without gradients.

    `asker` names who waits: a newer request of the same asker replaces an older one. `stamp` comes back in the reply.
    With `data` the operation gets what the run was trained on as well: `operation(model, data, argument)`, where `data`
    is a RunData.
    """

    run_id: str
    asker: str
    stamp: int
    operation: Callable[..., Any]
    argument: Any
    data: bool = False


@dataclass
class _Snapshot:
    """A copy of a model; whoever holds `lock` may read or refresh it.

    `saved` says it is the last saved state, `problem` why there is no copy. `step` is where the training was when it
    was copied, None for what has been read from the disk.
    """

    model: Model | None = None
    problem: str = ""
    saved: bool = False
    step: int | None = None
    taken: float = 0.0
    wanted: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


class LiveModels:
    """Answers requests on one worker thread. Training never waits for it, and it never touches weights in training.

    With `sync` every request is answered before `ask` returns, on the calling thread; tests use that.
    """

    def __init__(
        self,
        find_job: Callable[[str], Job | None],
        load: Callable[[str], Model],
        post: Callable[[Event], None],
        open_data: Callable[[str], RunData] | None = None,
        *,
        sync: bool = False,
    ) -> None:
        self._find_job = find_job
        self._load = load
        self._open_data = open_data
        self._post = post
        self._sync = sync
        self._snapshots: dict[str, _Snapshot] = {}
        self._waiting: dict[tuple[str, str], Request] = {}
        self._changed = threading.Condition()
        self._closing = False
        self._worker: threading.Thread | None = None

    def ask(self, request: Request) -> None:
        """Queue a request, replacing an unanswered one of the same asker; the answer comes as a Reply event."""
        if self._sync:
            self._answer(request)
            return
        with self._changed:
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="live models", daemon=True)
                self._worker.start()
            self._waiting[request.run_id, request.asker] = request
            self._changed.notify()

    def forget(self, run_id: str) -> None:
        """Drop the copy of a run whose weights have changed otherwise, e.g. because it was resumed or deleted."""
        self._snapshots.pop(run_id, None)

    def close(self, timeout: float = 5.0) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._worker is not None:
            self._worker.join(timeout)

    # On the worker

    def _work(self) -> None:
        become_helper_thread()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closing)
                if self._closing:
                    return
                request = self._waiting.pop(next(iter(self._waiting)))
            self._answer(request)

    def _answer(self, request: Request) -> None:
        try:
            data = self._open_data(request.run_id) if request.data and self._open_data else None
            snapshot = self._current(request.run_id)
            with snapshot.lock, torch.inference_mode():
                if snapshot.model is None:
                    if snapshot.problem:
                        raise GendeskError(snapshot.problem)
                    raise NotReadyError("The model is not ready yet; try again in a moment.")
                if data is None:
                    result = request.operation(snapshot.model, request.argument)
                else:
                    data = data if snapshot.step is None else replace(data, step=snapshot.step)
                    result = request.operation(snapshot.model, data, request.argument)
            self._post(Reply(run_id=request.run_id, asker=request.asker, stamp=request.stamp, result=result))
        except Exception as error:  # noqa: BLE001 (a failed answer is an answer too; the worker goes on)
            sentence = str(error) if isinstance(error, GendeskError) else sentence_of(error)
            reply = Reply(run_id=request.run_id, asker=request.asker, stamp=request.stamp, error=sentence)
            self._post(replace(reply, ready=not isinstance(error, NotReadyError)))

    def _current(self, run_id: str) -> _Snapshot:
        """Return the copy to use now: of a running job at most a moment old, of any other run as last saved."""
        job = self._find_job(run_id)
        snapshot = self._snapshots.pop(run_id, None) or _Snapshot()
        self._snapshots[run_id] = snapshot  # the newest at the end
        while len(self._snapshots) > _KEPT:
            self._snapshots.pop(next(iter(self._snapshots)))
        if job is None or job.state.over:
            if not snapshot.saved:
                self._load_saved(run_id, snapshot)
        elif snapshot.model is None:
            self._wait_for_copy(job, snapshot, _PATIENCE_SECONDS)
        elif time.monotonic() - snapshot.taken > _STALE_SECONDS:
            self._wait_for_copy(job, snapshot, _SHORT_PATIENCE_SECONDS)
        elif time.monotonic() - snapshot.taken > _FRESH_SECONDS and not snapshot.wanted:
            self._want(job, snapshot, threading.Event())
        return snapshot

    def _wait_for_copy(self, job: Job, snapshot: _Snapshot, seconds: float) -> None:
        """Wait until the next step boundary has copied the weights, but not for ever: a step may take long."""
        taken = threading.Event()
        self._want(job, snapshot, taken)
        deadline = time.monotonic() + seconds
        while not taken.wait(0.05) and time.monotonic() < deadline and not (job.state.over or self._closing):
            pass

    def _load_saved(self, run_id: str, snapshot: _Snapshot) -> None:
        """Read the saved weights; a run that was stopped without saving keeps the copy from its training, if any."""
        try:
            model = self._load(run_id)
        except StoredDataError:
            if snapshot.model is None:
                raise
        else:
            with snapshot.lock:
                snapshot.model, snapshot.step = model, None
        snapshot.saved = True

    def _want(self, job: Job, snapshot: _Snapshot, taken: threading.Event) -> None:
        snapshot.wanted = True

        def copy_weights(model: Model) -> None:
            # Training never waits: if the worker is reading just now, the next boundary will do.
            if not snapshot.lock.acquire(blocking=False):
                job.at_boundary(copy_weights)
                return
            try:
                _copy_into(snapshot, model)
                snapshot.step = job.steps_done
            except Exception as error:  # noqa: BLE001 (no memory for a copy is no reason to end the training)
                snapshot.problem = sentence_of(error)
            finally:
                snapshot.taken, snapshot.wanted = time.monotonic(), False
                snapshot.lock.release()
            taken.set()

        job.at_boundary(copy_weights)


def _copy_into(snapshot: _Snapshot, model: Model) -> None:
    if snapshot.model is None:
        copied = copy.deepcopy(model)
        copied.eval()
        snapshot.model = copied.requires_grad_(requires_grad=False)
        return
    with torch.no_grad():
        for mine, theirs in zip(snapshot.model.state_dict().values(), model.state_dict().values(), strict=True):
            mine.copy_(theirs)
