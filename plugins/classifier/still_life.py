"""The pictures that the convolution playground begins with, drawn from formulas: a cup on a table, and a disc."""

import numpy as np
from numpy.typing import NDArray

_FINE = 4  # places along a side of each pixel, averaged: edges come out smooth
_LUMINANCE = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601, as Pillow turns colours into grey

Float64Array = NDArray[np.float64]


def still_life(side: int = 64, *, colour: bool = False) -> NDArray[np.uint8]:
    """Return uint8 (side, side, 3) with `colour`, else the same in grey, (side, side, 1)."""
    fine = side * _FINE
    y, x = (np.indices((fine, fine)) + 0.5) / fine
    canvas = np.empty((fine, fine, 3))
    _room(canvas, x, y)
    _cup(canvas, x, y)
    picture = canvas.reshape(side, _FINE, side, _FINE, 3).mean(axis=(1, 3))
    drawn = np.asarray(np.clip(np.rint(picture * 255), 0, 255), np.uint8)
    return drawn if colour else grey(drawn)


def disc(side: int = 64) -> NDArray[np.uint8]:
    """Return uint8 (side, side, 3): a bright disc on dark ground, which has edges of every direction."""
    fine = side * _FINE
    y, x = (np.indices((fine, fine)) + 0.5) / fine
    shade = np.where(_ellipse(x, y, 0.5, 0.5, 0.34, 0.34), 0.9, 0.15)
    picture = shade.reshape(side, _FINE, side, _FINE).mean(axis=(1, 3))
    return np.asarray(np.rint(picture * 255), np.uint8)[..., None].repeat(3, axis=2)


def grey(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Turn the colours of uint8 (height, width, 3) into luminance, (height, width, 1)."""
    return np.asarray(np.rint(picture @ _LUMINANCE), np.uint8)[..., None]


def _room(canvas: Float64Array, x: Float64Array, y: Float64Array) -> None:
    """Fill in the wall, a window with its bars, and the boards of the table."""
    canvas[:] = np.array([0.52, 0.58, 0.62]) * (1.08 - 0.3 * x)[..., None]
    pane = (x > 0.06) & (x < 0.36) & (y > 0.06) & (y < 0.5)
    bars = (abs(x - 0.21) < 0.012) | (abs(y - 0.27) < 0.012)
    canvas[pane] = (0.84, 0.92, 0.97)
    canvas[pane & bars] = (0.38, 0.32, 0.28)
    table = y > 0.68
    boards = 0.9 + 0.1 * np.cos(40 * y + 3 * np.sin(5 * x))
    canvas[table] = (np.array([0.62, 0.42, 0.27]) * boards[..., None])[table]
    canvas[table & (y < 0.7)] = (0.42, 0.27, 0.17)


def _cup(canvas: Float64Array, x: Float64Array, y: Float64Array) -> None:
    """Put a round cup with a stripe, a handle, a saucer and its shadow on the table."""
    middle, rim, foot = 0.56, 0.36, 0.8
    shadow = _ellipse(x, y, middle + 0.06, 0.85, 0.36, 0.07)
    canvas[shadow] *= 0.6
    for width, height, shade in ((0.31, 0.06, 0.72), (0.29, 0.05, 0.93), (0.2, 0.03, 0.78)):
        canvas[_ellipse(x, y, middle, 0.83, width, height)] = np.array([1.0, 0.98, 0.94]) * shade
    handle = _ellipse(x, y, 0.8, 0.52, 0.13, 0.13) & ~_ellipse(x, y, 0.8, 0.52, 0.075, 0.08)
    canvas[handle] = (0.66, 0.2, 0.17)
    half = 0.235 - 0.09 * np.clip((y - rim) / (foot - rim), 0, 1) ** 2
    body = (abs(x - middle) < half) & (y > rim) & (y < foot) | _ellipse(x, y, middle, foot, 0.145, 0.03)
    across = np.clip((x - middle) / half, -1, 1)
    light = 0.42 + 0.6 * np.exp(-(((across + 0.35) / 0.55) ** 2))
    stripe = abs(y - 0.56 - 0.02 * across**2) < 0.035
    canvas[body] = (np.array([0.86, 0.25, 0.2]) * light[..., None])[body]
    canvas[body & stripe] = (np.array([1.0, 0.95, 0.85]) * light[..., None])[body & stripe]
    canvas[_ellipse(x, y, middle, rim, 0.235, 0.055)] = (0.95, 0.62, 0.55)
    canvas[_ellipse(x, y, middle, rim + 0.008, 0.205, 0.04)] = (0.22, 0.13, 0.09)


def _ellipse(
    x: Float64Array, y: Float64Array, middle: float, height: float, width: float, depth: float
) -> NDArray[np.bool_]:
    return ((x - middle) / width) ** 2 + ((y - height) / depth) ** 2 < 1
