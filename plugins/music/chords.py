"""Chords as tokens of a network: a vocabulary that holds them in every key that is wanted, and what they sound like."""

from functools import cache

import numpy as np

from gendesk.data.dataset import Float32Array, Int64Array, ScoreInfo
from gendesk.music.chords import chord_name, chord_pitches
from gendesk.music.tokens.chord_view import START, UNKNOWN, ChordVocabulary

UNKNOWN_TOKEN = 1


@cache
def pitches_of(name: str) -> tuple[int, ...] | None:
    """Return the pitches of a chord, none for a rest; None for what is no chord, as the start of a piece."""
    try:
        return chord_pitches(name)
    except ValueError:
        return None


def moved_name(name: str, semitones: int) -> str:
    """Return the name of a chord so many semitones higher; `UNKNOWN` where it would leave the range of MIDI."""
    pitches = pitches_of(name)
    if not pitches:
        return name
    if pitches[0] + semitones < 0 or pitches[-1] + semitones > 127:
        return UNKNOWN
    return chord_name(tuple(pitch + semitones for pitch in pitches))


def widened(info: ScoreInfo, shifts: range) -> ChordVocabulary:
    """Return the vocabulary of the data, and behind it what its chords become by transposition, by their pitches."""
    known = set(info.chords)
    new = {moved_name(name, shift) for name in info.chords for shift in shifts} - known - {START, UNKNOWN}
    return ChordVocabulary((*info.chords, *sorted(new, key=chord_pitches)), info.durations)


def moves(vocabulary: ChordVocabulary, shifts: range) -> Int64Array:
    """Return what each chord becomes by each shift, int64 (shifts, chords); unknown if the vocabulary has it not."""
    places = {name: place for place, name in enumerate(vocabulary.chords)}
    rows = [[places.get(moved_name(name, shift), UNKNOWN_TOKEN) for name in vocabulary.chords] for shift in shifts]
    return np.array(rows, np.int64)


def sounding(vocabulary: ChordVocabulary) -> Float32Array:
    """Return which pitches each chord has: 0 or 1, float32 (chords, 128)."""
    table = np.zeros((len(vocabulary.chords), 128), np.float32)
    for row, name in zip(table, vocabulary.chords, strict=True):
        row[list(pitches_of(name) or ())] = 1
    return table
