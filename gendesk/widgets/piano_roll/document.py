"""The score that a roll edits: its notes, which of them are selected, and the way back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gendesk.music.score import Note, Score, Track
from gendesk.widgets.piano_roll import editing
from gendesk.widgets.piano_roll.grid import Bars
from gendesk.widgets.piano_roll.index import NoteIndex
from gendesk.widgets.piano_roll.view import ROOM
from gendesk.widgets.undo import StateHistory

Tool = Literal["select", "draw", "erase"]
_NOTHING: frozenset[Note] = frozenset()


@dataclass(frozen=True)
class _State:
    score: Score
    track: int
    selection: frozenset[Note]


@dataclass(frozen=True)
class Draft:
    """What a drag has done so far: the notes that it hides, and those that are shown instead."""

    hidden: frozenset[Note] = _NOTHING
    shown: tuple[Note, ...] = ()


class RollDocument(QObject):
    """A score, the track that is edited, its selected notes and the undo history.

    `changed` tells of other notes or another track, `selected` of another selection, `drafted` that a drag went on;
    `edited` carries a score that a person made. Equal notes of a track are one note here.
    """

    changed = Signal()
    selected = Signal()
    drafted = Signal()
    edited = Signal(object)

    def __init__(self, panel: QWidget) -> None:
        super().__init__(panel)
        self.score = Score()
        self.track = 0
        self.selection = _NOTHING
        self.draft: Draft | None = None
        self.read_only = False
        self.step = 0.25
        self.length = 1.0  # beats of the next note that is drawn
        self.velocity = 80
        self.indexes: list[NoteIndex] = []
        self.end = 0.0  # of the last note, in beats
        self.bars = Bars(self.score, ROOM)
        self._meters = self.score.meters
        self.history = StateHistory(panel, self._state)
        self.history.restored.connect(self._restore)

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes of the track that is edited."""
        return self.score.tracks[self.track].notes if self.track < len(self.score.tracks) else ()

    @property
    def index(self) -> NoteIndex:
        """The same as arrays."""
        return self.indexes[self.track] if self.track < len(self.indexes) else NoteIndex(())

    @property
    def reachable(self) -> list[NoteIndex]:
        """The tracks whose notes can be selected: the one that is edited, or all of a score that is not."""
        return self.indexes if self.read_only else [self.index]

    @property
    def is_drums(self) -> bool:
        return self.track < len(self.score.tracks) and self.score.tracks[self.track].is_drums

    @property
    def least(self) -> float:
        """How short a note may become by dragging, in beats."""
        return max(self.step, 1 / self.score.resolution)

    @property
    def _state(self) -> _State:
        return _State(self.score, self.track, self.selection)

    def set_score(self, score: Score) -> None:
        """Show another score, without a way back."""
        track = self.track if self.track < len(score.tracks) else 0
        self._show(_State(score, track, _NOTHING))
        self.history.forget(self._state)

    def set_track(self, number: int) -> None:
        """Edit another track; raises IndexError if the score has no such track."""
        if not 0 <= number < max(1, len(self.score.tracks)):
            raise IndexError(f"The score has {len(self.score.tracks)} tracks, and none with number {number}.")
        if number != self.track:
            self._show(_State(self.score, number, _NOTHING))
            self.history.end_step()

    def select(self, notes: Iterable[Note]) -> None:
        """Select these notes of the track and no others."""
        selection = frozenset(notes)
        if selection != self.selection:
            self.selection = selection
            self.history.end_step()
            self.selected.emit()

    def preview(self, changes: Mapping[Note, Note], added: Iterable[Note] = (), gone: Iterable[Note] = ()) -> None:
        """Show what a drag would do: change some notes, add some, delete some."""
        self.draft = Draft(frozenset((*changes, *gone)), (*changes.values(), *added))
        self.drafted.emit()

    def drop_draft(self) -> None:
        """Forget what a drag would do."""
        if self.draft is not None:
            self.draft = None
            self.drafted.emit()

    def change(self, changes: Mapping[Note, Note], key: str = "") -> None:
        """Let other notes take the place of some, which are then selected; all with one `key` in a row are one step."""
        rounded = {old: editing.on_ticks(new, self.score.resolution) for old, new in changes.items()}
        self._commit((rounded.get(note, note) for note in self.notes), rounded.values(), key)

    def add(self, notes: Iterable[Note]) -> None:
        """Add notes and select them."""
        added = tuple(editing.on_ticks(note, self.score.resolution) for note in notes)
        self._commit((*self.notes, *added), added)

    def remove(self, notes: Iterable[Note]) -> None:
        gone = frozenset(notes)
        self._commit((note for note in self.notes if note not in gone), self.selection - gone)

    def replace(self, score: Score, key: str = "") -> None:
        """Take a score that was made elsewhere, such as a quantised one, as a step that can be undone."""
        if self.read_only or score == self.score:
            return
        self._show(_State(score, self.track if self.track < len(score.tracks) else 0, _NOTHING))
        self.history.push(self._state, key)
        self.edited.emit(score)

    def _commit(self, notes: Iterable[Note], selection: Iterable[Note], key: str = "") -> None:
        self.draft = None
        tracks = self.score.tracks or (Track(),)
        track = tracks[self.track].with_notes(notes)
        if self.read_only or track == tracks[self.track]:
            self.drafted.emit()
            return
        tracks = (*tracks[: self.track], track, *tracks[self.track + 1 :])
        self._show(_State(replace(self.score, tracks=tracks), self.track, frozenset(selection)))
        self.history.push(self._state, key)
        self.edited.emit(self.score)

    def _restore(self, state: object) -> None:
        assert isinstance(state, _State)
        self._show(state)
        self.edited.emit(self.score)

    def _show(self, state: _State) -> None:
        known = {id(index.notes): index for index in self.indexes}
        self.score, self.track, self.selection = state.score, state.track, state.selection
        self.indexes = [known.get(id(track.notes)) or NoteIndex(track.notes) for track in self.score.tracks]
        end, meters = self.end, self._meters
        self.end = max((float(index.end.max()) for index in self.indexes if len(index)), default=0.0)
        self._meters = state.score.meters
        if (self.end, self._meters) != (end, meters):
            self.bars = Bars(state.score, self.end + ROOM)
        self.draft = None
        self.changed.emit()
