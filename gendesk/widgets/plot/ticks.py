"""Round numbers for the axes of a plot, and numbers in words that a person reads at a glance."""

import math
from dataclasses import dataclass

import numpy as np

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Ticks:
    """Places in view coordinates (log10 of the value on a logarithmic axis): with a label, and without."""

    major: list[tuple[float, str]]
    minor: list[tuple[float, str]]


def axis_ticks(low: float, high: float, count: int, *, log: bool) -> Ticks:
    """Return about `count` labelled ticks between `low` and `high`, both in view coordinates."""
    if log and high - low >= 1:
        return _decades(math.ceil(low - 1e-9), math.floor(high + 1e-9), low, high, count)
    if not log:
        return Ticks(_several_numbers(low, high, count), [])
    numbers = _round_numbers(10.0**low, 10.0**high, count)
    places = [(math.log10(tick), text) for tick, text in numbers if tick > 0]
    return Ticks([place for place in places if low <= place[0] <= high], [])


def _several_numbers(low: float, high: float, count: int) -> list[tuple[float, str]]:
    """Return round numbers in the range, closer to each other where there would be only one."""
    inside: list[tuple[float, str]] = []
    for wanted in (count, 2 * count, 4 * count):
        inside = [(tick, text) for tick, text in _round_numbers(low, high, wanted) if low <= tick <= high]
        if len(inside) > 1:
            break
    return inside


def _round_numbers(low: float, high: float, count: int) -> list[tuple[float, str]]:
    rough = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    spacing = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))
    indices = range(math.ceil(low / spacing - 1e-9), math.floor(high / spacing + 1e-9) + 1)
    largest = max(abs(low), abs(high))
    return [(index * spacing, _tick_text(index * spacing, spacing, largest)) for index in indices]


def _decades(first: int, last: int, low: float, high: float, count: int) -> Ticks:
    stride = max(1, math.ceil((last - first + 1) / max(count, 1)))
    labelled = range(first, last + 1, stride)
    major = [(float(exponent), _power_text(exponent)) for exponent in labelled]
    # 2 and 5 get labels where a decade is wide enough for three.
    named = (2, 5) if count >= 3 * (high - low) else ()
    minor = []
    for exponent in range(first - 1, last + 1):
        for digit in range(2, 10):
            place = exponent + math.log10(digit)
            if not low <= place <= high:
                continue
            if digit in named:
                major.append((place, _power_text(exponent, digit)))
            elif stride == 1:
                minor.append((place, ""))
    return Ticks(major, minor)


def _power_text(exponent: int, digit: int = 1) -> str:
    if exponent < -4 or exponent > 8:
        return f"{digit}e{exponent}".replace("-", MINUS)
    value = digit * 10.0**exponent
    return _tick_text(value, 10.0**exponent, value)


def _tick_text(value: float, spacing: float, largest: float) -> str:
    """Return a number with the digits that its distance to the next tick needs."""
    if spacing < 1e-5 * (1 - 1e-9) and largest < 0.01:
        digits = max(0, math.floor(math.log10(largest) + 1e-9) - math.floor(math.log10(spacing) + 1e-9))
        text = f"{value:.{digits}e}".replace("e-0", "e-") if value else "0"
        return text.replace("-", MINUS)
    if largest >= 1e15:
        return f"{value:.4g}".replace("-", MINUS)
    scale, suffix = 1.0, ""
    if largest >= 1e7 and spacing >= 1e4:
        scale, suffix = 1e6, "M"
    elif largest >= 1e5 and spacing >= 1e2:
        scale, suffix = 1e3, "k"
    decimals = max(0, -math.floor(math.log10(spacing / scale) + 1e-9))
    text = f"{value / scale:,.{decimals}f}"
    return text.replace("-", MINUS) + suffix if value else "0"


def value_text(value: float) -> str:
    """Return a value with four significant digits: 0.1234, 12.34, 1,234, 1.234e-5; "n/a" if it is not finite."""
    if not math.isfinite(value):
        return "n/a"
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(float(f"{value:.3e}"))))
    if -4 <= exponent < 7:
        text = f"{value:,.{max(0, 3 - exponent)}f}"
    else:
        mantissa, _, power = f"{value:.3e}".partition("e")
        text = f"{mantissa}e{int(power)}"
    return text.replace("-", MINUS)


def step_text(step: float) -> str:
    """Return a step with separators and no more decimals than it has: 1,240 or 3.25."""
    return f"{step:,.0f}" if float(step).is_integer() else f"{np.round(step, 3):,}"
