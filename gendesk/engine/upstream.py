"""Runs that build on others: the stages of a pipeline, each of which takes up what the one before has made.

A fingerprint says what a run was built on. It changes when that run is trained further or was built anew itself, and
what was made from it before is stale from then on.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from gendesk.errors import InputError

if TYPE_CHECKING:
    from gendesk.engine.families import RecipeEntry
    from gendesk.engine.recipe import Model
    from gendesk.engine.run_store import RunStore
    from gendesk.engine.runs import Run

PRODUCTS = "products"
"""The folder of a run for what it makes beside its weights."""
UPSTREAM = "upstream"
"""The setting by which a recipe lets a person name the run to build on."""
_LONGEST_CHAIN = 100


class BuiltOn(BaseModel):
    """What run.json says of the run that another one was built on."""

    model_config = ConfigDict(frozen=True)

    run: str
    fingerprint: str


@dataclass(frozen=True)
class Upstream:
    """A run that another one builds on: `products` is the folder of what it made, `model()` what it has learnt."""

    run: str
    recipe: str
    fingerprint: str
    products: Path
    model: "Callable[[], Model]"
    upstream: "Upstream | None" = None

    def chain(self) -> "Iterator[Upstream]":
        """Yield this one, what it was built on, and so on."""
        link: Upstream | None = self
        while link is not None:
            yield link
            link = link.upstream


def products_of(folder: Path, upstream: Upstream | None) -> list[Path]:
    """Return the folders of what a run in a folder has made, and of what those have made that it was built on."""
    return [folder / PRODUCTS, *([] if upstream is None else (link.products for link in upstream.chain()))]


def fingerprint(run: "Run") -> str:
    """Return what tells the state of a run from any other: its making, its last saved step, what it was built on."""
    record = run.record
    built_on = record.upstream.fingerprint if record.upstream else ""
    saved = run.steps_saved()
    text = f"{run.id}|{record.created!r}|{saved[-1] if saved else 0}|{built_on}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Upstreams:
    """Finds the runs that a recipe can build on, and opens them with all that they were built on themselves."""

    def __init__(self, store: "RunStore", load_model: "Callable[[str], Model]") -> None:
        self._store = store
        self._load_model = load_model

    def choose(self, entry: "RecipeEntry", reference: str) -> "Run":
        """Return the run that is named, or the latest finished one of the recipes before; raises InputError."""
        from gendesk.engine.runs import RunState

        if reference:
            run = self._find(entry, reference)
            if run.record.config.recipe not in entry.after:
                raise InputError(
                    f"{entry.title} builds on a run of {' or '.join(entry.after)}, and {run.id} is one of "
                    f"{run.record.config.recipe}; name another one as upstream."
                )
            if run.state is RunState.FAILED:
                raise InputError(
                    f"The run {run.id}, on which this one is to build, has failed; resume it or start it anew."
                )
            if not run.steps_saved():
                raise InputError(f"The run {run.id}, on which this one is to build, has no saved state yet.")
            return run
        found = latest_finished(self._store.all(), entry.after)
        if found is None:
            raise InputError(
                f"{entry.title} builds on a finished run of {' or '.join(entry.after)}, and there is none yet; train "
                f"it first: gendesk train {entry.after[0]}."
            )
        return found

    def _find(self, entry: "RecipeEntry", reference: str) -> "Run":
        if not any(run_id.startswith(reference) for run_id in (*self._store.ids(), "latest")):
            raise InputError(
                f"{entry.title} is to build on the run {reference}, which is not there: it was refused or removed; "
                "name another one as upstream."
            )
        return self._store.find(reference)

    def of(self, run: "Run", entry: "RecipeEntry", reference: str) -> Upstream:
        """Return what a run is to build on: what it was built on before, else what is named, else the latest.

        Raises InputError where there is none, or where it has been trained further since the run was built on it.
        """
        before = run.record.upstream
        upstream = self.open(self.choose(entry, reference if before is None else before.run))
        if before is not None and before.fingerprint != upstream.fingerprint:
            raise InputError(
                f"The run {upstream.run} has been trained further since {run.id} was built on it; start a new run on "
                "it."
            )
        return upstream

    def open(self, run: "Run") -> Upstream:
        """Return a run as what another one builds on; what it was built on may be gone, and is left out then."""
        return self._open(run, _LONGEST_CHAIN)

    def before(self, run: "Run") -> Upstream | None:
        """Return what a run was built on, or None where it was built on nothing or that is gone."""
        return self._before(run, _LONGEST_CHAIN)

    def _open(self, run: "Run", depth: int) -> Upstream:
        return Upstream(
            run.id,
            run.record.config.recipe,
            fingerprint(run),
            run.folder / PRODUCTS,
            lambda: self._load_model(run.id),
            self._before(run, depth - 1),
        )

    def _before(self, run: "Run", depth: int) -> Upstream | None:
        built_on = run.record.upstream
        if built_on is None or depth <= 0 or built_on.run not in self._store.ids():
            return None
        return self._open(self._store.open(built_on.run), depth)


def latest_finished(runs: "list[Run]", recipes: tuple[str, ...]) -> "Run | None":
    """Return the newest run of some recipes that came to its planned end, None where there is none."""
    from gendesk.engine.runs import RunState

    finished = [run for run in runs if run.record.config.recipe in recipes and run.state is RunState.FINISHED]
    return max(finished, key=lambda run: run.record.updated, default=None)
