"""Moves pieces up and down by semitones."""

from dataclasses import replace

from gendesk.errors import InputError
from gendesk.music.keys import key_of, tonic
from gendesk.music.score import Key, Score, Track


def transposed(score: Score, semitones: int) -> Score:
    """Move all notes but those of drums, and the key signatures with them, which then have the fewest accidentals.

    Raises InputError if a note would leave MIDI's range of 0 to 127.
    """
    return replace(
        score,
        tracks=tuple(_moved(track, semitones) for track in score.tracks),
        keys=tuple(_moved_key(key, semitones) for key in score.keys),
    )


def pitch_range(score: Score) -> tuple[int, int] | None:
    """Return the lowest and the highest pitch, drums left out; None without notes."""
    pitches = [note.pitch for track in score.tracks if not track.is_drums for note in track.notes]
    return (min(pitches), max(pitches)) if pitches else None


def _moved(track: Track, semitones: int) -> Track:
    if track.is_drums:
        return track
    notes = [replace(note, pitch=note.pitch + semitones) for note in track.notes]
    if any(not 0 <= note.pitch <= 127 for note in notes):
        raise InputError(f"Moved by {semitones:+d} semitones, a note would leave the range of MIDI, 0 to 127.")
    return track.with_notes(notes)


def _moved_key(key: Key, semitones: int) -> Key:
    if semitones % 12 == 0:
        return key
    return key_of((tonic(key) + semitones) % 12, minor=key.minor, beat=key.beat)
