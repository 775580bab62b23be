"""Several runs beside each other: what was set differently, and which curves and pictures of them belong together."""

import contextlib
import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from gendesk.config import FieldSpec, field_specs
from gendesk.engine.families import Families
from gendesk.engine.metrics_log import History
from gendesk.engine.preview import ImagePreview, ScorePreview, TextPreview
from gendesk.engine.run_config import RunSettings
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import Run, RunState
from gendesk.engine.samples import is_preview, preview_kind, preview_title, sample_path
from gendesk.errors import GendeskError, StoredDataError

if TYPE_CHECKING:
    from gendesk.engine.recipe import MetricSpec

VALIDATION = "validation/"
_MISSING = object()
_GIVEN = {"recipe": "Recipe", "preset": "Preset", "data": "Data", "data_fingerprint": "Fingerprint of the data"}
_FINGERPRINT = 16  # digits that are enough to tell data apart
_SECTIONS = ("", "config", "settings", "data_options")


@dataclass(frozen=True)
class RecipeNotes:
    """What a recipe says of its own settings and metrics; `best` is the metric that tells the best saved state."""

    fields: tuple[FieldSpec, ...] = ()
    metrics: tuple["MetricSpec", ...] = ()
    best: str = ""


Notes = Mapping[str, RecipeNotes]
"""The notes of recipes by their ids; one that cannot be loaded has none."""


@dataclass(frozen=True)
class Difference:
    """One setting of several runs: a text for each run, None where a run has no such setting.

    `name` is unique ("settings.seed"); `title`, `group` and `unit` are those of the form, as far as known.
    """

    name: str
    title: str
    group: str
    unit: str
    values: tuple[str | None, ...]
    differs: bool


@dataclass(frozen=True, eq=False)
class RunReading:
    """A run at one moment, with all of its files read that a comparison needs.

    `clock` holds steps (n,), rising, and the seconds of training (n,) at which they ended; `sheets` the steps at which
    pictures, texts or pieces of each preview were saved, rising, and `sheet_titles` what these previews are called.
    """

    run: Run
    state: RunState
    in_use: bool
    history: History
    clock: tuple[NDArray[np.int64], NDArray[np.float64]]
    sheets: Mapping[str, tuple[int, ...]]
    sheet_titles: Mapping[str, str]

    @property
    def step(self) -> int:
        """How far the run has come; its record alone tells that of the last saved state."""
        return max(self.run.record.step, *(int(step) for step in self.clock[0][-1:]), 0)

    @property
    def seconds(self) -> float:
        """Time spent training."""
        return max(self.run.record.seconds, *(float(second) for second in self.clock[1][-1:]), 0.0)

    def latest(self, metric: str) -> float | None:
        """Return the newest value of a metric."""
        return float(self.history[metric][1][-1]) if metric in self.history else None


def read_run(run: Run) -> RunReading:
    """Read the files of a run, which takes seconds for a million steps; raises StoredDataError."""
    try:
        sheets = _sheets(run.samples)
        titles = {name: _sheet_title(run.samples, name, steps[-1]) for name, steps in sheets.items()}
        history, clock = run.history(), _read_clock(run.metrics_file)
    except OSError as error:
        raise StoredDataError(f"The run {run.id} cannot be read: {error.strerror}.") from error
    return RunReading(run, run.state, run.in_use, history, clock, sheets, titles)


def read_runs(
    runs: Iterable[Run], known: Mapping[Path, RunReading], stopped: Callable[[], bool]
) -> tuple[list[RunReading], list[str]]:
    """Return a reading of each run that can be read, as its folder is now, and a sentence for each other one.

    One of `known`, by folder, serves again if its run was not in training then and has not changed since. Ends early
    when `stopped` says so.
    """
    readings, problems = [], []
    for run in runs:
        if stopped():
            break
        before = known.get(run.folder)
        try:
            fresh = RunStore(run.folder.parent).open(run.folder.name)
            readings.append(before if before is not None and _unchanged(before, fresh) else read_run(fresh))
        except StoredDataError as error:
            problems.append(str(error))
    return readings, problems


def _unchanged(before: RunReading, fresh: Run) -> bool:
    same = (before.run.record, before.run.labels) == (fresh.record, fresh.labels)
    return same and not before.in_use and not fresh.in_use


def recipe_notes(families: Families, recipes: Iterable[str]) -> dict[str, RecipeNotes]:
    """Return the notes of recipes. Imports them, and torch with them; those that cannot be loaded are left out."""
    from gendesk.engine.scores.keeper_metrics import SCORE_METRICS  # here, because it needs torch

    notes = {}
    for recipe_id in dict.fromkeys(recipes):
        try:
            recipe = families.recipe(recipe_id).load()
        except GendeskError:
            continue
        notes[recipe_id] = RecipeNotes(field_specs(recipe.Config), (*recipe.metrics, *SCORE_METRICS), recipe.best)
    return notes


def run_names(runs: Sequence[Run]) -> list[str]:
    """Return a name for each run; of those that share a title, each one is told by its number."""
    counts = Counter(run.title for run in runs)
    return [run.title if counts[run.title] == 1 else f"{run.title} ({run.id.partition('-')[0]})" for run in runs]


def config_differences(
    runs: Sequence[Run], notes: Notes | None = None, *, everything: bool = False
) -> list[Difference]:
    """Return the settings whose values differ between runs, or `everything` that was set, group by group."""
    known = notes or {}
    flat = [_flat(run) for run in runs]
    names = sorted(dict.fromkeys(name for values in flat for name in values), key=_section)
    specs = _specs(runs, known)
    rows = [_difference(name, [values.get(name, _MISSING) for values in flat], specs) for name in names]
    groups = list(dict.fromkeys(row.group for row in rows))
    return sorted((row for row in rows if everything or row.differs), key=lambda row: groups.index(row.group))


def common_metrics(histories: Iterable[History]) -> list[str]:
    """Return the metrics of training that all runs with a history have, in the order of the first."""
    begun = [history for history in histories if history]
    names = begun[0] if begun else {}
    return [name for name in names if not name.startswith(VALIDATION) and all(name in history for history in begun)]


def all_metrics(histories: Sequence[History]) -> list[str]:
    """Return the metrics that any run has, the common ones first; some are measured on held-out data only."""
    every = (name.removeprefix(VALIDATION) for history in histories for name in history)
    return list(dict.fromkeys([*common_metrics(histories), *every]))


def sample_names(readings: Sequence[RunReading]) -> list[str]:
    """Return the names of the previews of which any run has saved samples, those that most have first."""
    counts = Counter(name for reading in readings for name in reading.sheets)
    return [name for name, _ in counts.most_common()]


def nearest_step(steps: Sequence[int], wanted: int) -> int | None:
    """Return the last of the rising `steps` at or before the wanted one; None if all come later."""
    place = bisect_right(steps, wanted)
    return steps[place - 1] if place else None


def best_of(values: Sequence[float | None], goal: Literal["min", "max", "none"] = "min") -> frozenset[int]:
    """Return which of the values are the best; none are where none is better, or fewer than two are known."""
    finite = {index: value for index, value in enumerate(values) if value is not None and math.isfinite(value)}
    if len(set(finite.values())) < 2 or goal == "none":
        return frozenset()
    best = min(finite.values()) if goal == "min" else max(finite.values())
    return frozenset(index for index, value in finite.items() if value == best)


def _flat(run: Run) -> dict[str, Any]:
    """Return every choice of a run by a unique name."""
    config, data = run.record.config, run.record.data
    sections = {
        "config": config.config,
        "settings": config.settings.model_dump(mode="json"),
        "data_options": config.data_options.model_dump(mode="json"),
    }
    flat = {"recipe": config.recipe, "preset": config.preset, "data": config.data}
    flat |= {"data_fingerprint": data.fingerprint[:_FINGERPRINT]} if data is not None else {}
    return flat | {f"{section}.{name}": value for section, values in sections.items() for name, value in values.items()}


def _section(name: str) -> int:
    return _SECTIONS.index(name.partition(".")[0] if "." in name else "")


def _specs(runs: Sequence[Run], notes: Notes) -> dict[str, FieldSpec]:
    """Return what is known of settings, by their unique names."""
    own = [spec for run in runs for spec in notes.get(run.record.config.recipe, RecipeNotes()).fields]
    options = [spec for run in runs for spec in field_specs(type(run.record.config.data_options))]
    sections = {"config": own[::-1], "settings": field_specs(RunSettings), "data_options": options}
    return {f"{section}.{spec.name}": spec for section, specs in sections.items() for spec in specs}


def _difference(name: str, values: Sequence[Any], specs: Mapping[str, FieldSpec]) -> Difference:
    spec = specs.get(name)
    title = spec.title if spec else _GIVEN.get(name) or _readable(name.partition(".")[2])
    return Difference(
        name,
        title,
        group=spec.group if spec else "Model" if name.startswith("config.") else "Run",
        unit=spec.unit if spec else "",
        values=tuple(None if value is _MISSING else _text(value, spec) for value in values),
        differs=any(value is _MISSING or value != values[0] for value in values),
    )


def _text(value: Any, spec: FieldSpec | None = None) -> str:
    """Write a setting as people read it; a table gets a line for each of its rows."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        titles = {column.name: column.title for column in spec.columns} if spec else {}
        return ", ".join(f"{titles.get(name) or _readable(name)} {_text(part)}" for name, part in value.items())
    if isinstance(value, (list, tuple)):
        rows = any(isinstance(part, Mapping) for part in value)
        return ("\n" if rows else ", ").join(_text(part, spec) for part in value) or "none"
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value) or "none"


def _readable(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _sheets(samples: Path) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[Path]] = {}
    for folder in sorted((one for one in samples.glob("*") if one.name.isdecimal()), key=lambda one: int(one.name)):
        for path in sorted(folder.iterdir()):
            if path.suffix in (".png", ".json") and is_preview(path):
                found.setdefault(path.stem, []).append(path)
    kept = {name: paths for name, paths in found.items() if _is_sheet(paths[-1])}
    return {name: tuple(int(path.parent.name) for path in paths) for name, paths in kept.items()}


def _is_sheet(path: Path) -> bool:
    with contextlib.suppress(StoredDataError):
        return preview_kind(path) in (ImagePreview, TextPreview, ScorePreview)
    return False


def _sheet_title(samples: Path, name: str, step: int) -> str:
    path = sample_path(samples, step, name)
    return preview_title(path) if path else _readable(name)


def _read_clock(path: Path) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return steps and seconds of the rows of a history; damaged rows are passed over."""
    clock: dict[int, float] = {}
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n") if path.is_file() else []
    for line in lines[1:-1]:
        step, _, rest = line.partition(",")
        try:
            clock[int(step)] = float(rest.partition(",")[0])
        except ValueError:
            continue
    steps = sorted(clock)
    return np.array(steps, dtype=np.int64), np.array([clock[step] for step in steps], dtype=np.float64)
