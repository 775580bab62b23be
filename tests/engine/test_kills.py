"""Twenty kills at random moments: every run resumes, and loses at most what came after its last saved state."""

import io
import os
import random
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gendesk.data.library import DataLibrary
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import Run, RunState
from tests.support.data_server import Served, data_server
from tests.support.killing import a_moment, download, fork_server, killed_soon, sample, train
from tests.support.training import Watcher, engine_in, small_pictures, wait_until

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a fork server")
KILLS = 14
SAMPLING_KILLS = 6


def prepared_run(data_dir: Path, folder: Path, **values) -> str:
    """Make a run that saves at every step and shows pictures often, stopped after a few steps."""
    with engine_in(data_dir) as engine:
        config = engine.config(
            "tiny",
            data=str(small_pictures(folder)),
            steps=50_000,
            checkpoint_seconds=0.01,
            preview_every=7,
            device="cpu",
            **values,
        )
        job = engine.start(config, at_once=True)
        Watcher(engine).wait_for(job.run.steps_saved)
        job.stop()
        assert job.join(30)
        return job.run.id


def saved_after(data_dir: Path, run_id: str, step: int) -> bool:
    return opened(data_dir, run_id).steps_saved()[-1] > step


def opened(data_dir: Path, run_id: str) -> Run:
    return RunStore(data_dir / "runs").open(run_id)


def test_training_survives_kills_at_random_moments(data_dir, tmp_path):
    run_id = prepared_run(data_dir, tmp_path)
    context, dice = fork_server(), random.Random(7)
    with engine_in(data_dir) as engine:
        watcher = Watcher(engine)
        for _ in range(KILLS):
            before = opened(data_dir, run_id).steps_saved()[-1]
            with killed_soon(context, train, data_dir, run_id) as alive:
                watcher.wait_for(partial(saved_after, data_dir, run_id, before))
                a_moment(dice, 0.15)
                assert alive()
            run = opened(data_dir, run_id)
            assert run.state is RunState.INTERRUPTED
            step, state = run.load()
            assert step == state["step"] == run.steps_saved()[-1] > before
            for sheet in run.samples.glob("*/*.png"):
                with Image.open(sheet) as picture:
                    picture.load()
        killed_at = opened(data_dir, run_id).steps_saved()[-1]
        job = engine.resume(run_id, 20)
        assert job.join(30)
        run = opened(data_dir, run_id)
        assert run.state is RunState.FINISHED
        assert run.record.step == killed_at + 20
        steps, _ = run.history()["loss"]
        assert steps.tolist() == list(range(1, killed_at + 21))
        assert [path.name for path in run.folder.rglob(".*")] == []


def test_kills_leave_the_same_weights_as_no_kill(data_dir, tmp_path):
    run_id = prepared_run(data_dir, tmp_path, step_ms=1.0)
    context, dice = fork_server(), random.Random(11)
    with engine_in(data_dir) as engine:
        watcher = Watcher(engine)
        for _ in range(3):
            before = opened(data_dir, run_id).steps_saved()[-1]
            with killed_soon(context, train, data_dir, run_id):
                watcher.wait_for(partial(saved_after, data_dir, run_id, before))
                a_moment(dice, 0.1)
        assert engine.resume(run_id, 10).join(30)
        run = opened(data_dir, run_id)
        config = run.record.config.with_values(
            engine.families.recipe("tiny").load().Config, {"steps": run.record.step, "step_ms": 0.0}
        )
        whole = engine.start(config)
        assert whole.join(60)
        killed, unkilled = (engine.load_model(one).state_dict() for one in (run_id, whole.run.id))
        assert all(torch.equal(killed[name], unkilled[name]) for name in unkilled)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_a_sheet_of_samples_is_whole_or_not_there(data_dir, tmp_path):
    run_id = prepared_run(data_dir, tmp_path)
    context, dice = fork_server(), random.Random(3)
    out = tmp_path / "sheets" / "samples.png"
    out.parent.mkdir()
    with engine_in(data_dir) as engine:
        watcher = Watcher(engine)
        for _ in range(SAMPLING_KILLS):
            out.unlink(missing_ok=True)
            with killed_soon(context, sample, data_dir, run_id, out):
                watcher.wait_for(out.exists)
                a_moment(dice, 0.1)
            with Image.open(out) as picture:
                assert np.asarray(picture).shape == (240, 240)
    assert opened(data_dir, run_id).state is RunState.STOPPED


def test_a_download_goes_on_where_it_was_killed(data_dir, tmp_path, monkeypatch):
    file = io.BytesIO()
    np.save(file, np.random.default_rng(1).integers(0, 256, (5000, 784), dtype=np.uint8))
    data, place = file.getvalue(), "quickdraw/cat.npy"
    part = data_dir / "datasets" / "downloads" / "quickdraw" / "cat.npy.part"
    context = fork_server()
    with data_server() as server:
        monkeypatch.setenv("GENDESK_DATA_MIRROR", server.address)
        for share in (0.2, 0.5, 0.8):
            so_far = int(share * len(data))
            had = part.stat().st_size if part.exists() else 0
            server.files[place] = Served(data, stalls_after=so_far - had)
            with killed_soon(context, download, data_dir, "quickdraw:cat", server.address):
                wait_until(partial(larger, part, had))
        server.files[place] = Served(data)
        dataset = DataLibrary(data_dir / "datasets").open("quickdraw:cat")
        assert dataset.info.train_count + dataset.info.test_count == 5000
        assert server.asked[-1][1].startswith("bytes=")


def larger(path: Path, size: int) -> bool:
    return path.exists() and path.stat().st_size > size
