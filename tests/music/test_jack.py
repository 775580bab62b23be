"""The real thing: gendesk plays through RtMidi's JACK port into FluidSynth, and what it sounds like is listened to."""

import threading
from collections.abc import Callable

import pytest

from gendesk import cli
from gendesk.music.fluidsynth import find_fluidsynth, write_fluidsynth_wav
from gendesk.music.midi_writing import write_midi
from gendesk.music.player import Player
from gendesk.music.port_watcher import PortWatcher
from gendesk.music.ports import (
    NoteEvent,
    input_ports,
    open_input,
    open_output,
    output_ports,
    virtual_input,
    virtual_output,
)
from gendesk.music.sound import open_sound
from tests.support.jack import absent, fluidsynth_on_jack, jack_ports, jack_server, process, waited_for
from tests.support.melody import check_melody, melody
from tests.support.sound import Sound, read_sound

_ATTEMPTS = 3
pytestmark = pytest.mark.skipif(bool(absent()), reason=f"not installed: {', '.join(absent())}")


@pytest.fixture
def jack(tmp_path):
    with jack_server(tmp_path) as name:
        yield name


def check_what_is_heard(record: Callable[[], Sound]) -> None:
    """Assert that the melody is heard. A machine that is too busy for sound in real time loses some: then once more."""
    for attempt in range(_ATTEMPTS):
        sound = record()
        try:
            assert 0 < sound.begins() < 2
            check_melody(sound, sound.begins(), melody())
        except AssertionError:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return


def test_fluidsynth_hears_the_right_notes_at_the_right_times(jack, tmp_path, capsys):
    midi, recording = tmp_path / "melody.mid", tmp_path / "heard.wav"
    write_midi(melody(), midi)

    with fluidsynth_on_jack(tmp_path) as port:
        listed = cli.run(["ports"]), capsys.readouterr().out
        assert listed[0] == 0 and port in listed[1] and "JACK" in listed[1]
        recorder = ("jack_rec", "-f", str(recording), "-d", "5", "-b", "16", f"{port}:left", f"{port}:right")

        def record() -> Sound:
            with process(tmp_path, *recorder) as recorded:
                waited_for(lambda: "jackrec" in jack_ports(), "the recorder")
                assert cli.run(["play", str(midi), "--port", port]) == 0, capsys.readouterr().err
                recorded.wait(15)
            return read_sound(recording)

        check_what_is_heard(record)


def test_fluidsynth_writes_the_same_melody(tmp_path):
    path = tmp_path / "melody.wav"
    write_fluidsynth_wav(melody(), path, find_fluidsynth())
    check_melody(read_sound(path), 0.0, melody())


def test_notes_travel_through_virtual_ports(jack):
    heard: list[NoteEvent] = []
    came = threading.Event()

    def hear(event: NoteEvent) -> None:
        heard.append(event)
        if len(heard) == 3:
            came.set()

    with virtual_input(hear, "keys"):
        assert any("keys" in port.name for port in output_ports())
        with open_output("keys") as output:
            output.note_on(2, 60, 100)
            output.note_on(2, 64, 90)
            output.note_off(2, 60)
            assert came.wait(5)
    received = [(event.channel, event.pitch, event.velocity) for event in heard]
    assert received == [(2, 60, 100), (2, 64, 90), (2, 60, 0), (2, 64, 0)]  # the last one when it was closed
    assert heard[0].seconds <= heard[2].seconds


def test_closing_a_port_ends_its_notes(jack):
    heard: list[NoteEvent] = []
    with virtual_output("song") as output:
        assert any("song" in port.name for port in input_ports())
        with open_input("song", heard.append):
            output.note_on(0, 60, 100)
            output.note_on(5, 72, 100)
            output.close()
            output.note_on(0, 61, 100)  # too late, and nothing happens
            waited_for(lambda: len(heard) >= 4, "the ends of notes")
    assert {(event.channel, event.pitch) for event in heard if not event.velocity} >= {(0, 60), (5, 72)}
    assert not any(event.pitch == 61 for event in heard)


def test_what_is_plugged_in_is_noticed(jack):
    told = []
    came = threading.Event()

    def changed(outputs, inputs):
        told.append(outputs)
        came.set()

    watcher = PortWatcher(changed, interval=0.1)
    try:
        with virtual_input(lambda _: None, "new keyboard"):
            assert came.wait(5)
            assert any("new keyboard" in port.name for port in told[-1])
            came.clear()
        assert came.wait(5)
        assert not any("new keyboard" in port.name for port in told[-1])
    finally:
        watcher.close()


def test_a_server_that_ends_and_begins_again_is_noticed(tmp_path):
    told: list[list[str]] = []
    watcher = PortWatcher(lambda outputs, inputs: told.append([port.name for port in outputs]), interval=0.1)
    try:
        for _ in range(2):
            with jack_server(tmp_path), virtual_input(lambda _: None, "keys"):
                waited_for(lambda: bool(told) and any("keys" in name for name in told[-1]), "the port")
            waited_for(lambda: told[-1] == [], "its end")
    finally:
        watcher.close()


def test_the_built_in_sound_is_heard_on_a_sound_card(jack, tmp_path):
    """JACK stands for the card: miniaudio finds it like any other."""
    pytest.importorskip("miniaudio")
    recording = tmp_path / "heard.wav"
    with open_sound() as sound, Player(sound) as player:
        player.set_score(melody())
        recorder = ("jack_rec", "-f", str(recording), "-d", "5", "-b", "16", "gendesk:playback0", "gendesk:playback1")

        def record() -> Sound:
            with process(tmp_path, *recorder) as recorded:
                waited_for(lambda: "jackrec" in jack_ports(), "the recorder")
                player.play(0.0)
                assert player.wait(10)
                recorded.wait(15)
            return read_sound(recording)

        check_what_is_heard(record)
