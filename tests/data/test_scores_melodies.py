"""The melodies can be sung, end on their tonic, and repeat what they began with."""

from collections import Counter

import pytest

from gendesk.data.scores import melodies
from gendesk.data.scores.melodies import singable
from gendesk.music.keys import tonic
from gendesk.music.score import Score


@pytest.fixture(scope="module")
def tunes() -> list[Score]:
    return [melodies.compose(number) for number in range(melodies.COUNT)]


def _bars(score: Score) -> list[tuple[tuple[float, int, float], ...]]:
    bar = score.meters[0].bar
    found: dict[int, list[tuple[float, int, float]]] = {}
    for note in score.tracks[0].notes:
        found.setdefault(int(note.start // bar), []).append((note.start % bar, note.pitch, note.length))
    return [tuple(found[number]) for number in sorted(found)]


def test_every_tune_can_be_sung_and_ends_on_its_tonic(tunes: list[Score]) -> None:
    for score in tunes:
        pitches = [note.pitch for note in score.tracks[0].notes]
        assert singable(pitches)
        assert pitches[-1] % 12 == tonic(score.keys[0])
        assert 55 <= min(pitches) <= max(pitches) <= 84
        assert max(pitches) - min(pitches) <= 18


def test_bars_are_full_and_as_many_as_phrases_need(tunes: list[Score]) -> None:
    for score in tunes:
        bar = score.meters[0].bar
        assert score.end / bar in (8, 12, 16)
        assert all(sum(length for _, _, length in notes) == bar for notes in _bars(score))


def test_all_metres_and_modes_occur(tunes: list[Score]) -> None:
    meters = Counter((score.meters[0].count, score.meters[0].unit) for score in tunes)
    assert set(meters) == {(2, 4), (3, 4), (4, 4), (6, 8)}
    assert min(meters.values()) > 100
    assert len({score.keys[0] for score in tunes}) > 16
    assert {score.keys[0].minor for score in tunes} == {True, False}


def test_what_was_sung_comes_again(tunes: list[Score]) -> None:
    for score in tunes:
        bars = _bars(score)
        assert bars[0][:-1] in [bar[:-1] for bar in bars[4:]]  # its last note may lead elsewhere in minor
        rhythms = [tuple(length for _, _, length in bar) for bar in bars]
        assert len(set(rhythms)) < len(rhythms)


def test_tunes_differ_and_are_always_the_same(tunes: list[Score]) -> None:
    assert len({score.tracks for score in tunes}) > 0.98 * len(tunes)
    assert melodies.compose(3) == tunes[3]


@pytest.mark.parametrize(
    ("pitches", "wanted"),
    [
        ([60, 62, 64, 65, 67, 65, 64, 62, 60], True),
        ([60, 62, 60, 62, 60], False),  # too narrow
        ([60, 66, 67, 62, 60], False),  # a tritone
        ([60, 62, 64, 67, 67, 67, 67, 62, 60], False),  # four times the same
        ([60, 68, 70, 64, 62, 60], False),  # a wide leap that does not turn back
        ([60, 62, 64, 67, 60], False),  # a leap to the end
    ],
)
def test_what_can_be_sung(pitches: list[int], wanted: bool) -> None:
    assert singable(pitches) is wanted
