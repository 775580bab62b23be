"""What is told of a network that composes: whole columns of attention, chances, places of steps, alike pitches."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from gendesk.plugins.music.notes import attention_table

from gendesk.engine.capabilities import Composing
from gendesk.engine.music.looking import (
    MOST_STEPS,
    NewPiece,
    likeness,
    look_at,
    look_at_file,
    look_at_held_out,
    look_at_new,
    sound_map,
)
from gendesk.engine.plane import laid_out
from gendesk.engine.recipe import Model
from gendesk.errors import InputError
from gendesk.music.midi_writing import write_midi
from gendesk.music.score import Note, Score, Track
from tests.support.composers import KINDS, composer, line, run_data

every_kind = pytest.mark.parametrize("kind", list(KINDS))


@every_kind
def test_a_held_out_piece_is_looked_at_step_by_step(kind: str, tmp_path: Path) -> None:
    model, data = composer(kind)
    run = run_data(tmp_path, data)
    looked = look_at_held_out(model, run, 1)
    steps = list(model.follow(data.test[1], looks=True))
    assert looked.piece is data.test[1]
    assert looked.score.title == "Tune 6" and looked.score.meters == data.test[1].meters
    assert sorted(note for notes in looked.notes for note in notes) == sorted(note for _, note in looked.score.notes())
    assert looked.pitches.shape == (128, len(steps))
    np.testing.assert_allclose(looked.nats, [-math.log(step.chance) for step in steps], rtol=1e-6)
    assert (np.diff(looked.begins) >= 0).all()
    assert looked.looks is not None
    np.testing.assert_array_equal(looked.looks, attention_table(steps))
    np.testing.assert_allclose(looked.looks.sum(0), 1, atol=1e-5)
    assert (np.triu(looked.looks) == looked.looks).all()
    assert looked.bar_steps()[0] == 1
    best, chance = looked.likeliest[3][0]
    assert best is not None and looked.pitches[best[0], 3] == pytest.approx(chance, rel=1e-5)
    for step in (0, 5, len(steps) - 1):
        last = np.flatnonzero(looked.begins == looked.begins[step])[-1]
        assert looked.step_at(float(looked.begins[step])) == last
    with pytest.raises(InputError, match="no such held-out piece"):
        look_at_held_out(model, run, 2)
    with pytest.raises(InputError, match="The pieces are gone"):
        look_at_held_out(model, run_data(tmp_path, None), 0)


def test_heads_of_a_transformer_are_told_one_by_one() -> None:
    model, data = composer("events")
    looked = look_at(model, data.test[0])
    assert looked.looks is not None and looked.heads is not None
    count = len(looked.names)
    assert looked.heads.shape == (2, 2, count, count)
    np.testing.assert_allclose(looked.heads.sum(2), 1, atol=1e-5)
    np.testing.assert_allclose(looked.heads.mean((0, 1)), looked.looks, atol=1e-6)
    assert {name.partition(" ")[0] for name in looked.names} == {"1", "2"}


def test_heads_look_as_the_network_reads_in_its_own_windows() -> None:
    """At a place behind the first window, the attention is that of the tokens which the network has before it."""
    model, data = composer("events")
    looked = look_at(model, data.test[0])
    tokens = [0, *model.encode(data.test[0])[:, 0].tolist()]
    struck = [place for place, token in enumerate(tokens) if model.kinds.notes[token] is not None]
    step = next(number for number, place in enumerate(struck) if place > 40)
    place = struck[step] - 1  # the last token that is read before the note
    start = ((place - 24) // 12 + 1) * 12
    with torch.inference_mode():
        rows = model.network.insides(torch.tensor(tokens[start : place + 1]))["attention"][:, :, -1].numpy()
    owners = [max(sum(one <= at for one in struck), 0) for at in range(start, place + 1)]
    own = [token in struck or bool(model.kinds.lengths[tokens[token]]) for token in range(start, place + 1)]
    shares = np.zeros((2, 2, step + 1))
    for number, (owner, belongs) in enumerate(zip(owners, own, strict=True)):
        shares[:, :, owner if belongs else 0] += rows[:, :, number]
    assert looked.heads is not None
    np.testing.assert_allclose(looked.heads[:, :, : step + 1, step], shares, atol=1e-5)


@every_kind
def test_a_new_piece_is_the_same_for_a_seed_and_can_be_read_again(kind: str) -> None:
    model, _ = composer(kind)
    wish = NewPiece(Composing(12), 3)
    first, again, other = (look_at_new(model, one) for one in (wish, wish, NewPiece(Composing(12), 4)))
    assert first.score == again.score and first.names != other.names
    read = look_at(model, first.piece)
    if kind != "events":  # a fresh network of events writes its tokens in another order than pieces have
        assert read.names == first.names
        np.testing.assert_allclose(read.chances, first.chances, rtol=1e-5)
    assert len(look_at_new(model, NewPiece(Composing(4 * MOST_STEPS), 3)).names) <= MOST_STEPS


def test_metres_that_a_transformer_marks_are_those_of_its_piece() -> None:
    model, data = composer("events")
    piece = data.test[0]
    assert model.joined(None, list(model.follow(piece))).meters == piece.meters


def test_without_attention_there_is_nothing_to_look_at() -> None:
    model, data = composer("line", attention=False)
    looked = look_at(model, data.test[0])
    assert looked.looks is None and looked.heads is None


def test_long_pieces_are_cut_and_silent_ones_refused() -> None:
    model, _ = composer("line")
    long = Score((line(0, notes=2 * MOST_STEPS),))
    looked = look_at(model, long)
    assert len(looked.names) == MOST_STEPS
    assert looked.score.end <= long.end / 1.5
    far = Score((Track((Note(5000.0, 60, 1.0),)),))
    for silent in (Score(), far):
        with pytest.raises(InputError, match="no notes"):
            look_at(model, silent)
    with pytest.raises(InputError, match="does not compose"):
        look_at(Model.__new__(Model), long)


def test_a_file_is_read_and_a_broken_one_refused(tmp_path: Path) -> None:
    model, data = composer("line")
    path = tmp_path / "own.mid"
    write_midi(replace(data.test[0], title=""), path)
    looked = look_at_file(model, path)
    assert looked.score.title == "own"
    assert looked.names == look_at(model, data.test[0]).names
    path.write_bytes(b"MThd")
    with pytest.raises(InputError, match="cut off"):
        look_at_file(model, path)
    with pytest.raises(InputError, match="it is no file"):
        look_at_file(model, tmp_path)


@every_kind
def test_pitches_and_chords_are_laid_out(kind: str) -> None:
    model, _ = composer(kind)
    sounds = sound_map(model, "pca")
    assert len(sounds.names) == len(sounds.places) == len(sounds.classes) > 5
    assert "C4" in sounds.names
    assert sounds.classes[sounds.names.index("C4")] == 0
    assert sound_map(model, "tsne").places.shape == sounds.places.shape
    with pytest.raises(InputError, match="no embedding"):
        sound_map(Model.__new__(Model), "pca")


def test_likeness_finds_the_circle_of_fifths() -> None:
    """Vectors that lie on the circle of fifths are alike at fifths and octaves, and opposite at tritones."""
    pitches = np.arange(48, 84)
    angles = 2 * np.pi * (7 * pitches % 12) / 12
    vectors = np.stack([np.cos(angles), np.sin(angles)], 1)
    alike = likeness(pitches.tolist(), vectors)
    assert alike[11] == pytest.approx(1)
    assert alike[6] == pytest.approx(math.cos(math.pi / 6))
    assert alike[5] == pytest.approx(-1)
    places, shares = laid_out(vectors)
    np.testing.assert_allclose(sum(shares), 1)
    np.testing.assert_allclose(np.linalg.norm(places, axis=1), 1, atol=1e-5)
    assert np.isnan(likeness([60, 61], vectors[:2])[1:]).all()
