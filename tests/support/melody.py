"""A short melody, and the check that it is what sounds."""

from gendesk.music.score import Note, Score, Tempo, Track
from tests.support.sound import Sound

_PITCHES = (60, 64, 67, 72, 65, 62, 59, 60)
LATE = 0.03
"""Seconds by which the onset of a note may differ."""


def melody(program: int = 0) -> Score:
    """Return eight notes of an instrument, 0.4 seconds each."""
    notes = tuple(Note(0.5 * index, pitch, 0.45, 100) for index, pitch in enumerate(_PITCHES))
    return Score((Track(notes, "melody", program),), tempos=(Tempo(0.0, 75.0),))


def check_melody(sound: Sound, began: float, score: Score) -> None:
    """Assert that each note is heard within LATE of its time, with its fundamental and harmonics."""
    for note in score.tracks[0].notes:
        due = began + score.seconds_at(note.start)
        assert abs(sound.onset(due) - due) <= LATE, note
        assert abs(sound.fundamental(due) - note.pitch) < 0.5, note
        hertz = 440 * 2 ** ((note.pitch - 69) / 12)
        assert (sound.harmonics(hertz, due + 0.05)[:3] > 15).all(), note
