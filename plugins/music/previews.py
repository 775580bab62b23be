"""What the network composes at this moment, which pitches it thought of, and where it looked."""

from collections.abc import Iterator

import numpy as np

from gendesk.data.dataset import ScoreDataset
from gendesk.engine.capabilities import Composed, Composing
from gendesk.engine.preview import HeatMapPreview, Preview, ScorePreview
from gendesk.engine.recipe import Context
from gendesk.music.keys import note_name
from gendesk.music.score import Score

from .composer import Composer
from .notes import attention_table, pitch_table

TEMPERATURES = (0.5, 0.8, 1.0)
_SHOWN = 1
"""Which of the temperatures the tables are about."""
_STEPS = 48
_LOOKED = 24
_CLEARANCE = 2
"""Semitones that are shown above and below the pitches that occur."""

_PIECES = (
    "Pieces that the network composes from nothing, at three temperatures. At 0.5 it takes what it is sure of and "
    "repeats itself; at 1.0 it draws from what it has learnt as it is. Early on notes and lengths are repeated without "
    "end; later there are runs, a key that is kept, rhythms that answer each other, and endings."
)
_PITCHES = (
    "How probable each pitch was at each step of the piece at temperature 0.8: dark rows are pitches that the network "
    "rules out. Frames show what was played. The first columns are vague; as soon as a key is settled, rows of "
    "pitches that do not belong to it become empty, though nobody has told the network of keys."
)
_ATTENTION = (
    "Where the network looked for each step of the same piece: columns are steps, rows what came before, and a column "
    "sums to 1. The first row is what lies before the piece, or is none of its steps. Often the last four to six notes "
    "count most; a repeated motive draws attention to where it was before."
)


class Showing:
    """Composes the same way at every preview: each temperature has random numbers of its own."""

    def __init__(self, data: ScoreDataset) -> None:
        self._lowest = max(0, data.info.lowest - _CLEARANCE)
        self._highest = min(127, data.info.highest + _CLEARANCE)

    def previews(self, model: Composer, context: Context) -> Iterator[Preview]:
        pieces = [self._composed(model, context, number) for number in range(len(TEMPERATURES))]
        yield ScorePreview(
            "compositions",
            "Compositions",
            tuple(model.joined(None, steps) for steps in pieces),
            tuple(f"Temperature {temperature}" for temperature in TEMPERATURES),
            tuple(chances(model.joined(None, steps), steps) for steps in pieces),
            _PIECES,
        )
        yield self._pitches(pieces[_SHOWN])
        looked = pieces[_SHOWN][:_LOOKED]
        if looked and looked[0].looks is not None:
            yield _attention(looked)

    def _composed(self, model: Composer, context: Context, number: int) -> list[Composed]:
        composing = Composing(_STEPS, TEMPERATURES[number], TEMPERATURES[number])
        random = np.random.default_rng([context.seed, number])
        return list(model.compose(None, composing, random, looks=number == _SHOWN))

    def _pitches(self, steps: list[Composed]) -> HeatMapPreview:
        played = {
            (self._highest - note.pitch, column)
            for column, step in enumerate(steps)
            for _, note in step.notes
            if self._lowest <= note.pitch <= self._highest
        }
        table = pitch_table(steps)[self._lowest : self._highest + 1][::-1]
        return HeatMapPreview(
            "pitches",
            "Pitches",
            np.ascontiguousarray(table),
            tuple(note_name(pitch, flat="♭", sharp="♯") for pitch in range(self._highest, self._lowest - 1, -1)),
            tuple(str(number) for number in range(1, len(steps) + 1)),
            "Pitch",
            "Step",
            _PITCHES,
            tuple(sorted(played)),
        )


def _attention(steps: list[Composed]) -> HeatMapPreview:
    names = [f"{number} {step.name}" for number, step in enumerate(steps, 1)]
    return HeatMapPreview(
        "attention",
        "Attention",
        attention_table(steps),
        ("before", *names[:-1]),
        tuple(names),
        "Looked at",
        "Step",
        _ATTENTION,
    )


def chances(score: Score, steps: list[Composed]) -> tuple[float, ...]:
    """Return how likely the model found each note, in the order of `Score.notes`; 1 where it is not known."""
    known = {(voice, note.start, note.pitch): step.chance for step in steps for voice, note in step.notes}
    return tuple(known.get((voice, note.start, note.pitch), 1.0) for voice, note in score.notes())
