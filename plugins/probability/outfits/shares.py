"""From counts to probabilities, for tables whose columns are features with a few values each.

A distribution over all combinations is one vector, float64 (cells,), in row-major order of the features' values.
Source: Foster, Generative Deep Learning (1st edition), chapter 1; mutual information: Shannon, 1948.
"""

import math
from collections.abc import Sequence
from functools import reduce

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from gendesk.errors import InputError

FREE = -1
"""Stands in a row of values for a feature that may have any."""

LEAST = 1e-12
"""A probability of 0 counts as this (-27.6 nats) in log-likelihoods, so that their mean stays a number."""


def smoothed(counts: Tensor, pseudo_count: float) -> Tensor:
    """Turn counts (values,) into probabilities: (n + a) / (N + a x values); all are equal while nothing is counted."""
    weights = counts.double() + pseudo_count
    total = weights.sum()
    return torch.where(total > 0, weights / total.clamp_min(1e-300), torch.full_like(weights, 1 / len(weights)))


def marginal_counts(counts: Tensor, sizes: Sequence[int]) -> list[Tensor]:
    """Return how often each value of each feature occurs: one vector (values,) for each feature."""
    table = counts.reshape(tuple(sizes))
    every = range(len(sizes))
    return [table.sum([axis for axis in every if axis != kept]) if len(sizes) > 1 else table for kept in every]


def multinomial(counts: Tensor, pseudo_count: float) -> Tensor:
    """Give each combination a probability of its own; `pseudo_count` is added for every one of them."""
    return smoothed(counts, pseudo_count)


def naive_bayes(counts: Tensor, sizes: Sequence[int], pseudo_count: float) -> Tensor:
    """Multiply the features' shares, as if no feature knew of another; `pseudo_count` is added for every value."""
    shares = [smoothed(column, pseudo_count) for column in marginal_counts(counts, sizes)]
    return reduce(lambda product, share: torch.outer(product, share).flatten(), shares)


def marginals(probabilities: Tensor, sizes: Sequence[int]) -> list[Tensor]:
    """Return the probability of each value of each feature under a distribution over combinations."""
    return marginal_counts(probabilities, sizes)


def given(probabilities: Tensor, sizes: Sequence[int], pins: Sequence[int]) -> Tensor:
    """Return the distribution given some features' values; the others are FREE in `pins`.

    Raises InputError if no combination with these values is possible.
    """
    kept = torch.zeros(tuple(sizes), dtype=torch.float64, device=probabilities.device)
    place = tuple(slice(None) if pin == FREE else pin for pin in pins)
    kept[place] = probabilities.reshape(tuple(sizes))[place]
    total = float(kept.sum())
    if total <= 0:
        raise InputError("The model has never seen these values together; unpin one, or raise the pseudo-count.")
    return kept.flatten() / total


def draw_cells(probabilities: Tensor, count: int, generator: Generator) -> Tensor:
    """Draw combinations, int64 (count,), each independently of the others."""
    return torch.multinomial(probabilities, count, replacement=True, generator=generator)


def log_likelihood(probabilities: Tensor, cells: Tensor) -> Tensor:
    """Return the mean logarithm of the probabilities of observed combinations, in nats."""
    return probabilities[cells].clamp_min(LEAST).log().mean()


def mutual_information(rows: NDArray[np.int64], sizes: Sequence[int]) -> NDArray[np.float64]:
    """Return how many bits each feature tells of each other: (features, features), symmetric, 0 in the diagonal.

    `rows` are (count, features). In a small table the numbers are above 0 also for features that have nothing to do
    with each other; `shuffled_information` tells how much.
    """
    features = len(sizes)
    information = np.zeros((features, features))
    for one in range(features):
        for other in range(one):
            pairs = np.bincount(rows[:, one] * sizes[other] + rows[:, other], minlength=sizes[one] * sizes[other])
            joint = pairs.reshape(sizes[one], sizes[other]) / max(1, len(rows))
            apart = np.outer(joint.sum(1), joint.sum(0))
            seen = joint > 0
            bits = float((joint[seen] * np.log2(joint[seen] / apart[seen])).sum())
            information[one, other] = information[other, one] = max(0.0, bits)
    return information


def shuffled_information(
    rows: NDArray[np.int64], sizes: Sequence[int], seed: int, times: int = 20
) -> NDArray[np.float64]:
    """Return the mean of `mutual_information` where every column is shuffled by itself: the noise of so few rows."""
    random = np.random.default_rng(seed)
    shuffles = (random.permuted(rows, axis=0) for _ in range(times))
    total: NDArray[np.float64] = sum(
        (mutual_information(rows, sizes) for rows in shuffles), np.zeros((len(sizes),) * 2)
    )
    return total / times


def cell_count(sizes: Sequence[int]) -> int:
    return math.prod(sizes)
