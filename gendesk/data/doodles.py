"""Small drawings of ten things by a program with many hands: 28x28, light strokes on black, and the strokes themselves.

Every drawing has a seed of its own, so that any can be drawn alone. The strokes lie on a grid, and so do the pen's
widths, and all sums behind the pixels are exact in float32: every machine draws the same.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gendesk.data import doodles_living as living
from gendesk.data import doodles_things as things
from gendesk.data.dataset import Float32Array, Int64Array, SkippedFile, UInt8Array
from gendesk.data.doodles_pen import Drawing, Habits, by_hand
from gendesk.data.options import ImageOptions
from gendesk.data.progress import Progress
from gendesk.data.readers.source import AttributeTable, BoolArray

VERSION = "1"  # raise it when the pixels change
SIDE = 28
TRAIN_COUNT, TEST_COUNT = 18_000, 2_000

_DRAWERS: dict[str, tuple[Callable[[np.random.Generator], Drawing], Habits]] = {
    "bicycle": (things.bicycle, Habits(tilt=0.05, flips=True)),
    "cat": (living.cat, Habits(flips=True)),
    "cup": (things.cup, Habits(flips=True)),
    "face": (living.face, Habits()),
    "fish": (living.fish, Habits(tilt=0.12, flips=True)),
    "flower": (living.flower, Habits(tilt=0.1)),
    "house": (things.house, Habits(tilt=0.04, flips=True)),
    "sailing boat": (things.sailing_boat, Habits(tilt=0.07, flips=True)),
    "tree": (living.tree, Habits(tilt=0.05)),
    "umbrella": (things.umbrella, Habits(tilt=0.14, flips=True)),
}
CLASSES = tuple(_DRAWERS)

_SEED = 2_016
_PEN, _LABELS, _HAND = range(3)  # streams of random numbers
_GRID = 32  # of a pixel
_SHEET = 26.0  # pixels that the unit square of the strokes becomes


@cache
def labels() -> Int64Array:
    """Return the classes of all drawings, int64 (20,000,): training, then held out, each balanced and shuffled."""
    rng = np.random.default_rng([_SEED, _LABELS])
    parts = [rng.permutation(np.arange(count, dtype=np.int64) % len(CLASSES)) for count in (TRAIN_COUNT, TEST_COUNT)]
    joined = np.concatenate(parts)
    joined.flags.writeable = False
    return joined


def drawing(index: int) -> list[Float32Array]:
    """Return the strokes of drawing `index` (0..19,999; the last 2,000 are held out) in the order they are drawn.

    Each is float32 (points, 2), x to the right and y downwards in 0..1, at least two points at equal distances.
    """
    draw, habits = _DRAWERS[CLASSES[labels()[index]]]
    rng = np.random.default_rng([_SEED, _HAND, index])
    return [stroke.astype(np.float32) for stroke in by_hand(rng, draw(rng), habits)]


def stroke3(strokes: list[Float32Array]) -> Float32Array:
    """Return strokes as pen movements float32 (points, 3): dx, dy, and 1 where the pen is lifted after the point.

    The first movement comes from the sheet's upper left corner. The form is that of Ha and Eck, A Neural Representation
    of Sketch Drawings, 2017.
    """
    points = np.concatenate(strokes)
    lifted = np.zeros(len(points), np.float32)
    lifted[np.cumsum([len(stroke) for stroke in strokes]) - 1] = 1.0
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), np.float32))
    return np.concatenate([steps, lifted[:, np.newaxis]], axis=1).astype(np.float32)


def make(_options: ImageOptions, _progress: Progress) -> "DrawnDoodles":
    """Return the data set, 18,000 drawings to train on and 2,000 held out, all classes equally often."""
    return DrawnDoodles()


class DrawnDoodles:
    """Draws every picture when it is read; see Source."""

    classes = CLASSES
    table: AttributeTable | None = None
    skipped: tuple[SkippedFile, ...] = ()

    def __init__(self) -> None:
        self.labels: Int64Array = labels()
        self.held_out: BoolArray = np.arange(len(self.labels)) >= TRAIN_COUNT

    def name(self, index: int) -> str:
        return f"drawing {index + 1:,}"

    def read(self, index: int) -> Image.Image:
        return Image.fromarray(rendered([drawing(index)], index)[0])

    def close(self) -> None:
        """Nothing is open."""


def rendered(drawings: list[list[Float32Array]], first: int = 0) -> UInt8Array:
    """Return pictures (count, 28, 28), light on black with soft edges, of drawings in 0..1.

    `first` is the number of the first one, from which each gets its pen.
    """
    images = np.empty((len(drawings), SIDE, SIDE), dtype=np.uint8)
    for place, strokes in enumerate(drawings):
        rng = np.random.default_rng([_SEED, _PEN, first + place])
        images[place] = _inked(strokes, np.rint(rng.uniform(0.62, 1.0) * _GRID) / _GRID)
    return images


def _inked(strokes: list[Float32Array], radius: float) -> UInt8Array:
    """Draw strokes with a round pen: the squared distance to the nearest point, less r^2, over the pen's diameter."""
    dense = _with_middles(strokes).astype(np.float64)
    points = np.rint((dense * _SHEET + (SIDE - 1 - _SHEET) / 2) * _GRID)
    power = (points**2).sum(axis=1, keepdims=True) - (radius * _GRID) ** 2
    from_points = np.concatenate([-2 * points, power], axis=1).astype(np.float32)
    nearest = np.matmul(from_points, _PIXELS[:3]).min(axis=0) + _PIXELS[3]
    outside = nearest.astype(np.float64) / _GRID**2
    cover = np.clip(0.5 - outside / (2 * radius), 0.0, 1.0)
    level: UInt8Array = np.rint(cover * 255.0).astype(np.uint8)
    return level.reshape(SIDE, SIDE)


def _with_middles(strokes: list[Float32Array]) -> Float32Array:
    """Put a point between any two of a stroke, so that a thin pen leaves no beads; returns all points (count, 2)."""
    points = np.concatenate(strokes)
    middles = (points[1:] + points[:-1]) / 2
    inside = np.ones(len(middles), dtype=np.bool_)
    inside[np.cumsum([len(stroke) for stroke in strokes[:-1]], dtype=np.int64) - 1] = False
    return np.concatenate([points, middles[inside]])


def _pixels() -> NDArray[np.float32]:
    """Return x, y, 1 and x^2 + y^2 of every pixel, in 1/32 pixels: (4, 784)."""
    y, x = np.divmod(np.arange(SIDE * SIDE), SIDE) * np.array(_GRID)
    return np.stack([x, y, np.ones_like(x), x**2 + y**2]).astype(np.float32)


_PIXELS = _pixels()
