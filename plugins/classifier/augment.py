"""Training pictures changed each time they are shown, for a whole batch at once."""

from typing import Literal

import torch
from torch import Generator, Tensor

Augmentation = Literal["none", "flip", "crop-and-flip"]
_FARTHEST = 8  # a picture is moved by up to this part of its size, 4 of 32 pixels, as is usual for CIFAR-10


def augmented(images: Tensor, kind: Augmentation, generator: Generator) -> Tensor:
    """Return images (batch, channels, height, width), half of them mirrored and, if wanted, moved.

    What a moved picture leaves empty is filled with its nearest pixels. The memory stays channels-last.
    """
    if kind == "none":
        return images
    count, _, height, width = images.shape
    device = images.device
    columns = torch.arange(width, device=device).expand(count, width)
    rows = torch.arange(height, device=device).expand(count, height)
    if kind == "crop-and-flip":
        rows = _moved(rows, generator)
        columns = _moved(columns, generator)
    mirrored = torch.rand(count, 1, generator=generator, device=device) < 0.5
    columns = torch.where(mirrored, columns.flip(1), columns)
    places = torch.arange(count, device=device)
    chosen = images.permute(0, 2, 3, 1)[places[:, None, None], rows[:, :, None], columns[:, None, :]]
    return chosen.permute(0, 3, 1, 2)


def _moved(places: Tensor, generator: Generator) -> Tensor:
    """Move each row of places (count, size) by a whole number of pixels, the same for all of a row."""
    count, size = places.shape
    farthest = size // _FARTHEST
    by = torch.randint(-farthest, farthest + 1, (count, 1), generator=generator, device=places.device)
    return (places + by).clamp(0, size - 1)
