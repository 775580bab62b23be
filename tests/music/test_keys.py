"""Notes are spelt by their key, and the key of a piece is found."""

import pytest

from gendesk.music.keys import NO_KEY, estimated_keys, key_at, key_name, key_of, note_name, pitch_of, tonic
from gendesk.music.score import DRUMS, Key, Note, Score, Track
from tests.support.scores import play


def test_keys_spell_their_notes() -> None:
    assert note_name(60) == "C4"
    assert [note_name(pitch) for pitch in (61, 63, 66, 68, 70)] == ["C#4", "E-4", "F#4", "G#4", "B-4"]
    assert [note_name(pitch, Key(0.0, -4)) for pitch in (61, 63, 68, 70)] == ["D-4", "E-4", "A-4", "B-4"]
    assert [note_name(pitch, Key(0.0, 4)) for pitch in (61, 63, 68, 70)] == ["C#4", "D#4", "G#4", "A#4"]
    assert (note_name(59, Key(0.0, -6)), note_name(60, Key(0.0, 7))) == ("C-4", "B#3")
    assert (note_name(58, flat="♭"), note_name(54, sharp="♯"), note_name(0)) == ("B♭3", "F♯3", "C\u22121")


def test_names_are_read_back() -> None:
    for sharps in range(-7, 8):
        for flat in ("-", "b", "♭"):
            for pitch in range(1, 127):
                assert pitch_of(note_name(pitch, Key(0.0, sharps), flat=flat)) == pitch
    assert [pitch_of(note_name(pitch)) for pitch in range(128)] == list(range(128))


@pytest.mark.parametrize("name", ["", "H4", "C", "4", "C#-4", "c4", "C10", "A9", "C#b4", "rest", "C4.E4", "C-\u22121"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        pitch_of(name)


def test_keys_have_names_and_tonics() -> None:
    assert [key_name(Key(0.0, sharps)) for sharps in (-6, -2, 0, 6)] == ["G♭ major", "B♭ major", "C major", "F♯ major"]
    assert [key_name(Key(0.0, sharps, True)) for sharps in (-5, 0, 3)] == ["B♭ minor", "A minor", "F♯ minor"]
    for first in range(12):
        for minor in (False, True):
            assert tonic(key_of(first, minor=minor)) == first
    score = Score(keys=(Key(4.0, 2), Key(8.0, -1)))
    assert [key_at(score, beat) for beat in (0.0, 4.0, 9.0)] == [NO_KEY, Key(4.0, 2), Key(8.0, -1)]


@pytest.mark.parametrize("first", range(12))
def test_the_key_of_a_scale_is_found(first: int) -> None:
    chords = ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)), ((0, 3, 7), (5, 8, 12), (7, 11, 14), (0, 3, 7))
    for minor, triads in zip((False, True), chords, strict=True):
        notes = [Note(at, 48 + first + step, 1.0) for at, triad in enumerate(triads) for step in triad]
        drums = Track(tuple(Note(at, 42 + first, 4.0) for at in range(9)), channel=DRUMS)
        guesses = estimated_keys(Score((play(*notes), drums)))
        assert len(guesses) == 24
        assert guesses[0].key == key_of(first, minor=minor)
        assert guesses[0].correlation > 0.8
        assert [guess.correlation for guess in guesses] == sorted((g.correlation for g in guesses), reverse=True)


def test_without_notes_there_is_no_key_and_with_all_of_them_none_is_better() -> None:
    assert estimated_keys(Score()) == []
    assert estimated_keys(Score((play(Note(0.0, 60, 0.0)),))) == []
    everything = estimated_keys(Score((play(*[Note(at, 60 + at, 1.0) for at in range(12)]),)))
    assert {guess.correlation for guess in everything} == {0.0}
