"""Drawings of the game Quick, Draw!: bitmaps in .npy files, strokes in .bin and simplified .ndjson files.

Strokes are points from 0 to 255. They are drawn as dark lines on white, by default as small as 32x32 with lines of 2
pixels and without smoothing, so that a pixel is ink or paper.
https://github.com/googlecreativelab/quickdraw-dataset describes the formats.
"""

import json
import mmap
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from gendesk.data.dataset import SkippedFile
from gendesk.data.options import ImageOptions
from gendesk.data.progress import Progress
from gendesk.data.readers import arrays
from gendesk.data.readers.files import is_ordinary, readable
from gendesk.data.readers.limits import MAX_FILES
from gendesk.data.readers.source import (
    AttributeTable,
    BoolArray,
    JoinedSource,
    Source,
    UnreadableError,
    unlabelled,
)
from gendesk.errors import InputError

SUFFIXES = (".bin", ".ndjson", ".npy")
_SIDE = 32
_LINE_WIDTH = 2
_RANGE = 256
_HEADER = struct.Struct("<Q2sBI")
_RECOGNISED = 10
_COUNT = struct.Struct("<H")
_LONGEST_LINE = 1 << 20
_DRAWINGS_BETWEEN_REPORTS = 2048

Stroke = list[tuple[int, int]]


def find_drawings(folder: Path) -> list[Path]:
    """Return the files of drawings in a folder, all of one format: of strokes if there are any, else bitmaps."""
    names = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    for suffix in SUFFIXES:
        if chosen := [path for path in names if path.suffix.lower() == suffix and is_ordinary(path)]:
            return chosen
    return []


def open_drawings(files: Sequence[Path], options: ImageOptions, progress: Progress) -> Source:
    """Open files of drawings; several of them become classes with the names of the files. Raises InputError."""
    parts = [_open(path, options, progress) for path in files]
    if len(parts) == 1:
        return parts[0]
    labels = np.repeat(np.arange(len(parts), dtype=np.int64), [len(part.labels) for part in parts])
    return JoinedSource(parts, labels, tuple(readable(path.stem) for path in files))


def _open(path: Path, options: ImageOptions, progress: Progress) -> Source:
    if path.suffix.lower() == ".npy":
        return arrays.open_npy(path, progress)
    return StrokeSource(path, options.image_size or _SIDE, options.recognised_only, progress)


@dataclass(frozen=True)
class _Format:
    """How the drawings of a file are found, as (start, end, recognised), and how one becomes strokes."""

    find: Callable[["mmap.mmap", str], Iterator[tuple[int, int, bool]]]
    strokes: Callable[[bytes], list[Stroke]]


class StrokeSource:
    """Drawings of one file, found once and drawn when they are read, `side` x `side` pixels large."""

    classes: tuple[str, ...] = ()
    held_out: BoolArray | None = None
    table: AttributeTable | None = None
    skipped: tuple[SkippedFile, ...] = ()

    def __init__(self, path: Path, side: int, recognised_only: bool, progress: Progress) -> None:
        self._side = side
        self._name = readable(path.stem)
        self._format = _NDJSON if path.suffix.lower() == ".ndjson" else _BINARY
        if not path.stat().st_size:
            raise InputError(f"{readable(path.name)} is empty.")
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            self._places = self._find(readable(path.name), recognised_only, progress)
        except BaseException:
            self._data.close()
            raise
        self.labels = unlabelled(len(self._places))

    def name(self, index: int) -> str:
        return f"{self._name} {index + 1:,}"

    def read(self, index: int) -> Image.Image:
        start, end = self._places[index].tolist()
        return draw(self._format.strokes(self._data[start:end]), self._side)

    def close(self) -> None:
        self._data.close()

    def _find(self, name: str, recognised_only: bool, progress: Progress) -> np.ndarray[Any, np.dtype[np.int64]]:
        places: list[int] = []
        for number, (start, end, recognised) in enumerate(self._format.find(self._data, name)):
            if number % _DRAWINGS_BETWEEN_REPORTS == 0:
                progress.update(0.0, f"Looking through {name}: {number:,} drawings")
            if number >= MAX_FILES:
                raise InputError(f"{name} holds more than {MAX_FILES:,} drawings; give a part of it.")
            if recognised or not recognised_only:
                places += (start, end)
        return np.array(places, dtype=np.int64).reshape(-1, 2)


def draw(strokes: Sequence[Stroke], side: int) -> Image.Image:
    """Draw strokes (points from 0 to 255) in black on a white square of `side` pixels; a single point becomes a dot."""
    image = Image.new("L", (side, side), "white")
    pen = ImageDraw.Draw(image)
    width = max(1, round(_LINE_WIDTH * side / _SIDE))
    for stroke in strokes:
        points = [(x * side // _RANGE, y * side // _RANGE) for x, y in stroke]
        if len(set(points)) > 1:
            pen.line(points, fill=0, width=width)
        else:
            # A line without length leaves no ink.
            (x, y) = (min(place, side - width) for place in points[0])
            pen.rectangle((x, y, x + width - 1, y + width - 1), fill=0)
    return image


def _find_binary(data: "mmap.mmap", name: str) -> Iterator[tuple[int, int, bool]]:
    size, place, number = len(data), 0, 0
    while place < size:
        number += 1
        start = place
        place += _HEADER.size + _COUNT.size
        if place > size:
            raise InputError(f"{name} ends within drawing {number:,}; it is not complete, or no file of Quick, Draw!.")
        recognised = data[start + _RECOGNISED]
        (count,) = _COUNT.unpack_from(data, place - _COUNT.size)
        if recognised > 1 or not count:
            raise InputError(f"{name} is not a file of Quick, Draw! strokes, or it is damaged at drawing {number:,}.")
        for _ in range(count):
            points = _COUNT.unpack_from(data, place)[0] if place + _COUNT.size <= size else 0
            place += _COUNT.size + 2 * points
            if not points or place > size:
                raise InputError(f"{name} is damaged at drawing {number:,}, or no file of Quick, Draw! strokes.")
        yield start, place, bool(recognised)


def _binary_strokes(data: bytes) -> list[Stroke]:
    place = _HEADER.size + _COUNT.size
    strokes = []
    while place < len(data):
        (points,) = _COUNT.unpack_from(data, place)
        place += _COUNT.size
        strokes.append(list(zip(data[place : place + points], data[place + points : place + 2 * points], strict=True)))
        place += 2 * points
    return strokes


def _find_lines(data: "mmap.mmap", name: str) -> Iterator[tuple[int, int, bool]]:
    place, number = 0, 0
    while place < len(data):
        number += 1
        found = data.find(b"\n", place, place + _LONGEST_LINE)
        end = len(data) if found < 0 else found
        if end - place > _LONGEST_LINE:
            raise InputError(f"{name} has a line {number:,} that is too long for a drawing.")
        line = data[place:end]
        if line.strip():
            drawing = _parsed(line)
            if drawing is None:
                raise InputError(
                    f"{name} is not a file of simplified Quick, Draw! drawings, or it is damaged at line {number:,}."
                )
            yield place, end, drawing.get("recognized") is not False
        place = end + 1


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        drawing = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return drawing if isinstance(drawing, dict) and isinstance(drawing.get("drawing"), list) else None


def _line_strokes(line: bytes) -> list[Stroke]:
    strokes = []
    for stroke in (_parsed(line) or {}).get("drawing", []):
        if not isinstance(stroke, list) or len(stroke) != 2 or not all(_are_places(axis) for axis in stroke):
            raise UnreadableError("is not a simplified drawing: its strokes are not two rows of whole numbers to 255")
        if len(stroke[0]) != len(stroke[1]) or not stroke[0]:
            raise UnreadableError("has a stroke whose points do not add up")
        strokes.append(list(zip(*stroke, strict=True)))
    if not strokes:
        raise UnreadableError("has no strokes")
    return strokes


def _are_places(axis: Any) -> bool:
    return isinstance(axis, list) and all(type(place) is int and 0 <= place < _RANGE for place in axis)


_BINARY = _Format(_find_binary, _binary_strokes)
_NDJSON = _Format(_find_lines, _line_strokes)
