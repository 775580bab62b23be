"""Names of notes and keys, and the key that a piece is probably in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gendesk.music.score import Key, Note, Score

NO_KEY = Key(0.0, 0)
"""C major, whose spelling is also that of notes without a key: C sharp, E flat, F sharp, G sharp and B flat."""

# How well listeners found that the twelve notes, from the tonic up, fit into a key: Krumhansl and Kessler, Tracing the
# Dynamic Changes in Perceived Tonal Organization (1982); printed in Krumhansl, Cognitive Foundations of Musical Pitch
# (1990), table 2.1.
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)

_FIFTHS = "FCGDAEB"
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_MINUS = "\N{MINUS SIGN}"
_SPELT = re.compile(rf"([A-G])(#*|♯*|b*|♭*|-*)({_MINUS}?\d)")


@dataclass(frozen=True, slots=True)
class KeyGuess:
    """A key and how well a piece fits it: the correlation, -1 to 1."""

    key: Key
    correlation: float


def note_name(pitch: int, key: Key = NO_KEY, *, flat: str = "-", sharp: str = "#") -> str:
    """Return the name of a pitch with its octave: 60 is C4, and 58 is B-3, as music21 has it, or with "♭" B♭3.

    The octave below 0 has a real minus sign, so that it is not taken for a flat. A key spells the notes of its scale,
    and others from the two fifths below it and the three above.
    """
    fifth = _fifth(pitch, key)
    octave = (pitch - _accidentals(fifth)) // 12 - 1
    return _spelt(fifth, flat, sharp) + (str(octave) if octave >= 0 else f"{_MINUS}{-octave}")


def pitch_of(name: str) -> int:
    """Return the pitch of a name that `note_name` may give; raises ValueError if it is none, or not within 0 to 127."""
    found = _SPELT.fullmatch(name)
    if not found:
        raise ValueError(f"{name} is not the name of a note.")
    letter, accidental, octave = found.groups()
    shift = len(accidental) if accidental[:1] in ("#", "♯") else -len(accidental)
    pitch = _STEPS[letter] + shift + 12 * (int(octave.replace(_MINUS, "-")) + 1)
    if not 0 <= pitch <= 127:
        raise ValueError(f"{name} is not within the range of MIDI.")
    return pitch


def tonic(key: Key) -> int:
    """Return the pitch class of the first note of a key's scale: 0 for C to 11 for B."""
    return (7 * key.sharps + 9 * key.minor) % 12


def tonic_name(key: Key, *, flat: str = "♭", sharp: str = "♯") -> str:
    """Return the name of the first note of a key's scale."""
    return _spelt(key.sharps + 3 * key.minor, flat, sharp)


def key_name(key: Key) -> str:
    """Return a key's name, such as B♭ major or F♯ minor."""
    return f"{tonic_name(key)} {'minor' if key.minor else 'major'}"


def key_at(score: Score, beat: float) -> Key:
    """Return the key signature at a beat, or `NO_KEY` before the first."""
    return max((key for key in score.keys if key.beat <= beat), key=lambda key: key.beat, default=NO_KEY)


def key_of(tonic: int, *, minor: bool = False, beat: float = 0.0) -> Key:
    """Return the key on a pitch class with the fewest accidentals: five flats to six sharps."""
    return Key(beat, (7 * (tonic + 3 * minor) + 5) % 12 - 5, minor)


def estimated_keys(score: Score) -> list[KeyGuess]:
    """Return the 24 keys, the likeliest first; none if no note lasts, drums left out.

    The durations of the twelve pitch classes are correlated with the profiles of the keys: the algorithm of Krumhansl
    and Schmuckler, in Krumhansl's Cognitive Foundations of Musical Pitch (1990), chapter 4.
    """
    weights = pitch_classes(note for track in score.tracks if not track.is_drums for note in track.notes)
    if not weights.any():
        return []
    guesses = []
    for minor, profile in ((False, _MAJOR), (True, _MINOR)):
        for first in range(12):
            key = key_of(first, minor=minor)
            guesses.append(KeyGuess(key, _correlation(weights, np.roll(profile, first))))
    return sorted(guesses, key=lambda guess: -guess.correlation)


def pitch_classes(notes: Iterable[Note]) -> np.ndarray:
    """Return how many beats each of the twelve pitch classes sounds, C first, float64."""
    weights = np.zeros(12)
    for note in notes:
        weights[note.pitch % 12] += note.length
    return weights


def _correlation(left: np.ndarray, right: np.ndarray) -> float:
    """Return Pearson's correlation; 0 if all twelve notes are as frequent."""
    left, right = left - left.mean(), right - right.mean()
    size = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(left @ right) / size if size > 1e-9 else 0.0


def _fifth(pitch: int, key: Key) -> int:
    """Return the place of a pitch's name in the row of fifths in which C is 0, G 1 and F -1."""
    low = key.sharps - 3
    return low + (7 * pitch - low) % 12


def _accidentals(fifth: int) -> int:
    """Return how many sharps a name has, or flats as a negative number."""
    return (fifth + 1) // 7


def _spelt(fifth: int, flat: str, sharp: str) -> str:
    shift = _accidentals(fifth)
    return _FIFTHS[(fifth + 1) % 7] + (sharp * shift if shift > 0 else flat * -shift)
