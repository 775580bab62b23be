"""What is said of a sample: the two rules that any generative model should keep (Foster, chapter 1).

Rule 1: samples look as if they came from the data's own distribution. Rule 2: they are no copies of training points.
"""

import numpy as np
from numpy.typing import NDArray

from .densities import FloatArray, cells_of, is_inside

IN_THE_SEA, COPY, SUCCESS = range(3)
TITLES = ("In the sea", "Copies", "Successes")


def verdicts(
    samples: FloatArray,
    training: FloatArray,
    region: NDArray[np.bool_],
    size: tuple[float, float],
    copy_distance: float,
) -> NDArray[np.int64]:
    """Judge samples (count, 2): IN_THE_SEA breaks rule 1, COPY breaks rule 2, SUCCESS keeps both.

    `region` is (rows, columns), the north at the top: true where points can lie. Beyond the map there is no land.
    A copy lies closer to a training point than `copy_distance`, in degrees on the flat map.
    """
    row, column = cells_of(samples, region.shape, size)
    on_land = region[::-1][row, column] & is_inside(samples, np.array([0.0, 0.0, *size]))
    result = np.where(nearest(samples, training) < copy_distance, COPY, SUCCESS)
    return np.where(on_land, result, IN_THE_SEA).astype(np.int64)


def nearest(samples: FloatArray, training: FloatArray) -> FloatArray:
    """Return the distance (count,) of each sample to its nearest training point, in degrees."""
    parts = [
        np.sqrt(((samples[start : start + 256, None] - training) ** 2).sum(axis=2)).min(axis=1)
        for start in range(0, len(samples), 256)
    ]
    return np.concatenate(parts) if parts else np.empty(0)


def shares(found: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return the shares of samples in the sea, of copies, and of successes."""
    counts = np.bincount(found, minlength=3) / max(1, len(found))
    return float(counts[IN_THE_SEA]), float(counts[COPY]), float(counts[SUCCESS])
