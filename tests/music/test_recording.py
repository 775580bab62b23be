"""What is played on keys becomes a piece on a grid of sixteenths."""

from gendesk.music.ports import NoteEvent
from gendesk.music.recording import Take
from gendesk.music.score import Note


def take(*events: tuple[float, int, int], bpm: float = 60) -> Take:
    made = Take(bpm, 19)
    for seconds, pitch, velocity in events:
        made.add(NoteEvent(seconds, 0, pitch, velocity))
    return made


def test_it_begins_with_its_first_note_and_lies_on_sixteenths():
    played = take((50.0, 60, 90), (50.48, 60, 0), (50.52, 64, 80), (50.55, 67, 70), (51.1, 67, 0), (51.2, 64, 0))
    score = played.score(60.0)
    notes = (Note(0.0, 60, 0.5, 90), Note(0.5, 64, 0.75, 80), Note(0.5, 67, 0.5, 70))
    assert score.tracks[0].notes == notes
    assert score.tracks[0].program == 19 and score.tempos[0].bpm == 60 and played.count == 3


def test_ends_without_beginnings_and_beginnings_without_ends():
    score = take((1.0, 50, 0), (2.0, 60, 90), (2.5, 60, 80), (2.9, 61, 70)).score(4.0)
    notes = (Note(0.0, 60, 0.5, 90), Note(0.5, 60, 1.5, 80), Note(1.0, 61, 1.0, 70))
    assert score.tracks[0].notes == notes


def test_nothing_gives_a_score_without_notes():
    assert take((1.0, 50, 0)).score(4.0).note_count == 0
