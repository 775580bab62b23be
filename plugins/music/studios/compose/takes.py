"""Pieces that are composed: what there is of each, and the variations of one beginning."""

from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from gendesk.engine.music.composing import Part, Task
from gendesk.music.score import Note, Score


@dataclass(eq=False)
class Take:
    """A piece that is composed by a task: `start` is the beat at which the new notes begin, `chances` are theirs.

    `over` says that nothing more comes.
    """

    task: Task
    score: Score
    chances: dict[Note, float] = field(default_factory=dict)
    steps: int = 0
    start: float = 0.0
    over: bool = False

    def add(self, part: Part) -> None:
        """Take what has been composed since the last part."""
        self.score, self.start, self.over = part.score, part.quill.start, part.over
        self.chances.update(part.chances)
        self.steps += part.steps


class Variations(QObject):
    """Composes some pieces, one after the other, and knows which of them is seen.

    Its owner answers `wanted`, which carries a Task or the Quill that is to go on, by `take`, and shows `current` when
    `grew` tells of it.
    """

    wanted = Signal(object)
    grew = Signal()
    progressed = Signal()  # another piece than `current` has grown

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.takes: tuple[Take, ...] = ()
        self.number = 0
        self._making: int | None = None

    @property
    def is_composing(self) -> bool:
        return self._making is not None

    @property
    def current(self) -> Take | None:
        """The piece that is seen."""
        return self.takes[self.number] if self.takes else None

    @property
    def grows(self) -> bool:
        """Whether the piece that is seen is being composed now."""
        return self._making is not None and self._making == self.number

    def can_turn(self, by: int) -> bool:
        """Return whether there is a piece so many places on, of which anything has been composed."""
        place = self.number + by
        return 0 <= place < len(self.takes) and (self.takes[place].steps > 0 or self.takes[place].over)

    def turn(self, by: int) -> None:
        """See another piece."""
        if self.can_turn(by):
            self.number += by

    def begin(self, *tasks: Task) -> None:
        """Compose these from now on, the first one first."""
        self.show(*(Take(task, task.begun, start=task.begun.end) for task in tasks))
        self._make(0)

    def show(self, *takes: Take) -> None:
        """Take pieces that are composed elsewhere; without any, forget all."""
        self._making = None
        self.takes, self.number = takes, 0

    def take(self, part: Part) -> None:
        """Take an answer to what was wanted; one that comes too late counts for nothing."""
        number = self._making
        if number is None or part.quill.task is not self.takes[number].task:
            return
        self.takes[number].add(part)
        if not part.over:
            self.wanted.emit(part.quill)
        elif number + 1 < len(self.takes):
            self._make(number + 1)
        else:
            self._making = None
        if number == self.number:
            self.grew.emit()
        else:
            self.progressed.emit()

    def stop(self) -> None:
        """Compose nothing more; pieces stay as they are, and those that are not begun are forgotten."""
        if self._making is not None:
            self.takes[self._making].over = True
            self.takes = self.takes[: self._making + 1]
            self._making = None

    def _make(self, number: int) -> None:
        self._making = number
        self.wanted.emit(self.takes[number].task)
