"""The IDX format of MNIST and its kin: big-endian sizes, then unsigned bytes; plain or gzipped.

http://yann.lecun.com/exdb/mnist/ describes it.
"""

import gzip
import math
import re
import struct
from pathlib import Path
from typing import IO, cast

import numpy as np

from gendesk.data.dataset import Int64Array, UInt8Array
from gendesk.data.progress import Progress
from gendesk.data.readers.limits import MAX_PIXELS, check_ratio, spool
from gendesk.data.readers.source import ArrayPart, ArraySource, unlabelled
from gendesk.errors import InputError

_NAME = re.compile(r"(?P<part>train|t10k)-(?P<what>images|labels)[-.]idx(?P<dims>[13])-ubyte(\.gz)?", re.IGNORECASE)
_UNSIGNED_BYTE = 0x08
_GZIP = b"\x1f\x8b"


def find_idx(folder: Path) -> dict[tuple[str, str], Path]:
    """Return the files of a folder that are named as MNIST's are, by part (train, t10k) and by what they hold."""
    found: dict[tuple[str, str], Path] = {}
    matches = [match for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    # Sorted, a plain file comes before its gzipped twin.
    for match in sorted(matches, key=lambda match: match.string):
        path = folder / match.string
        if path.is_file():
            found.setdefault((match["part"].lower(), match["what"].lower()), path)
    return found


def is_idx(path: Path) -> bool:
    """Tell by its first bytes whether a file is one of IDX, plain or gzipped."""
    with path.open("rb") as file:
        start = file.read(4)
    return start.startswith(_GZIP) or start[:3] == bytes([0, 0, _UNSIGNED_BYTE])


def related_files(path: Path) -> list[Path]:
    """Return the IDX files that belong to the one that a person chose, itself included."""
    match = _NAME.fullmatch(path.name)
    if not match:
        return [path]
    found = find_idx(path.parent) | {(match["part"].lower(), match["what"].lower()): path}
    return [file for (part, _), file in sorted(found.items()) if match["part"].lower() in ("train", part)]


def open_idx(files: list[Path], scratch: Path, progress: Progress) -> ArraySource:
    """Open the pictures, labels and test part that are among `files`; raises InputError."""
    named = {}
    for path in files:
        match = _NAME.fullmatch(path.name)
        named[(match["part"].lower(), match["what"].lower()) if match else ("train", "images")] = path
    if not any(what == "images" for _, what in named):
        raise InputError(f"{files[0].name} holds labels without pictures; its images file is missing beside it.")
    parts = [
        _open_part(named[part, "images"], named.get((part, "labels")), scratch, progress)
        for part in ("train", "t10k")
        if (part, "images") in named
    ]
    highest = max(int(part.labels.max(initial=-1)) for part in parts)
    classes = tuple(str(label) for label in range(highest + 1))
    return ArraySource(parts[0], parts[1] if len(parts) > 1 else None, classes)


def _open_part(images_path: Path, labels_path: Path | None, scratch: Path, progress: Progress) -> ArrayPart:
    images = _read(images_path, 3, scratch, progress)
    if labels_path is None:
        return ArrayPart(images, unlabelled(len(images)))
    labels: Int64Array = _read(labels_path, 1, scratch, progress).astype(np.int64)
    if len(labels) != len(images):
        raise InputError(f"{labels_path.name} holds {len(labels):,} labels for {len(images):,} pictures.")
    return ArrayPart(images, labels)


def _read(path: Path, dims: int, scratch: Path, progress: Progress) -> UInt8Array:
    """Map the array of an IDX file after checking that all that its header promises is there."""
    packed = path.stat().st_size
    with path.open("rb") as file:
        is_gzip = file.read(2) == _GZIP
    stream: IO[bytes]
    with cast("IO[bytes]", gzip.open(path)) if is_gzip else path.open("rb") as stream:
        shape = _header(stream, path.name, dims)
        size = math.prod(shape)
        if is_gzip:
            check_ratio(path.name, packed, size)
            target = scratch / path.name
            spool(stream, target, size, path.name, progress)
            return np.memmap(target, np.uint8, "r", shape=shape)
        offset = stream.tell()
        if packed != offset + size:
            raise InputError(f"{path.name} is {packed:,} bytes long, but its header promises {offset + size:,}.")
        return np.memmap(path, np.uint8, "r", offset=offset, shape=shape)


def _header(stream: IO[bytes], name: str, dims: int) -> tuple[int, ...]:
    start = stream.read(4)
    if len(start) < 4 or start[:2] != b"\0\0":
        raise InputError(f"{name} is not an IDX file, nor of another kind that can be read as pictures.")
    if start[2] != _UNSIGNED_BYTE:
        raise InputError(
            f"{name} holds values of the IDX type {start[2]:#04x}; only unsigned bytes (0x08) can be read."
        )
    if start[3] != dims:
        expected = "pictures have 3" if dims == 3 else "labels have 1"
        raise InputError(f"{name} holds an IDX array of {start[3]} dimensions, but {expected}.")
    sizes = stream.read(4 * dims)
    if len(sizes) < 4 * dims:
        raise InputError(f"{name} ends within its header.")
    shape = struct.unpack(f">{dims}I", sizes)
    if min(shape) < 1 or math.prod(shape[1:]) > MAX_PIXELS:
        raise InputError(f"{name} promises an array of {' x '.join(map(str, shape))}, which cannot be pictures.")
    return shape
