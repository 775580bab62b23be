"""Inception v3 as the Fréchet inception distance has it: the network of 2015 whose features FID was defined on.

Architecture: Szegedy et al., Rethinking the Inception Architecture for Computer Vision, CVPR 2016; its variant for
FID: Heusel et al., GANs Trained by a Two Time-Scale Update Rule, NeurIPS 2017, as ported to PyTorch in `pytorch-fid`.
Parts are named as in that port, because the names are the keys of its weights. What differs from the Inception v3 that
torchvision has: average pools do not count the zeros of their padding, the last block has a maximum pool in the place
of an average pool, the classes are 1008, and there is no auxiliary head.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

FEATURES = 2048
SIDE = 299
CLASSES = 1008
_EPSILON = 1e-3
_CENTRE = 128.0  # of grey levels, which are thus scaled to [-1, 1), as the TensorFlow graph does it


class BasicConv2d(nn.Module):
    """Convolution without a bias, batch normalisation, ReLU."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: int | tuple[int, int],
        stride: int = 1,
        padding: int | tuple[int, int] = 0,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(out_channels, eps=_EPSILON)

    def forward(self, values: Tensor) -> Tensor:
        return functional.relu(self.bn(self.conv(values)), inplace=True)


def _wide(in_channels: int, out_channels: int, length: int) -> BasicConv2d:
    """A row of `length` pixels; the size stays."""
    return BasicConv2d(in_channels, out_channels, (1, length), padding=(0, length // 2))


def _high(in_channels: int, out_channels: int, length: int) -> BasicConv2d:
    """A column of `length` pixels; the size stays."""
    return BasicConv2d(in_channels, out_channels, (length, 1), padding=(length // 2, 0))


def _average(values: Tensor) -> Tensor:
    return functional.avg_pool2d(values, 3, stride=1, padding=1, count_include_pad=False)


class InceptionA(nn.Module):
    """Pixel by pixel, 5x5, 3x3 twice, and a pool: (batch, in, h, w) to (batch, 224 + pool_channels, h, w)."""

    def __init__(self, in_channels: int, pool_channels: int) -> None:
        super().__init__()
        self.branch1x1 = BasicConv2d(in_channels, 64, 1)
        self.branch5x5_1 = BasicConv2d(in_channels, 48, 1)
        self.branch5x5_2 = BasicConv2d(48, 64, 5, padding=2)
        self.branch3x3dbl_1 = BasicConv2d(in_channels, 64, 1)
        self.branch3x3dbl_2 = BasicConv2d(64, 96, 3, padding=1)
        self.branch3x3dbl_3 = BasicConv2d(96, 96, 3, padding=1)
        self.branch_pool = BasicConv2d(in_channels, pool_channels, 1)

    def forward(self, values: Tensor) -> Tensor:
        parts = [
            self.branch1x1(values),
            self.branch5x5_2(self.branch5x5_1(values)),
            self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(values))),
            self.branch_pool(_average(values)),
        ]
        return torch.cat(parts, 1)


class InceptionB(nn.Module):
    """Halves the sides: (batch, 288, h, w) to (batch, 768, (h - 1) // 2, (w - 1) // 2)."""

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch3x3 = BasicConv2d(in_channels, 384, 3, stride=2)
        self.branch3x3dbl_1 = BasicConv2d(in_channels, 64, 1)
        self.branch3x3dbl_2 = BasicConv2d(64, 96, 3, padding=1)
        self.branch3x3dbl_3 = BasicConv2d(96, 96, 3, stride=2)

    def forward(self, values: Tensor) -> Tensor:
        double = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(values)))
        return torch.cat([self.branch3x3(values), double, functional.max_pool2d(values, 3, stride=2)], 1)


class InceptionC(nn.Module):
    """7x7 taken apart into rows and columns, of `narrow` channels: (batch, 768, h, w) to the same shape."""

    def __init__(self, in_channels: int, narrow: int) -> None:
        super().__init__()
        self.branch1x1 = BasicConv2d(in_channels, 192, 1)
        self.branch7x7_1 = BasicConv2d(in_channels, narrow, 1)
        self.branch7x7_2 = _wide(narrow, narrow, 7)
        self.branch7x7_3 = _high(narrow, 192, 7)
        self.branch7x7dbl_1 = BasicConv2d(in_channels, narrow, 1)
        self.branch7x7dbl_2 = _high(narrow, narrow, 7)
        self.branch7x7dbl_3 = _wide(narrow, narrow, 7)
        self.branch7x7dbl_4 = _high(narrow, narrow, 7)
        self.branch7x7dbl_5 = _wide(narrow, 192, 7)
        self.branch_pool = BasicConv2d(in_channels, 192, 1)

    def forward(self, values: Tensor) -> Tensor:
        double = self.branch7x7dbl_3(self.branch7x7dbl_2(self.branch7x7dbl_1(values)))
        parts = [
            self.branch1x1(values),
            self.branch7x7_3(self.branch7x7_2(self.branch7x7_1(values))),
            self.branch7x7dbl_5(self.branch7x7dbl_4(double)),
            self.branch_pool(_average(values)),
        ]
        return torch.cat(parts, 1)


class InceptionD(nn.Module):
    """Halves the sides: (batch, 768, h, w) to (batch, 1280, (h - 1) // 2, (w - 1) // 2)."""

    def __init__(self, in_channels: int) -> None:
        super().__init__()
        self.branch3x3_1 = BasicConv2d(in_channels, 192, 1)
        self.branch3x3_2 = BasicConv2d(192, 320, 3, stride=2)
        self.branch7x7x3_1 = BasicConv2d(in_channels, 192, 1)
        self.branch7x7x3_2 = _wide(192, 192, 7)
        self.branch7x7x3_3 = _high(192, 192, 7)
        self.branch7x7x3_4 = BasicConv2d(192, 192, 3, stride=2)

    def forward(self, values: Tensor) -> Tensor:
        large = self.branch7x7x3_2(self.branch7x7x3_1(values))
        parts = [
            self.branch3x3_2(self.branch3x3_1(values)),
            self.branch7x7x3_4(self.branch7x7x3_3(large)),
            functional.max_pool2d(values, 3, stride=2),
        ]
        return torch.cat(parts, 1)


class InceptionE(nn.Module):
    """3x3 taken apart side by side: (batch, in, h, w) to (batch, 2048, h, w); `maximum` is the pool of the last one."""

    def __init__(self, in_channels: int, *, maximum: bool) -> None:
        super().__init__()
        self._maximum = maximum
        self.branch1x1 = BasicConv2d(in_channels, 320, 1)
        self.branch3x3_1 = BasicConv2d(in_channels, 384, 1)
        self.branch3x3_2a = _wide(384, 384, 3)
        self.branch3x3_2b = _high(384, 384, 3)
        self.branch3x3dbl_1 = BasicConv2d(in_channels, 448, 1)
        self.branch3x3dbl_2 = BasicConv2d(448, 384, 3, padding=1)
        self.branch3x3dbl_3a = _wide(384, 384, 3)
        self.branch3x3dbl_3b = _high(384, 384, 3)
        self.branch_pool = BasicConv2d(in_channels, 192, 1)

    def forward(self, values: Tensor) -> Tensor:
        single = self.branch3x3_1(values)
        double = self.branch3x3dbl_2(self.branch3x3dbl_1(values))
        pooled = functional.max_pool2d(values, 3, stride=1, padding=1) if self._maximum else _average(values)
        parts = [
            self.branch1x1(values),
            self.branch3x3_2a(single),
            self.branch3x3_2b(single),
            self.branch3x3dbl_3a(double),
            self.branch3x3dbl_3b(double),
            self.branch_pool(pooled),
        ]
        return torch.cat(parts, 1)


class FidInception(nn.Module):
    """Turns pictures (batch, 3, height, width) in grey levels 0..255 into features (batch, 2048)."""

    def __init__(self) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = BasicConv2d(3, 32, 3, stride=2)
        self.Conv2d_2a_3x3 = BasicConv2d(32, 32, 3)
        self.Conv2d_2b_3x3 = BasicConv2d(32, 64, 3, padding=1)
        self.Conv2d_3b_1x1 = BasicConv2d(64, 80, 1)
        self.Conv2d_4a_3x3 = BasicConv2d(80, 192, 3)
        self.Mixed_5b = InceptionA(192, pool_channels=32)
        self.Mixed_5c = InceptionA(256, pool_channels=64)
        self.Mixed_5d = InceptionA(288, pool_channels=64)
        self.Mixed_6a = InceptionB(288)
        self.Mixed_6b = InceptionC(768, narrow=128)
        self.Mixed_6c = InceptionC(768, narrow=160)
        self.Mixed_6d = InceptionC(768, narrow=160)
        self.Mixed_6e = InceptionC(768, narrow=192)
        self.Mixed_7a = InceptionD(768)
        self.Mixed_7b = InceptionE(1280, maximum=False)
        self.Mixed_7c = InceptionE(FEATURES, maximum=True)
        self.fc = nn.Linear(FEATURES, CLASSES)  # FID has no use for it, but the weights hold it

    def forward(self, pictures: Tensor) -> Tensor:
        values = (resize(pictures, SIDE) - _CENTRE) / _CENTRE
        for layer in (self.Conv2d_1a_3x3, self.Conv2d_2a_3x3, self.Conv2d_2b_3x3):
            values = layer(values)
        values = functional.max_pool2d(values, 3, stride=2)
        values = self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(values))
        values = functional.max_pool2d(values, 3, stride=2)
        for name, block in self.named_children():
            if name.startswith("Mixed"):
                values = block(values)
        return values.mean((2, 3))


def resize(pictures: Tensor, side: int) -> Tensor:
    """Resize pictures (batch, channels, height, width) to squares, bilinearly as TensorFlow 1 did it.

    There pixel i of the result lies at i * (old side / new side), without the half pixel that has been usual since; on
    small pictures this moves FID by more than a point, so it has to be the same for FIDs to be comparable.
    """
    height, width = pictures.shape[-2:]
    down, across = _weights(height, side, pictures), _weights(width, side, pictures)
    return down @ pictures @ across.mT


def _weights(old: int, new: int, like: Tensor) -> Tensor:
    """Return the shares (new, old) that the old pixels along a side have in the new ones."""
    places = torch.arange(new, device=like.device, dtype=torch.float64) * (old / new)
    lower = places.long()
    upper = (lower + 1).clamp(max=old - 1)
    share = (places - lower).to(like.dtype)
    weights = like.new_zeros(new, old)
    rows = torch.arange(new, device=like.device)
    weights[rows, lower] += 1 - share
    weights[rows, upper] += share
    return weights
