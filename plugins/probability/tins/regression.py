"""Regression by least squares of two numbers on two others: one tensor, which a model keeps as a buffer.

Its first row is the centre of the given numbers, its second row their spread; below stand the weights of the terms:
1, both numbers, then for `CURVED` their products of up to four factors, because the plane that a model finds is bent.
"""

from itertools import combinations_with_replacement

import torch
from torch import Tensor

LINEAR, CURVED = 1, 4

_TERMS = {
    degree: [powers for order in range(degree + 1) for powers in combinations_with_replacement(range(2), order)]
    for degree in (LINEAR, CURVED)
}
_DEGREES = {2 + len(terms): degree for degree, terms in _TERMS.items()}


def blank(degree: int) -> Tensor:
    """Return a regression that predicts 0 of everything."""
    regression = torch.zeros(2 + len(_TERMS[degree]), 2)
    regression[1] = 1.0
    return regression


def fit(given: Tensor, wanted: Tensor, degree: int) -> Tensor:
    """Return the regression, `LINEAR` or `CURVED`, that predicts `wanted` (count, 2) from `given` (count, 2) best."""
    exact_given, exact_wanted = given.double().cpu(), wanted.double().cpu()
    centre, spread = exact_given.mean(0), exact_given.std(0, correction=0).clamp_min(1e-6)
    # By the pseudoinverse, because codes that lie on a line, as before any training, leave weights undetermined.
    weights = torch.linalg.pinv(_terms((exact_given - centre) / spread, degree)) @ exact_wanted
    return torch.cat([centre[None], spread[None], weights]).to(given)


def predict(regression: Tensor, given: Tensor) -> Tensor:
    """Turn numbers (count, 2) into what a regression predicts (count, 2)."""
    centre, spread, weights = regression[0], regression[1], regression[2:]
    return _terms((given - centre) / spread, _DEGREES[len(regression)]) @ weights


def slopes(regression: Tensor) -> Tensor:
    """Return the weights of the given numbers themselves, (2 given, 2 predicted), in the units of both."""
    return regression[3:5] / regression[1][:, None]


def r_squared(predicted: Tensor, true: Tensor) -> Tensor:
    """Return the coefficient of determination of each column, (2,): 1 is perfect, 0 no better than the mean."""
    residual = (true - predicted).square().sum(0)
    total = (true - true.mean(0)).square().sum(0)
    return 1 - residual / total.clamp_min(1e-12)


def _terms(scaled: Tensor, degree: int) -> Tensor:
    """Return 1, the numbers and their products, (count, terms)."""
    return torch.stack([scaled[:, list(powers)].prod(1) for powers in _TERMS[degree]], dim=1)
