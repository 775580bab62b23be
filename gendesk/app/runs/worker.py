"""Everything that the browser reads and writes on the disk, one thing after the other, on a thread of its own."""

import os
import shutil
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import QFile, QObject, QThreadPool, Signal

from gendesk.app.runs.entries import RunScanner, busy_reason
from gendesk.engine.run_store import RunStore
from gendesk.errors import StoredDataError


@dataclass(frozen=True)
class Removal:
    """Runs that may be taken away: their ids, names and size in bytes; `refused` says why others may not."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    size: int
    refused: tuple[str, ...] = ()


class StoreWorker(QObject):
    """Answers by signals. When its parent goes away it drops what waits and ends what it is at."""

    scanned = Signal(object)  # list[RunEntry]
    measured = Signal(object)  # a Removal
    untrashed = Signal(object)  # a Removal of those that the system's trash did not take
    removed = Signal(str)  # the id of a run that is gone
    failed = Signal(str)  # one sentence

    def __init__(self, store: RunStore, known_recipes: Collection[str], parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._scanner = RunScanner(store, known_recipes)
        self._scan_waits = threading.Event()
        self._closing = threading.Event()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        # The parent's and not its own, which comes when the worker can no longer emit signals.
        parent.destroyed.connect(partial(_stop, self._closing, self._pool))

    def scan(self) -> None:
        """Read what has changed; calls that come before the reading begins are answered by one."""
        if not self._scan_waits.is_set():
            self._scan_waits.set()
            self._start(self._scan)

    def label(self, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """Write labels by run id, each with its changes, then scan."""
        self._change(partial(self._label, dict(changes)))

    def measure(self, ids: Sequence[str]) -> None:
        """Find out which runs may be removed and how large they are; `measured` answers."""
        self._start(partial(self._measure, tuple(ids)))

    def trash(self, removal: Removal) -> None:
        """Move runs to the system's trash, then scan; `untrashed` tells of those it did not take."""
        self._change(partial(self._trash, removal))

    def delete(self, removal: Removal) -> None:
        """Delete runs for good, then scan."""
        self._change(partial(self._delete, removal))

    def _change(self, task: Callable[[], None]) -> None:
        self._start(task)
        # A scan that waits already stands before the change in the queue, so it would not see what comes of it.
        self._scan_waits.clear()
        self.scan()

    def _start(self, task: Callable[[], None]) -> None:
        self._pool.start(partial(self._run, task))

    def _run(self, task: Callable[[], None]) -> None:
        if not self._closing.is_set():
            task()

    def _scan(self) -> None:
        self._scan_waits.clear()
        self.scanned.emit(self._scanner.scan())

    def _label(self, changes: dict[str, Mapping[str, Any]]) -> None:
        for run_id, values in changes.items():
            try:
                self._store.open(run_id).label(**values)
            except (OSError, ValidationError, StoredDataError) as error:
                self.failed.emit(f"The labels of {run_id} cannot be saved: {_cause(error)}")

    def _measure(self, ids: tuple[str, ...]) -> None:
        allowed, names, refused = [], [], []
        for run_id in ids:
            name, reason = self._checked(run_id)
            if reason:
                refused.append(reason)
            else:
                allowed.append(run_id)
                names.append(name)
        size = sum(_size(self._store.folder / run_id) for run_id in allowed)
        self.measured.emit(Removal(tuple(allowed), tuple(names), size, tuple(refused)))

    def _checked(self, run_id: str) -> tuple[str, str]:
        """Return the name of a run, and why it must stay; what cannot be read may go."""
        try:
            run = self._store.open(run_id)
        except StoredDataError:
            return run_id, ""
        return run.title, busy_reason(run)

    def _trash(self, removal: Removal) -> None:
        kept = []
        for run_id, name in zip(removal.ids, removal.names, strict=True):
            if self._may_go(run_id):
                if QFile(str(self._store.folder / run_id)).moveToTrash():
                    self.removed.emit(run_id)
                else:
                    kept.append((run_id, name))
        if kept:
            ids, names = zip(*kept, strict=True)
            self.untrashed.emit(Removal(ids, names, sum(_size(self._store.folder / run_id) for run_id in ids)))

    def _delete(self, removal: Removal) -> None:
        for run_id in removal.ids:
            folder = self._store.folder / run_id
            try:
                if self._may_go(run_id):
                    folder.unlink() if folder.is_symlink() else shutil.rmtree(folder)
                    self.removed.emit(run_id)
            except OSError as error:
                self.failed.emit(f"{run_id} cannot be deleted: {_cause(error)}")

    def _may_go(self, run_id: str) -> bool:
        """Tell whether a run is still there, and has not begun to train since the person was asked."""
        _, reason = self._checked(run_id)
        if reason:
            self.failed.emit(reason)
        return not reason and (self._store.folder / run_id).exists()


def _size(folder: Path) -> int:
    """Return the bytes of all files in a folder; what cannot be read counts nothing."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(root, name).lstat().st_size
            except OSError:
                continue
    return total


def _cause(error: Exception) -> str:
    """Return the rest of a sentence that says what went wrong."""
    if isinstance(error, ValidationError):
        return f"{error.errors()[0]['msg']}."
    if isinstance(error, OSError):
        return f"{error.strerror or error}."
    return str(error)


def _stop(closing: threading.Event, pool: QThreadPool) -> None:
    closing.set()
    pool.waitForDone()
