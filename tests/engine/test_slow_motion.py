"""Slow motion: steps held back to a rate that a person can follow, for any run of the process."""

import time

import pytest

from gendesk.engine.control import PACE
from gendesk.engine.events import JobState, Scalars
from gendesk.engine.runs import RunState
from tests.support.training import Watcher, engine_in, small_pictures


@pytest.fixture
def training(data_dir, tmp_path):
    """Return a watcher and a job that trains without limit, and lift any limit at the end."""
    with engine_in(data_dir) as engine:
        watcher = Watcher(engine)
        job = engine.start(engine.config("tiny", data=str(small_pictures(tmp_path)), steps=100_000, step_ms=1.0))
        watcher.wait_for(lambda: watcher.of(Scalars))
        try:
            yield watcher, job
        finally:
            PACE.limit = None
            job.stop(save=False)
            assert job.join(10)


def newest(watcher: Watcher) -> int:
    return int(watcher.of(Scalars)[-1].steps[-1])


def test_steps_come_at_the_chosen_rate_and_each_is_told(training):
    watcher, job = training
    PACE.limit = 20.0
    began, first = time.monotonic(), job.steps_done + 1  # a step may be under way
    watcher.wait_for(lambda: job.steps_done >= first + 10)
    assert 0.4 < time.monotonic() - began < 5
    watcher.wait_for(lambda: len(watcher.of(Scalars)[-1].steps) == 1)
    first = newest(watcher)
    PACE.limit = None
    watcher.wait_for(lambda: newest(watcher) > first + 100)


def test_stop_and_requests_do_not_wait_for_their_turn(training):
    watcher, job = training
    PACE.limit = 0.005  # the next step is minutes away
    done = []
    job.at_boundary(done.append)
    watcher.wait_for(lambda: done)
    began = time.monotonic()
    job.stop()
    assert job.join(30)
    assert time.monotonic() - began < 30
    assert job.run.state is RunState.STOPPED


def test_pause_takes_effect_at_once_and_single_steps_are_not_held_back(training):
    watcher, job = training
    PACE.limit = 0.005
    job.pause()
    watcher.wait_for(lambda: job.state is JobState.PAUSED)
    before = newest(watcher)
    job.step()
    job.step("level")
    watcher.wait_for(lambda: newest(watcher) == before + 2)
