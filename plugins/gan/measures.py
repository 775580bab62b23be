"""Cheap measures of samples against real pictures, in pixels; good enough to watch a training by."""

import torch
from torch import Tensor

_DIRECTIONS = 256


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
