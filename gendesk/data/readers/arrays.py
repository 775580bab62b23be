"""Pictures in .npy and .npz files of numpy, never through pickle."""

import io
import math
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from gendesk.data.dataset import Int64Array, UInt8Array
from gendesk.data.options import SMALLEST_SIDE
from gendesk.data.progress import Progress
from gendesk.data.readers.limits import MAX_PIXELS, check_ratio, spool
from gendesk.data.readers.source import ArrayPart, ArraySource, unlabelled
from gendesk.errors import InputError

# Pairs of names for pictures and labels, as Keras, MedMNIST, scikit-learn and numpy.savez write them.
_TRAIN_KEYS = (
    ("x_train", "y_train"),
    ("train_x", "train_y"),
    ("train_images", "train_labels"),
    ("images", "labels"),
    ("x", "y"),
    ("data", "target"),
    ("arr_0", "arr_1"),
)
_TEST_KEYS = (
    ("x_test", "y_test"),
    ("test_x", "test_y"),
    ("test_images", "test_labels"),
    ("x_val", "y_val"),
    ("val_images", "val_labels"),
)
_MOST_CLASSES = 10_000
_VALUES_AT_ONCE = 1 << 24
_ROUNDING = 1e-3
_LONGEST_HEADER = 1 << 16


@dataclass(frozen=True)
class _Header:
    shape: tuple[int, ...]
    fortran_order: bool
    dtype: np.dtype[Any]
    offset: int

    @property
    def size(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize

    def mapped(self, path: Path, offset: int) -> NDArray[Any]:
        order: Literal["F", "C"] = "F" if self.fortran_order else "C"
        array: NDArray[Any] = np.memmap(path, self.dtype, "r", offset=offset, shape=self.shape, order=order)
        return array


def open_npy(path: Path, progress: Progress) -> ArraySource:
    """Open an array of pictures; raises InputError."""
    with path.open("rb") as file:
        header = _read_header(file, path.name)
    held = path.stat().st_size
    if held != header.offset + header.size:
        raise InputError(
            f"{path.name} is {held:,} bytes long, but its header promises {header.offset + header.size:,}."
        )
    return _source(path.name, {path.name: header.mapped(path, header.offset)}, None, None, path.name, progress)


def open_npz(path: Path, scratch: Path, progress: Progress) -> ArraySource:
    """Open the pictures and labels of an .npz archive, unpacked into `scratch`; raises InputError."""
    with zipfile.ZipFile(path) as archive:
        members = {member.filename.removesuffix(".npy").lower(): member for member in archive.infolist()}
        train, train_labels = _choose(members, _TRAIN_KEYS)
        if train is None and len(members) == 1:
            (train,) = members
        if train is None:
            listed = ", ".join(sorted(members)[:10]) or "nothing"
            raise InputError(f"{path.name} holds {listed}, but no array named x_train, train_images, images or x.")
        test, test_labels = _choose(members, _TEST_KEYS)
        arrays = {
            key: _unpack(archive, members[key], scratch / f"{number}.raw", f"{key} of {path.name}", progress)
            for number, key in enumerate((train, train_labels, test, test_labels))
            if key is not None
        }
    return _source(train, arrays, train_labels, (test, test_labels) if test else None, path.name, progress)


def _choose(
    members: Mapping[str, zipfile.ZipInfo], pairs: tuple[tuple[str, str], ...]
) -> tuple[str | None, str | None]:
    for images, labels in pairs:
        if images in members:
            return images, labels if labels in members else None
    return None, None


def _unpack(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, name: str, progress: Progress
) -> NDArray[Any]:
    with archive.open(member) as stream:
        header = _read_header(stream, name)
        if member.file_size != header.offset + header.size:
            promised = header.offset + header.size
            raise InputError(f"{name} is {member.file_size:,} bytes long, but its header promises {promised:,}.")
        check_ratio(name, member.compress_size, header.size)
        spool(stream, target, header.size, name, progress)
    return header.mapped(target, 0)


def _read_header(stream: IO[bytes], name: str) -> _Header:
    # A copy of the first bytes, because numpy believes a header that claims to be gigabytes long.
    head = io.BytesIO(stream.read(_LONGEST_HEADER))
    try:
        version = npy.read_magic(head)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran_order, dtype = read(head)
    except Exception as error:  # numpy raises a dozen kinds of exception on damaged headers
        raise InputError(f"{name} is not a numpy array file, or its header is damaged.") from error
    if dtype.hasobject:
        raise InputError(
            f"{name} holds Python objects (a pickle), which could run a stranger's program; save it as plain numbers."
        )
    if not shape or min(shape) < 1 or dtype.itemsize < 1:
        raise InputError(f"{name} holds an empty array or a single number.")
    stream.seek(head.tell())
    return _Header(tuple(shape), fortran_order, dtype, head.tell())


def _source(
    train: str,
    arrays: Mapping[str, NDArray[Any]],
    train_labels: str | None,
    test: tuple[str | None, str | None] | None,
    name: str,
    progress: Progress,
) -> ArraySource:
    keys = [(train, train_labels)] + ([test] if test else [])
    images = [_as_images(arrays[key], name) for key, _ in keys if key is not None]
    classes, labels = _as_labels(
        [None if key is None else arrays[key] for _, key in keys], [len(array) for array in images], name
    )
    parts = [ArrayPart(array, numbers) for array, numbers in zip(images, labels, strict=True)]
    return ArraySource(parts[0], parts[1] if len(parts) > 1 else None, classes, _scaling(images, name, progress))


def _as_images(array: NDArray[Any], name: str) -> NDArray[Any]:
    """Return a view of shape (count, height, width) or (count, height, width, channels); raises InputError."""
    shape = array.shape
    if array.dtype.kind not in "buif":
        raise InputError(f"{name} holds values of type {array.dtype}; pictures need numbers.")
    side = math.isqrt(shape[1]) if array.ndim == 2 else 0
    if side >= SMALLEST_SIDE and side * side == shape[1]:
        array = array.reshape(len(array), side, side)  # square pictures, row by row, as Quick, Draw! has them
    if array.ndim == 4 and shape[3] not in (1, 3, 4) and shape[1] in (1, 3):
        array = array.transpose(0, 2, 3, 1)
    channels_last = array.ndim == 4 and array.shape[3] in (1, 3, 4)
    if (array.ndim != 3 and not channels_last) or (array.ndim == 3 and array.shape[2] in (1, 3, 4)):
        raise InputError(
            f"{name} has the shape {shape}; pictures need (count, height, width), with 1, 3 or 4 channels last "
            "or 1 or 3 channels second."
        )
    if math.prod(array.shape[1:3]) > MAX_PIXELS:
        raise InputError(f"{name} holds pictures of {array.shape[2]}x{array.shape[1]} pixels, which is too large.")
    return array


def _scaling(images: list[NDArray[Any]], name: str, progress: Progress) -> Callable[[NDArray[Any]], UInt8Array] | None:
    """Return how a picture becomes uint8: from 0..1, from -1..1 where values are negative, or from 0..255."""
    if all(array.dtype == np.uint8 for array in images):
        return None
    if len({array.dtype.kind for array in images}) > 1:
        raise InputError(f"{name} holds pictures to train on and to test with as different types of numbers.")
    lowest, highest = _extremes(images, name, progress)
    factor, shift = 1.0, 0.0
    is_float = any(array.dtype.kind in "fb" for array in images)
    if is_float and lowest >= 0 and highest <= 1 + _ROUNDING:
        factor = 255.0
    elif is_float and -1 - _ROUNDING <= lowest < 0 and highest <= 1 + _ROUNDING:
        factor, shift = 127.5, 127.5
    elif not (lowest >= 0 and highest <= 255):  # also where a value is not a number
        raise InputError(f"{name} holds values from {lowest:g} to {highest:g}; pictures need 0..1, -1..1 or 0..255.")

    def to_uint8(pixels: NDArray[Any]) -> UInt8Array:
        levels: UInt8Array = np.clip(np.rint(pixels.astype(np.float32) * factor + shift), 0, 255).astype(np.uint8)
        return levels

    return to_uint8


def _extremes(images: list[NDArray[Any]], name: str, progress: Progress) -> tuple[float, float]:
    """Return the lowest and the highest value, or NaN for both if any value is not a number."""
    lowest, highest = np.float64(np.inf), np.float64(-np.inf)
    for array in images:
        step = max(1, _VALUES_AT_ONCE // math.prod(array.shape[1:]))
        for start in range(0, len(array), step):
            progress.update(0.0, f"Looking at the values in {name}")
            block = array[start : start + step]
            lowest, highest = np.minimum(lowest, block.min()), np.maximum(highest, block.max())
    return float(lowest), float(highest)


def _as_labels(
    arrays: list[NDArray[Any] | None], counts: list[int], name: str
) -> tuple[tuple[str, ...], list[Int64Array]]:
    """Return names of classes and int64 labels per part; numbers keep their value, names are sorted."""
    given = [array for array in arrays if array is not None]
    for array, count in zip(arrays, counts, strict=True):
        if array is not None and (array.size != count or len(array) != count or array.dtype.kind not in "iuU"):
            raise InputError(
                f"{name} holds labels of shape {array.shape} and type {array.dtype} for {count:,} pictures."
            )
    flat = np.concatenate([array.reshape(-1).astype(object) for array in given]) if given else np.empty(0, object)
    values = sorted(set(flat.tolist()), key=lambda value: (isinstance(value, str), value))
    if all(isinstance(value, int) and -1 <= value < _MOST_CLASSES for value in values):
        values = list(range(max(values, default=-1) + 1))
    if len(values) > _MOST_CLASSES:
        raise InputError(
            f"{name} holds {len(values):,} different labels; at most {_MOST_CLASSES:,} classes are possible."
        )
    numbers = {value: number for number, value in enumerate(values)}
    labels = [
        unlabelled(count)
        if array is None
        else np.array([numbers.get(value, -1) for value in array.reshape(-1).tolist()], dtype=np.int64)
        for array, count in zip(arrays, counts, strict=True)
    ]
    return tuple(str(value) for value in values), labels
