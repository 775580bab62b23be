"""Differences between excerpts, voice by voice, and pieces made of several excerpts."""

import numpy as np
import pytest
import torch
from gendesk.plugins.music.musegan.config import MuseganConfig
from gendesk.plugins.music.musegan.models import MuseGan

from gendesk.engine.music.chaining import Plan, Way, chained
from gendesk.engine.music.comparing import VoiceDifference, changed_by_bar, differences, marked
from gendesk.engine.music.console import PARTS, Console, perform
from gendesk.engine.music.excerpts import score_of

CHORDS = PARTS.index("Chords")
MELODIES = [number for number, name in enumerate(PARTS) if name.endswith("melody")]
SEED = (1, 2)


def a_console() -> Console:
    """A stands at the left, and a mix of all vectors at a third of the way is played."""
    return Console.drawn(3, 8).all_moved(1 / 3)


def changed_parts(noise: np.ndarray, other: np.ndarray) -> list[int]:
    return np.flatnonzero((noise != other).any(1)).tolist()


def test_notes_of_two_excerpts_are_told_apart_voice_by_voice():
    first = np.full((2, 16, 4), 60, np.int8)
    second = first.copy()
    second[1, 4:8, 2] = 64  # a beat of the tenor, in the second bar
    second[0, :2, 3] = 48  # half a beat of the bass: two notes, where there was one
    assert differences(score_of(first), score_of(second)) == (
        VoiceDifference(0, 0, 8),
        VoiceDifference(0, 0, 8),
        VoiceDifference(1, 1, 7),
        VoiceDifference(1, 2, 7),
    )
    assert changed_by_bar(first, second) == ((0, 0, 0, 2), (0, 0, 1, 0))
    score = marked(score_of(second), score_of(first))
    loud = [[note.start for note in track.notes if note.velocity > 100] for track in score.tracks]
    assert loud == [[], [], [5.0], [0.0, 0.5]]


def test_a_silent_voice_has_no_notes():
    silent = score_of(np.full((1, 16, 4), -1, np.int8))
    assert differences(silent, silent) == (VoiceDifference(0, 0, 0),) * 4


@pytest.mark.parametrize(("way", "parts"), [(Way.NEW_CHORDS, [CHORDS]), (Way.NEW_MELODIES, MELODIES)])
def test_new_vectors_leave_all_others_as_they_are(way, parts):
    console = a_console()
    plan = Plan.made(console, way, 4, SEED)
    np.testing.assert_array_equal(plan.noise[0], console.noise)
    for noise, before in zip(plan.noise[1:], plan.noise[:-1], strict=True):
        assert changed_parts(noise, before) == parts
    np.testing.assert_array_equal(Plan.made(console, way, 4, SEED).noise, plan.noise)
    locked = console.with_lock(parts[0], locked=True)
    assert changed_parts(Plan.made(locked, way, 2, SEED).noise[1], console.noise) == parts[1:]


def test_vectors_walk_from_a_to_b_in_equal_steps():
    console = a_console()
    chords = Plan.made(console, Way.CHORDS_TO_B, 3, SEED).noise
    np.testing.assert_array_equal(chords[0, CHORDS], console.a[CHORDS])
    np.testing.assert_allclose(chords[1, CHORDS], (console.a[CHORDS] + console.b[CHORDS]) / 2, atol=1e-6)
    np.testing.assert_array_equal(chords[2, CHORDS], console.b[CHORDS])
    assert changed_parts(chords[2], console.noise) == [CHORDS]
    everything = Plan.made(console.with_lock(1, locked=True), Way.ALL_TO_B, 2, SEED).noise
    assert changed_parts(everything[1], console.b) == [1]
    assert len(Plan.made(console, Way.ALL_TO_B, 1, SEED).noise) == 1


def test_excerpts_stand_in_a_row_as_they_are_played_alone():
    torch.manual_seed(2)
    config = MuseganConfig(latent_size=8, temporal_filters=8, generator_filters=8, critic_filters=4, weights="glorot")
    model = MuseGan(config).eval()
    console = a_console()
    with torch.inference_mode():
        alone = perform(model, console)
        piece = chained(model, Plan.made(console, Way.ALL_TO_B, 3, SEED))
    assert piece.shape == (6, 16, 4)
    np.testing.assert_array_equal(piece[:2], alone.a)
    np.testing.assert_array_equal(piece[4:], alone.b)
