"""Chords of a key, which may follow which, and the cadences that end phrases.

Pitches are counted in semitones from the tonic. The chords, their inversions and what usually follows what are those
of any book on the harmony of the common practice, such as Piston, Harmony (1941); the weights are our own.
"""

from dataclasses import dataclass
from random import Random

MAJOR_SCALE = frozenset({0, 2, 4, 5, 7, 9, 11})
MINOR_SCALE = frozenset({0, 2, 3, 5, 7, 8, 10})


@dataclass(frozen=True)
class Chord:
    """A chord of a key: its `tones` from the root up, and what it costs to stand on each of them.

    `leading` goes a semitone up and `seventh` a step down (-1: there is none); an inversion of None is never used.
    """

    name: str
    tones: tuple[int, ...]
    inversions: tuple[float | None, ...]
    leading: int = -1
    seventh: int = -1


def _chord(name: str, tones: str, inversions: str, leading: int = -1, seventh: int = -1) -> Chord:
    costs = tuple(None if cost == "-" else float(cost) for cost in inversions.split())
    return Chord(name, tuple(int(tone) for tone in tones.split()), costs, leading, seventh)


_COMMON = (
    _chord("V", "7 11 2", "0 .3 -", 11),
    _chord("V7", "7 11 2 5", ".3 .3 .6 .5", 11, 5),
    _chord("vii", "11 2 5", "- 0 -", 11, 5),
    _chord("V/V", "2 6 9", ".4 .2 -", 6),
    _chord("V7/V", "2 6 9 0", ".4 .2 .8 .8", 6, 0),
)
MAJOR = {
    chord.name: chord
    for chord in (
        _chord("I", "0 4 7", "0 .2 -"),
        _chord("I64", "0 4 7", "- - 0"),
        _chord("ii", "2 5 9", ".4 0 -"),
        _chord("ii7", "2 5 9 0", ".6 0 - .9", seventh=0),
        _chord("iii", "4 7 11", "0 - -"),
        _chord("IV", "5 9 0", "0 .3 -"),
        _chord("vi", "9 0 4", "0 1.5 -"),
        _chord("V7/IV", "0 4 7 10", ".5 .2 .8 .6", 4, 10),
        _chord("V7/vi", "4 8 11 2", ".5 .2 .8 .8", 8, 2),
        _chord("V/ii", "9 1 4", ".5 .2 -", 1),
        *_COMMON,
    )
}
MINOR = {
    chord.name: chord
    for chord in (
        _chord("I", "0 3 7", "0 .2 -"),
        _chord("I64", "0 3 7", "- - 0"),
        _chord("ii", "2 5 8", "- 0 -"),
        _chord("ii7", "2 5 8 0", "- 0 - -", seventh=0),
        _chord("III", "3 7 10", "0 .8 -"),
        _chord("IV", "5 8 0", "0 .3 -"),
        _chord("VI", "8 0 3", "0 1.5 -"),
        _chord("VII", "10 2 5", ".2 .5 -"),
        _chord("V7/IV", "0 4 7 10", ".5 .2 .8 .6", 4, 10),
        _chord("V7/III", "10 2 5 8", ".4 .4 - .8", 2, 8),
        _chord("I+", "0 4 7", "0 - -"),
        *_COMMON,
    )
}
_AFTER_MAJOR: dict[str, dict[str, float]] = {
    "I": {
        "IV": 3,
        "V": 3,
        "vi": 2.5,
        "ii": 2,
        "I": 0.5,
        "iii": 0.6,
        "V7": 1.5,
        "vii": 1.2,
        "V7/IV": 0.5,
        "V/V": 0.4,
        "V7/vi": 0.4,
        "V/ii": 0.4,
    },
    "ii": {"V": 3, "V7": 2.5, "vii": 1, "V7/V": 0.4},
    "ii7": {"V": 3, "V7": 1.5},
    "iii": {"vi": 3, "IV": 2.5},
    "IV": {"V": 3, "I": 2, "ii": 1.5, "V7": 1, "vii": 0.8, "ii7": 0.8, "V/V": 0.5},
    "V": {"I": 4, "vi": 1.4, "V7": 0.8, "V": 0.5},
    "V7": {"I": 5, "vi": 1},
    "vi": {"ii": 2.5, "IV": 2.5, "V": 1, "ii7": 1, "V/V": 0.6, "iii": 0.4, "I": 0.4},
    "vii": {"I": 1},
    "V/V": {"V": 4, "V7": 0.8},
    "V7/V": {"V": 1},
    "V7/IV": {"IV": 1},
    "V7/vi": {"vi": 1},
    "V/ii": {"ii": 1},
}
_AFTER_MINOR: dict[str, dict[str, float]] = {
    "I": {
        "IV": 3,
        "V": 3,
        "VI": 2,
        "ii": 1.5,
        "I": 0.5,
        "V7": 1.5,
        "vii": 1.2,
        "III": 1,
        "VII": 0.8,
        "V7/IV": 0.4,
        "V/V": 0.3,
        "V7/III": 0.3,
    },
    "ii": {"V": 3, "V7": 2},
    "ii7": {"V": 3, "V7": 1},
    "III": {"VI": 3, "IV": 2, "VII": 0.6},
    "IV": {"V": 3, "I": 2, "ii": 1, "V7": 1, "VII": 0.8, "ii7": 0.8},
    "V": {"I": 4, "VI": 1.2, "V7": 0.6, "V": 0.5},
    "V7": {"I": 5, "VI": 0.8},
    "VI": {"ii": 2, "IV": 2.5, "III": 1, "ii7": 0.8, "VII": 0.5},
    "VII": {"III": 3, "V7/III": 0.5},
    "vii": {"I": 1},
    "V/V": {"V": 1},
    "V7/V": {"V": 1},
    "V7/IV": {"IV": 1},
    "V7/III": {"III": 1},
}
CADENCES = {
    "authentic": ("V", "I"),
    "authentic with a seventh": ("V7", "I"),
    "cadential six-four": ("I64", "V7", "I"),
    "half": ("V",),
    "plagal": ("IV", "I"),
}
"""The chords that a phrase may end with; in root position, but for the six-four."""
_BEFORE = {
    "authentic": (("ii", 3.0), ("IV", 3.0), ("ii7", 2.0), ("I", 1.0)),
    "authentic with a seventh": (("ii", 3.0), ("IV", 3.0), ("ii7", 1.0)),
    "cadential six-four": (("ii", 3.0), ("IV", 3.0), ("ii7", 2.0)),
    "half": (("I", 3.0), ("IV", 2.0), ("ii", 2.0), ("V/V", 1.5), ("I64", 1.0)),
    "plagal": (("I", 1.0),),
}


def chords_of(*, minor: bool) -> dict[str, Chord]:
    """Return the chords of a mode by their names."""
    return MINOR if minor else MAJOR


def phrase(rng: Random, count: int, cadence: str, *, minor: bool, start: str = "I") -> list[str]:
    """Draw the names of `count` chords that lead from one to a cadence; three at least more than the cadence has."""
    after = _AFTER_MINOR if minor else _AFTER_MAJOR
    end = CADENCES[cadence]
    while True:
        before = _drawn(rng, dict(_BEFORE[cadence]))
        walk = [start]
        while len(walk) < count - len(end) - 1:
            walk.append(_drawn(rng, after[walk[-1]]))
        if before in after[walk[-1]] and (before != walk[-1] or before == "I"):
            return [*walk, before, *end]
        if before == "I64" and walk[-1] in ("ii", "IV"):
            return [*walk, before, *end]


def _drawn(rng: Random, weights: dict[str, float]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]
