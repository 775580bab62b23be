"""What can be done to notes: each function tells what becomes of which note.

Groups keep their shape: none of the notes leaves the range of pitches or begins before the music. Notes are made by
their class, since `dataclasses.replace` takes six times as long, which is felt when ten thousand of them are dragged.
"""

from collections.abc import Iterable

from gendesk.music.score import Note

Changes = dict[Note, Note]


def moved(notes: Iterable[Note], beats: float, pitches: int) -> Changes:
    """Move notes in time, and in pitch by semitones, as far as all of them can go."""
    chosen = list(notes)
    if not chosen:
        return {}
    beats = max(beats, -min(note.start for note in chosen))
    low, high = min(note.pitch for note in chosen), max(note.pitch for note in chosen)
    pitches = min(max(pitches, -low), 127 - high)
    return {note: Note(note.start + beats, note.pitch + pitches, note.length, note.velocity) for note in chosen}


def lengthened(notes: Iterable[Note], beats: float, least: float) -> Changes:
    """Move the ends of notes; none becomes shorter than `least` beats, or than it is if that is less."""
    return {
        note: Note(note.start, note.pitch, max(note.length + beats, min(least, note.length)), note.velocity)
        for note in notes
    }


def begun(notes: Iterable[Note], beats: float, least: float) -> Changes:
    """Move the beginnings of notes, whose ends stay; none begins before the music or becomes too short."""
    changes = {}
    for note in notes:
        by = max(-note.start, min(beats, max(0.0, note.length - least)))
        changes[note] = Note(note.start + by, note.pitch, note.length - by, note.velocity)
    return changes


def louder(notes: Iterable[Note], by: int) -> Changes:
    """Add to the velocities, each of which stays in 1 to 127."""
    return {note: Note(note.start, note.pitch, note.length, min(127, max(1, note.velocity + by))) for note in notes}


def struck(notes: Iterable[Note], velocity: int) -> Changes:
    """Give all notes one velocity, 1 to 127."""
    return {note: Note(note.start, note.pitch, note.length, min(127, max(1, velocity))) for note in notes}


def on_ticks(note: Note, resolution: int) -> Note:
    """Put start and end of a note onto whole ticks; it lasts at least one."""
    start = round(note.start * resolution)
    stop = round(note.end * resolution)
    return Note(start / resolution, note.pitch, max(1, stop - start) / resolution, note.velocity)
