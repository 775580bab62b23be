"""What portraits are drawn on: filled smooth shapes in a square 100 units wide, 100 high, x from -50 and y down from 0.

Shapes are float64 (points, 2). Only sums, products and roots act on them when they are drawn, and they are rounded to
whole dots of the canvas, so that every machine draws the same.
"""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from gendesk.data.dataset import UInt8Array

Shape = NDArray[np.float64]
Color = tuple[int, int, int]
Point = tuple[float, float]

_FINENESS = 4  # dots of the canvas for a pixel of the picture, along each side
_WIDTH = 100.0
_PARALLAX = 7.0  # units that the middle of a face moves to the side when the head is turned as far as it goes
_REACH = 22.0  # units from the middle of the head to where it has no parallax any more
_HEAD_SIZE, _HEAD_PLACE = 1.1, np.array([0.0, -4.1])  # by which a chin at 65 is drawn at 67.4


def smooth(*points: Point, steps: int = 6) -> Shape:
    """Return a closed curve through points (Catmull and Rom's spline); a point given twice is a corner."""
    through = np.array(points)
    before, after = np.roll(through, 1, axis=0), np.roll(through, -1, axis=0)
    slopes = (after - before) / 2
    corners = (through == before).all(axis=1) | (through == after).all(axis=1)
    slopes[corners] = 0.0
    long = (through != after).any(axis=1)
    return _spline(through[long], after[long], slopes[long], np.roll(slopes, -1, axis=0)[long], steps)


def _spline(start: Shape, end: Shape, leaving: Shape, arriving: Shape, steps: int) -> Shape:
    """Return points of Hermite's curves from `start` up to `end`, with the given slopes there: (curves * steps, 2)."""
    t = (np.arange(steps) / steps)[:, np.newaxis]
    start, end, leaving, arriving = (part[:, np.newaxis] for part in (start, end, leaving, arriving))
    bend = leaving + arriving - 2 * (end - start)
    curve: Shape = start + t * (leaving + t * (3 * (end - start) - 2 * leaving - arriving + t * bend))
    return curve.reshape(-1, 2)


def oval(x: float, y: float, across: float, down: float, points: int = 28) -> Shape:
    """Return an ellipse round (x, y) with the half axes `across` and `down`."""
    angles = [2 * math.pi * number / points for number in range(points)]
    return np.array([(round(x + across * math.cos(a), 6), round(y + down * math.sin(a), 6)) for a in angles])


def stroke(*points: Point, width: float, taper: float = 0.35) -> Shape:
    """Return a curve through points as wide as `width` in its middle, at its ends `taper` times that."""
    through = np.array(points)
    padded = np.concatenate([2 * through[:1] - through[1:2], through, 2 * through[-1:] - through[-2:-1]])
    slopes = (padded[2:] - padded[:-2]) / 2
    curve = np.concatenate([_spline(through[:-1], through[1:], slopes[:-1], slopes[1:], 6), through[-1:]])
    along = np.linspace(-1.0, 1.0, len(curve))[:, np.newaxis]
    half = width / 2 * (taper + (1 - taper) * (1 - along * along))
    steps = np.concatenate([curve[1:2] - curve[:1], curve[2:] - curve[:-2], curve[-1:] - curve[-2:-1]])
    across = steps[:, ::-1] * np.array([-1.0, 1.0]) / np.sqrt((steps * steps).sum(axis=1, keepdims=True))
    outline: Shape = np.concatenate([curve + half * across, (curve - half * across)[::-1]])
    return outline


def mirrored(shape: Shape) -> Shape:
    """Return the shape on the other side of the middle."""
    other: Shape = shape * np.array([-1.0, 1.0])
    return other


def turned(shape: Shape, turn: float) -> Shape:
    """Return a shape on the front of a head that is turned: -1 to the left of the picture, 1 to its right."""
    moved = on_neck(shape)
    along = shape[:, 0] / _REACH
    moved[:, 0] += _PARALLAX * turn * np.maximum(0.0, 1.0 - along * along)
    return moved


def on_neck(shape: Shape) -> Shape:
    """Return a shape of the head as large as it is drawn, and where the neck ends."""
    placed: Shape = shape * _HEAD_SIZE + _HEAD_PLACE
    return placed


def mixed(first: Color, second: Color, share: float) -> Color:
    """Return a colour that is the second one to a share of 0..1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def darker(color: Color, share: float = 0.18) -> Color:
    """Return the colour in shade."""
    return mixed(color, (40, 22, 60), share)


def lighter(color: Color, share: float = 0.3) -> Color:
    """Return the colour in light."""
    return mixed(color, (255, 250, 240), share)


def brightness(color: Color) -> float:
    """Return how bright a colour looks: 0..255."""
    red, green, blue = color
    return 0.3 * red + 0.6 * green + 0.1 * blue


class Canvas:
    """A picture in the making; `size` is its side in pixels."""

    def __init__(self, size: int, background: Color) -> None:
        side = size * _FINENESS
        self._image = Image.new("RGB", (side, side), background)
        self._draw = ImageDraw.Draw(self._image)
        self._scale = side / _WIDTH
        self._middle = np.array([side / 2 - 0.5, -0.5])

    def fill(self, shape: Shape, color: Color) -> None:
        """Fill a shape; what stands out of the square is cut off."""
        dots = np.rint(shape * self._scale + self._middle).astype(int)
        self._draw.polygon(dots.ravel().tolist(), color)

    def picture(self) -> UInt8Array:
        """Return the picture, uint8 (size, size, 3): the mean over the dots of each pixel."""
        return np.array(self._image.reduce(_FINENESS))
