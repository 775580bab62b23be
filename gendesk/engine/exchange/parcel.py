"""The files of a zip archive or a folder that claims to hold a run, checked before anything is read or written."""

import contextlib
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from gendesk.data.readers.limits import is_bomb
from gendesk.engine.exchange.layout import MIB, largest
from gendesk.engine.runs import RECORD_FILE
from gendesk.errors import InputError

DAMAGE = (OSError, EOFError, ValueError, RuntimeError, OverflowError, struct.error, zlib.error, zipfile.BadZipFile)
"""What Python's own reader of archives raises over damaged or hostile files."""

_MOST_FILES = 200_000
_LARGEST_DIRECTORY = 16 * MIB
_HARMLESS = 64 * MIB
_DRIVE = re.compile(r"[A-Za-z]:")
_MAC_EXTRAS = "__MACOSX"


@dataclass(frozen=True)
class Member:
    """A file of a run: its place as the parts of a path, its size in bytes, and how to open it."""

    parts: tuple[str, ...]
    size: int
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True)
class Parcel:
    """What belongs to the run, `name` of the folder that it lay in, and the names of what does not belong to it."""

    name: str
    members: tuple[Member, ...]
    left_out: tuple[str, ...]

    @property
    def record(self) -> Member:
        return next(member for member in self.members if member.parts == (RECORD_FILE,))


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Parcel]:
    """Open a run folder or an archive of one; raises InputError in one sentence if there is anything odd about it."""
    if path.is_dir():
        yield _folder(path)
        return
    if not path.is_file():
        raise InputError(f"{path} is neither a folder nor a file that can be read.")
    check_directory(path)
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGE as error:
        raise InputError(f"{path.name} is no zip archive, or damaged.") from error
    with archive:
        yield _archived(path, archive)


def check_directory(path: Path) -> None:
    """Raise InputError if the list of files in a zip archive is larger than any run's; Python reads it as a whole."""
    end = 22
    with path.open("rb") as file:
        length = file.seek(0, os.SEEK_END)
        file.seek(max(0, length - end - 65_535 - 76))
        tail = file.read()
    place = len(tail) - end if tail[-end:].startswith(b"PK\5\6") and tail.endswith(b"\0\0") else tail.rfind(b"PK\5\6")
    if place < 0 or len(tail) - place < end:
        raise InputError(f"{path.name} is no zip archive, or damaged.")
    sizes = [struct.unpack_from("<L", tail, place + 12)[0] % 0xFFFFFFFF]
    large = place - 76  # where archives of more than 4 GiB repeat these numbers
    if large >= 0 and tail[large:].startswith(b"PK\6\6"):
        sizes.append(struct.unpack_from("<Q", tail, large + 40)[0])
    if max(sizes) > _LARGEST_DIRECTORY:
        raise InputError(f"{path.name} holds more files than any run does.")


def run_folder_in(names: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the place of the run among the places of files: at the top or in one folder; raises InputError."""
    folders = {
        parts[:-1] for parts in names if parts[-1] == RECORD_FILE and len(parts) <= 2 and parts[0] != _MAC_EXTRAS
    }
    if () in folders:
        return ()
    if not folders:
        raise InputError("it holds no run")
    if len(folders) > 1:
        raise InputError("it holds several runs; unpack it and import them one by one")
    return folders.pop()


def _archived(path: Path, archive: zipfile.ZipFile) -> Parcel:
    infos = [info for info in archive.infolist() if not _check_member(info)]
    places = [tuple(info.filename.split("/")) for info in infos]
    if len({info.filename.casefold() for info in infos}) < len(infos):
        raise InputError(f"{path.name} is refused: it holds two files of one name.")
    try:
        folder = run_folder_in(places)
    except InputError as error:
        raise InputError(f"{path.name} cannot be imported: {error}.") from error
    members, left_out = [], []
    for info, place in zip(infos, places, strict=True):
        parts = place[len(folder) :]
        if place[: len(folder)] != folder or not largest(parts):
            left_out.append(info.filename)
            continue
        _check_size(info, parts)
        members.append(Member(parts, info.file_size, partial(archive.open, info)))
    # Also of all together: members may lie in each other.
    if is_bomb(path.stat().st_size, sum(member.size for member in members), _HARMLESS):
        raise InputError(f"{path.name} is refused: it is packed more tightly than any run can be.")
    return Parcel(folder[0] if folder else path.stem, tuple(members), tuple(left_out))


def _check_member(info: zipfile.ZipInfo) -> bool:
    """Return whether a member is a folder; raises InputError if it is dangerous."""
    name = info.orig_filename
    shown = repr(name if len(name) <= 80 else name[:77] + "...")
    parts = name.removesuffix("/").split("/")
    if not name.isprintable() or "\\" in name or _DRIVE.match(name) or any(part in ("", ".", "..") for part in parts):
        raise InputError(f"The archive is refused: the name {shown} in it may lead out of its folder.")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise InputError(f"The archive is refused: {shown} in it is a link or a device.")
    return info.is_dir()


def _check_size(info: zipfile.ZipInfo, parts: tuple[str, ...]) -> None:
    name = "/".join(parts)
    if info.flag_bits & 1:
        raise InputError(f"{name} in the archive is encrypted; pack the run without a password.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError(f"{name} in the archive is packed in a way that gendesk does not read; use plain zip.")
    if info.file_size > largest(parts) or is_bomb(info.compress_size, info.file_size, _HARMLESS):
        raise InputError(f"The archive is refused: {name} in it unpacks to {info.file_size:,} bytes.")


def _folder(path: Path) -> Parcel:
    members, left_out = [], []
    try:
        for parts, entry in _entries(path):
            facts = entry.stat(follow_symlinks=False)
            limit = largest(parts)
            if not limit or not stat.S_ISREG(facts.st_mode):
                left_out.append("/".join(parts))
                continue
            if facts.st_size > limit:
                raise InputError(f"{'/'.join(parts)} in {path.name} is larger than gendesk writes it.")
            members.append(Member(parts, facts.st_size, partial(_open, entry.path)))
            if len(members) + len(left_out) > _MOST_FILES:
                raise InputError(f"{path.name} holds more files than any run does.")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    if not any(member.parts == (RECORD_FILE,) for member in members):
        raise InputError(f"{path.name} holds no run.")
    return Parcel(path.name, tuple(members), tuple(left_out))


def _open(path: str) -> IO[bytes]:
    return Path(path).open("rb")


def _entries(folder: Path) -> Iterator[tuple[tuple[str, ...], os.DirEntry[str]]]:
    """Yield the files of a folder, and of folders in it as deep as runs have them; deeper ones as such."""
    pending: list[tuple[str, ...]] = [()]
    while pending:
        above = pending.pop()
        with os.scandir(folder.joinpath(*above)) as entries:
            for entry in entries:
                parts = (*above, entry.name)
                if entry.is_dir(follow_symlinks=False) and parts[0] in ("samples", "checkpoints") and len(parts) < 3:
                    pending.append(parts)
                else:
                    yield parts, entry
