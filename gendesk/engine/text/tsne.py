"""t-SNE: lays points out in a plane so that neighbours stay neighbours; distances between groups mean little.

Method, exaggeration and momentum: van der Maaten and Hinton, Visualizing Data using t-SNE (2008). Every pair is looked
at, which some hundreds of points allow.
"""

import numpy as np
from numpy.typing import NDArray

Float64Array = NDArray[np.float64]
_ROUNDS, _EXAGGERATED, _FACTOR = 350, 80, 4.0
_HALVINGS = 40
_FEWEST = 4  # points; fewer have no neighbours to speak of


def tsne(vectors: Float64Array, start: Float64Array, perplexity: float = 15.0) -> Float64Array:
    """Return places (points, 2) of vectors (points, width), from places to `start` from, such as those of PCA.

    `perplexity` is how many neighbours each point has, at most a third of all; the same start gives the same places.
    """
    count = len(vectors)
    if count < _FEWEST:
        return start
    wanted = _neighbours(vectors, min(perplexity, max(1.0, (count - 1) / 3)))
    places = start / max(float(start[:, 0].std()), 1e-12) * 1e-2
    speed, gains = np.zeros_like(places), np.ones_like(places)
    rate = max(count / 12, 20.0)
    for round_ in range(_ROUNDS):
        near = 1 / (1 + _squares(places))
        np.fill_diagonal(near, 0)
        factor = _FACTOR if round_ < _EXAGGERATED else 1.0
        pull = (factor * wanted - near / near.sum()) * near
        slope = 4 * (pull.sum(1)[:, None] * places - pull @ places)
        gains = np.where(np.sign(slope) == np.sign(speed), gains * 0.8, gains + 0.2).clip(0.01)
        speed = (0.5 if round_ < _EXAGGERATED else 0.8) * speed - rate * gains * slope
        places = places + speed
        places -= places.mean(0)
    return places


def _squares(points: Float64Array) -> Float64Array:
    sizes = (points**2).sum(1)
    return np.asarray(np.maximum(sizes[:, None] + sizes[None] - 2 * points @ points.T, 0))


def _neighbours(vectors: Float64Array, perplexity: float) -> Float64Array:
    """Return how much each pair belongs together (points, points), with sum 1; the widths are found by halving."""
    squares = _squares(vectors)
    squares /= max(float(squares.mean()), 1e-12)
    np.fill_diagonal(squares, np.inf)
    low, high = np.zeros(len(vectors)), np.full(len(vectors), 1e6)
    sharp = np.ones(len(vectors))
    for _ in range(_HALVINGS):
        chances = np.exp(-sharp[:, None] * (squares - squares.min(1, keepdims=True)))
        chances /= chances.sum(1, keepdims=True)
        entropy = -(chances * np.log(np.maximum(chances, 1e-300))).sum(1)
        wide = entropy > np.log(perplexity)
        low, high = np.where(wide, sharp, low), np.where(wide, high, sharp)
        sharp = np.where(high < 1e6, (low + high) / 2, sharp * 2)
    return np.asarray((chances + chances.T) / (2 * len(vectors)))
