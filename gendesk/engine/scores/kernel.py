"""The kernel distance between two sets of features: the squared maximum mean discrepancy of a cubic kernel.

Bińkowski et al., Demystifying MMD GANs, ICLR 2018, where it is called KID on features of Inception. Unlike the Fréchet
distance it is unbiased: for two samples of one distribution it is zero on average, and may fall below.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from gendesk.errors import InputError

Array = NDArray[np.floating]

LARGEST_SUBSET = 1000
FEWEST_SUBSETS = 10
_FEWEST = 2 * FEWEST_SUBSETS


@dataclass(frozen=True)
class KernelDistance:
    """The `mean` over subsets, and its standard `error`."""

    mean: float
    error: float


def kernel_distance(first: Array, second: Array, seed: int = 1) -> KernelDistance:
    """Return the distance of features (count, size), of any two counts from 20 on; raises InputError for fewer.

    Both are dealt out to as many subsets, in a random order that follows from the seed. No feature is in two of
    them, so their distances are independent and the standard error of their mean is what it says; being unbiased, the
    mean does not depend on their size.
    """
    count = min(len(first), len(second))
    if count < _FEWEST:
        raise InputError(f"The kernel distance needs at least {_FEWEST} pictures on each side; there are {count}.")
    subsets = max(FEWEST_SUBSETS, math.ceil(count / LARGEST_SUBSET))
    rng = np.random.default_rng(seed)
    ones, others = (_dealt(features, subsets, rng) for features in (first, second))
    distances = np.array([squared_mmd(one, other) for one, other in zip(ones, others, strict=True)])
    return KernelDistance(float(distances.mean()), float(distances.std(ddof=1)) / math.sqrt(subsets))


def squared_mmd(first: Array, second: Array) -> float:
    """Return the unbiased estimate of MMD² between features (count, size), at least 2 on each side.

    The kernel is (x·y / size + 1)³. No feature is compared with itself.
    """
    one, other = (torch.from_numpy(np.array(features, np.float64)) for features in (first, second))
    return _mean_of_pairs(one) + _mean_of_pairs(other) - 2 * float(_kernel(one, other).mean())


def _kernel(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    return (first @ second.T / first.shape[1] + 1) ** 3


def _mean_of_pairs(features: torch.Tensor) -> float:
    kernel = _kernel(features, features)
    count = len(features)
    return float(kernel.sum() - kernel.diagonal().sum()) / (count * (count - 1))


def _dealt(features: Array, subsets: int, rng: np.random.Generator) -> list[Array]:
    order = rng.permutation(len(features))
    size = min(LARGEST_SUBSET, len(features) // subsets)
    return [features[order[number * size : (number + 1) * size]] for number in range(subsets)]
