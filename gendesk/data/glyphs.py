"""Digits drawn by a program in the manner of many hands: 28x28, white on black, labels 0 to 9.

The shapes pass through a grid of 1/32 pixel before they are rendered, and all sums behind that are exact in float32, so
that every machine draws the same pixels.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from gendesk.data.dataset import Int64Array, UInt8Array
from gendesk.data.glyph_shapes import SHAPES
from gendesk.data.glyph_strokes import SAMPLES, Floats, Way, styled
from gendesk.data.options import ImageOptions
from gendesk.data.progress import Progress
from gendesk.data.readers.source import ArrayPart, ArraySource

VERSION = "1"  # raise it when the pixels change
SIDE = 28
TRAIN_COUNT, TEST_COUNT = 18_000, 2_000
_SEED = 1_852
_BATCH = 32
_GRID = 32
_BOX = 20.0  # pixels that a digit is high, or wide if it is wider than high, as in MNIST


def make(_options: ImageOptions, progress: Progress) -> ArraySource:
    """Draw the data set, 18,000 digits to train on and 2,000 held out, all digits equally often; raises Cancelled."""
    rng = np.random.default_rng(_SEED)
    labels = np.concatenate([_balanced_labels(rng, count) for count in (TRAIN_COUNT, TEST_COUNT)])
    images = draw(labels, rng, progress)
    cut = TRAIN_COUNT
    parts = ArrayPart(images[:cut], labels[:cut]), ArrayPart(images[cut:], labels[cut:])
    return ArraySource(*parts, classes=tuple("0123456789"))


def _balanced_labels(rng: np.random.Generator, count: int) -> Int64Array:
    return rng.permutation(np.arange(count, dtype=np.int64) % 10)


def draw(labels: Int64Array, rng: np.random.Generator, progress: Progress | None = None) -> UInt8Array:
    """Draw one digit per label (count,); returns (count, 28, 28). Raises Cancelled."""
    progress = progress or Progress()
    progress.update(0.0, "Drawing digits")
    strokes = np.empty((len(labels), SAMPLES, 2))
    for digit, ways in enumerate(SHAPES):
        members = np.flatnonzero(labels == digit)
        shares = np.array([share for share, _ in ways])
        chosen = rng.choice(len(ways), size=len(members), p=shares / shares.sum())
        for number, (_, poses) in enumerate(ways):
            hands = members[chosen == number]
            strokes[hands] = Way(poses).draw(rng, len(hands))
    pens = _Pens.drawn_by(rng, _placed(styled(strokes, rng), rng))
    images = np.empty((len(labels), SIDE, SIDE), dtype=np.uint8)
    for start in range(0, len(labels), _BATCH):
        progress.update(start / len(labels), f"Drawing digits: {start:,} of {len(labels):,}")
        images[start : start + _BATCH] = pens.render(slice(start, start + _BATCH))
    return images


def _placed(curves: Floats, rng: np.random.Generator) -> Floats:
    """Scale drawings to about 20 pixels and put them near the middle; returns pixel coordinates."""
    low, high = curves.min(axis=1, keepdims=True), curves.max(axis=1, keepdims=True)
    extent = (high - low).max(axis=2, keepdims=True)
    count = len(curves)
    box = np.clip(rng.normal(_BOX - 2.0, 1.1, size=(count, 1, 1)), _BOX - 6, _BOX + 1)
    centre = (SIDE - 1) / 2 + np.clip(rng.normal(0.0, 0.7, size=(count, 1, 2)), -1.8, 1.8)
    placed: Floats = (curves - (low + high) / 2) / extent * box + centre
    return placed


@dataclass(frozen=True)
class _Pens:
    """Pen strokes ready to render.

    `points` (count, samples, 3) are x, y and x^2 + y^2 - r^2 for the pen's radius r there, in whole 1/32 pixels;
    `softness` (count, 1) is the width of the edge times the diameter, in square pixels; `ink` (count, 1) is 0..1.
    """

    points: NDArray[np.float32]
    softness: Floats
    ink: Floats
    grain: NDArray[np.uint8]

    @classmethod
    def drawn_by(cls, rng: np.random.Generator, curves: Floats) -> Self:
        count = len(curves)
        radius = np.clip(np.exp(rng.normal(0.22, 0.27, size=(count, 1))), 0.8, 2.1)
        along = np.linspace(0.0, 1.0, SAMPLES)
        pressure = rng.uniform(0.0, 0.2, size=(count, 1)) * np.sin(
            rng.uniform(1.0, 9.0, size=(count, 1)) * along + rng.uniform(0.0, 2 * np.pi, size=(count, 1))
        )
        nib = _nib(rng, curves)
        whole = np.rint(curves * _GRID)
        radii = np.rint(radius * (1 + pressure) * nib * _GRID)
        power = (whole**2).sum(axis=2) - radii**2
        points = np.concatenate([whole, power[..., np.newaxis]], axis=2).astype(np.float32)
        softness = 2 * radius * rng.uniform(0.7, 1.25, size=(count, 1))
        ink = 1 - 0.12 * rng.uniform(0.0, 1.0, size=(count, 1)) ** 2
        return cls(points, softness, ink, rng.integers(0, 14, size=(count, SIDE * SIDE), dtype=np.uint8))

    def render(self, part: slice) -> UInt8Array:
        """Return pictures (count, 28, 28) of some of the strokes.

        A pixel's squared distance to the pen minus r^2, the smallest over the samples, is negative under the pen and,
        divided by 2 r, close to the distance from its edge.
        """
        points = self.points[part]
        from_points = np.concatenate([-2 * points[..., :2], points[..., 2:]], axis=2)
        nearest = np.matmul(from_points, _PIXELS[:3]).min(axis=1) + _PIXELS[3]
        outside = nearest.astype(np.float64) / _GRID**2
        cover = np.clip(0.5 - outside / self.softness[part], 0.0, 1.0)
        level = cover * self.ink[part] * (255.0 - self.grain[part])
        images: UInt8Array = np.rint(level).astype(np.uint8).reshape(-1, SIDE, SIDE)
        return images


def _nib(rng: np.random.Generator, curves: Floats) -> Floats:
    """Return how a broad pen, held at some angle, changes its width with the direction of the stroke."""
    count = len(curves)
    angle = rng.normal(0.8, 0.4, size=(count, 1))
    steps = np.diff(curves, axis=1, append=curves[:, -1:] * 2 - curves[:, -2:-1])
    across = steps[..., 0] * np.sin(angle) + steps[..., 1] * np.cos(angle)
    share = across**2 / np.maximum((steps**2).sum(axis=2), 1e-9)
    widths: Floats = 1 + np.abs(rng.normal(0.0, 0.16, size=(count, 1))) * (share - 0.5)
    return widths


def _pixels() -> NDArray[np.float32]:
    """Return x, y, 1 and x^2 + y^2 of every pixel, in 1/32 pixels: (4, 784)."""
    y, x = np.divmod(np.arange(SIDE * SIDE), SIDE) * np.array(_GRID)
    return np.stack([x, y, np.ones_like(x), x**2 + y**2]).astype(np.float32)


_PIXELS = _pixels()
