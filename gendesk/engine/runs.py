"""Runs on disk: a folder each, that survives everything and holds all there is to know of one training."""

import importlib.metadata
import os
import platform
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil
from pydantic import BaseModel, ConfigDict, ValidationError

from gendesk import __version__
from gendesk.data.dataset import DatasetInfo
from gendesk.engine.files import write_atomically
from gendesk.engine.metrics_log import History, read_history
from gendesk.engine.run_config import RunConfig
from gendesk.errors import InputError, StoredDataError

SCHEMA = 1
_RECORD = "run.json"

trained_here: set[Path] = set()
"""The folders of the runs that this process is training, whatever their files say."""


class RunState(StrEnum):
    """What became of a run; `interrupted` is not stored but seen: it says running, and its process is gone."""

    RUNNING = "running"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class RunRecord(BaseModel):
    """The contents of run.json. Times are seconds since 1970, `seconds` is time spent training."""

    model_config = ConfigDict(frozen=True)

    schema_version: int = SCHEMA
    id: str
    family: str
    recipe_title: str
    config: RunConfig
    data: DatasetInfo | None = None
    created: float
    updated: float
    state: RunState = RunState.RUNNING
    message: str = ""
    process: tuple[int, float] | None = None
    step: int = 0
    total_steps: int = 0
    seconds: float = 0.0
    steps_per_second: float = 0.0
    metrics: dict[str, float] = {}
    best_step: int | None = None
    best_value: float | None = None
    pinned_steps: tuple[int, ...] = ()
    device: str = ""
    precision: str = ""
    versions: dict[str, str] = {}


class Run:
    """One run folder. Its record is read once and written by whoever trains it."""

    def __init__(self, folder: Path, record: RunRecord) -> None:
        self.folder = folder
        self.record = record

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def title(self) -> str:
        return self.record.config.name or f"{self.record.recipe_title}, {self.record.config.preset}"

    @property
    def samples(self) -> Path:
        return self.folder / "samples"

    @property
    def checkpoints(self) -> Path:
        return self.folder / "checkpoints"

    @property
    def metrics_file(self) -> Path:
        return self.folder / "metrics.csv"

    @property
    def state(self) -> RunState:
        """The stored state, or `interrupted` if the process that trained it is gone."""
        if self.record.state is RunState.RUNNING and not self.in_use:
            return RunState.INTERRUPTED
        return self.record.state

    @property
    def in_use(self) -> bool:
        """Whether a living process, this or another, is training the run."""
        if self.record.process is None or self.record.state is not RunState.RUNNING:
            return False
        pid, started = self.record.process
        if pid == os.getpid():
            return self.folder in trained_here
        try:
            return bool(abs(psutil.Process(pid).create_time() - started) < 2)
        except psutil.Error:
            return False

    def note(self, **changes: Any) -> None:
        """Change the record; the next `update` writes it."""
        self.record = self.record.model_copy(update={**changes, "updated": time.time()})

    def update(self, **changes: Any) -> None:
        """Change the record and write it; raises OSError if the disk refuses."""
        self.note(**changes)
        write_atomically(self.folder / _RECORD, self.record.model_dump_json(indent=2))

    def history(self) -> History:
        return read_history(self.metrics_file)

    def steps_saved(self) -> list[int]:
        steps: list[int] = _checkpoints().checkpoint_steps(self.checkpoints)
        return steps

    def save(self, step: int, state: dict[str, Any]) -> None:
        """Write a checkpoint, then forget old ones: the newest few, the best and the pinned stay."""
        files = _checkpoints()
        files.save_checkpoint(files.checkpoint_path(self.checkpoints, step), state)
        keep = {self.record.best_step, *self.record.pinned_steps}
        for old in self.steps_saved()[: -self.record.config.settings.keep_checkpoints]:
            if old not in keep:
                files.remove_checkpoint(self.checkpoints, old)

    def discard_if_empty(self) -> bool:
        """Remove the folder of a run that never began, with nothing but its record in it; return whether it was one."""
        if {path.name for path in self.folder.glob("*")} - {_RECORD}:
            return False
        shutil.rmtree(self.folder, ignore_errors=True)
        return True

    def load(self, device: str = "cpu", only: str | None = None) -> tuple[int, dict[str, Any]]:
        """Return the newest checkpoint that can be read and its step; raises StoredDataError if there is none."""
        files = _checkpoints()
        problem = StoredDataError(f"The run {self.id} has no saved state yet.")
        for step in reversed(self.steps_saved()):
            try:
                return step, files.load_checkpoint(files.checkpoint_path(self.checkpoints, step), device, only)
            except StoredDataError as error:
                problem = error
        raise problem

    def summary(self) -> dict[str, Any]:
        """Return what the command line prints with --json."""
        record = self.record
        return {
            "run": self.id,
            "folder": str(self.folder),
            "name": self.title,
            "recipe": record.config.recipe,
            "preset": record.config.preset,
            "data": record.config.data,
            "state": str(self.state),
            "message": record.message,
            "step": record.step,
            "total_steps": record.total_steps,
            "metrics": record.metrics,
            "seconds": round(record.seconds, 3),
            "steps_per_second": round(record.steps_per_second, 3),
            "device": record.device,
            "precision": record.precision,
            "created": record.created,
        }


@dataclass(frozen=True)
class DamagedRun:
    """A folder among the runs that cannot be read, and why."""

    folder: Path
    reason: str


class RunStore:
    """The folder of all runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, config: RunConfig, family: str, recipe_title: str) -> Run:
        """Make a new run folder with the next free number; safe with other processes doing the same."""
        self.folder.mkdir(parents=True, exist_ok=True)
        number = max((int(match[1]) for match in self._numbered()), default=0)
        words = re.sub(r"[^a-z0-9]+", "-", f"{config.recipe} {config.name or config.preset}".lower()).strip("-")[:40]
        while True:
            number += 1
            run_id = f"{number:04d}-{words}"
            try:
                (self.folder / run_id).mkdir()
                break
            except FileExistsError:
                continue
        now = time.time()
        record = RunRecord(
            id=run_id,
            family=family,
            recipe_title=recipe_title,
            config=config,
            created=now,
            updated=now,
            process=this_process(),
            versions=versions(),
        )
        run = Run(self.folder / run_id, record)
        run.update()
        return run

    def open(self, run_id: str) -> Run:
        """Read one run by its id; raises StoredDataError with the reason."""
        path = self.folder / run_id / _RECORD
        try:
            text = path.read_text(encoding="utf-8")
            record = RunRecord.model_validate_json(text)
        except OSError as error:
            raise StoredDataError(f"The run {run_id} cannot be read: {error.strerror}.") from error
        except (ValidationError, UnicodeDecodeError) as error:
            raise StoredDataError(f"The run {run_id} is damaged: run.json is not what gendesk writes.") from error
        if record.schema_version > SCHEMA:
            raise StoredDataError(f"The run {run_id} was made by a newer gendesk; update gendesk to open it.")
        # A folder that was copied or renamed goes by the name it has now.
        return Run(path.parent, record.model_copy(update={"id": run_id}))

    def find(self, reference: str) -> Run:
        """Return the run with this id, unique prefix, or the `latest`; raises InputError."""
        ids = self.ids()
        if not ids:
            raise InputError("There are no runs yet; start one with: gendesk train.")
        if reference == "latest":
            readable = self.all()
            if not readable:
                raise InputError("None of the runs can be read; see why with: gendesk runs.")
            return max(readable, key=lambda run: run.record.updated)
        matches = [reference] if reference in ids else [run_id for run_id in ids if run_id.startswith(reference)]
        if not matches:
            raise InputError(f"There is no run {reference}; see them all with: gendesk runs.")
        if len(matches) > 1:
            raise InputError(f"{reference} could be any of {', '.join(matches[:5])}; write more of the id.")
        return self.open(matches[0])

    def ids(self) -> list[str]:
        """Return the ids of all run folders, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(path.parent.name for path in self.folder.glob(f"*/{_RECORD}"))

    def all(self) -> list[Run]:
        """Return every readable run, oldest first."""
        return [run for run in self.scan() if isinstance(run, Run)]

    def scan(self) -> Iterator[Run | DamagedRun]:
        """Yield every run folder, oldest first, damaged ones with the reason."""
        for run_id in self.ids():
            try:
                yield self.open(run_id)
            except StoredDataError as error:
                yield DamagedRun(self.folder / run_id, str(error))

    def _numbered(self) -> Iterator[re.Match[str]]:
        matches = (re.match(r"(\d+)-", path.name) for path in self.folder.iterdir())
        return (match for match in matches if match)


def _checkpoints() -> ModuleType:
    """Import what needs torch when it is needed: a list of runs is shown long before."""
    from gendesk.engine import checkpoints

    return checkpoints


def this_process() -> tuple[int, float]:
    """Return what tells this process from a later one with the same number."""
    return os.getpid(), psutil.Process().create_time()


def versions() -> dict[str, str]:
    return {
        "gendesk": __version__,
        "torch": importlib.metadata.version("torch"),
        "numpy": importlib.metadata.version("numpy"),
        "python": platform.python_version(),
        "system": platform.platform(),
    }
