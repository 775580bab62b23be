"""The queue: one run after the other, in an order that people can change, whatever becomes of each."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gendesk.engine.engine import Engine
from gendesk.engine.events import JobState, StateChanged
from gendesk.engine.run_config import RunConfig
from gendesk.engine.run_queue import RunQueue
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import RunState
from gendesk.errors import InputError
from tests.support.training import Watcher, engine_in, small_pictures


@pytest.fixture
def pictures(tmp_path: Path) -> str:
    return str(small_pictures(tmp_path))


@pytest.fixture
def engine(data_dir: Path):
    with engine_in(data_dir) as made:
        yield made


def tiny(engine: Engine, pictures: str, **values) -> RunConfig:
    return engine.config("tiny", data=pictures, **{"steps": 4, **values})


def endings(watcher: Watcher) -> list[str]:
    return [event.run_id for event in watcher.of(StateChanged) if event.state.over]


def test_runs_train_one_after_the_other_in_the_order_that_was_chosen(engine, pictures):
    watcher = Watcher(engine)
    first = engine.start(tiny(engine, pictures, steps=100_000))
    second, third = (engine.start(tiny(engine, pictures)) for _ in range(2))
    watcher.wait_for(lambda: first.state is JobState.RUNNING)
    assert {second.state, third.state} == {JobState.QUEUED}
    assert engine.runs.open(second.run.id).state is RunState.QUEUED
    engine.queue.move(third.run.id, 1)
    first.stop()
    assert second.join(30)
    assert third.join(30)
    assert endings(watcher) == [first.run.id, third.run.id, second.run.id]
    assert engine.queue.entries() == ()


def test_a_failed_run_does_not_stop_the_rest(engine, pictures):
    failing = engine.start(tiny(engine, pictures, fail_in="set-up"))
    good = engine.start(tiny(engine, pictures))
    assert good.join(30)
    assert (failing.state, good.state) == (JobState.FAILED, JobState.FINISHED)


@pytest.mark.parametrize("by_its_job", [False, True])
def test_a_waiting_run_can_be_taken_out_and_resumed_later(engine, pictures, by_its_job):
    watcher = Watcher(engine)
    first = engine.start(tiny(engine, pictures, steps=100_000))
    second = engine.start(tiny(engine, pictures))
    watcher.wait_for(lambda: first.state is JobState.RUNNING)
    if by_its_job:
        second.stop()
    else:
        engine.withdraw(second.run.id)
    assert second.state is JobState.FINISHED
    assert [entry.run for entry in engine.queue.entries()] == [first.run.id]
    assert engine.runs.open(second.run.id).state is RunState.STOPPED
    first.stop()
    assert engine.resume(second.run.id).join(30)
    assert engine.runs.open(second.run.id).state is RunState.FINISHED


def test_what_waits_survives_the_engine_and_waits_for_a_person_while_held(data_dir, pictures):
    with engine_in(data_dir) as engine:
        watcher = Watcher(engine)
        first = engine.start(tiny(engine, pictures, steps=100_000))
        waiting = engine.start(tiny(engine, pictures)).run.id
        watcher.wait_for(lambda: first.state is JobState.RUNNING)
    assert [entry.run for entry in RunQueue(data_dir).entries()] == [waiting]
    with engine_in(data_dir) as engine:
        engine.runner.held = True
        watcher = Watcher(engine)
        own = engine.start(tiny(engine, pictures))
        assert own.join(30)
        assert [entry.run for entry in engine.queue.entries()] == [waiting]
        engine.runner.held = False
        watcher.wait_for(lambda: waiting in endings(watcher))
        assert engine.runs.open(waiting).state is RunState.FINISHED


def test_a_run_that_is_handed_over_is_the_first_that_another_process_goes_on_with(data_dir, pictures):
    with engine_in(data_dir) as engine:
        watcher = Watcher(engine)
        job = engine.start(tiny(engine, pictures, steps=400, step_ms=5.0))
        watcher.wait_for(lambda: job.state is JobState.RUNNING and watcher.of(StateChanged))
        engine.hand_over()
        assert job.join(30)
    stopped = RunStore(data_dir / "runs").open(job.run.id)
    assert stopped.record.step < 400
    assert [entry.run for entry in RunQueue(data_dir).entries()] == [job.run.id]
    with engine_in(data_dir) as engine:
        watcher = Watcher(engine)
        engine.runner.wake()
        watcher.wait_for(lambda: endings(watcher))
        assert engine.runs.open(job.run.id).record.step == 400


def test_more_steps_than_planned_are_not_asked_for_twice(data_dir, pictures):
    with engine_in(data_dir) as engine:
        run_id = engine.start(tiny(engine, pictures)).run.id
        assert engine.job(run_id).join(30)
        watcher = Watcher(engine)
        engine.runner.held = False
        job = engine.resume(run_id, 300)
        watcher.wait_for(lambda: job.state is JobState.RUNNING)
        engine.hand_over()
        assert job.join(30)
    with engine_in(data_dir) as engine:
        watcher = Watcher(engine)
        engine.runner.wake()
        watcher.wait_for(lambda: endings(watcher) or not engine.queue.entries())
        assert engine.runs.open(run_id).record.step == 304


def test_a_run_that_waits_cannot_be_queued_twice(engine, pictures):
    first = engine.start(tiny(engine, pictures, steps=100_000))
    second = engine.start(tiny(engine, pictures))
    with pytest.raises(InputError, match="waits in the queue already"):
        engine.resume(second.run.id)
    first.stop()
    assert second.join(30)


def test_another_process_can_ask_for_a_stop(engine, pictures):
    watcher = Watcher(engine)
    job = engine.start(tiny(engine, pictures, steps=100_000))
    watcher.wait_for(lambda: job.steps_done)
    RunStore(engine.runs.folder).open(job.run.id).stop_file.touch()
    assert job.join(30)
    run = engine.runs.open(job.run.id)
    assert run.state is RunState.STOPPED
    assert run.steps_saved()
    assert not run.stop_file.exists()


def test_a_broken_queue_file_is_set_aside(data_dir):
    data_dir.mkdir()
    (data_dir / "queue.json").write_text('{"entries": [{')
    queue = RunQueue(data_dir)
    assert queue.entries() == ()
    queue.add("0001-vae")
    assert [entry.run for entry in queue.entries()] == ["0001-vae"]
    assert (data_dir / "queue.broken.json").exists()


def test_a_killed_run_is_still_first_in_the_queue(data_dir, pictures):
    words = [sys.executable, "-m", "gendesk", "--data-dir", str(data_dir), "queue"]
    add = [
        "add",
        "ae",
        "--data",
        pictures,
        "--steps",
        "100000",
        "--set",
        "checkpoint_seconds=0",
        "--set",
        "batch_size=4",
    ]
    subprocess.run([*words, *add], check=True, capture_output=True)
    process = subprocess.Popen([*words, "run"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    store = RunStore(data_dir / "runs")
    run_id = store.ids()[0]
    try:
        with engine_in(data_dir) as engine:
            Watcher(engine).wait_for(lambda: store.open(run_id).steps_saved(), seconds=60)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
    assert store.open(run_id).state is RunState.INTERRUPTED
    assert [entry.run for entry in RunQueue(data_dir).entries()] == [run_id]


def test_a_disk_that_refuses_does_not_train_a_run_for_ever(engine, pictures, monkeypatch):
    def refuse(_run_id: str) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(engine.queue, "remove", refuse)
    watcher = Watcher(engine)
    first, second = (engine.start(tiny(engine, pictures)) for _ in range(2))
    assert first.join(30)
    assert second.join(30)
    watcher.wait_for(lambda: engine.runner.idle)
    assert endings(watcher) == [first.run.id, second.run.id]
