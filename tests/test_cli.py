"""The command line as people and scripts meet it: what it prints, where, and with which exit code."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors import safe_open

from gendesk import __version__, cli, plugins
from tests.support.training import PLUGINS, small_pictures

ROOT = Path(__file__).resolve().parents[1]
needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")


class Result:
    """What a command left: its exit code and what it wrote."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        """The last line of standard output."""
        return json.loads(self.out.splitlines()[-1])


Command = Callable[..., Result]


@pytest.fixture
def command(data_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Run a command in this process, in a terminal of 80 columns, with the tiny recipe among the person's plugins."""
    monkeypatch.setattr(plugins, "__path__", list(plugins.__path__))
    monkeypatch.setenv("COLUMNS", "80")
    shutil.copytree(PLUGINS / "tiny", data_dir / "plugins" / "tiny")

    def run(*words: str | Path) -> Result:
        capsys.readouterr()
        code = cli.run([str(word) for word in words])
        return Result(code, *capsys.readouterr())

    return run


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return small_pictures(tmp_path)


@pytest.fixture
def train(command: Command, pictures: Path) -> Command:
    """Train the tiny recipe for 3 steps, or as the words say."""

    def train(*words: str | Path) -> Result:
        steps = [] if {"--steps", "--epochs"} & set(words) else ["--steps", "3"]
        return command("train", "tiny", "--data", pictures, "--device", "cpu", *steps, *words)

    return train


def run_folders(data_dir: Path) -> list[str]:
    return sorted(path.name for path in data_dir.glob("runs/*"))


def assert_refused(result: Result, *parts: str) -> None:
    """One sentence on standard error, nothing on standard output, exit code 2."""
    assert result.code == 2, result.err
    assert result.out == ""
    assert "Traceback" not in result.err
    (line,) = [line for line in result.err.splitlines() if line.startswith("gendesk: ")]
    assert line.endswith((".", "?"))
    for part in parts:
        assert part in line


# train and resume


def test_training_ends_with_one_json_object(train: Command, data_dir: Path) -> None:
    result = train("--json", "--name", "My run")
    assert result.code == 0
    assert len(result.out.splitlines()) == 1
    summary = result.json
    assert summary["run"] == "0001-tiny-my-run"
    folder = Path(summary["folder"])
    assert folder == data_dir / "runs" / "0001-tiny-my-run"
    assert (summary["state"], summary["step"], summary["total_steps"], summary["name"]) == ("finished", 3, 3, "My run")
    assert summary["metrics"].keys() == {"loss", "noise", "validation/loss"}
    assert all(np.isfinite(value) for value in summary["metrics"].values())
    assert summary["seconds"] > 0
    assert summary["steps_per_second"] > 0
    assert [path.name for path in folder.glob("checkpoints/*.safetensors")] == ["00000003.safetensors"]
    with safe_open(folder / "checkpoints" / "00000003.safetensors", framework="numpy") as checkpoint:
        assert "/model/level" in checkpoint.keys()  # noqa: SIM118 (it is no dict)


def test_training_without_json_is_for_people(train: Command, data_dir: Path) -> None:
    result = train()
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0].startswith("Finished at step 3 after 0:0")
    assert lines[-1] == f"Run: {data_dir}/runs/0001-tiny-quick"
    assert f"Samples: {data_dir}/runs/0001-tiny-quick/samples/00000003/samples.png" in lines
    assert Path(lines[-2].partition(": ")[2]).is_file()


def test_the_progress_bar_fits_the_terminal(train: Command) -> None:
    result = train("--name", "a name that is long enough to fill all of a line by itself, and then some")
    assert result.code == 0
    assert all(len(line) <= 80 for line in result.err.splitlines())


def test_paths_are_shown_as_they_are(command: Command, pictures: Path, tmp_path: Path) -> None:
    """No line breaks, no markup, no smileys."""
    strange = (
        tmp_path / "a [bold]folder[/bold] :smile: with a name that is longer than a terminal of 80 columns is wide"
    )
    shutil.copytree(PLUGINS / "tiny", strange / "plugins" / "tiny")
    words = ["--data-dir", strange, "--data", pictures, "--device", "cpu", "--steps", "1"]
    result = command("train", "tiny", *words)
    assert result.code == 0, result.err
    assert result.out.splitlines()[-1] == f"Run: {strange}/runs/0001-tiny-quick"
    assert command("train", "tiny", *words, "--json").json["folder"] == f"{strange}/runs/0002-tiny-quick"
    assert f"  data: {strange}" in command("doctor", "--data-dir", strange).out.splitlines()
    assert f"{strange}/none.npz" in command("train", "tiny", "--data", strange / "none.npz").err


def test_resuming_goes_on(train: Command, command: Command) -> None:
    train("--epochs", "1")
    finished = command("resume", "latest")
    assert_refused(finished, "0001-tiny-quick has reached its 9 steps")
    result = command("resume", "latest", "--steps", "4", "--json")
    assert result.code == 0
    assert (result.json["run"], result.json["step"], result.json["state"]) == ("0001-tiny-quick", 13, "finished")
    assert command("resume", "0001", "--steps", "2").out.startswith("Finished at step 15 ")


def test_the_seed_and_other_settings_reach_the_run(train: Command) -> None:
    words = ["--seed", "0", "--preset", "book", "--set", "learning_rate=0.25", "--set", "preview_every=2"]
    folder = Path(train(*words, "--json").json["folder"])
    config = json.loads((folder / "run.json").read_text())["config"]
    assert config["preset"] == "book"
    assert (config["settings"]["seed"], config["settings"]["preview_every"]) == (0, 2)
    assert (config["config"]["learning_rate"], config["config"]["batch_size"]) == (0.25, 16)


def test_switches_choices_and_layers_are_set_by_words(command: Command, pictures: Path) -> None:
    layer = '[{"filters": 2, "kernel": 3, "stride": 2}]'
    values = ["batch_norm=true", "loss=bce", f"encoder={layer}", f"decoder={layer}", "dropout=0.1", "threads=1"]
    words = [word for value in values for word in ("--set", value)]
    result = command("train", "ae", "--data", pictures, "--device", "cpu", "--steps", "1", "--json", *words)
    assert result.code == 0, result.err
    config = json.loads((Path(result.json["folder"]) / "run.json").read_text())["config"]["config"]
    assert (config["batch_norm"], config["loss"], config["dropout"]) == (True, "bce", 0.1)
    assert config["encoder"] == [{"filters": 2, "kernel": 3, "stride": 2}]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["--set", "learning_rte=1"], ["no setting learning_rte", "known are", "learning_rate"]),
        (["--set", "learning_rate=fast"], ["learning_rate: ", "'fast'"]),
        (["--set", "learning_rate=-1"], ["learning_rate: ", "-1"]),
        (["--set", "learning_rate=NaN"], ["learning_rate: ", "nan"]),
        (["--set", "batch_size=2.5"], ["batch_size: ", "2.5"]),
        (["--set", "batch_size=" + "9" * 5000], ["batch_size: ", "999..."]),
        (["--set", "fail_in=nowhere"], ["fail_in: ", "'nowhere'"]),
        (["--set", "learning_rate"], ["FIELD=VALUE"]),
        (["--set", "name=mine"], ["no setting name"]),
        (["--set", "self=1"], ["no setting self"]),
        (["--steps", "5", "--epochs", "2"], ["--steps or --epochs"]),
        (["--steps", "-3"], ["steps: ", "-3"]),
        (["--steps", "many"], ["--steps"]),
        (["--epochs", "nan"], ["epochs: "]),
        (["--seed", "-1"], ["seed: ", "-1"]),
        (["--preset", "slow"], ["tiny has no preset slow; known are quick, book"]),
        (["--device", "tpu"], ["no device tpu here; choose auto or one of: cpu"]),
        (["--data", "no-such-set"], ["no data set named 'no-such-set'", "glyphs"]),
        (["--data", "missing/folder"], ["missing/folder", "does not exist"]),
        (["--what"], ["--what"]),
    ],
)
def test_bad_input_is_one_sentence_and_leaves_nothing(
    train: Command, data_dir: Path, words: list[str], parts: list[str]
) -> None:
    for output in ([], ["--json"]):
        assert_refused(train(*words, *output), *parts)
    assert run_folders(data_dir) == []


def test_a_config_that_does_not_suit_the_data_is_bad_input(command: Command, data_dir: Path, pictures: Path) -> None:
    flat = 'decoder=[{"filters": 1, "kernel": 3, "stride": 1}]'
    result = command("train", "vae", "--data", pictures, "--device", "cpu", "--set", flat)
    assert_refused(result, "3x3 pixels", "12x12")
    assert run_folders(data_dir) == []


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["train", "wae"], ["no recipe wae; known are", "vae"]),
        (["--tab", "gan", "list"], ["--tab belongs to the window"]),
        (["--data-dir"], ["--data-dir"]),
        (["tain"], ["tain"]),
        (["resume", "latest"], ["no runs yet"]),
        (["resume"], ["RUN"]),
        ([], ["The window takes"]),
    ],
)
def test_bad_commands_are_one_sentence(command: Command, words: list[str], parts: list[str]) -> None:
    assert_refused(command(*words), *parts)


def test_a_data_folder_that_cannot_be_written_is_one_sentence(command: Command, pictures: Path) -> None:
    assert_refused(command("train", "vae", "--data", pictures, "--data-dir", pictures), str(pictures))


def test_a_resumed_run_with_other_data_is_bad_input_and_stays(
    train: Command, command: Command, data_dir: Path, pictures: Path
) -> None:
    train()
    pictures.unlink()
    assert_refused(command("resume", "latest", "--steps", "1"), str(pictures), "does not exist")
    small_pictures(pictures.parent, count=90)
    assert_refused(command("resume", "latest", "--steps", "1", "--json"), "has changed")
    assert run_folders(data_dir) == ["0001-tiny-quick"]
    assert command("sample", "latest", "--out", pictures.with_suffix(".png")).code == 0


def test_a_failing_recipe_is_a_failed_run(train: Command, data_dir: Path) -> None:
    result = train("--set", "fail_in=step", "--set", "fail_at=1", "--json")
    assert result.code == 1
    assert "gendesk: The recipe failed with ValueError: the step was told to fail." in result.err
    assert "Traceback" not in result.err
    assert (result.json["state"], result.json["step"]) == ("failed", 0)
    assert "told to fail" in result.json["message"]
    assert train("--set", "fail_in=set-up").code == 1
    assert len(run_folders(data_dir)) == 2


def test_warnings_are_told_on_standard_error(train: Command) -> None:
    result = train("--set", "fail_in=preview", "--json")
    assert result.code == 0
    assert "Warning: A preview failed: ValueError: the preview was told to fail." in result.err
    assert result.json["step"] == 3


# Which run


def test_a_run_goes_by_its_id_a_unique_beginning_or_latest(train: Command, command: Command, tmp_path: Path) -> None:
    for name in ("one", "two", "two"):
        train("--name", name)
    out = tmp_path / "samples.png"
    for reference, run in [("0002-tiny-two", "0002"), ("0001", "0001"), ("0003-", "0003"), ("latest", "0003")]:
        result = command("sample", reference, "--out", out, "--json")
        assert result.code == 0, result.err
        assert result.json["run"].startswith(run)
    assert_refused(command("sample", "000", "--out", out), "000 could be any of 0001-tiny-one, 0002-tiny-two, 0003-")
    assert_refused(command("sample", "0009", "--out", out), "no run 0009", "gendesk runs")
    assert_refused(command("resume", "../runs/0001-tiny-one"), "no run ../runs/0001-tiny-one")


def test_latest_is_the_run_that_was_trained_last(train: Command, command: Command) -> None:
    train()
    train()
    command("resume", "0001", "--steps", "1")
    assert command("resume", "latest", "--steps", "1", "--json").json["run"] == "0001-tiny-quick"


def test_runs_lists_all_of_them(train: Command, command: Command, data_dir: Path) -> None:
    assert command("runs").out == "There are no runs yet; start one with: gendesk train.\n"
    assert command("runs", "--json").json == []
    train("--name", "a name of forty letters, all of them")
    train()
    (data_dir / "runs" / "0002-tiny-quick" / "run.json").write_text("nonsense")
    listed = command("runs", "--json").json
    assert [run["run"] for run in listed] == ["0001-tiny-a-name-of-forty-letters-all-of-them", "0002-tiny-quick"]
    assert [run["state"] for run in listed] == ["finished", "damaged"]
    assert listed[0]["step"] == 3
    assert {"folder", "metrics", "seconds", "steps_per_second"} <= listed[0].keys()
    table = command("runs").out
    assert "0001-tiny-a-name-of-forty-letters-all-of-them  finished" in table
    assert "0002-tiny-quick" in table
    assert all(len(line) <= 80 for line in table.splitlines())


def test_with_nothing_but_damaged_runs_latest_is_one_sentence(train: Command, command: Command, data_dir: Path) -> None:
    train()
    (data_dir / "runs" / "0001-tiny-quick" / "run.json").write_text("nonsense")
    assert_refused(command("resume", "latest"), "None of the runs can be read")
    assert_refused(command("resume", "0001"), "0001-tiny-quick is damaged")


# sample


def test_samples_are_a_picture_that_tells_how_it_was_made(train: Command, command: Command, tmp_path: Path) -> None:
    train()
    out = tmp_path / "made here.png"
    result = command("sample", "latest", "--count", "7", "--seed", "5", "--out", out)
    assert result.out == f"7 samples of 0001-tiny-quick: {out}\n"
    with Image.open(out) as picture:
        assert picture.size == (3 * 12, 3 * 12)
        layout = json.loads(picture.info["gendesk"])
        config = json.loads(picture.info["gendesk run"])
    assert (layout["count"], layout["step"], layout["tile"], layout["title"]) == (7, 3, [12, 12], "Samples, seed 5")
    assert (config["recipe"], config["settings"]["steps"]) == ("tiny", 3)


def test_the_same_seed_gives_the_same_samples(train: Command, command: Command, tmp_path: Path) -> None:
    train()
    paths = [tmp_path / name for name in ("a.png", "b.png", "c.png")]
    for path, seed in zip(paths, ("3", "3", "4"), strict=True):
        result = command("sample", "latest", "--seed", seed, "--out", path, "--json")
        assert (result.json["out"], result.json["count"], result.json["step"]) == (str(path), 36, 3)
    same, again, other = (np.asarray(Image.open(path)) for path in paths)
    assert (same == again).all()
    assert (same != other).any()


def test_samples_that_cannot_be_made_are_one_sentence(train: Command, command: Command, tmp_path: Path) -> None:
    train()
    out = tmp_path / "a.png"
    for words, part in [
        (["--out", tmp_path / "no" / "folder" / "a.png"], "cannot be written"),
        (["--out", tmp_path / "a.jpg"], "call the file a.png"),
        (["--out", out, "--count", "0"], "--count must be from 1"),
        (["--out", out, "--seed", str(2**64)], "--seed must be from 0"),
        (["--out", out, "--seed", "-1"], "--seed must be from 0"),
        ([], "--out"),
    ]:
        assert_refused(command("sample", "latest", *words), part)
    assert not out.exists()


# The other commands


def test_list_names_all_that_train_takes(command: Command) -> None:
    listed = command("list", "--json").json
    recipes = {recipe["id"]: recipe for family in listed["families"] for recipe in family["recipes"]}
    assert recipes["vae"]["presets"][:2] == ["quick", "book"]
    assert (recipes["vae"]["data"], recipes["vae"]["default_data"]) == ("images", "glyphs")
    names = [dataset["name"] for dataset in listed["datasets"]]
    assert {"glyphs", "avatars", "shapes10", "land", "mnist", "cifar10", "quickdraw:cat"} < set(names)
    assert {recipe["default_data"] for recipe in recipes.values()} <= set(names)
    text = command("list").out
    assert re.search(r"^vae +quick, book +glyphs +Learns", text, re.MULTILINE)
    assert all(len(line.rstrip()) <= 80 for line in text.splitlines() if not line.startswith("  "))


def test_list_says_why_a_plugin_is_broken(command: Command, data_dir: Path) -> None:
    manifest = data_dir / "plugins" / "tiny" / "plugin.toml"
    manifest.write_text("nonsense")
    assert f"The plugin in {manifest.parent} cannot be loaded: " in command("list").out
    broken = [family for family in command("list", "--json").json["families"] if family["error"]]
    assert [family["id"] for family in broken] == ["tiny"]


def test_doctor_shows_what_it_finds(command: Command, data_dir: Path) -> None:
    facts = command("doctor", "--json").json
    assert facts["versions"]["gendesk"] == __version__
    assert facts["devices"]["cpu"]
    assert facts["folders"]["data"] == str(data_dir)
    text = command("doctor").out
    assert "\ndevices\n  cpu: " in text
    assert f"  data: {data_dir}" in text.splitlines()


def test_the_data_folder_is_given_anywhere_or_by_the_environment(
    train: Command, command: Command, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train()
    monkeypatch.setenv("GENDESK_DATA_DIR", str(tmp_path / "elsewhere"))
    assert command("runs", "--json").json == []
    for words in (
        ["--data-dir", data_dir, "runs"],
        ["runs", "--data-dir", data_dir],
        ["runs", f"--data-dir={data_dir}"],
    ):
        assert [run["run"] for run in command(*words, "--json").json] == ["0001-tiny-quick"]


def test_version_and_help(command: Command) -> None:
    assert command("--version").out == f"gendesk {__version__}\n"
    text = command("--help").out
    for name in ("list", "train", "resume", "sample", "runs", "doctor"):
        assert f"\n  {name} " in text
    for name in ("list", "train", "resume", "sample", "runs", "doctor"):
        result = command(name, "--help")
        assert result.code == 0
        assert all(len(line) <= 80 for line in result.out.splitlines())


# As a process


def gendesk(*words: str | Path, **options: Any) -> "subprocess.Popen[str]":
    line = [sys.executable, "-m", "gendesk", *map(str, words)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(line, text=True, cwd=ROOT, **pipes)


@contextlib.contextmanager
def training(data_dir: Path, pictures: Path, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """Start a run without an end, and wait until it has done some steps; a test that fails kills it."""
    shutil.copytree(PLUGINS / "tiny", data_dir / "plugins" / "tiny")
    settings = ["--steps", "1000000", "--device", "cpu", "--json"]
    process = gendesk("train", "tiny", "--data", pictures, *settings, *words)
    try:
        deadline = time.monotonic() + 60
        while not list(data_dir.glob("runs/*/metrics.csv")):
            assert process.poll() is None, process.stderr and process.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def assert_stopped(summary: dict[str, Any]) -> None:
    assert summary["state"] == "stopped"
    assert summary["step"] > 0
    assert (Path(summary["folder"]) / "checkpoints" / f"{summary['step']:08d}.safetensors").is_file()


@needs_signals
def test_ctrl_c_stops_as_stop_does(data_dir: Path, pictures: Path) -> None:
    with training(data_dir, pictures, "--set", "step_ms=1") as process:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert len(out.splitlines()) == 1
    assert_stopped(json.loads(out))


@needs_signals
def test_sigterm_stops_as_stop_does(train: Command, data_dir: Path) -> None:
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    def send() -> None:
        while not (list(data_dir.glob("runs/*/metrics.csv")) and signal.getsignal(signal.SIGTERM) is not handlers[1]):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    sender = threading.Thread(target=send)
    sender.start()
    result = train("--steps", "1000000", "--set", "step_ms=1", "--json")
    sender.join()
    assert result.code == 0, result.err
    assert_stopped(result.json)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == handlers


@needs_signals
def test_a_second_ctrl_c_does_not_wait_for_a_step_without_end(data_dir: Path, pictures: Path) -> None:
    words = ["--set", "step_ms=30000", "--set", "checkpoint_seconds=0"]
    shutil.copytree(PLUGINS / "tiny", data_dir / "plugins" / "tiny")
    process = gendesk("train", "tiny", "--data", pictures, "--device", "cpu", "--json", *words)
    try:
        deadline = time.monotonic() + 60
        while not list(data_dir.glob("runs/*/samples/00000000/samples.png")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        time.sleep(1)  # now the step without an end has begun
        process.send_signal(signal.SIGINT)
        time.sleep(1)  # two signals at once would arrive as one
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130, err
    assert out == ""
    assert "Traceback" not in err


@needs_signals
def test_a_closed_standard_output_costs_nothing_but_the_words(data_dir: Path, pictures: Path) -> None:
    words = ["train", "ae", "--data", str(pictures), "--steps", "1", "--device", "cpu", "--json"]
    done = in_shell(f"{subprocess.list2cmdline(words)} >&-")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Error" not in done.stderr
    (record,) = data_dir.glob("runs/*/run.json")
    assert json.loads(record.read_text())["state"] == "finished"


@needs_signals
def test_a_reader_that_leaves_early_sees_no_traceback(data_dir: Path) -> None:
    assert in_shell("list --json | true").stderr == ""


def in_shell(words: str) -> "subprocess.CompletedProcess[str]":
    line = f"{sys.executable} -m gendesk {words}"
    return subprocess.run(["sh", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_command_imports_neither_the_window_nor_torch_before_it_needs_them() -> None:
    code = "import sys, gendesk.cli; print([name for name in ('torch', 'PySide6') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
