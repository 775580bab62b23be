"""Excerpts of some bars, in four voices on a grid, cut out of pieces of music."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from gendesk.errors import InputError
from gendesk.music.keys import estimated_keys, tonic
from gendesk.music.score import Score
from gendesk.music.tokens.grid_view import PITCHES, SILENCE, Int8Array, from_one_hot, grid_of, one_hot, score_of_grid

VOICES, STEPS = 4, 16
"""Of a grid: its voices, and the steps of a bar, which are sixteenths."""

VOICE_NAMES = ("Soprano", "Alto", "Tenor", "Bass")
CHOIR = 52
"""General MIDI's program for voices that sing "aah"."""

Int64Array = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cut:
    """How pieces are cut: `bars` at a time, only at the beginning or at every bar, and whether all are moved to C.

    A piece in minor is moved to A minor, which has the same notes.
    """

    bars: int
    everywhere: bool = False
    to_c: bool = False


@dataclass(frozen=True, eq=False)
class Excerpts:
    """Excerpts of pieces: all their bars int8 [all bars, 16, 4], -1 for silence, and where each excerpt begins.

    `starts` int64 (excerpts,) count bars from the very first; `pieces` and `places` int64 (excerpts,) are the piece
    that each comes from, and the bar of the piece.
    """

    bars: int
    grid: Int8Array
    starts: Int64Array
    pieces: Int64Array
    places: Int64Array

    def __len__(self) -> int:
        return len(self.starts)

    def take(self, chosen: npt.ArrayLike) -> Int8Array:
        """Return excerpts as pitches int8 [chosen, bars, 16, 4]."""
        return np.asarray(self.grid[self.starts[np.asarray(chosen)][:, None] + np.arange(self.bars)])

    def some(self, most: int) -> Int8Array:
        """Return up to `most` excerpts, spread over all."""
        return self.take(np.linspace(0, len(self) - 1, min(most, len(self))).astype(np.int64))


def excerpts_of(pieces: Sequence[Score], cut: Cut, what: str) -> Excerpts:
    """Cut excerpts out of pieces; a shorter piece gives none, and what is silent throughout is left out.

    Pitches outside 0 to 83 are moved by octaves into it. Raises InputError with `what` if nothing is left.
    """
    grids, starts, origins, places, before = [], [], [], [], 0
    for number, piece in enumerate(pieces):
        grid = grid_of(piece, VOICES)
        if len(grid) < cut.bars:
            continue
        grid = in_range(moved_to_c(grid, piece) if cut.to_c else grid)
        for place in range(len(grid) - cut.bars + 1 if cut.everywhere else 1):
            if (grid[place : place + cut.bars] != SILENCE).any():
                starts.append(before + place)
                origins.append(number)
                places.append(place)
        grids.append(grid)
        before += len(grid)
    if not starts:
        raise InputError(f"{what} holds no piece of {cut.bars} bars; choose longer pieces, or fewer bars.")
    rows = (np.array(row, np.int64) for row in (starts, origins, places))
    return Excerpts(cut.bars, np.concatenate(grids), *rows)


def moved_to_c(grid: Int8Array, piece: Score) -> Int8Array:
    """Move a grid by at most half an octave, so that the key in which the piece begins is C major or A minor.

    The key is the one that the piece names first, or else the likeliest.
    """
    guesses = [guess.key for guess in estimated_keys(piece)[:1]]
    keys = [*piece.keys[:1], *guesses]
    if not keys:
        return grid
    up = (9 * keys[0].minor - tonic(keys[0])) % 12
    shift = up - 12 if up > 6 else up
    return np.where(grid == SILENCE, grid, grid + shift).astype(np.int8)


def in_range(grid: npt.ArrayLike) -> Int8Array:
    """Move the pitches of a grid by octaves into the 84 that networks know, 0 to 83."""
    pitches = np.asarray(grid, np.int8)
    if pitches.max(initial=SILENCE) < PITCHES:
        return pitches
    return from_one_hot(one_hot(pitches), rests=True)


def score_of(grid: npt.ArrayLike, title: str = "") -> Score:
    """Return an excerpt [bars, 16, 4] as a score for a choir, struck at every beat, at 66 bpm, as the book plays it."""
    choir = (CHOIR,) * VOICES
    return replace(score_of_grid(grid, strike=4, names=VOICE_NAMES, programs=choir), title=title)
