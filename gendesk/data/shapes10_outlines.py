"""The ten outlines: polygons about the origin, y downwards, none reaching further than 1."""

import math

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Layer = tuple[Points, int]
"""Corners (count, 2), and whether the polygon adds to the shape (1) or is cut out of it (0).

Later layers lie over earlier ones.
"""

_ROUND = 40  # corners of a circle


def _circle(radius: float, middle: tuple[float, float] = (0.0, 0.0)) -> Points:
    angles = np.linspace(0, 2 * math.pi, _ROUND, endpoint=False)
    return _around(angles, np.full(_ROUND, radius)) + middle


def _around(angles: Points, radii: Points) -> Points:
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)


def _regular(corners: int, first: float) -> Points:
    angles = first + np.arange(corners) * 2 * math.pi / corners
    return _around(angles, np.ones(corners))


def _star(tips: int, inner: float) -> Points:
    angles = np.arange(2 * tips) * math.pi / tips - math.pi / 2
    return _around(angles, np.where(np.arange(2 * tips) % 2 == 0, 1.0, inner))


def _cross(arm: float) -> Points:
    """Return a plus sign with arms `arm` wide to each side of their middle."""
    quarter = np.array([[arm, arm], [arm, 1.0], [-arm, 1.0]])
    turn = np.array([[0.0, 1.0], [-1.0, 0.0]])
    corners = [quarter]
    for _ in range(3):
        corners.append(corners[-1] @ turn)
    return np.concatenate(corners) * 0.95


def _heart() -> Points:
    """Return the well-known curve x = 16 sin^3 t, y = 13 cos t - 5 cos 2t - 2 cos 3t - cos 4t, made to fit."""
    t = np.linspace(0, 2 * math.pi, _ROUND, endpoint=False)
    x = 16 * np.sin(t) ** 3
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return np.stack([x, -y - 2.5], axis=1) / 16.5


def _arrow() -> Points:
    return np.array([[1.0, 0.0], [0.1, 0.85], [0.1, 0.3], [-1.0, 0.3], [-1.0, -0.3], [0.1, -0.3], [0.1, -0.85]])


def _spiral(turns: float, width: float) -> Points:
    """Return a band that winds outwards, `width` broad."""
    angles = np.linspace(0, 2 * math.pi * turns, 3 * _ROUND)
    middle = np.linspace(0.08, 1 - width / 2, len(angles))
    outer, inner = _around(angles, middle + width / 2), _around(angles, np.maximum(middle - width / 2, 0.0))
    return np.concatenate([outer, inner[::-1]])


OUTLINES: dict[str, tuple[Layer, ...]] = {
    "disc": ((_circle(0.9), 1),),
    "ring": ((_circle(0.95), 1), (_circle(0.5), 0)),
    "triangle": ((_regular(3, -math.pi / 2), 1),),
    "square": ((_regular(4, math.pi / 4), 1),),
    "star": ((_star(5, 0.42), 1),),
    "cross": ((_cross(0.3), 1),),
    "heart": ((_heart(), 1),),
    "crescent": ((_circle(0.95), 1), (_circle(0.8, (0.5, 0.0)), 0)),
    "arrow": ((_arrow(), 1),),
    "spiral": ((_spiral(1.9, 0.27), 1),),
}
