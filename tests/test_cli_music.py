"""gendesk sample for runs on music: what it writes, and what it refuses."""

import json
import wave
from pathlib import Path

import pytest

from gendesk import cli
from gendesk.music.midi_reading import read_midi
from gendesk.music.midi_writing import write_midi
from gendesk.music.score import Score
from tests.support.pieces import save_json, save_tunes, tables, tune

LINE = ("--set", "embedding=6", "--set", "units=12", "--set", "window=8", "--set", "batch_size=4")
ORCHESTRA = ("latent_size=8", "temporal_filters=16", "generator_filters=16", "critic_filters=8", "batch_size=4")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A data folder with a run that composes and one that has an orchestra, each of a few steps."""
    folder = tmp_path_factory.mktemp("data")
    tunes = save_tunes(folder / "tunes", 12)
    words = ["train", "attention-lstm", "--data", str(tunes), "--steps", "3", "--name", "line", *LINE]
    assert cli.run(["--data-dir", str(folder), *words]) == 0
    chorales = save_json(
        folder / "chorales.json", {part: [piece * 2 for piece in pieces] for part, pieces in tables().items()}
    )
    settings = [word for setting in ORCHESTRA for word in ("--set", setting)]
    words = ["train", "musegan", "--data", str(chorales), "--steps", "1", "--name", "orchestra", *settings]
    assert cli.run(["--data-dir", str(folder), *words]) == 0
    return folder


@pytest.fixture
def sample(folder, capsys):
    def run(number: int, *words: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.run(["--data-dir", str(folder), "sample", f"{number:04}", *map(str, words)])
        return code, *capsys.readouterr()

    return run


def notes(score: Score) -> list:
    return list(score.notes())


def test_pieces_are_written_as_midi_and_always_the_same(sample, tmp_path) -> None:
    path = tmp_path / "piece.mid"
    code, out, _ = sample(1, "--out", path, "--length", 20)
    assert code == 0 and out == f"1 piece of 0001-attention-lstm-line: {path}\n"
    first = read_midi(path)
    assert first.title == "0001-attention-lstm-line"
    sample(1, "--out", path, "--length", 20)
    assert read_midi(path) == first
    sample(1, "--out", path, "--length", 20, "--seed", 2)
    assert notes(read_midi(path)) != notes(first)


def test_a_beginning_is_continued_and_without_temperature_every_seed_is_one(sample, tmp_path) -> None:
    begun, path = tmp_path / "begun.mid", tmp_path / "piece.mid"
    write_midi(tune(60, 62, 64), begun)
    words = ("--begin", begun, "--length", 6, "--temperature", 0, "--rhythm-temperature", 0, "--out", path)
    sample(1, *words)
    first = read_midi(path)
    assert [note.pitch for _, note in first.notes()][:3] == [60, 62, 64]
    assert first.end > 3
    sample(1, *words, "--seed", 9)
    assert notes(read_midi(path)) == notes(first)


def test_several_pieces_are_numbered_and_told_as_json(sample, tmp_path) -> None:
    words = ("--count", 2, "--length", 5, "--temperature", 0.5, "--out", tmp_path / "piece.wav", "--json")
    code, out, _ = sample(1, *words)
    made = json.loads(out)
    assert code == 0 and made["files"] == [str(tmp_path / "piece-1.wav"), str(tmp_path / "piece-2.wav")]
    assert made["temperature"] == 0.5 and made["length"] == 5 and len(made["pieces"]) == 2
    for file, piece in zip(made["files"], made["pieces"], strict=True):
        with wave.open(file) as sound:
            assert sound.getnframes() / sound.getframerate() > piece["seconds"]


def test_an_orchestra_plays_its_bars_from_noise_alone(sample, tmp_path) -> None:
    path = tmp_path / "bars.mid"
    assert sample(2, "--out", path, "--seed", 3)[0] == 0
    score = read_midi(path)
    assert len(score.tracks) == 4 and score.end == 8
    code, _, err = sample(2, "--out", path, "--temperature", 1)
    assert code == 2 and "--temperature is for texts and music." in err


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--out", "piece.txt"), ".mid, .wav or .png"),
        (("--out", "none/piece.mid"), "no folder"),
        (("--out", "piece.mid", "--prompt", "C"), "--prompt is for texts"),
        (("--out", "piece.mid", "--top-k", 3), "--top-k is for texts"),
        (("--out", "piece.mid", "--length", 0), "length"),
        (("--out", "piece.mid", "--rhythm-temperature", -1), "temperature"),
        (("--out", "piece.mid", "--count", 0), "pieces"),
        (("--out", "piece.mid", "--begin", "pyproject.toml"), "MIDI file"),
        (("--out", "piece.mid", "--begin", "none.mid"), "cannot be read"),
    ],
)
def test_what_cannot_be_is_one_sentence(sample, words, part) -> None:
    code, out, err = sample(1, *words)
    assert (code, out) == (2, "") and part in err and err.count("\n") == 1
    assert not Path("piece.mid").exists()
