"""The Fréchet distance between two sets of features, each taken for a Gaussian.

|m1 - m2|² + tr(S1 + S2 - 2 (S1 S2)^(1/2)): Dowson and Landau, The Fréchet distance between multivariate normal
distributions, 1982; for features of pictures: Heusel et al., GANs Trained by a Two Time-Scale Update Rule, NeurIPS
2017. It is biased: fewer samples give a larger distance, so only distances of equal counts compare.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from gendesk.errors import InputError

Array = NDArray[np.floating]
Float64Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Gaussian:
    """The `mean` (size,) and the unbiased `covariance` (size, size), float64, of `count` features."""

    mean: Float64Array
    covariance: Float64Array
    count: int


class GaussianFit:
    """Takes features of `size` numbers batch by batch, and keeps none of them.

    Batches are put together as in Chan, Golub and LeVeque, Updating Formulae and a Pairwise Algorithm for Computing
    Sample Variances, 1979, which loses no digits where the mean is large against the spread.
    """

    def __init__(self, size: int) -> None:
        self.count = 0
        self._mean = torch.zeros(size, dtype=torch.float64)
        self._scatter = torch.zeros(size, size, dtype=torch.float64)

    def add(self, features: Array) -> None:
        """Take features (count, size); raises ValueError for other sizes, InputError for what is not finite."""
        batch = torch.from_numpy(np.array(features, np.float64))
        if batch.ndim != 2 or batch.shape[1] != len(self._mean):
            raise ValueError(f"features of shape {tuple(batch.shape)} where (count, {len(self._mean)}) is wanted")
        if not len(batch):
            return
        if not bool(batch.isfinite().all()):
            raise InputError("Some features are no finite numbers, so no distance can be told from them.")
        mean = batch.mean(0)
        centred, away = batch - mean, mean - self._mean
        total = self.count + len(batch)
        self._scatter += centred.T @ centred + torch.outer(away, away) * (self.count * len(batch) / total)
        self._mean += away * (len(batch) / total)
        self.count = total

    def gaussian(self) -> Gaussian:
        """Return what has been fitted; raises InputError for fewer than 2 features."""
        if self.count < 2:
            raise InputError(f"A spread needs at least 2 pictures; there are {self.count}.")
        return Gaussian(self._mean.numpy().copy(), (self._scatter / (self.count - 1)).numpy(), self.count)


def fit(features: Array) -> Gaussian:
    """Return the Gaussian of features (count, size); raises InputError for fewer than 2, or not finite ones."""
    fitted = GaussianFit(features.shape[1])
    fitted.add(features)
    return fitted.gaussian()


def enough(count: int, size: int) -> bool:
    """Tell whether so many samples can have a spread in all directions of features of this size."""
    return count > size


def frechet_distance(first: Gaussian, second: Gaussian) -> float:
    """Return the distance, 0 for equal ones, in squared units of the features.

    Raises InputError where one of them is of so few samples that the distance would say more about their number.
    """
    size = len(first.mean)
    fewest = min(first.count, second.count)
    if not enough(fewest, size):
        raise InputError(
            f"The Fréchet distance of {size:,} features needs more than {size:,} pictures on each side; "
            f"there are {fewest:,}."
        )
    return exact_distance(first.mean, first.covariance, second.mean, second.covariance)


def exact_distance(
    first_mean: Float64Array, first_covariance: Float64Array, second_mean: Float64Array, second_covariance: Float64Array
) -> float:
    """Return the distance of Gaussians that are known: means (size,), covariances (size, size), of any rank.

    S1 S2 has the same eigenvalues as the symmetric S1^(1/2) S2 S1^(1/2), so the trace of its root needs two symmetric
    decompositions and cannot become complex, as a root of the product itself does by rounding.
    """
    one, two = torch.from_numpy(first_covariance), torch.from_numpy(second_covariance)
    values, vectors = torch.linalg.eigh(one)
    root = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    product = root @ two @ root
    shared = torch.linalg.eigvalsh((product + product.T) / 2).clamp(min=0).sqrt().sum()
    means = float(np.square(first_mean - second_mean).sum())
    return max(0.0, means + float(one.trace() + two.trace() - 2 * shared))
