"""Reads text from files and folders, no more of it than is wanted."""

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gendesk.data.dataset import SkippedFile
from gendesk.data.progress import Progress
from gendesk.data.readers.files import readable
from gendesk.data.readers.limits import MAX_FILES
from gendesk.data.readers.source import UnreadableError
from gendesk.data.text.encodings import HEAD_BYTES, candidates, check_text
from gendesk.errors import InputError

MOST_CHARACTERS = 100_000_000
_BLOCK = 1 << 20
_FILES_BETWEEN_REPORTS = 1_000


@dataclass(frozen=True)
class RawText:
    """Text as it was read, one part for each file or story; `more` tells whether there was more than was wanted."""

    parts: tuple[str, ...]
    more: bool = False
    encodings: tuple[tuple[str, int], ...] = ()
    skipped: tuple[SkippedFile, ...] = ()


@dataclass(frozen=True)
class TextFile:
    """A file that may hold text: what it is called, where it lies, and a stamp that changes when it does."""

    name: str
    path: Path
    stamp: str


def list_files(
    path: Path, progress: Progress, passed_over: frozenset[str] = frozenset()
) -> tuple[list[TextFile], list[SkippedFile]]:
    """Find the files at a path: itself, or all below a folder, sorted by name.

    Hidden files are passed over, and folders with certain names. Raises InputError if there is nothing, or too much,
    and Cancelled.
    """
    shown = readable(path.name) or str(path)
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode):
            return [TextFile(shown, path, _stamp(status))], []
        if not stat.S_ISDIR(status.st_mode):
            raise InputError(f"{shown} is neither a folder nor an ordinary file.")
    except OSError as error:
        raise InputError(f"{readable(str(path))} cannot be opened: {error.strerror or error}.") from error
    except ValueError as error:  # a character that no name can have
        raise InputError(f"{readable(str(path))!r} is no path.") from error
    files: list[TextFile] = []
    skipped: list[SkippedFile] = []
    for found in _below(path, passed_over | {"__pycache__"}, skipped):
        if len(files) % _FILES_BETWEEN_REPORTS == _FILES_BETWEEN_REPORTS - 1:
            progress.update(0.0, f"Looking into {shown}: {len(files):,} files")
        name = readable(found.relative_to(path).as_posix())
        try:
            status = found.lstat()
        except OSError as error:
            skipped.append(SkippedFile(name, f"cannot be opened ({error.strerror})"))
            continue
        if stat.S_ISREG(status.st_mode):
            files.append(TextFile(name, found, _stamp(status)))
        else:
            reason = "is a link, which is not followed" if stat.S_ISLNK(status.st_mode) else "is not an ordinary file"
            skipped.append(SkippedFile(name, reason))
        if len(files) + len(skipped) > MAX_FILES:
            raise InputError(f"{shown} holds more than {MAX_FILES:,} files; give a folder with fewer.")
    return sorted(files, key=_parts), skipped


def _below(folder: Path, passed_over: frozenset[str], skipped: list[SkippedFile]) -> Iterator[Path]:
    def closed(error: OSError) -> None:
        name = readable(Path(error.filename).relative_to(folder).as_posix())
        skipped.append(SkippedFile(name, f"cannot be opened ({error.strerror})"))

    for above, folders, names in os.walk(folder, onerror=closed):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in passed_over)
        links = [name for name in folders if Path(above, name).is_symlink()]
        yield from (Path(above, name) for name in (*names, *links) if not name.startswith("."))


def _parts(file: TextFile) -> tuple[str, ...]:
    return tuple(file.name.split("/"))


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns}"


def read_files(files: Iterable[TextFile], encoding: str, limit: int, progress: Progress) -> RawText:
    """Read files one after the other, `limit` characters at most; those that are no text are told as skipped.

    Raises Cancelled.
    """
    parts: list[str] = []
    skipped: list[SkippedFile] = []
    encodings: Counter[str] = Counter()
    left = limit
    more = False
    for file in files:
        if not left:
            more = True
            break
        try:
            text, spelt, more = _read(file, encoding, left, progress)
        except UnreadableError as problem:
            skipped.append(SkippedFile(file.name, str(problem)))
            continue
        parts.append(text)
        encodings[spelt] += 1
        left -= len(text)
    return RawText(tuple(parts), more, tuple(encodings.most_common()), tuple(skipped))


def _read(file: TextFile, encoding: str, limit: int, progress: Progress) -> tuple[str, str, bool]:
    """Return a file's text, how it was spelt, and whether it goes on; raises UnreadableError and Cancelled."""
    try:
        with file.path.open("rb") as binary:
            head = binary.read(HEAD_BYTES)
        if not head:
            raise UnreadableError("is empty")
        spelt = ""
        for codec in candidates(head, encoding):
            spelt = codec.removesuffix("-sig")
            try:
                text, more = _decoded(file, codec, limit, progress)
            except UnicodeError:
                continue
            return text, spelt, more
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror or error})") from error
    raise UnreadableError(f"is not spelt in {spelt}" + (", though it begins so" if encoding == "auto" else ""))


def _decoded(file: TextFile, codec: str, limit: int, progress: Progress) -> tuple[str, bool]:
    """Read strictly, with line ends as in Unix, and no more than `limit` characters."""
    blocks: list[str] = []
    done = 0
    with file.path.open(encoding=codec, errors="strict", newline=None) as stream:
        while done < limit:
            progress.update(0.1 * done / limit, f"Reading {file.name}: {done:,} characters")
            block = stream.read(min(_BLOCK, limit - done))
            if not block:
                return "".join(blocks), False
            check_text(block)
            blocks.append(block)
            done += len(block)
        return "".join(blocks), bool(stream.read(1))
