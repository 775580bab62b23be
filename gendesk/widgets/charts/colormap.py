"""Colours for numbers: one hue that grows stronger, and two hues on both sides of zero.

Lightness alone tells the order, so that colour-blind eyes and grey prints read it, too; blue and orange stay apart for
all of them. Zero has the colour of the ground, in the dark scheme as in the light one.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from gendesk.widgets.theme import DARK, LIGHT, Colors

LEVELS = 256

# From just beside the ground to the strongest; every step changes the lightness by about the same.
_LIGHT_BLUES = ("#D3E4F4", "#A0C8E9", "#62A4D8", "#2B7DC0", "#0F569A", "#082F5E")
_LIGHT_ORANGES = ("#FBE0CB", "#F6BD92", "#EA9150", "#CB661F", "#9C4506", "#5E2802")
_DARK_BLUES = ("#2C4257", "#30608C", "#3782C0", "#5DA5E0", "#98C8F0", "#DCEEFC")
_DARK_ORANGES = ("#4F3C2E", "#7E4E29", "#B3662A", "#DF8A4A", "#F4B68A", "#FDE6D6")


@cache
def sequential(colors: Colors) -> NDArray[np.uint8]:
    """Return the colours from 0 to the largest: uint8 (256, 3)."""
    return _between((colors.surface, *_blues(colors)), LEVELS)


@cache
def diverging(colors: Colors) -> NDArray[np.uint8]:
    """Return the colours from -limit over 0 to limit: uint8 (257, 3)."""
    half = LEVELS // 2 + 1
    below = _between((colors.surface, *(_DARK_ORANGES if colors is DARK else _LIGHT_ORANGES)), half)
    return np.concatenate([below[:0:-1], _between((colors.surface, *_blues(colors)), half)])


def _blues(colors: Colors) -> tuple[str, ...]:
    return _DARK_BLUES if colors is DARK else _LIGHT_BLUES


def _between(names: tuple[str, ...], count: int) -> NDArray[np.uint8]:
    anchors = np.array([rgb(name) for name in names], dtype=np.float64)
    places = np.linspace(0, len(anchors) - 1, count)
    channels = [np.interp(places, np.arange(len(anchors)), anchors[:, channel]) for channel in range(3)]
    return np.rint(np.stack(channels, axis=1)).astype(np.uint8)


def luminance(colors: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the relative luminance (...,) in [0, 1] of sRGB colours (..., 3), as in WCAG 2.1."""
    shares = colors / 255.0
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def readable_on(colors: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell where light text has more contrast than dark text on colours (..., 3): bool (...,)."""
    ground, light, dark = luminance(colors), *luminance(_text_colors())
    return np.asarray((light + 0.05) / (ground + 0.05) > (ground + 0.05) / (dark + 0.05))


def _text_colors() -> NDArray[np.uint8]:
    return np.array([rgb(DARK.text), rgb(LIGHT.text)], dtype=np.uint8)


def rgb(name: str) -> tuple[int, int, int]:
    """Return red, green and blue of a colour "#RRGGBB"."""
    color = QColor(name)
    return color.red(), color.green(), color.blue()
