"""The binary version of CIFAR-10: batches of 3,073 bytes per picture, in a .tar.gz, in a folder, or one by one.

https://www.cs.toronto.edu/~kriz/cifar.html describes it.
"""

import gzip
import re
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, cast

import numpy as np

from gendesk.data.dataset import Int64Array
from gendesk.data.progress import Progress
from gendesk.data.readers.files import is_ordinary, readable
from gendesk.data.readers.limits import MIB, check_ratio, spool
from gendesk.data.readers.source import ArrayPart, ArraySource, JoinedSource
from gendesk.errors import InputError

_SIDE = 32
_RECORD = 1 + 3 * _SIDE * _SIDE
_TRAIN = re.compile(r"data_batch_\d{1,3}\.bin")
_TEST, _META = "test_batch.bin", "batches.meta.txt"
_UNPACKED = "cifar-10-batches-bin"
_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
_MOST_MEMBERS = 1000
_LARGEST_MEMBER = 256 * MIB
_LONGEST_META = 1 << 14
_BLOCK = tarfile.BLOCKSIZE
_TAR_SUFFIXES = (".tar.gz", ".tgz", ".tar")


def is_tar(path: Path) -> bool:
    """Tell by its name whether a file is a tar archive."""
    return path.name.lower().endswith(_TAR_SUFFIXES)


def find_batches(folder: Path) -> dict[str, Path]:
    """Return the batches and the names of the classes that lie in a folder, or in the one that the archive makes."""
    for place in (folder, folder / _UNPACKED):
        if place.is_dir():
            found = {path.name: path for path in sorted(place.iterdir()) if _is_wanted(path.name) and is_ordinary(path)}
            if any(name != _META for name in found):
                return found
    return {}


def batch_files(path: Path) -> dict[str, Path]:
    """Return one batch and the names of its classes, if `path` is named as a batch or looks like one, else nothing."""
    if not _is_batch(path.name) and not _looks_like_batch(path):
        return {}
    meta = path.with_name(_META)
    return {path.name: path} | ({_META: meta} if meta.is_file() else {})


def open_tar(path: Path, scratch: Path, progress: Progress) -> JoinedSource:
    """Open the published archive; unpacks its batches into `scratch`, under names of our own; raises InputError."""
    found: dict[str, Path] = {}
    listed: list[str] = []
    packed = path.stat().st_size
    with path.open("rb") as file:
        is_gzip = file.read(2) == b"\x1f\x8b"
    total = 0
    with cast("IO[bytes]", gzip.open(path)) if is_gzip else path.open("rb") as stream:
        for member in _members(stream, path.name):
            listed.append(member.name)
            total += member.size
            check_ratio(path.name, packed, total)
            name = member.name.replace("\\", "/").rpartition("/")[2]
            padding = -member.size % _BLOCK
            if member.isreg() and _is_wanted(name) and name not in found:
                found[name] = scratch / f"{len(found)}.raw"
                spool(stream, found[name], member.size, f"{name} of {path.name}", progress, to_the_end=False)
            else:
                padding += member.size
            _skip(stream, padding, path.name, progress)
    if all(name == _META for name in found):
        some = ", ".join(readable(name) for name in listed[:5]) or "nothing"
        raise InputError(
            f"{path.name} holds {some}, but no data_batch_1.bin: of tar archives only the binary version of CIFAR-10 "
            "can be read; unpack it, or pack pictures as a .zip."
        )
    return open_batches(found)


def open_batches(found: Mapping[str, Path]) -> JoinedSource:
    """Open batches by their published names, and the file with the names of the classes; raises InputError."""
    names = sorted((name for name in found if name != _META), key=lambda name: (name == _TEST, len(name), name))
    classes = _classes(found[_META]) if _META in found else _NAMES
    batches = [_open_batch(found[name], name, classes) for name in names]
    labels = np.concatenate([batch.labels for batch in batches])
    counts = [len(batch.labels) for batch in batches]
    held_out = np.repeat(np.array([name == _TEST for name in names]), counts)
    return JoinedSource(batches, labels, classes, held_out if 0 < held_out.sum() < len(held_out) else None)


def _is_batch(name: str) -> bool:
    return name == _TEST or _TRAIN.fullmatch(name) is not None


def _is_wanted(name: str) -> bool:
    return name == _META or _is_batch(name)


def _looks_like_batch(path: Path) -> bool:
    size = path.stat().st_size
    if path.suffix.lower() != ".bin" or not size or size % _RECORD:
        return False
    return int(np.memmap(path, np.uint8, "r")[::_RECORD][:1000].max()) < len(_NAMES)


def _open_batch(path: Path, name: str, classes: tuple[str, ...]) -> ArraySource:
    size = path.stat().st_size
    if not size or size % _RECORD:
        raise InputError(f"{name} is {size:,} bytes long, which is no multiple of the {_RECORD:,} of one picture.")
    records = np.memmap(path, np.uint8, "r", shape=(size // _RECORD, _RECORD))
    labels: Int64Array = records[:, 0].astype(np.int64)
    if labels.max() >= len(classes):
        raise InputError(f"{name} holds the label {labels.max()}, but there are {len(classes)} classes.")
    images = records[:, 1:].reshape(-1, 3, _SIDE, _SIDE).transpose(0, 2, 3, 1)
    return ArraySource(ArrayPart(images, labels), classes=classes)


def _classes(path: Path) -> tuple[str, ...]:
    with path.open("rb") as file:
        lines = file.read(_LONGEST_META).decode("utf-8", "replace").split("\n")
    return tuple(line.strip() for line in lines if line.strip()) or _NAMES


def _members(stream: IO[bytes], name: str) -> Iterator[tarfile.TarInfo]:
    """Yield what the headers of a tar archive say; whoever takes one reads its data and their padding.

    Python's own reader believes a header that claims a name of gigabytes; this one takes no long names at all.
    """
    for _ in range(_MOST_MEMBERS):
        header = stream.read(_BLOCK)
        if not header.strip(b"\0"):
            return
        try:
            member = tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
        except tarfile.HeaderError as error:
            raise InputError(f"{name} is not a tar archive, or it is damaged.") from error
        if not 0 <= member.size <= _LARGEST_MEMBER:
            raise InputError(f"{name} claims to hold a file of {member.size:,} bytes, which no batch of CIFAR-10 has.")
        yield member
    raise InputError(f"{name} holds more than {_MOST_MEMBERS:,} files, so it is not CIFAR-10.")


def _skip(stream: IO[bytes], size: int, name: str, progress: Progress) -> None:
    while size:
        progress.update(0.0, f"Looking into {name}")
        chunk = stream.read(min(size, MIB))
        if not chunk:
            raise InputError(f"{name} ends too early: it is damaged or not complete.")
        size -= len(chunk)
