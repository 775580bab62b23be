"""A descent that goes on in the background, a few steps per request, while what is wished for may still change."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from gendesk.engine.latent.painting import Descent, Moved, Wish


class RunningDescent(QObject):
    """Keeps one request on its way, with the newest wish, until the code has settled.

    There is never more than one: were each movement of the mouse a request of its own, a quick hand would drop all
    answers. `send` asks for a Descent to be taken further; what comes back goes to `take`.
    """

    moved = Signal(object)  # Moved, after every few steps
    settled = Signal()

    def __init__(self, send: Callable[[Descent], None], parent: QObject) -> None:
        super().__init__(parent)
        self._send = send
        self._flight: Descent | None = None
        self._newer: Wish | None = None  # than that of the request
        self._rest: Descent | None = None  # where the code has settled; from there a stroke may go on

    @property
    def running(self) -> bool:
        """Whether the code is still on its way."""
        return self._flight is not None

    def begin(self, descent: Descent) -> None:
        """Start from another code; what was on its way is forgotten."""
        self._fly(descent)

    def wish(self, wish: Wish) -> None:
        """Wish for something else, from wherever the code is now; nothing happens before `begin`."""
        if self._flight is not None:
            self._newer = wish
        elif self._rest is not None:
            self._fly(replace(self._rest, wish=wish, age=0))

    def stop(self) -> None:
        """Let the code be where it is."""
        self._flight = self._newer = self._rest = None

    def take(self, sent: Descent, result: Moved) -> None:
        """Take the answer to what was sent; one that nobody waits for any more is left alone."""
        if sent is not self._flight:
            return
        if self._newer is not None:
            self._fly(replace(result.descent, wish=self._newer, age=0))
        elif result.settled:
            self._flight, self._rest = None, result.descent
        else:
            self._fly(result.descent)
        self.moved.emit(result)
        if not self.running:
            self.settled.emit()

    def _fly(self, descent: Descent) -> None:
        self._flight, self._newer, self._rest = descent, None, None
        self._send(descent)
