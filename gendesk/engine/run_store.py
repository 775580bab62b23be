"""The folder of all runs: makes them, finds them, and lists damaged ones with the reason."""

import json
import os
import re
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from gendesk.engine.run_config import RunConfig
from gendesk.engine.runs import RECORD_FILE, SCHEMA, Run, RunRecord, RunState, this_process
from gendesk.errors import InputError, StoredDataError
from gendesk.versions import versions

if TYPE_CHECKING:
    from gendesk.engine.families import Families

_LARGEST_RECORD = 4 << 20


@dataclass(frozen=True)
class DamagedRun:
    """A folder among the runs that cannot be read, and why."""

    folder: Path
    reason: str


class RunStore:
    """The folder of all runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, config: RunConfig, family: str, recipe_title: str, state: RunState = RunState.RUNNING) -> Run:
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
            state=state,
            process=this_process() if state is RunState.RUNNING else None,
            versions=versions(),
        )
        run = Run(self.folder / run_id, record)
        run.update()
        return run

    def open(self, run_id: str) -> Run:
        """Read one run by its id; raises StoredDataError with the reason."""
        folder = self.folder / run_id
        record = read_record(folder / RECORD_FILE, f"The run {run_id}")
        # A folder that was copied or renamed goes by the name it has now.
        return Run(folder, record.model_copy(update={"id": run_id}))

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
        """Return the ids of all run folders, oldest first; also of those that hold something, but no record."""
        try:
            with os.scandir(self.folder) as entries:
                return sorted(entry.name for entry in entries if entry.is_dir() and _is_run(entry))
        except OSError:
            return []

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


def read_record(path: Path, what: str) -> RunRecord:
    """Read a run.json; raises StoredDataError, a sentence about `what`."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise StoredDataError(f"{what} is damaged: {RECORD_FILE} is no ordinary file.")
        with path.open("rb") as file:
            content = file.read(_LARGEST_RECORD + 1)
    except FileNotFoundError as error:
        if not path.parent.is_dir():
            raise StoredDataError(f"{what} cannot be read: its folder is gone.") from error
        raise StoredDataError(f"{what} has no {RECORD_FILE}; it was probably not copied as a whole.") from error
    except OSError as error:
        raise StoredDataError(f"{what} cannot be read: {error.strerror or error}.") from error
    return parse_record(content, what)


def parse_record(content: bytes, what: str) -> RunRecord:
    """Check the contents of a run.json; raises StoredDataError, a sentence about `what`."""
    if len(content) > _LARGEST_RECORD:
        raise StoredDataError(f"{what} is damaged: {RECORD_FILE} is larger than gendesk writes it.")
    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise StoredDataError(f"{what} is damaged: {RECORD_FILE} is cut off or garbled.") from error
    # Before anything else, because a newer gendesk may have changed everything else.
    version = values.get("schema_version", SCHEMA) if isinstance(values, dict) else SCHEMA
    if isinstance(version, int) and version > SCHEMA:
        raise StoredDataError(f"{what} was made by a newer gendesk; update gendesk to open it.")
    try:
        return RunRecord.model_validate_json(content)
    except ValidationError as error:
        raise StoredDataError(f"{what} is damaged: {RECORD_FILE} is not what gendesk writes.") from error


def missing_plugin(run: Run, families: "Families") -> str:
    """Return a sentence about the plugin that a run needs and that is not there, "" if it is."""
    recipe = run.record.config.recipe
    if recipe in families.recipes:
        return ""
    return f"No plugin offers the recipe {recipe}; install the one that does ({run.record.family}) to open this run."


def _is_run(entry: os.DirEntry[str]) -> bool:
    """Tell a run from folders that are hidden, as those of an import under way, and from empty ones, as of a start."""
    if entry.name.startswith("."):
        return False
    if os.path.lexists(os.path.join(entry.path, RECORD_FILE)):  # noqa: PTH118 (a Path for each run takes time)
        return True
    try:
        return any(not name.startswith(".") for name in os.listdir(entry.path))  # noqa: PTH208
    except OSError:
        return True  # it is listed, and opening it says why it cannot be read
