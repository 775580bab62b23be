"""Endless music: pieces that are composed one after the other, always one ahead of that which plays."""

from collections import deque
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from gendesk.engine.capabilities import Composing
from gendesk.engine.music.composing import Part, Task
from gendesk.music.score import Score

from .takes import Take

MOST_KEPT = 10
"""Pieces that can be played again or saved."""
_MOST_EMPTY = 10
"""Pieces without a note in a row after which the radio gives up."""


class Radio(QObject):
    """Composes piece after piece, one ahead of that which plays. Its owner answers `wanted`, and plays what is `shown`.

    `wanted` carries a Task or the Quill that is to go on; the answer comes by `take`. `shown` carries the Take that is
    to be seen and, if it is another one, to be played from its beginning.
    """

    wanted = Signal(object)
    shown = Signal(object)
    exhausted = Signal()  # the model has composed nothing but empty pieces, and the radio is off

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.is_on = False
        self.current: Take | None = None
        self.past: deque[Take] = deque(maxlen=MOST_KEPT)
        self._coming: Take | None = None
        self._making: Take | None = None
        self._first = Task(Score(), Composing())
        self._number = 0
        self._empty = 0

    def start(self, task: Task) -> None:
        """Compose pieces as a task says, one variation after the other."""
        self.is_on = True
        self._first, self._number, self._empty = task, task.number, 0
        self._coming = self._making = None
        self._change(self._begin())

    def stop(self) -> None:
        """Compose nothing more; the piece at hand stays as it is."""
        if self.is_on:
            self._keep()
        self.is_on = False
        self._coming = self._making = None

    def skip(self) -> None:
        """Leave the piece that plays, and go on with the next one."""
        if not self.is_on:
            return
        self._keep()
        if self._making is self.current:
            self._making = None
        coming, self._coming = self._coming, None
        self._change(coming or self._begin())
        self._look_ahead()

    def again(self, take: Take) -> None:
        """Show a piece of the past once more; the radio goes on behind it."""
        self._keep()
        if self._making is self.current:
            self._making = None
        self._change(take)
        self._look_ahead()

    def take(self, part: Part) -> None:
        """Take an answer to what was `wanted`."""
        making = self._making
        if making is None or part.quill.task is not making.task:
            return
        making.add(part)
        if not part.over:
            self.wanted.emit(part.quill)
        else:
            self._making = None
            if not making.score.note_count:
                self._replace(making)
                return
            self._empty = 0
        if making is self.current:
            self.shown.emit(making)
        self._look_ahead()

    def _replace(self, empty: Take) -> None:
        """Compose another piece where one has no note."""
        self._empty += 1
        if self._empty >= _MOST_EMPTY:
            self.stop()
            self.exhausted.emit()
            return
        fresh = self._begin()
        if empty is self.current:
            self._change(fresh)
        else:
            self._coming = fresh

    def _begin(self) -> Take:
        take = Take(replace(self._first, number=self._number), self._first.begun)
        self._number += 1
        self._making = take
        self.wanted.emit(take.task)
        return take

    def _look_ahead(self) -> None:
        if self.is_on and self._making is None and self._coming is None:
            self._coming = self._begin()

    def _change(self, take: Take) -> None:
        self.current = take
        self.shown.emit(take)

    def _keep(self) -> None:
        take = self.current
        if take is not None and take.score.note_count and take not in self.past:
            self.past.append(take)
