"""Windows of a text in a seeded order that a checkpoint can continue anywhere."""

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gendesk.data.dataset import Int32Array, Int64Array
from gendesk.errors import InputError


def gather(tokens: Int32Array, starts: Int64Array, length: int, device: torch.device) -> Tensor:
    """Return the windows that begin at `starts`: int64 (count, length)."""
    chosen: NDArray[np.int32] = tokens[starts[:, None] + np.arange(length)]
    return torch.from_numpy(chosen).to(device, torch.int64)


_DRAWN_AT_ONCE = 64
"""For so many batches random places are drawn at once: making a generator takes longer than reading a small batch."""


class Windows:
    """Endless batches of windows, each one token longer than the network reads: the last one is only foretold.

    With a stride, every epoch shows each window once, in an order that follows from the seed and the epoch. Without,
    each batch begins at random places that follow from the seed and the batch's number.
    """

    def __init__(self, tokens: Int32Array, window: int, stride: int, batch_size: int, seed: int) -> None:
        """Raises InputError if the text is shorter than a window."""
        # A plain view of the memory map: indexing its subclass costs more than reading a small batch.
        self._tokens = np.asarray(tokens)
        self._length = window + 1
        self._places = len(tokens) - window
        if self._places < 1:
            raise InputError(
                f"The text has {len(tokens):,} tokens to train on, too few for windows of {window:,}; make the window "
                "smaller, or use more text."
            )
        self._stride = stride
        count = -(-self._places // stride) if stride else self._places
        self._batch_size = min(batch_size, count)
        self._windows = count if stride else math.ceil(len(tokens) / window)
        self._seed = seed
        self._epoch = self._taken = 0
        self._order = self._shuffled(0)
        self._block = -1
        self._drawn = np.empty((0, 0), np.int64)

    @property
    def per_epoch(self) -> int:
        """Batches in an epoch: of every window once, or of as many tokens as the text has."""
        return math.ceil(self._windows / self._batch_size)

    @property
    def batch_size(self) -> int:
        return self._batch_size

    def next(self, device: torch.device) -> Tensor:
        """Return tokens int64 (batch, window + 1); with a stride, the last batch of an epoch is smaller."""
        starts = self._in_order() if self._stride else self._at_random()
        return gather(self._tokens, starts, self._length, device)

    def _at_random(self) -> Int64Array:
        block, row = divmod(self._taken, _DRAWN_AT_ONCE)
        if block != self._block:
            generator = np.random.default_rng([self._seed, block])
            self._drawn = generator.integers(self._places, size=(_DRAWN_AT_ONCE, self._batch_size))
            self._block = block
        self._taken += 1
        starts: Int64Array = self._drawn[row]
        return starts

    def _in_order(self) -> Int64Array:
        if self._taken >= len(self._order):
            self._epoch += 1
            self._taken = 0
            self._order = self._shuffled(self._epoch)
        chosen = self._order[self._taken : self._taken + self._batch_size]
        self._taken += len(chosen)
        return chosen * self._stride

    def _shuffled(self, epoch: int) -> Int64Array:
        if not self._stride:
            return np.empty(0, np.int64)
        return np.random.default_rng([self._seed, epoch]).permutation(self._windows)

    def state(self) -> dict[str, int]:
        return {"epoch": self._epoch, "taken": self._taken}

    def load_state(self, state: dict[str, int]) -> None:
        self._epoch, self._taken = state["epoch"], state["taken"]
        self._order = self._shuffled(self._epoch)


def held_out_starts(count: int, window: int, most: int, *, only_last: bool) -> Int64Array:
    """Return where windows of a held-out text of `count` tokens begin, spread evenly if they are more than `most`.

    Where each of a window's tokens is foretold, windows stand side by side; where only the one after it is, one ends
    before each token.
    """
    places = np.arange(0, max(0, count - window), 1 if only_last else window)
    if len(places) <= most:
        return places
    return places[np.linspace(0, len(places) - 1, most).astype(np.int64)]
