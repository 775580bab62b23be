"""A meter for checkerboards: the pattern of every second pixel that transposed convolutions like to leave in pictures.

Where the kernel of a transposed convolution is no multiple of its stride, neighbouring pixels are made of different
numbers of products (Odena, Dumoulin and Olah, Deconvolution and Checkerboard Artifacts, Distill 2016). With a stride of
2 the traces lie at the highest frequencies: half a cycle per pixel across, down, or both.
"""

import torch
from torch import Tensor

_CORNERS = ((0.0, 0.5), (0.5, 0.0), (0.5, 0.5))
"""Frequencies of a grid of every second pixel, down and across, in cycles per pixel."""
_REACH = 1 / 12
"""How far from a corner its energy is counted, in cycles per pixel: a pattern that fades in and out is not one line in
the spectrum. What lies as far again says how much would be there anyway."""


def checkerboard(pictures: Tensor, real: Tensor) -> Tensor:
    """Return how much more of a grid of every second pixel pictures have than real ones, in per cent of their energy.

    Both are (count, channels, height, width), of any number and size. The result is a scalar from 0 (no more
    than real pictures) to 100 (nothing but a grid).
    """
    return (grid_share(pictures) - grid_share(real).clamp(min=0)).clamp(min=0)


def grid_share(pictures: Tensor) -> Tensor:
    """Return by how much the energy near the corners stands out from that next to them, in per cent of all energy.

    `pictures` are (count, channels, height, width); the result is a scalar up to 100. It is about zero for pictures
    with edges and for noise, whose spectra have no peaks, and negative where the energy falls towards the corners.
    Energy is what differs from the mean of a picture, faded out towards its border, which is no edge.
    """
    power = _power(pictures)
    down, across = (torch.fft.fftfreq(side, device=power.device).abs() for side in power.shape)
    total = power.new_zeros(())
    for row, column in _CORNERS:
        from_row, from_column = (down - row).abs(), (across - column).abs()
        core = power[from_row <= _REACH][:, from_column <= _REACH]
        above = power[_next(from_row)][:, from_column <= _REACH]
        beside = power[from_row <= _REACH][:, _next(from_column)]
        # Edges that run straight down or across lie on lines through a corner, so both directions are asked.
        total = total + core.sum() - core.numel() * torch.maximum(_mean(above), _mean(beside))
    return 100 * total / power.sum().clamp(min=1e-12)


def _next(distance: Tensor) -> Tensor:
    return (distance > _REACH) & (distance <= 2 * _REACH)


def _mean(power: Tensor) -> Tensor:
    """Return the mean, of which there is none in the spectra of pictures smaller than 8x8."""
    return power.sum() / max(1, power.numel())


def _power(pictures: Tensor) -> Tensor:
    """Return the mean power spectrum (height, width) of pictures, cut to even sides, so that half a cycle is in it."""
    height, width = (side - side % 2 for side in pictures.shape[-2:])
    cut = pictures[..., :height, :width].float()
    window = _hann(height, cut)[:, None] * _hann(width, cut)
    mean = (cut * window).sum((-2, -1), keepdim=True) / window.sum()
    power: Tensor = torch.fft.fft2((cut - mean) * window).abs().square().mean((0, 1))
    return power


def _hann(size: int, like: Tensor) -> Tensor:
    return torch.hann_window(size, device=like.device, dtype=like.dtype)
