"""Notes are put on a grid, and pieces are moved up and down."""

import pytest

from gendesk.errors import InputError
from gendesk.music.midi_reading import read_midi
from gendesk.music.midi_writing import midi_bytes
from gendesk.music.quantising import divided, quantised
from gendesk.music.score import DRUMS, Control, Key, Note, Score, Tempo, Track
from gendesk.music.transposing import pitch_range, transposed
from tests.support.scores import play, random_score


def test_starts_and_ends_go_to_the_nearest_step() -> None:
    score = Score((play(Note(0.1, 60, 0.5), Note(0.6, 62, 0.05, 90)),), (Tempo(0.3, 90.0),))
    found = quantised(score, 4)
    assert found.tracks[0].notes == (Note(0.0, 60, 0.5), Note(0.5, 62, 0.25, 90))
    assert found.tempos == score.tempos
    triplets = quantised(Score((play(Note(0.3, 60, 0.3), Note(0.7, 62, 0.3)),)), 3)
    assert triplets.tracks[0].notes == (Note(1 / 3, 60, 1 / 3), Note(2 / 3, 62, 1 / 3))


def test_legato_stays_legato_and_what_falls_together_becomes_one() -> None:
    line = play(Note(0.02, 60, 0.45), Note(0.47, 62, 0.6), Note(1.07, 64, 0.4))
    notes = quantised(Score((line,)), 4).tracks[0].notes
    assert [(note.start, note.end) for note in notes] == [(0.0, 0.5), (0.5, 1.0), (1.0, 1.5)]
    twice = play(Note(0.01, 60, 1.0, 50), Note(0.02, 60, 0.5, 90), Note(0.02, 64, 0.5))
    assert quantised(Score((twice,)), 4).tracks[0].notes == (Note(0.0, 60, 1.0, 90), Note(0.0, 64, 0.5))


@pytest.mark.parametrize("steps", [1, 3, 4, 5, 7, 12])
def test_what_is_quantised_stays_so_and_can_be_written(steps: int) -> None:
    for seed in range(40):
        once = quantised(random_score(seed), steps)
        assert all(note == moved for old, new in _pairs(once, quantised(once, steps)) for note, moved in [(old, new)])
        written = read_midi(midi_bytes(once))
        assert [track.notes for track in written.tracks] == [track.notes for track in once.tracks]


def _pairs(one: Score, other: Score) -> list[tuple[Note, Note]]:
    return [(a, b) for (_, a), (_, b) in zip(one.notes(), other.notes(), strict=True)]


def test_steps_are_whole_ticks() -> None:
    assert [divided(480, steps) for steps in (4, 12, 7)] == [480, 480, 3360]
    assert divided(32_767, 12) % 12 == 0
    assert divided(32_767, 12) <= 32_767
    with pytest.raises(ValueError, match="at least one step"):
        quantised(Score(), 0)


def test_transposing_moves_keys_and_leaves_drums() -> None:
    drums = Track((Note(0.0, 42, 1.0),), channel=DRUMS, controls=(Control(0.0, 7, 100),))
    score = Score((play(Note(0.0, 60, 1.0), Note(0.0, 64, 1.0)), drums), keys=(Key(0.0, 0), Key(4.0, 0, True)))
    moved = transposed(score, -3)
    assert [note.pitch for note in moved.tracks[0].notes] == [57, 61]
    assert moved.tracks[1] == drums
    assert moved.keys == (Key(0.0, 3), Key(4.0, 3, True))
    assert transposed(moved, 3) == score
    assert transposed(score, 12).keys == score.keys
    assert (pitch_range(score), pitch_range(Score((drums,)))) == ((60, 64), None)


def test_no_note_leaves_the_range() -> None:
    score = Score((play(Note(0.0, 120, 1.0)),))
    assert transposed(score, 7).tracks[0].notes[0].pitch == 127
    for semitones in (8, -121):
        with pytest.raises(InputError, match="range of MIDI"):
            transposed(score, semitones)
