"""Pictures in a folder or a zip archive; folders become classes, train/ and test/ the parts, a table attributes."""

import contextlib
import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image

from gendesk.data.dataset import Int64Array, SkippedFile
from gendesk.data.progress import Progress
from gendesk.data.readers.attribute_table import KNOWN_NAMES, TableFile, by_promise, is_table, read_attributes
from gendesk.data.readers.decode import open_picture
from gendesk.data.readers.limits import MAX_FILE_BYTES, MAX_FILES, MIB, is_bomb
from gendesk.data.readers.source import BoolArray, UnreadableError
from gendesk.errors import InputError

EXTENSIONS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
_TRAIN = frozenset({"train", "training"})
_HELD_OUT = frozenset({"test", "val", "valid", "validation"})


@dataclass(frozen=True)
class PictureFile:
    """A file that looks like a picture: its place as the parts of a path, and how to get its bytes."""

    parts: tuple[str, ...]
    stamp: str
    read: Callable[[], bytes]


class FileSource:
    """Pictures that lie in files of their own, with attributes from the first of `tables` that is of use."""

    def __init__(
        self,
        files: list[PictureFile],
        skipped: Sequence[SkippedFile],
        close: Callable[[], None] | None = None,
        tables: Sequence[TableFile] = (),
        progress: Progress | None = None,
    ) -> None:
        placed = _without_wrappers(files)
        self.held_out = _held_out([parts for parts, _ in placed])
        if self.held_out is not None:
            placed, self.held_out, stray = _split(placed, self.held_out)
            skipped = [*skipped, *stray]
        self.classes, self.labels = _classes([parts for parts, _ in placed])
        self._files = [file for _, file in placed]
        self.table, remarks = read_attributes(tables, [file.parts for file in self._files], progress)
        self.skipped = (*skipped, *remarks)
        self._close = close

    def name(self, index: int) -> str:
        return "/".join(self._files[index].parts)

    def read(self, index: int) -> Image.Image:
        return open_picture(self._files[index].read())

    def close(self) -> None:
        if self._close is not None:
            self._close()


def list_folder(folder: Path) -> tuple[list[PictureFile], list[SkippedFile]]:
    """Find the pictures below a folder, sorted by place, and those that must not be read."""
    files: list[PictureFile] = []
    skipped: list[SkippedFile] = []
    root = folder.resolve()
    for parts, entry in _entries(root, skipped):
        problem, stamp = _inspect(entry, root)
        if problem:
            skipped.append(SkippedFile("/".join(parts), problem))
        else:
            files.append(PictureFile(parts, stamp, partial(_read_file, entry.path)))
        _check_count(len(files), folder.name)
    return sorted(files, key=lambda file: file.parts), sorted(skipped, key=lambda file: file.path)


def _entries(root: Path, skipped: list[SkippedFile]) -> Iterator[tuple[tuple[str, ...], os.DirEntry[str]]]:
    pending: list[tuple[str, ...]] = [()]
    while pending:
        above = pending.pop()
        try:
            with os.scandir(root.joinpath(*above)) as scan:
                entries = [entry for entry in scan if not entry.name.startswith(".")]
        except OSError as error:
            skipped.append(SkippedFile(readable("/".join(above)), f"cannot be opened ({error.strerror})"))
            continue
        for entry in entries:
            parts = (*above, entry.name)
            if entry.is_dir(follow_symlinks=False):
                pending.append(parts)
            elif entry.is_symlink() and Path(entry.path).is_dir():  # entry.is_dir() fails on links that go in circles
                skipped.append(SkippedFile(readable("/".join(parts)), "is a link to a folder, which is not followed"))
            elif _is_picture(entry.name):
                yield tuple(readable(part) for part in parts), entry


def _is_picture(name: str) -> bool:
    return name.lower().endswith(EXTENSIONS)


def _inspect(entry: os.DirEntry[str], root: Path) -> tuple[str, str]:
    """Return why a file must not be read, or "", and a stamp that changes when it is changed."""
    try:
        if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root):
            return "is a link that leads out of the folder", ""
        status = entry.stat()
    except (OSError, RuntimeError):  # a link that leads nowhere, or round in a circle
        return "cannot be found", ""
    if not stat.S_ISREG(status.st_mode):
        return "is not an ordinary file", ""
    return "", f"{status.st_size} {status.st_mtime_ns}"


def is_ordinary(path: Path) -> bool:
    """Tell whether a path is an ordinary file of its folder: no pipe, no device, no link that leads out of it."""
    try:
        return path.is_file() and path.resolve().is_relative_to(path.parent.resolve())
    except (OSError, RuntimeError):  # a link that goes round in a circle
        return False


def find_tables(folder: Path, pictures: Sequence[PictureFile]) -> list[TableFile]:
    """Find what may hold attributes of a folder's pictures: in the folders above them all, and next to the folder."""
    root = folder.resolve()
    shared = _shared_folder(pictures)
    found = {}
    for depth in range(len(shared) + 1) if pictures else ():
        place = root.joinpath(*shared[:depth])
        with contextlib.suppress(OSError):
            inside = [path for path in place.iterdir() if is_table(path.name)]
            found.update({"/".join((*shared[:depth], readable(path.name))): path for path in inside})
    tables = [_table_file(found[name], name) for name in by_promise(list(found), folder.name)]
    return [table for table in tables if table] + (tables_next_to(root, root.name) if pictures else [])


def tables_next_to(path: Path, title: str) -> list[TableFile]:
    """Find what may hold attributes in the folder that a folder or an archive of pictures lies in."""
    names = [*KNOWN_NAMES, f"{title}.csv"]
    return [table for name in names if (table := _table_file(path.parent / name, readable(name)))]


def _table_file(path: Path, name: str) -> TableFile | None:
    if not is_ordinary(path):
        return None
    status = path.stat()
    return TableFile(name, f"{status.st_size} {status.st_mtime_ns}", partial(_read_file, str(path)))


def _shared_folder(pictures: Sequence[PictureFile]) -> tuple[str, ...]:
    """Return the folders that hold all pictures."""
    folders = {file.parts[:-1] for file in pictures} or {()}
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(min(folders), max(folders), strict=False))
    return tuple(name for name, _ in pairs)


def _read_file(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return _bounded(file)
    except OSError as error:
        raise UnreadableError(f"cannot be opened ({error.strerror})") from error


def _bounded(file: IO[bytes]) -> bytes:
    data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableError(f"is larger than {MAX_FILE_BYTES // MIB} MiB")
    return data


def open_zip(path: Path, progress: Progress) -> FileSource:
    """Open an archive of pictures; its members are read in place and never unpacked to disk.

    Raises InputError, and Cancelled while a table of attributes is read.
    """
    archive = zipfile.ZipFile(path)
    try:
        members = archive.infolist()
        _check_count(len(members), path.name)
        files, skipped = [], []
        for member in members:
            parts = _member_parts(member, _is_picture)
            if not parts:
                continue
            if problem := _member_problem(member):
                skipped.append(SkippedFile("/".join(parts), problem))
            else:
                files.append(PictureFile(parts, "", partial(_read_member, archive, member)))
        files.sort(key=lambda file: file.parts)
        tables = _member_tables(archive, members, _shared_folder(files)) + tables_next_to(path, path.stem)
        return FileSource(files, skipped, archive.close, tables, progress)
    except BaseException:
        archive.close()
        raise


def _member_tables(
    archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], shared: tuple[str, ...]
) -> list[TableFile]:
    """Find what may hold attributes in the folders above all pictures of an archive."""
    placed = {_member_parts(member, is_table): member for member in members}
    above = {"/".join(parts): placed[parts] for parts in placed if parts and parts[:-1] == shared[: len(parts) - 1]}
    names = by_promise(list(above), Path(archive.filename or "").stem)
    return [TableFile(name, "", partial(_read_member, archive, above[name])) for name in names]


def _member_parts(member: zipfile.ZipInfo, wanted: Callable[[str], bool]) -> tuple[str, ...]:
    """Return a harmless path for a member whose name is of a wanted kind, else nothing."""
    parts = [part for part in re.split(r"[/\\]", member.filename) if part not in ("", ".", "..")]
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    if member.is_dir() or not parts or hidden or not wanted(parts[-1]):
        return ()
    return tuple(readable(part) for part in parts)


def _member_problem(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & 1:
        return "is encrypted"
    if member.file_size > MAX_FILE_BYTES:
        return f"is larger than {MAX_FILE_BYTES // MIB} MiB"
    if is_bomb(member.compress_size, member.file_size):
        return "is packed suspiciously tightly, as only a trap would be"
    return ""


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if problem := _member_problem(member):  # of a table; pictures have been looked at
        raise UnreadableError(problem)
    try:
        with archive.open(member) as file:
            return _bounded(file)
    except UnreadableError:
        raise
    except Exception as error:  # a damaged member ends in any of a dozen exceptions
        raise UnreadableError("is damaged in the archive") from error


def _check_count(count: int, name: str) -> None:
    if count > MAX_FILES:
        raise InputError(f"{name} holds more than {MAX_FILES:,} files; give a part of it.")


Placed = tuple[tuple[str, ...], PictureFile]


def _without_wrappers(files: list[PictureFile]) -> list[Placed]:
    """Leave out leading folders that hold everything, as archives of a folder have them."""
    depth = 0
    while files and len({file.parts[: depth + 1] for file in files}) == 1 and len(files[0].parts) > depth + 1:
        depth += 1
    return [(file.parts[depth:], file) for file in files]


def _held_out(paths: list[tuple[str, ...]]) -> BoolArray | None:
    """Mark what lies in a test folder, if there are a train and a test folder at the top."""
    tops = [parts[0].lower() if len(parts) > 1 else "" for parts in paths]
    held_out = np.array([top in _HELD_OUT for top in tops], dtype=np.bool_)
    return held_out if held_out.any() and any(top in _TRAIN for top in tops) else None


def _split(placed: list[Placed], held_out: BoolArray) -> tuple[list[Placed], BoolArray, list[SkippedFile]]:
    """Take the names of the parts off, and sort out what lies beside them."""
    inside = [
        held or (len(parts) > 1 and parts[0].lower() in _TRAIN)
        for held, (parts, _) in zip(held_out, placed, strict=True)
    ]
    kept = [(parts[1:], file) for (parts, file), keep in zip(placed, inside, strict=True) if keep]
    stray = [
        SkippedFile("/".join(parts), "lies outside the folders for training and testing")
        for (parts, _), keep in zip(placed, inside, strict=True)
        if not keep
    ]
    return kept, held_out[np.array(inside, dtype=np.bool_)], stray


def _classes(paths: list[tuple[str, ...]]) -> tuple[tuple[str, ...], Int64Array]:
    """Name the classes by the top folders; a single one says nothing and is none."""
    folders = [parts[0] if len(parts) > 1 else "" for parts in paths]
    classes = sorted(set(folders) - {""}, key=_natural)
    if len(classes) == 1 and "" not in folders:
        classes = []
    numbers = {name: number for number, name in enumerate(classes)}
    return tuple(classes), np.array([numbers.get(folder, -1) for folder in folders], dtype=np.int64)


def _natural(name: str) -> list[tuple[int, str]]:
    """Sort 10 behind 9."""
    return [(int(run), "") if run.isdecimal() else (-1, run) for run in re.split(r"(\d+)", name.lower())]


def readable(name: str) -> str:
    """Return a file name that can be shown and stored, also where its bytes are no text."""
    return name.encode("utf-8", "replace").decode("utf-8")
