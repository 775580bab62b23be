"""Black-and-white pictures of tins that differ in two numbers only: 28x28, their height and their width known.

The idea is that of Foster, Generative Deep Learning (1st edition), chapter 1, figure 1.11; sizes and
proportions are ours.
"""

import numpy as np
from numpy.typing import NDArray

from gendesk.data.dataset import Attribute, UInt8Array
from gendesk.data.options import ImageOptions
from gendesk.data.progress import Progress
from gendesk.data.readers.source import ArrayPart, ArraySource, AttributeTable, unlabelled

VERSION = "2"  # raise it when the pixels change
SIDE = 28
TRAIN_COUNT, TEST_COUNT = 2_000, 400
HEIGHTS = (4.0, 18.0)
"""The smallest and the largest height of the wall, in pixels."""
WIDTHS = (8.0, 22.0)
"""The smallest and the largest width, in pixels."""
ATTRIBUTES = (Attribute(name="height", title="Height"), Attribute(name="width", title="Width"))

_SEED = 1_416
_FLOOR = 26.0  # pixels from the upper edge to the lowest point of every tin
_LID = 0.27  # height of the lid's ellipse as a share of its width: the view from above
_LINE = 1.1  # pixels
_LIGHT, _SHADE = 244.0, 190.0  # grey of the wall at its left and at its right
_BATCH = 100

Floats = NDArray[np.float64]
_ROWS, _COLUMNS = np.mgrid[:SIDE, :SIDE] + 0.5  # middles of the pixels


def make(_options: ImageOptions, progress: Progress) -> ArraySource:
    """Draw the data set, 2,000 tins to train on and 400 held out, heights and widths even; raises Cancelled."""
    rng = np.random.default_rng(_SEED)
    low, high = np.array([HEIGHTS, WIDTHS]).T
    factors = rng.uniform(low, high, size=(TRAIN_COUNT + TEST_COUNT, 2)).astype(np.float32)
    images = np.empty((len(factors), SIDE, SIDE), dtype=np.uint8)
    for index, (height, width) in enumerate(factors.tolist()):
        if index % _BATCH == 0:
            progress.update(index / len(factors), f"Drawing tins: {index:,} of {len(factors):,}")
        images[index] = draw(height, width)
    return ArraySource(
        ArrayPart(images[:TRAIN_COUNT], unlabelled(TRAIN_COUNT)),
        ArrayPart(images[TRAIN_COUNT:], unlabelled(TEST_COUNT)),
        table=AttributeTable(ATTRIBUTES, factors),
    )


def draw(height: float, width: float) -> UInt8Array:
    """Draw one tin, uint8 (28, 28), black lines on white, for any `height` and `width` in pixels that are positive.

    All tins stand on the same line, one above the other's middle; `HEIGHTS` and `WIDTHS` leave a margin around them.
    """
    across, down = width / 2, max(width * _LID / 2, 0.5)
    base = _FLOOR - down
    lid = _to_ellipse(_COLUMNS - SIDE / 2, _ROWS - (base - height), across, down)
    foot = _to_ellipse(_COLUMNS - SIDE / 2, _ROWS - base, across, down)
    beside = np.abs(_COLUMNS - SIDE / 2) - across
    wall = np.where(np.abs(_ROWS - (base - height / 2)) <= height / 2, beside, np.inf)
    body = np.minimum(np.minimum(lid, foot), wall)
    ink = np.maximum(_cover(np.abs(body) - _LINE / 2), _cover(np.abs(lid) - _LINE / 2))
    turn = np.clip((_COLUMNS - SIDE / 2) / across / 2 + 0.5, 0.0, 1.0)
    wall_share = _cover(body) * (1 - _cover(lid))
    grey = 255 - wall_share * (255 - (_LIGHT + (_SHADE - _LIGHT) * turn))
    picture: UInt8Array = np.rint(grey * (1 - ink)).astype(np.uint8)
    return picture


def _to_ellipse(x: Floats, y: Floats, across: float, down: float) -> Floats:
    """Return about how far points are outside an ellipse with these half axes, negative inside; exact on its edge."""
    level = np.sqrt((x / across) ** 2 + (y / down) ** 2)
    slope = np.sqrt((x / across**2) ** 2 + (y / down**2) ** 2)
    distance: Floats = level * (level - 1) / np.maximum(slope, 1e-9)
    return distance


def _cover(distance: Floats) -> Floats:
    """Return how much of a pixel lies within an edge that is `distance` pixels away: 0..1."""
    share: Floats = np.clip(0.5 - distance, 0.0, 1.0)
    return share
