"""What two excerpts of music have in common: note by note, and the nearest of all that a model has learnt from."""

from dataclasses import dataclass, replace

import numpy as np

from gendesk.engine.music import statistics
from gendesk.engine.music.console import orchestra_of
from gendesk.engine.music.excerpts import Cut, Excerpts, excerpts_of, score_of
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.music.score import Note, Score
from gendesk.music.tokens.grid_view import Int8Array

_NEW, _SAME = 127, 16
"""Velocities by which notes are marked: a roll shows loud ones strongly."""


@dataclass(frozen=True)
class VoiceDifference:
    """How many notes of one voice only the first piece has, only the second one, and both."""

    first: int
    second: int
    both: int


@dataclass(frozen=True, eq=False)
class NearestReal:
    """The training excerpt nearest to a piece: its pitches int8 [bars, 16, 4], title, and first bar from 1.

    `distance` is that of the one-hot tensors, `same` (0..1) the share of all steps of voices that are equal, and
    `searched` the number of excerpts.
    """

    grid: Int8Array
    title: str
    bar: int
    distance: float
    same: float
    searched: int


def differences(first: Score, second: Score) -> tuple[VoiceDifference, ...]:
    """Hold the notes of two pieces against each other, voice by voice.

    Two notes are the same if they begin and end together on one pitch; as everywhere, a voice strikes at each beat.
    """
    return tuple(
        VoiceDifference(len(one - other), len(other - one), len(one & other))
        for one, other in zip(_notes(first), _notes(second), strict=True)
    )


def changed_by_bar(first: Int8Array, second: Int8Array) -> tuple[tuple[int, ...], ...]:
    """Return for each bar of pieces [bars, 16, 4] how many notes of each voice of the second the first has not."""
    bars = zip(first[:, None], second[:, None], strict=True)
    scores = ((score_of(one), score_of(other)) for one, other in bars)
    return tuple(tuple(voice.second for voice in differences(one, other)) for one, other in scores)


def marked(piece: Score, other: Score) -> Score:
    """Return a piece with loud notes where another piece has not the same ones, and else soft ones."""
    tracks = tuple(
        replace(
            track,
            notes=tuple(replace(note, velocity=_SAME if note in known else _NEW) for note in track.notes),
        )
        for track, known in zip(piece.tracks, _notes(other), strict=True)
    )
    return replace(piece, tracks=tracks)


def nearest_real(model: Model, data: RunData, grid: Int8Array) -> NearestReal:
    """Look for a piece [bars, 16, 4] among all training excerpts; raises InputError if the data cannot be had."""
    cut, pieces = orchestra_of(model).cut, data.scores.train
    excerpts = _excerpts(data, cut)
    found = statistics.nearest(grid[None], excerpts.take(np.arange(len(excerpts))))
    which = int(found.which[0])
    near = excerpts.take([which])[0]
    piece = pieces[int(excerpts.pieces[which])]
    title = piece.title or f"Piece {excerpts.pieces[which] + 1}"
    same = float((near == grid).mean())
    return NearestReal(near, title, int(excerpts.places[which]) + 1, float(found.distances[0]), same, len(excerpts))


def _notes(score: Score) -> list[frozenset[Note]]:
    return [frozenset(track.notes) for track in score.tracks]


_kept: tuple[object, Cut, Excerpts] | None = None


def _excerpts(data: RunData, cut: Cut) -> Excerpts:
    """Return the training excerpts, which take a second to cut and are kept until others are wanted."""
    global _kept  # noqa: PLW0603 (one set of data at a time, replaced as a whole)
    known = _kept
    if known is not None and known[0] == data.scores.info and known[1] == cut:
        return known[2]
    excerpts = excerpts_of(data.scores.train, cut, data.scores.info.title)
    _kept = (data.scores.info, cut, excerpts)
    return excerpts
