"""A piece that is composed a little at a time is the one that is composed at once, and ends where it is told to."""

from pathlib import Path

import numpy as np
import pytest

from gendesk.engine.capabilities import Composing
from gendesk.engine.music.composing import (
    MOST_BEGUN,
    Excerpt,
    Part,
    Task,
    begin_composing,
    compose_on,
    describe,
    held_out_bars,
    held_out_titles,
)
from gendesk.engine.recipe import Model
from gendesk.errors import InputError
from gendesk.music.cutting import first_bars, up_to
from gendesk.music.score import Bend, Control, Lyric, Note, Score, Track
from tests.support.composers import KINDS, composer, line, run_data

every_kind = pytest.mark.parametrize("kind", list(KINDS))


def composed(model: Model, task: Task) -> Part:
    """Return the last part of a piece, with the steps and chances of all of them."""
    part = begin_composing(model, task)
    steps, chances = part.steps, part.chances
    while not part.over:
        part = compose_on(model, part.quill)
        steps, chances = steps + part.steps, chances + part.chances
    return Part(part.quill, part.score, steps, chances, over=True)


@every_kind
def test_parts_are_together_what_the_model_composes_at_once(kind: str) -> None:
    model, data = composer(kind)
    begun = first_bars(data.test[0], 2)
    task = Task(begun, Composing(12), seed=3, number=1)
    part = composed(model, task)
    steps = list(model.compose(begun, Composing(12), np.random.default_rng((3, 1))))
    assert part.score.tracks == model.joined(begun, steps).tracks
    assert (part.score.tempos, part.score.meters) == (begun.tempos, begun.meters)
    assert part.steps == len(steps) > 0
    assert part.chances == tuple((note, step.chance) for step in steps for _, note in step.notes)
    assert part.quill.start == model.heard(begun).end


@every_kind
def test_nothing_can_be_begun_with_and_seeds_and_temperatures_count(kind: str) -> None:
    model, _ = composer(kind)
    cold = [composed(model, Task(Score(), Composing(8, 0.0, 0.0), seed=seed)).score for seed in (1, 2)]
    warm = [composed(model, Task(Score(), Composing(8), seed=1, number=number)).score for number in (0, 0, 1)]
    assert cold[0] == cold[1]
    assert warm[0] == warm[1] != warm[2]


@every_kind
def test_a_piece_ends_after_so_many_bars(kind: str) -> None:
    model, data = composer(kind)
    begun = first_bars(data.test[0], 2)
    part = composed(model, Task(begun, Composing(400), bars=3))
    starts = [note.start for note, _ in part.chances]
    assert max(starts, default=0.0) < part.quill.start + 9.0
    longer = composed(model, Task(begun, Composing(400), bars=6))
    assert len(longer.chances) > len(part.chances)


def test_beginnings_are_cut_at_bars() -> None:
    _, data = composer("line")
    piece = data.test[0]
    two = first_bars(piece, 2)
    assert max(note.end for _, note in two.notes()) == 6.0
    assert first_bars(piece, 0) is piece
    assert first_bars(piece, 999) is piece
    track = Track(
        (Note(0.0, 60, 4.0),),
        controls=(Control(0.0, 64, 127), Control(3.0, 64, 0)),
        bends=(Bend(0.0, 100), Bend(2.0, 0)),
        lyrics=(Lyric(0.0, "la"), Lyric(3.0, "lo")),
    )
    cut = up_to(Score((track,)), 2.0).tracks[0]
    assert cut.notes == (Note(0.0, 60, 2.0),)
    assert (cut.controls, cut.bends, cut.lyrics) == (track.controls[:1], track.bends[:1], track.lyrics[:1])


def test_held_out_pieces_give_beginnings(tmp_path: Path) -> None:
    model, data = composer("line")
    assert held_out_titles(model, run_data(tmp_path, data)) == ("Tune 5", "Tune 6")
    assert held_out_bars(model, run_data(tmp_path, data), Excerpt(1, 2)) == first_bars(data.test[1], 2)
    with pytest.raises(InputError, match="no such held-out piece"):
        held_out_bars(model, run_data(tmp_path, data), Excerpt(2, 2))
    with pytest.raises(InputError, match="The pieces are gone"):
        held_out_bars(model, run_data(tmp_path, None), Excerpt(0, 2))


def test_what_cannot_be_composed_is_refused_in_words() -> None:
    model, data = composer("line")
    assert describe(model, None) is data.info
    with pytest.raises(InputError, match="does not compose"):
        describe(Model(), None)
    with pytest.raises(InputError, match="at most 2,000 notes"):
        begin_composing(model, Task(Score((line(1, MOST_BEGUN + 1),)), Composing()))
