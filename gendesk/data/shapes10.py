"""Ten shapes in all places, sizes, turns and colours: 32x32 in colour, one class each, told apart by form alone.

Position, scale, turn, shear, colours of shape and ground, clutter, something in front, light and noise are drawn at
random for every picture, so that no pixel says anything by itself: a dense network does clearly worse than one of
convolutions.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from gendesk.data.dataset import Int64Array, SkippedFile, UInt8Array
from gendesk.data.options import ImageOptions
from gendesk.data.progress import Progress
from gendesk.data.readers.source import AttributeTable, BoolArray
from gendesk.data.shapes10_outlines import OUTLINES, Layer, Points

VERSION = "1"  # raise it when the pixels change
SIDE = 32
TRAIN_COUNT, TEST_COUNT = 10_000, 2_000
CLASSES = tuple(OUTLINES)

_SEED = 3_210
_FINE = 4  # subpixels to a side
_RADIUS = (9.0, 13.0)  # pixels from the middle of a shape to its rim
_TURN = 0.6  # radians to either side
_SHIFT = 3.0  # pixels to every side
_LEAST_CONTRAST = 40.0  # distance of the colours of shape and ground, of 255
_CLUTTER = (1, 4)  # pieces behind the shape, the fewest and the most
_HIDDEN = 0.5  # share of the pictures with something in front of the shape
_NOISE = (2.0, 14.0)  # standard deviation of a pixel, of 255

Floats = NDArray[np.float64]


def make(_options: ImageOptions, _progress: Progress) -> "DrawnShapes":
    """Return the data set, 10,000 pictures to train on and 2,000 held out, all classes equally often."""
    return DrawnShapes()


class DrawnShapes:
    """Draws every picture when it is read, each from a seed of its own; see Source."""

    classes = CLASSES
    table: AttributeTable | None = None
    skipped: tuple[SkippedFile, ...] = ()

    def __init__(self) -> None:
        numbers = np.arange(TRAIN_COUNT + TEST_COUNT, dtype=np.int64)
        self.labels: Int64Array = numbers % len(CLASSES)
        self.held_out: BoolArray = numbers >= TRAIN_COUNT

    def name(self, index: int) -> str:
        return f"picture {index + 1:,}"

    def read(self, index: int) -> Image.Image:
        return Image.fromarray(draw(int(self.labels[index]), np.random.default_rng([_SEED, index])))

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True)
class _Pose:
    """Where a shape lies: `matrix` (2, 2) turns, scales and shears its outline, `middle` (2,) is in pixels."""

    matrix: Floats
    middle: Floats

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> "_Pose":
        radius = rng.uniform(*_RADIUS)
        turn = rng.uniform(-_TURN, _TURN)
        stretch, shear = math.exp(rng.normal(0, 0.12)), rng.normal(0, 0.12)
        rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
        matrix = radius * rotation @ np.array([[stretch, shear], [0.0, 1 / stretch]])
        return cls(matrix, SIDE / 2 + rng.uniform(-_SHIFT, _SHIFT, size=2))

    def place(self, outline: Points) -> Floats:
        placed: Floats = outline @ self.matrix.T + self.middle
        return placed


def draw(label: int, rng: np.random.Generator) -> UInt8Array:
    """Draw one picture of a class, uint8 (32, 32, 3), with everything but the class left to chance."""
    pose = _Pose.drawn(rng)
    ground, ink = _two_colors(rng)
    picture = _gradient(rng, ground)
    for _ in range(rng.integers(_CLUTTER[0], _CLUTTER[1] + 1)):
        picture = _painted(picture, _mask([(_scrap(rng), 1)]), _mixed(rng, ground))
    shape = _mask([(pose.place(outline), fill) for outline, fill in OUTLINES[CLASSES[label]]])
    picture = _painted(picture, shape, _gradient(rng, ink))
    if rng.random() < _HIDDEN:
        picture = _painted(picture, _mask([(_bar(rng, pose), 1)]), _mixed(rng, ground))
    picture = picture * _light(rng) + rng.normal(0, rng.uniform(*_NOISE), size=picture.shape)
    pixels: UInt8Array = np.rint(np.clip(picture, 0, 255)).astype(np.uint8)
    return pixels


def _mask(layers: list[Layer]) -> Floats:
    """Return how much of each pixel polygons cover, 0..1 (32, 32, 1); their corners are in pixels."""
    canvas = Image.new("L", (SIDE * _FINE, SIDE * _FINE))
    pen = ImageDraw.Draw(canvas)
    for polygon, fill in layers:
        # Whole subpixels, so that every machine fills the same ones.
        pen.polygon(np.rint(polygon * _FINE).astype(int).ravel().tolist(), fill=255 * fill)
    return np.asarray(canvas.reduce(_FINE), dtype=np.float64)[..., np.newaxis] / 255


def _painted(picture: Floats, mask: Floats, color: Floats) -> Floats:
    return picture + mask * (color - picture)


def _two_colors(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return the colours of ground and shape, of which either may be the lighter one."""
    while True:
        ground, ink = rng.uniform(20, 235, size=(2, 3))
        if (ink - ground).mean() > _LEAST_CONTRAST:
            return ground, ink


def _mixed(rng: np.random.Generator, ground: Floats) -> Floats:
    """Return a colour that is not far from the ground's."""
    return ground + (rng.uniform(0, 255, size=3) - ground) * rng.uniform(0.15, 0.6)


def _gradient(rng: np.random.Generator, color: Floats) -> Floats:
    """Return a picture (32, 32, 3) that passes from a colour to one nearby."""
    change = rng.uniform(-35, 35, size=3)
    return color + _ramp(rng) * change


def _ramp(rng: np.random.Generator) -> Floats:
    """Return a plane (32, 32, 1) that rises from about -1 to 1 in some direction."""
    turn = rng.uniform(0, 2 * math.pi)
    return (_ACROSS * math.cos(turn) + _ACROSS.T * math.sin(turn))[..., np.newaxis]


def _light(rng: np.random.Generator) -> Floats:
    """Return the share of light that falls on each pixel, (32, 32, 1)."""
    return rng.uniform(0.6, 1.15) + rng.uniform(0, 0.25) * _ramp(rng)


def _scrap(rng: np.random.Generator) -> Floats:
    """Return a strip or a small triangle of clutter anywhere in the picture."""
    middle = rng.uniform(0, SIDE, size=2)
    if rng.random() < 0.5:
        return _strip(rng, middle, rng.uniform(8, 24), rng.uniform(0.8, 2.5))
    return middle + rng.uniform(-6, 6, size=(3, 2))


def _bar(rng: np.random.Generator, pose: _Pose) -> Floats:
    """Return a bar that runs over a part of the shape, but not over its middle."""
    turn = rng.uniform(0, 2 * math.pi)
    away = rng.uniform(0.45, 0.9) * math.sqrt(abs(np.linalg.det(pose.matrix)))
    middle = pose.middle + away * np.array([math.cos(turn), math.sin(turn)])
    return _strip(rng, middle, 2 * SIDE, rng.uniform(1.0, 2.2), turn + math.pi / 2)


def _strip(
    rng: np.random.Generator, middle: Floats, length: float, breadth: float, turn: float | None = None
) -> Floats:
    """Return a rectangle about `middle`, `breadth` to each side of its axis, at some angle if none is given."""
    angle = rng.uniform(0, math.pi) if turn is None else turn
    along = np.array([math.cos(angle), math.sin(angle)]) * length / 2
    beside = np.array([-math.sin(angle), math.cos(angle)]) * breadth
    return np.stack(
        [middle + along + beside, middle + along - beside, middle - along - beside, middle - along + beside]
    )


_ACROSS = np.tile((np.arange(SIDE) + 0.5) / (SIDE / 2) - 1, (SIDE, 1))
