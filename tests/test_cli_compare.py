"""`gendesk compare`, as people and scripts meet it."""

import json
import shutil

import pytest
import typer

from gendesk import cli, plugins
from gendesk.commands import compare
from gendesk.errors import InputError
from tests.support.training import PLUGINS, small_pictures


@pytest.fixture
def command(data_dir, capsys, monkeypatch):
    """Run a command in this process, with the tiny recipe among the person's plugins: what it prints."""
    monkeypatch.setattr(plugins, "__path__", list(plugins.__path__))
    monkeypatch.setenv("COLUMNS", "100")
    shutil.copytree(PLUGINS / "tiny", data_dir / "plugins" / "tiny")
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(compare.compare)

    def run(*words):
        capsys.readouterr()
        if words[0] == "compare":
            app([str(word) for word in words[1:]], obj=data_dir, standalone_mode=False)
        else:
            cli.run([str(word) for word in words])
        return capsys.readouterr().out

    return run


def train(command, pictures, *words):
    command("train", "tiny", "--data", pictures, "--device", "cpu", *words)


def test_runs_on_the_same_data(command, tmp_path):
    pictures = small_pictures(tmp_path)
    train(command, pictures, "--steps", "3", "--name", "Short")
    train(command, pictures, "--steps", "30", "--name", "Long")
    out = command("compare", "0001", "0002", "--count", "40")
    lines = [line.split() for line in out.splitlines()]
    assert lines[0] == ["Short", "Long"]
    assert all(title in out for title in ("Sharpness", "Distance to the data", "Time", "Steps", "Parameters"))
    assert "only pixels are compared" in out and "Fréchet" not in out
    found = json.loads(command("compare", "0001", "0002", "--count", "40", "--json"))
    first, second = found["runs"]
    assert (found["count"], first["step"], second["step"], second["count"]) == (40, 3, 30, 40)
    assert first["name"] == "pixels" and "frechet" not in first and first["parameters"] == second["parameters"] > 0
    found = json.loads(command("compare", "0001", "0002", "--count", "70", "--features", "--json").splitlines()[-1])
    assert [one["name"] for one in found["runs"]] == ["gendesk features"] * 2
    assert all(one["frechet"] > 0 for one in found["runs"])


def test_a_run_that_makes_no_pictures_is_told_of(command, tmp_path):
    pictures = small_pictures(tmp_path)
    train(command, pictures, "--steps", "1")
    command("train", "cnn", "--data", pictures, "--device", "cpu", "--steps", "1")
    found = json.loads(command("compare", "0001", "0002", "--count", "30", "--json"))
    assert "message" not in found["runs"][0]
    assert "cannot make samples" in found["runs"][1]["message"]


def test_what_cannot_be_compared(command):
    for words, sentence in (
        (("0001",), "From 2 to 8 runs"),
        (("0001", "0002", "--count", "19"), "--count must be from 20"),
        (("0001", "0002", "--seed", "-1"), "--seed must be"),
        (("0001", "0002"), "There are no runs yet"),
    ):
        with pytest.raises(InputError, match=sentence):
            command("compare", *words)
