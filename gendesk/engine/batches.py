"""Batches of images in a seeded order that a checkpoint can continue in the middle of an epoch."""

import math

import numpy as np
import torch
from torch import Tensor

from gendesk.data.dataset import ImageSplit, UInt8Array


def to_tensor(images: UInt8Array, device: torch.device | str = "cpu") -> Tensor:
    """Turn uint8 (count, height, width, channels) into float32 (count, channels, height, width) in 0..1.

    The memory stays channels-last, which is what convolutions on a CPU are quickest with.
    """
    array = np.ascontiguousarray(images)
    if not array.flags.writeable:  # torch warns of read-only memory, such as a memory map's
        array = array.copy()
    return torch.from_numpy(array).to(device).permute(0, 3, 1, 2).float().div_(255)


def to_images(pictures: Tensor) -> UInt8Array:
    """Turn float (count, channels, height, width) in 0..1 into uint8 (count, height, width, channels)."""
    scaled = pictures.detach().float().clamp(0, 1).mul(255).round_().to(torch.uint8)
    return np.ascontiguousarray(scaled.permute(0, 2, 3, 1).cpu().numpy())


class ImageBatches:
    """Endless batches; every epoch shows each image once, in an order that follows from the seed and the epoch."""

    def __init__(self, split: ImageSplit, batch_size: int, seed: int, device: torch.device) -> None:
        # A plain view of the memory map: indexing its subclass costs more than reading a small batch.
        self._images = np.asarray(split.images)
        self._labels = np.asarray(split.labels)
        self._batch_size = min(batch_size, len(split))
        self._seed = seed
        self._device = device
        self._epoch = 0
        self._position = 0
        self._order = self._shuffled(0)

    @property
    def per_epoch(self) -> int:
        return math.ceil(len(self._images) / self._batch_size)

    @property
    def batch_size(self) -> int:
        return self._batch_size

    def next(self) -> tuple[Tensor, Tensor]:
        """Return images float32 (batch, channels, height, width) in 0..1 and labels int64 (batch,).

        The last batch of an epoch is smaller where the count does not divide, as in Keras.
        """
        if self._position >= len(self._images):
            self._epoch += 1
            self._position = 0
            self._order = self._shuffled(self._epoch)
        chosen = self._order[self._position : self._position + self._batch_size]
        self._position += len(chosen)
        images = to_tensor(self._images[chosen], self._device)
        labels = torch.from_numpy(self._labels[chosen]).to(self._device)
        return images, labels

    def state(self) -> dict[str, int]:
        return {"epoch": self._epoch, "position": self._position}

    def load_state(self, state: dict[str, int]) -> None:
        self._epoch, self._position = state["epoch"], state["position"]
        self._order = self._shuffled(self._epoch)

    def _shuffled(self, epoch: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.random.default_rng([self._seed, epoch]).permutation(len(self._images))
