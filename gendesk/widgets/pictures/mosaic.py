"""Mosaics: where many pictures of one size lie, as large as fits, and all of them as one picture."""

from dataclasses import dataclass
from math import ceil, floor, sqrt

import numpy as np

from gendesk.widgets.pictures.picture import UInt8Array


@dataclass(frozen=True)
class MosaicLayout:
    """Where tiles lie, in picture pixels, row by row: `head` above each tile, `band` below it, `gap` around both."""

    count: int
    columns: int
    tile_width: int
    tile_height: int
    gap: int = 2
    band: int = 0
    head: int = 0

    @property
    def rows(self) -> int:
        return ceil(self.count / self.columns)

    @property
    def pitch(self) -> tuple[int, int]:
        """Distance from one tile to the next, to the right and down."""
        return self.tile_width + self.gap, self.head + self.tile_height + self.band + self.gap

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the whole mosaic."""
        across, down = self.pitch
        return self.columns * across + self.gap, self.rows * down + self.gap

    def origin(self, index: int) -> tuple[int, int]:
        """(x, y) of a tile's top left pixel."""
        row, column = divmod(index, self.columns)
        across, down = self.pitch
        return self.gap + column * across, self.gap + row * down + self.head

    def index_at(self, x: float, y: float) -> int | None:
        """Return the tile at a place, its caption included; None in gaps and outside."""
        across, down = self.pitch
        column, left = divmod(x - self.gap, across)
        row, top = divmod(y - self.gap - self.head, down)
        index = int(row) * self.columns + int(column)
        inside = 0 <= column < self.columns and row >= 0 and index < self.count
        return index if inside and left < self.tile_width and top < self.tile_height + self.band else None


def near_square(count: int) -> int:
    """Return the columns of a near-square mosaic."""
    return max(1, ceil(sqrt(count)))


def arrange(
    count: int,
    tile: tuple[int, int],
    columns: int | None,
    area: tuple[int, int],
    *,
    gap: int,
    band: int = 0,
    head: int = 0,
    zoom: int | None = None,
) -> tuple[MosaicLayout, float]:
    """Return the layout of a mosaic and its scale, screen pixels per picture pixel: whole unless it must be below 1.

    `tile` is (width, height) in picture pixels; `area`, `gap` and the room for texts, `band` and `head`, are in screen
    pixels. Without `columns` those are taken that make the pictures largest; with `zoom` the mosaic may be larger than
    the area.
    """
    guess = sqrt(count * max(1, area[0]) * tile[1] / (max(1, area[1]) * tile[0]))
    choices = [columns] if columns else range(max(1, floor(guess / 2)), min(count, ceil(guess * 2)) + 1)

    def layout(number: int, scale: float) -> MosaicLayout:
        return MosaicLayout(count, number, *tile, ceil(gap / scale), ceil(band / scale), ceil(head / scale))

    def fit(number: int) -> tuple[MosaicLayout, float]:
        rows = ceil(count / number)
        across = (area[0] - (number + 1) * gap) / (number * tile[0])
        down = (area[1] - gap - rows * (gap + band + head)) / (rows * tile[1])
        for scale in range(floor(min(across, down)), 0, -1):
            width, height = layout(number, scale).size
            if width * scale <= area[0] and height * scale <= area[1]:
                return layout(number, scale), scale
        small = layout(number, max(0.02, min(across, down, 1)))
        return small, max(0.02, min(1, area[0] / small.size[0], area[1] / small.size[1]))

    fits = [fit(number) for number in choices or [count]]
    best, scale = max(fits, key=lambda one: (one[1], -one[0].columns * one[0].rows, -abs(one[0].columns - one[0].rows)))
    return (best, scale) if zoom is None else (layout(best.columns, zoom), zoom)


def compose(images: UInt8Array, layout: MosaicLayout, ground: int) -> UInt8Array:
    """Lay a stack of pictures out as one (height, width, channels) on a grey `ground` in [0, 255]."""
    width, height = layout.size
    _, tile_height, tile_width, channels = images.shape
    mosaic = np.full((height, width, channels), ground, np.uint8)
    across, down = layout.pitch
    # Pixels and channels stay in one axis, so that numpy copies whole rows of tiles; all of this is views of `mosaic`.
    inner = mosaic.reshape(height, width * channels)[layout.gap :, layout.gap * channels :]
    cells = inner.reshape(layout.rows, down, layout.columns, across * channels)
    slots = cells[:, layout.head : layout.head + tile_height, :, : tile_width * channels].swapaxes(
        1, 2
    )  # (row, column, y, x and channel)
    tiles = images.reshape(layout.count, tile_height, tile_width * channels)
    full, rest = divmod(layout.count, layout.columns)
    whole = full * layout.columns
    slots[:full] = tiles[:whole].reshape(full, layout.columns, *tiles.shape[1:])
    if rest:
        slots[full, :rest] = tiles[whole:]
    return mosaic
