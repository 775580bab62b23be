"""Puts notes where a grid has its lines."""

import math
from dataclasses import replace

from gendesk.music.score import Note, Score, Track

_MOST_TICKS = 0x7FFF


def quantised(score: Score, steps: int) -> Score:
    """Move starts and ends of notes to the nearest of `steps` a beat; the shortest note is one step long.

    Notes of a track that then begin together on the same key become one, the longest and loudest of them. Tempo, metre,
    key and controls stay. The ticks of a beat are multiplied so that each step is a whole number of them.
    Raises ValueError if there is no step in a beat.
    """
    if steps < 1:
        raise ValueError("A beat has at least one step.")
    tracks = tuple(_quantised(track, steps) for track in score.tracks)
    return replace(score, tracks=tracks, resolution=divided(score.resolution, steps))


def divided(resolution: int, steps: int) -> int:
    """Return the least multiple of a resolution in which steps are whole ticks; of steps alone, where that is too many.

    Too many are those that a MIDI file cannot count.
    """
    found = math.lcm(resolution, steps)
    return found if found <= _MOST_TICKS else steps * max(1, _MOST_TICKS // steps)


def steps_of(note: Note, steps: int) -> tuple[int, int]:
    """Return the steps at which a note begins and ends, at least one later."""
    start = round(note.start * steps)
    return start, max(start + 1, round(note.end * steps))


def _quantised(track: Track, steps: int) -> Track:
    merged: dict[tuple[int, int], tuple[int, int]] = {}
    for note in track.notes:
        start, end = steps_of(note, steps)
        other_end, velocity = merged.get((start, note.pitch), (0, 0))
        merged[start, note.pitch] = max(end, other_end), max(note.velocity, velocity)
    return track.with_notes(
        Note(start / steps, pitch, (end - start) / steps, velocity)
        for (start, pitch), (end, velocity) in merged.items()
    )
