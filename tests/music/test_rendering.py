"""A score as a WAV file: the right pitches, at the right times."""

import wave

import numpy as np
import pytest

from gendesk.errors import InputError
from gendesk.music.mixing import Mix, TrackSettings
from gendesk.music.rendering import render, write_wav
from gendesk.music.score import Note, Score, Track
from tests.support.melody import check_melody, melody
from tests.support.sound import read_sound


@pytest.mark.parametrize("program", [0, 19, 24, 73])
def test_a_melody_is_heard_in_its_file(tmp_path, program):
    path = tmp_path / "melody.wav"
    shares = []
    write_wav(melody(program), path, report=shares.append)
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 44_100)
    sound = read_sound(path)
    assert 3.2 < sound.seconds < 12
    check_melody(sound, 0.0, melody(program))
    assert shares == sorted(shares) and shares[-1] == 1.0


def test_muted_tracks_are_silent():
    score = melody()
    assert np.abs(render(score)).max() > 0.05
    assert np.abs(render(score, Mix().with_track(0, TrackSettings(muted=True)))).max() == 0
    assert render(Score()).shape[1] == 2


def test_cancelling_leaves_no_file(tmp_path):
    def cancel(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_wav(melody(), tmp_path / "melody.wav", report=cancel)
    assert not list(tmp_path.glob("*.wav*")) and not list(tmp_path.glob(".*.wav*"))


def test_endless_pieces_are_refused():
    score = Score((Track((Note(1e6, 60, 1),)),))
    with pytest.raises(InputError, match="minutes"):
        render(score)
