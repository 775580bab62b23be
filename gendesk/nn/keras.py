"""The Keras 2 defaults that the books' listings rely on without saying so; PyTorch has others.

| Keras | PyTorch's default |
| --- | --- |
| kernels Glorot uniform, biases zero | He-like uniform for both |
| LeakyReLU slope 0.3 | 0.01 |
| BatchNormalization momentum 0.99, epsilon 1e-3 | momentum 0.9 (in Keras' terms), epsilon 1e-5 |
| Adam, RMSprop and Adadelta epsilon 1e-7; RMSprop rho 0.9, Adadelta rho 0.95 | 1e-8, 1e-6; 0.99, 0.9 |
| padding "same": the odd zero goes to the bottom and right, output = ceil(input / stride) | symmetric only |
"""

import math
from collections.abc import Iterable
from functools import cache
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from gendesk.nn import windows

LEAKY_SLOPE = 0.3
BATCH_NORM_EPSILON = 1e-3
BATCH_NORM_MOMENTUM = 0.01  # 1 - 0.99: PyTorch weighs the new value, Keras the old one
OPTIMIZER_EPSILON = 1e-7
RMSPROP_RHO = 0.9
ADADELTA_RHO = 0.95

ModuleT = TypeVar("ModuleT", bound=nn.Module)


class SameConv2d(nn.Conv2d):
    """Convolution with Keras' "same" padding: (batch, in, h, w) to (batch, out, ceil(h / stride), ceil(w / stride))."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int = 1) -> None:
        # Where the padding is symmetric anyway, the convolution itself does it, which saves a copy.
        symmetric = stride == 1 and kernel % 2 == 1
        super().__init__(in_channels, out_channels, kernel, stride, padding=kernel // 2 if symmetric else 0)
        self._symmetric = symmetric

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (the name in nn.Module)
        if self._symmetric:
            return super().forward(input)
        (top, bottom), (left, right) = (self._padding(size) for size in input.shape[-2:])
        padded = functional.pad(input, (left, right, top, bottom))
        stride = self.stride[0]
        places = math.prod(-(-size // stride) for size in input.shape[-2:])
        if self.training and windows.pays(self.weight, places):
            return windows.convolution(padded, self.weight, self.bias, stride)
        return super().forward(padded)

    def _padding(self, size: int) -> tuple[int, int]:
        stride, kernel = self.stride[0], self.kernel_size[0]
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        return total // 2, total - total // 2


class SameConvTranspose2d(nn.ConvTranspose2d):
    """Transposed convolution that multiplies height and width by `stride`, for odd kernels not smaller than the stride.

    PyTorch crops both sides where Keras crops the far one: the picture moves by up to a pixel, which training absorbs.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int = 1) -> None:
        padding = (kernel - stride + 1) // 2
        super().__init__(
            in_channels,
            out_channels,
            kernel,
            stride,
            padding=padding,
            output_padding=stride - kernel + 2 * padding,
        )


class UpsampledConv2d(SameConv2d):
    """Repeat every pixel `stride` times in both directions, then convolve: as large as a transposed convolution makes.

    It has the same parameters, and leaves no checkerboard: all pixels are made of the same number of products.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int = 1) -> None:
        super().__init__(in_channels, out_channels, kernel)
        self._factor = stride
        # A large window sees most small pixels several times. With the weights summed up beforehand the small picture
        # itself is convolved, once for every place that a pixel grows into: less than half the work for 5x5.
        self._summed = stride > 1 and kernel > 3 and kernel % 2 == 1

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (the name in nn.Module)
        if not self._summed:
            repeated = functional.interpolate(input, scale_factor=float(self._factor)) if self._factor > 1 else input
            return super().forward(repeated)
        weight, bias = self._summed_weights()
        grown = functional.conv2d(input, weight, bias, padding=weight.shape[-1] // 2)
        return functional.pixel_shuffle(grown, self._factor)

    def _summed_weights(self) -> tuple[Tensor, Tensor | None]:
        """Return weights (filters * stride**2, channels, taps, taps) for the small picture, and their biases."""
        stride, (filters, channels) = self._factor, self.weight.shape[:2]
        rows = _tap_sums(self.kernel_size[0], stride)
        taps = len(rows) // stride
        # Made anew, because the constant of one thread's inference must not get into another one's training.
        which = torch.tensor(rows, dtype=self.weight.dtype, device=self.weight.device)
        sums = (which @ self.weight @ which.T).view(filters, channels, stride, taps, stride, taps)
        placed = sums.permute(0, 2, 4, 1, 3, 5).reshape(filters * stride**2, channels, taps, taps)
        weight = placed.contiguous(memory_format=torch.channels_last)
        return weight, None if self.bias is None else self.bias.repeat_interleave(stride**2)


@cache
def _tap_sums(kernel: int, stride: int) -> list[list[float]]:
    """Return which taps of a window over repeated pixels fall on the same pixel: (stride * taps, kernel) of 0 and 1.

    Row `place * taps + tap` belongs to the pixel at `place` among those that a small pixel becomes.
    """
    before = kernel // 2
    reach = -(-before // stride)
    return [
        [float((place + at - before) // stride == tap) for at in range(kernel)]
        for place in range(stride)
        for tap in range(-reach, reach + 1)
    ]


def leaky_relu() -> nn.LeakyReLU:
    return nn.LeakyReLU(LEAKY_SLOPE)


def batch_norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=BATCH_NORM_EPSILON, momentum=BATCH_NORM_MOMENTUM)


def dense_batch_norm(units: int) -> nn.BatchNorm1d:
    return nn.BatchNorm1d(units, eps=BATCH_NORM_EPSILON, momentum=BATCH_NORM_MOMENTUM)


def initialized(module: ModuleT) -> ModuleT:
    """Give every layer in `module` Glorot-uniform kernels and zero biases, and return it."""
    for layer in module.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return module


def adam(
    parameters: Iterable[nn.Parameter], learning_rate: float, betas: tuple[float, float] = (0.9, 0.999)
) -> torch.optim.Adam:
    """Adam as in Keras, in PyTorch's fused form where there is one: a few per cent of a step for small models."""
    listed = list(parameters)
    fused = all(parameter.device.type in ("cpu", "cuda") for parameter in listed)
    return torch.optim.Adam(listed, lr=learning_rate, betas=betas, eps=OPTIMIZER_EPSILON, fused=fused)


def rmsprop(parameters: Iterable[nn.Parameter], learning_rate: float) -> torch.optim.RMSprop:
    """RMSprop as in Keras."""
    return torch.optim.RMSprop(parameters, lr=learning_rate, alpha=RMSPROP_RHO, eps=OPTIMIZER_EPSILON)


def adadelta(parameters: Iterable[nn.Parameter], learning_rate: float) -> torch.optim.Adadelta:
    """Adadelta as in Keras 2, whose learning rate is 1 unless somebody says otherwise."""
    return torch.optim.Adadelta(parameters, lr=learning_rate, rho=ADADELTA_RHO, eps=OPTIMIZER_EPSILON)


def parameter_count(module: nn.Module) -> int:
    """Count as Keras' summary() does: trainable parameters, and the running statistics of batch normalisation."""
    statistics = (buffer for name, buffer in module.named_buffers() if name.endswith(("running_mean", "running_var")))
    return sum(tensor.numel() for tensor in (*module.parameters(), *statistics))
