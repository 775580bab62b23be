"""Numbers as colours: zero is neutral, positive numbers are warm, negative ones cold, in light and dark alike."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from gendesk.widgets.pictures.picture import UInt8Array
from gendesk.widgets.theme import current_colors

FloatArray = NDArray[np.float32]
_FAINT = 0.75  # exponent that lifts small numbers a little; at 1 most of an activation map would look empty


def signed_colors(values: FloatArray, limit: float) -> UInt8Array:
    """Return uint8 (..., 3) for values (...): the theme's ground at 0, full warm at `limit`, full cold at -`limit`."""
    ground, warm, cold = _anchors()
    share = _shares(values, limit)[..., None]
    ends = np.where(share >= 0, warm, cold)
    colors: UInt8Array = np.rint(ground + (ends - ground) * np.abs(share)).astype(np.uint8)
    return colors


def tinted(picture: UInt8Array, values: FloatArray, limit: float) -> UInt8Array:
    """Lay values (height, width) as colours over a picture uint8 (height, width, 1 or 3), which turns grey; uint8 RGB.

    Where a value is 0 the picture shows; the larger the value, the more of its colour.
    """
    _, warm, cold = _anchors()
    grey = picture.mean(2, dtype=np.float32)[..., None]
    share = _shares(values, limit)[..., None]
    ends = np.where(share >= 0, warm, cold)
    # The grey picture shines through the colour, so that what lies below a strong colour can still be made out.
    colored = ends * (0.45 + 0.55 * grey / 255)
    result: UInt8Array = np.rint(grey + (colored - grey) * np.abs(share) * 0.9).astype(np.uint8)
    return result


def signed_color(share: float) -> QColor:
    """Return the colour of a share of the limit, in [-1, 1]."""
    red, green, blue = signed_colors(np.array([share], np.float32), 1.0)[0].tolist()
    return QColor(red, green, blue)


def _shares(values: FloatArray, limit: float) -> FloatArray:
    share = np.clip(values / max(limit, 1e-12), -1, 1)
    lifted: FloatArray = np.sign(share) * np.abs(share) ** _FAINT
    return lifted


def _anchors() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the colours of zero, of positive and of negative numbers, float32 (3,) each."""
    colors = current_colors()
    shades = (QColor(name) for name in (colors.picture_ground, colors.curves[1], colors.curves[0]))
    ground, warm, cold = (np.array([shade.red(), shade.green(), shade.blue()], np.float32) for shade in shades)
    return ground, warm, cold
