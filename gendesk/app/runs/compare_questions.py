"""Asks the models of several runs for samples and scores, one after the other, and gives up when that is wished."""

import itertools
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from gendesk.data.progress import Cancelled

if TYPE_CHECKING:
    from gendesk.app.bridge import EngineBridge
    from gendesk.engine.events import Reply

FindBridge = Callable[[], "EngineBridge | None"]

_POLL_MS = 100
_numbers = itertools.count(1)  # names of askers, so that two windows do not take each other's questions away


class _Work:
    """One run's score in the making: how far it is, told by the worker, and whether anybody still wants it."""

    def __init__(self, closing: threading.Event) -> None:
        self.share = 0.0
        self.cancelled = threading.Event()
        self._closing = closing

    def report(self, share: float) -> None:
        """Hear on the worker how far it is; raises Cancelled if it is to end."""
        if self.cancelled.is_set() or self._closing.is_set():
            raise Cancelled("The comparison was cancelled.")
        self.share = share


class RunQuestions(QObject):
    """Signals bring what the models of runs answer; those that cannot answer give a sentence.

    Everything runs on the engine's slow worker. Scores are asked for run by run, so that others get in between.
    """

    sampled = Signal(str, object)  # the id of a run, NewSamples
    scored = Signal(str, object)  # the id of a run, Measured
    failed = Signal(str, str)  # the id of a run, a sentence
    progressed = Signal(float)  # the share (0..1) of all scores that is done
    ended = Signal()  # no score is being made any more
    features_progressed = Signal(float)  # the share (0..1) of the training of a feature network
    features_ended = Signal(str)  # "", or a sentence on why there is none

    def __init__(self, find_bridge: FindBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._find_bridge = find_bridge
        self._bridge: EngineBridge | None = None
        self._asker = f"comparison {next(_numbers)}"
        self._open: dict[int, tuple[str, bool]] = {}  # by stamp: the run, and whether a score is awaited
        self._waiting: list[str] = []
        self._total = 0
        self._work: _Work | None = None
        self._wish: Callable[[Callable[[float], None]], Any] | None = None
        self._features_run = ""
        self._closing = threading.Event()
        self.destroyed.connect(self._closing.set)
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._tell_progress)

    @property
    def scoring(self) -> bool:
        return self._work is not None

    @property
    def training_features(self) -> bool:
        return bool(self._features_run)

    def ready(self) -> bool:
        """Tell whether there is an engine to ask; it is loaded after the window has come."""
        if self._bridge is None and (bridge := self._find_bridge()) is not None:
            self._bridge = bridge
            bridge.replied.connect(self._take)
            bridge.features_progressed.connect(self._follow_features)
            bridge.features_ended.connect(self._end_features)
        return self._bridge is not None

    def sample(self, run_ids: Sequence[str], count: int, seed: int) -> None:
        """Ask each run for new pictures; an older question of the kind is dropped."""
        from gendesk.engine.comparison_scores import SampleWish, new_samples

        self._open = {stamp: known for stamp, known in self._open.items() if known[1]}
        for run_id in run_ids:
            self._ask(run_id, new_samples, SampleWish(count, seed), score=False)

    def score(self, run_ids: Sequence[str], count: int, seed: int) -> None:
        """Score runs one after the other; `ended` tells when all have been."""
        from gendesk.engine.comparison_scores import ScoreWish

        self.cancel()
        self._waiting, self._total = list(run_ids), len(run_ids)
        self._wish = partial(ScoreWish, count, seed)
        self._timer.start()
        self._next()

    def cancel(self) -> None:
        """Give up the scores that have not come; the worker notices at its next batch."""
        self._waiting = []
        if self._work is not None:
            self._work.cancelled.set()
            self._open = {stamp: known for stamp, known in self._open.items() if not known[1]}
            self._end()

    def train_features(self, run_id: str) -> None:
        """Have a feature network trained for the data of a run, as a run of its own."""
        if self._bridge is not None:
            self._features_run = run_id
            self._bridge.train_features(run_id)

    def cancel_features(self) -> None:
        if self._bridge is not None and self._features_run:
            self._bridge.cancel_features(self._features_run)

    def _ask(self, run_id: str, operation: Callable[..., Any], argument: Any, *, score: bool) -> None:
        if self.ready() and self._bridge is not None:
            asker = f"{self._asker} {'scores' if score else 'samples'}"
            stamp = self._bridge.ask(run_id, asker, operation, argument, data=True, slow=True)
            self._open[stamp] = run_id, score

    def _next(self) -> None:
        from gendesk.engine.comparison_scores import measure

        if not self._waiting or self._wish is None:
            self._end()
            return
        self._work = _Work(self._closing)
        self._ask(self._waiting.pop(0), measure, self._wish(self._work.report), score=True)

    def _end(self) -> None:
        self._work = None
        self._timer.stop()
        self.ended.emit()

    def _take(self, reply: "Reply") -> None:
        known = self._open.get(reply.stamp)
        if known is None or known[0] != reply.run_id:
            return
        del self._open[reply.stamp]
        run_id, score = known
        if reply.error:
            self.failed.emit(run_id, reply.error)
        else:
            (self.scored if score else self.sampled).emit(run_id, reply.result)
        if score and self._work is not None:
            self._next()

    def _tell_progress(self) -> None:
        if self._work is not None and self._total:
            done = self._total - len(self._waiting) - 1
            self.progressed.emit((done + self._work.share) / self._total)

    def _follow_features(self, run_id: str, share: float) -> None:
        if run_id == self._features_run:
            self.features_progressed.emit(share)

    def _end_features(self, run_id: str, problem: str) -> None:
        if run_id == self._features_run:
            self._features_run = ""
            self.features_ended.emit(problem)
