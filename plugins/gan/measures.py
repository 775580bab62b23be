"""Cheap measures of samples against real pictures, in pixels; good enough to watch a training by."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from gendesk.data.dataset import ImageDataset, ImageSplit
from gendesk.engine.batches import to_tensor

_DIRECTIONS = 256
_ASKED, _SEARCHED, _BLOCK = 200, 2000, 500
CLOSE = 0.01
"""The share of real pictures that have a training picture as near as what counts as a copy."""


def sliced_distance(made: Tensor, real: Tensor, generator: torch.Generator) -> Tensor:
    """Return the sliced Wasserstein distance of two sets of pictures, (count, channels, height, width) in 0..1.

    Both clouds of pixels are looked at from many random directions, in each of which the distance is that of two sorted
    rows of numbers (Rabin and others, Wasserstein Barycenter and its Application to Texture Mixing, 2011). The result
    is the root mean square over all directions, in grey levels of 255 for a pixel.
    """
    size = made[0].numel()
    directions = torch.randn(size, _DIRECTIONS, generator=generator, device=made.device)
    directions /= directions.norm(dim=0)
    one, other = (pictures.flatten(1).float() @ directions for pictures in (made, real))
    apart = one.sort(0).values - other.sort(0).values
    return 255 * apart.square().mean().sqrt()


def relative_diversity(made: Tensor, real: Tensor) -> Tensor:
    """Return the mean distance between samples, in shares of that between real pictures: the mean of |a - b|."""
    return mean_distance(made) / mean_distance(real).clamp(min=1e-6)


def mean_distance(pictures: Tensor, most: int = 128) -> Tensor:
    """Return the mean over pairs of the first pictures of the mean |a - b| of their pixels, in 0..1."""
    flat = pictures[:most].flatten(1).float()
    count = len(flat)
    return torch.cdist(flat, flat, p=1).sum() / (max(1, count * (count - 1)) * flat.shape[1])


def batch_diversity(made: Tensor, real: Tensor) -> Tensor:
    """Return the same from neighbours in a batch alone: as many pairs as pictures, which costs next to nothing."""
    one, other = ((pictures[1:] - pictures[:-1]).abs().mean() for pictures in (made, real))
    return one / other.clamp(min=1e-6) if len(made) > 1 else torch.ones_like(one)


class Memorisation:
    """Measures how many samples are nearer to a training picture than real pictures, that were held out, ever are.

    Distances are Euclidean, in pixels; "ever" is the first percentile of those between held-out pictures and their
    nearest training pictures (after the data-copying tests of generative models, Meehan and others, 2020). It is found
    at the first question, from 200 held-out and 2,000 training pictures.
    """

    def __init__(self, data: ImageDataset, device: torch.device) -> None:
        self._data = data
        self._device = device
        self._limit: Tensor | None = None

    def share(self, made: Tensor) -> Tensor:
        """Return the share in 0..1 of the first samples (count, channels, height, width) in 0..1 that are copies."""
        if self._limit is None:
            held_out = next(_blocks(self._data.test, _ASKED, _ASKED, self._device))
            self._limit = torch.quantile(self._nearest(held_out), CLOSE)
        return (self._nearest(made[:_ASKED].flatten(1)) < self._limit).float().mean()

    def _nearest(self, flat: Tensor) -> Tensor:
        """Return the distance of each row (count, numbers) to its nearest training picture."""
        blocks = _blocks(self._data.train, _SEARCHED, _BLOCK, self._device)
        return torch.stack([torch.cdist(flat.float(), block).amin(1) for block in blocks]).amin(0)


def _blocks(split: ImageSplit, most: int, size: int, device: torch.device) -> Iterator[Tensor]:
    """Yield up to `most` pictures, spread over a split, as rows of numbers in 0..1."""
    chosen = np.linspace(0, len(split) - 1, min(most, len(split))).astype(np.int64)
    for start in range(0, len(chosen), size):
        yield to_tensor(np.array(split.images[chosen[start : start + size]]), device).flatten(1)
