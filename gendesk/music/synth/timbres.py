"""What instruments are made of: partials, how they begin, fade and end, and which one a General MIDI program means."""

from dataclasses import dataclass

RATE = 44_100
"""Samples a second."""


@dataclass(frozen=True, slots=True)
class Timbre:
    """An instrument as a sum of partials.

    `slope` is the power of its number by which a partial is weaker; `odd` the share that even partials are left with:
    1 for a string, 0 for a clarinet's tube; `pluck` the place on the string that is struck, whose multiples are silent;
    `ratios` replace the whole numbers of harmonics, with `weights`. `stretch` is the inharmonicity of a stiff string.
    `ring` are the seconds in which a C4 falls by 60 dB, or None for what sounds as long as its key is down; `damping`
    makes high partials fade faster. `attack` and `release` are seconds. `chorus` are the players beside the first one,
    each out of tune by so many cents. `tremolo` is (times a second, depth), `formants` (hertz, width, gain),
    and `breath` a burst of noise at the beginning. `brightness` says how much weaker high partials are when soft.
    """

    slope: float = 1.0
    partials: int = 40
    odd: float = 1.0
    pluck: float = 0.0
    ratios: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    stretch: float = 0.0
    ring: float | None = None
    damping: float = 0.5
    attack: float = 0.005
    release: float = 0.12
    chorus: tuple[int, ...] = ()
    tremolo: tuple[float, float] = (0.0, 0.0)
    formants: tuple[tuple[float, float, float], ...] = ()
    breath: float = 0.0
    brightness: float = 0.8
    level: float = 1.0


_AH = ((800.0, 120.0, 1.0), (1150.0, 140.0, 0.6), (2900.0, 250.0, 0.25))
"""The first formants of an "a" sung by a soprano: the table in the Csound manual, appendix "Formant Values"."""

_BAR = (1.0, 3.984, 10.668)
_GLOCKENSPIEL = (1.0, 2.756, 5.404, 8.933)
"""Marimba bars are cut so that their second mode is two octaves up; free bars have these modes: Fletcher and Rossing,
The Physics of Musical Instruments, chapter 19."""

_MEMBRANE = (1.0, 1.5, 1.98, 2.44)
"""Modes of a timpani with its air, by the same book, chapter 18."""

TIMBRES = {
    # The inharmonicity of a piano's C4, about 0.0004: Fletcher, Blackham and Stratton, JASA 34 (1962).
    "piano": Timbre(1.15, 32, pluck=0.12, stretch=4e-4, ring=7.0, damping=0.7, attack=0.002, release=0.16, breath=0.05),
    "electric piano": Timbre(
        ratios=(1.0, 2.0, 3.0, 7.0, 14.0), weights=(1.0, 0.25, 0.08, 0.12, 0.03), ring=6.0, damping=1.0, release=0.2
    ),
    "harpsichord": Timbre(0.7, 40, pluck=0.09, ring=4.0, damping=0.5, attack=0.001, release=0.08, brightness=0.1),
    "bell": Timbre(ratios=_GLOCKENSPIEL, weights=(1.0, 0.5, 0.25, 0.12), ring=5.0, damping=0.8, release=1.5),
    "mallet": Timbre(ratios=_BAR, weights=(1.0, 0.3, 0.08), ring=1.6, damping=1.2, release=0.4, breath=0.06),
    "timpani": Timbre(ratios=_MEMBRANE, weights=(1.0, 0.7, 0.35, 0.2), ring=1.8, damping=0.6, release=0.8, breath=0.1),
    "organ": Timbre(
        ratios=(0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0),
        weights=(0.25, 1.0, 0.7, 0.35, 0.35, 0.15, 0.15),
        attack=0.02,
        release=0.09,
        brightness=0.0,
        level=0.7,
    ),
    "accordion": Timbre(0.9, 24, attack=0.04, release=0.08, chorus=(9,), brightness=0.4, level=0.6),
    "guitar": Timbre(1.0, 36, pluck=0.2, stretch=5e-5, ring=3.5, damping=0.8, attack=0.001, release=0.1, breath=0.03),
    "harp": Timbre(1.5, 24, pluck=0.4, ring=4.0, damping=0.7, attack=0.001, release=0.7),
    "bass": Timbre(1.3, 24, pluck=0.15, stretch=3e-5, ring=3.0, damping=0.6, attack=0.003, release=0.08, level=1.1),
    "strings": Timbre(
        1.05, 40, attack=0.09, release=0.25, chorus=(-9, 5, 13), tremolo=(5.0, 0.04), level=0.7, brightness=0.7
    ),
    "violin": Timbre(0.95, 40, attack=0.06, release=0.12, chorus=(4,), tremolo=(6.0, 0.1), level=0.6),
    "choir": Timbre(0.6, 48, attack=0.16, release=0.35, chorus=(-7, 9), tremolo=(4.0, 0.05), formants=_AH, level=0.9),
    "brass": Timbre(0.8, 32, attack=0.05, release=0.1, chorus=(5,), brightness=1.6, level=0.7),
    "reed": Timbre(1.0, 32, odd=0.25, attack=0.04, release=0.09, tremolo=(5.0, 0.04), level=0.7),
    "flute": Timbre(
        ratios=(1.0, 2.0, 3.0, 4.0, 5.0),
        weights=(1.0, 0.35, 0.12, 0.05, 0.02),
        attack=0.06,
        release=0.1,
        tremolo=(5.0, 0.12),
        breath=0.05,
    ),
    "pad": Timbre(1.4, 24, attack=0.35, release=0.8, chorus=(-8, 8), tremolo=(1.0, 0.1), level=0.8),
}

# Sixteen groups of eight: General MIDI Level 1, the table of program groups.
_FAMILIES = (
    *("piano", "bell", "organ", "guitar", "bass", "strings", "strings", "brass"),
    *("reed", "flute", "reed", "pad", "pad", "guitar", "mallet", "pad"),
)
_OTHERS = {
    4: "electric piano",
    5: "electric piano",
    6: "harpsichord",
    7: "harpsichord",
    11: "electric piano",
    12: "mallet",
    13: "mallet",
    15: "harpsichord",
    21: "accordion",
    22: "accordion",
    23: "accordion",
    40: "violin",
    41: "violin",
    42: "violin",
    45: "harp",
    46: "harp",
    47: "timpani",
    52: "choir",
    53: "choir",
    54: "choir",
    55: "brass",
    91: "choir",
    105: "harpsichord",
    109: "reed",
    110: "violin",
    111: "reed",
    112: "bell",
}


def timbre_of(program: int) -> str:
    """Return the name of the instrument that stands for a General MIDI program, 0 to 127."""
    return _OTHERS.get(program, _FAMILIES[program // 8])
