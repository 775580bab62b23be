"""Small portraits in one palette, so that every pixel has one of 256 values at most.

They are made for Foster, Generative Deep Learning, chapter 1, "Planet Pixel": 32x32 pixels, faces that look straight
ahead before one background, so that skin and mouth hardly vary from picture to picture, and hair and clothes do.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from gendesk.data.dataset import UInt8Array
from gendesk.data.options import ImageOptions
from gendesk.data.portrait_attributes import OUTFIT_ATTRIBUTES
from gendesk.data.portrait_source import PortraitSource
from gendesk.data.progress import Progress
from gendesk.data.readers.source import AttributeTable

VERSION = "1"  # raise it when the pixels change
SIDE = 32
TRAIN_COUNT, TEST_COUNT = 3_000, 300
COLORS = 256
_SEED = 1_886
_STUDIED = 400  # portraits that the palette is chosen from
_PLAIN = 80  # colours that whole areas have, which the palette holds as they are
_CODE = np.array([65_536, 256, 1])  # makes one number of red, green and blue
_SKINS = ("light", "light", "light", "golden")  # three of four
_COUNT = TRAIN_COUNT + TEST_COUNT


def make(options: ImageOptions, progress: Progress) -> PortraitSource:
    """Return 3,000 portraits to train on and 300 held out, 32 pixels wide unless asked otherwise."""
    progress.update(0.0, "Mixing a palette")
    palette()  # before several threads ask for it
    return _source(options.image_size or SIDE, in_palette)


def _source(size: int, finish: Callable[[UInt8Array], UInt8Array] | None) -> PortraitSource:
    rng = np.random.default_rng(_SEED)
    columns = [rng.integers(len(attribute.values), size=_COUNT) for attribute in OUTFIT_ATTRIBUTES]
    table = AttributeTable(OUTFIT_ATTRIBUTES, np.stack(columns, axis=1).astype(np.float32))
    looks = [{"skin": skin} for skin in rng.choice(_SKINS, _COUNT).tolist()]
    return PortraitSource(table, size, TEST_COUNT, looks, finish=finish)


@cache
def palette() -> UInt8Array:
    """Return the colours of all pictures, the dark ones first: uint8 (up to 256, 3)."""
    source = _source(SIDE, None)
    pixels = np.concatenate([np.asarray(source.read(index)).reshape(-1, 3) for index in range(_STUDIED)])
    colors, counts = np.unique(pixels, axis=0, return_counts=True)
    by_count = np.argsort(-counts, kind="stable")
    plain, others = colors[by_count[:_PLAIN]], colors[by_count[_PLAIN:]]
    chosen = np.unique(np.concatenate([plain, _median_cut(others, COLORS - _PLAIN)]), axis=0)
    light = chosen.astype(np.int64) @ np.array([3, 6, 1])
    return chosen[np.argsort(light, kind="stable")]


def _median_cut(colors: UInt8Array, count: int) -> UInt8Array:
    """Return `count` colours that stand for many (Heckbert 1982): the means of boxes, always the longest one halved."""
    boxes = [colors.astype(np.int64)]
    while len(boxes) < count:
        longest = max(range(len(boxes)), key=lambda number: int(np.ptp(boxes[number], axis=0).max()))
        box = boxes.pop(longest)
        along = box[np.argsort(box[:, int(np.ptp(box, axis=0).argmax())], kind="stable")]
        boxes += [along[: len(box) // 2], along[len(box) // 2 :]]
    return np.array([box.sum(axis=0) // len(box) for box in boxes], dtype=np.uint8)


def in_palette(pixels: UInt8Array) -> UInt8Array:
    """Return pixels uint8 (..., 3) in the nearest colours of the palette."""
    return palette()[to_indices(pixels)]


def to_indices(pixels: UInt8Array) -> UInt8Array:
    """Return the numbers of the nearest colours of the palette: uint8 (...) for pixels uint8 (..., 3)."""
    codes = pixels.reshape(-1, 3).astype(np.int64) @ _CODE
    different, place = np.unique(codes, return_inverse=True)
    colors = different[:, np.newaxis] // _CODE % 256
    distances = sum((colors[:, [channel]] - palette()[:, channel].astype(np.int64)) ** 2 for channel in range(3))
    nearest: UInt8Array = np.argmin(distances, axis=1).astype(np.uint8)[place].reshape(pixels.shape[:-1])
    return nearest
