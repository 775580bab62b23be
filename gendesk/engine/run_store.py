"""The folder of all runs: makes them, finds them, and lists damaged ones with the reason."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from gendesk.engine.run_config import RunConfig
from gendesk.engine.runs import RECORD_FILE, SCHEMA, Run, RunRecord, RunState, this_process, versions
from gendesk.errors import InputError, StoredDataError


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
        path = self.folder / run_id / RECORD_FILE
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
        return sorted(path.parent.name for path in self.folder.glob(f"*/{RECORD_FILE}"))

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
