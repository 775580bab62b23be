"""Brings a piece into the form that networks read: notes on a grid of steps, and dealt to a number of voices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby, pairwise

from gendesk.music.quantising import quantised
from gendesk.music.score import Note, Score, Track

VOICE_NAMES = {
    1: ("Melody",),
    2: ("Upper voice", "Lower voice"),
    3: ("Upper voice", "Middle voice", "Lower voice"),
    4: ("Soprano", "Alto", "Tenor", "Bass"),
}
_MIDDLE_C = 60


@dataclass(frozen=True)
class Arranged:
    """A piece on the grid; `moved` of its notes lay beside it, and `dropped` found no voice."""

    score: Score
    moved: int
    dropped: int


def arranged(score: Score, steps: int, voices: int) -> Arranged:
    """Move all notes to one of `steps` of a beat, and deal them to `voices` at most; 0 keeps all tracks.

    With voices, drums, controls and empty tracks are left out. A note is at least a step long.
    """
    moved = sum(1 for _, note in score.notes() if not _fits(note, steps))
    score = quantised(score, steps)
    tracks = list(score.tracks)
    dropped = 0
    if voices:
        dropped = sum(len(track.notes) for track in tracks if track.is_drums)
        tracks = [replace(track, controls=()) for track in tracks if track.notes and not track.is_drums]
        if len(tracks) > voices or any(_overlaps(track.notes) for track in tracks):
            before = sum(len(track.notes) for track in tracks)
            tracks = _dealt(tracks, voices)
            dropped += before - sum(len(track.notes) for track in tracks)
    return Arranged(replace(score, tracks=tuple(tracks)), moved, dropped)


def _fits(note: Note, steps: int) -> bool:
    return all(abs(place * steps - round(place * steps)) < 1e-6 for place in (note.start, note.length))


def _overlaps(notes: Sequence[Note]) -> bool:
    """Tell whether two notes sound at once; both lie on a grid, so that near misses are none."""
    return any(after.start < before.end - 1e-6 for before, after in pairwise(notes))


def _dealt(tracks: Sequence[Track], count: int) -> list[Track]:
    """Deal notes to voices so that higher ones come into higher voices and lines leap little.

    Where more notes begin at once than there are voices, the outer ones are kept; what still sounds makes room,
    the longest held first, and is cut.
    """
    notes = sorted(note for track in tracks for note in track.notes)
    hands: list[list[Note]] = [[] for _ in range(count)]
    for start, group in groupby(notes, key=lambda note: note.start):
        begun = _outer(sorted({note.pitch: note for note in group}.values(), key=lambda note: -note.pitch), count)
        free = [number for number, hand in enumerate(hands) if not hand or hand[-1].end <= start + 1e-6]
        held = sorted((number for number in range(count) if number not in free), key=lambda at: hands[at][-1].start)
        for number in held[: max(0, len(begun) - len(free))]:
            last = hands[number].pop()
            hands[number].append(replace(last, length=start - last.start))
            free.append(number)
        for number, note in zip(_nearest(begun, sorted(free), hands), begun, strict=True):
            hands[number].append(note)
    names = VOICE_NAMES.get(count, tuple(f"Voice {number + 1}" for number in range(count)))
    program = tracks[0].program
    return [
        Track(notes=tuple(hand), name=name, program=program, channel=number)
        for number, (hand, name) in enumerate(zip(hands, names, strict=True))
    ]


def _outer(notes: list[Note], count: int) -> list[Note]:
    """Return the highest notes and, as the last, the lowest one."""
    return notes if len(notes) <= count else [*notes[: count - 1], notes[-1]]


def _nearest(notes: Sequence[Note], free: Sequence[int], hands: Sequence[Sequence[Note]]) -> tuple[int, ...]:
    """Choose one of the free voices for each note, from high to low, so that they leap least altogether."""

    def leaps(chosen: tuple[int, ...]) -> float:
        return sum(abs(note.pitch - _usual(hands, number)) for note, number in zip(notes, chosen, strict=True))

    return min(combinations(free, len(notes)), key=leaps)


def _usual(hands: Sequence[Sequence[Note]], number: int) -> float:
    """Return where a voice was last, or where one of its place begins: voices lie about a fifth apart."""
    return hands[number][-1].pitch if hands[number] else _MIDDLE_C + 7 * ((len(hands) - 1) / 2 - number)
