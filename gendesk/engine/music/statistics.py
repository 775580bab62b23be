"""Numbers by which excerpts [count, bars, steps, voices] of pitches, -1 for silence, are held against each other."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from gendesk.music.tokens.grid_view import SILENCE, Int8Array

Float64Array = npt.NDArray[np.float64]

_PERFECT_FOURTH = 5
_CONSONANT = (0, 3, 4, 7, 8, 9)
"""Unison and octave, both thirds, the fifth and both sixths, in semitones modulo 12."""
_FURTHEST = 12


@dataclass(frozen=True)
class Nearest:
    """What is nearest to each excerpt: its number (count,), and the distance (count,)."""

    which: npt.NDArray[np.int64]
    distances: Float64Array


def voice_ranges(grids: Int8Array) -> Int8Array:
    """Return the lowest and the highest pitch of each voice, [voices, 2]; a silent voice has 127 and -1."""
    flat = grids.reshape(-1, grids.shape[-1])
    low = np.where(flat == SILENCE, 127, flat).min(0, initial=127)
    return np.stack([low, flat.max(0, initial=SILENCE)], 1).astype(np.int8)


def in_voice_range(grids: Int8Array, ranges: Int8Array) -> float:
    """Return the share in 0..1 of sounding steps whose pitch lies within the range of their voice, [voices, 2]."""
    sounding = grids != SILENCE
    inside = (grids >= ranges[:, 0]) & (grids <= ranges[:, 1])
    return _share(inside, sounding)


def consonance(grids: Int8Array) -> float:
    """Return the share in 0..1 of intervals that sound at once, between any two voices, and are consonant.

    A perfect fourth is one, as counterpoint has it, unless its lower note is the lowest of all that sound.
    """
    lowest = np.where(grids == SILENCE, 127, grids).min(-1)
    good, all_ = 0, 0
    for one, other in combinations(range(grids.shape[-1]), 2):
        low, high = np.minimum(grids[..., one], grids[..., other]), np.maximum(grids[..., one], grids[..., other])
        sounding = low != SILENCE
        interval = (high - low) % 12
        fits = np.isin(interval, _CONSONANT) | ((interval == _PERFECT_FOURTH) & (low != lowest))
        good += int((fits & sounding).sum())
        all_ += int(sounding.sum())
    return good / max(1, all_)


def held(grids: Int8Array) -> float:
    """Return the share in 0..1 of sounding steps of which the voice keeps its pitch in the next step."""
    lines = grids.reshape(len(grids), -1, grids.shape[-1])
    before, after = lines[:, :-1], lines[:, 1:]
    return _share(before == after, before != SILENCE)


def leap(grids: Int8Array) -> float:
    """Return how far voices go where their pitch changes, in semitones, on average; 0 if they never do."""
    lines = grids.reshape(len(grids), -1, grids.shape[-1]).astype(np.int64)
    before, after = lines[:, :-1], lines[:, 1:]
    moved = (before != after) & (before != SILENCE) & (after != SILENCE)
    return float(np.abs(after - before)[moved].mean()) if moved.any() else 0.0


def crossings(grids: Int8Array) -> float:
    """Return the share in 0..1 of steps in which a voice is higher than the one above it."""
    upper, lower = grids[..., :-1], grids[..., 1:]
    return float(((lower > upper) & (upper != SILENCE)).any(-1).mean()) if grids.size else 0.0


def difference(made: Int8Array, real: Int8Array) -> float:
    """Return how differently often pitches, intervals between voices and steps of voices come, in 0..1.

    Each is the total variation distance of two histograms, half the sum of |p - q|, averaged over voices or pairs of
    them; the result is the mean of the three.
    """
    groups = zip(_histograms(made), _histograms(real), strict=True)
    return float(np.mean([np.abs(one - other).sum(1).mean() / 2 for one, other in groups]))


def nearest(grids: Int8Array, known: Int8Array) -> Nearest:
    """Find the nearest of the known excerpts to each, by the Euclidean distance of their one-hot tensors of -1 and 1.

    Where both sound and differ, two numbers of the tensors differ by 2; where one is silent, one does.
    """
    table = known.reshape(len(known), -1)
    silent = table == SILENCE
    which = np.zeros(len(grids), np.int64)
    squares = np.zeros(len(grids))
    for number, one in enumerate(grids.reshape(len(grids), -1)):
        apart = (table != one) * (8 - 4 * (silent | (one == SILENCE)).astype(np.int64))
        sums = apart.sum(1)
        which[number] = sums.argmin()
        squares[number] = sums[which[number]]
    return Nearest(which, np.sqrt(squares))


def _histograms(grids: Int8Array) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Return how often pitches [voices, 128], intervals [pairs, 12] and steps [voices, 25] come, rows that sum to 1."""
    voices = grids.shape[-1]
    flat = grids.reshape(-1, voices).astype(np.int64)
    pitches = [_histogram(flat[:, one], flat[:, one] != SILENCE, 128) for one in range(voices)]
    intervals = []
    for one, other in combinations(range(voices), 2):
        both = (flat[:, one] != SILENCE) & (flat[:, other] != SILENCE)
        intervals.append(_histogram((flat[:, one] - flat[:, other]) % 12, both, 12))
    lines = grids.reshape(len(grids), -1, voices).astype(np.int64)
    going = np.clip(np.diff(lines, axis=1), -_FURTHEST, _FURTHEST) + _FURTHEST
    sounding = (lines[:, 1:] != SILENCE) & (lines[:, :-1] != SILENCE)
    steps = [_histogram(going[..., one], sounding[..., one], 2 * _FURTHEST + 1) for one in range(voices)]
    return np.stack(pitches), np.stack(intervals), np.stack(steps)


def _histogram(values: npt.NDArray[np.int64], chosen: npt.NDArray[np.bool_], bins: int) -> Float64Array:
    counts = np.bincount(values[chosen].ravel(), minlength=bins)
    return np.asarray(counts / max(1, counts.sum()), np.float64)


def _share(part: npt.NDArray[np.bool_], of: npt.NDArray[np.bool_]) -> float:
    return float((part & of).sum() / max(1, of.sum()))
