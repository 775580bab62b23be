"""Euclidean distances between all pairs of two sets of features, a block of rows after the other."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

Array = NDArray[np.floating]

_MOST_BYTES = 32 << 20  # of one block of distances
_ROUNDING = 1e-11
"""Squares of distances below this share of the squares of the features are zero: they come from subtracting numbers of
16 digits, and copies shall be found to be copies."""


def squared_distances(first: Array, second: Array) -> Iterator[tuple[slice, torch.Tensor]]:
    """Yield the squares, float64 (rows, len(second)), for one slice of the rows of `first` (count, size) at a time."""
    centre = np.asarray(second, np.float64).mean(0)
    one, other = (torch.from_numpy(np.asarray(features, np.float64) - centre) for features in (first, second))
    squares, other_squares = one.square().sum(1, keepdim=True), other.square().sum(1)
    rows = max(1, _MOST_BYTES // (8 * max(1, len(other))))
    for at in range(0, len(one), rows):
        block = slice(at, min(at + rows, len(one)))
        sums = squares[block] + other_squares
        found = torch.addmm(sums, one[block], other.T, alpha=-2)
        yield block, torch.where(found < _ROUNDING * sums, 0.0, found)
