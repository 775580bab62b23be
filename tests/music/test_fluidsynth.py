"""FluidSynth as an output that runs: what it sounds like is listened to."""

from itertools import groupby

import numpy as np
import pytest

from gendesk.errors import GendeskError
from gendesk.music.fluidsynth import FluidSynthOutput, find_fluidsynth
from gendesk.music.player import Player
from tests.support.melody import melody
from tests.support.sound import Sound, read_sound

pytestmark = pytest.mark.skipif(find_fluidsynth() is None, reason="fluidsynth or a sound font is not installed")


def pitches_of(sound: Sound) -> list[int]:
    """Return the pitches that are heard for a while each; their times depend on how busy the computer is."""
    began = sound.begins()
    windows = [round(sound.fundamental(place)) for place in np.arange(began, sound.seconds - 0.15, 0.05)]
    runs = [(pitch, len(list(same))) for pitch, same in groupby(windows)]
    return [pitch for pitch, length in runs if length >= 3]


def test_a_piece_sounds_right_and_nothing_is_left(tmp_path):
    recording = tmp_path / "heard.wav"
    to_file = ("-a", "file", "-o", f"audio.file.name={recording}", "-o", "audio.file.type=wav")
    with FluidSynthOutput(find_fluidsynth(), (*to_file, "-o", "synth.reverb.active=0")) as output:
        with Player(output) as player:
            player.set_score(melody())
            player.play()
            assert player.wait(10)
        process = output._process
        assert process.poll() is None
    assert process.poll() == 0
    pitches = [note.pitch for note in melody().tracks[0].notes]
    assert pitches_of(read_sound(recording))[: len(pitches)] == pitches
    output.note_on(0, 60, 80)  # too late, and nothing happens
    output.close()


def test_a_program_that_has_ended_is_a_sentence():
    output = FluidSynthOutput(find_fluidsynth(), ("-a", "file", "-o", "audio.file.name=/dev/null"))
    output._process.kill()
    output._process.wait()
    with pytest.raises(GendeskError, match="FluidSynth has ended"):
        for _ in range(3):
            output.note_on(0, 60, 80)
    output.close()
