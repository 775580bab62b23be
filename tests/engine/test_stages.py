"""Stages that build on one another: their order, their states, and a chain that is queued as a whole."""

import json
import shutil
from pathlib import Path

import pytest

from gendesk.cli import run as run_command
from gendesk.engine.engine import Engine
from gendesk.engine.events import JobState, StateChanged
from gendesk.engine.families import find_families
from gendesk.engine.runs import RunState
from gendesk.engine.stages import Stage, StageState, chain_of, stages_of
from gendesk.errors import InputError
from tests.support.killing import fork_server, killed_soon
from tests.support.training import PLUGINS, Watcher, engine_in, families, wait_until

CHAIN = ("chain-first", "chain-middle", "chain-last")


@pytest.fixture
def engine(data_dir: Path):
    with engine_in(data_dir) as made:
        yield made


def family(name: str):
    (found,) = [one for one in families() if one.id == name]
    return found


def stages(engine: Engine) -> list[Stage]:
    return stages_of(chain_of(family("chained").recipes), engine.runs.all())


def states(engine: Engine) -> list[str]:
    return [str(stage.state) for stage in stages(engine)]


def train(engine: Engine, recipe: str, preset: str = "", **values) -> str:
    job = engine.start(engine.config(recipe, preset, **values))
    assert job.join(30)
    assert job.state is JobState.FINISHED, job.error
    return job.run.id


def chain(engine: Engine, preset: str = "", **values):
    """Return configs of all stages; `values` are by recipe."""
    entries = chain_of(family("chained").recipes)
    presets = [preset if preset in entry.presets else "" for entry in entries]
    return [
        engine.config(entry.id, chosen, **values.get(entry.id.removeprefix("chain-"), {}))
        for entry, chosen in zip(entries, presets, strict=True)
    ]


def count(engine: Engine, run_id: str) -> float:
    return float(engine.load_model(run_id).state_dict()["number"])


def queue_of(data_dir: Path) -> None:
    """Train the queue; what a process that is killed does."""
    with engine_in(data_dir) as engine:
        engine.runner.wake()
        wait_until(lambda: engine.runner.idle, 60)


# Order


def test_stages_follow_one_another_and_what_does_all_at_once_is_none():
    assert tuple(entry.id for entry in chain_of(family("chained").recipes)) == CHAIN
    world = chain_of(family("worldmodel").recipes)
    assert [entry.id.removeprefix("world-") for entry in world] == [
        "rollouts",
        "vae",
        "encode",
        "mdn-rnn",
        "controller",
    ]


def test_other_families_have_no_stages():
    assert [one.id for one in families() if chain_of(one.recipes)] == ["worldmodel", "chained"]


# States


def test_a_stage_is_empty_until_the_one_before_is_done(engine):
    first, middle, last = stages(engine)
    assert [first.state, middle.state, last.state] == [StageState.READY, StageState.EMPTY, StageState.EMPTY]
    assert middle.reason == "1. First has to be trained first."
    assert first.presets == ("quick", "book")
    run_id = train(engine, "chain-first")
    assert states(engine) == ["done", "ready", "empty"]
    first, middle, _ = stages(engine)
    assert (first.run, first.step, first.total_steps, first.preset) == (run_id, 4, 4, "quick")
    assert first.updated > 1_700_000_000
    assert middle.upstream == run_id


def test_training_a_stage_anew_makes_all_after_it_stale(engine):
    for recipe in CHAIN:
        train(engine, recipe)
    assert states(engine) == ["done", "done", "done"]
    again = train(engine, "chain-first")
    first, middle, last = stages(engine)
    assert states(engine) == ["done", "stale", "stale"]
    assert middle.reason == f"1. First has been trained anew since, as {again}."
    assert last.reason == "2. Middle, on which it builds, is stale itself."
    assert (first.wanting, middle.wanting, middle.upstream) == (False, True, again)
    train(engine, "chain-middle")
    assert states(engine) == ["done", "done", "stale"]
    train(engine, "chain-last")
    assert states(engine) == ["done", "done", "done"]


def test_a_stage_that_is_trained_further_makes_what_was_built_on_it_stale(engine):
    first, _ = train(engine, "chain-first"), train(engine, "chain-middle")
    job = engine.resume(first, 2)
    assert job.join(30)
    assert states(engine)[:2] == ["done", "stale"]
    assert stages(engine)[1].reason == f"{first} has been trained further since."


def test_a_run_that_is_gone_leaves_a_stale_stage(engine):
    first, _ = train(engine, "chain-first"), train(engine, "chain-middle")
    shutil.rmtree(engine.runs.folder / first)
    assert states(engine) == ["ready", "stale", "ready"]
    assert stages(engine)[1].reason == f"The run {first}, on which it was built, is gone."


def test_going_round_in_a_circle_makes_nothing_stale_by_itself(engine):
    for recipe in CHAIN:
        train(engine, recipe)
    train(engine, "chain-first", goes_on=True)
    assert states(engine) == ["done", "stale", "stale"]
    train(engine, "chain-middle")
    train(engine, "chain-last")
    assert states(engine) == ["done", "done", "done"]


def test_what_was_built_on_a_run_of_all_stages_is_done(engine):
    whole = engine.config("chain-whole", upstream="")
    assert engine.start(whole).join(30)  # refused: there is nothing to build on
    for recipe in CHAIN:
        train(engine, recipe)
    whole_id = train(engine, "chain-whole")
    train(engine, "chain-last", upstream=whole_id)
    assert states(engine) == ["done", "done", "done"]
    assert engine.resume(whole_id, 1).join(30)
    assert stages(engine)[2].reason == f"{whole_id} has been trained further since."


def test_a_stage_in_training_is_running_and_one_that_was_stopped_can_be_resumed(engine):
    watcher = Watcher(engine)
    job = engine.start(engine.config("chain-first", steps=100_000, step_ms=5.0))
    watcher.wait_for(lambda: job.state is JobState.RUNNING and job.steps_done > 1)
    assert states(engine)[0] == "running"
    waiting = engine.start(engine.config("chain-first"))
    assert stages(engine)[0].run == job.run.id
    waiting.stop()
    job.stop()
    assert job.join(30)
    stopped = stages(engine)[0]
    # The newest is the one that was stopped last.
    assert (stopped.run, stopped.state, stopped.resumable) == (job.run.id, StageState.STOPPED, True)
    assert states(engine)[1] == "empty"


def test_a_stopped_stage_whose_upstream_has_moved_on_cannot_be_resumed(engine):
    first = train(engine, "chain-first")
    watcher = Watcher(engine)
    job = engine.start(engine.config("chain-middle", steps=100_000, step_ms=5.0))
    watcher.wait_for(lambda: job.steps_done > 1)
    job.stop()
    assert job.join(30)
    assert stages(engine)[1].resumable
    assert engine.resume(first, 1).join(30)
    assert not stages(engine)[1].resumable


# The whole chain


def test_a_chain_is_trained_stage_after_stage(engine):
    train(engine, "chain-first", "book")
    jobs = engine.start_chain(chain(engine))
    assert all(job.join(30) for job in jobs)
    assert [job.run.record.upstream.run for job in jobs[1:]] == [job.run.id for job in jobs[:-1]]
    assert count(engine, jobs[-1].run.id) == 4 + 3 + 2
    assert states(engine) == ["done", "done", "done"]


def test_a_chain_takes_the_presets_that_there_are(engine):
    jobs = engine.start_chain(chain(engine, "book"))
    assert all(job.join(30) for job in jobs)
    assert [job.run.record.total_steps for job in jobs] == [6, 5, 2]


def test_what_comes_after_a_failed_stage_fails_with_one_sentence(engine):
    watcher = Watcher(engine)
    train(engine, "chain-first")  # an older run of the stage must not take its place
    jobs = engine.start_chain(chain(engine, first={"fail_at": 3, "checkpoint_seconds": 0.0}))
    assert all(job.join(30) for job in jobs)
    assert [job.state for job in jobs] == [JobState.FAILED] * 3
    first, middle, _ = (job.run.id for job in jobs)
    assert jobs[1].error == f"The run {first}, on which this one is to build, has failed; resume it or start it anew."
    assert jobs[2].error.startswith(f"3. Last is to build on the run {middle}, which is not there: it was refused")
    assert engine.runs.ids()[1:] == [first]
    assert engine.queue.entries() == ()
    failed = stages(engine)[0]
    assert (failed.state, failed.run, failed.resumable) == (StageState.FAILED, first, True)
    assert "was told to fail" in failed.reason
    assert len([event for event in watcher.of(StateChanged) if event.state is JobState.FAILED]) == 3


def test_only_what_builds_on_others_can_come_after_another(engine):
    configs = chain(engine)
    with pytest.raises(InputError, match="tiny builds on no other run"):
        engine.start_chain([configs[0], engine.config("tiny")])
    assert engine.runs.ids() == []


def test_a_stage_that_is_stopped_early_passes_on_what_it_has_learnt(engine):
    watcher = Watcher(engine)
    jobs = engine.start_chain(chain(engine, first={"steps": 100_000, "step_ms": 5.0}))
    watcher.wait_for(lambda: jobs[0].steps_done > 2)
    jobs[0].stop()
    assert all(job.join(30) for job in jobs)
    done = jobs[0].run.record.step
    assert count(engine, jobs[-1].run.id) == done + 3 + 2


def test_a_chain_survives_a_kill_in_the_middle(data_dir):
    with engine_in(data_dir) as engine:
        engine.runner.held = True
        configs = chain(engine, middle={"steps": 60, "step_ms": 20.0, "checkpoint_seconds": 0.0})
        engine.runner._own = lambda _run: False  # this process only queues
        ids = [job.run.id for job in engine.start_chain(configs)]
    with killed_soon(fork_server(), queue_of, data_dir) as alive, engine_in(data_dir) as engine:
        wait_until(lambda: not alive() or engine.runs.open(ids[1]).steps_saved()[-1:] > [2], 60)
        assert alive()
    with engine_in(data_dir) as engine:
        assert states(engine) == ["done", "interrupted", "queued"]
        assert stages(engine)[1].resumable
        watcher = Watcher(engine)
        engine.runner.wake()
        watcher.wait_for(lambda: engine.runner.idle, 60)
        assert states(engine) == ["done", "done", "done"]
        assert [engine.runs.open(run_id).state for run_id in ids] == [RunState.FINISHED] * 3
        assert count(engine, ids[-1]) == 4 + 60 + 2


# The command


def test_the_command_tells_the_states(data_dir, capsys):
    (data_dir / "plugins").parent.mkdir(parents=True, exist_ok=True)
    (data_dir / "plugins").symlink_to(PLUGINS)
    with engine_in(data_dir) as engine:
        run_id = train(engine, "chain-first")
    assert run_command(["stages", "chained"]) == 0
    text = capsys.readouterr().out
    assert run_id in text
    assert "4 / 4" in text
    assert "3. Last: 2. Middle has to be trained first." in text
    assert run_command(["stages", "chained", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["recipe"], row["state"]) for row in rows] == list(zip(CHAIN, ("done", "ready", "empty"), strict=True))
    assert rows[1]["upstream"] == run_id


@pytest.mark.parametrize(("name", "words"), [("gan", "has no stages"), ("cars", "There is no family cars")])
def test_the_command_refuses_families_without_stages(data_dir, capsys, name, words):
    assert run_command(["stages", name]) == 2
    assert words in capsys.readouterr().err


def test_the_bundled_families_are_read_alone():
    assert "chained" not in {one.id for one in find_families()}
