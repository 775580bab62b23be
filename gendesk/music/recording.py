"""What somebody plays on keys, as a piece of music on a grid."""

from gendesk.music.ports import NoteEvent
from gendesk.music.quantising import quantised
from gendesk.music.score import Meter, Note, Score, Tempo, Track

STEPS = 4
"""Steps of a beat to which notes are moved: sixteenths."""


class Take:
    """Keys in the order in which they were pressed and let go; the piece begins with the first of them."""

    def __init__(self, bpm: float, program: int = 0) -> None:
        """`bpm` says how long a beat was for whoever played; `program` is the instrument of the piece."""
        self._bpm = bpm
        self._program = program
        self._held: dict[int, NoteEvent] = {}
        self._played: list[tuple[NoteEvent, float]] = []
        self._began = 0.0

    @property
    def count(self) -> int:
        """How many notes have begun so far."""
        return len(self._played) + len(self._held)

    def add(self, event: NoteEvent) -> None:
        """Take the next event. What ends without having begun, as a key that was held before, is passed over."""
        self._end(event.pitch, event.seconds)
        if event.velocity:
            if not self.count:
                self._began = event.seconds
            self._held[event.pitch] = event

    def score(self, until: float) -> Score:
        """Return what was played, in sixteenths; keys that are still held end at `until`, in the seconds of events.

        All channels of an instrument become one track. Without a note the score has none.
        """
        for pitch in list(self._held):
            self._end(pitch, until)
        notes = (self._note(event, end) for event, end in self._played)
        track = Track(program=self._program).with_notes(notes)
        played = Score((track,), (Tempo(0.0, self._bpm),), (Meter(0.0, 4, 4),))
        return quantised(played, STEPS)

    def _end(self, pitch: int, seconds: float) -> None:
        begun = self._held.pop(pitch, None)
        if begun is not None:
            self._played.append((begun, seconds))

    def _note(self, event: NoteEvent, end: float) -> Note:
        beats = self._bpm / 60
        length = max(0.0, end - event.seconds) * beats
        return Note((event.seconds - self._began) * beats, event.pitch, length, event.velocity)
