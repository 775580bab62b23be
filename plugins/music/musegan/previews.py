"""What MuseGAN shows of itself."""

from collections.abc import Iterator

import numpy as np

from gendesk.engine.music import statistics
from gendesk.engine.music.excerpts import VOICE_NAMES, score_of
from gendesk.engine.preview import Preview, ScorePreview, TablePreview
from gendesk.engine.recipe import Context
from gendesk.music.keys import note_name
from gendesk.music.tokens.grid_view import SILENCE, Int8Array

from .models import MuseGan, to_grids

_PIECES, _PAIRS, _COUNTED = 4, 3, 128
_COMPOSITION = (
    "Pieces made of the same random numbers at every step. First they are noise, then voices find their range and hold "
    "their notes; at last they move together in chords."
)
_NEAREST = (
    "Some of the same pieces, each followed by the training excerpt that is nearest to it, in the Euclidean distance "
    "of their tensors. A made piece should resemble its neighbour, and not be it."
)
_TABLE = (
    "What can be counted in made music and in real excerpts, held-out ones where there are any. Numbers in both "
    "columns should come near to each other; music has more to it than these."
)


def of_music(model: MuseGan, known: Int8Array, real: Int8Array, context: Context) -> Iterator[Preview]:
    """Yield pieces of fixed noise, some beside the nearest of the known excerpts, and numbers beside real ones."""
    noise = model.random_codes(_COUNTED, context.fixed_generator(purpose=2))
    made = to_grids(model.perform(noise))
    pieces = tuple(score_of(grid, f"Piece {number}") for number, grid in enumerate(made[:_PIECES], 1))
    captions = tuple(piece.title for piece in pieces)
    yield ScorePreview("composition", "Composition", pieces, captions, description=_COMPOSITION)
    yield _beside_nearest(made[:_PAIRS], known)
    yield _table(made, real, known)


def _beside_nearest(made: Int8Array, known: Int8Array) -> ScorePreview:
    found = statistics.nearest(made, known)
    scores, captions = [], []
    for number, (grid, near) in enumerate(zip(made, known[found.which], strict=True), 1):
        same = float((grid == near).mean())
        scores += [score_of(grid), score_of(near)]
        captions += [f"Piece {number}", f"Nearest: distance {found.distances[number - 1]:.1f}, {same:.0%} the same"]
    return ScorePreview("nearest", "Nearest real music", tuple(scores), tuple(captions), description=_NEAREST)


def _table(made: Int8Array, real: Int8Array, known: Int8Array) -> TablePreview:
    ranges = statistics.voice_ranges(known)
    rows = [
        ("Voices in range", *(f"{statistics.in_voice_range(grids, ranges):.1%}" for grids in (real, made))),
        ("Consonant intervals", *(f"{statistics.consonance(grids):.1%}" for grids in (real, made))),
        ("Steps held", *(f"{statistics.held(grids):.1%}" for grids in (real, made))),
        ("Steps with crossed voices", *(f"{statistics.crossings(grids):.1%}" for grids in (real, made))),
        ("Mean leap, semitones", *(f"{statistics.leap(grids):.1f}" for grids in (real, made))),
    ]
    rows += [
        (f"{name}, middle half", *(_middle(grids[..., voice]) for grids in (real, made)))
        for voice, name in enumerate(VOICE_NAMES)
    ]
    return TablePreview("statistics", "Statistics", ("", "Real", "Made"), tuple(rows), description=_TABLE)


def _middle(pitches: Int8Array) -> str:
    """Name the pitches between which the middle half of a voice lies."""
    sounding = pitches[pitches != SILENCE]
    if not len(sounding):
        return "silent"
    low, high = np.percentile(sounding, (25, 75)).astype(int).tolist()
    return f"{note_name(low, flat='♭', sharp='♯')} to {note_name(high, flat='♭', sharp='♯')}"
