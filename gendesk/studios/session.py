"""How a studio talks to a model, live or saved, without knowing who brings the answer."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal


class ModelSession(QObject):
    """One run's model. `ask` returns at once; `answered` or `failed` bring the newest answer of each asker.

    Whoever owns the engine's bridge makes the session and calls `receive`.
    """

    answered = Signal(str, object, object)  # asker, argument, result
    failed = Signal(str, str)  # asker, a sentence

    def __init__(self, send: Callable[[str, Any, Any], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._send = send
        self._open: dict[str, tuple[int, Callable[[Any, Any], Any], Any]] = {}
        self._early: set[str] = set()

    def ask(self, asker: str, operation: Callable[[Any, Any], Any], argument: Any) -> None:
        """Call `operation(model, argument)` on the engine's worker; an older question of `asker` is dropped.

        A question that comes before there is a model is asked again when there is one.
        """
        self._early.discard(asker)
        self._open[asker] = (self._send(asker, operation, argument), operation, argument)

    def receive(self, asker: str, stamp: int, result: Any, error: str, *, ready: bool = True) -> None:
        """Pass an answer on, unless a newer question has been asked since."""
        if asker not in self._open or stamp != self._open[asker][0]:
            return
        if not ready:
            self._early.add(asker)
        elif error:
            self.failed.emit(asker, error)
        else:
            self.answered.emit(asker, self._open[asker][2], result)

    def ask_again(self) -> None:
        """Ask once more what came too early, now that the model has been shown at work."""
        for asker in sorted(self._early):
            _, operation, argument = self._open[asker]
            self.ask(asker, operation, argument)
