"""gendesk play and gendesk ports, on a machine that may have neither MIDI nor a sound card."""

import json
import os
import signal
import threading

import pytest

from gendesk import cli
from gendesk.music import ports
from gendesk.music.fluidsynth import find_fluidsynth
from gendesk.music.midi_writing import write_midi
from gendesk.music.musicxml import why_no_musicxml
from gendesk.music.score import Note, Score, Tempo, Track
from tests.support.melody import check_melody, melody
from tests.support.outputs import RecordingOutput
from tests.support.sound import read_sound


@pytest.fixture
def gendesk(capsys):
    def run(*words) -> tuple[int, str, str]:
        capsys.readouterr()
        return cli.run(list(map(str, words))), *capsys.readouterr()

    return run


@pytest.fixture
def midi(tmp_path):
    path = tmp_path / "melody.mid"
    write_midi(melody(), path)
    return path


@pytest.fixture
def without_midi(monkeypatch):
    """A machine whose rtmidi reaches no MIDI system."""
    monkeypatch.setattr(ports, "apis", lambda rtmidi: {})


def test_a_file_becomes_a_sound_file(gendesk, midi, tmp_path):
    path = tmp_path / "melody.wav"
    code, out, err = gendesk("play", midi, "--wav", path)
    assert (code, err.strip()) == (0, "") and out == f"{path}: 8 notes, 3.2 s.\n"
    check_melody(read_sound(path), 0.0, melody())


@pytest.mark.filterwarnings("ignore")  # music21's own
def test_a_file_becomes_musicxml_or_a_sentence_says_what_that_needs(gendesk, midi, tmp_path):
    path = tmp_path / "melody.musicxml"
    code, out, err = gendesk("play", midi, "--musicxml", path)
    if why_no_musicxml():
        assert (code, out) == (2, "") and "pip install music21" in err
    else:
        assert (code, out) == (0, f"{path}: 8 notes.\n") and b"score-partwise" in path.read_bytes()
    assert gendesk("play", midi, "--musicxml", path, "--synth")[0] == 2
    assert gendesk("play", midi, "--musicxml", tmp_path / "melody.pdf")[0] == 2


@pytest.mark.skipif(find_fluidsynth() is None, reason="fluidsynth or a sound font is not installed")
def test_fluidsynth_makes_one_too(gendesk, midi, tmp_path):
    path = tmp_path / "melody.wav"
    assert gendesk("play", midi, "--fluidsynth", "--wav", path)[0] == 0
    check_melody(read_sound(path), 0.0, melody())


def test_notes_go_to_the_named_port(gendesk, midi, monkeypatch):
    output = RecordingOutput()
    monkeypatch.setattr(ports, "open_output", lambda name: output)
    assert gendesk("play", midi, "--port", "keys")[0] == 0
    assert [pitch for _, pitch, _ in output.named("on")] == [note.pitch for note in melody().tracks[0].notes]
    assert output.closed and not output.sounding


def test_interrupting_ends_every_note(gendesk, tmp_path, monkeypatch):
    output = RecordingOutput()
    monkeypatch.setattr(ports, "open_output", lambda name: output)
    path = tmp_path / "long.mid"
    write_midi(Score((Track((Note(0.0, 60, 400.0),)),), tempos=(Tempo(0.0, 60.0),)), path)

    def interrupt() -> None:
        output.wait_for("on", 1)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    code, _, _ = gendesk("play", path, "--port", "keys")
    thread.join()
    assert code == 130 and output.closed and not output.sounding


def test_without_midi_the_list_is_empty_and_says_why(gendesk, without_midi):
    code, out, err = gendesk("ports")
    assert (code, err) == (0, "") and out.startswith("No MIDI system runs")
    code, out, _ = gendesk("ports", "--json")
    listed = json.loads(out)
    assert code == 0 and listed["outputs"] == listed["inputs"] == [] and "No MIDI system" in listed["problem"]


def test_without_rtmidi_nothing_fails(gendesk, midi, monkeypatch):
    monkeypatch.setattr(ports, "rtmidi_module", lambda: None)
    code, out, _ = gendesk("ports")
    assert code == 0 and "python-rtmidi" in out
    code, _, err = gendesk("play", midi, "--port", "keys")
    assert code == 2 and "python-rtmidi" in err and err.count("\n") == 1
    with pytest.raises(Exception, match="python-rtmidi"):
        ports.virtual_output()


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--port", "a", "--synth"), "one of"),
        (("--port", "a", "--wav", "out.wav"), "--port"),
        (("--port", "none"), "'none'"),
        (("--wav", "out.mp3"), ".wav"),
        (("--wav", "none/out.wav"), "no folder"),
    ],
)
def test_what_cannot_be_is_one_sentence(gendesk, midi, without_midi, words, part):
    code, out, err = gendesk("play", midi, *words)
    assert (code, out) == (2, "") and part in err and err.count("\n") == 1


def test_files_without_notes_are_refused(gendesk, tmp_path):
    path = tmp_path / "empty.mid"
    write_midi(Score(), path)
    assert "no notes" in gendesk("play", path)[2]
    path.write_bytes(b"MThd")
    assert gendesk("play", path)[0] == 2
