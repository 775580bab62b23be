"""The stages of a world model, in one run and in five: what is resumed, what is refused, and what is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import torch
from gendesk.plugins.worldmodel.models import DrivingModel
from gendesk.plugins.worldmodel.rollouts import Rollouts
from gendesk.plugins.worldmodel.series import SeriesStore

from gendesk.engine.engine import Engine
from gendesk.engine.events import JobState, Progress
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import Run, RunState
from gendesk.engine.upstream import fingerprint
from tests.support.training import Watcher, wait_until

TINY = {
    "races": 6,
    "rollout_frames": 60,
    "action_repeat": 4,
    "crop_indicators": True,
    "skip_zoom": True,
    "vision_steps": 12,
    "frames_per_batch": 8,
    "memory_steps": 12,
    "episodes_per_batch": 2,
    "window": 10,
    "population": 4,
    "episodes": 2,
    "race_frames": 60,
    "dream_episodes": 2,
    "turns": 2,
    "evaluate_every": 2,
    "evaluation_tracks": 2,
    "processes": 2,
    "device": "cpu",
    "threads": 1,
    "checkpoint_seconds": 0.0,
}
STEPS = 6 + 12 + 6 + 12 + 6
ENDS = (6, 18, 24, 36, STEPS)
"""After which step of the run each of its five stages is over."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a run of all stages that nothing has disturbed."""
    engine = Engine(tmp_path_factory.mktemp("whole"))
    run = trained(engine, "world-model", steps=STEPS)
    engine.close()
    return run


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(tmp_path)
    yield engine
    engine.close()


def trained(engine: Engine, recipe: str, **values: Any) -> Run:
    known = engine.families.recipe(recipe).load().Config.model_fields
    common = ("device", "threads", "steps", "checkpoint_seconds", "epochs")
    small = {name: value for name, value in {**TINY, **values}.items() if name in known or name in common}
    job = engine.start(engine.config(recipe, **small), at_once=True)
    assert job.join(240)
    assert job.state is JobState.FINISHED, job.error
    return engine.runs.open(job.run.id)


def refusal(engine: Engine, recipe: str, **values: Any) -> str:
    job = engine.start(engine.config(recipe, **values), at_once=True)
    assert job.join(60)
    assert job.state is JobState.FAILED
    return job.error


def command(folder: Path, *words: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "GENDESK_DATA_DIR": str(folder), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "gendesk", *words],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def test_one_stage_after_the_other(engine: Engine) -> None:
    races = trained(engine, "world-rollouts", steps=6)
    assert len(Rollouts(races.folder / "products" / "rollouts")) == 6
    seeing = trained(engine, "world-vae", steps=4)
    encoded = trained(engine, "world-encode", epochs=1.0)
    assert len(SeriesStore(encoded.folder / "products" / "series").beginnings()[0]) == 6
    dreaming = trained(engine, "world-mdn-rnn", steps=4)
    driving = trained(engine, "world-controller", steps=4)
    chain = [run.record.upstream.run for run in (seeing, encoded, dreaming, driving) if run.record.upstream]
    assert chain == [races.id, seeing.id, encoded.id, dreaming.id]
    model = engine.load_model(driving.id)
    assert isinstance(model, DrivingModel)
    assert model.world.options() == {"action_repeat": 4, "crop_indicators": True, "skip_zoom": True}
    known = engine.load_model(seeing.id).state_dict()
    assert all(torch.equal(model.state_dict()[name], value) for name, value in known.items())
    # What a trained driver sees is what the next world model learns from.
    again = trained(engine, "world-rollouts", steps=2, policy="controller", hold=1)
    assert again.record.upstream is not None
    assert again.record.upstream.run == driving.id


def test_dreams_tell_how_far_they_are_and_end_soon(engine: Engine) -> None:
    trained(engine, "world-rollouts", steps=2, action_repeat=1)
    for recipe in ("world-vae", "world-encode", "world-mdn-rnn"):
        trained(engine, recipe, steps=2)
    watcher = Watcher(engine)
    dreams = {"trained_in": "dream", "population": 64, "dream_episodes": 16, "race_frames": 3000, "steps": 9}
    small = {name: TINY[name] for name in ("evaluate_every", "evaluation_tracks", "processes", "threads")}
    job = engine.start(engine.config("world-controller", **small, **dreams), at_once=True)
    told = watcher.wait_for(lambda: [event for event in watcher.of(Progress) if "steps dreamt" in event.text], 60)
    assert told[-1].text.startswith("Generation 1: ")
    assert 0 <= told[-1].within < 1
    began = time.monotonic()
    job.stop()
    assert job.join(30)
    assert time.monotonic() - began < 15
    assert job.state is JobState.FINISHED, job.error


def test_races_outlive_a_run_that_cannot_be_taken_up(engine: Engine) -> None:
    races = trained(engine, "world-rollouts", steps=3)
    for checkpoint in races.checkpoints.iterdir():
        checkpoint.write_bytes(b"damaged")
    job = engine.resume(races.id, 2, at_once=True)
    assert job.join(60)
    assert job.state is JobState.FAILED
    assert len(Rollouts(races.folder / "products" / "rollouts")) == 3


def test_a_stage_without_the_one_before_is_refused_in_a_sentence(engine: Engine) -> None:
    assert "train it first: gendesk train world-rollouts" in refusal(engine, "world-vae")
    races = trained(engine, "world-rollouts", steps=2)
    assert f"{races.id} is one of world-rollouts" in refusal(engine, "world-encode", upstream=races.id)
    assert engine.runs.ids() == [races.id]
    trained(engine, "world-vae", steps=2, latent_size=16)
    assert "set it likewise (given: 32)" in refusal(engine, "world-encode")


def test_what_was_built_on_a_run_that_is_trained_further_cannot_go_on(engine: Engine) -> None:
    races = trained(engine, "world-rollouts", steps=2)
    seeing = trained(engine, "world-vae", steps=2)
    before = fingerprint(engine.runs.open(races.id))
    assert seeing.record.upstream is not None
    assert seeing.record.upstream.fingerprint == before
    job = engine.resume(races.id, 2, at_once=True)
    assert job.join(60)
    assert fingerprint(engine.runs.open(races.id)) != before
    job = engine.resume(seeing.id, 2, at_once=True)
    assert job.join(60)
    assert "start a new run on it" in job.error


def test_a_stop_in_the_middle_of_a_generation_is_quick_and_loses_nothing(engine: Engine, whole: Run) -> None:
    config = {**TINY, "checkpoint_seconds": 60.0}
    job = engine.start(engine.config("world-model", steps=STEPS, **config), at_once=True)
    wait_until(lambda: job.steps_done > ENDS[3], 180)
    children = psutil.Process().children()
    began = time.monotonic()
    job.stop()
    assert job.join(30)
    assert time.monotonic() - began < 15
    assert not [child for child in children if works(child)]
    resumed = engine.resume(job.run.id, at_once=True)
    assert resumed.join(120)
    assert resumed.state is JobState.FINISHED, resumed.error
    same_weights(whole, engine.runs.open(job.run.id))


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
def test_a_run_that_is_killed_in_every_stage_ends_like_one_that_is_not(tmp_path: Path, whole: Run) -> None:
    values = [word for name, value in TINY.items() for word in ("--set", f"{name}={value}")]
    words = ["train", "world-model", "--steps", str(STEPS), *values]
    for end in ENDS:
        process = command(tmp_path, *words)
        wait_until(partial(past, tmp_path, end - 3), 180)
        children = psutil.Process(process.pid).children()
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        _, alive = psutil.wait_procs(children, 20)
        assert not alive, "workers outlive the process that started them"
        words = ["resume", "latest"]
    process = command(tmp_path, *words)
    process.wait(180)
    run = RunStore(tmp_path / "runs").find("latest")
    assert run.state is RunState.FINISHED
    same_weights(whole, run)


def works(child: psutil.Process) -> bool:
    """Tell a process that races from one that has ended, and from Python's own that keeps track of shared memory."""
    try:
        return child.status() != psutil.STATUS_ZOMBIE and "spawn_main" in " ".join(child.cmdline())
    except psutil.NoSuchProcess:
        return False


def past(folder: Path, step: int) -> bool:
    runs = RunStore(folder / "runs").all()
    return bool(runs and runs[0].steps_saved() and runs[0].steps_saved()[-1] >= step)


def same_weights(one: Run, other: Run) -> None:
    (step, mine), (same_step, theirs) = one.load(), other.load()
    assert step == same_step == STEPS
    for name, value in mine["model"].items():
        assert torch.equal(value, theirs["model"][name]), name
    assert mine["recipe"]["inner"]["history"] == theirs["recipe"]["inner"]["history"]
    assert np.isfinite([row["mean"] for row in mine["recipe"]["inner"]["history"]]).all()
