"""Convolutions as one product of matrices, for layers with many weights and few places to put them.

PyTorch's kernels for CPUs read all weights again for every picture. Where they do not fit into the cache and a picture
has only a handful of places, reading is all that happens: measured with 512 filters of 5x5 over 256 channels (13 MB) at
4x4 places, the product takes half the time, and so do its gradients. Elsewhere the kernels are quicker, because they
need no copy of all windows.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

_MANY_WEIGHTS, _FEW_PLACES = 1 << 20, 16


def pays(weight: Tensor, places: int) -> bool:
    """Say whether a convolution with `weight` (filters, channels, kernel, kernel) is quicker as a product."""
    return weight.device.type == "cpu" and weight.numel() >= _MANY_WEIGHTS and places <= _FEW_PLACES


def convolution(pictures: Tensor, weight: Tensor, bias: Tensor | None, stride: int) -> Tensor:
    """Return what conv2d does without padding: (batch, in, h, w) to (batch, out, places down, places across)."""
    windows: Tensor = _Windows.apply(pictures.permute(0, 2, 3, 1), weight.shape[-1], stride)  # type: ignore[no-untyped-call]
    columns = weight.permute(0, 2, 3, 1).flatten(1)
    return functional.linear(windows.flatten(3), columns, bias).permute(0, 3, 1, 2)


class _Windows(torch.autograd.Function):
    """Copy every window of pictures (batch, h, w, channels): (batch, down, across, kernel, kernel, channels)."""

    @staticmethod
    def forward(ctx: Any, pictures: Tensor, kernel: int, stride: int) -> Tensor:
        ctx.size, ctx.stride = pictures.shape[1:3], stride
        windows = pictures.unfold(1, kernel, stride).unfold(2, kernel, stride)
        return windows.permute(0, 1, 2, 4, 5, 3).contiguous()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        return _Overlaid.apply(gradients[0], ctx.size, ctx.stride), None, None  # type: ignore[no-untyped-call]


class _Overlaid(torch.autograd.Function):
    """Add windows up where they lie on each other: the gradient of `_Windows`, whose own gradient is `_Windows`."""

    @staticmethod
    def forward(ctx: Any, windows: Tensor, size: tuple[int, int], stride: int) -> Tensor:
        batch, down, across, kernel, _, channels = windows.shape
        ctx.kernel, ctx.stride = kernel, stride
        pictures = windows.new_zeros(batch, *size, channels)
        for row in range(kernel):
            for column in range(kernel):
                rows = slice(row, row + stride * down, stride)
                columns = slice(column, column + stride * across, stride)
                pictures[:, rows, columns] += windows[:, :, :, row, column]
        return pictures

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        return _Windows.apply(gradients[0], ctx.kernel, ctx.stride), None, None  # type: ignore[no-untyped-call]
