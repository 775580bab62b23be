"""The only place where engine and Qt meet: a mailbox, drained thirty times a second, turned into Qt signals."""

import itertools
import threading
from functools import partial
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QThreadPool, QTimer, Signal

from gendesk.data.progress import Cancelled
from gendesk.engine.engine import Engine
from gendesk.engine.events import Event, Mailbox, Marked, PreviewReady, Progress, Reply, Scalars, StateChanged, Warned
from gendesk.engine.job import sentence_of
from gendesk.engine.live import Request
from gendesk.engine.threads import become_helper_thread
from gendesk.errors import GendeskError

_FRAME_MS = 33


class EngineBridge(QObject):
    """Emits a signal for each event, on the GUI thread. Every event carries its `run_id`; listeners pick theirs.

    Answers of live models do not wait for the next frame: they wake the bridge, because a mouse is waiting for them.
    """

    progressed = Signal(object)
    measured = Signal(object)
    previewed = Signal(object)
    marked = Signal(object)
    warned = Signal(object)
    state_changed = Signal(object)
    replied = Signal(object)
    features_progressed = Signal(str, float)  # the run that asked, and the share (0..1) of the training that is done
    features_ended = Signal(str, str)  # the run that asked, and why there is no feature network, "" also if cancelled
    _reply_waiting = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engine = engine
        self._stamps = itertools.count(1)
        self._mailbox = Mailbox(on_reply=self._reply_waiting.emit)
        self._signals = {
            Progress: self.progressed,
            Scalars: self.measured,
            PreviewReady: self.previewed,
            Marked: self.marked,
            Warned: self.warned,
            StateChanged: self.state_changed,
            Reply: self.replied,
        }
        self._reply_waiting.connect(self._deliver_replies, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self, interval=_FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._frame)
        self._clock = QElapsedTimer()
        self._lateness = 0.0
        self._closing = threading.Event()
        self._features = QThreadPool(self)
        self._features_cancelled: dict[str, threading.Event] = {}  # by the run that asks
        engine.subscribe(self._mailbox)
        self._clock.start()
        self._timer.start()

    @property
    def lateness(self) -> float:
        """How many milliseconds late the window's frames have been lately, a running average of the worst."""
        return self._lateness

    def ask(
        self, run_id: str, asker: str, operation: Any, argument: Any, *, data: bool = False, slow: bool = False
    ) -> int:
        """Ask a live model; `replied` brings the answer with the stamp that is returned here.

        With `data` the operation gets what the run was trained on, too. What takes seconds is `slow`: it has a worker
        of its own.
        """
        stamp = next(self._stamps)
        live = self.engine.live_slowly if slow else self.engine.live
        live.ask(Request(run_id, asker, stamp, operation, argument, data))
        return stamp

    def train_features(self, run_id: str) -> None:
        """Have a feature network for a run's data trained, as a run of its own; `features_ended` tells when."""
        cancelled = self._features_cancelled[run_id] = threading.Event()
        self._features.start(partial(self._train_features, run_id, cancelled))

    def cancel_features(self, run_id: str) -> None:
        """Stop the training of a feature network that a run has asked for; `features_ended` tells when it is over."""
        if run_id in self._features_cancelled:
            self._features_cancelled[run_id].set()

    def _train_features(self, run_id: str, cancelled: threading.Event) -> None:
        become_helper_thread()
        problem = ""
        try:
            config = self.engine.runs.open(run_id).record.config
            self.engine.features.get(
                config.data,
                config.data_options,
                cancelled=lambda: cancelled.is_set() or self._closing.is_set(),
                progress=partial(self.features_progressed.emit, run_id),
            )
        except Cancelled:
            pass
        except GendeskError as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 (whoever waits for the network must hear of it)
            problem = sentence_of(error)
        if not self._closing.is_set():
            self.features_ended.emit(run_id, problem)

    def close(self) -> None:
        self._closing.set()
        self._features.waitForDone()
        self._timer.stop()
        self.engine.unsubscribe(self._mailbox)

    def _frame(self) -> None:
        late = max(0.0, self._clock.nsecsElapsed() / 1e6 - _FRAME_MS)
        self._clock.restart()
        self._lateness = max(late, self._lateness * 0.95)
        for event in self._mailbox.drain():
            self._deliver(event)

    def _deliver_replies(self) -> None:
        for reply in self._mailbox.drain_replies():
            self.replied.emit(reply)

    def _deliver(self, event: Event) -> None:
        self._signals[type(event)].emit(event)
