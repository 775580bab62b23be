"""What every reader gives: labelled pictures that can be read one by one, from several threads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gendesk.data.dataset import Attribute, Float32Array, Int64Array, SkippedFile, UInt8Array

BoolArray = NDArray[np.bool_]


class UnreadableError(Exception):
    """One picture of a source cannot be used; the message is the rest of a sentence that begins with its name."""


@dataclass(frozen=True)
class AttributeTable:
    """What is known of the pictures of a source beside their classes: float32 (count, attributes), see ImageSplit."""

    attributes: tuple[Attribute, ...]
    values: Float32Array


class Source(Protocol):
    """Pictures at rest, in an order that depends on their names and contents only.

    `labels` (count,) index `classes`, or are -1; `held_out` (count,) marks the source's own test part, or is None;
    `table` holds attributes, or is None.
    `skipped` are files that were recognised as unusable without reading them.
    """

    classes: tuple[str, ...]
    labels: Int64Array
    held_out: BoolArray | None
    table: AttributeTable | None
    skipped: tuple[SkippedFile, ...]

    def name(self, index: int) -> str:
        """Return the name of a picture as people know it."""

    def read(self, index: int) -> Image.Image:
        """Open a picture; called by several threads at once; raises UnreadableError."""

    def close(self) -> None:
        """Let go of files."""


@dataclass(frozen=True)
class ArrayPart:
    """Pictures (count, height, width) or (count, height, width, channels) of any number type, and labels (count,)."""

    images: NDArray[Any]
    labels: Int64Array


class ArraySource:
    """Pictures that lie in arrays: a training part and, optionally, a test part.

    `to_uint8` turns one stored picture into uint8; None where they are uint8 already. `table` is of both parts, the
    training part first.
    """

    skipped: tuple[SkippedFile, ...] = ()

    def __init__(
        self,
        train: ArrayPart,
        test: ArrayPart | None = None,
        classes: tuple[str, ...] = (),
        to_uint8: Callable[[NDArray[Any]], UInt8Array] | None = None,
        table: AttributeTable | None = None,
    ) -> None:
        self.table = table
        parts = [train] if test is None else [train, test]
        self.classes = classes
        self.labels = np.concatenate([part.labels for part in parts])
        self.held_out = None if test is None else np.arange(len(self.labels)) >= len(train.labels)
        self._images = [part.images for part in parts]
        self._to_uint8 = to_uint8

    def name(self, index: int) -> str:
        return f"picture {index + 1:,}"

    def read(self, index: int) -> Image.Image:
        first = self._images[0]
        pixels = first[index] if index < len(first) else self._images[1][index - len(first)]
        if self._to_uint8 is not None:
            pixels = self._to_uint8(pixels)
        if pixels.ndim == 3 and pixels.shape[-1] == 1:
            pixels = pixels[..., 0]
        return Image.fromarray(pixels)

    def close(self) -> None:
        self._images = []


class JoinedSource:
    """Several sources one behind the other, with labels and classes of their own; `held_out` as in Source."""

    table: AttributeTable | None = None

    def __init__(
        self,
        parts: Sequence[Source],
        labels: Int64Array,
        classes: tuple[str, ...] = (),
        held_out: BoolArray | None = None,
    ) -> None:
        self.classes = classes
        self.labels = labels
        self.held_out = held_out
        self.skipped: tuple[SkippedFile, ...] = tuple(skip for part in parts for skip in part.skipped)
        self._parts = parts
        self._ends = np.cumsum([len(part.labels) for part in parts])

    def name(self, index: int) -> str:
        part, place = self._find(index)
        return part.name(place)

    def read(self, index: int) -> Image.Image:
        part, place = self._find(index)
        return part.read(place)

    def close(self) -> None:
        for part in self._parts:
            part.close()

    def _find(self, index: int) -> tuple[Source, int]:
        number = int(np.searchsorted(self._ends, index, side="right"))
        part = self._parts[number]
        return part, index - int(self._ends[number]) + len(part.labels)


def unlabelled(count: int) -> Int64Array:
    """Return the labels of pictures that have none."""
    return np.full(count, -1, dtype=np.int64)
