"""Pieces of several voices become events that any model can write, and come back."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gendesk.music.midi_writing import midi_bytes
from gendesk.music.quantising import quantised
from gendesk.music.score import Meter, Note, Score, Track
from gendesk.music.tokens.event_view import BAR, LONGEST, METERS, MOST_LENGTH, PIECE, EventCoder
from tests.support.scores import play, random_score


def piece(seed: int, voices: int, steps: int) -> Score:
    """Return a score on the grid: long rests, long notes, overlaps, and metres that change."""
    draw = random.Random(seed)
    tracks = []
    for _ in range(voices):
        places = {(draw.randrange(50 * steps), draw.randrange(128)) for _ in range(draw.choice((1, 5, 60)))}
        notes = [
            Note(start / steps, pitch, draw.choice((1, 2, 4, 100)) / steps, draw.choice((1, 4, 80, 80, 80, 124)))
            for start, pitch in sorted(places)
        ]
        tracks.append(Track().with_notes(notes))
    meters = tuple(Meter(at, *draw.choice(METERS)) for at in (0.0, 12.0) if draw.random() < 0.5)
    score = Score(tuple(tracks), (), meters)
    return Score(score.tracks, (), tuple(meter for meter in meters if meter.beat < score.end))


@pytest.mark.parametrize(("voices", "steps"), [(4, 4), (1, 12), (2, 4), (15, 3)])
def test_scores_on_the_grid_come_back(voices: int, steps: int) -> None:
    coder = EventCoder(voices, steps)
    for seed in range(30):
        score = piece(seed, voices, steps)
        tokens = coder.encode(score)
        assert tokens.dtype == np.int32
        assert 0 <= tokens.min() <= tokens.max() < coder.size
        found = coder.decode(tokens)
        assert [track.notes for track in found.tracks] == [track.notes for track in score.tracks]
        assert found.meters == score.meters
        assert np.array_equal(coder.encode(found), tokens)


def test_the_events_of_a_short_piece_can_be_read() -> None:
    soprano = play(Note(0.0, 72, 1.0), Note(1.0, 70, 1.0, 100))
    bass = play(Note(0.0, 48, 4.0), Note(4.0, 47, 10.0))
    score = Score((soprano, bass), (), (Meter(0.0, 4, 4), Meter(4.0, 3, 4)))
    coder = EventCoder(2)
    names = " ".join(coder.name(token) for token in coder.encode(score).tolist())
    assert names == (
        "piece bar 4/4 1 C5 =4 2 C3 =16 +4 v100 1 B♭4 =4 +12 bar 3/4 v80 2 B2 =32 =8 +12 bar +12 bar +12 bar"
    )
    assert [coder.note_of(token) for token in coder.encode(score)[:5].tolist()] == [None, None, None, (0, 72), None]


def test_any_tokens_are_a_piece() -> None:
    coder = EventCoder(3)
    for seed in range(50):
        tokens = np.random.default_rng(seed).integers(0, coder.size, 300)
        tokens[tokens == PIECE] = BAR
        score = coder.decode(tokens)
        again = coder.decode(coder.encode(score))
        merged = quantised(score, coder.steps)
        assert [track.notes for track in again.tracks] == [track.notes for track in merged.tracks]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, EventCoder(4).size - 1), max_size=60))
def test_decoding_never_fails(tokens: list[int]) -> None:
    score = EventCoder(4).decode(tokens)
    assert len(score.tracks) == 4
    assert all(note.length > 0 for track in score.tracks for note in track.notes)


def test_lengths_without_notes_and_notes_without_lengths() -> None:
    coder = EventCoder(1)
    c, length, shift = (next(at for at in range(coder.size) if coder.name(at) == name) for name in ("1 C4", "=2", "+2"))
    notes = coder.decode([PIECE, length, c, shift, length, c, length, length, PIECE, c]).tracks[0].notes
    assert notes == (Note(0.0, 60, 1.0), Note(0.5, 60, 1.0))
    assert coder.decode([c, PIECE, c]).note_count == 1
    for wrong in (-1, coder.size):
        with pytest.raises(ValueError, match="is no token"):
            coder.decode([wrong])


def test_too_many_voices_join_the_last_and_silent_tracks_are_none() -> None:
    tracks = (play(Note(0.0, 72, 1.0)), play(), play(Note(0.0, 60, 1.0)), play(Note(0.0, 48, 1.0)))
    found = EventCoder(2).decode(EventCoder(2).encode(Score(tracks)))
    assert [[note.pitch for note in track.notes] for track in found.tracks] == [[72], [48, 60]]


def test_free_music_and_endless_notes_are_encoded() -> None:
    for seed in range(10):
        once = EventCoder(4).decode(EventCoder(4).encode(random_score(seed)))
        again = EventCoder(4).decode(EventCoder(4).encode(once))
        assert [track.notes for track in again.tracks] == [track.notes for track in quantised(once, 4).tracks]
        assert midi_bytes(once)
    endless = Score((play(*[Note(0.0, pitch, 90_000.0) for pitch in range(128)]),))
    assert len(EventCoder().encode(endless)) < 128 * (1 + MOST_LENGTH // LONGEST) + 2 * 90_000 // 4 + 10


def test_voices_and_steps_are_checked() -> None:
    for voices, steps in ((0, 4), (16, 4), (4, 0)):
        with pytest.raises(ValueError, match="1 to 15 voices"):
            EventCoder(voices, steps)
