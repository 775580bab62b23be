"""The nearest training pictures of any picture, found exactly among tens of thousands: by features, or by pixels.

An index is filled batch by batch with what the search needs of the training pictures, and keeps no picture itself.
"""

import math
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from gendesk.data.dataset import Int64Array, UInt8Array
from gendesk.engine.features import FeatureNetwork

Distances = NDArray[np.float32]

_MOST_BYTES = 128 << 20  # of one index; of a larger training set only the first pictures are searched
_WIDE_BYTES = 64 << 20  # up to here numbers keep their 32 bits
_QUERIES = 25  # at once: each needs a row of distances to all training pictures
_ROWS = 8192  # at once: they are widened to 32 bits
_SPARE = 24  # candidates beside those that are wanted, because the first pass rounds
_CELLS = 12  # along each side of a picture: what the first pass compares
_BLOCK = 64  # candidates that are compared pixel by pixel at once


class Index(Protocol):
    """What the search needs of the first `wanted` training pictures, of which `count` have been added."""

    wanted: int
    count: int

    @property
    def nbytes(self) -> int: ...

    def add(self, images: UInt8Array) -> None:
        """Take the next training pictures, uint8 (count, height, width, channels)."""

    def nearest(self, queries: UInt8Array, wanted: int, train: UInt8Array) -> tuple[Distances, Int64Array]:
        """Return distances (count, wanted), nearest first, and the numbers of those pictures among `train`."""


class FeatureIndex:
    """Euclidean distances between the features of a network: their unit means nothing beyond this network."""

    def __init__(self, network: FeatureNetwork, train_count: int) -> None:
        size = network.model.feature_size
        self.network = network
        self.wanted = min(train_count, _MOST_BYTES // (2 * size))
        self.count = 0
        wide = 4 * size * self.wanted <= _WIDE_BYTES
        self._rows = np.empty((self.wanted, size), np.float32 if wide else np.float16)
        self._squares = np.empty(self.wanted, np.float32)

    @property
    def nbytes(self) -> int:
        return self._rows.nbytes + self._squares.nbytes

    def add(self, images: UInt8Array) -> None:
        rows = self._features(images)
        place = slice(self.count, self.count + len(rows))
        self._rows[place] = rows
        self._squares[place] = np.square(rows.astype(np.float32)).sum(1)
        self.count += len(rows)

    def _features(self, images: UInt8Array) -> NDArray[np.floating]:
        """Return features rounded as they are kept, so that a picture lies where it lies in the index."""
        largest = float(np.finfo(self._rows.dtype).max)
        return self.network.features(images).clip(-largest, largest).astype(self._rows.dtype)

    def nearest(self, queries: UInt8Array, wanted: int, _train: UInt8Array) -> tuple[Distances, Int64Array]:
        features = self._features(queries).astype(np.float32)
        found = [self._search(features[at : at + _QUERIES], wanted) for at in range(0, len(queries), _QUERIES)]
        return np.concatenate([one for one, _ in found]), np.concatenate([one for _, one in found])

    def _search(self, features: NDArray[np.float32], wanted: int) -> tuple[Distances, Int64Array]:
        rough = np.empty((len(features), self.count), np.float32)
        for at in range(0, self.count, _ROWS):
            rows = self._rows[at : min(at + _ROWS, self.count)].astype(np.float32, copy=False)
            rough[:, at : at + len(rows)] = self._squares[at : at + len(rows)] - 2 * features @ rows.T
        few = min(wanted + _SPARE, self.count)
        candidates = np.argpartition(rough, few - 1, axis=1)[:, :few]
        away = self._rows[candidates].astype(np.float32) - features[:, None]
        return _first(np.linalg.norm(away, axis=2), candidates, wanted)


class PixelIndex:
    """Mean absolute differences of pixels, in grey levels of 255, as in chapter 4 of the book (L1 per pixel).

    The sums over a coarse grid of cells differ at most as much as the pixels themselves do; so what is too far away in
    cells need not be looked at, and what is found is exact.
    """

    def __init__(self, shape: tuple[int, ...], train_count: int) -> None:
        height, width, channels = shape
        self._edges = _edges(height), _edges(width)
        self._size = math.prod(shape)
        cells = len(self._edges[0]) * len(self._edges[1]) * channels
        self.wanted = min(train_count, _MOST_BYTES // (4 * cells))
        self.count = 0
        self._rows = torch.empty(self.wanted, cells)

    @property
    def nbytes(self) -> int:
        return self._rows.nbytes

    def add(self, images: UInt8Array) -> None:
        self._rows[self.count : self.count + len(images)] = self._cells(images)
        self.count += len(images)

    def _cells(self, images: UInt8Array) -> torch.Tensor:
        down, across = self._edges
        sums = np.add.reduceat(np.add.reduceat(images.astype(np.float32), down, 1), across, 2)
        return torch.from_numpy(sums.reshape(len(images), -1) / self._size)

    def nearest(self, queries: UInt8Array, wanted: int, train: UInt8Array) -> tuple[Distances, Int64Array]:
        found: list[tuple[Distances, Int64Array]] = []
        for at in range(0, len(queries), _QUERIES):
            batch = queries[at : at + _QUERIES]
            bounds = torch.cdist(self._cells(batch), self._rows[: self.count], p=1).numpy()
            found += [self._refine(*one, wanted, train) for one in zip(batch, bounds, strict=True)]
        return np.concatenate([one for one, _ in found]), np.concatenate([one for _, one in found])

    def _refine(
        self, query: UInt8Array, bounds: Distances, wanted: int, train: UInt8Array
    ) -> tuple[Distances, Int64Array]:
        """Compare pixels, beginning with what is nearest in cells, until nothing nearer can come."""
        order = bounds.argsort()
        distances = np.empty(0, np.float32)
        for at in range(0, len(order), _BLOCK):
            if len(distances) >= wanted and bounds[order[at]] > np.partition(distances, wanted - 1)[wanted - 1]:
                break
            block = np.sort(order[at : at + _BLOCK])  # a memory map is read from front to back
            order[at : at + _BLOCK] = block
            distances = np.append(distances, pixel_distances(query, train[block]))
        return _first(distances[None], order[None, : len(distances)], wanted)


def pixel_distances(picture: UInt8Array, others: UInt8Array) -> Distances:
    """Return the mean absolute differences, in grey levels of 255, of a picture and others (count, ...): (count,)."""
    away = np.maximum(others, picture) - np.minimum(others, picture)
    return np.asarray(away.reshape(len(others), -1).mean(1, dtype=np.float32))


def _edges(length: int) -> Int64Array:
    """Return where the cells along a side begin."""
    cells = min(_CELLS, length)
    return np.arange(cells) * length // cells


def _first(distances: Distances, numbers: Int64Array, wanted: int) -> tuple[Distances, Int64Array]:
    """Return the smallest distances of each row, and their numbers, in order; ties in the order of the numbers."""
    order = np.lexsort((numbers, distances), axis=1)[:, :wanted]
    return np.take_along_axis(distances, order, 1), np.take_along_axis(numbers, order, 1)
