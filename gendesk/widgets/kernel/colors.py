"""Colours for numbers with a sign: blue below zero, orange above, the ground between; and numbers in few signs."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from gendesk.widgets.theme import current_colors

MINUS = "\N{MINUS SIGN}"


def signed_colors(values: NDArray[np.floating], limit: float) -> NDArray[np.uint8]:
    """Return uint8 (..., 3) for values (...): the surface's colour at 0, the full colours at -limit and limit."""
    colors = current_colors()
    low, middle, high = (_rgb(name) for name in (colors.curves[0], colors.surface, colors.curves[1]))
    share = np.clip(values / max(limit, 1e-12), -1, 1)[..., None]
    mixed = middle + np.abs(share) * (np.where(share < 0, low, high) - middle)
    return np.asarray(np.rint(mixed), np.uint8)


def grey_colors(values: NDArray[np.floating], limit: float) -> NDArray[np.uint8]:
    """Return uint8 (..., 3) for values (...) from 0, black, to `limit`, white."""
    grey = np.rint(np.clip(values / max(limit, 1e-12), 0, 1) * 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=-1)


def readable_on(red: int, green: int, blue: int) -> QColor:
    """Return black or white, whichever can be read on a colour."""
    return QColor("#101418" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#FFFFFF")


def short_number(value: float, decimals: int = 2) -> str:
    """Write a number with at most so many decimals and a true minus: 0.25, -1, 0."""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text.replace("-", MINUS)


def _rgb(name: str) -> NDArray[np.float64]:
    color = QColor(name)
    return np.array([color.red(), color.green(), color.blue()], np.float64)
