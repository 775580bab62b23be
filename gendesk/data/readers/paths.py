"""Which reader opens a path, and when its contents count as changed."""

import hashlib
import lzma
import struct
import zipfile
import zlib
from pathlib import Path

from gendesk.data.progress import Progress
from gendesk.data.readers import arrays, files, idx
from gendesk.data.readers.source import Source
from gendesk.errors import InputError

# What Python's own readers of archives raise on damaged or hostile files.
_DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,  # also NotImplementedError: a compression or encryption that Python does not know
    OverflowError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
)


def exists(path: Path) -> bool:
    """Tell whether there is anything at a path, also where the path is no possible one."""
    try:
        return path.exists()
    except OSError:
        return False


def signature(path: Path) -> str:
    """Return a hash of the names, sizes and times of what a path holds; raises InputError if it cannot be looked at."""
    if not exists(path):
        raise InputError(f"{files.readable(str(path))} does not exist.")
    try:
        return _signature(path)
    except OSError as error:
        raise InputError(f"{files.readable(str(path))} cannot be opened: {error.strerror}.") from error


def _signature(path: Path) -> str:
    digest = hashlib.sha256()
    found = list(idx.find_idx(path).values()) if path.is_dir() else []
    if path.is_dir() and not found:
        listed, _ = files.list_folder(path)
        for file in listed:
            digest.update(f"{'/'.join(file.parts)}\0{file.stamp}\n".encode())
        return digest.hexdigest()
    for member in found or idx.related_files(path):
        status = member.stat()
        digest.update(f"{files.readable(member.name)}\0{status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def open_path(path: Path, scratch: Path, progress: Progress) -> Source:
    """Open a folder, a .zip, .npy or .npz file or an IDX file; may unpack into `scratch`; raises InputError."""
    try:
        return _open(path, scratch, progress)
    except _DAMAGE as error:
        raise InputError(f"{path.name} cannot be read: {_problem(path, error)}") from error


def _open(path: Path, scratch: Path, progress: Progress) -> Source:
    progress.update(0.0, f"Looking into {path.name}")
    suffix = path.suffix.lower()
    if path.is_dir():
        found = idx.find_idx(path)
        if found:
            return idx.open_idx(list(found.values()), scratch, progress)
        return files.FileSource(*files.list_folder(path))
    if not path.is_file():
        raise InputError(f"{path.name} is neither a folder nor an ordinary file.")
    if suffix in files.EXTENSIONS:
        raise InputError(f"{path.name} is a single picture; give the folder that holds it.")
    if suffix == ".zip":
        return files.open_zip(path)
    if suffix == ".npy":
        return arrays.open_npy(path, progress)
    if suffix == ".npz":
        return arrays.open_npz(path, scratch, progress)
    return idx.open_idx(idx.related_files(path), scratch, progress)


def _problem(path: Path, error: Exception) -> str:
    """Say what is wrong with a damaged file; a page that says no often carries the name of what was asked for."""
    try:
        with path.open("rb") as file:
            if file.read(512).lstrip().lower().startswith((b"<!doctype", b"<html")):
                return "it is a web page; download the file again."
    except OSError:
        return "it cannot be opened."
    return f"it is damaged or not complete ({error})."
