"""Which part of a plot is in view: everything, a chosen window, or a window that follows the latest value."""

import math
from dataclasses import dataclass, replace

Span = tuple[float, float]

_MARGIN = 0.015  # beside the data, of their width
_SMALLEST = 1e-6  # of the data's width: zooming further shows rounding errors


@dataclass(frozen=True)
class PlotView:
    """What was chosen, in view coordinates; None means everything (x), or what fits what is drawn (y).

    With `follow` the window slides along so that the latest value stays in view.
    """

    x: Span | None = None
    y: Span | None = None
    follow: bool = True

    def x_range(self, data: Span) -> Span:
        """Return the range of steps to show."""
        if self.x is None:
            return _roomy(data)
        if not self.follow:
            return self.x
        width = self.x[1] - self.x[0]
        end = _rounded_up(data[1] + _MARGIN * width, width)
        return end - width, end

    def y_range(self, drawn: Span) -> Span:
        """Return the range of values to show."""
        return self.y or padded(drawn, 0.06)

    def zoomed(self, data: Span, x: Span, y: Span | None = None) -> "PlotView":
        """Show the window `x`, and `y` if given; a window that leaves out the latest value no longer follows it."""
        low, high = data
        if x[0] <= low and x[1] >= high:
            return replace(self, x=None, y=y or self.y, follow=True)
        smallest = _SMALLEST * (high - low)
        if x[1] - x[0] < smallest:
            middle = (x[0] + x[1]) / 2
            x = (middle - smallest / 2, middle + smallest / 2)
        return replace(self, x=x, y=y or self.y, follow=self.follow and x[1] >= high)

    def panned(self, data: Span, share: float) -> "PlotView":
        """Move the window by a share of its width, as far as there is data."""
        low, high = self.x_range(data)
        if self.x is None:
            return self
        start, end = _roomy(data)
        shift = share * (high - low)
        shift = min(shift, max(end - high, 0)) if shift > 0 else max(shift, min(start - low, 0))
        window = (low + shift, high + shift)
        return replace(self, x=window, follow=shift >= 0 and window[1] >= data[1])

    def following(self, data: Span, follow: bool) -> "PlotView":
        """Start or stop to follow the latest value; stopping keeps what is in view."""
        if follow:
            x = None if self.x is None or self.x[0] <= data[0] else self.x
            return replace(self, x=x, y=None, follow=True)
        return replace(self, x=self.x_range(data), follow=False)


def _roomy(data: Span) -> Span:
    low, high = data
    if low == high:
        return padded(data, _MARGIN)
    end = _rounded_up(high + _MARGIN * (high - low), high - low)
    return low - _MARGIN * (end - low), end


def _rounded_up(place: float, width: float) -> float:
    # Growing data move the view in jumps: between them axes and pixel columns stay the same, calmer and cheaper.
    jump = 2.0 ** math.floor(math.log2(width)) / 32
    return math.ceil(place / jump) * jump


def scaled(span: Span, factor: float, centre: float) -> Span:
    """Zoom a range around a place that stays where it is."""
    return centre - (centre - span[0]) * factor, centre + (span[1] - centre) * factor


def padded(span: Span, share: float) -> Span:
    """Widen a range by a share of its width on both sides; one value gets a range around it."""
    low, high = span
    width = high - low
    if width <= abs(high) * 1e-9:
        width = 0.1 * abs(high) or 1.0
        low, high = (low + high - width) / 2, (low + high + width) / 2
    return low - share * width, high + share * width
