"""The built-in synthesiser: right pitches, nothing that folds back, no clicks, and fast enough."""

import time

import numpy as np
import pytest

from gendesk.music.score import DRUMS
from gendesk.music.synth.drums import drum
from gendesk.music.synth.synthesiser import POLYPHONY, Synthesiser
from gendesk.music.synth.timbres import RATE, TIMBRES, timbre_of
from gendesk.music.synth.tones import frequency, tone
from tests.support.sound import Sound


@pytest.fixture
def synthesiser() -> Synthesiser:
    return Synthesiser()


def loudness(sound) -> float:
    return float(np.sqrt(np.mean(sound**2)))


def test_every_program_has_an_instrument():
    assert {timbre_of(program) for program in range(128)} <= set(TIMBRES)
    assert [timbre_of(program) for program in (0, 19, 24, 32, 48, 52, 56, 73)] == [
        *("piano", "organ", "guitar", "bass", "strings", "choir", "brass", "flute")
    ]


@pytest.mark.parametrize("name", sorted(set(TIMBRES) - {"timpani"}))
def test_pitches_are_right(name):
    for pitch in (48, 60, 72):
        heard = Sound(tone(name, pitch, 5).samples.astype(float), RATE)
        width = RATE / len(heard.samples)
        spectrum = np.abs(np.fft.rfft(heard.samples * np.hanning(len(heard.samples))))
        near = np.arange(round(frequency(pitch) * 0.95 / width), round(frequency(pitch) * 1.05 / width))
        strongest = near[np.argmax(spectrum[near])] * width
        # A second player is out of tune on purpose, by 13 cents or, low down, by a beat a second.
        assert abs(strongest - frequency(pitch)) <= max(0.0075 * frequency(pitch), 1 + width)


@pytest.mark.parametrize("name", sorted(TIMBRES))
def test_high_notes_have_nothing_between_their_partials(name):
    """What folds back at half the rate would be heard as tones that are no partials, most of all high up."""
    sound = tone(name, 103, 7).samples[: RATE // 2].astype(float)
    sound = sound[RATE // 10 :]  # behind the noise of the attack
    spectrum = np.abs(np.fft.rfft(sound * np.blackman(len(sound))))
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    below = (hertz > 100) & (hertz < 0.4 * frequency(103))
    assert 20 * np.log10(spectrum[below].max() / spectrum.max()) < -60


def test_loops_have_no_seam():
    for name, timbre in TIMBRES.items():
        if timbre.ring is None:
            made = tone(name, 57, 4)
            seam = abs(made.samples[made.loop] - made.samples[-1])
            assert seam <= 1.5 * np.abs(np.diff(made.samples[made.loop :])).max()


def test_a_note_sounds_while_held_and_ends(synthesiser):
    synthesiser.program(0, 19)
    synthesiser.note_on(0, 60, 100)
    held = synthesiser.render(4 * RATE)
    assert held.shape == (4 * RATE, 2) and held.dtype == np.float32
    assert loudness(held[-RATE:]) == pytest.approx(loudness(held[RATE : 2 * RATE]), rel=0.1)
    synthesiser.note_off(0, 60)
    synthesiser.render(3 * RATE)
    assert synthesiser.silent and np.abs(synthesiser.render(RATE)).max() < 1e-3


def test_velocity_is_loudness_and_brightness(synthesiser):
    def struck(velocity):
        synthesiser.note_on(0, 48, velocity)
        sound = synthesiser.render(RATE)[:, 0]
        synthesiser.close()
        spectrum = np.abs(np.fft.rfft(sound)) ** 2
        return loudness(sound), np.sum(spectrum * np.arange(len(spectrum))) / spectrum.sum()

    soft, loud = struck(20), struck(120)
    assert loud[0] > 5 * soft[0] and loud[1] > 1.3 * soft[1]


def test_volume_and_pan_belong_to_a_channel(synthesiser):
    synthesiser.program(3, 19)
    synthesiser.control(3, 10, 0)
    synthesiser.note_on(3, 60, 100)
    left, right = synthesiser.render(RATE).T
    assert loudness(left) > 3 * loudness(right)  # the room answers from both sides
    synthesiser.control(3, 7, 0)
    synthesiser.render(2 * RATE)
    assert loudness(synthesiser.render(RATE)) < 1e-3


def test_the_pedal_holds_notes(synthesiser):
    synthesiser.program(0, 19)
    synthesiser.control(0, 64, 127)
    synthesiser.note_on(0, 60, 100)
    synthesiser.note_off(0, 60)
    synthesiser.render(RATE)
    assert loudness(synthesiser.render(RATE)) > 0.01
    synthesiser.control(0, 64, 0)
    synthesiser.render(3 * RATE)
    assert synthesiser.silent


def test_the_quietest_voice_makes_room(synthesiser):
    for pitch in range(20, 20 + POLYPHONY):
        synthesiser.note_on(pitch % 4, pitch, 1 if pitch == 50 else 90)
    synthesiser.render(RATE // 10)
    synthesiser.note_on(5, 100, 90)
    assert synthesiser.voices == POLYPHONY
    synthesiser.render(RATE // 10)
    assert synthesiser.voices == POLYPHONY
    assert not any(voice.pitch == 50 for voice in synthesiser._voices)


def test_nothing_is_louder_than_the_converter_takes(synthesiser):
    for channel in range(8):
        synthesiser.program(channel, 16 * channel)
        for pitch in range(40, 88, 6):
            synthesiser.note_on(channel, pitch, 127)
    sound = synthesiser.render(RATE)
    assert 0.7 < np.abs(sound).max() <= 1


def test_all_off_leaves_nothing(synthesiser):
    for pitch in range(40, 60):
        synthesiser.control(pitch % 9, 64, 127)
        synthesiser.note_on(pitch % 9, pitch, 100)
    synthesiser.all_off()
    synthesiser.render(4 * RATE)
    assert synthesiser.silent


def test_drums_are_different_and_end_by_themselves(synthesiser):
    assert len({drum(pitch).samples.tobytes() for pitch in (35, 36, 38, 42, 46, 49, 51)}) == 7
    for pitch in range(128):
        assert drum(pitch).loop is None and np.abs(drum(pitch).samples).max() <= 1.5
    synthesiser.note_on(DRUMS, 46, 120)
    open_hat = loudness(synthesiser.render(RATE // 8)[RATE // 12 :])
    synthesiser.close()
    synthesiser.note_on(DRUMS, 46, 120)
    synthesiser.render(RATE // 20)
    synthesiser.note_on(DRUMS, 42, 1)  # closes it
    assert loudness(synthesiser.render(RATE // 8)[RATE // 12 :]) < open_hat / 2


def test_blocks_of_any_size_give_the_same_sound():
    def played(size):
        synthesiser = Synthesiser()
        synthesiser.note_on(0, 60, 100)
        return np.concatenate([synthesiser.render(min(size, 8192 - at)) for at in range(0, 8192, size)])

    assert np.allclose(played(512), played(100), atol=1e-5) and np.allclose(played(8192), played(3000), atol=1e-5)


def test_sixty_four_voices_are_made_in_a_fraction_of_their_time(synthesiser):
    for pitch in range(30, 30 + POLYPHONY):
        synthesiser.note_on(pitch % 8, pitch, 90)
    synthesiser.render(512)
    began = time.process_time()
    synthesiser.render(RATE)
    assert time.process_time() - began < 0.5  # about 0.03 on a desktop
