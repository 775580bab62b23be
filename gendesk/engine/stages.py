"""The stages of a family whose recipes build on one another: their order, and how far each of them has come.

A stage is done once a run of it has come to its end. It turns stale when what it was built on is no longer the newest
that the stage before has made, or when that is stale itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gendesk.engine.families import RecipeEntry
from gendesk.engine.runs import Run, RunState
from gendesk.engine.upstream import fingerprint, latest_finished


class StageState(StrEnum):
    """How far a stage has come; an `empty` one cannot begin yet, a `ready` one has never been begun."""

    EMPTY = "empty"
    READY = "ready"
    QUEUED = "queued"
    RUNNING = "running"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    DONE = "done"
    STALE = "stale"


@dataclass(frozen=True)
class Stage:
    """One stage at a moment. `run` is the newest one, "" before the first; the numbers and times are those of it.

    `finished` is the newest run that came to its planned end, on which the next stage builds. `upstream` is the run
    that this stage would build on if it were begun now, "" where it needs none. `resumable` says that `run` can go
    on. `reason` is a sentence where the stage is empty, stale, or has failed. `updated` is in seconds since 1970,
    `seconds` is time spent training.
    """

    recipe: str
    title: str
    state: StageState
    presets: tuple[str, ...]
    run: str = ""
    preset: str = ""
    step: int = 0
    total_steps: int = 0
    updated: float = 0.0
    seconds: float = 0.0
    finished: str = ""
    upstream: str = ""
    resumable: bool = False
    reason: str = ""

    @property
    def wanting(self) -> bool:
        """Whether the stage has yet to be trained, or trained anew, before the next one can build on it."""
        return self.state not in (StageState.DONE, StageState.QUEUED, StageState.RUNNING)

    def summary(self) -> dict[str, Any]:
        """Return what the command line prints with --json."""
        return {
            "recipe": self.recipe,
            "title": self.title,
            "state": str(self.state),
            "run": self.run,
            "preset": self.preset,
            "step": self.step,
            "total_steps": self.total_steps,
            "updated": self.updated,
            "seconds": round(self.seconds, 3),
            "upstream": self.upstream,
            "resumable": self.resumable,
            "reason": self.reason,
        }


def chain_of(recipes: Sequence[RecipeEntry]) -> tuple[RecipeEntry, ...]:
    """Return the recipes of a family that are stages, in their order; empty where none builds on another.

    A recipe follows the first one of its `after` that is in the family, if that stands before it in the manifest: what
    leads back to a later one closes a circle, such as a trained driver that collects the next races. The longest such
    chain counts, and of equally long ones the first.
    """
    places = {entry.id: place for place, entry in enumerate(recipes)}
    chains: dict[str, tuple[RecipeEntry, ...]] = {}
    for place, entry in enumerate(recipes):
        before = next((recipe for recipe in entry.after if recipe in places), None)
        chains[entry.id] = (*(chains[before] if before is not None and places[before] < place else ()), entry)
    longest = max(chains.values(), key=len, default=())
    return longest if len(longest) > 1 else ()


def stages_of(chain: Sequence[RecipeEntry], runs: Iterable[Run]) -> list[Stage]:
    """Return the stages of a chain, given all runs of the store; reads which states the runs have saved."""
    by_id = {run.id: run for run in runs}
    stages: list[Stage] = []
    before: _Before | None = None
    for entry in chain:
        stages.append(_stage(entry, by_id, before))
        finished = latest_finished(list(by_id.values()), (entry.id,))
        outdated = "" if before is None or finished is None else _outdated(finished, by_id, before)
        before = _Before(entry.id, entry.title, finished, bool(outdated))
    return stages


@dataclass(frozen=True)
class _Before:
    """What the next stage needs to know of one: its newest finished run, and whether that is stale."""

    recipe: str
    title: str
    finished: Run | None
    stale: bool


def _stage(entry: RecipeEntry, runs: dict[str, Run], before: _Before | None) -> Stage:
    own = [run for run in runs.values() if run.record.config.recipe == entry.id]
    newest = max(own, key=lambda run: (_busy(run), run.record.updated), default=None)
    finished = latest_finished(own, (entry.id,))
    upstream = before.finished.id if before is not None and before.finished is not None else ""
    facts: dict[str, Any] = {
        "recipe": entry.id,
        "title": entry.title,
        "presets": tuple(entry.presets),
        "upstream": upstream,
    }
    if newest is None:
        if before is not None and before.finished is None:
            return Stage(state=StageState.EMPTY, reason=f"{before.title} has to be trained first.", **facts)
        return Stage(state=StageState.READY, **facts)
    state, reason = _state(newest, runs, before)
    record = newest.record
    return Stage(
        state=state,
        reason=reason,
        run=newest.id,
        preset=record.config.preset,
        step=record.step,
        total_steps=record.total_steps,
        updated=record.updated,
        seconds=record.seconds,
        finished=finished.id if finished is not None else "",
        resumable=newest.state in _STOPPED and not _moved_on(newest, runs),
        **facts,
    )


_STOPPED = (RunState.STOPPED, RunState.INTERRUPTED, RunState.FAILED)


def _busy(run: Run) -> int:
    """Tell which of several runs a person wants to hear of: the one in training, then those that wait for it."""
    return {RunState.RUNNING: 2, RunState.QUEUED: 1}.get(run.state, 0)


def _state(run: Run, runs: dict[str, Run], before: _Before | None) -> tuple[StageState, str]:
    """Return the state of a stage by its newest run, and why it is stale or has failed."""
    if run.state is RunState.FAILED:
        return StageState.FAILED, run.record.message
    if run.state is not RunState.FINISHED:
        return StageState(run.state), ""
    reason = "" if before is None else _outdated(run, runs, before)
    return (StageState.STALE, reason) if reason else (StageState.DONE, "")


def _outdated(run: Run, runs: dict[str, Run], before: _Before) -> str:
    """Return why a run would come out otherwise if it were trained now, "" if it would not."""
    built_on = run.record.upstream
    if built_on is None:
        return ""
    source = runs.get(built_on.run)
    if source is not None and source.record.config.recipe != before.recipe:
        # It was built on something beside the chain, such as a run of all stages, which has no newer one here.
        return _moved_on(run, runs)
    newest = before.finished
    if newest is not None and newest.id != built_on.run:
        return f"{before.title} has been trained anew since, as {newest.id}."
    if moved := _moved_on(run, runs):
        return moved
    return f"{before.title}, on which it builds, is stale itself." if before.stale else ""


def _moved_on(run: Run, runs: dict[str, Run]) -> str:
    """Return why what a run was built on is no longer as it was, "" if it is."""
    built_on = run.record.upstream
    if built_on is None:
        return ""
    source = runs.get(built_on.run)
    if source is None:
        return f"The run {built_on.run}, on which it was built, is gone."
    if fingerprint(source) != built_on.fingerprint:
        return f"{built_on.run} has been trained further since."
    return ""
