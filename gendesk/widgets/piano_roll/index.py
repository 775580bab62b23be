"""The notes of a track as arrays, sorted by their starts, so that those in view are found at once."""

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from gendesk.music.score import Note


class NoteIndex:
    """Notes (n,) in the order of `Note`: `start`, `length` and `end` in beats, `pitch` and `velocity` as in MIDI."""

    def __init__(self, notes: tuple[Note, ...]) -> None:
        self.notes = notes
        table = np.array([(n.start, n.length, n.pitch, n.velocity) for n in notes], np.float64).reshape(-1, 4)
        self.start, self.length = table[:, 0].copy(), table[:, 1].copy()
        self.end = self.start + self.length
        self.pitch = table[:, 2].astype(np.int64)
        self.velocity = table[:, 3].astype(np.int64)
        self._values: Mapping[Note, float] | None = None
        self._numbers = np.empty(0)
        # Ends are not in order, but the latest end so far is: nothing before its place reaches into the view.
        self._reach = np.maximum.accumulate(self.end) if notes else self.end

    def __len__(self) -> int:
        return len(self.notes)

    def within(self, first: float, last: float, low: int = 0, high: int = 127) -> NDArray[np.int64]:
        """Return the numbers of the notes that sound between two beats and two pitches, both included."""
        begin = int(np.searchsorted(self._reach, first, "left"))
        stop = int(np.searchsorted(self.start, last, "right"))
        part = slice(begin, stop)
        inside = (self.end[part] >= first) & (self.pitch[part] >= low) & (self.pitch[part] <= high)
        return np.flatnonzero(inside) + begin

    def at(self, beat: float, pitch: int, slack: float) -> Note | None:
        """Return the note that is drawn on top at a place; `slack` beats beside it count, too."""
        found = self.within(beat - slack, beat + slack, pitch, pitch)
        if not len(found):
            return None
        distance = np.maximum(self.start[found] - beat, beat - self.end[found]).clip(0)
        return self.notes[int(found[len(found) - 1 - int(np.argmin(distance[::-1]))])]

    def numbers(self, values: Mapping[Note, float]) -> NDArray[np.float64]:
        """Return a number for each note (n,), NaN where there is none; kept for the next time."""
        if self._values is not values:
            self._values = values
            self._numbers = np.array([values.get(note, np.nan) for note in self.notes], np.float64)
        return self._numbers

    def mask(self, chosen: Collection[Note]) -> NDArray[np.bool_]:
        """Tell which notes are among the chosen ones: (n,)."""
        if not chosen:
            return np.zeros(len(self.notes), np.bool_)
        return np.fromiter((note in chosen for note in self.notes), np.bool_, len(self.notes))
