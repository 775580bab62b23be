"""The synthesiser between a player and a sound card, and a machine without a card."""

import sys
import threading

import numpy as np
import pytest

from gendesk.errors import GendeskError
from gendesk.music.sound import open_sound, why_no_sound
from gendesk.music.synth.live import LATENCY, LiveSynthesiser
from gendesk.music.synth.timbres import RATE


class Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def onsets(sound: np.ndarray) -> list[float]:
    """Return when sound begins after silence, in seconds."""
    loud = np.abs(sound[:, 0]) > 0.4 * np.abs(sound).max()  # no echo is as loud
    quiet = np.convolve(loud, np.ones(2000), "full")[: len(loud)] - loud == 0
    return [int(place) / RATE for place in np.flatnonzero(loud & quiet)]


def test_notes_keep_their_distances_whatever_the_blocks_are():
    clock = Clock()
    synth = LiveSynthesiser(clock)
    times = [0.5, 0.803, 1.107, 1.411]
    waiting, sound, fetched = list(times), [], 0
    for step in range(2000):
        clock.seconds = 100 + step / 1000
        while waiting and clock.seconds - 100 >= waiting[0] - 1e-9:
            waiting.pop(0)
            synth.note_on(9, 76, 120)
        if step % 23 == 0:  # a card that asks for blocks of 23 ms
            frames = round((clock.seconds - 100) * RATE) - fetched
            fetched += frames
            sound.append(synth.render(frames))
    heard = onsets(np.concatenate(sound))
    assert len(heard) == 4
    assert np.diff(heard) == pytest.approx(np.diff(times), abs=0.003)
    assert heard[0] == pytest.approx(times[0] + LATENCY, abs=0.03)


def test_after_a_pause_notes_are_not_late():
    clock = Clock()
    synth = LiveSynthesiser(clock)
    synth.render(RATE)
    clock.seconds += 60  # the computer slept
    synth.render(100)
    synth.note_on(0, 60, 120)
    assert np.abs(synth.render(int(2 * LATENCY * RATE))).max() > 0.01


def test_closed_it_takes_no_more_notes_and_fades():
    clock = Clock()
    synth = LiveSynthesiser(clock)
    synth.note_on(0, 60, 120)
    synth.close()
    synth.note_on(0, 67, 120)
    seconds = 0
    while not synth.silent:
        assert seconds < 8
        clock.seconds += 1
        seconds += 1
        synth.render(RATE)


def test_several_threads_may_play_while_sound_is_fetched():
    synth = LiveSynthesiser()

    def play(channel: int) -> None:
        for number in range(20):
            synth.note_on(channel, 40 + number % 40, 80)
            synth.note_off(channel, 40 + number % 40)

    threads = [threading.Thread(target=play, args=(channel,)) for channel in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert synth.render(512).shape == (512, 2)
    for thread in threads:
        thread.join()
    assert np.isfinite(synth.render(RATE)).all()


def test_without_miniaudio_it_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "miniaudio", None)
    assert "miniaudio" in why_no_sound()
    with pytest.raises(GendeskError, match="WAV"):
        open_sound()
