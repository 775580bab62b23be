"""Portraits as a source of pictures: each is drawn when it is read."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image

from gendesk.data.dataset import Int64Array, SkippedFile, UInt8Array
from gendesk.data.portraits import draw, from_values
from gendesk.data.readers.source import AttributeTable, unlabelled


class PortraitSource:
    """Portraits that a table of attributes describes, `size` pixels wide; the last `test_count` are held out.

    `looks` are, for each portrait, fields of Portrait that the table does not tell. `finish` is given the pixels
    (size, size, 3) of each, and returns those that are read.
    """

    skipped: tuple[SkippedFile, ...] = ()

    def __init__(
        self,
        table: AttributeTable,
        size: int,
        test_count: int,
        looks: Sequence[dict[str, Any]] | None = None,
        classes: tuple[str, ...] = (),
        labels: Int64Array | None = None,
        finish: Callable[[UInt8Array], UInt8Array] | None = None,
    ) -> None:
        count = len(table.values)
        self.table = table
        self.classes = classes
        self.labels = unlabelled(count) if labels is None else labels
        self.held_out = np.arange(count) >= count - test_count
        self._size = size
        self._looks = looks
        self._finish = finish

    def name(self, index: int) -> str:
        return f"portrait {index + 1:,}"

    def read(self, index: int) -> Image.Image:
        portrait = from_values(self.table.attributes, self.table.values[index].tolist())
        if self._looks is not None:
            portrait = replace(portrait, **self._looks[index])
        pixels = draw(portrait, self._size)
        return Image.fromarray(pixels if self._finish is None else self._finish(pixels))

    def close(self) -> None:
        """Nothing is open."""
