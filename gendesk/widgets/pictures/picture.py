"""Pictures as arrays: their way to the screen, mosaics of many, PNG and GIF files.

Pictures are uint8 (height, width, channels) with 1 channel (grey) or 3 (red, green, blue); stacks have a count before.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import ceil, floor, isqrt, sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import GifImagePlugin, Image
from PIL.PngImagePlugin import PngInfo
from PySide6.QtGui import QImage

from gendesk.errors import InputError

UInt8Array = NDArray[np.uint8]


def checked_images(images: UInt8Array) -> UInt8Array:
    """Return a contiguous stack (count, height, width, channels); raises ValueError for other shapes or types."""
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] not in (1, 3) or 0 in images.shape[1:3]:
        raise ValueError(f"Pictures are uint8 (count, height, width, 1 or 3), not {images.dtype} {images.shape}.")
    return np.ascontiguousarray(images)


def to_qimage(picture: UInt8Array) -> QImage:
    """Bring one picture (height, width, channels) into the screen's own format, which is painted without conversion.

    The array is only read while this runs: the result owns its pixels.
    """
    pixels = checked_images(picture[None])[0]
    height, width, channels = pixels.shape
    layout = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_Grayscale8
    view = QImage(pixels.data, width, height, width * channels, layout)
    return view.convertToFormat(QImage.Format.Format_RGB32)


def enlarged(picture: UInt8Array, scale: int) -> UInt8Array:
    """Repeat every pixel (and nothing else) `scale` times in both directions."""
    return picture.repeat(scale, axis=0).repeat(scale, axis=1)


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


def write_png(path: Path, picture: UInt8Array, metadata: Mapping[str, str] | None = None) -> None:
    """Write a picture with text chunks; an older file is replaced at once or not at all. Raises InputError."""
    texts = PngInfo()
    for key, value in (metadata or {}).items():
        texts.add_text(key, value)
    image = Image.fromarray(picture[..., 0] if picture.shape[2] == 1 else picture)
    _write_atomically(path, lambda part: image.save(part, format="PNG", pnginfo=texts))


def write_gif(path: Path, frames: Iterable[UInt8Array], milliseconds: int = 100) -> None:
    """Write an endlessly repeated animation, one frame per picture and one frame in memory at a time.

    Every frame gets the size of the first. Raises InputError if there are none or the file cannot be written; an
    exception of `frames` leaves no file behind.
    """
    _write_atomically(path, lambda part: _write_gif(part, frames, milliseconds))


def _write_gif(path: Path, frames: Iterable[UInt8Array], milliseconds: int) -> None:
    size: tuple[int, int] | None = None
    with path.open("wb") as file:
        for picture in frames:
            frame = _indexed(picture)
            if size is None:
                size = frame.size
                # Pillow's own way to write animations keeps all frames in memory and merges those that are equal.
                file.writelines(GifImagePlugin.getheader(frame.copy(), info={"loop": 0, "duration": milliseconds})[0])
            if frame.size != size:
                frame = frame.crop((0, 0, *size))
            file.writelines(GifImagePlugin.getdata(frame, duration=milliseconds, include_color_table=True))
        file.write(b";")
    if size is None:
        raise InputError("There are no pictures to save yet.")


def _indexed(picture: UInt8Array) -> Image.Image:
    """Reduce to 256 colours; greys stay exact."""
    if picture.shape[2] == 1 or np.all(picture == picture[..., :1]):
        return Image.fromarray(picture[..., 0])
    # A palette made from some 20,000 pixels is as good as one made from all, and several times faster.
    step = max(1, isqrt(picture.shape[0] * picture.shape[1] // 20_000))
    palette = Image.fromarray(np.ascontiguousarray(picture[::step, ::step])).quantize(256)
    return Image.fromarray(picture).quantize(palette=palette, dither=Image.Dither.NONE)


def _write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(part)
        part.replace(path)
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
