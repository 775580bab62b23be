"""Lets a model compose a little at a time: a piece can be seen and heard as it comes, and ended at any moment."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from gendesk.data.dataset import ScoreInfo
from gendesk.engine.capabilities import Composed, Composes, Composing
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError
from gendesk.music.cutting import first_bars
from gendesk.music.score import Note, Score, Track
from gendesk.music.tokens.grid_view import channel_of

MOST_BEGUN = 2_000
"""Notes of a beginning: more would take seconds to read, and no model here looks back at so many."""
TOO_LONG = f"A beginning has at most {MOST_BEGUN:,} notes; take fewer bars."
MOST_PIECES = 60
"""Held-out pieces that are offered."""

_PATIENCE = 0.03  # seconds, so that a mouse that waits for the same worker feels nothing
_SAME = 1e-6  # beats


@dataclass(frozen=True, eq=False)
class Task:
    """A piece to compose behind a beginning; `bars` end it where it would last longer than so many, 0 never does.

    `seed` and `number`, which tells variations apart, say which random numbers are drawn.
    """

    begun: Score
    composing: Composing
    bars: int = 0
    seed: int = 1
    number: int = 0


class Quill:
    """A piece that is being composed, on the worker's thread alone: it keeps the model's state between two questions.

    `score` is what there is of it, with the tempo, the metre and the key of its beginning, which ends at the beat
    `start`.
    """

    def __init__(self, model: Model, task: Task) -> None:
        """Raises InputError if the beginning is too long."""
        able = composer(model)
        if task.begun.note_count > MOST_BEGUN:
            raise InputError(TOO_LONG)
        begun = task.begun if task.begun.note_count else None
        self.task = task
        self.score = _marked(able.joined(begun, ()), task.begun)
        self.start = self._place = end = self.score.end
        self._last = end + task.bars * self.score.meter_at(end).bar if task.bars else float("inf")
        random = np.random.default_rng((task.seed, task.number))
        self._steps = able.compose(begun, task.composing, random)

    def compose_on(self, seconds: float) -> tuple[list[Composed], bool]:
        """Compose for so long, at least one step; also returns whether that was all."""
        until = time.monotonic() + seconds
        steps: list[Composed] = []
        over = True
        for step in self._within():
            steps.append(step)
            if time.monotonic() >= until:
                over = False
                break
        self.score = with_steps(self.score, steps)
        return steps, over

    def _within(self) -> Iterator[Composed]:
        """Yield steps that begin before the last bar is over."""
        for step in self._steps:
            start = min((note.start for _, note in step.notes), default=self._place)
            if start >= self._last - _SAME:
                return
            self._place = max(self._place, step.end)
            yield step


@dataclass(frozen=True, eq=False)
class Part:
    """What has been composed since the last question: how many steps, each new note's chance, and the piece so far.

    `quill` composes on; `over` says that the piece is at its end.
    """

    quill: Quill
    score: Score
    steps: int
    chances: tuple[tuple[Note, float], ...]
    over: bool


def begin_composing(model: Model, task: Task) -> Part:
    """Compose the first steps of a task; raises InputError."""
    return compose_on(model, Quill(model, task))


def compose_on(_model: Model, quill: Quill) -> Part:
    """Compose some more steps, for about 30 ms; raises InputError."""
    steps, over = quill.compose_on(_PATIENCE)
    chances = tuple((note, step.chance) for step in steps for _, note in step.notes)
    return Part(quill, quill.score, len(steps), chances, over)


def composer(model: Model) -> Composes:
    """Return a model as one that composes; raises InputError for all others."""
    if not isinstance(model, Composes):
        raise InputError("This model does not compose.")
    return model


def describe(model: Model, _argument: object) -> ScoreInfo:
    """Return what a model's pieces are like; raises InputError if it does not compose."""
    return composer(model).music


def with_steps(score: Score, steps: Sequence[Composed]) -> Score:
    """Return a score with the notes of steps in its tracks, and with more tracks where they need them."""
    if not any(step.notes for step in steps):
        return score
    new: dict[int, list[Note]] = {}
    for step in steps:
        for voice, note in step.notes:
            new.setdefault(voice, []).append(note)
    count = max(len(score.tracks), max(new) + 1)
    tracks = [*score.tracks, *(Track(channel=channel_of(voice)) for voice in range(len(score.tracks), count))]
    for voice, notes in new.items():
        tracks[voice] = tracks[voice].with_notes((*tracks[voice].notes, *notes))
    return replace(score, tracks=tuple(tracks))


def _marked(score: Score, begun: Score) -> Score:
    """Return a score with what a beginning says of tempo, metre and key, which not every network keeps."""
    return replace(
        score,
        tempos=begun.tempos or score.tempos,
        meters=begun.meters or score.meters,
        keys=begun.keys or score.keys,
        title=begun.title or score.title,
    )


# Beginnings


@dataclass(frozen=True)
class Excerpt:
    """The first bars of a held-out piece, by its number; 0 bars are all of it."""

    number: int
    bars: int


def held_out_titles(_model: Model, data: RunData, _argument: object = None) -> tuple[str, ...]:
    """List the first held-out pieces of a run by their titles; raises InputError where the data cannot be had."""
    pieces = islice(data.scores.test, MOST_PIECES)
    return tuple(piece.title or f"{number}" for number, piece in enumerate(pieces, 1))


def held_out_bars(_model: Model, data: RunData, excerpt: Excerpt) -> Score:
    """Return the beginning of a held-out piece; raises InputError if there is none."""
    pieces = data.scores.test
    if not 0 <= excerpt.number < len(pieces):
        raise InputError("There is no such held-out piece.")
    return first_bars(pieces[excerpt.number], excerpt.bars)
