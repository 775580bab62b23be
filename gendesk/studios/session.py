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
        self._open: dict[str, tuple[int, Any]] = {}

    def ask(self, asker: str, operation: Callable[[Any, Any], Any], argument: Any) -> None:
        """Call `operation(model, argument)` on the engine's worker; an older question of `asker` is dropped."""
        self._open[asker] = (self._send(asker, operation, argument), argument)

    def receive(self, asker: str, stamp: int, result: Any, error: str) -> None:
        """Pass an answer on, unless a newer question has been asked since."""
        expected, argument = self._open.get(asker, (0, None))
        if stamp != expected:
            return
        if error:
            self.failed.emit(asker, error)
        else:
            self.answered.emit(asker, argument, result)
