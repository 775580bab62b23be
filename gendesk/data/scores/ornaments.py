"""Brings a row of chords to life: passing notes, neighbours and suspensions in eighths that break no rule."""

from itertools import pairwise
from random import Random

import numpy as np
from numpy.typing import NDArray

from gendesk.data.scores.harmony import MAJOR_SCALE, MINOR_SCALE
from gendesk.data.scores.voicing import PAIRS, RANGES
from gendesk.music.score import Note

_PASSING, _FILLING, _NEIGHBOUR, _SUSPENSION, _TIE = 0.8, 0.4, 0.3, 0.3, 0.25
_LEAP = 5
_MOST_AT_ONCE = 2
_HARSH = frozenset({1, 2, 6, 10, 11})
_EIGHTHS = 2
_DORIAN_SIXTH, _LEADING = 9, 11


class Texture:
    """Four voices in eighths: `pitches` int (eighths, 4), and where notes begin, bool of the same shape.

    `chords` (count, 4) are the pitches without ornaments.
    """

    def __init__(self, chords: NDArray[np.int32], beats: list[int], tonics: list[int], minors: list[bool]) -> None:
        """`chords` (count, 4) last `beats` each, and stand in the keys of `tonics`."""
        self.chords = chords
        lengths = np.array(beats) * _EIGHTHS
        self.starts = np.concatenate([[0], np.cumsum(lengths)])
        self.pitches = np.repeat(chords, lengths, axis=0)
        self.begins = np.zeros(self.pitches.shape, np.bool_)
        self.begins[self.starts[:-1]] = True
        self._tonics, self._minors = np.repeat(tonics, lengths), np.repeat(minors, lengths)

    def adorn(self, rng: Random, ends: frozenset[int]) -> None:
        """Put ornaments between chords, but none after those numbered in `ends`, with which phrases end."""
        for slot in range(len(self.starts) - 2):
            if slot in ends:
                continue
            for voice in rng.sample(range(4), 4):
                self._try_one(rng, slot, voice)

    def _try_one(self, rng: Random, slot: int, voice: int) -> None:
        start, after = int(self.starts[slot]), int(self.starts[slot + 1])
        here, there = int(self.pitches[after - 1, voice]), int(self.pitches[after, voice])
        lot = rng.random()
        if abs(here - there) in (3, 4) and lot < _PASSING:
            self._place(after - 1, voice, self._between(here, there, after - 1))
        elif abs(here - there) >= _LEAP and lot < _FILLING:
            self._place(after - 1, voice, self._on_the_way(here, there, slot))
        elif here == there and lot < _NEIGHBOUR:
            self._place(after - 1, voice, self._beside(here, after - 1, above=lot < _NEIGHBOUR / 2))
        elif here - there in (1, 2) and lot < _SUSPENSION and voice < 3:
            self._suspend(after, voice, here)
        elif here == there and lot > 1 - _TIE and voice and after % 4 and after - start <= 2:
            self.begins[after, voice] = False  # a held note, within the bar's halves

    def _between(self, here: int, there: int, at: int) -> int:
        scale = self._scale(at)
        low, high = min(here, there), max(here, there)
        raised = {(pitch - self._tonics[at]) % 12 for pitch in (here, there)}
        if self._minors[at] and _LEADING in raised:
            scale = (scale | {_DORIAN_SIXTH}) - {8}
        inside = [p for p in range(low + 1, high) if (p - self._tonics[at]) % 12 in scale]
        return inside[0] if len(inside) == 1 and max(high - inside[0], inside[0] - low) <= 2 else 0

    def _on_the_way(self, here: int, there: int, slot: int) -> int:
        """Return a note of the chord between two others, next to the second one, or 0."""
        sounding = {int(pitch) % 12 for pitch in self.chords[slot]}
        inside = [p for p in range(min(here, there) + 1, max(here, there)) if p % 12 in sounding]
        nearest = min(inside, key=lambda pitch: abs(pitch - there), default=0)
        leading = (nearest - self._tonics[self.starts[slot]]) % 12 == _LEADING
        return nearest if abs(nearest - there) <= 4 and (not leading or nearest == there - 1) else 0

    def _beside(self, here: int, at: int, *, above: bool) -> int:
        tone = (here - self._tonics[at]) % 12
        if self._minors[at] and (tone == 0 or tone == _LEADING):
            return here - 1 if tone == 0 else here + 1
        way = 1 if above else -1
        return next((here + way * step for step in (1, 2) if (tone + way * step) % 12 in self._scale(at)), 0)

    def _scale(self, at: int) -> frozenset[int]:
        return MINOR_SCALE if self._minors[at] else MAJOR_SCALE

    def _place(self, at: int, voice: int, pitch: int) -> None:
        """Write a note at the end of a chord if that breaks no rule; 0 is none."""
        old = int(self.pitches[at, voice])
        if not pitch or self.begins[at, voice]:
            return
        self.pitches[at, voice] = pitch
        if self._allowed(at, voice):
            self.begins[at, voice] = True
            self.begins[at + 1, voice] = True
        else:
            self.pitches[at, voice] = old

    def _suspend(self, at: int, voice: int, held: int) -> None:
        """Hold a note over into the next chord, from where it steps down."""
        resolution = int(self.pitches[at, voice])
        doubled = any(int(self.pitches[at, other]) % 12 == resolution % 12 for other in range(3) if other != voice)
        late = at + 1 < len(self.pitches) and self.begins[at + 1, voice]
        if doubled or late or not self.begins[at, voice]:
            return
        self.pitches[at, voice] = held
        if self._allowed(at, voice):
            self.begins[at, voice] = False
            self.begins[at + 1, voice] = True
        else:
            self.pitches[at, voice] = resolution

    def _allowed(self, at: int, voice: int) -> bool:
        row = self.pitches[at]
        if not (row[0] > row[1] > row[2] > row[3]) or max(row[0] - row[1], row[1] - row[2]) > 12:
            return False
        new = int(row[voice])
        if not RANGES[voice][0] <= new <= RANGES[voice][1]:
            return False
        others = [int(row[other]) for other in range(4) if other != voice]
        if any(abs(new - other) == 1 for other in others):
            return False
        if (new - self._tonics[at]) % 12 == _LEADING and any((new - other) % 12 == 0 for other in others):
            return False
        moving = [other for other in range(4) if other != voice and self._moves(at, other)]
        if len(moving) >= _MOST_AT_ONCE or any((new - int(row[other])) % 12 in _HARSH for other in moving):
            return False
        steps = [(at - 1, at), (at, at + 1), (at - 2, at), (at, at + 2), (at - 1, at + 1)]
        slot = int(np.searchsorted(self.starts, at))
        if self.starts[slot] == at:  # a suspension: also from chord to chord
            steps += [(int(self.starts[slot - 1]), at), (at, int(self.starts[slot + 1]))]
        return not any(one >= 0 and other < len(self.pitches) and self._parallel(one, other) for one, other in steps)

    def _moves(self, at: int, voice: int) -> bool:
        """Tell whether a voice has an ornament here: it begins where no chord does, or holds on where one does."""
        return bool(self.begins[at, voice]) != (at in self.starts)

    def _parallel(self, one: int, other: int) -> bool:
        return parallel(self.pitches[one], self.pitches[other])

    def notes(self, voice: int, velocity: int) -> tuple[Note, ...]:
        """Return the notes of a voice."""
        begins = self.begins[:, voice] | np.concatenate([[True], np.diff(self.pitches[:, voice]) != 0])
        places = [*np.flatnonzero(begins).tolist(), len(self.pitches)]
        return tuple(
            Note(start / _EIGHTHS, int(self.pitches[start, voice]), (end - start) / _EIGHTHS, velocity)
            for start, end in pairwise(places)
        )


def parallel(before: NDArray[np.int32], after: NDArray[np.int32]) -> bool:
    """Tell whether two voices move from a fifth to a fifth, or from an octave to an octave; both are (4,)."""
    for i, j in PAIRS:
        first, second = int(before[i] - before[j]) % 12, int(after[i] - after[j]) % 12
        if first == second and first in (0, 7) and before[i] != after[i] and before[j] != after[j]:
            return True
    return False
