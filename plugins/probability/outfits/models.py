"""Two models of the same table of outfits, fitted by counting.

Architecture: none; Foster, Generative Deep Learning (1st edition), chapter 1, "Your first probabilistic generative
model" and "Naive Bayes".
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from gendesk.data import portraits
from gendesk.data.dataset import Attribute, Float32Array, ImageInfo, UInt8Array
from gendesk.engine.batches import to_tensor
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

from . import shares
from .config import OutfitsConfig

_MOST_CELLS = 1_000_000


def named_attributes(info: ImageInfo) -> tuple[Attribute, ...]:
    """Return the attributes that have named values; raises InputError if there are none or they cannot be drawn."""
    named = tuple(attribute for attribute in info.attributes if attribute.values)
    if not named:
        raise InputError(f"Nothing is known of the pictures of {info.title} that could be counted; choose Outfits.")
    if not portraits.can_draw(named):
        raise InputError(f"The pictures of {info.title} cannot be drawn from what is known of them; choose Outfits.")
    return named


class OutfitTable(Model, ABC):
    """How often each combination of values occurs, and where in the table it comes first; no observation at first.

    `counts` and `first` are int64 (cells,): cells in row-major order of the features' values, `first` counts from 1
    and is 0 for what does not occur.
    """

    counts: Tensor
    first: Tensor

    def __init__(self, config: OutfitsConfig, info: ImageInfo) -> None:
        super().__init__()
        self.attributes = named_attributes(info)
        self.sizes = tuple(len(attribute.values) for attribute in self.attributes)
        self.columns = [info.attributes.index(attribute) for attribute in self.attributes]
        self.pseudo_count = config.pseudo_count
        self.picture_size = info.height
        self.channels = info.channels
        cells = shares.cell_count(self.sizes)
        if cells > _MOST_CELLS:
            raise InputError(
                f"The features of {info.title} have {cells:,} combinations, which are too many to list; choose Outfits."
            )
        self.register_buffer("counts", torch.zeros(cells, dtype=torch.int64))
        self.register_buffer("first", torch.zeros(cells, dtype=torch.int64))

    @property
    @abstractmethod
    def free_parameters(self) -> int:
        """How many numbers the model has to learn; shares that sum to 1 leave one of them to be told by the others."""

    @abstractmethod
    def probabilities(self, pseudo_count: float) -> Tensor:
        """Return the distribution over all combinations, float64 (cells,)."""

    def rows_of(self, attributes: Float32Array) -> NDArray[np.int64]:
        """Return the values of the features, (count, features), from what is known of pictures, see ImageSplit."""
        return np.asarray(attributes)[:, self.columns].astype(np.int64)

    def cells_of(self, rows: NDArray[np.int64]) -> Tensor:
        """Return the numbers of the combinations, int64 (count,), of rows (count, features)."""
        cells = np.ravel_multi_index(tuple(rows.T), self.sizes)
        return torch.from_numpy(np.asarray(cells, np.int64)).to(self.counts.device)

    def rows_from(self, cells: Tensor) -> NDArray[np.int64]:
        """Return the values of the features, (count, features), of combinations."""
        return np.stack(np.unravel_index(cells.cpu().numpy(), self.sizes), axis=1)

    def observe(self, cells: Tensor) -> None:
        """Count a whole table; what was counted before is forgotten."""
        self.counts.copy_(torch.bincount(cells, minlength=len(self.counts)))
        numbers = torch.arange(1, len(cells) + 1, device=cells.device)
        self.first.fill_(len(cells) + 1).scatter_reduce_(0, cells, numbers, "amin")
        self.first[self.counts == 0] = 0

    def draw(self, rows: NDArray[np.int64], size: int) -> UInt8Array:
        """Draw portraits of rows: uint8 (count, size, size, 3)."""
        drawn = (portraits.from_values(self.attributes, row.tolist()) for row in rows)
        return np.stack([portraits.draw(portrait, size) for portrait in drawn])

    def sample(self, count: int, generator: Generator) -> Tensor:
        probabilities = self.probabilities(self.pseudo_count)
        pictures = self.draw(self.rows_from(shares.draw_cells(probabilities, count, generator)), self.picture_size)
        drawn = to_tensor(pictures, self.counts.device)
        return drawn.mean(1, keepdim=True) if self.channels == 1 else drawn

    def captions(self, cells: Tensor) -> tuple[str, ...]:
        """Say of each combination whether the table has it: "copy of #k" with its first row, or "new"."""
        return tuple(f"copy of #{first}" if first else "new" for first in self.first[cells].tolist())


class Multinomial(OutfitTable):
    """One probability for each combination, learned independently of all others."""

    @property
    def free_parameters(self) -> int:
        return len(self.counts) - 1

    def probabilities(self, pseudo_count: float) -> Tensor:
        return shares.multinomial(self.counts, pseudo_count)


class NaiveBayes(OutfitTable):
    """One probability for each value of each feature; an outfit's is the product of its values'."""

    @property
    def free_parameters(self) -> int:
        return sum(self.sizes) - len(self.sizes)

    def probabilities(self, pseudo_count: float) -> Tensor:
        return shares.naive_bayes(self.counts, self.sizes, pseudo_count)


def value_names(attributes: Sequence[Attribute], row: Sequence[int]) -> list[str]:
    """Return the words of a row of values."""
    return [attribute.values[value] for attribute, value in zip(attributes, row, strict=True)]
