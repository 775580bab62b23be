"""A run from Start to every possible end."""

import contextlib
import json
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from gendesk.engine.engine import Engine
from gendesk.engine.events import JobState, Marked, PreviewReady, Progress, Scalars, StateChanged, Warned
from gendesk.engine.runs import RunState
from gendesk.engine.throughput import Throughput
from gendesk.errors import InputError
from tests.support.training import Watcher, engine_in, small_pictures


@pytest.fixture
def engine(data_dir, tmp_path):
    with engine_in(data_dir) as made:
        made.pictures = str(small_pictures(tmp_path))
        yield made


def tiny(engine: Engine, **values):
    return engine.config("tiny", data=engine.pictures, **values)


def test_a_run_ends_with_everything_on_disk(engine):
    watcher = Watcher(engine)
    job = engine.start(tiny(engine, steps=120, preview_every=50))
    assert job.join(30)
    assert job.state is JobState.FINISHED
    run = engine.runs.open(job.run.id)
    assert run.state is RunState.FINISHED
    assert run.record.step == run.record.total_steps == 120
    steps, losses = run.history()["loss"]
    assert steps.tolist() == list(range(1, 121))
    assert losses[-1] < losses[0]
    assert [path.name for path in sorted(run.samples.iterdir())] == ["00000000", "00000050", "00000100", "00000120"]
    assert run.steps_saved()[-1] == 120
    assert [event.state for event in watcher.of(StateChanged)] == [
        JobState.QUEUED,
        JobState.RUNNING,
        JobState.FINISHED,
    ]


def test_scalars_are_lossless_and_previews_are_the_newest(engine):
    watcher = Watcher(engine)
    job = engine.start(tiny(engine, steps=80, preview_every=10))
    assert job.join(30)
    told = np.concatenate([event.steps for event in watcher.of(Scalars) if "loss" in event.values])
    assert told.tolist() == list(range(1, 81))
    previews = watcher.of(PreviewReady)
    assert [event.step for event in previews] == [80]
    assert watcher.of(Progress)[-1].step == 80


def test_pause_single_steps_phases_and_going_on(engine):
    watcher = Watcher(engine)
    job = engine.start(tiny(engine, steps=2000, step_ms=1.0))
    watcher.wait_for(lambda: watcher.of(Scalars))
    job.pause()
    watcher.wait_for(lambda: job.state is JobState.PAUSED)
    paused_at = watcher.wait_for(lambda: [event for event in watcher.of(Marked) if event.kind == "pause"])[-1].step
    job.step()
    job.step("level")
    watcher.wait_for(lambda: watcher.of(Scalars)[-1].steps[-1] == paused_at + 2)
    assert job.state is JobState.PAUSED
    job.resume()
    watcher.wait_for(lambda: watcher.of(Scalars)[-1].steps[-1] > paused_at + 5)
    job.stop()
    assert job.join(10)
    assert job.run.state is RunState.STOPPED


def test_the_time_left_knows_nothing_of_pauses(engine):
    watcher = Watcher(engine)
    job = engine.start(tiny(engine, steps=100_000, step_ms=2.0, validate_every=1_000_000))
    before = watcher.wait_for(lambda: [one for one in watcher.of(Progress) if one.eta and one.elapsed > 0.4])[-1]
    job.pause()
    watcher.wait_for(lambda: job.state is JobState.PAUSED)
    elapsed = watcher.of(Progress)[-1].elapsed
    with pytest.raises(TimeoutError):
        watcher.wait_for(lambda: False, seconds=1.5)
    resumed = time.monotonic()
    job.resume()
    seen = len(watcher.of(Progress))
    after = watcher.wait_for(lambda: watcher.of(Progress)[seen + 1 :])[-1]
    assert after.elapsed - elapsed <= time.monotonic() - resumed + 0.1
    assert after.eta == pytest.approx(before.eta, rel=1.0)  # counting the pause would triple it
    job.stop(save=False)
    assert job.join(10)


def filled(event: PreviewReady) -> bool:
    return bool(np.isfinite(event.preview.values).all())


def test_a_long_step_tells_how_far_it_is_and_what_is_there_without_saving_it(engine):
    watcher = Watcher(engine)
    job = engine.start(tiny(engine, steps=100_000, parts=3, step_ms=400.0, preview_every=1))
    told = watcher.wait_for(lambda: [one for one in watcher.of(Progress) if one.within == 1 and one.step])[0]
    assert told.text == "Part 3 of 3"
    complete = watcher.wait_for(lambda: [one for one in watcher.of(PreviewReady) if one.passing and filled(one)])[0]
    assert complete.preview.name == "parts"
    job.stop()
    assert job.join(10)
    assert not list(job.run.samples.glob("*/parts.*"))


def test_steps_longer_than_the_window_of_a_rate_have_a_rate():
    class Clock(Throughput):
        now = 0.0

        def _running_now(self) -> float:
            return self.now

    throughput = Clock()
    for step in range(1, 4):
        throughput.now += 30
        throughput.count(step)
    assert throughput.steps_per_second() == pytest.approx(1 / 30)


def test_stop_saves_and_leaves_a_usable_model(engine):
    watcher = Watcher(engine)
    job = engine.start(tiny(engine, steps=100_000, validate_every=1_000_000))
    watcher.wait_for(lambda: watcher.of(Scalars))
    job.stop()
    assert job.join(10)
    assert job.run.steps_saved() == [job.run.record.step]
    assert engine.load_model(job.run.id).decode is not None


def test_stop_without_saving_keeps_what_was_saved_before(engine):
    watcher = Watcher(engine)
    job = engine.start(tiny(engine, steps=100_000, validate_every=1_000_000))
    watcher.wait_for(lambda: watcher.of(Scalars))
    job.save()
    pinned = watcher.wait_for(lambda: job.run.record.pinned_steps)[0]
    watcher.wait_for(lambda: watcher.of(Scalars)[-1].steps[-1] > pinned + 50)
    job.stop(save=False)
    assert job.join(10)
    assert job.run.steps_saved() == [pinned]
    assert job.run.record.step == pinned


@pytest.mark.parametrize(("where", "word"), [("set-up", "set-up"), ("step", "step"), ("memory", "batch size")])
def test_a_failure_is_one_sentence_and_start_works_again(engine, where, word):
    watcher = Watcher(engine)
    job = engine.start(tiny(engine, steps=50, fail_in=where))
    assert job.join(20)
    assert job.state is JobState.FAILED
    assert word in job.error
    assert "\n" not in job.error
    assert "Traceback" in watcher.of(StateChanged)[-1].details
    assert engine.runs.open(job.run.id).state is RunState.FAILED
    again = engine.start(tiny(engine, steps=5))
    assert again.join(20)
    assert again.state is JobState.FINISHED


def test_a_failing_preview_is_a_warning(engine):
    watcher = Watcher(engine)
    job = engine.start(tiny(engine, steps=150, fail_in="preview"))
    assert job.join(20)
    assert job.state is JobState.FINISHED
    assert len([event for event in watcher.of(Warned) if "preview" in event.text]) == 1


def test_nan_stops_the_run_and_names_the_loss(engine):
    job = engine.start(tiny(engine, steps=400, nan_at=300, checkpoint_seconds=0))
    assert job.join(30)
    assert job.state is JobState.FAILED
    assert "loss became NaN" in job.error
    saved = job.run.steps_saved()
    assert saved
    assert saved[-1] < 300
    values = job.run.load()[1]
    assert np.isfinite(values["model"]["level"].item())


def test_exploded_weights_are_never_saved(engine):
    job = engine.start(tiny(engine, steps=50, learning_rate=1e30, checkpoint_seconds=0))
    assert job.join(30)
    assert job.state is JobState.FAILED
    for step in job.run.steps_saved():
        assert step < 50


def test_checkpoints_keep_the_newest_the_best_and_the_pinned(engine):
    watcher = Watcher(engine)
    values = {"steps": 3000, "checkpoint_seconds": 0, "keep_checkpoints": 2, "validate_every": 100}
    job = engine.start(tiny(engine, step_ms=0.2, **values))
    watcher.wait_for(lambda: watcher.of(Scalars))
    job.save()
    pinned = watcher.wait_for(lambda: job.run.record.pinned_steps)[0]
    watcher.wait_for(lambda: watcher.of(Scalars)[-1].steps[-1] > pinned + 300)
    job.stop()
    assert job.join(20)
    saved = job.run.steps_saved()
    assert pinned in saved
    assert job.run.record.best_step in saved
    assert len(saved) <= 4


def test_a_full_disk_costs_no_training(data_dir, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("a small disk cannot be mounted here (needs root on Linux)")
    try:
        pictures = small_pictures(tmp_path)
        with engine_in(data_dir) as engine:
            engine.runs.folder = disk
            watcher = Watcher(engine)
            config = engine.config("tiny", data=str(pictures), steps=100_000, checkpoint_seconds=0.02, step_ms=0.5)
            job = engine.start(config)
            watcher.wait_for(lambda: watcher.of(Scalars))
            job.pause()
            watcher.wait_for(lambda: job.state is JobState.PAUSED)  # nothing is written meanwhile
            with contextlib.suppress(OSError):
                (disk / "ballast").write_bytes(b"x" * (300 << 10))
            job.resume()
            watcher.wait_for(lambda: [event for event in watcher.of(Warned) if "No space left" in event.text])
            told = watcher.of(Scalars)[-1].steps[-1]
            watcher.wait_for(lambda: watcher.of(Scalars)[-1].steps[-1] > told)
            job.stop()
            assert job.join(20)
            assert job.state is JobState.FAILED
            assert "cannot be saved" in job.error
            (disk / "ballast").unlink()
            assert engine.runs.open(job.run.id).state is RunState.INTERRUPTED
            resumed = engine.resume(job.run.id, 10)
            assert resumed.join(20)
            assert resumed.state is JobState.FINISHED
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_runs_wait_for_each_other(engine):
    watcher = Watcher(engine)
    first = engine.start(tiny(engine, steps=100_000))
    watcher.wait_for(lambda: watcher.of(Scalars))
    second = engine.start(tiny(engine, steps=5))
    third = engine.start(tiny(engine, steps=5))
    assert second.state is JobState.QUEUED
    third.stop()
    assert third.join(5)
    assert third.run.state is RunState.STOPPED
    first.stop()
    assert second.join(20)
    assert second.state is JobState.FINISHED


def test_a_run_in_training_is_not_resumed_twice(engine):
    watcher = Watcher(engine)
    job = engine.start(tiny(engine, steps=100_000))
    watcher.wait_for(lambda: watcher.of(Scalars))
    with pytest.raises(InputError, match="in training already"):
        engine.resume(job.run.id)


def test_a_complete_run_wants_to_know_how_many_more(engine):
    job = engine.start(tiny(engine, steps=5))
    assert job.join(20)
    with pytest.raises(InputError, match="how many more"):
        engine.resume("latest")


def test_changed_data_are_refused_on_resume(engine, tmp_path):
    job = engine.start(tiny(engine, steps=5))
    assert job.join(20)
    small_pictures(tmp_path, count=90)
    again = engine.resume("latest", 5)
    assert again.join(20)
    assert "has changed" in again.error


def test_the_record_says_how_the_run_was_made(engine):
    job = engine.start(tiny(engine, steps=5, seed=7, learning_rate=0.25))
    assert job.join(20)
    stored = json.loads((Path(job.run.folder) / "run.json").read_text())
    assert stored["config"]["config"]["learning_rate"] == 0.25
    assert stored["config"]["settings"]["seed"] == 7
    assert stored["data"]["train_count"] == 72
    assert stored["versions"]["torch"]


def test_points_are_refused_where_pictures_are_wanted(engine):
    job = engine.start(engine.config("tiny", data="land"))
    assert job.join(30)
    assert job.error.endswith("trains on images, but land has points.")


def test_a_run_with_a_setting_of_another_version_is_told_in_a_sentence(engine):
    job = engine.start(tiny(engine, steps=3))
    assert job.join(10)
    record = json.loads((job.run.folder / "run.json").read_text())
    record["config"]["config"]["of_tomorrow"] = 1
    (job.run.folder / "run.json").write_text(json.dumps(record))
    with pytest.raises(InputError, match="There is no setting named of_tomorrow"):
        engine.load_model(job.run.id)
    again = engine.resume(job.run.id, 3)
    assert again.join(10)
    assert "There is no setting named of_tomorrow" in again.error
