"""Resuming continues exactly where the run was, also in the middle of an epoch and after a kill."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from gendesk.engine.events import JobState
from gendesk.engine.runs import RunState
from tests.support.training import engine_in, small_pictures


def weights(engine, job) -> dict[str, torch.Tensor]:
    assert job.join(60)
    assert job.state is JobState.FINISHED, job.error
    return engine.load_model(job.run.id).state_dict()


@pytest.mark.parametrize("recipe", ["tiny", "vae"])
@pytest.mark.parametrize("first", [5, 13])
def test_resumed_equals_uninterrupted(data_dir, tmp_path, recipe, first):
    """72 training pictures in batches of 8 (tiny takes two a step): both splits lie within an epoch, one past it."""
    pictures = str(small_pictures(tmp_path))
    common = {"data": pictures, "batch_size": 8, "preview_every": 4, "validate_every": 6, "device": "cpu"}
    if recipe == "vae":
        common["dropout"] = 0.2
    with engine_in(data_dir) as engine:
        whole = weights(engine, engine.start(engine.config(recipe, steps=20, **common)))
        engine.start(engine.config(recipe, steps=first, **common)).join(60)
        # Another run in between leaves the global random generators somewhere else.
        engine.start(engine.config(recipe, steps=3, seed=99, **common)).join(60)
        resumed = weights(engine, engine.resume("0002", 20 - first))
    assert whole.keys() == resumed.keys()
    for name, tensor in whole.items():
        assert torch.equal(tensor, resumed[name]), name


def test_the_history_of_a_resumed_run_has_every_step_once(data_dir, tmp_path):
    pictures = str(small_pictures(tmp_path))
    with engine_in(data_dir) as engine:
        job = engine.start(engine.config("tiny", data=pictures, steps=30))
        job.join(30)
        # What a crash leaves: rows after the last saved state, and half a line.
        with job.run.metrics_file.open("a") as file:
            file.write("31,1.0,0.5,0.1,,\n32,1.1,0.")
        resumed = engine.resume("latest", 10)
        resumed.join(30)
        steps, _ = resumed.run.history()["loss"]
    assert steps.tolist() == list(range(1, 41))


@pytest.mark.skipif(sys.platform == "win32", reason="kills with SIGKILL")
def test_a_killed_run_is_found_interrupted_and_resumes(data_dir, tmp_path):
    pictures = small_pictures(tmp_path)
    words = ["train", "vae", "--data", str(pictures), "--steps", "100000", "--set", "checkpoint_seconds=0.05"]
    process = subprocess.Popen([sys.executable, "-m", "gendesk", *words], stderr=subprocess.DEVNULL)
    folder = data_dir / "runs"
    deadline = time.monotonic() + 60
    while not list(folder.glob("*/checkpoints/*.safetensors")):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with engine_in(data_dir) as engine:
        run = engine.runs.find("latest")
        assert run.state is RunState.INTERRUPTED
        saved = run.steps_saved()[-1]
        job = engine.resume(run.id, 5)
        assert job.join(60)
        assert job.state is JobState.FINISHED, job.error
        assert job.run.record.step == saved + 5


def test_a_damaged_checkpoint_falls_back_to_the_one_before(data_dir, tmp_path):
    pictures = str(small_pictures(tmp_path))
    with engine_in(data_dir) as engine:
        job = engine.start(engine.config("tiny", data=pictures, steps=400, checkpoint_seconds=0))
        job.join(30)
        newest: Path = sorted(job.run.checkpoints.glob("*.safetensors"))[-1]
        newest.write_bytes(newest.read_bytes()[:100])
        resumed = engine.resume("latest", 10)
        resumed.join(30)
        assert resumed.state is JobState.FINISHED, resumed.error
        assert resumed.run.record.step == 409
