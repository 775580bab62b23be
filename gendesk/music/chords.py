"""A piece as one row of chords: whenever a note begins or ends, there is a new one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from gendesk.errors import InputError
from gendesk.music.keys import note_name, pitch_of
from gendesk.music.score import Score

REST = "rest"
MOST_PITCHES = 2_000_000
"""The most notes of all chords of a piece: keys that are held below many short notes are in each chord anew."""


@dataclass(frozen=True, slots=True)
class Chord:
    """What sounds from a beat on for some beats: pitches from low to high, none for a rest."""

    start: float
    length: float
    pitches: tuple[int, ...]


def chordified(score: Score) -> list[Chord]:
    """Merge the notes of all tracks but drums into chords and rests, without gaps from beat 0 to the end.

    A chord ends where any note begins or ends, as in music21's chordify; notes that sound on are in the next one, too.
    Notes of no length are left out. Raises InputError if the chords have more notes in all than can be handled.
    """
    resolution = score.resolution
    begin: dict[int, list[int]] = {}
    end: dict[int, list[int]] = {}
    for track in score.tracks:
        for note in () if track.is_drums else track.notes:
            start = round(note.start * resolution)
            stop = start + round(note.length * resolution)
            if stop > start:
                begin.setdefault(start, []).append(note.pitch)
                end.setdefault(stop, []).append(note.pitch)
    sounding: Counter[int] = Counter()
    chords, total = [], 0
    for start, stop in pairwise(sorted({0, *begin, *end})):
        sounding.update(begin.get(start, ()))
        sounding.subtract(end.get(start, ()))
        pitches = tuple(sorted(pitch for pitch, count in sounding.items() if count))
        total += len(pitches)
        if total > MOST_PITCHES:
            raise InputError(f"The piece would become chords of more than {MOST_PITCHES:,} notes.")
        chords.append(Chord(start / resolution, (stop - start) / resolution, pitches))
    return chords


def chord_name(pitches: tuple[int, ...]) -> str:
    """Return the names of the pitches from low to high with dots between, such as G2.D3.B3, or "rest" for none."""
    return ".".join(map(note_name, pitches)) or REST


def chord_pitches(name: str) -> tuple[int, ...]:
    """Return the pitches of a name of `chord_name`; raises ValueError if it is none."""
    return () if name == REST else tuple(_rising(name))


def _rising(name: str) -> Iterator[int]:
    before = -1
    for part in name.split("."):
        pitch = pitch_of(part)
        if pitch <= before:
            raise ValueError(f"The notes of {name} do not rise.")
        yield (before := pitch)
