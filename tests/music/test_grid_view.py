"""Four voices become a grid of pitches and ones among minus ones, and come back."""

import numpy as np
import pytest

from gendesk.music.score import DRUMS, Note, Score, Track
from gendesk.music.tokens.grid_view import SILENCE, from_one_hot, grid_of, one_hot, score_of_grid
from tests.support.scores import play


def random_grid(seed: int, bars: int = 2) -> np.ndarray:
    draw = np.random.default_rng(seed)
    grid = draw.integers(36, 80, (bars, 16, 4)).astype(np.int8)
    grid[draw.random(grid.shape) < 0.2] = SILENCE
    held = draw.random(grid.shape) < 0.5
    for step in range(1, 16):
        grid[:, step] = np.where(held[:, step], grid[:, step - 1], grid[:, step])
    return grid


@pytest.mark.parametrize("strike", [0, 1, 4])
def test_grids_come_back_from_scores(strike: int) -> None:
    for seed in range(20):
        grid = random_grid(seed)
        grid[-1, -1] = 60
        assert np.array_equal(grid_of(score_of_grid(grid, strike=strike)), grid)


def test_ones_come_back_as_pitches() -> None:
    grid = random_grid(1)
    values = one_hot(grid)
    assert (values.shape, values.dtype) == ((2, 16, 84, 4), np.float32)
    assert set(np.unique(values)) == {-1.0, 1.0}
    assert np.array_equal((values > 0).sum(axis=2), grid != SILENCE)
    assert np.array_equal(from_one_hot(values, rests=True), grid)
    sounding = from_one_hot(values)
    assert np.array_equal(sounding[grid != SILENCE], grid[grid != SILENCE])
    assert (sounding != SILENCE).all()
    high = one_hot(grid, lowest=36, pitches=49)
    assert np.array_equal(from_one_hot(high, lowest=36, rests=True), grid)
    batch = np.stack([values, values])
    assert np.array_equal(from_one_hot(batch, rests=True), np.stack([grid, grid]))


def test_pitches_out_of_range_move_by_octaves() -> None:
    grid = np.array([[[84, 100, 12, 83]]])
    assert from_one_hot(one_hot(grid)).tolist() == [[[72, 76, 12, 83]]]
    assert from_one_hot(one_hot(grid, lowest=24, pitches=12), lowest=24).tolist() == [[[24, 28, 24, 35]]]
    with pytest.raises(ValueError, match="octave"):
        one_hot(grid, pitches=11)


def test_tracks_are_voices_and_the_last_bar_is_filled_up() -> None:
    tracks = [play(Note(0.0, 72 - 5 * voice, 4.25)) for voice in range(4)]
    drums = Track((Note(0.0, 42, 9.0),), channel=DRUMS)
    grid = grid_of(Score((*tracks[:2], drums, play(), *tracks[2:])))
    assert (grid.shape, grid.dtype) == ((2, 16, 4), np.int8)
    assert (grid[0] == [72, 67, 62, 57]).all()
    assert grid[1, 0].tolist() == [72, 67, 62, 57]
    assert (grid[1, 1:] == SILENCE).all()
    assert grid_of(Score()).shape == (0, 16, 4)


def test_one_track_is_shared_out_from_the_outside() -> None:
    piano = play(*[Note(0.0, pitch, 0.25) for pitch in (40, 50, 60, 65, 70)], Note(0.25, 60, 0.25), Note(0.5, 48, 0.25))
    piano = piano.with_notes([*piano.notes, Note(0.5, 72, 0.25)])
    rows = grid_of(Score((piano,)))[0, :4].tolist()
    assert rows == [[70, 65, 60, 40], [60, -1, -1, -1], [72, -1, -1, 48], [-1, -1, -1, -1]]
    assert grid_of(Score((piano, piano)), voices=1)[0, 0].tolist() == [70]


def test_of_two_notes_of_a_voice_the_later_one_counts() -> None:
    voice = play(Note(0.0, 60, 2.0), Note(0.5, 55, 0.5), Note(0.5, 52, 0.5))
    assert grid_of(Score((voice,)), voices=1)[0, :9, 0].tolist() == [60, 60, 55, 55, 60, 60, 60, 60, -1]


def test_held_pitches_are_struck_again_on_the_beat() -> None:
    grid = np.full((1, 16, 4), 60, np.int8)
    assert [len(track.notes) for track in score_of_grid(grid).tracks] == [1] * 4
    score = score_of_grid(grid, strike=4, names=("Soprano",), programs=(52, 52, 52, 52))
    assert [note.start for note in score.tracks[0].notes] == [0.0, 1.0, 2.0, 3.0]
    assert (score.tracks[0].name, score.tracks[3].program, score.tempo_at(0.0)) == ("Soprano", 52, 66.0)
    assert not any(track.is_drums for track in score_of_grid(np.full((1, 4, 12), 60)).tracks)
