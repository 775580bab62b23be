"""A run on disk: a folder that survives everything and holds all there is to know of one training."""

import os
import shutil
import time
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil
from pydantic import BaseModel, ConfigDict

from gendesk.data.dataset import AnyInfo
from gendesk.engine.labels import LABELS_FILE, Labels, read_labels, write_labels
from gendesk.engine.metrics_log import History, read_history
from gendesk.engine.run_config import RunConfig
from gendesk.engine.upstream import BuiltOn
from gendesk.errors import NotReadyError, StoredDataError
from gendesk.files import write_atomically

SCHEMA = 1
RECORD_FILE = "run.json"

trained_here: set[Path] = set()
"""The folders of the runs that this process is training, whatever their files say."""


class RunState(StrEnum):
    """What became of a run; `interrupted` is not stored but seen: it says running, and its process is gone."""

    QUEUED = "queued"
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
    data: AnyInfo | None = None
    upstream: BuiltOn | None = None
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
        self.labels = read_labels(folder)

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def title(self) -> str:
        own = f"{self.record.recipe_title}, {self.record.config.preset}"
        return self.labels.name or self.record.config.name or own

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
    def stop_file(self) -> Path:
        """The file by which another process asks the one that trains the run to stop and save."""
        return self.folder / "stop"

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
        write_atomically(self.folder / RECORD_FILE, self.record.model_dump_json(indent=2))

    def label(self, **changes: Any) -> None:
        """Change name, note, tags or pin, also while the run trains; raises OSError if the disk refuses."""
        labels = Labels.model_validate({**self.labels.model_dump(), **changes})
        write_labels(self.folder, labels)
        self.labels = labels

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
        if {path.name for path in self.folder.glob("*")} - {RECORD_FILE, LABELS_FILE}:
            return False
        shutil.rmtree(self.folder, ignore_errors=True)
        return True

    def load(self, device: str = "cpu", only: str | None = None) -> tuple[int, dict[str, Any]]:
        """Return the newest checkpoint that can be read and its step; raises StoredDataError if there is none."""
        files = _checkpoints()
        problem: StoredDataError = NotReadyError(f"The run {self.id} has no saved state yet.")
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
            "tags": list(self.labels.tags),
            "pinned": self.labels.pinned,
            "note": self.labels.note,
        }


def _checkpoints() -> ModuleType:
    """Import what needs torch when it is needed: a list of runs is shown long before."""
    from gendesk.engine import checkpoints

    return checkpoints


def this_process() -> tuple[int, float]:
    """Return what tells this process from a later one with the same number."""
    return os.getpid(), psutil.Process().create_time()
