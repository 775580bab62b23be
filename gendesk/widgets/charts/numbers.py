"""Numbers as a chart writes them: all of one chart with the same, few digits."""

import math

import numpy as np
from numpy.typing import NDArray

from gendesk.widgets.plot.ticks import MINUS, value_text

_LARGEST = 1e6  # larger and much smaller numbers are written with an exponent
_SMALLEST = 1e-3


def decimals_of(values: NDArray[np.floating]) -> int:
    """Return how many decimals numbers (any shape) need: none for whole ones, else two digits of the largest."""
    finite = values[np.isfinite(values)]
    if not len(finite) or np.array_equal(finite, np.rint(finite)):
        return 0
    largest = float(np.abs(finite).max())
    # A largest value of exactly 1 or 100 is written like those below it: 0.25 beside 1.00, not 0.3 beside 1.0.
    return max(0, 1 - math.floor(math.log10(largest * 0.9999)))


def short_text(value: float, decimals: int) -> str:
    """Return a number with so many decimals; with an exponent where it is huge, or where decimals would be many."""
    if not math.isfinite(value):
        return "n/a"
    if abs(value) >= _LARGEST or decimals > -math.log10(_SMALLEST) + 1:
        return f"{value:.1e}".replace("e-0", "e-").replace("e+0", "e").replace("-", MINUS) if value else "0"
    text = f"{value:,.{decimals}f}"
    return (text if float(text.replace(",", "")) else text.lstrip("-")).replace("-", MINUS)


def exact_text(value: float) -> str:
    """Return a number for a readout: whole ones with all digits, others with four."""
    whole = math.isfinite(value) and value == round(value) and abs(value) < 1e12
    return f"{value:,.0f}".replace("-", MINUS) if whole else value_text(value)
