"""Voice leading: finds the four voices of a row of chords that break no rule and cost least.

All ways to put a chord into four voices are listed, what each costs, and what each step from one to the next costs; the
cheapest path through them is found by dynamic programming (Viterbi, 1967). Costs are our own; the rules are those of
any book on the subject: no crossing, no parallel fifths and octaves, leading notes up, sevenths down.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from gendesk.data.dataset import Float32Array
from gendesk.data.scores.harmony import Chord

RANGES = ((60, 79), (55, 74), (48, 67), (40, 60))
"""The lowest and highest pitch of soprano, alto, tenor and bass."""
PAIRS = tuple(combinations(range(4), 2))
_NEVER = np.float32(1e6)
_X = float(_NEVER)
# What a voice pays for a move of 0 to 12 semitones.
_STEPS = np.array(
    [
        [1.1, 0.0, 0.0, 0.4, 0.6, 1.2, _X, 2.2, 4.0, 5.0, _X, _X, 5.0],
        [0.0, 0.1, 0.1, 0.5, 0.9, 1.5, _X, 3.0, _X, _X, _X, _X, _X],
        [0.0, 0.1, 0.1, 0.5, 0.9, 1.5, _X, 3.0, _X, _X, _X, _X, _X],
        [1.1, 0.0, 0.0, 0.5, 0.6, 0.7, _X, 0.9, 3.0, 4.0, _X, _X, 1.4],
    ],
    np.float32,
)
_LONGEST_LEAP = 12
_SIMILAR, _ALL_SIMILAR, _HIDDEN, _OVERLAP, _FALSE_RELATION = 0.4, 1.5, 2.0, 1.0, 4.0
_AUGMENTED_SECOND = 3
_OCTAVE, _LEADING = 12, 11


@dataclass(frozen=True, eq=False)
class Voicings:
    """All ways to sing a chord: pitches int32 (ways, 4) from the soprano down, and what each costs, float32 (ways,)."""

    chord: Chord
    tonic: int
    minor: bool
    pitches: NDArray[np.int32]
    costs: Float32Array


@lru_cache(maxsize=4096)
def voicings(chord: Chord, tonic: int, *, minor: bool) -> Voicings:
    """List the ways to sing a chord of the key of a tonic, 0 for C."""
    tones = [(tone + tonic) % 12 for tone in chord.tones]
    inversion = {tones[at]: cost for at, cost in enumerate(chord.inversions) if cost is not None}
    soprano, alto, tenor, bass = ([p for p in range(low, high + 1) if p % 12 in tones] for low, high in RANGES)
    once = {(tone + tonic) % 12 for tone in (chord.leading, chord.seventh, _LEADING) if tone >= 0}
    ways, costs = [], []
    for b in (pitch for pitch in bass if pitch % 12 in inversion):
        for t in (pitch for pitch in tenor if b < pitch <= b + 19):
            for a in (pitch for pitch in alto if t < pitch <= t + _OCTAVE):
                for s in (pitch for pitch in soprano if a < pitch <= a + _OCTAVE):
                    cost = _doubling(tones, [b % 12, t % 12, a % 12, s % 12], once)
                    if cost is not None:
                        ways.append((s, a, t, b))
                        costs.append(cost + inversion[b % 12] + 0.08 * max(0, t - b - _OCTAVE) + 0.03 * (s - t - 14))
    return Voicings(chord, tonic, minor, np.array(ways, np.int32).reshape(-1, 4), np.array(costs, np.float32))


def _doubling(tones: list[int], sung: list[int], once: set[int]) -> float | None:
    """Return what it costs to leave out the fifth or to double tones; None where that is never done."""
    counts = [sung.count(tone) for tone in tones]
    if any(sung.count(tone) > 1 for tone in once) or not counts[0] or not counts[1]:
        return None
    if len(tones) == 4:
        if not counts[3]:
            return None
        return 0.0 if counts[2] else 0.8 + (counts[1] > 1) * 3
    diminished = (tones[2] - tones[0]) % 12 == 6
    if not counts[2]:
        return None if diminished or counts[1] > 1 else 1.5
    if sung[0] == tones[2]:  # a six-four doubles its bass
        return 0.0 if counts[2] == 2 else 2.0
    if diminished:
        return (0.0, 3.0)[counts[1] != 2]
    return 1.2 * (counts[1] - 1) + 0.5 * (counts[2] - 1)


@lru_cache(maxsize=8192)
def moves(before: Voicings, after: Voicings) -> Float32Array:
    """Return what every step costs, float32 (ways before, ways after); a million and more is forbidden."""
    a, b = before.pitches, after.pitches
    delta = b[None, :, :] - a[:, None, :]
    leap = np.abs(delta)
    cost = np.zeros(leap.shape[:2], np.float32)
    for voice in range(4):
        steps = _STEPS[voice]
        cost += np.where(leap[..., voice] > _LONGEST_LEAP, _NEVER, steps[np.minimum(leap[..., voice], _LONGEST_LEAP)])
    moved = delta != 0
    for i, j in PAIRS:
        kinds_a, kinds_b = _perfect(a[:, i] - a[:, j]), _perfect(b[:, i] - b[:, j])
        same = (kinds_a[:, None] == kinds_b[None, :]) & (kinds_a > 0)[:, None]
        cost[same & moved[..., i] & moved[..., j]] += _NEVER
    up = np.sign(delta)
    together = (up[..., 0] == up[..., 3]) & moved[..., 0]
    cost += _SIMILAR * together
    cost += _ALL_SIMILAR * (together & (up[..., 1] == up[..., 0]) & (up[..., 2] == up[..., 0]))
    arrives = _perfect(b[:, 0] - b[:, 3]) > 0
    cost += _HIDDEN * (together & arrives[None, :] & (leap[..., 0] > 2))
    for upper in range(3):
        cost += _OVERLAP * ((b[None, :, upper + 1] > a[:, None, upper]) | (b[None, :, upper] < a[:, None, upper + 1]))
    return cost + _tendencies(before, after, delta) + _relations(before, after, delta)


def _perfect(intervals: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return 1 for octaves, 2 for fifths and 0 for anything else."""
    remainder = intervals % _OCTAVE
    return np.where(remainder == 0, 1, np.where(remainder == 7, 2, 0)).astype(np.int32)


def _tendencies(before: Voicings, after: Voicings, delta: NDArray[np.int32]) -> Float32Array:
    """Forbid leading notes that do not rise, sevenths that do not fall, and steps of three semitones in minor."""
    cost = np.zeros(delta.shape[:2], np.float32)
    tones = {(tone + after.tonic) % 12 for tone in after.chord.tones}
    for tone, ways in ((before.chord.leading, (1, 0)), (before.chord.seventh, (-1, -2, 0))):
        pitch_class = (tone + before.tonic) % 12
        allowed = [way for way in ways if (pitch_class + way) % 12 in tones]
        if tone >= 0 and allowed:
            holds = before.pitches % 12 == pitch_class
            cost[(holds[:, None, :] & ~np.isin(delta, allowed)).any(axis=-1)] += _NEVER
    sixth, seventh = (after.tonic + 8) % 12, (after.tonic + 11) % 12
    for one, other in ((sixth, seventh), (seventh, sixth)):
        leaps = (before.pitches % 12 == one)[:, None, :] & (after.pitches % 12 == other)[None, :, :]
        cost[(leaps & (np.abs(delta) == _AUGMENTED_SECOND)).any(axis=-1)] += _NEVER
    return cost


def _relations(before: Voicings, after: Voicings, delta: NDArray[np.int32]) -> Float32Array:
    """Let the voice that has a note also sing what an accidental makes of it, or it sounds wrong."""
    cost = np.zeros(delta.shape[:2], np.float32)
    old = {(tone + before.tonic) % 12 for tone in before.chord.tones}
    new = {(tone + after.tonic) % 12 for tone in after.chord.tones}
    for tone, way in ((after.chord.leading, 1), (after.chord.seventh, -1)):
        plain = (tone + after.tonic - way) % 12
        if tone >= 0 and plain in old and plain not in new:
            inflected = (before.pitches % 12 == plain)[:, None, :] & (delta == way)
            cost += _FALSE_RELATION * ~inflected.any(axis=-1)
    return cost


def cheapest(row: list[Voicings], extra: list[Float32Array]) -> NDArray[np.int32] | None:
    """Return pitches (chords, 4) of the cheapest path; `extra` costs are added to each way. None: all break a rule."""
    total = row[0].costs + extra[0]
    back: list[NDArray[np.int64]] = []
    for before, after, more in zip(row, row[1:], extra[1:], strict=False):
        reach = total[:, None] + moves(before, after)
        best = reach.argmin(axis=0)
        back.append(best)
        total = reach[best, np.arange(len(best))] + after.costs + more
    place = int(total.argmin())
    if total[place] >= _NEVER:
        return None
    path = [place]
    for best in reversed(back):
        path.append(int(best[path[-1]]))
    return np.stack([ways.pitches[at] for ways, at in zip(row, reversed(path), strict=True)])
