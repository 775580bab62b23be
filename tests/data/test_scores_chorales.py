"""The chorales keep the rules of voice leading, all of them; a listener could do the rest."""

import itertools
from collections import Counter

import numpy as np
import pytest

from gendesk.data.scores import chorales
from gendesk.data.scores.chorales import Chorale
from gendesk.data.scores.harmony import CADENCES, chords_of
from gendesk.data.scores.voicing import PAIRS, RANGES, cheapest, voicings
from gendesk.music.keys import tonic

EIGHTH = 0.5


@pytest.fixture(scope="module")
def pieces() -> list[Chorale]:
    return [chorales.compose(number) for number in range(chorales.COUNT)]


def _sounding(piece: Chorale) -> np.ndarray:
    """Return the pitches of the four voices in eighths, int (eighths, 4), from the notes alone."""
    table = np.zeros((round(piece.score.end / EIGHTH), 4), int)
    for voice, track in enumerate(piece.score.tracks):
        for note in track.notes:
            table[round(note.start / EIGHTH) : round(note.end / EIGHTH), voice] = note.pitch
    return table


def _parallels(table: np.ndarray) -> int:
    """Count moves of two voices from a fifth or an octave to another one."""
    count = 0
    for i, j in PAIRS:
        gaps = (table[:, i] - table[:, j]) % 12
        both = (np.diff(table[:, i]) != 0) & (np.diff(table[:, j]) != 0)
        count += int((both & (gaps[1:] == gaps[:-1]) & np.isin(gaps[1:], (0, 7))).sum())
    return count


def test_there_are_no_parallels_crossings_or_notes_out_of_range(pieces: list[Chorale]) -> None:
    found: Counter[str] = Counter()
    for piece in pieces:
        table = _sounding(piece)
        found["silences"] += int((table == 0).sum())
        found["parallels in eighths"] += _parallels(table)
        found["parallels on beats"] += _parallels(table[::2])
        found["parallels between chords"] += _parallels(table[piece.texture.starts[:-1]])
        found["crossings"] += int((np.diff(table, axis=1) >= 0).sum())
        found["wide gaps"] += int((-np.diff(table[:, :3], axis=1) > 12).sum())
        for voice, (low, high) in enumerate(RANGES):
            found["out of range"] += int(((table[:, voice] < low) | (table[:, voice] > high)).sum())
    assert +found == Counter()


def test_leading_notes_are_never_doubled_and_resolve(pieces: list[Chorale]) -> None:
    doubled = stuck = sevenths = 0
    for piece in pieces:
        keys = [(one.tonic, one.minor) for one in piece.phrases for _ in one.chords]
        names = [name for one in piece.phrases for name in one.chords]
        ends = set(np.cumsum([len(one.chords) for one in piece.phrases]) - 1)
        table, skeleton = _sounding(piece), piece.texture.chords
        for at, (place, _) in enumerate(keys):
            part = table[piece.texture.starts[at] : piece.texture.starts[at + 1]]
            doubled += int((((part - place) % 12 == 11).sum(axis=1) > 1).sum())
        for at, name in enumerate(names[:-1]):
            chord = chords_of(minor=keys[at][1])[name]
            if at in ends or not chord.name.startswith(("V", "vii")) or chord.name in ("VI", "VII"):
                continue
            moves = skeleton[at + 1] - skeleton[at]
            tones = (skeleton[at] - keys[at][0]) % 12
            stuck += int((~np.isin(moves[tones == chord.leading], (0, 1))).sum())
            sevenths += int((~np.isin(moves[tones == chord.seventh], (0, -1, -2))).sum())
    assert (doubled, stuck, sevenths) == (0, 0, 0)


def test_every_phrase_ends_with_its_cadence_on_a_strong_beat(pieces: list[Chorale]) -> None:
    seen: Counter[str] = Counter()
    for piece in pieces:
        bar = piece.score.meters[0].bar
        place = 0.0
        number = 0
        for one in piece.phrases:
            assert [name.rstrip("+") for name in one.chords[-len(CADENCES[one.cadence]) :]] == [*CADENCES[one.cadence]]
            last = number + len(one.chords) - 1
            root = chords_of(minor=one.minor)[one.chords[-1]].tones[0] + one.tonic
            assert piece.texture.chords[last, 3] % 12 == root % 12
            begun = place + sum(one.beats[:-1])
            assert begun % bar in (0, bar / 2)
            assert one.beats[-1] >= 2
            place, number = place + sum(one.beats), last + 1
            seen[one.cadence] += 1
        assert 8 <= piece.score.end / bar <= 16
        key = piece.score.keys[0]
        assert [note.notes[-1].pitch % 12 for note in (piece.score.tracks[0], piece.score.tracks[3])] == [
            tonic(key)
        ] * 2
    assert min(seen[name] for name in CADENCES) > 50


def test_the_pieces_move_as_singers_like_it(pieces: list[Chorale]) -> None:
    leaps = Counter(
        "step" if abs(after.pitch - before.pitch) <= 2 else "leap"
        for piece in pieces
        for before, after in itertools.pairwise(piece.score.tracks[0].notes)
    )
    assert leaps["step"] > 4 * leaps["leap"]
    lengths = Counter(note.length for piece in pieces for _, note in piece.score.notes())
    assert 0.15 < lengths[0.5] / sum(lengths.values()) < 0.5
    suspended = sum(
        note.start % 1 == EIGHTH and note.length >= 1 for piece in pieces for _, note in piece.score.notes()
    )
    assert suspended > len(pieces)
    assert len({piece.score.keys[0] for piece in pieces}) > 12
    assert {piece.score.meters[0].count for piece in pieces} == {3, 4}


def test_the_pieces_differ_and_are_always_the_same(pieces: list[Chorale]) -> None:
    assert len({piece.score.tracks for piece in pieces}) == len(pieces)
    assert chorales.compose(17).score == pieces[17].score


def test_what_nobody_can_sing_has_no_path() -> None:
    chord = chords_of(minor=False)["I"]
    high = voicings(chord, 0, minor=False)
    never = np.full(len(high.costs), 1e6, np.float32)
    assert cheapest([high, high], [never, never]) is None
