"""A piece is merged into a row of chords, and becomes tokens of chords and durations."""

import numpy as np
import pytest

from gendesk.errors import InputError
from gendesk.music.chords import Chord, chord_name, chord_pitches, chordified
from gendesk.music.quantising import quantised
from gendesk.music.score import DRUMS, Note, Score, Track
from gendesk.music.tokens.chord_view import START, UNKNOWN, ChordVocabulary, chord_events, score_of_chords
from tests.support.scores import play, random_score

LINE = Score((play(Note(0.0, 60, 0.25), Note(0.25, 62, 0.75), Note(1.5, 58, 1.5)),))


def test_a_chord_begins_whenever_a_note_begins_or_ends() -> None:
    upper = play(Note(1.0, 59, 1.0), Note(2.0, 60, 1.0))
    lower = play(Note(1.0, 43, 3.0), Note(1.0, 50, 1.0), Note(2.5, 70, 0.0))
    drums = Track((Note(0.0, 42, 9.0),), channel=DRUMS)
    chords = chordified(Score((upper, lower, drums)))
    assert chords == [
        Chord(0.0, 1.0, ()),
        Chord(1.0, 1.0, (43, 50, 59)),
        Chord(2.0, 1.0, (43, 60)),
        Chord(3.0, 1.0, (43,)),
    ]
    assert [chord_name(chord.pitches) for chord in chords] == ["rest", "G2.D3.B3", "G2.C4", "G2"]
    assert [chord_pitches(chord_name(chord.pitches)) for chord in chords] == [chord.pitches for chord in chords]
    assert chordified(Score()) == []


def test_chords_fill_all_time_and_hold_what_sounds() -> None:
    for seed in range(30):
        score = random_score(seed)
        notes = [note for track in score.tracks if not track.is_drums for note in track.notes if note.length]
        place = 0.0
        for chord in chordified(score):
            assert chord.start == pytest.approx(place)
            place = chord.start + chord.length
            middle = chord.start + chord.length / 2
            assert chord.pitches == tuple(sorted({note.pitch for note in notes if note.start <= middle < note.end}))
        assert place == pytest.approx(max((note.end for note in notes), default=0.0))


def test_chords_without_end_are_refused() -> None:
    held = [Note(0.0, pitch, 9000.0) for pitch in range(127)]
    with pytest.raises(InputError, match="2,000,000 notes"):
        chordified(Score((play(*held, *[Note(at / 2, 127, 0.25) for at in range(8_000)]),)))


@pytest.mark.parametrize("name", ["", "C4.", "E4.C4", "C4.C4", "START"])
def test_what_is_no_chord_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"is not|do not rise"):
        chord_pitches(name)


def test_a_line_is_told_and_comes_back() -> None:
    events = chord_events(LINE)
    assert events == [("C4", "1/4"), ("D4", "3/4"), ("rest", "1/2"), ("B-3", "3/2")]
    assert score_of_chords(events).tracks[0].notes == LINE.tracks[0].notes


def test_what_chords_tell_is_told_again() -> None:
    for seed in range(30):
        events = chord_events(random_score(seed))
        assert chord_events(score_of_chords(events)) == events


def test_a_vocabulary_knows_what_it_has_seen_and_finds_the_nearest_duration() -> None:
    pieces = [chord_events(LINE), [("C4", "1"), ("G2.D3.B3", "1/3")]]
    vocabulary = ChordVocabulary.learnt(pieces)
    assert vocabulary.chords == (START, UNKNOWN, "rest", "G2.D3.B3", "B-3", "C4", "D4")
    assert vocabulary.durations == ("0", "1/4", "1/3", "1/2", "3/4", "1", "3/2")
    tokens = vocabulary.encode(pieces[1], starts=2)
    assert tokens.dtype == np.int32
    assert tokens.tolist() == [[0, 0], [0, 0], [5, 5], [3, 2]]
    assert vocabulary.decode(tokens) == [(START, "0")] * 2 + pieces[1]
    assert vocabulary.decode(vocabulary.encode([("C9", "5"), ("C4", "1/12")])) == [(UNKNOWN, "3/2"), ("C4", "1/4")]
    assert score_of_chords(vocabulary.decode(tokens)) == score_of_chords(pieces[1])
    assert ChordVocabulary(vocabulary.chords, vocabulary.durations) == vocabulary
    assert ChordVocabulary.learnt(pieces, least=2).chords == (START, UNKNOWN, "C4")
    assert vocabulary.encode([]).shape == (0, 2)
    for wrong in ([[99, 0]], [[-1, 0]]):
        with pytest.raises(IndexError):
            vocabulary.decode(wrong)


def test_chords_are_moved_to_the_grid_first() -> None:
    late = Score((play(Note(2.01, 60, 0.98), Note(3.02, 64, 1.0)),))
    assert chord_events(late, steps=4) == [("C4", "1"), ("E4", "1")]
    assert chord_events(quantised(late, 4), steps=4) == chord_events(late, steps=4)
