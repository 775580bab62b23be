"""`gendesk export` and `gendesk import` as people and scripts meet them."""

import json
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gendesk import cli, plugins
from gendesk.engine.run_store import RunStore
from tests.support.training import PLUGINS, small_pictures

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(data_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Run a command in this process, with the tiny recipe among the person's plugins; return code, out and err."""
    monkeypatch.setattr(plugins, "__path__", list(plugins.__path__))
    monkeypatch.setenv("COLUMNS", "80")
    shutil.copytree(PLUGINS / "tiny", data_dir / "plugins" / "tiny")

    def run(*words: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.run([str(word) for word in words])
        return (code, *capsys.readouterr())

    return run


@pytest.fixture
def trained(command: Command, tmp_path: Path, data_dir: Path) -> Path:
    """The folder of a run of the tiny recipe that was trained for 4 steps, by an odd name."""
    words = ("train", "tiny", "--data", small_pictures(tmp_path), "--steps", "4", "--set", "batch_size=4")
    assert command(*words, "--set", "preview_every=2", "--name", "An odd 'name'")[0] == 0
    return next((data_dir / "runs").iterdir())


def last_json(out: str) -> Any:
    return json.loads(out.splitlines()[-1])


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ([], "run.zip"),
        (["--light"], "run.ZIP"),
        ([], "run.safetensors"),
        (["--best"], "run.safetensors"),
        ([], "run.gif"),
        (["--to", "gif", "--preview", "samples", "--seconds", "0.5"], "run"),
    ],
)
def test_export_writes_what_the_name_or_the_option_says(
    command: Command, trained: Path, tmp_path: Path, words: list[str], name: str
) -> None:
    code, out, err = command("export", "latest", "--out", tmp_path / name, *words, "--json")
    assert (code, err.strip()) == (0, "")
    result = last_json(out)
    assert result["run"] == trained.name and result["files"] == [str(tmp_path / name)]
    assert (tmp_path / name).stat().st_size > 0


def test_export_to_tensorboard_writes_a_folder(command: Command, trained: Path, tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    code, out, _ = command("export", "0001", "--to", "tensorboard", "--out", tmp_path / "logs")
    assert code == 0 and str(tmp_path / "logs") in out
    assert any((tmp_path / "logs").iterdir())


def test_export_to_onnx_says_how_far_it_is_from_the_model(command: Command, trained: Path, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    code, out, err = command("export", "0001", "--out", tmp_path / "model.onnx")
    assert (code, err.strip()) == (0, "")
    assert "decoder: at most" in out and "apart from the model" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "run.xyz"], "run.xyz does not tell what to write; add --to with one of zip, safetensors"),
        (["--out", "run.zip", "--to", "pickle"], "--to must be one of zip, safetensors"),
        (["--out", "run.gif", "--preview", "manifold"], "has no pictures named manifold; it has samples."),
    ],
)
def test_export_refuses_in_one_sentence(command: Command, trained: Path, words: list[str], said: str) -> None:
    code, out, err = command("export", "0001", *words)
    assert code == 2 and out == ""
    assert err.startswith("gendesk: ") and said in err and err.count("\n") == 1


def test_a_run_comes_back_from_its_archive(command: Command, trained: Path, tmp_path: Path, data_dir: Path) -> None:
    assert command("export", "0001", "--out", tmp_path / "run.zip")[0] == 0
    code, out, err = command("import", tmp_path / "run.zip", "--json")
    assert (code, err.strip()) == (0, "")
    imported = last_json(out)
    assert imported["run"].startswith("0002-") and imported["state"] == "finished" and imported["left_out"] == []
    assert imported["name"] == "An odd 'name'"
    code, out, _ = command("import", tmp_path / "run.zip")
    assert code == 0 and out.startswith("0003-")
    assert command("resume", "0003", "--steps", "2")[0] == 0
    assert len(RunStore(data_dir / "runs").all()) == 3


def test_import_refuses_what_is_no_run(command: Command, trained: Path, tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("no archive")
    for path, said in ((tmp_path / "text.zip", "is no zip archive"), (tmp_path, "holds no run")):
        code, out, err = command("import", path)
        assert code == 2 and out == ""
        assert err.startswith("gendesk: ") and said in err and err.count("\n") == 1


def test_the_command_in_a_picture_trains_the_same_again(command: Command, trained: Path, data_dir: Path) -> None:
    sheet = trained / "samples" / "00000004" / "samples.png"
    code, out, _ = command("import", sheet, "--json")
    assert code == 0
    result = last_json(out)
    store = RunStore(data_dir / "runs")
    config = store.open(trained.name).record.config
    assert result["settings"] == config.model_dump(mode="json")
    assert command("import", sheet)[1].splitlines()[-1] == result["command"]
    gendesk, *words = shlex.split(result["command"])
    assert gendesk == "gendesk"
    assert command(*words)[0] == 0
    assert store.find("latest").record.config == config
