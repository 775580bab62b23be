"""The geometry of a latent plane: what is visible, its round numbers, and p-value space, where each axis is Phi(z)."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

FloatArray = NDArray[np.float64]
MANIFOLD_SIDE = 15
_QUANTILES = (0.01, 0.99)  # outermost rows of a manifold in p-value space
_NORMAL = NormalDist()


def normal_cdf(z: FloatArray) -> FloatArray:
    """Return Phi(z), the share of the standard normal distribution below each value."""
    erf = np.fromiter(map(math.erf, z.ravel() / math.sqrt(2)), np.float64, z.size)
    return 0.5 * (1 + erf.reshape(z.shape))


def normal_quantile(p: FloatArray) -> FloatArray:
    """Invert `normal_cdf`; probabilities nearer to 0 or 1 than 0.0005 are moved there."""
    inside = np.clip(p, 0.0005, 0.9995)
    return np.fromiter(map(_NORMAL.inv_cdf, inside.ravel()), np.float64, inside.size).reshape(inside.shape)


@dataclass(frozen=True)
class Window:
    """The visible square of the plane: its lower left corner and the length of its sides."""

    left: float
    bottom: float
    span: float

    def zoomed(self, factor: float, center: FloatArray) -> "Window":
        """Show `factor` times as much, with one point staying where it is."""
        span = float(np.clip(self.span * factor, 1e-3, 1e4))
        left, bottom = center + (np.array([self.left, self.bottom]) - center) * (span / self.span)
        return Window(float(left), float(bottom), span)

    def including(self, places: FloatArray) -> "Window":
        """Show as much more as it takes to see places (n, 2) with a little room around them."""
        ends = np.array([[self.left, self.bottom], [self.left + self.span, self.bottom + self.span]])
        outside = places[np.any((places < ends[0]) | (places > ends[1]), axis=1)]
        if not len(outside):
            return self
        ends = np.concatenate([ends, outside])
        low, high = ends.min(0), ends.max(0)
        span = float((high - low).max()) * 1.1
        left, bottom = (low + high - span) / 2
        return Window(float(left), float(bottom), span)

    def moved(self, right: float, up: float) -> "Window":
        return Window(self.left + right, self.bottom + up, self.span)


P_WINDOW = Window(-0.03, -0.03, 1.06)


def fitting_window(codes: FloatArray, reach: float = 2.0) -> Window:
    """Return a square that holds nearly all codes (n, 2), and the prior as far as `reach` standard deviations.

    A reach of 0 still keeps the origin in view.
    """
    if not len(codes):
        return Window(-3.5, -3.5, 7.0)
    # Not np.quantile: it imports numpy.ma when first used, which takes 20 ms that the window would feel.
    ordered, outliers = np.sort(codes, axis=0), len(codes) // 200
    low, high = np.minimum(ordered[outliers], -reach), np.maximum(ordered[-1 - outliers], reach)
    span = float((high - low).max()) * 1.1 or 1.0
    left, bottom = (low + high - span) / 2
    return Window(float(left), float(bottom), span)


def ticks(start: float, span: float) -> list[float]:
    """Return four to ten round values within [start, start + span]."""
    power = 10.0 ** math.floor(math.log10(span / 4))
    step = next(power * factor for factor in (1, 2, 5, 10) if span / (power * factor) <= 10)
    return [number * step for number in range(math.ceil(start / step), math.floor((start + span) / step) + 1)]


def manifold_points(window: Window, quantile: bool, side: int = MANIFOLD_SIDE) -> tuple[FloatArray, QRectF]:
    """Return (side * side, 2) places, row by row from the top left, and the square that their tiles cover."""
    if quantile:
        low, high = _QUANTILES
        half = (high - low) / (side - 1) / 2
        area = QRectF(low - half, low - half, high - low + 2 * half, high - low + 2 * half)
    else:
        area = QRectF(window.left, window.bottom, window.span, window.span)
    steps = (np.arange(side) + 0.5) / side * area.width()
    x, y = np.meshgrid(area.left() + steps, area.top() + steps[::-1])
    return np.stack([x.ravel(), y.ravel()], axis=1), area


@dataclass(frozen=True)
class Projection:
    """Joins places of the plane to logical pixels: the square `plot` of a widget shows `window`."""

    window: Window
    plot: QRectF

    def to_pixels(self, places: FloatArray) -> FloatArray:
        """Map places of the plane (n, 2) to pixels (n, 2)."""
        shares = (places - (self.window.left, self.window.bottom)) / self.window.span
        left, bottom = self.plot.left(), self.plot.bottom()
        return np.stack([left + shares[:, 0] * self.plot.width(), bottom - shares[:, 1] * self.plot.height()], axis=1)

    def from_pixels(self, position: QPointF) -> FloatArray:
        """Map a pixel to its place (2,)."""
        right = (position.x() - self.plot.left()) / self.plot.width()
        up = (self.plot.bottom() - position.y()) / self.plot.height()
        return np.array([self.window.left + right * self.window.span, self.window.bottom + up * self.window.span])
