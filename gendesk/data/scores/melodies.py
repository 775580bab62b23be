"""Tunes for one voice: motives that come again, vary and move in steps, over a harmony that is only thought."""

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from random import Random

from gendesk.data.progress import Progress
from gendesk.data.scores.reading import Candidate, RawScores
from gendesk.music.score import Key, Meter, Note, Score, Tempo, Track

COUNT = 1_000
_VERSION = "1"
_SEED = 86_421
_FLUTE, _VELOCITY, _ACCENT = 73, 78, 10
_MIDDLE_C = 60
_LOWEST, _HIGHEST = -3, 7
"""Steps of the scale that a tune reaches below and above its tonic: an octave and a half."""
_NARROWEST, _WIDEST, _OCTAVE = 7, 18, 12
_AWKWARD = frozenset({6, 10, 11})
_WIDE_LEAP = 8


@dataclass(frozen=True)
class Mode:
    """A scale in semitones from the tonic, the key signature that people know it by, and how often it is drawn."""

    scale: tuple[int, ...]
    minor: bool
    weight: float


MODES = {
    "major": Mode((0, 2, 4, 5, 7, 9, 11), minor=False, weight=10.0),
    "minor": Mode((0, 2, 3, 5, 7, 8, 10), minor=True, weight=6.0),
    "dorian": Mode((0, 2, 3, 5, 7, 9, 10), minor=True, weight=1.5),
    "mixolydian": Mode((0, 2, 4, 5, 7, 9, 10), minor=False, weight=1.5),
}
_SHARPS = (-4, -3, -2, -2, -1, -1, 0, 0, 0, 1, 1, 2, 2, 3, 4)
# Lengths of the notes of a bar in quarter notes; those with few notes stand first, and close phrases.
_RHYTHMS: dict[tuple[int, int], tuple[str, ...]] = {
    (2, 4): ("1 1", "1 .5 .5", ".5 .5 1", ".5 .5 .5 .5", "1.5 .5", ".75 .25 1", ".5 .25 .25 1", ".75 .25 .5 .5"),
    (3, 4): ("2 1", "1 1 1", "1.5 .5 1", "1 .5 .5 1", "1 1 .5 .5", ".5 .5 1 1", "2 .5 .5", "1 .5 .5 .5 .5"),
    (4, 4): ("2 2", "1 1 2", "1 1 1 1", "1.5 .5 1 1", "1 .5 .5 1 1", ".5 .5 1 1 1", "1.5 .5 .5 .5 1",
             "1 1 .5 .5 .5 .5", "2 1 .5 .5", "1.5 .5 2", ".75 .25 1 1 1"),
    (6, 8): ("1.5 1.5", "1 .5 1 .5", "1.5 .5 .5 .5", ".5 .5 .5 1.5", ".5 .5 .5 .5 .5 .5", "1 .5 .5 .5 .5",
             ".75 .25 .5 1 .5", ".5 .5 .5 1 .5"),
}  # fmt: skip
_CLOSES = {(2, 4): ("2", "1 1"), (3, 4): ("3", "2 1"), (4, 4): ("4", "1 3", "2 2", "1 1 2"), (6, 8): ("3", "1 .5 1.5")}
_METERS = (((4, 4), 4.0), ((3, 4), 3.0), ((2, 4), 2.0), ((6, 8), 3.0))
# The harmony of four bars as steps of the scale, towards a half close and towards a full one.
_OPEN = ((0, 0, 3, 4), (0, 3, 0, 4), (0, 4, 0, 4), (0, 5, 1, 4), (0, 0, 1, 4))
_SHUT = ((0, 3, 4, 0), (0, 0, 4, 0), (0, 1, 4, 0), (0, 5, 4, 0), (3, 0, 4, 0))
_BRIDGE = ((3, 3, 0, 4), (5, 1, 4, 4), (4, 0, 1, 4), (3, 0, 1, 4))
_FORMS = (("period", 4.0), ("AABA", 4.0), ("ABAC", 3.0), ("AAB", 2.0))
_SHAPES = ((0, 1, 2, 1, 0, -1), (0, -1, -2, -1, 0, 1), (0, 1, 2, 3, 4, 3), (0, 2, 1, 0, -1, 0), (0, -1, 0, 1, 2, 1),
           (0, 2, 4, 3, 2, 1), (0, 0, 1, 0, -1, 0), (0, -1, -2, -3, -2, -1), (0, 2, 0, 1, -1, 0), (0, 1, -1, 0, 2, 1),
           (0, 3, 2, 1, 0, -1), (0, -2, -1, 0, 1, 2))  # fmt: skip


@dataclass(frozen=True)
class Motive:
    """A bar without a place: how long its notes are, in quarter notes, and their steps from the first one."""

    lengths: tuple[float, ...]
    steps: tuple[int, ...]


@dataclass(frozen=True)
class _Sung:
    """A bar in its place: lengths, and steps of the scale above the tonic."""

    lengths: tuple[float, ...]
    degrees: tuple[int, ...]
    chord: int


def version() -> str:
    return _VERSION


def read(progress: Progress) -> RawScores:
    """List the tunes, each of which is composed when it is read."""
    progress.update(0.0, "Composing melodies")
    return RawScores(tuple(Candidate(f"Melody {number + 1}", partial(compose, number)) for number in range(COUNT)))


def compose(number: int) -> Score:
    """Compose one tune, always the same one for a number."""
    rng = Random(_SEED + number)
    meter = rng.choices([one for one, _ in _METERS], [weight for _, weight in _METERS])[0]
    mode = MODES[rng.choices(list(MODES), [mode.weight for mode in MODES.values()])[0]]
    sharps = rng.choice(_SHARPS)
    while True:  # a tune that nobody can sing is drawn anew
        notes = _notes(_Tune(rng, meter).bars(), meter, mode, sharps)
        if singable([note.pitch for note in notes]):
            break
    return Score(
        tracks=(Track(notes, "Melody", _FLUTE, 0),),
        tempos=(Tempo(0.0, float(rng.randrange(84, 133, 4))),),
        meters=(Meter(0.0, *meter),),
        keys=(Key(0.0, sharps, mode.minor),),
        title=f"Melody {number + 1}",
    )


def singable(pitches: list[int]) -> bool:
    """Tell whether a line can be sung: a fifth to an octave and a half wide, no awkward leaps, wide ones turn back."""
    moves = [after - before for before, after in pairwise(pitches)]
    if not _NARROWEST <= max(pitches) - min(pitches) <= _WIDEST or any(abs(move) in _AWKWARD for move in moves):
        return False
    if any(
        not move and not following and not third
        for move, following, third in zip(moves, moves[1:], moves[2:], strict=False)
    ):
        return False
    turned = all(abs(move) < _WIDE_LEAP or following * move <= 0 for move, following in pairwise(moves))
    return turned and max(abs(move) for move in moves) <= _OCTAVE and 0 < abs(moves[-1]) <= 2


class _Tune:
    """Draws the bars of a tune."""

    def __init__(self, rng: Random, meter: tuple[int, int]) -> None:
        self._rng = rng
        self._meter = meter
        self._level = rng.choice((0, 2, 4))

    def bars(self) -> list[_Sung]:
        """Build a form of 8, 12 or 16 bars from phrases of four."""
        first, second = self._motive(), self._motive()
        form = self._rng.choices([one for one, _ in _FORMS], [weight for _, weight in _FORMS])[0]
        opening = self._phrase(first, second, self._rng.choice(_OPEN))
        closing = self._closing(opening, self._rng.choice(_SHUT))
        if form == "period":
            return [*opening, *closing]
        contrast = self._phrase(self._motive(), self._varied(second), self._rng.choice(_BRIDGE), higher=2)
        if form == "AAB":
            return [*opening, *opening, *closing]
        if form == "AABA":
            return [*opening, *closing, *contrast, *closing]
        return [*opening, *contrast, *opening, *closing]

    def _motive(self) -> Motive:
        lengths = tuple(float(length) for length in self._rng.choice(_RHYTHMS[self._meter]).split())
        shape = self._rng.choice(_SHAPES)
        return Motive(lengths, shape[: len(lengths)])

    def _varied(self, motive: Motive) -> Motive:
        """Turn a motive upside down, or give it the rhythm of another one with as many notes."""
        if self._rng.random() < 0.5:
            return Motive(motive.lengths, tuple(-step for step in motive.steps))
        like = [one.split() for one in _RHYTHMS[self._meter] if len(one.split()) == len(motive.lengths)]
        return Motive(tuple(float(length) for length in self._rng.choice(like)), motive.steps)

    def _phrase(self, one: Motive, other: Motive, harmony: tuple[int, ...], higher: int = 0) -> list[_Sung]:
        """Sing a motive, again or a step on, then another one, and a close."""
        plan = self._rng.choice(("sequence", "sequence", "repeat", "answer"))
        start = self._level + higher
        move = self._rng.choice((-1, 1, -2)) if plan == "sequence" else 0
        second = other if plan == "answer" else one
        third = one if plan == "answer" else self._rng.choice((other, other, self._varied(one)))
        bars = [self._sung(one, start, harmony[0]), self._sung(second, start + move, harmony[1])]
        bars.append(self._sung(third, bars[-1].degrees[-1] + self._rng.choice((-1, 1)), harmony[2]))
        return [*bars, self._close(bars[-1].degrees[-1], harmony[3])]

    def _closing(self, opening: list[_Sung], harmony: tuple[int, ...]) -> list[_Sung]:
        """Begin as the opening does, and end on the tonic from the step above or below it."""
        same = harmony[1] == opening[1].chord or self._rng.random() < 0.6
        bars = [opening[0], opening[1] if same else self._again(opening[1])]
        motive = self._motive()
        bars.append(self._sung(motive, bars[-1].degrees[-1] + self._rng.choice((-1, 0, 1)), harmony[2]))
        octave = 7 if sum(bars[-1].degrees) / len(bars[-1].degrees) > 4 else 0
        step = bars[-1].degrees[-1] - octave
        approach = 1 if step > 0 else -1
        degrees = _towards(bars[-1].degrees, octave + approach)
        bars[-1] = _Sung(bars[-1].lengths, degrees, harmony[2])
        return [*bars, _Sung((self._bar_length(),), (octave,), 0)]

    def _again(self, bar: _Sung) -> _Sung:
        """Sing a bar a step higher or lower."""
        move = self._rng.choice((-1, 1))
        return _Sung(bar.lengths, tuple(_bounded(degree + move) for degree in bar.degrees), bar.chord)

    def _sung(self, motive: Motive, start: int, chord: int) -> _Sung:
        """Put a motive near a step, its first note and the long ones on notes of the chord."""
        first = _nearest(start, chord)
        degrees: list[int] = []
        for length, step in zip(motive.lengths, motive.steps, strict=True):
            degree = _bounded(first + step)
            degrees.append(_nearest(degree, chord) if length >= 1.5 or not degrees else degree)
        return _Sung(motive.lengths, tuple(degrees), chord)

    def _close(self, before: int, chord: int) -> _Sung:
        lengths = tuple(float(length) for length in self._rng.choice(_CLOSES[self._meter]).split())
        last = _nearest(before + self._rng.choice((-1, 1)), chord)
        degrees = _towards((before,) * len(lengths), last) if len(lengths) > 1 else (last,)
        return _Sung(lengths, (*degrees[:-1], last), chord)

    def _bar_length(self) -> float:
        count, unit = self._meter
        return 4 * count / unit


def _nearest(degree: int, chord: int) -> int:
    """Return the note of a triad that is nearest to a step of the scale, within the range of a tune."""
    tones = [step for step in range(_LOWEST, _HIGHEST + 1) if (step - chord) % 7 in (0, 2, 4)]
    return min(tones, key=lambda tone: (abs(tone - degree), tone))


def _bounded(degree: int) -> int:
    """Fold a step that is too high or too low back into the range."""
    if degree > _HIGHEST:
        return 2 * _HIGHEST - degree
    return 2 * _LOWEST - degree if degree < _LOWEST else degree


def _towards(degrees: tuple[int, ...], goal: int) -> tuple[int, ...]:
    """Bend the end of a line so that it comes to a goal by steps, as far back as it is too far away."""
    bent = list(degrees)
    bent[-1] = goal
    for at in range(len(bent) - 2, -1, -1):
        gap = bent[at] - bent[at + 1]
        if abs(gap) <= 2 and gap:
            break
        bent[at] = _bounded(bent[at + 1] + (1 if gap >= 0 else -1))
    return tuple(bent)


def _notes(bars: list[_Sung], meter: tuple[int, int], mode: Mode, sharps: int) -> tuple[Note, ...]:
    tonic = _MIDDLE_C + (7 * sharps + 9 * mode.minor) % 12
    line = [
        (degree, length, bar.chord) for bar in bars for degree, length in zip(bar.degrees, bar.lengths, strict=True)
    ]
    notes = []
    place, bar = 0.0, 4 * meter[0] / meter[1]
    for at, (degree, length, chord) in enumerate(line):
        following = line[at + 1][0] if at + 1 < len(line) else degree
        pitch = tonic + 12 * (degree // 7) + mode.scale[degree % 7] + _raised(degree, following, chord, mode)
        velocity = _VELOCITY + (_ACCENT if place % bar == 0 else 0)
        notes.append(Note(place, pitch, length, velocity))
        place += length
    return tuple(notes)


def _raised(degree: int, following: int, chord: int, mode: Mode) -> int:
    """Raise the seventh step of minor over the dominant, and where it rises to the tonic; and the sixth before it."""
    if mode != MODES["minor"]:
        return 0
    if degree % 7 == 6:
        return int(chord == 4 or following == degree + 1)
    return int(degree % 7 == 5 and (following == degree + 1 or chord == 4))
