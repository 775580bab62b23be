"""Live models answer the newest question, before, during and after training, and training never waits for them."""

import gc
import itertools
import shutil
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from gendesk.engine.capabilities import Decodes
from gendesk.engine.engine import Engine
from gendesk.engine.events import JobState, Reply, Scalars
from gendesk.engine.inference import abilities, decode, sample
from gendesk.engine.job import Job
from gendesk.engine.live import LiveModels, Request
from gendesk.engine.recipe import Model
from tests.support.training import Watcher, engine_in, small_pictures, wait_until

_stamps = itertools.count(1)


class Studio:
    """Asks as a studio does, and waits for the answer to its last question."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.watcher = Watcher(engine)

    def send(self, run_id: str, operation: Any, argument: Any = None, asker: str = "studio") -> int:
        stamp = next(_stamps)
        self.engine.live.ask(Request(run_id, asker, stamp, operation, argument))
        return stamp

    def answers(self) -> list[Reply]:
        return self.watcher.of(Reply)

    def wait(self, stamp: int) -> Reply:
        return next(iter(self.watcher.wait_for(lambda: [r for r in self.answers() if r.stamp == stamp])))

    def ask(self, run_id: str, operation: Any, argument: Any = None) -> Reply:
        return self.wait(self.send(run_id, operation, argument))


def level(model: Model, _: Any) -> float:
    return model.get_parameter("level").item()


class Gate:
    """An operation that lasts until it is let through, and tells when it has begun."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.open = threading.Event()

    def __call__(self, model: Model, argument: Any) -> Any:
        self.begun.set()
        assert self.open.wait(20)
        return argument


@pytest.fixture
def engine(data_dir: Path) -> Iterator[Engine]:
    with engine_in(data_dir) as made:
        yield made


@pytest.fixture
def pictures(tmp_path: Path) -> str:
    return str(small_pictures(tmp_path))


def start(engine: Engine, pictures: str, **values: Any) -> Job:
    return engine.start(engine.config("tiny", data=pictures, device="cpu", **values))


@pytest.fixture
def long_run(engine: Engine, pictures: str) -> Iterator[Job]:
    job = start(engine, pictures, steps=1_000_000, step_ms=1.0, learning_rate=0.01)
    wait_until(lambda: job.steps_done)
    yield job
    job.stop(save=False)
    assert job.join(20)


@pytest.fixture
def done(engine: Engine, pictures: str) -> Job:
    job = start(engine, pictures, steps=3)
    assert job.join(30)
    return job


def test_a_saved_run_answers(engine: Engine, done: Job) -> None:
    studio = Studio(engine)
    reply = studio.ask(done.run.id, decode, np.zeros((5, 2), dtype=np.float32))
    assert reply.error == ""
    assert (reply.result.shape, reply.result.dtype) == ((5, 12, 12, 1), np.uint8)
    assert studio.ask(done.run.id, level).result == engine.load_model(done.run.id).get_parameter("level")
    offered = studio.ask(done.run.id, abilities).result
    assert (offered.decodes, offered.encodes, offered.samples, offered.latent_size) == (True, False, True, 2)


def test_a_training_run_answers_with_weights_as_they_become(engine: Engine, long_run: Job) -> None:
    studio = Studio(engine)
    first = studio.ask(long_run.run.id, level).result
    studio.watcher.wait_for(lambda: studio.ask(long_run.run.id, level).result != first)
    assert not long_run.state.over


def test_a_paused_run_answers_with_the_weights_it_stands_at(engine: Engine, long_run: Job) -> None:
    studio = Studio(engine)
    studio.watcher.wait_for(lambda: studio.watcher.of(Scalars))
    long_run.pause()
    studio.watcher.wait_for(lambda: long_run.state is JobState.PAUSED)
    assert isinstance(studio.ask(long_run.run.id, level).result, float)
    values: list[float] = []
    long_run.at_boundary(lambda model: values.append(level(model, None)))
    studio.watcher.wait_for(lambda: values)
    studio.watcher.wait_for(lambda: studio.ask(long_run.run.id, level).result == values[0])
    assert long_run.state is JobState.PAUSED


def test_the_data_of_a_question_tell_how_far_its_weights_are_trained(engine: Engine, long_run: Job) -> None:
    watcher = Watcher(engine)

    def step(run_id: str) -> int:
        stamp = next(_stamps)
        engine.live.ask(Request(run_id, "studio", stamp, lambda _model, data, _: data.step, None, data=True))
        reply = watcher.wait_for(lambda: next((one for one in watcher.of(Reply) if one.stamp == stamp), None))
        assert not reply.error
        return int(reply.result)

    watcher.wait_for(lambda: watcher.of(Scalars))
    first = step(long_run.run.id)
    long_run.pause()
    watcher.wait_for(lambda: step(long_run.run.id) == long_run.steps_done)
    assert long_run.steps_done >= first
    long_run.stop()
    assert long_run.join(20)
    assert step(long_run.run.id) == long_run.run.record.step == long_run.steps_done


def test_after_its_end_a_run_answers_with_what_was_saved(engine: Engine, pictures: str) -> None:
    studio = Studio(engine)
    job = start(engine, pictures, steps=1_000_000, step_ms=1.0, learning_rate=0.01)
    studio.ask(job.run.id, level)
    job.stop()
    assert job.join(20)
    assert studio.ask(job.run.id, level).result == engine.load_model(job.run.id).get_parameter("level")


def test_after_a_resume_a_run_answers_with_its_new_weights(engine: Engine, done: Job) -> None:
    studio = Studio(engine)
    before = studio.ask(done.run.id, level).result
    assert engine.resume(done.run.id, 5).join(30)
    assert studio.ask(done.run.id, level).result == engine.load_model(done.run.id).get_parameter("level") != before


def test_after_a_failure_a_run_answers_with_what_was_saved_or_says_why_not(engine: Engine, pictures: str) -> None:
    studio = Studio(engine)
    saved = start(engine, pictures, steps=50, fail_in="step", fail_at=20, checkpoint_seconds=0)
    nothing_saved = start(engine, pictures, steps=50, fail_in="step", fail_at=3, validate_every=1000)
    for job in (saved, nothing_saved):
        assert job.join(30)
        assert job.state is JobState.FAILED
    assert studio.ask(saved.run.id, level).result == engine.load_model(saved.run.id).get_parameter("level")
    assert "no saved state yet" in studio.ask(nothing_saved.run.id, level).error


def test_a_run_stopped_without_saving_goes_on_answering(engine: Engine, pictures: str) -> None:
    studio = Studio(engine)
    job = start(engine, pictures, steps=1_000_000, step_ms=1.0, validate_every=1_000_000)
    wait_until(lambda: job.steps_done)
    assert studio.ask(job.run.id, level).error == ""
    job.stop(save=False)
    assert job.join(20)
    assert studio.ask(job.run.id, level).error == ""


def test_of_a_flood_the_newest_question_is_answered_and_few_others(engine: Engine, done: Job) -> None:
    studio, gate = Studio(engine), Gate()
    studio.send(done.run.id, gate, "first")
    assert gate.begun.wait(20)
    calls: list[int] = []
    for number in range(500):
        last = studio.send(done.run.id, lambda _, argument: calls.append(argument) or argument, number)
    gate.open.set()
    assert studio.wait(last).result == 499
    assert calls == [499]


def test_every_asker_has_its_own_turn(engine: Engine, done: Job) -> None:
    studio, gate = Studio(engine), Gate()
    studio.send(done.run.id, gate)
    assert gate.begun.wait(20)
    stamps = [studio.send(done.run.id, level, asker=name) for name in ("paint", "map", "paint")]
    gate.open.set()
    assert studio.wait(stamps[2]).asker == "paint"
    assert studio.wait(stamps[1]).asker == "map"
    assert stamps[0] not in [reply.stamp for reply in studio.answers()]


def test_training_never_waits_for_a_slow_answer(engine: Engine, long_run: Job) -> None:
    studio, gate = Studio(engine), Gate()
    assert studio.ask(long_run.run.id, level).error == ""
    stamp = studio.send(long_run.run.id, gate, "slow")
    assert gate.begun.wait(20)
    # Long enough for a fresh copy of the weights to be wanted while the old one is being read.
    here = studio.watcher.wait_for(lambda: studio.watcher.of(Scalars))[-1].steps[-1]
    began = time.monotonic()
    studio.watcher.wait_for(
        lambda: time.monotonic() - began > 0.4 and studio.watcher.of(Scalars)[-1].steps[-1] > here + 50
    )
    gate.open.set()
    assert studio.wait(stamp).result == "slow"


def test_an_operation_cannot_touch_the_weights_in_training(engine: Engine, long_run: Job) -> None:
    studio = Studio(engine)

    def vandalise(model: Model, _: Any) -> bool:
        for parameter in model.parameters():
            parameter.fill_(1e6)
        return any(parameter.requires_grad for parameter in model.parameters()) or model.training

    assert studio.ask(long_run.run.id, vandalise).result is False
    values: list[float] = []
    long_run.at_boundary(lambda model: values.append(level(model, None)))
    studio.watcher.wait_for(lambda: values)
    assert abs(values[0]) < 100


@pytest.mark.parametrize("error", [ValueError("bad code"), KeyError(), MemoryError()])
def test_an_operation_that_fails_answers_with_a_sentence_and_the_next_one_works(
    engine: Engine, done: Job, error: Exception
) -> None:
    def fail(model: Model, _: Any) -> None:
        raise error

    studio = Studio(engine)
    assert studio.ask(done.run.id, fail).error.endswith(".")
    assert studio.ask(done.run.id, level).error == ""


def test_a_model_that_cannot_be_copied_fails_the_question_and_not_the_training(
    engine: Engine, long_run: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise MemoryError

    studio = Studio(engine)
    recipe = engine.families.recipe("tiny").load()
    monkeypatch.setattr(recipe.build.__globals__["TinyModel"], "__deepcopy__", refuse, raising=False)
    assert "memory is not enough" in studio.ask(long_run.run.id, level).error
    told = len(studio.watcher.of(Scalars))
    studio.watcher.wait_for(lambda: len(studio.watcher.of(Scalars)) > told)


def test_an_unknown_run_is_an_error_of_its_question_only(engine: Engine, done: Job) -> None:
    studio = Studio(engine)
    assert "9999-gone" in studio.ask("9999-gone", level).error
    assert studio.ask(done.run.id, level).error == ""


def test_a_new_run_of_the_same_name_is_not_taken_for_a_removed_one(engine: Engine, pictures: str, done: Job) -> None:
    studio = Studio(engine)
    before = studio.ask(done.run.id, level).result
    shutil.rmtree(done.run.folder)
    again = start(engine, pictures, steps=9)
    assert again.join(30)
    assert again.run.id == done.run.id
    assert studio.ask(again.run.id, level).result == engine.load_model(again.run.id).get_parameter("level") != before


def test_in_sync_every_question_is_answered_before_ask_returns(data_dir: Path, pictures: str) -> None:
    with engine_in(data_dir, sync=True) as engine:
        job = start(engine, pictures, steps=3)
        assert job.join(30)
        studio = Studio(engine)
        threads = set(threading.enumerate())
        stamp = studio.send(job.run.id, level)
        assert [reply.stamp for reply in studio.answers()] == [stamp]
        assert set(threading.enumerate()) <= threads


def test_closing_leaves_no_thread_even_in_the_middle_of_an_answer(data_dir: Path, pictures: str) -> None:
    with engine_in(data_dir) as engine:
        job = start(engine, pictures, steps=3)
        assert job.join(30)
        studio, gate = Studio(engine), Gate()
        studio.send(job.run.id, gate)
        assert gate.begun.wait(20)
        threading.Timer(0.1, gate.open.set).start()
        engine.close()
        assert "live models" not in [thread.name for thread in threading.enumerate()]
        engine.close()


def test_answering_takes_no_random_number_from_the_training(engine: Engine, pictures: str, done: Job) -> None:
    studio = Studio(engine)
    state = torch.get_rng_state()
    one = studio.ask(done.run.id, lambda model, _: sample(model, 3, 5)).result
    other = studio.ask(done.run.id, lambda model, _: sample(model, 3, 5)).result
    np.testing.assert_array_equal(one, other)
    assert torch.equal(state, torch.get_rng_state())


def test_a_loaded_model_can_only_be_read(engine: Engine, done: Job) -> None:
    model = engine.load_model(done.run.id)
    assert isinstance(model, Decodes)
    assert not model.training
    assert not any(parameter.requires_grad for parameter in model.parameters())


def test_only_the_last_few_models_are_kept() -> None:
    """An evening of many runs must not fill the memory with copies of their models."""
    made: list[weakref.ref[Model]] = []

    def load(_run: str) -> Model:
        model = Model()
        made.append(weakref.ref(model))
        return model

    live = LiveModels(lambda _: None, load, lambda _: None, sync=True)
    for number in range(8):
        live.ask(Request(f"run {number}", "studio", number, lambda _model, _argument: None, None))
    gc.collect()
    assert [one() is not None for one in made] == [False] * 5 + [True] * 3
    live.ask(Request("run 5", "studio", 9, lambda _model, _argument: None, None))
    assert len(made) == 8
