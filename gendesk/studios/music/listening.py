"""Hears one MIDI input at a time; it is opened and closed on a worker thread."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, QThreadPool, Signal
from PySide6.QtWidgets import QWidget

from gendesk.errors import GendeskError
from gendesk.music.ports import NoteEvent, open_input


class OpenInput(Protocol):
    """Gives events until it is closed."""

    def close(self) -> None: ...


Opens = Callable[[str, Callable[[NoteEvent], None]], OpenInput]
"""Opens an input by its name for whoever takes its events, from any thread; raises GendeskError."""


class Listener(QObject):
    """`heard` carries each NoteEvent, and `answered` a sentence why an input cannot be heard, or ""."""

    heard = Signal(object)
    answered = Signal(str)

    def __init__(self, parent: QWidget, opens: Opens = open_input) -> None:
        super().__init__(parent)
        self._ear = _Ear(opens, self.heard.emit)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        # The parent's and not its own, which comes when its threads can no longer emit signals.
        parent.destroyed.connect(partial(_close, self._ear, self._pool))

    def listen(self, name: str) -> None:
        """Hear the input with this name from now on; none, if it is empty."""
        self._pool.start(partial(self._work, name))

    def _work(self, name: str) -> None:
        self.answered.emit(self._ear.use(name))


class _Ear:
    """The input that is open. Everything is called from one thread, one call after the other."""

    def __init__(self, opens: Opens, heard: Callable[[NoteEvent], None]) -> None:
        self._opens = opens
        self._heard = heard
        self._name = ""
        self._input: OpenInput | None = None

    def use(self, name: str) -> str:
        if name == self._name and (self._input is not None) == bool(name):
            return ""
        self.close()
        if not name:
            return ""
        try:
            self._input, self._name = self._opens(name, self._heard), name
        except GendeskError as error:
            return str(error)
        return ""

    def close(self) -> None:
        if self._input is not None:
            self._input.close()
        self._input, self._name = None, ""


def _close(ear: _Ear, pool: QThreadPool) -> None:
    pool.waitForDone()
    ear.close()
