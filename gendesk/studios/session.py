"""How a studio talks to a model, live or saved, without knowing who brings the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True)
class _Question:
    operation: Callable[..., Any]
    argument: Any
    data: bool
    slow: bool


class ModelSession(QObject):
    """One run's model. `ask` returns at once; `answered` or `failed` bring the newest answer of each asker.

    Whoever owns the engine's bridge makes the session and calls `receive`. It sends questions with
    `send(asker, operation, argument, data=..., slow=...)`, which returns the stamp of the answer.
    """

    answered = Signal(str, object, object)  # asker, argument, result
    failed = Signal(str, str)  # asker, a sentence
    features_wanted = Signal()  # a studio wishes for a feature network for the run's data; its owner trains one
    features_unwanted = Signal()  # nobody waits for it any more
    features_progressed = Signal(float)  # the share (0..1) of its training that is done
    features_ended = Signal(str)  # there is one now, or else a sentence on why not, "" also where it was cancelled

    def __init__(self, send: Callable[..., int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._send = send
        self._open: dict[str, tuple[int, _Question]] = {}
        self._early: set[str] = set()

    def ask(
        self, asker: str, operation: Callable[..., Any], argument: Any, *, data: bool = False, slow: bool = False
    ) -> None:
        """Call `operation(model, argument)` on the engine's worker; an older question of `asker` is dropped.

        With `data` it is `operation(model, data, argument)`, with a RunData. What takes seconds is `slow`, so that
        nothing that a mouse waits for stands in line behind it.
        A question that comes before there is a model is asked again when there is one.
        """
        self._send_off(asker, _Question(operation, argument, data, slow))

    def _send_off(self, asker: str, question: _Question) -> None:
        self._early.discard(asker)
        stamp = self._send(asker, question.operation, question.argument, data=question.data, slow=question.slow)
        self._open[asker] = (stamp, question)

    def receive(self, asker: str, stamp: int, result: Any, error: str, *, ready: bool = True) -> None:
        """Pass an answer on, unless a newer question has been asked since."""
        if asker not in self._open or stamp != self._open[asker][0]:
            return
        if not ready:
            self._early.add(asker)
        elif error:
            self.failed.emit(asker, error)
        else:
            self.answered.emit(asker, self._open[asker][1].argument, result)

    def ask_again(self) -> None:
        """Ask once more what came too early, now that the model has been shown at work."""
        for asker in sorted(self._early):
            self._send_off(asker, self._open[asker][1])
