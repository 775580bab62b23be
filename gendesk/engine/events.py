"""What a run tells the world: frozen, timestamped, plain data, delivered through mailboxes.

Two sorts: lossless events are queued in order; of a `Latest` event only the newest with the same `slot` counts, so that
a slow reader never builds a queue of pictures.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gendesk.engine.preview import Preview


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSING = "pausing"  # as soon as the current step is done
    PAUSED = "paused"
    STOPPING = "stopping"
    FINISHED = "finished"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        return self in (JobState.FINISHED, JobState.FAILED)


@dataclass(frozen=True, kw_only=True)
class Event:
    run_id: str
    time: float = field(default_factory=time.time)


@dataclass(frozen=True, kw_only=True)
class StateChanged(Event):
    """The job entered a state; `message` is a sentence for people, `details` a traceback where there is one."""

    state: JobState
    message: str = ""
    details: str = ""


@dataclass(frozen=True, kw_only=True)
class Scalars(Event):
    """Values of metrics since the last such event: `steps` int64 (n,), every array of `values` float64 (n,)."""

    steps: NDArray[np.int64]
    values: dict[str, NDArray[np.float64]]


@dataclass(frozen=True, kw_only=True)
class Marked(Event):
    """Something that charts mark at a step: `kind` is checkpoint, pause, resume or warning."""

    step: int
    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Warned(Event):
    """A health check or the engine warns: what was seen, what it means, and what to try.

    `kind` is a stable name such as "overfitting" (see `gendesk.engine.health`); `changes` are settings for a new run.
    """

    step: int
    text: str
    advice: str = ""
    kind: str = ""
    explanation: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)


class Latest(Event):
    """Base of the events of which only the newest counts."""

    @property
    def slot(self) -> str:
        return type(self).__name__


@dataclass(frozen=True, kw_only=True)
class Progress(Latest):
    """Where the run is: rates over a moving window, `eta` and `elapsed` in seconds without pauses.

    `within` is the share of the next step that is done, from 0 to 1, where a recipe tells it; `text` says more.
    """

    step: int
    total_steps: int
    epoch: float
    steps_per_second: float
    samples_per_second: float
    step_seconds: float
    eta: float | None
    elapsed: float
    text: str = ""
    within: float = 0.0


@dataclass(frozen=True, kw_only=True)
class PreviewReady(Latest):
    """A preview of a step; one in `passing` tells how far a step has come, and is not saved."""

    step: int
    preview: Preview
    passing: bool = False

    @property
    def slot(self) -> str:
        return f"preview {self.preview.name}{' in passing' if self.passing else ''}"


@dataclass(frozen=True, kw_only=True)
class Reply(Latest):
    """The answer of a live model to the request `stamp` of `asker`; `error` is a sentence if it failed.

    Without `ready` there is no model yet, which is no failure: ask again when the run has shown something.
    """

    asker: str
    stamp: int
    result: Any = None
    error: str = ""
    ready: bool = True

    @property
    def slot(self) -> str:
        return f"reply {self.asker}"


class Mailbox:
    """Collects events from any thread for one reader that drains it when it likes.

    `on_reply` is called on the posting thread when an answer is waiting, so that a reader with a slow clock can come
    at once for what a person's mouse is waiting for.
    """

    def __init__(self, on_reply: Callable[[], None] | None = None) -> None:
        self._lock = threading.Lock()
        self._queue: deque[Event] = deque()
        self._latest: dict[tuple[str, str], Latest] = {}
        self._on_reply = on_reply

    def post(self, event: Event) -> None:
        with self._lock:
            if isinstance(event, Latest):
                self._latest[event.run_id, event.slot] = event
            else:
                self._queue.append(event)
        if self._on_reply is not None and isinstance(event, Reply):
            self._on_reply()

    def drain(self) -> list[Event]:
        """Return what has come since the last call: lossless events in order, then the newest of each slot."""
        with self._lock:
            events = [*self._queue, *self._latest.values()]
            self._queue.clear()
            self._latest.clear()
        return events

    def drain_replies(self) -> list[Reply]:
        """Return only the waiting answers of live models."""
        with self._lock:
            keys = [key for key, event in self._latest.items() if isinstance(event, Reply)]
            replies = [self._latest.pop(key) for key in keys]
        return [reply for reply in replies if isinstance(reply, Reply)]
