"""Fetches the files of published data sets: from their makers or from mirrors, and only if they are the right ones."""

import contextlib
import hashlib
import os
import shutil
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from gendesk.data.progress import Progress
from gendesk.data.published import PublishedFile, PublishedSet, similar_names
from gendesk.data.readers.limits import check_space
from gendesk.data.transfer import Patience, RefusedError, Transfer
from gendesk.errors import InputError

MIRROR_VARIABLE = "GENDESK_DATA_MIRROR"
"""Names a web folder that is asked for every file first, as FOLDER/SET/FILE: a copy of a `downloads` folder."""

_MB = 1e6
_RATE_SECONDS = 5.0
_PATIENCE = Patience()


def fetch(data: PublishedSet, root: Path, progress: Progress, patience: Patience = _PATIENCE) -> list[Path]:
    """Return the files of a published set in `root`/FOLDER, and download those that are missing or not the right ones.

    Several processes and threads may ask for the same. Raises InputError in one sentence, and Cancelled, after which
    the next call goes on where this one stopped.
    """
    folder = root / data.folder
    paths = [folder / file.name for file in data.files]
    try:
        if all(is_whole(path, file) for path, file in zip(paths, data.files, strict=True)):
            return paths
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder, data.title, progress):
            check_space(folder, data.size)
            tally = _Tally(data, progress)
            for file in data.files:
                _fetch(data, file, folder, tally, patience)
                tally.file_is_here(file)
    except OSError as error:
        raise InputError(f"{data.title} cannot be stored in {folder}: {error.strerror or error}.") from error
    return paths


def is_whole(path: Path, file: PublishedFile) -> bool:
    """Tell whether a path holds a published file, by its MD5 where one is published."""
    if not path.is_file():
        return False
    with path.open("rb") as data:
        return not file.md5 or hashlib.file_digest(data, _md5).hexdigest() == file.md5


def _md5() -> "hashlib._Hash":
    return hashlib.md5(usedforsecurity=False)


@contextlib.contextmanager
def _alone(folder: Path, title: str, progress: Progress) -> Iterator[None]:
    """Keep other processes and threads from downloading into a folder, and clear up what a killed one left."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / ".lock")
    while True:
        with contextlib.suppress(Timeout):
            lock.acquire(timeout=0.1)
            break
        progress.update(0.0, f"Waiting for another download of {title}")
    try:
        for left in folder.glob("tmp????????"):
            left.unlink(missing_ok=True)
        yield
    finally:
        lock.release()


def _fetch(data: PublishedSet, file: PublishedFile, folder: Path, tally: "_Tally", patience: Patience) -> None:
    """Have pooch keep a file, with this module as its downloader: from the first address that gives the right one."""
    import pooch

    pooch.get_logger().setLevel("ERROR")
    problems: dict[str, str] = {}
    for url in data.addresses(file, os.environ.get(MIRROR_VARIABLE, "")):
        known_hash = f"md5:{file.md5}" if file.md5 else None
        storage = pooch.create(path=folder, base_url="", registry={file.name: known_hash}, urls={file.name: url})
        host = urlsplit(url).netloc or url
        for again in (False, True):
            transfer = Transfer(file, folder, patience, tally.update, tally.say)
            try:
                storage.fetch(file.name, downloader=transfer)
                return
            except RefusedError as problem:
                problems[host] = str(problem)
            except ValueError:  # pooch's word for a wrong hash; what came is gone already
                problems[host] = "sent other data than are published (the MD5 differs)"
                if transfer.resumed and not again:
                    continue
            break
    raise InputError(_failure(data, file, folder, problems))


def _failure(data: PublishedSet, file: PublishedFile, folder: Path, problems: dict[str, str]) -> str:
    reasons = ", ".join(f"{host} {problem}" for host, problem in problems.items())
    similar = [] if file.md5 else similar_names(Path(file.name).stem)
    hint = f" (similar names are {', '.join(similar)})" if similar else ""
    in_the_way = f" (the {file.name} that is there now is another one)" if (folder / file.name).exists() else ""
    return (
        f"{file.name} of {data.title} cannot be downloaded: {reasons}{hint}; check the network, or get the file from "
        f"{data.homepage} and put it into {folder}{in_the_way}, or give files that you have: gendesk train --data PATH."
    )


class _Tally:
    """Tells how far the download of all files of a set is, and how fast."""

    def __init__(self, data: PublishedSet, progress: Progress) -> None:
        self._data = data
        self._progress = progress
        self._finished = 0
        self._finished_bytes = 0
        self._fraction = 0.0
        self._recent: deque[tuple[float, int]] = deque()

    def file_is_here(self, file: PublishedFile) -> None:
        self._finished += 1
        self._finished_bytes += file.size
        self._recent.clear()

    def update(self, done: int, total: int) -> None:
        """`done` of `total` bytes (0: not known) of the file that is being downloaded are here."""
        if self._data.size:
            done, total = self._finished_bytes + done, self._data.size
            self._fraction = done / total
        else:
            self._fraction = (self._finished + (done / total if total else 0.0)) / len(self._data.files)
        amount = f"{done / _MB:.1f} of {total / _MB:.1f} MB" if total else f"{done / _MB:.1f} MB"
        self._progress.update(self._fraction, f"Downloading {self._data.title}: {amount}, {self._rate(done):.1f} MB/s")

    def say(self, sentence: str) -> None:
        """Say why nothing comes."""
        self._progress.update(self._fraction, sentence)

    def _rate(self, done: int) -> float:
        now = time.monotonic()
        self._recent.append((now, done))
        while now - self._recent[0][0] > _RATE_SECONDS:
            self._recent.popleft()
        start, before = self._recent[0]
        return max(0, done - before) / _MB / (now - start) if now > start else 0.0


def given_files(data: PublishedSet, paths: Sequence[Path]) -> list[Path]:
    """Find the files of a published set among files and folders that a person has; raises InputError.

    They are known by their names, or by their MD5 where one is published.
    """
    files = [path for given in paths for path in (sorted(given.iterdir()) if given.is_dir() else [given])]
    return [_given(data, file, [path for path in files if path.is_file()]) for file in data.files]


def _given(data: PublishedSet, file: PublishedFile, candidates: list[Path]) -> Path:
    named = [path for path in candidates if path.name.lower() == file.name.lower()]
    sized = [path for path in candidates if file.size and path.stat().st_size == file.size]
    for path in dict.fromkeys([*named, *sized]):
        if is_whole(path, file):
            return path
    if named:
        raise InputError(
            f"{named[0]} is not the {file.name} that {data.title} is published with (its MD5 differs); "
            f"to train on it all the same, give its own path: gendesk train --data {named[0]}."
        )
    raise InputError(f"{file.name} of {data.title} is not among the files that were given.")


def keep(data: PublishedSet, root: Path, found: Sequence[Path], progress: Progress) -> None:
    """Copy the files that `given_files` found to where `fetch` looks for them; raises InputError."""
    folder = root / data.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder, data.title, progress):
            check_space(folder, sum(path.stat().st_size for path in found))
            for number, (file, path) in enumerate(zip(data.files, found, strict=True)):
                progress.update(number / len(found), f"Copying {file.name}")
                if path.resolve() == (folder / file.name).resolve():
                    continue
                part = folder / f"{file.name}.part"
                shutil.copyfile(path, part)
                part.replace(folder / file.name)
    except OSError as error:
        raise InputError(f"{data.title} cannot be stored in {folder}: {error.strerror or error}.") from error
