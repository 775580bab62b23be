"""Runs that leave as archives, weights and pictures, and that come in again on another machine."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, PngImagePlugin
from safetensors import safe_open

from gendesk.data.progress import Cancelled
from gendesk.engine.engine import Engine
from gendesk.engine.exchange import (
    Dropped,
    ExportKind,
    ExportOptions,
    export_run,
    import_run,
    kind_of_file,
    settings_of_picture,
    what_is,
)
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import Run, RunState
from gendesk.errors import InputError, StoredDataError
from tests.support.training import Watcher, engine_in, small_pictures


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("exchange")
    with engine_in(folder / "data") as engine:
        settings: dict[str, Any] = {"steps": 12, "preview_every": 4, "checkpoint_seconds": 0.0, "keep_checkpoints": 2}
        job = engine.start(engine.config("tiny", data=str(small_pictures(folder)), **settings), at_once=True)
        assert job.join(20)
        yield engine


@pytest.fixture
def run(engine: Engine) -> Run:
    """A run of 12 steps with sheets of steps 0, 4, 8 and 12; the tests only read it."""
    return engine.runs.find("0001")


@pytest.fixture
def elsewhere(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "elsewhere" / "runs")


def export(engine: Engine, run: Run, out: Path, **options: Any) -> Any:
    return export_run(run, kind_of_file(out), out, engine.families, ExportOptions(**options))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def repacked(folder: Path, out: Path, prefix: str = "", **texts: str) -> Path:
    """Pack a run folder by hand, with other files beside it."""
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in contents(folder).items():
            archive.writestr(prefix + name, content)
        for name, text in texts.items():
            archive.writestr(name, text)
    return out


def change_record(folder: Path, **values: Any) -> None:
    path = folder / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


# Archives


def test_an_archive_brings_the_whole_run_to_another_machine(
    engine: Engine, run: Run, elsewhere: RunStore, tmp_path: Path
) -> None:
    run.label(name="Night", note="good", tags=("a", "b"))
    result = export(engine, run, tmp_path / "run.zip")
    assert result.files == (tmp_path / "run.zip",)
    assert result.facts["checkpoints"] == run.steps_saved()
    imported = import_run(elsewhere, tmp_path / "run.zip")
    assert imported.left_out == () and imported.notes == ()
    assert imported.run.id == run.id and imported.run.title == "Night" and imported.run.labels.tags == ("a", "b")
    assert imported.run.record == run.record
    before, after = contents(run.folder), contents(imported.run.folder)
    assert before.keys() == after.keys()
    assert all(before[name] == after[name] for name in before.keys() - {"run.json"})
    assert [path.name for path in elsewhere.folder.iterdir()] == [run.id]


def test_scores_and_directions_of_a_run_travel_with_it(
    engine: Engine, run: Run, elsewhere: RunStore, tmp_path: Path
) -> None:
    for name in ("quiz.json", "directions.safetensors"):
        (run.folder / name).write_bytes(name.encode())
    export(engine, run, tmp_path / "run.zip")
    imported = import_run(elsewhere, tmp_path / "run.zip").run
    for name in ("quiz.json", "directions.safetensors"):
        assert (imported.folder / name).read_bytes() == name.encode()


def test_a_number_that_is_taken_is_replaced_by_the_next_one(
    engine: Engine, run: Run, elsewhere: RunStore, tmp_path: Path
) -> None:
    export(engine, run, tmp_path / "run.zip")
    ids = [import_run(elsewhere, tmp_path / "run.zip").run.id for _ in range(3)]
    assert ids == ["0001-tiny-quick", "0002-tiny-quick", "0003-tiny-quick"]
    assert elsewhere.ids() == ids


def test_a_light_archive_holds_the_newest_checkpoint_alone(
    engine: Engine, run: Run, elsewhere: RunStore, tmp_path: Path
) -> None:
    assert len(run.steps_saved()) > 1
    export(engine, run, tmp_path / "run.zip", light=True)
    imported = import_run(elsewhere, tmp_path / "run.zip").run
    assert imported.steps_saved() == run.steps_saved()[-1:]
    assert imported.load()[0] == 12


@pytest.mark.parametrize("prefix", ["", "0001-tiny-quick/", "My run (copy)/"])
def test_an_archive_packed_by_hand_may_have_one_folder_around_the_run(
    run: Run, elsewhere: RunStore, tmp_path: Path, prefix: str
) -> None:
    extras = {"__MACOSX/run.json": "x", f"{prefix}.DS_Store": "x", f"{prefix}samples/00000004/evil.py": "x"}
    imported = import_run(elsewhere, repacked(run.folder, tmp_path / "a.zip", prefix, **extras))
    assert imported.run.id == "0001-tiny-quick"
    assert sorted(imported.left_out) == sorted(extras)
    assert contents(imported.run.folder).keys() == contents(run.folder).keys()


def test_a_resumed_import_goes_on_as_if_it_had_never_left(engine: Engine, tmp_path: Path) -> None:
    data = str(small_pictures(tmp_path))
    with engine_in(tmp_path / "here") as here:
        straight = here.start(here.config("tiny", data=data, steps=9), at_once=True)
        assert straight.join(20)  # the two would draw from the same generator of torch
        first = here.start(here.config("tiny", data=data, steps=4), at_once=True)
        assert first.join(20)
        export(here, here.runs.open(first.run.id), tmp_path / "half.zip")
        expected = here.load_model(straight.run.id).state_dict()
    with engine_in(tmp_path / "there") as there:
        imported = import_run(there.runs, tmp_path / "half.zip").run
        job = there.resume(imported.id, 5, at_once=True)
        assert job.join(20) and job.exit_code == 0, job.error
        weights = there.load_model(imported.id).state_dict()
    assert all(torch.equal(weights[name], value) for name, value in expected.items())


def test_data_that_are_not_here_are_named_at_once_and_by_resume(tmp_path: Path) -> None:
    data = small_pictures(tmp_path)
    with engine_in(tmp_path / "here") as here:
        job = here.start(here.config("tiny", data=str(data), steps=2), at_once=True)
        assert job.join(20)
        export(here, here.runs.find("latest"), tmp_path / "run.zip")
    data.unlink()
    with engine_in(tmp_path / "there") as there:
        imported = import_run(there.runs, tmp_path / "run.zip")
        assert imported.notes == (f"To go on training it, its data must lie at {data}, as they did where it was made.",)
        job = there.resume(imported.run.id, 5, at_once=True)
        assert job.join(20)
        assert str(job.error) == f"{data} does not exist."


def test_archives_of_a_run_in_training_are_whole(tmp_path: Path, elsewhere: RunStore) -> None:
    """Checkpoints come and go all the time; each archive has one that can be read, and curves that reach it."""
    with engine_in(tmp_path / "data") as engine:
        settings: dict[str, Any] = {"checkpoint_seconds": 0.0, "keep_checkpoints": 1, "preview_every": 2}
        data, watcher = str(small_pictures(tmp_path)), Watcher(engine)
        job = engine.start(engine.config("tiny", data=data, steps=1_000_000, step_ms=1.0, **settings), at_once=True)
        watcher.wait_for(lambda: engine.runs.find("latest").steps_saved())
        for number in range(8):
            run = engine.runs.find("latest")
            out = tmp_path / f"{number}.zip"
            export(engine, run, out, light=number % 2 == 0)
            imported = import_run(elsewhere, out).run
            assert imported.state is RunState.INTERRUPTED and not imported.in_use
            step, _ = imported.load()
            assert imported.history()["loss"][0][-1] >= step
        job.stop()
        assert job.join(20) and job.exit_code == 0, job.error
        assert list((tmp_path / "data").rglob(".*")) == []


@pytest.mark.parametrize("kind", [ExportKind.ZIP, ExportKind.GIF, ExportKind.TENSORBOARD])
def test_a_cancelled_export_leaves_nothing(engine: Engine, run: Run, tmp_path: Path, kind: ExportKind) -> None:
    out = tmp_path / "out" / "file"
    calls: list[float] = []

    def cancelled() -> bool:
        calls.append(0)
        return len(calls) > 2

    with pytest.raises(Cancelled, match="The export was cancelled"):
        export_run(run, kind, out, engine.families, cancelled=cancelled)
    assert list(out.parent.iterdir()) == []


def test_a_cancelled_import_leaves_nothing(engine: Engine, run: Run, elsewhere: RunStore, tmp_path: Path) -> None:
    export(engine, run, tmp_path / "run.zip")
    calls: list[float] = []

    def cancelled() -> bool:
        calls.append(0)
        return len(calls) > 3

    with pytest.raises(Cancelled, match="The import was cancelled"):
        import_run(elsewhere, tmp_path / "run.zip", cancelled=cancelled)
    assert list(elsewhere.folder.iterdir()) == []


def test_export_and_import_tell_how_far_they_are(engine: Engine, run: Run, elsewhere: RunStore, tmp_path: Path) -> None:
    told: list[float] = []
    export_run(run, ExportKind.ZIP, tmp_path / "a.zip", engine.families, report=lambda part, _: told.append(part))
    import_run(elsewhere, tmp_path / "a.zip", report=lambda part, _: told.append(part))
    assert told and all(0 <= part <= 1 for part in told)


def test_what_cannot_be_written_is_one_sentence(engine: Engine, run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for out, said in (
        (tmp_path / "file" / "a.zip", "cannot be written"),
        (run.folder / "a.zip", "lies in the folder of the run itself"),
    ):
        with pytest.raises(InputError, match=said):
            export(engine, run, out)
    (tmp_path / "b.zip").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        export(engine, run, tmp_path / "b.zip")
    with pytest.raises(InputError, match="does not tell what to write"):
        export(engine, run, tmp_path / "run.xyz")


# Folders


def test_a_folder_copied_by_hand_comes_in(run: Run, elsewhere: RunStore, tmp_path: Path) -> None:
    copy = tmp_path / "stick" / "Copy of my run"
    shutil.copytree(run.folder, copy)
    (copy / "stop").touch()
    imported = import_run(elsewhere, copy)
    assert imported.run.id == run.id
    assert imported.left_out == ("stop",)
    assert imported.run.record == run.record


def test_a_folder_among_the_runs_is_only_opened(engine: Engine, run: Run) -> None:
    imported = import_run(engine.runs, run.folder)
    assert imported.run.folder == run.folder
    assert engine.runs.ids() == [run.id]


@pytest.mark.parametrize(
    ("state", "becomes"),
    [("running", RunState.INTERRUPTED), ("queued", RunState.STOPPED), ("failed", RunState.FAILED)],
)
def test_nobody_trains_what_has_come_in(
    run: Run, elsewhere: RunStore, tmp_path: Path, state: str, becomes: RunState
) -> None:
    copy = tmp_path / run.id
    shutil.copytree(run.folder, copy)
    change_record(copy, state=state, process=[1, 2.0])
    imported = import_run(elsewhere, copy).run
    assert imported.state is becomes
    assert imported.record.process is None and not imported.in_use


def test_a_damaged_checkpoint_is_left_out_and_said(run: Run, elsewhere: RunStore, tmp_path: Path) -> None:
    copy = tmp_path / run.id
    shutil.copytree(run.folder, copy)
    newest = sorted((copy / "checkpoints").iterdir())[-1]
    newest.write_bytes(newest.read_bytes()[:-100])
    (copy / "labels.json").write_text("{")
    imported = import_run(elsewhere, copy)
    assert sorted(imported.left_out) == [f"checkpoints/{newest.name}", "labels.json"]
    assert f"checkpoints/{newest.name} was left out, because it is damaged." in imported.notes
    assert imported.run.load()[0] < 12


# Weights and animations


def test_weights_can_be_opened_by_other_programs(engine: Engine, run: Run, tmp_path: Path) -> None:
    export(engine, run, tmp_path / "w.safetensors")
    expected = engine.load_model(run.id).state_dict()
    with safe_open(tmp_path / "w.safetensors", framework="numpy") as file:
        metadata = file.metadata()
        assert set(file.keys()) == set(expected)
        assert all(np.array_equal(file.get_tensor(name), value.numpy()) for name, value in expected.items())
    assert metadata["recipe"] == "tiny" and metadata["step"] == "12" and metadata["gendesk"]
    assert json.loads(metadata["config"]) == run.record.config.config


def test_the_best_weights_are_those_of_the_best_step(engine: Engine, run: Run, tmp_path: Path) -> None:
    best = run.record.best_step
    assert best in run.steps_saved()
    assert export(engine, run, tmp_path / "w.safetensors", best=True).facts["step"] == best
    run.note(best_step=3)
    with pytest.raises(StoredDataError, match="of step 3, is there no more"):
        export(engine, run, tmp_path / "gone.safetensors", best=True)
    assert not (tmp_path / "gone.safetensors").exists()


def test_an_animation_shows_every_step_and_holds_the_last(engine: Engine, run: Run, tmp_path: Path) -> None:
    facts = export(engine, run, tmp_path / "a.gif", seconds=1.0).facts
    assert facts["preview"] == "samples" and facts["frames"] == 4
    with Image.open(tmp_path / "a.gif") as gif:
        assert gif.n_frames == 4 and gif.info["loop"] == 0
        durations, frames = [], []
        for index in range(4):
            gif.seek(index)
            durations.append(gif.info["duration"])
            frames.append(np.asarray(gif.convert("L")))
    assert durations == [250, 250, 250, 2000]
    with Image.open(run.samples / "00000012" / "samples.png") as sheet:
        factor = frames[-1].shape[1] // sheet.width
        assert np.array_equal(frames[-1][::factor, ::factor][: sheet.height], np.asarray(sheet.convert("L")))
    below = [frame[factor * sheet.height :] for frame in frames]
    assert len({strip.tobytes() for strip in below}) == 4, "each frame says its step"


def test_coloured_pictures_keep_their_colours(engine: Engine, run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "runs" / run.id
    shutil.copytree(run.folder, copy)
    ramp = np.zeros((8, 8, 3), dtype=np.uint8)
    ramp[..., 0], ramp[..., 2] = np.arange(8) * 30, 200
    for step in (0, 4):
        Image.fromarray(ramp).save(copy / "samples" / f"{step:08d}" / "samples.png")
    (copy / "samples" / "00000008" / "samples.png").write_bytes(b"no picture")
    result = export(engine, RunStore(tmp_path / "runs").open(run.id), tmp_path / "a.gif")
    assert result.facts["frames"] == 3 and result.notes == ("Left out, because they cannot be read: 1.",)
    with Image.open(tmp_path / "a.gif") as gif:
        shown = np.asarray(gif.convert("RGB"))[: 8 * 75 : 75, : 8 * 75 : 75]
    assert np.abs(shown.astype(int) - ramp).max() <= 8


def test_an_animation_of_pictures_that_are_not_there_names_those_that_are(
    engine: Engine, run: Run, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="has no pictures named manifold; it has samples"):
        export(engine, run, tmp_path / "a.gif", preview="manifold")
    with pytest.raises(InputError, match="plays for up to"):
        export(engine, run, tmp_path / "a.gif", seconds=0.0)


@pytest.mark.parametrize("kind", [kind for kind in ExportKind if kind is not ExportKind.ONNX])
def test_an_export_leaves_the_run_as_it_is(engine: Engine, run: Run, tmp_path: Path, kind: ExportKind) -> None:
    before = contents(run.folder)
    export_run(run, kind, tmp_path / "out", engine.families)
    assert contents(run.folder) == before


# Pictures, and what was dropped


def test_the_settings_come_back_from_a_picture(run: Run) -> None:
    assert settings_of_picture(run.samples / "00000004" / "samples.png") == run.record.config


def test_pictures_without_good_settings_say_so(tmp_path: Path) -> None:
    def picture(name: str, text: str | None) -> Path:
        info = PngImagePlugin.PngInfo()
        if text is not None:
            info.add_itxt("gendesk run", text, zip=True)
        Image.new("L", (4, 4)).save(tmp_path / name, pnginfo=info)
        return tmp_path / name

    (tmp_path / "text.png").write_text("no picture")
    for path, said in (
        (picture("plain.png", None), "holds no settings of a run"),
        (picture("broken.png", "{"), "are damaged, or from another version"),
        (picture("strange.png", '{"recipe": "vae", "surprise": 1}'), "are damaged, or from another version"),
        (picture("bomb.png", "x" * 50_000_000), "cannot be read as a PNG picture|larger than gendesk writes"),
        (tmp_path / "text.png", "cannot be read as a PNG picture"),
        (tmp_path / "gone.png", "is no file that can be read"),
    ):
        with pytest.raises(InputError, match=said):
            settings_of_picture(path)
        assert what_is(path) is None


def test_what_was_dropped_is_recognised(engine: Engine, run: Run, tmp_path: Path) -> None:
    export(engine, run, tmp_path / "run.zip")
    with zipfile.ZipFile(tmp_path / "pictures.zip", "w") as archive:
        archive.writestr("cats/1.png", b"")
    (tmp_path / "no.zip").write_bytes(b"PK\5\6 nothing")
    assert what_is(tmp_path / "run.zip") is Dropped.ARCHIVE
    assert what_is(run.folder) is Dropped.FOLDER
    assert what_is(run.samples / "00000004" / "samples.png") is Dropped.PICTURE
    for path in (tmp_path, tmp_path / "pictures.zip", tmp_path / "no.zip", tmp_path / "gone", run.metrics_file):
        assert what_is(path) is None


def test_recognising_and_importing_do_not_wait_for_torch() -> None:
    code = "import sys, gendesk.engine.exchange, gendesk.engine.exchange.intake; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
