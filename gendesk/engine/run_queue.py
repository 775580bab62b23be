"""The runs that shall be trained, in order: a file that outlives every process and is shared by all of them.

A run stays in the file while it trains, so that a power cut leaves it first in the queue.
"""

import contextlib
import time
from pathlib import Path

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, ValidationError

from gendesk.files import write_atomically

_LARGEST = 1 << 20


class QueueEntry(BaseModel):
    """A run in the queue; `until` is the step it shall go on to, 0 for its planned end; `added` is in s since 1970."""

    model_config = ConfigDict(frozen=True)

    run: str
    until: int = 0
    added: float = 0.0


class _Contents(BaseModel):
    entries: tuple[QueueEntry, ...] = ()


class RunQueue:
    """The file and its two locks. Every method may be called from any thread of any process; raises OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "queue.json"
        self._claim = folder / "queue.claim"

    def turn(self) -> FileLock:
        """Return a new handle on the lock of whoever trains from the queue; the system frees it with a crash."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self._folder / "queue.turn")

    @property
    def running(self) -> bool:
        """Whether some process trains from the queue now."""
        turn = self.turn()
        try:
            turn.acquire(timeout=0)
        except TimeoutError:
            return True
        turn.release()
        return False

    def claim(self) -> None:
        """Ask every process in the background to leave the queue, with what it trains, to this one."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._claim.touch()

    def claimed_since(self, moment: float) -> bool:
        """Tell whether a process has claimed the queue after a moment, in seconds since 1970."""
        try:
            return self._claim.stat().st_mtime > moment
        except OSError:
            return False

    @property
    def stamp(self) -> int:
        """A number that changes when the file does."""
        try:
            return self._file.stat().st_mtime_ns
        except OSError:
            return 0

    def entries(self) -> tuple[QueueEntry, ...]:
        """Return all entries, the next one first; a file that cannot be read counts as empty and is set aside."""
        try:
            if self._file.stat().st_size > _LARGEST:
                raise ValueError("too large")
            return _Contents.model_validate_json(self._file.read_text(encoding="utf-8")).entries
        except OSError:
            return ()
        except (ValidationError, ValueError):
            with contextlib.suppress(OSError):
                self._file.replace(self._file.with_suffix(".broken.json"))
            return ()

    def add(self, run_id: str, until: int = 0) -> None:
        """Put a run at the end, or leave it where it is if it waits already."""
        with self._changes():
            entries = self.entries()
            if all(entry.run != run_id for entry in entries):
                self._write((*entries, QueueEntry(run=run_id, until=until, added=time.time())))

    def remove(self, run_id: str) -> bool:
        """Take a run out; return whether it was there."""
        with self._changes():
            entries = self.entries()
            kept = tuple(entry for entry in entries if entry.run != run_id)
            if len(kept) == len(entries):
                return False
            self._write(kept)
            return True

    def move(self, run_id: str, index: int) -> None:
        """Put a run at another place, counted from 0 among all entries."""
        with self._changes():
            entries = self.entries()
            moved = [entry for entry in entries if entry.run == run_id]
            others = [entry for entry in entries if entry.run != run_id]
            self._write((*others[: max(0, index)], *moved, *others[max(0, index) :]))

    def _changes(self) -> FileLock:
        self._folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self._folder / "queue.lock", timeout=10)

    def _write(self, entries: tuple[QueueEntry, ...]) -> None:
        write_atomically(self._file, _Contents(entries=entries).model_dump_json(indent=2))
