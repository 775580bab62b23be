"""How the densities are fitted to points (count, 2) in degrees, each by the way that suits it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .densities import FloatArray, Gaussians, Histogram, Kernel, Rectangles, cells_of, is_inside, log_sum

CLOSE = 0.001
"""Degrees: a climber whose edges are all this near the best rectangle has arrived."""
_SMALLEST_REACH = 1e-4
_EM_STEPS = 200
_EM_GAIN = 1e-5  # nats per point


def best_box(points: FloatArray, smallest: float) -> FloatArray:
    """Return the rectangle (4,) of the largest likelihood: the tight bounding box, no side smaller than `smallest`.

    Each of N points inside has the density 1 / area, so the log-likelihood -N ln(area) grows as the area shrinks, until
    a point would fall outside, which makes it minus infinity.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    spare = np.maximum(smallest - (high - low), 0.0) / 2
    return np.concatenate([low - spare, high + spare])


def log_likelihood(points: FloatArray, box: FloatArray) -> tuple[float, int]:
    """Return the log-likelihood of points under one rectangle, and how many lie outside (then it is minus infinity)."""
    outside = int((~is_inside(points, box)).sum())
    area = float(np.prod(box[2:] - box[:2]))
    return (-np.inf if outside else -len(points) * float(np.log(area))), outside


def random_box(size: tuple[float, float], smallest: float, rng: np.random.Generator) -> FloatArray:
    """Return a rectangle between two random places of a map, to climb from."""
    corners = np.sort(rng.random((2, 2)) * size, axis=0)
    return best_box(corners, smallest)


@dataclass
class Climber:
    """A rectangle (4,) that climbs on a map of `size`, and how far in degrees each of its edges tries to move (4,).

    Nearly everywhere the likelihood is zero, which points nowhere: so first the points have to come less far beyond the
    edges, and then the area has to shrink. Success doubles a reach, failure makes it a third smaller.
    """

    box: FloatArray
    reach: FloatArray
    size: tuple[float, float]
    smallest: float

    def climb(self, points: FloatArray, proposals: int, rng: np.random.Generator) -> int:
        """Try random moves of one edge each, keep those that help, and return how many did."""
        helped = 0
        now = self._badness(points, self.box)
        for edge, move in zip(rng.integers(4, size=proposals), rng.standard_normal(proposals), strict=True):
            box = self.box.copy()
            box[edge] = np.clip(box[edge] + move * self.reach[edge], 0, self.size[edge % 2])
            wide = box[2:] - box[:2] >= self.smallest
            then = self._badness(points, box)
            better = bool(wide.all()) and then < now
            if better:
                self.box, now, helped = box, then, helped + 1
            self.reach[edge] = max(_SMALLEST_REACH, self.reach[edge] * (2.0 if better else 2 / 3))
        return helped

    def arrived(self, points: FloatArray) -> bool:
        """Tell whether no edge is further than CLOSE from where the likelihood is largest."""
        return bool(np.abs(self.box - best_box(points, self.smallest)).max() < CLOSE)

    @staticmethod
    def _badness(points: FloatArray, box: FloatArray) -> tuple[float, float]:
        beyond = np.maximum(box[:2] - points, 0).sum() + np.maximum(points - box[2:], 0).sum()
        return float(beyond), float(np.prod(box[2:] - box[:2]))


def one_rectangle(box: FloatArray) -> Rectangles:
    return Rectangles(box[None], np.ones(1))


def split_start(points: FloatArray, components: int, smallest: float) -> Rectangles:
    """Return a mixture that has only its first rectangle yet, around all points."""
    boxes, weights = np.zeros((components, 4)), np.zeros(components)
    boxes[0], weights[0] = best_box(points, smallest), 1.0
    return Rectangles(boxes, weights)


def split_step(points: FloatArray, mixture: Rectangles, smallest: float) -> Rectangles:
    """Cut the one rectangle in two whose best cut raises the likelihood most; each half shrinks around its points.

    The mixture stays as it is when all its rectangles are there or no cut helps.
    """
    used = int((mixture.weights > 0).sum())
    if used == len(mixture.weights):
        return mixture
    owner = _owners(points, mixture, used)
    cuts = [_best_cut(points[owner == index], smallest) for index in range(used)]
    best = max(range(used), key=lambda index: cuts[index][0])
    gain, mask = cuts[best]
    if gain <= 0:
        return mixture
    boxes, weights = mixture.boxes.copy(), mixture.weights.copy()
    mine = points[owner == best]
    for index, part in ((best, mine[mask]), (used, mine[~mask])):
        boxes[index] = best_box(part, smallest)
        weights[index] = len(part) / len(points)
    return Rectangles(boxes, weights)


def _owners(points: FloatArray, mixture: Rectangles, used: int) -> NDArray[np.int64]:
    """Return the rectangle (count,) that gives each point the most; the margins of thin ones may overlap others."""
    heights = [
        np.where(is_inside(points, box), height, -1.0)
        for box, height in zip(mixture.boxes[:used], mixture.heights()[:used], strict=True)
    ]
    owners: NDArray[np.int64] = np.argmax(np.array(heights), axis=0)
    return owners


def _best_cut(points: FloatArray, smallest: float) -> tuple[float, NDArray[np.bool_]]:
    """Return what the best cut of a rectangle's points adds to the log-likelihood, and which points are on one side."""
    count = len(points)
    best, chosen = -np.inf, np.zeros(count, dtype=bool)
    if count < 2:
        return best, chosen
    whole = count * np.log(count / _areas(points, smallest)[-1])
    for axis in (0, 1):
        order = np.argsort(points[:, axis], kind="stable")
        first = _areas(points[order], smallest)[:-1]
        second = _areas(points[order][::-1], smallest)[:-1][::-1]
        left = np.arange(1, count)
        gains = left * np.log(left / first) + (count - left) * np.log((count - left) / second) - whole
        at = int(np.argmax(gains))
        if gains[at] > best:
            best, chosen = float(gains[at]), np.zeros(count, dtype=bool)
            chosen[order[: at + 1]] = True
    return best, chosen


def _areas(points: FloatArray, smallest: float) -> FloatArray:
    """Return the areas (count,) of the bounding boxes of the first 1, 2, ... points."""
    sides = np.maximum.accumulate(points) - np.minimum.accumulate(points)
    areas: FloatArray = np.prod(np.maximum(sides, smallest), axis=1)
    return areas


def em_start(points: FloatArray, components: int, smallest: float, rng: np.random.Generator) -> Gaussians:
    """Return round Gaussians on points that lie far from each other (k-means++, Arthur and Vassilvitskii 2007)."""
    means = [points[rng.integers(len(points))]]
    while len(means) < components:
        squares = np.min([((points - mean) ** 2).sum(axis=1) for mean in means], axis=0)
        chance = squares / squares.sum() if squares.sum() > 0 else None
        means.append(points[rng.choice(len(points), p=chance)])
    variance = max(float(points.var(axis=0).mean()) / components, smallest**2)
    covariances = np.repeat(np.eye(2)[None] * variance, components, axis=0)
    return Gaussians(np.array(means), covariances, np.full(components, 1 / components))


def em_step(points: FloatArray, mixture: Gaussians, smallest: float) -> tuple[Gaussians, float]:
    """Do one round of expectation and maximisation; return it with the mean log-likelihood before, which never falls.

    A variance below the square of `smallest` is raised to it along its own axis. That is the best covariance that the
    bound allows, so the promise holds with it.
    """
    joint = mixture.log_joint(points)
    log_density = log_sum(joint)
    shares = np.exp(joint - log_density[:, None])
    counts = shares.sum(axis=0)
    alive = counts > 1e-9  # one that answers for nothing stays where it is
    safe = np.where(alive, counts, 1.0)[:, None]
    middle = points.mean(axis=0)
    x, y = (points - middle).T
    moments = shares.T @ np.stack([x, y, x * x, x * y, y * y], axis=1) / safe
    means = moments[:, :2]
    spread = moments[:, [2, 3, 3, 4]].reshape(-1, 2, 2) - means[:, :, None] * means[:, None]
    covariances = _at_least(np.where(alive[:, None, None], spread, mixture.covariances), smallest**2)
    means = np.where(alive[:, None], means + middle, mixture.means)
    return Gaussians(means, covariances, counts / counts.sum()), float(log_density.mean())


def _at_least(covariances: FloatArray, least: float) -> FloatArray:
    """Raise the variances (k, 2, 2) along their own axes to `least`."""
    values, axes = np.linalg.eigh(covariances)
    raised: FloatArray = (axes * np.maximum(values, least)[:, None]) @ axes.transpose(0, 2, 1)
    return raised


def fit_gaussians(points: FloatArray, components: int, smallest: float, rng: np.random.Generator) -> Gaussians:
    """Repeat EM until a round adds next to nothing."""
    mixture = em_start(points, components, smallest, rng)
    before = -np.inf
    for _ in range(_EM_STEPS):
        mixture, now = em_step(points, mixture, smallest)
        if now - before < _EM_GAIN:
            break
        before = now
    return mixture


def fit_rectangles(points: FloatArray, components: int, smallest: float) -> Rectangles:
    """Cut until all rectangles are there."""
    mixture = split_start(points, components, smallest)
    for _ in range(components - 1):
        mixture = split_step(points, mixture, smallest)
    return mixture


def histogram_shape(bins: int, size: tuple[float, float]) -> tuple[int, int]:
    """Return (rows, columns) for `bins` columns of cells that are about square."""
    return max(1, round(bins * size[1] / size[0])), bins


def fit_histogram(points: FloatArray, bins: int, pseudo_count: float, size: tuple[float, float]) -> Histogram:
    """Count the points of each cell, add the pseudo-count, and divide by the sum."""
    counts = np.full(histogram_shape(bins, size), pseudo_count)
    np.add.at(counts, cells_of(points, counts.shape, size), 1.0)
    return Histogram(counts / counts.sum(), size)


def fit_kernel(points: FloatArray, bandwidth: float) -> Kernel:
    return Kernel(points, bandwidth)
