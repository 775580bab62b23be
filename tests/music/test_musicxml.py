"""MusicXML that music21 reads back: bars, voices, rests, ties, keys, time signatures and tempos."""

from pathlib import Path
from typing import Any

import pytest

from gendesk.errors import InputError
from gendesk.music import musicxml
from gendesk.music.score import Key, Meter, Note, Score, Tempo, Track
from tests.support.pieces import hymn

needs_music21 = pytest.mark.skipif(bool(musicxml.why_no_musicxml()), reason="music21 is not installed")
quiet = pytest.mark.filterwarnings("ignore")  # music21's own


def read_back(score: Score, path: Path) -> Any:
    from music21 import converter

    musicxml.write_musicxml(score, path)
    return converter.parse(path)


def sounding(part: Any) -> list[tuple[float, int, float]]:
    """Return (start, pitch, length) of all notes, those that are tied as one."""
    found = []
    for sound in part.stripTies().flatten().notes:
        found += [(float(sound.offset), pitch.midi, float(sound.quarterLength)) for pitch in sound.pitches]
    return sorted(found)


def expected(track: Track) -> list[tuple[float, int, float]]:
    return sorted((note.start, note.pitch, note.length) for note in track.notes)


@quiet
@needs_music21
def test_notes_rests_ties_and_voices_come_back(tmp_path):
    low = Track((Note(0.0, 40, 6.0), Note(1.0, 52, 0.5), Note(7.5, 43, 0.5)), "Bass", 32, 1)
    high = Track((Note(0.5, 66, 1.0), Note(3.0, 70, 2.5), Note(3.0, 73, 2.5), Note(6.25, 71, 1.25)), "Lead", 52)
    score = Score(
        (high, low), (Tempo(0.0, 97.0),), (Meter(0.0, 3, 4), Meter(6.0, 2, 4)), (Key(0.0, -3, True),), "A song"
    )
    back = read_back(score, tmp_path / "song.musicxml")
    assert back.metadata.bestTitle == "A song"
    assert back.metadata.composer is None
    for part, track in zip(back.parts, score.tracks, strict=True):
        assert part.partName == track.name
        assert sounding(part) == expected(track)
    measures = back.parts[1].getElementsByClass("Measure")
    assert [measure.quarterLength for measure in measures] == [3.0, 3.0, 2.0]
    assert [float(rest.offset) for rest in measures[2].flatten().notesAndRests if rest.isRest] == [0.0]
    assert len(measures[0].voices) == 2 and not measures[2].voices
    flat = back.parts[0].flatten()
    assert [sign.ratioString for sign in flat.getElementsByClass("TimeSignature")] == ["3/4", "2/4"]
    assert [sign.sharps for sign in flat.getElementsByClass("KeySignature")] == [-3]
    assert [mark.number for mark in flat.getElementsByClass("MetronomeMark")] == [97]
    assert "B-4" in {pitch.nameWithOctave for pitch in flat.pitches}  # as three flats spell it
    assert back.parts[1].flatten().getElementsByClass("BassClef")
    ties = [note.tie.type for note in back.parts[1].recurse().notes if note.tie and note.pitch.midi == 40]
    assert ties == ["start", "stop"]


@quiet
@needs_music21
def test_triplets_and_odd_lengths_come_back(tmp_path):
    third = 1 / 3
    track = Track((Note(0.0, 60, third), Note(third, 62, third), Note(2 * third, 64, 5 / 12), Note(2.0, 65, 1.75)))
    back = read_back(Score((track,)), tmp_path / "song.xml")
    for found, wanted in zip(sounding(back.parts[0]), expected(track), strict=True):
        assert found == pytest.approx(wanted, abs=1e-6)


@quiet
@needs_music21
def test_chords_drums_and_a_silent_piece(tmp_path):
    back = read_back(hymn(), tmp_path / "hymn.xml")
    assert sounding(back.parts[0]) == expected(hymn().tracks[0])
    assert not any(measure.voices for measure in back.parts[0].getElementsByClass("Measure"))
    assert read_back(Score(), tmp_path / "none.xml").parts[0].getElementsByClass("Measure")
    drums = Score((Track((Note(0.0, 36, 1.0), Note(1.0, 38, 0.25)), channel=9),))
    assert len(sounding(read_back(drums, tmp_path / "drums.xml").parts[0])) == 2


@needs_music21
def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        musicxml.write_musicxml(hymn(), tmp_path / "file" / "song.xml")


def test_without_music21_a_sentence_says_how_to_have_it(tmp_path, monkeypatch):
    monkeypatch.setattr(musicxml.importlib.util, "find_spec", lambda name: None)
    assert "pip install music21" in musicxml.why_no_musicxml()
    with pytest.raises(InputError, match="music21"):
        musicxml.write_musicxml(hymn(), tmp_path / "song.xml")
    assert not list(tmp_path.iterdir())
