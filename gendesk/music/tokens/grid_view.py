"""A piece as a grid of voices in steps, as MuseGAN reads it, and one-hot among pitches.

Source: Dong, Hsiao, Yang and Yang, MuseGAN (2018); the sizes are those of Foster, Generative Deep Learning (2019),
chapter 7: bars of 16 steps, 84 pitches, four tracks.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from gendesk.music.quantising import divided, steps_of
from gendesk.music.score import DRUMS, RESOLUTION, Note, Score, Tempo, Track

SILENCE = -1
PITCHES = 84

Int8Array = npt.NDArray[np.int8]
Float32Array = npt.NDArray[np.float32]


def grid_of(score: Score, voices: int = 4, steps: int = 4, bar: int = 16) -> Int8Array:
    """Return the pitches of voices, highest first, int8 [bars, bar, voices]; -1 is silence.

    A score with as many tracks of notes as there are voices, drums aside, has a voice in each, in their order, of
    which the note that began last counts, and the higher of two. Else all notes are shared out anew at each step: the
    highest to the first voice, the lowest of several to the last, and those between from above; inner ones are left
    out where they are too many. Bars have `bar` steps of which `steps` are a beat, whatever the time signature says;
    the last one is filled up with silence. Whether a note is held or struck again is not told.
    """
    parts = [track.notes for track in score.tracks if track.notes and not track.is_drums]
    spans = [sorted((*steps_of(note, steps), note.pitch) for note in part) for part in parts]
    length = max((end for part in spans for _, end, _ in part), default=0)
    bars = -(-length // bar)
    grid = _by_tracks(spans, bars * bar) if len(parts) == voices else _by_height(spans, bars * bar, voices)
    return grid.reshape(bars, bar, voices)


def score_of_grid(
    grid: npt.ArrayLike,
    steps: int = 4,
    strike: int = 0,
    bpm: float = 66.0,
    names: Sequence[str] = (),
    programs: Sequence[int] = (),
) -> Score:
    """Return the score of a grid [bars, bar, voices], a track for each voice on a channel of its own.

    A voice holds a note as long as its pitch stays; `strike` steps later at most, counted from the beginning of the
    piece, it is struck again (4 is each beat, as the book plays its grids), and never with 0.
    """
    whole = np.asarray(grid)
    lines = whole.reshape(-1, whole.shape[-1])
    tracks = tuple(
        Track(
            _struck(lines[:, voice], steps, strike),
            names[voice] if voice < len(names) else "",
            programs[voice] if voice < len(programs) else 0,
            channel_of(voice),
        )
        for voice in range(lines.shape[1])
    )
    return Score(tracks, (Tempo(0.0, bpm),), resolution=divided(RESOLUTION, steps))


def one_hot(grid: npt.ArrayLike, lowest: int = 0, pitches: int = PITCHES) -> Float32Array:
    """Return the grid [bars, bar, voices] as float32 [bars, bar, pitches, voices]: 1 at the pitch and -1 elsewhere.

    Pitches outside `lowest` to `lowest + pitches - 1` are moved by octaves into it; silence is -1 everywhere.
    Raises ValueError if the range is smaller than an octave.
    """
    if pitches < 12:
        raise ValueError("A range has at least the 12 pitches of an octave.")
    whole = np.asarray(grid, np.int64)
    places = _folded(whole - lowest, pitches)
    hot = (places[..., None, :] == np.arange(pitches)[:, None]) & (whole[..., None, :] != SILENCE)
    return np.where(hot, np.float32(1), np.float32(-1))


def from_one_hot(values: npt.ArrayLike, lowest: int = 0, *, rests: bool = False) -> Int8Array:
    """Return the grid [..., bar, voices] of values [..., bar, pitches, voices]: at each step the pitch of most value.

    `rests` keeps a voice silent where no value is above 0, as MuseGAN's authors do; without, it always sounds.
    """
    found = np.asarray(values)
    pitches: npt.NDArray[np.int64] = found.argmax(axis=-2) + lowest
    if rests:
        pitches = np.where(found.max(axis=-2) > 0, pitches, SILENCE)
    return pitches.astype(np.int8)


def _by_tracks(spans: list[list[tuple[int, int, int]]], length: int) -> Int8Array:
    grid = np.full((length, len(spans)), SILENCE, np.int8)
    for voice, part in enumerate(spans):
        # Later notes are written over earlier ones, and in `part` they stand in that order.
        for start, end, pitch in sorted(part, key=lambda span: (span[0], span[2])):
            grid[start:end, voice] = pitch
    return grid


def _by_height(spans: list[list[tuple[int, int, int]]], length: int, voices: int) -> Int8Array:
    sounding = np.zeros((length, 128), bool)
    for part in spans:
        for start, end, pitch in part:
            sounding[start:end, pitch] = True
    grid = np.full((length, voices), SILENCE, np.int8)
    for step, row in enumerate(sounding):
        pitches = np.flatnonzero(row)[::-1]
        if voices > 1 and len(pitches) > 1:
            grid[step, -1] = pitches[-1]
            pitches = pitches[:-1][: voices - 1]
        grid[step, : min(len(pitches), voices)] = pitches[:voices]
    return grid


def _struck(line: npt.NDArray[np.integer], steps: int, strike: int) -> tuple[Note, ...]:
    """Return the notes of a voice: its pitch at each step, or -1."""
    again = np.arange(len(line)) % strike == 0 if strike else np.zeros(len(line), bool)
    begins = np.flatnonzero(again | (np.diff(line, prepend=SILENCE - 1) != 0))
    return tuple(
        Note(int(start) / steps, int(line[start]), int(stop - start) / steps)
        for start, stop in pairwise([*begins, len(line)])
        if line[start] != SILENCE
    )


def _folded(places: npt.NDArray[np.int64], pitches: int) -> npt.NDArray[np.int64]:
    """Move places by octaves into 0 to `pitches` - 1."""
    top = pitches - 12
    return np.where(places < 0, places % 12, np.where(places >= pitches, top + (places - top) % 12, places))


def channel_of(voice: int) -> int:
    """Return the channel of a voice, which is not that of the drums."""
    return min(voice if voice < DRUMS else voice + 1, 15)
