"""Convolution by hand: one kernel over a picture, with every number on its way to be looked at.

As in every network library the kernel is not mirrored, so strictly speaking this is cross-correlation.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from gendesk.errors import InputError

Padding = Literal["same", "valid"]
Float64Array = NDArray[np.float64]

KERNEL_SIDES = (3, 5, 7)
STRIDES = (1, 2, 3, 4)
PADDINGS: tuple[Padding, ...] = ("same", "valid")

# Horizontal and vertical edges: Foster, Generative Deep Learning (1st edition), chapter 2, figure 2.11. The others are
# the usual small filters of picture processing.
_SMALL = {
    "horizontal": [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
    "vertical": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    "laplace": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
}
PRESETS = ("horizontal", "vertical", "blur", "sharpen", "emboss", "laplace", "identity", "random")


def preset_kernel(name: str, side: int, rng: np.random.Generator) -> Float64Array:
    """Return a kernel (side, side) by its name in PRESETS; only "random" draws from `rng`.

    The edge filters and the blur fill the whole side, all others lie in the middle of zeros.
    """
    if name == "random":
        return np.round(rng.uniform(-1, 1, (side, side)), 1) + 0.0
    if name == "blur":
        return np.full((side, side), 1 / side**2)
    if name in ("horizontal", "vertical"):
        ramp = np.sign(np.arange(side) - side // 2).astype(float)
        return np.tile(ramp, (side, 1)) if name == "vertical" else np.tile(-ramp[:, None], (1, side)) + 0.0
    return resized_kernel(np.array(_SMALL[name], float), side)


def preset_of(kernel: Float64Array) -> str:
    """Return the name of the preset that a kernel is, "" for any other."""
    names = (name for name in PRESETS if name != "random")
    side, rng = len(kernel), np.random.default_rng(0)
    return next((name for name in names if np.allclose(kernel, preset_kernel(name, side, rng))), "")


def resized_kernel(kernel: Float64Array, side: int) -> Float64Array:
    """Put zeros around a kernel, or cut its edge off, so that it becomes (side, side) with the same middle."""
    result = np.zeros((side, side))
    reach = min(len(kernel), side) // 2
    old, new = len(kernel) // 2, side // 2
    result[new - reach : new + reach + 1, new - reach : new + reach + 1] = kernel[
        old - reach : old + reach + 1, old - reach : old + reach + 1
    ]
    return result


def padding_of(size: int, kernel: int, stride: int, padding: Padding) -> tuple[int, int]:
    """Return how many zeros go before and after `size` pixels; of an odd number the last goes after, as in Keras."""
    if padding == "valid":
        return 0, 0
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def output_size(size: int, kernel: int, stride: int, padding: Padding) -> int:
    """Return ceil(size / stride) for "same", else ceil((size - kernel + 1) / stride); below 1 it does not fit."""
    return -(-size // stride) if padding == "same" else -(-(size - kernel + 1) // stride)


@dataclass(frozen=True)
class Step:
    """One place of the kernel: `patch` and `products` are (channels, side, side), `sums` (channels,) of the products.

    `top` and `left` are where the window begins in the picture, negative where it begins in the padding.
    """

    top: int
    left: int
    patch: Float64Array
    products: Float64Array
    sums: Float64Array

    @property
    def total(self) -> float:
        return float(self.sums.sum())


class Convolution:
    """A picture under one kernel. `output` is float64 (height, width): the feature map, before any activation."""

    def __init__(self, picture: NDArray[np.uint8], kernel: Float64Array, stride: int, padding: Padding) -> None:
        """Take a picture (height, width, channels) as numbers in 0..1; every channel is laid under the same kernel.

        Raises InputError if the kernel does not fit into the picture.
        """
        self.kernel, self.stride = kernel, stride
        side = len(kernel)
        values = picture.astype(np.float64).transpose(2, 0, 1) / 255
        if min(output_size(size, side, stride, padding) for size in values.shape[1:]) < 1:
            raise InputError(
                f"A kernel of {side}x{side} does not fit into a picture of {values.shape[2]}x{values.shape[1]}; "
                'choose "same" padding or a smaller kernel.'
            )
        zeros = [padding_of(size, side, stride, padding) for size in values.shape[1:]]
        self._before = zeros[0][0], zeros[1][0]
        padded = np.pad(values, ((0, 0), *zeros))
        self._windows = sliding_window_view(padded, (side, side), axis=(1, 2))[:, ::stride, ::stride]
        # One matrix product; to multiply and sum the windows themselves takes several times longer.
        summed = padded.sum(0)
        windows = sliding_window_view(summed, (side, side))[::stride, ::stride]
        self.output: Float64Array = (windows.reshape(-1, side * side) @ kernel.reshape(-1)).reshape(windows.shape[:2])

    def step(self, row: int, column: int) -> Step:
        """Return what is summed up in one pixel of the output; raises IndexError outside it."""
        patch = self._windows[:, row, column]
        products = patch * self.kernel
        top, left = row * self.stride - self._before[0], column * self.stride - self._before[1]
        return Step(top, left, patch, products, products.sum(axis=(1, 2)))


def rectified(values: Float64Array) -> Float64Array:
    """Return ReLU of values: max(0, x)."""
    return np.maximum(values, 0.0)
