"""Takes a run in: what belongs to it goes into a hidden folder among the runs, which then gets its name."""

import contextlib
import json
import math
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
from pydantic import ValidationError
from safetensors import SafetensorError, safe_open

from gendesk.data.catalogue import catalogue
from gendesk.data.progress import Progress
from gendesk.data.published import gutenberg_book, published_set
from gendesk.engine.exchange.kinds import Imported
from gendesk.engine.exchange.layout import MIB, largest
from gendesk.engine.exchange.parcel import DAMAGE, Member, Parcel, opened
from gendesk.engine.labels import LABELS_FILE, Labels
from gendesk.engine.run_store import RunStore, parse_record
from gendesk.engine.runs import RECORD_FILE, RunRecord, RunState
from gendesk.engine.upstream import BuiltOn, fingerprint
from gendesk.errors import GendeskError, InputError, StoredDataError
from gendesk.files import write_atomically

_CHUNK = MIB
_SPARE = 64 * MIB
_LATEST = 1e11  # seconds since 1970, in the year 5138: what is later would not fit into a date
_MOST_STEPS = 1 << 53
_WORK = re.compile(r"\.import-(\d+)-[0-9a-f]{8}")


def take_in(store: RunStore, path: Path, progress: Progress) -> Imported:
    """Import a run folder or an archive of one; raises InputError, and Cancelled with nothing left."""
    try:
        if path.is_dir() and path.parent.resolve() == store.folder.resolve():
            return Imported(store.open(path.name), (), (f"{path.name} is among the runs already.",))
        progress.update(0.0, f"Looking into {path.name}")
        with opened(path) as parcel:
            return _take_in(store, parcel, progress)
    except GendeskError:
        raise
    except DAMAGE as error:
        raise InputError(f"{path.name} cannot be imported: {_reason(error)}.") from error


def free_id(store: RunStore, wanted: str) -> str:
    """Return `wanted` made harmless, or, if it is taken or has no number, with the next free number."""
    tidy = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")[:60].strip("-")
    number, _, words = tidy.partition("-")
    numbered = number.isdecimal() and 4 <= len(number) <= 9
    if numbered and words and not (store.folder / tidy).exists():
        return tidy
    names = [entry.name for entry in store.folder.iterdir()]
    highest = max((int(match[1]) for name in names if (match := re.match(r"(\d{1,9})-", name))), default=0)
    return f"{highest + 1:04d}-{(words if numbered else tidy) or 'run'}"


def _take_in(store: RunStore, parcel: Parcel, progress: Progress) -> Imported:
    record = _read_record(parcel)
    store.folder.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(store.folder)
    _check_space(store.folder, sum(member.size for member in parcel.members))
    with _work_folder(store.folder) as work:
        damaged = _unpack(parcel, work, progress)
        write_atomically(work / RECORD_FILE, _arrived(record, store).model_dump_json(indent=2))
        run_id = _claim(store, work, record.id or parcel.name)
    run = store.open(run_id)
    notes = [f"{name} was left out, because it is damaged." for name in damaged]
    if needed := _missing_data(record):
        notes.append(needed)
    return Imported(run, (*parcel.left_out, *damaged), tuple(notes))


def _read_record(parcel: Parcel) -> RunRecord:
    with parcel.record.open() as file:
        content = file.read(parcel.record.size + 1)
    try:
        record = parse_record(content, f"The run {parcel.name}")
    except StoredDataError as error:
        raise InputError(str(error)) from error
    times = (record.created, record.updated, record.seconds)
    steps = (record.step, record.total_steps, record.best_step or 0, *record.pinned_steps)
    rate = record.steps_per_second
    if not (
        all(0 <= time < _LATEST for time in times)
        and all(0 <= step < _MOST_STEPS for step in steps)
        and 0 <= rate < math.inf
    ):
        raise InputError(f"The run {parcel.name} is damaged: {RECORD_FILE} holds impossible numbers.")
    return record


def _arrived(record: RunRecord, store: RunStore) -> RunRecord:
    """Return the record of a run that nobody trains here: in training becomes interrupted, queued becomes stopped.

    What it was built on did not come along, and a run that has the same number here must not be taken for that.
    """
    changes: dict[str, Any] = {"process": None}
    built_on = record.upstream
    if built_on is not None and not _is_here(built_on, store):
        changes["upstream"] = BuiltOn(run=f"{built_on.run} of another machine", fingerprint=built_on.fingerprint)
    if record.state is RunState.QUEUED:
        changes |= {"state": RunState.STOPPED, "message": "Waited in the queue when it was exported."}
    if record.state is RunState.INTERRUPTED:
        changes |= {"state": RunState.RUNNING}  # as it is stored while it trains; without a process, it is interrupted
    return record.model_copy(update=changes)


def _is_here(built_on: BuiltOn, store: RunStore) -> bool:
    """Tell whether a run is among those here, in the state in which the other one was built on it."""
    if built_on.run not in store.ids():
        return False
    try:
        return fingerprint(store.open(built_on.run)) == built_on.fingerprint
    except StoredDataError:
        return False


def _unpack(parcel: Parcel, work: Path, progress: Progress) -> list[str]:
    """Write all members but the record; return the names of damaged checkpoints and labels, which are not kept."""
    total = max(1, sum(member.size for member in parcel.members))
    done = 0
    damaged = []
    for member in parcel.members:
        if member.parts == (RECORD_FILE,):
            continue
        target = work.joinpath(*member.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            for size in _copy(member, target):
                done += size
                progress.update(min(0.99, done / total), f"Importing {parcel.name}")
        except FileNotFoundError:
            continue  # a folder whose run is in training: old checkpoints go
        if not _is_whole(target, member.parts):
            target.unlink()
            damaged.append("/".join(member.parts))
    return damaged


def _copy(member: Member, target: Path) -> Iterator[int]:
    """Copy one file, which may have grown meanwhile, but not beyond what its place allows; yields bytes per chunk."""
    left = largest(member.parts)
    with member.open() as source, target.open("xb") as file:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise InputError(f"{'/'.join(member.parts)} is larger than gendesk writes it.")
            file.write(chunk)
            yield len(chunk)
        if member.parts[0] == "checkpoints":
            file.flush()
            os.fsync(file.fileno())


def _is_whole(path: Path, parts: tuple[str, ...]) -> bool:
    if parts == (LABELS_FILE,):
        with contextlib.suppress(ValidationError):
            Labels.model_validate_json(path.read_bytes())
            return True
        return False
    return parts[0] != "checkpoints" or _is_checkpoint(path)


def _is_checkpoint(path: Path) -> bool:
    """Tell whether a checkpoint has a header as gendesk writes it, for tensors that are all there; reads no tensor."""
    try:
        with safe_open(path, framework="numpy") as file:
            header = json.loads((file.metadata() or {})["gendesk"])
            names = set(file.keys())
        return isinstance(header["schema"], int) and set(_tensors(header["tree"])) <= names
    except (SafetensorError, OSError, KeyError, TypeError, ValueError, RecursionError):
        return False


def _tensors(tree: Any) -> Iterator[str]:
    """Yield the names of the tensors that the JSON part of a checkpoint refers to."""
    if isinstance(tree, dict):
        if "$tensor" in tree:
            yield str(tree["$tensor"])
            return
        tree = list(tree.values())
    if isinstance(tree, list):
        for item in tree:
            yield from _tensors(item)


def _claim(store: RunStore, work: Path, wanted: str) -> str:
    """Give the finished folder the name of a run that no other process takes at the same time."""
    while True:
        run_id = free_id(store, wanted)
        target = store.folder / run_id
        try:
            target.mkdir()
        except FileExistsError:
            continue
        if os.name == "nt":
            target.rmdir()  # there a folder cannot take the place of an empty one
        work.rename(target)
        return run_id


@contextlib.contextmanager
def _work_folder(folder: Path) -> Iterator[Path]:
    work = folder / f".import-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    work.mkdir()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _remove_abandoned(folder: Path) -> None:
    """Remove what imports have left whose process was killed."""
    for path in folder.glob(".import-*"):
        match = _WORK.fullmatch(path.name)
        if match and not psutil.pid_exists(int(match[1])):
            shutil.rmtree(path, ignore_errors=True)


def _check_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed + _SPARE > free:
        raise InputError(f"The run needs {needed / 1e9:.1f} GB in {folder}, but only {free / 1e9:.1f} are free.")


def _missing_data(record: RunRecord) -> str:
    """Return a sentence about data that are not here, "" if they are or can be downloaded."""
    data = record.config.data
    with contextlib.suppress(GendeskError, OSError, ValueError, RuntimeError):
        named = any(entry.name == data for entry in catalogue()) or published_set(data) is not None
        if named or gutenberg_book(data) is not None or Path(data).expanduser().exists():
            return ""
    return f"To go on training it, its data must lie at {data}, as they did where it was made."


def _reason(error: BaseException) -> str:
    return (getattr(error, "strerror", None) or str(error)).partition("\n")[0].rstrip(".") or "it is damaged"
