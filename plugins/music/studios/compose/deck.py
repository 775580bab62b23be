"""The roll of the composing studio, with its tools: what plays may still grow, and files can be dropped on it."""

from collections.abc import Mapping

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.music.player import State
from gendesk.music.quantising import quantised
from gendesk.music.score import Note, Score
from gendesk.studios.music.roll_deck import RollDeck
from gendesk.widgets.dropping import dropped_files
from gendesk.widgets.piano_roll.tools import RollTools

LEAD = 4.0
"""Beats that must be there before a piece that still grows begins to play, or goes on."""
_NARROWEST, _WIDEST = 16.0, 64.0
"""Beats that are in view at least, and at most while a piece grows."""
_AT_ONCE = 1e-6  # beats


class ComposeDeck(RollDeck):
    """An editable roll. A piece that grows faster than it plays goes on without a break; else it is waited for."""

    changed = Signal()  # a person has changed notes
    ended = Signal()  # a piece has been played to its end
    halted = Signal()  # a person, another view or the end of the panel has stopped it before
    waits = Signal()  # it has played all that is there of a piece that grows
    dropped = Signal(str)  # the path of a file that was dropped on the roll

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grows = False
        self._goes_on: float | None = None  # the beat from which it plays when there is more
        self._beat = 0.0  # where it was last
        self._ends: list[float] = []  # how far the piece had grown while it played
        self._own = False  # whether it is the network that changes notes
        self._fit = QTimer(self, singleShot=True, interval=0)
        self._fit.timeout.connect(self._fit_all)
        self.setAcceptDrops(True)
        self.roll.set_velocities_shown(False)
        self.tools = RollTools(self.roll, self)
        self.tools.velocities.setChecked(False)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(0, self.tools)
        self.tools.quantise_asked.connect(self._quantise)
        self.roll.edited.connect(self._tell_edit)
        self.bar.stop_clicked.connect(self._halt)
        self.moved.connect(self._remember)
        self.finished.connect(self._take_finish)

    @property
    def score(self) -> Score:
        return self.roll.score

    @property
    def is_heard(self) -> bool:
        """Whether it plays, is about to, or waits for more to play."""
        return self._goes_on is not None or (self._wanted and self.state is not State.PAUSED)

    def show_score(
        self, score: Score, values: Mapping[Note, float] | None, key: str = "", *, grows: bool = False
    ) -> None:
        """Show a score that was made elsewhere; all with one `key` in a row are undone together.

        `values` are the chances of its notes. With `grows` more of the piece is to come.
        """
        self._grows = grows
        self._own = True
        self.roll.document.replace(score, key)
        self._own = False
        self.roll.set_values(values)
        self._ends.append(score.end)
        self._reveal()
        self._play_on()

    def _reveal(self) -> None:
        """Bring all of a piece into view, or as much of its end as can be told apart; what plays is followed then."""
        view, end = self.roll.viewport, self.score.end
        first = max(0.0, end - _WIDEST)
        if not self.score.note_count or (first > 0 and self.state is not State.STOPPED):
            return
        low, high = self._range(first)
        seen = view.view.left <= first and end <= view.last
        if not seen or view.view.pitch(0) < high or view.view.pitch(view.height) > low:
            room = 1.25 if self._grows else 1.0  # so that not every note moves all others
            view.fit(first, max(_NARROWEST, first + room * (end - first)), low, high)

    def _fit_all(self) -> None:
        """Show in a roll of another size what can be shown."""
        if self.score.note_count:
            first = max(0.0, self.score.end - _WIDEST) if self.state is State.STOPPED else 0.0
            last = min(max(_NARROWEST, self.score.end), first + _WIDEST)
            self.roll.viewport.fit(first, last, *self._range(first))

    def _range(self, first: float) -> tuple[int, int]:
        pitches = [note.pitch for _, note in self.score.notes() if note.end > first]
        return min(pitches), max(pitches)

    def begin(self, beat: float) -> None:
        """Play from a beat on; a piece that grows as soon as there is enough of it."""
        self._beat, self._ends = beat, [self.score.end]
        self._goes_on = beat
        self._play_on()

    def stop(self) -> None:
        self._goes_on = None
        super().stop()

    def toggle(self) -> None:
        """Play, or pause; give up waiting."""
        if self._goes_on is not None:
            self._halt()
        else:
            super().toggle()

    def _play_on(self) -> None:
        beat = self._goes_on
        if beat is None:
            return
        if self.score.end >= beat + LEAD or (not self._grows and self.score.end > beat + _AT_ONCE):
            self._goes_on = None
            self.play(beat)
        elif not self._grows:
            self._goes_on = None
            self.ended.emit()

    def _take_finish(self) -> None:
        """Wait for more of a piece that grows."""
        reached = min((end for end in self._ends if end >= self._beat), default=self.score.end)
        if self._grows or reached < self.score.end - _AT_ONCE:
            self._goes_on = reached
            self.roll.set_position(reached)
            self.waits.emit()
            self._play_on()
        else:
            self.ended.emit()

    def _remember(self, beat: float) -> None:
        self._beat = beat

    def _halt(self) -> None:
        self.stop()
        self.halted.emit()

    def _end(self, *, by_itself: bool) -> None:
        """Stop, and tell where that was not the end of the piece."""
        heard = self.state is not State.STOPPED
        super()._end(by_itself=by_itself)
        if heard and not by_itself:
            self.halted.emit()

    def _tell_edit(self, _score: object) -> None:
        if not self._own:
            self._ends.append(self.score.end)
            self.changed.emit()

    def _quantise(self, step: float) -> None:
        self.roll.replace_score(quantised(self.score, max(1, round(1 / step))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit.start()  # only then the roll has its new size, too

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._halt()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if paths := dropped_files(event):
            event.acceptProposedAction()
            self.dropped.emit(paths[0])
