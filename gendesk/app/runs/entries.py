"""What the browser knows of each run folder, read again only where a file has changed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from gendesk.engine.labels import LABELS_FILE, Labels
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import RECORD_FILE, Run, RunRecord, RunState
from gendesk.errors import StoredDataError

Signature = tuple[int, int]


class Status(StrEnum):
    """What a row shows as its state: that of the run, of its job in this process, or why it cannot be used."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    MISSING_PLUGIN = "missing plugin"
    DAMAGED = "damaged"


BUSY = frozenset({Status.QUEUED, Status.RUNNING, Status.PAUSING, Status.PAUSED, Status.STOPPING})


@dataclass(frozen=True)
class RunEntry:
    """A run folder at one moment; `record` is None if it cannot be read, and `reason` says why it cannot be used.

    `sheets` is the newest folder of samples, with `sheets_changed` its time in ns; None before the first samples.
    """

    folder: Path
    title: str
    status: Status
    record: RunRecord | None = None
    labels: Labels = field(default_factory=Labels)
    reason: str = ""
    sheets: Path | None = None
    sheets_changed: int = 0

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def usable(self) -> bool:
        """Whether the run can be shown, resumed and compared."""
        return not self.reason


class RunScanner:
    """Reads the store; for one thread, which is not the window's."""

    def __init__(self, store: RunStore, known_recipes: Collection[str]) -> None:
        self._store = store
        self._known = known_recipes
        self._read: dict[str, tuple[tuple[Signature, Signature], Run | str]] = {}
        self._sheets: dict[str, tuple[Signature, Path | None]] = {}

    def scan(self) -> list[RunEntry]:
        """Return all runs, oldest first, damaged ones with the reason."""
        ids = self._store.ids()
        for gone in self._read.keys() - set(ids):
            del self._read[gone]
            self._sheets.pop(gone, None)
        return [self._entry(run_id) for run_id in ids]

    def _entry(self, run_id: str) -> RunEntry:
        folder = self._store.folder / run_id
        run = self._run(folder)
        if isinstance(run, str):
            return RunEntry(folder, run_id, Status.DAMAGED, reason=run)
        sheets = self._newest_sheets(folder)
        status, reason = Status(run.state), ""
        if run.record.config.recipe not in self._known:
            status = Status.MISSING_PLUGIN
            reason = f"No plugin offers the recipe {run.record.config.recipe}; install the one that does to open this."
        return RunEntry(
            folder,
            run.title,
            status,
            run.record,
            run.labels,
            reason,
            sheets,
            _signature(sheets)[0] if sheets else 0,
        )

    def _run(self, folder: Path) -> Run | str:
        """Return the run, or why it cannot be read."""
        signature = _signature(folder / RECORD_FILE), _signature(folder / LABELS_FILE)
        known = self._read.get(folder.name)
        if known is not None and known[0] == signature:
            return known[1]
        try:
            run: Run | str = self._store.open(folder.name)
        except StoredDataError as error:
            run = str(error)
        self._read[folder.name] = signature, run
        return run

    def _newest_sheets(self, folder: Path) -> Path | None:
        samples = folder / "samples"
        signature = _signature(samples)
        known = self._sheets.get(folder.name)
        if known is not None and known[0] == signature:
            return known[1]
        try:
            steps = [path for path in samples.iterdir() if path.name.isdecimal()]
        except OSError:
            steps = []
        newest = max(steps, key=lambda path: int(path.name), default=None)
        self._sheets[folder.name] = signature, newest
        return newest


def busy_reason(run: Run) -> str:
    """Return why the folder of a run must not be taken away now, empty if it may."""
    if run.in_use:
        return f"{run.title} is in training; stop it first."
    if run.state is RunState.QUEUED:
        return f"{run.title} waits in the queue; remove it from there first."
    return ""


def _signature(path: Path) -> Signature:
    """Return time (ns) and size of a file or folder, zeros if there is none."""
    try:
        facts = path.stat()
    except OSError:
        return 0, 0
    return facts.st_mtime_ns, facts.st_size
