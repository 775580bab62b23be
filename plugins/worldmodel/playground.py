"""Evolution strategies on landscapes of two variables, where one can watch them: CMA-ES and the plain step of the book.

Both draw a population from a normal distribution, and move and reshape it by the best of them. The plain step is that
of Foster, Generative Deep Learning (1st edition), section "The Covariance Matrix Adaptation Evolution Strategy".
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .evolution import Evolution

Values = NDArray[np.float64]
Method = Literal["cma", "plain"]
METHODS: tuple[Method, ...] = ("cma", "plain")

SHARE = 0.25
"""Which part of the population the plain step learns from."""
MOST_GENERATIONS = 300
_CLOSE = 1e-7
"""A distribution this much narrower than the landscape has come to rest."""
_BANDS = 14


@dataclass(frozen=True)
class Landscape:
    """A function of places (n, 2) to heights (n,), of which 0 is the lowest, and where to look at it and to begin."""

    id: str
    formula: str
    source: str
    height: Callable[[Values], Values]
    low: tuple[float, float]
    high: tuple[float, float]
    start: tuple[float, float]
    lowest: tuple[tuple[float, float], ...]

    @property
    def width(self) -> float:
        return self.high[0] - self.low[0]

    @property
    def sigma(self) -> float:
        """A step size to begin with: the population spreads over a part of the landscape."""
        return self.width / 12


def _sphere(places: Values) -> Values:
    return np.asarray((places**2).sum(1))


def _turned(places: Values, degrees: float) -> Values:
    angle = math.radians(degrees)
    return np.asarray(places @ [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


def _ellipse(places: Values) -> Values:
    return np.asarray((_turned(places, 30) ** 2 * [1, 100]).sum(1))


def _ridge(places: Values) -> Values:
    along, across = _turned(places, 35).T
    return np.asarray(along**2 + 100 * np.abs(across))


def _banana(places: Values) -> Values:
    x, y = places.T
    return np.asarray((1 - x) ** 2 + 100 * (y - x**2) ** 2)


def _rastrigin(places: Values) -> Values:
    return np.asarray(20 + (places**2 - 10 * np.cos(2 * np.pi * places)).sum(1))


def _himmelblau(places: Values) -> Values:
    x, y = places.T
    return np.asarray((x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2)


_BENCHMARK = "Finck, Hansen, Ros and Auger (2009), Real-Parameter Black-Box Optimization Benchmarking"

LANDSCAPES: tuple[Landscape, ...] = (
    Landscape("sphere", "x² + y²", f"{_BENCHMARK}, f1", _sphere, (-5, -5), (5, 5), (-3.5, 3), ((0, 0),)),
    Landscape(
        "ellipse",
        "u² + 100 v², where (u, v) is (x, y) turned by 30°",
        f"{_BENCHMARK}, f10 with a smaller ratio",
        _ellipse,
        (-5, -5),
        (5, 5),
        (-4, 2),
        ((0, 0),),
    ),
    Landscape(
        "banana",
        "(1 - x)² + 100 (y - x²)²",
        "Rosenbrock (1960), An Automatic Method for Finding the Greatest or Least Value of a Function",
        _banana,
        (-2, -1),
        (2, 3),
        (-1.5, 2.5),
        ((1, 1),),
    ),
    Landscape(
        "rastrigin",
        "20 + x² - 10 cos 2πx + y² - 10 cos 2πy",
        "Rastrigin (1974), Systems of Extremal Control",
        _rastrigin,
        (-5, -5),
        (5, 5),
        (-3.5, 3),
        ((0, 0),),
    ),
    Landscape(
        "himmelblau",
        "(x² + y - 11)² + (x + y² - 7)²",
        "Himmelblau (1972), Applied Nonlinear Programming",
        _himmelblau,
        (-6, -6),
        (6, 6),
        (0, 0),
        ((3, 2), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126)),
    ),
    Landscape(
        "ridge",
        "u² + 100 |v|, where (u, v) is (x, y) turned by 35°",
        f"{_BENCHMARK}, f13",
        _ridge,
        (-5, -5),
        (5, 5),
        (-4, 1),
        ((0, 0),),
    ),
)


def bands(landscape: Landscape, columns: int, rows: int) -> NDArray[np.uint8]:
    """Return which of 14 bands of height each pixel (rows, columns) lies in: 0 is the lowest, y grows upwards.

    The bands are no equal steps of height, which would show a cliff and nothing else, but hold the larger parts of the
    area the higher they are.
    """
    x = landscape.low[0] + (np.arange(columns) + 0.5) / columns * landscape.width
    y = landscape.high[1] - (np.arange(rows) + 0.5) / rows * (landscape.high[1] - landscape.low[1])
    places = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)
    heights = landscape.height(places)
    limits = np.quantile(heights, (np.arange(1, _BANDS) / _BANDS) ** 2)
    return np.searchsorted(limits, heights).astype(np.uint8).reshape(rows, columns)


@dataclass(frozen=True)
class Generation:
    """One generation: what was drawn from which distribution, who was chosen, and what they made of it."""

    number: int  # from 1
    mean: Values  # (2,)
    covariance: Values  # (2, 2)
    points: Values  # (population, 2)
    heights: Values  # (population,)
    chosen: NDArray[np.bool_]  # (population,)
    next_mean: Values
    next_covariance: Values
    best: float
    """The lowest height of this generation and of those before."""


def plain_step(points: Values, heights: Values, mean: Values) -> tuple[NDArray[np.bool_], Values, Values]:
    """Return who of a population (n, 2) is chosen (n,), and their mean (2,) and covariance (2, 2).

    These are the best quarter, two at least. The covariance is taken about the old mean: steps that went the same way
    lengthen the distribution in that direction.
    """
    count = max(2, round(SHARE * len(points)))
    order = np.argsort(heights, kind="stable")[:count]
    chosen = np.zeros(len(points), bool)
    chosen[order] = True
    away = points[order] - mean
    return chosen, points[order].mean(0), away.T @ away / count


class Search:
    """Looks for the lowest place of a landscape, one generation with each `advance`; see `generations`."""

    def __init__(
        self, landscape: Landscape, method: Method, start: ArrayLike, sigma: float, population: int, seed: int
    ) -> None:
        """Begin at `start` (2,) with a circle of radius `sigma`; raises InputError for what cannot be drawn from."""
        self.landscape, self.method = landscape, method
        self.generations: list[Generation] = []
        self.mean: Values = np.array(start, np.float64)
        self.covariance: Values = sigma**2 * np.eye(2)
        self._evolution = Evolution(2, population, sigma, seed, self.mean) if method == "cma" else None
        self._population, self._generator = population, np.random.default_rng(seed)

    @property
    def trail(self) -> Values:
        """All means until now (generations + 1, 2), the start first."""
        return np.array([*(generation.mean for generation in self.generations), self.mean])

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more that one could see, or it has gone off, or on for too long."""
        widest = np.sqrt(np.linalg.eigvalsh(self.covariance)[-1])
        narrow, wide = _CLOSE * self.landscape.width, 1e6 * self.landscape.width
        return len(self.generations) >= MOST_GENERATIONS or not narrow < widest < wide

    def advance(self) -> Generation:
        """Draw a population, choose from it, and move and reshape the distribution."""
        mean, covariance = self.mean, self.covariance
        if self._evolution is not None:
            points = self._evolution.ask()
            heights = self.landscape.height(points)
            self._evolution.tell(-heights)
            chosen = np.argsort(np.argsort(heights, kind="stable"), kind="stable") < self._population // 2
            self.mean, self.covariance = self._evolution.mean, self._evolution.covariance
        else:
            points = mean + self._generator.standard_normal((self._population, 2)) @ _root(covariance)
            heights = self.landscape.height(points)
            chosen, self.mean, self.covariance = plain_step(points, heights, mean)
        before = self.generations[-1].best if self.generations else math.inf
        best = min(before, float(heights.min()))
        number = len(self.generations) + 1
        generation = Generation(number, mean, covariance, points, heights, chosen, self.mean, self.covariance, best)
        self.generations.append(generation)
        return generation


def ellipse(mean: Values, covariance: Values, sigmas: float, count: int = 72) -> Values:
    """Return points (count, 2) around the ellipse that lies `sigmas` standard deviations from the mean."""
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], 1)
    return np.asarray(mean + sigmas * circle @ _root(covariance))


def _root(covariance: Values) -> Values:
    """Return the symmetric square root of a covariance (2, 2)."""
    lengths, axes = np.linalg.eigh(covariance)
    return np.asarray((axes * np.sqrt(np.maximum(lengths, 0))) @ axes.T)
