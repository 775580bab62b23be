"""What a person does with the vectors of the orchestra console, each change with a way back."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gendesk.engine.music.console import Console
from gendesk.widgets.undo import StateHistory

from .channel import ALL


class Vectors(QObject):
    """Holds the Console; `changed` tells of another one, `meant` before it that a person has chosen it, and not undo.

    Nothing can be done before the first vectors are drawn with `begin`.
    """

    meant = Signal()
    changed = Signal(object)

    def __init__(self, panel: QWidget) -> None:
        super().__init__(panel)
        self.console: Console | None = None
        self.history = StateHistory(panel, None)
        self.history.restored.connect(self._restore)
        self._drawn = 0

    def begin(self, seed: int, size: int) -> None:
        """Draw the first vectors, of a length."""
        self._show(Console.drawn(seed, size))
        self.history.forget(self.console)

    def forget(self) -> None:
        """Have no vectors any more."""
        self.console = None
        self.history.forget(None)

    def draw(self, seed: int) -> None:
        """Draw all vectors A and B anew."""
        if self.console is not None:
            self._take(Console.drawn(seed, self.console.a.shape[1]))

    def move(self, part: int, share: float) -> None:
        """Place a part, or all of them, between A and B; the moves of one drag are taken back together."""
        if self.console is not None:
            moved = self.console.all_moved(share) if part == ALL else self.console.moved(part, share)
            self._take(moved, f"move {part}")

    def reroll(self, part: int) -> None:
        """Draw a new vector B for a part, or for all of them, and go there."""
        if self.console is not None:
            parts = range(len(self.console.mix)) if part == ALL else (part,)
            self._take(self.console.rerolled(parts, self.next_seed()))

    def set_fives(self, part: int) -> None:
        """Set a vector B to fives, and go there."""
        if self.console is not None:
            self._take(self.console.with_fives(part))

    def lock(self, part: int, locked: bool) -> None:
        """Keep a part as it is, or no longer."""
        if self.console is not None:
            self._take(self.console.with_lock(part, locked=locked))

    def keep(self) -> None:
        """Take the mix as A."""
        if self.console is not None:
            self._take(self.console.kept())

    def attempt(self, part: int, *, fives: bool) -> None:
        """Take the mix as A, and change one part of it."""
        if self.console is not None:
            kept = self.console.kept()
            self._take(kept.with_fives(part) if fives else kept.rerolled((part,), self.next_seed()))

    def next_seed(self) -> tuple[int, int]:
        """Return a seed that follows from that of the first draw: the same clicks after it draw the same again."""
        self._drawn += 1
        return self.console.seed if self.console else 0, self._drawn

    def _take(self, console: Console, step: str = "") -> None:
        self.history.push(console, step)
        self.meant.emit()
        self._show(console)

    def _restore(self, console: Console | None) -> None:
        if console is not None:
            self._show(console)

    def _show(self, console: Console) -> None:
        self.console = console
        self.changed.emit(console)
