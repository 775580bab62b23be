"""Are the samples good, and are they all there? Precision, recall, density and coverage of features.

A set of features is taken for the balls around each of them that reach to its k-th nearest neighbour. Precision is the
share of generated features within the balls of real ones, recall the share of real ones within those of generated
ones: Kynkäänniemi et al., Improved Precision and Recall Metric for Assessing Generative Models, NeurIPS 2019. Density
counts in how many balls of real features a generated one lies, and coverage is the share of real ones with a generated
one in their balls, which outliers mislead less: Naeem et al., Reliable Fidelity and Diversity Metrics for Generative
Models, ICML 2020.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from gendesk.engine.scores.distances import squared_distances
from gendesk.errors import InputError

Array = NDArray[np.floating]

NEAREST = 3
"""Neighbours to which the balls of precision and recall reach, as in the first paper."""
NEAREST_OF_DENSITY = 5
"""Neighbours to which the balls of density and coverage reach, as in the second paper."""

_SLACK = 1 + 1e-9  # of a squared radius: what lies just on the ball lies in it, however its distance was rounded


@dataclass(frozen=True, eq=False)
class Manifold:
    """Features (count, size), and the squared distances, float64 (count, 5), to the nearest other ones, in order."""

    features: Array
    nearest: NDArray[np.float64]

    def radii(self, neighbours: int) -> torch.Tensor:
        """Return the squared radii (count,) of balls that reach to this neighbour."""
        return torch.from_numpy(self.nearest[:, neighbours - 1] * _SLACK)


@dataclass(frozen=True)
class Neighbourhood:
    """Shares in 0..1, but `density`, which is about 1 where the samples lie as close to real ones as these do.

    `distance` is the mean distance from a generated feature to the nearest real one, over the mean distance from a
    real one to the nearest other: far below 1 for copies, 1 for what lies as real ones do.
    """

    precision: float
    recall: float
    density: float
    coverage: float
    distance: float


def manifold(features: Array) -> Manifold:
    """Measure the neighbourhood of features (count, size); raises InputError for fewer than 6."""
    if len(features) <= NEAREST_OF_DENSITY:
        raise InputError(
            f"Precision and recall need at least {NEAREST_OF_DENSITY + 1} pictures on each side; "
            f"there are {len(features)}."
        )
    nearest = torch.empty(len(features), NEAREST_OF_DENSITY, dtype=torch.float64)
    for rows, squares in squared_distances(features, features):
        squares[torch.arange(len(squares)), torch.arange(rows.start, rows.stop)] = torch.inf  # not its own neighbour
        nearest[rows] = squares.topk(NEAREST_OF_DENSITY, largest=False).values
    return Manifold(features, nearest.numpy())


def compare(real: Manifold, generated: Manifold) -> Neighbourhood:
    """Return how two sets of features of one size lie in each other."""
    real_radii, real_wide = real.radii(NEAREST), real.radii(NEAREST_OF_DENSITY)
    generated_radii = generated.radii(NEAREST)[:, None]
    inside, within, away = 0, 0, 0.0
    recalled = torch.zeros(len(real.features), dtype=torch.bool)
    covered = torch.zeros_like(recalled)
    for rows, squares in squared_distances(generated.features, real.features):
        wide = squares <= real_wide
        inside += int((squares <= real_radii).any(1).sum())
        within += int(wide.sum())
        covered |= wide.any(0)
        recalled |= (squares <= generated_radii[rows]).any(0)
        away += float(squares.amin(1).sqrt().sum())
    count = len(generated.features)
    usual = float(np.sqrt(real.nearest[:, 0]).mean())
    return Neighbourhood(
        inside / count,
        float(recalled.double().mean()),
        within / (NEAREST_OF_DENSITY * count),
        float(covered.double().mean()),
        away / count / usual if usual else float(away > 0),
    )
