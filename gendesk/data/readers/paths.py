"""Which reader opens a path, and when its contents count as changed."""

import hashlib
import lzma
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from gendesk.data.options import DEFAULT_OPTIONS, ImageOptions
from gendesk.data.progress import Progress
from gendesk.data.readers import arrays, cifar, files, idx, quickdraw
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
    members = _known_files(path)
    if path.is_dir() and not members:
        listed, _ = files.list_folder(path)
        for file in listed:
            digest.update(f"{'/'.join(file.parts)}\0{file.stamp}\n".encode())
        for table in files.find_tables(path, listed):
            digest.update(f"{table.name}\0{table.stamp}\n".encode())
        members = [] if listed else quickdraw.find_drawings(path)
    elif path.suffix.lower() == ".zip":
        for table in files.tables_next_to(path, path.stem):
            digest.update(f"{table.name}\0{table.stamp}\n".encode())
    for member in members:
        status = member.stat()
        digest.update(f"{files.readable(member.name)}\0{status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _known_files(path: Path) -> list[Path]:
    """Return the files that make up a data set of a known layout, at least the one that was given."""
    if path.is_dir():
        return list(idx.find_idx(path).values()) or list(cifar.find_batches(path).values())
    return idx.related_files(path)


def open_path(path: Path, scratch: Path, progress: Progress, options: ImageOptions = DEFAULT_OPTIONS) -> Source:
    """Open a folder of pictures, of MNIST's or CIFAR-10's files or of Quick, Draw! files, or a file.

    Files may be .zip, .npy, .npz, IDX, CIFAR-10's .tar.gz or .bin, and .bin or .ndjson of Quick, Draw!. May unpack into
    `scratch`; of `options` only what concerns drawings made of strokes is used. Raises InputError.
    """
    try:
        return _open(path, scratch, progress, options)
    except _DAMAGE as error:
        raise InputError(f"{path.name} cannot be read: {_problem(path, error)}") from error


def open_files(paths: Sequence[Path], scratch: Path, progress: Progress, options: ImageOptions) -> Source:
    """Open the files of a published set: of several of Quick, Draw! each becomes a class; else as `open_path`."""
    if len(paths) > 1 and all(path.suffix in quickdraw.SUFFIXES for path in paths):
        try:
            return quickdraw.open_drawings(paths, options, progress)
        except _DAMAGE as error:
            raise InputError(f"{paths[0].parent} cannot be read: {error}.") from error
    return open_path(paths[0], scratch, progress, options)


def _open(path: Path, scratch: Path, progress: Progress, options: ImageOptions) -> Source:
    progress.update(0.0, f"Looking into {path.name}")
    suffix = path.suffix.lower()
    if path.is_dir():
        return _open_folder(path, scratch, progress, options)
    if not path.is_file():
        raise InputError(f"{path.name} is neither a folder nor an ordinary file.")
    if suffix in files.EXTENSIONS:
        raise InputError(f"{path.name} is a single picture; give the folder that holds it.")
    if suffix == ".zip":
        return files.open_zip(path, progress)
    if suffix == ".npz":
        return arrays.open_npz(path, scratch, progress)
    if cifar.is_tar(path):
        return cifar.open_tar(path, scratch, progress)
    if suffix in quickdraw.SUFFIXES and not (suffix == ".bin" and idx.is_idx(path)):
        batch = cifar.batch_files(path)
        return cifar.open_batches(batch) if batch else quickdraw.open_drawings([path], options, progress)
    return idx.open_idx(idx.related_files(path), scratch, progress)


def _open_folder(path: Path, scratch: Path, progress: Progress, options: ImageOptions) -> Source:
    if found := idx.find_idx(path):
        return idx.open_idx(list(found.values()), scratch, progress)
    if batches := cifar.find_batches(path):
        return cifar.open_batches(batches)
    listed, skipped = files.list_folder(path)
    if not listed and (drawings := quickdraw.find_drawings(path)):
        return quickdraw.open_drawings(drawings, options, progress)
    return files.FileSource(listed, skipped, tables=files.find_tables(path, listed), progress=progress)


def _problem(path: Path, error: Exception) -> str:
    """Say what is wrong with a damaged file; a page that says no often carries the name of what was asked for."""
    try:
        with path.open("rb") as file:
            if file.read(512).lstrip().lower().startswith((b"<!doctype", b"<html")):
                return "it is a web page; download the file again."
    except OSError:
        return "it cannot be opened."
    return f"it is damaged or not complete ({error})."
