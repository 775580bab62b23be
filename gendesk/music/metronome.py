"""The clicks of a metronome: one for each beat of the time signature, another for the first of a bar."""

from collections.abc import Iterator
from itertools import pairwise

from gendesk.music.score import Note, Score

ACCENT, CLICK = 76, 77
"""The high and the low wood block of General MIDI's percussion."""

LENGTH = 0.1
"""Beats; a wood block rings as long as it likes."""


def clicks(score: Score, end: float) -> Iterator[Note]:
    """Yield a click for each beat of the time signatures, from 0 to before `end`, as notes for the drums' channel."""
    starts = [*score.bars(end), end]
    for start, stop in pairwise(starts):
        unit = 4 / score.meter_at(start).unit
        number, place = 0, start
        while place < stop - 1e-9:
            yield Note(place, CLICK if number else ACCENT, LENGTH, 80 if number else 110)
            number += 1
            place = start + number * unit
