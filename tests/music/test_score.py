"""A score tells what is where: in beats, in seconds, and in bars."""

import pytest

from gendesk.music.score import Meter, Note, Score, Tempo, Track


def test_tempo_changes_bend_time_and_back() -> None:
    score = Score(tempos=(Tempo(0.0, 60.0), Tempo(4.0, 120.0)))
    assert score.seconds_at(4.0) == pytest.approx(4.0)
    assert score.seconds_at(6.0) == pytest.approx(5.0)
    assert score.beat_at(5.0) == pytest.approx(6.0)
    assert [score.tempo_at(beat) for beat in (0.0, 3.9, 4.0)] == [60.0, 60.0, 120.0]
    assert Score().seconds_at(2.0) == pytest.approx(1.0)
    assert Score(tempos=(Tempo(2.0, 60.0),)).beat_at(3.0) == pytest.approx(4.0)


def test_bars_follow_the_time_signature() -> None:
    score = Score(meters=(Meter(0.0, 4, 4), Meter(8.0, 6, 8)))
    assert list(score.bars(14.0)) == [0.0, 4.0, 8.0, 11.0]
    assert list(Score(meters=(Meter(4.0, 3, 4),)).bars(8.0)) == [0.0, 4.0, 7.0]
    assert score.meter_at(9.0).bar == 3.0


def test_it_lasts_as_long_as_its_last_note_and_lists_notes_by_their_starts() -> None:
    low = Track((Note(0.0, 40, 8.0),), "Bass")
    high = Track().with_notes([Note(2.0, 72, 1.0), Note(0.0, 70, 1.0)])
    score = Score((low, high))
    assert (score.end, score.seconds, score.note_count) == (8.0, 4.0, 3)
    assert [(number, note.pitch) for number, note in score.notes()] == [(0, 40), (1, 70), (1, 72)]


def test_a_score_needs_ticks() -> None:
    with pytest.raises(ValueError, match="at least one tick"):
        Score(resolution=0)
