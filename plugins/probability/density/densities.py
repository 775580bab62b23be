"""Densities over a flat map, in numpy: what each says of a point, and how each draws new ones.

Points are float64 (count, 2), x to the east and y to the north in degrees from the lower left of the map. Densities are
per square degree, their logarithms natural; where a density is zero the logarithm is minus infinity.
"""

from dataclasses import dataclass
from math import log, pi
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
FLOOR = -30.0
"""What a point of density zero counts in a mean that has to stay finite: about 1e-13 per square degree."""
_CHUNK = 2_000_000  # pairs of points looked at together


class Density(Protocol):
    """What every density can do."""

    @property
    def parameters(self) -> int:
        """How many numbers were fitted."""
        ...

    def log_density(self, points: FloatArray) -> FloatArray:
        """Return (count,) logarithms of the density per square degree."""
        ...

    def draw(self, count: int, rng: np.random.Generator) -> FloatArray:
        """Return new points (count, 2)."""
        ...

    def numbers(self) -> FloatArray:
        """Return all that the density consists of as one vector, which the reader of its kind takes back."""
        ...


@dataclass(frozen=True)
class Rectangles:
    """A mixture of rectangles: boxes (k, 4) as west, south, east, north, and weights (k,) that sum to 1.

    A weight of 0 marks a box that is not there yet.
    """

    boxes: FloatArray
    weights: FloatArray

    @property
    def parameters(self) -> int:
        """Four corners each, and all weights but the last, which follows from the others."""
        used = int((self.weights > 0).sum())
        return 5 * used - 1

    def heights(self) -> FloatArray:
        """Return the density (k,) that each box adds within it."""
        areas = np.maximum(np.prod(self.boxes[:, 2:] - self.boxes[:, :2], axis=1), 1e-12)
        heights: FloatArray = self.weights / areas
        return heights

    def log_density(self, points: FloatArray) -> FloatArray:
        density = np.zeros(len(points))
        for box, height in zip(self.boxes, self.heights(), strict=True):
            density += np.where(is_inside(points, box), height, 0.0)
        return _log(density)

    def draw(self, count: int, rng: np.random.Generator) -> FloatArray:
        boxes = self.boxes[rng.choice(len(self.boxes), count, p=self.weights / self.weights.sum())]
        points: FloatArray = boxes[:, :2] + rng.random((count, 2)) * (boxes[:, 2:] - boxes[:, :2])
        return points

    def numbers(self) -> FloatArray:
        return np.column_stack([self.boxes, self.weights]).ravel()

    @classmethod
    def read(cls, numbers: FloatArray) -> "Rectangles":
        table = numbers.reshape(-1, 5)
        return cls(table[:, :4], table[:, 4])


@dataclass(frozen=True)
class Gaussians:
    """A mixture of Gaussians: means (k, 2), covariances (k, 2, 2) in square degrees, and weights (k,)."""

    means: FloatArray
    covariances: FloatArray
    weights: FloatArray

    @property
    def parameters(self) -> int:
        """Two for each mean, three for each covariance, and all weights but the last."""
        return 6 * len(self.weights) - 1

    def log_joint(self, points: FloatArray) -> FloatArray:
        """Return (count, k): the logarithm of weight times density of each component at each point."""
        # Written out for two dimensions: an einsum over small matrices takes ten times as long.
        var_x, cov, var_y = self.covariances[:, 0, 0], self.covariances[:, 0, 1], self.covariances[:, 1, 1]
        determinant = var_x * var_y - cov**2
        dx, dy = points[:, :1] - self.means[:, 0], points[:, 1:] - self.means[:, 1]
        squares = dx**2 * (var_y / determinant) - dx * dy * (2 * cov / determinant) + dy**2 * (var_x / determinant)
        constant: FloatArray = _log(self.weights) - log(2 * pi) - 0.5 * np.log(determinant)
        return constant - 0.5 * squares

    def log_density(self, points: FloatArray) -> FloatArray:
        return log_sum(self.log_joint(points))

    def draw(self, count: int, rng: np.random.Generator) -> FloatArray:
        chosen = rng.choice(len(self.weights), count, p=self.weights / self.weights.sum())
        roots = np.linalg.cholesky(self.covariances)[chosen]
        away: FloatArray = np.einsum("nij,nj->ni", roots, rng.standard_normal((count, 2)))
        return self.means[chosen] + away

    def numbers(self) -> FloatArray:
        spread = self.covariances.reshape(-1, 4)[:, [0, 1, 3]]
        return np.column_stack([self.means, spread, self.weights]).ravel()

    @classmethod
    def read(cls, numbers: FloatArray) -> "Gaussians":
        table = numbers.reshape(-1, 6)
        return cls(table[:, :2], table[:, [2, 3, 3, 4]].reshape(-1, 2, 2), table[:, 5])


@dataclass(frozen=True)
class Kernel:
    """A round Gaussian hill of standard deviation `bandwidth`, in degrees, on every one of its points (n, 2)."""

    points: FloatArray
    bandwidth: float

    @property
    def parameters(self) -> int:
        """The points themselves: two numbers each. The bandwidth is chosen, not fitted."""
        return self.points.size

    def log_density(self, points: FloatArray) -> FloatArray:
        rows = max(1, _CHUNK // len(self.points))
        parts = [self._log_part(points[start : start + rows]) for start in range(0, len(points), rows)]
        return np.concatenate(parts) if parts else np.empty(0)

    def _log_part(self, points: FloatArray) -> FloatArray:
        scaled, centers = points / self.bandwidth, self.points / self.bandwidth
        squares = (scaled[:, None, 0] - centers[:, 0]) ** 2 + (scaled[:, None, 1] - centers[:, 1]) ** 2
        return log_sum(-0.5 * squares) - log(2 * pi * self.bandwidth**2 * len(self.points))

    def on_lattice(self, xs: FloatArray, ys: FloatArray) -> FloatArray:
        """Return densities (len(ys), len(xs)); the hill is a product, so a lattice is one product of matrices."""
        across = np.exp(-0.5 * ((xs[:, None] - self.points[:, 0]) / self.bandwidth) ** 2)
        up = np.exp(-0.5 * ((ys[:, None] - self.points[:, 1]) / self.bandwidth) ** 2)
        lattice: FloatArray = up @ across.T / (2 * pi * self.bandwidth**2 * len(self.points))
        return lattice

    def draw(self, count: int, rng: np.random.Generator) -> FloatArray:
        centers = self.points[rng.integers(len(self.points), size=count)]
        return centers + self.bandwidth * rng.standard_normal((count, 2))

    def numbers(self) -> FloatArray:
        return np.array([self.bandwidth])


@dataclass(frozen=True)
class Histogram:
    """Shares (rows, columns) of the cells of a map of `size` (width, height) in degrees, the south first."""

    shares: FloatArray
    size: tuple[float, float]

    @property
    def parameters(self) -> int:
        """One for each cell but the last, because they sum to 1."""
        return self.shares.size - 1

    @property
    def cell(self) -> FloatArray:
        """Width and height of a cell in degrees."""
        rows, columns = self.shares.shape
        return np.array([self.size[0] / columns, self.size[1] / rows])

    def log_density(self, points: FloatArray) -> FloatArray:
        on_map = is_inside(points, np.array([0.0, 0.0, *self.size]))
        row, column = cells_of(points, self.shares.shape, self.size)
        return _log(np.where(on_map, self.shares[row, column] / np.prod(self.cell), 0.0))

    def draw(self, count: int, rng: np.random.Generator) -> FloatArray:
        shares = self.shares.ravel()
        row, column = np.divmod(rng.choice(len(shares), count, p=shares / shares.sum()), self.shares.shape[1])
        return (np.stack([column, row], axis=1) + rng.random((count, 2))) * self.cell

    def numbers(self) -> FloatArray:
        return self.shares.ravel()


def is_inside(points: FloatArray, box: FloatArray) -> NDArray[np.bool_]:
    """Tell for each point whether it lies in a box (4,), its edges included."""
    x, y = points[:, 0], points[:, 1]
    inside: NDArray[np.bool_] = (x >= box[0]) & (y >= box[1]) & (x <= box[2]) & (y <= box[3])
    return inside


def cells_of(
    points: FloatArray, shape: tuple[int, ...], size: tuple[float, float]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return row and column of each point on a grid of `shape` (rows, columns), row 0 in the south."""
    rows, columns = shape
    column = np.clip(np.floor(points[:, 0] / size[0] * columns), 0, columns - 1).astype(np.int64)
    row = np.clip(np.floor(points[:, 1] / size[1] * rows), 0, rows - 1).astype(np.int64)
    return row, column


def log_sum(values: FloatArray) -> FloatArray:
    """Return log(sum(exp(values), axis=1)) without overflow; -inf where all are."""
    top = values.max(axis=1)
    safe = np.where(np.isfinite(top), top, 0.0)
    return safe + _log(np.exp(values - safe[:, None]).sum(axis=1))


def lattice(density: Density, size: tuple[float, float], shape: tuple[int, int]) -> NDArray[np.float32]:
    """Return the density per square degree at the middle of each cell, (rows, columns), the north at the top."""
    rows, columns = shape
    xs = (np.arange(columns) + 0.5) * size[0] / columns
    ys = (np.arange(rows)[::-1] + 0.5) * size[1] / rows
    if isinstance(density, Kernel):
        return density.on_lattice(xs, ys).astype(np.float32)
    points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    return np.exp(density.log_density(points)).reshape(shape).astype(np.float32)


def _log(values: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore"):
        return np.log(values)
