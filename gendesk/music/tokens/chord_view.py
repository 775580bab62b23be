"""A piece as a row of chords and their durations, as the attention network for one line reads it.

Source: Foster, Generative Deep Learning (2019), chapter 7, where pieces are put through music21's chordify.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Self

import numpy as np
import numpy.typing as npt

from gendesk.music.chords import chord_name, chord_pitches, chordified
from gendesk.music.quantising import divided, quantised
from gendesk.music.score import RESOLUTION, Note, Score, Tempo, Track

START, UNKNOWN = "START", "?"
NOTHING = "0"
"""The duration of a start."""

Event = tuple[str, str]
"""The name of a chord, "rest" or `START`; and its duration in beats as a fraction, such as 1, 3/2 or 1/12."""

Int32Array = npt.NDArray[np.int32]


def chord_events(score: Score, steps: int = 12) -> list[Event]:
    """Return the chords of a piece, whose notes are first moved to a grid.

    It has `steps` a beat: 12 can tell 16ths and triplets. Rests before the first note are left out.
    """
    chords = chordified(quantised(score, steps))
    if chords and not chords[0].pitches:
        chords = chords[1:]
    return [(chord_name(chord.pitches), str(Fraction(round(chord.length * steps), steps))) for chord in chords]


def score_of_chords(events: Iterable[Event], bpm: float = 90.0, program: int = 0, velocity: int = 80) -> Score:
    """Return a piece of one track that plays chords one after another; starts and unknown chords are left out.

    Raises ValueError if a name or duration is none.
    """
    heard = [(chord_pitches(name), Fraction(length)) for name, length in events if name not in (START, UNKNOWN)]
    notes, place = [], Fraction(0)
    for pitches, length in heard:
        notes += [Note(float(place), pitch, float(length), velocity) for pitch in pitches]
        place += length
    resolution = divided(RESOLUTION, math.lcm(*(length.denominator for _, length in heard)))
    return Score((Track(tuple(notes), program=program),), (Tempo(0.0, bpm),), resolution=resolution)


@dataclass(frozen=True)
class ChordVocabulary:
    """The chords and durations that a model knows, `START` and `NOTHING` first; tokens are places among them."""

    chords: tuple[str, ...]
    durations: tuple[str, ...]
    _chord_places: dict[str, int] = field(init=False, repr=False, compare=False)
    _duration_places: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_chord_places", {name: place for place, name in enumerate(self.chords)})
        object.__setattr__(self, "_duration_places", {name: place for place, name in enumerate(self.durations)})

    @classmethod
    def learnt(cls, pieces: Iterable[Sequence[Event]], least: int = 1) -> Self:
        """Take all chords that stand in the pieces at least that often, and all durations.

        Chords are sorted by their pitches behind `START` and `UNKNOWN`, and durations by their length.
        """
        counts: Counter[str] = Counter()
        durations = {NOTHING}
        for piece in pieces:
            counts.update(name for name, _ in piece)
            durations.update(duration for _, duration in piece)
        chords = sorted((name for name, count in counts.items() if count >= least), key=chord_pitches)
        return cls((START, UNKNOWN, *chords), tuple(sorted(durations, key=Fraction)))

    def encode(self, events: Sequence[Event], starts: int = 0) -> Int32Array:
        """Return tokens of shape [starts + events, 2], chord and duration; the first `starts` of them are starts.

        A chord that is not known becomes `UNKNOWN`, a duration the nearest one.
        """
        unknown = self._chord_places[UNKNOWN]
        tokens = [(0, 0)] * starts
        tokens += [(self._chord_places.get(name, unknown), self._duration(length)) for name, length in events]
        return np.asarray(tokens, np.int32).reshape(-1, 2)

    def decode(self, tokens: npt.ArrayLike) -> list[Event]:
        """Return the chords of tokens of shape [events, 2]; raises IndexError if they are not of this vocabulary."""
        return list(self._spelt(np.asarray(tokens, np.int64).reshape(-1, 2)))

    def _spelt(self, tokens: npt.NDArray[np.int64]) -> Iterator[Event]:
        if tokens.size and tokens.min() < 0:
            raise IndexError("Tokens are not negative.")
        for chord, duration in tokens:
            yield self.chords[chord], self.durations[duration]

    def _duration(self, length: str) -> int:
        """Return the place of a duration, or of the nearest one; that of `START` only for itself."""
        if length in self._duration_places:
            return self._duration_places[length]
        wanted = Fraction(length)
        places = range(min(1, len(self.durations) - 1), len(self.durations))
        return min(places, key=lambda place: abs(Fraction(self.durations[place]) - wanted))
