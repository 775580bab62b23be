"""What is left after training: networks that say what comes next in a text, and remember what they have read."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from gendesk.data.dataset import TextInfo
from gendesk.engine.recipe import Model
from gendesk.errors import InputError
from gendesk.nn.recurrent import RecurrentState, empty_state, recurrent, unrolled

from .config import ConvConfig, RecurrentConfig

_MOST_ONE_HOT = 1_000


class Writer(Model):
    """Has the capability Writes; `head` turns what `hidden` makes of tokens into logits of the next ones."""

    def __init__(self, info: TextInfo) -> None:
        super().__init__()
        self.text = info
        self.context = 0

    @property
    def vocabulary_size(self) -> int:
        return len(self.text.vocabulary)

    @property
    @abstractmethod
    def body(self) -> nn.Module:
        """The layers between what stands for tokens and the last one, which turns values into logits."""

    @abstractmethod
    def hidden(self, tokens: Tensor) -> Tensor:
        """Return what the network makes of tokens int64 (count, length), each from those up to it: (.., .., width)."""

    @abstractmethod
    def head(self, hidden: Tensor) -> Tensor:
        """Return logits (.., vocabulary) of the next tokens."""

    @abstractmethod
    def begin(self, count: int) -> Any:
        """Return the state of `count` texts of which nothing has been read."""

    @abstractmethod
    def advance(self, tokens: Tensor, state: Any) -> tuple[Tensor, Any]:
        """Read tokens int64 (count, length): logits of what comes next (count, vocabulary), and the new state."""

    def read(self, tokens: Tensor) -> Tensor:
        """Return logits (count, length, vocabulary) of what follows each of the tokens int64 (count, length)."""
        return self.head(self.hidden(tokens))

    @abstractmethod
    def embedding(self) -> Tensor:
        """Return what stands for each token where the network begins: (vocabulary, width)."""

    @abstractmethod
    def insides(self, tokens: Tensor) -> dict[str, Tensor]:
        """Return what goes on for each of the tokens int64 (length,) of one text.

        "h 1", "h 2" ... are the outputs of the layers (length, units). An LSTM adds "c 1" and the gates "i 1", "f 1",
        "o 1", "g 1", a GRU "r 1", "z 1", "n 1"; a transformer "attention" (layers, heads, length, length).
        """


class OneHot(nn.Module):
    """A token as a row of zeros with a single one: (count, length) to (count, length, size)."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, tokens: Tensor) -> Tensor:
        return functional.one_hot(tokens, self.size).float()


class RecurrentWriter(Writer):
    """Reads token after token and keeps what it needs in the states of its layers."""

    def __init__(self, config: RecurrentConfig, info: TextInfo) -> None:
        super().__init__(info)
        size = len(info.vocabulary)
        if not config.embedding and size > _MOST_ONE_HOT:
            raise InputError(
                f"Without an embedding the text may have {_MOST_ONE_HOT:,} different tokens, but it has {size:,}; give "
                "embedding a width such as 100."
            )
        self.inputs = nn.Embedding(size, config.embedding) if config.embedding else OneHot(size)
        if isinstance(self.inputs, nn.Embedding):
            nn.init.uniform_(self.inputs.weight, -0.05, 0.05)  # as Keras does
        widths = [config.embedding or size, *(layer.units for layer in config.layers)]
        self.layers = nn.ModuleList(recurrent(config.cell, before, units) for before, units in pairwise(widths))
        self.between = nn.Dropout(config.between) if len(config.layers) > 1 else nn.Identity()
        self.dropout = nn.Dropout(config.dropout)
        self.outputs = nn.Linear(widths[-1], size)
        nn.init.xavier_uniform_(self.outputs.weight)
        nn.init.zeros_(self.outputs.bias)

    @property
    def body(self) -> nn.ModuleList:
        return self.layers

    def hidden(self, tokens: Tensor) -> Tensor:
        values: Tensor = self.inputs(tokens)
        for number, layer in enumerate(self.layers):
            values, _ = layer(self.between(values) if number else values)
        return values

    def head(self, hidden: Tensor) -> Tensor:
        logits: Tensor = self.outputs(self.dropout(hidden))
        return logits

    def begin(self, count: int) -> list[RecurrentState]:
        return [empty_state(layer, count) for layer in self.layers if isinstance(layer, nn.RNNBase)]

    def advance(self, tokens: Tensor, state: list[RecurrentState]) -> tuple[Tensor, list[RecurrentState]]:
        values: Tensor = self.inputs(tokens)
        kept = []
        for layer, before in zip(self.layers, state, strict=True):
            values, after = layer(values, before)
            kept.append(after)
        return self.head(values[:, -1]), kept

    def embedding(self) -> Tensor:
        """Return the embedding, or what each token does to the gates of the first layer where it goes in one-hot."""
        if isinstance(self.inputs, nn.Embedding):
            return self.inputs.weight
        first = self.layers[0]
        assert isinstance(first, nn.RNNBase)
        return first.all_weights[0][0].T

    def insides(self, tokens: Tensor) -> dict[str, Tensor]:
        values = self.inputs(tokens[None])[0]
        found: dict[str, Tensor] = {}
        for number, layer in enumerate(self.layers, 1):
            assert isinstance(layer, nn.RNNBase)
            seen = unrolled(layer, values)
            found |= {f"{name} {number}": numbers for name, numbers in seen.items()}
            values = seen["h"]
        return found


@dataclass
class Rings:
    """How many tokens a convolutional network has read, and what each block will still need of them.

    Each ring is (count, filters, kernel - 1, dilation): token number t belongs to the row t % dilation, from which all
    that its window joins is taken, the oldest first.
    """

    read: int
    rings: list[Tensor]


class CausalBlock(nn.Module):
    """A norm, a window of places that lie `dilation` apart and end at the place itself, and a mixing of its filters."""

    def __init__(self, filters: int, kernel: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.dilation = dilation
        self.reach = (kernel - 1) * dilation
        self.norm = nn.LayerNorm(filters)
        self.window = nn.Conv1d(filters, filters, kernel, dilation=dilation)
        self.mixed = nn.Linear(filters, filters)
        self.dropout = dropout

    def forward(self, values: Tensor, before: Tensor) -> tuple[Tensor, Tensor]:
        """Take values (count, length, filters) and the `reach` normed ones before them (count, filters, reach).

        Returns values of the same shape, and those that the next ones will need before them.
        """
        seen = torch.cat([before, self.norm(values).transpose(1, 2)], 2)
        found = functional.gelu(self.window(seen)).transpose(1, 2)
        mixed = functional.dropout(self.mixed(found), self.dropout, self.training)
        return values + mixed, seen[:, :, seen.shape[2] - self.reach :]

    def ring(self, before: Tensor, read: int) -> Tensor:
        """Lay the values before token number `read`, as `forward` takes them, into a ring."""
        rows = before.view(*before.shape[:2], -1, self.dilation)
        return rows.roll(read % self.dilation, 3)

    def unrolled(self, ring: Tensor, read: int) -> Tensor:
        """Return the values of a ring in order, as `forward` takes them."""
        return ring.roll(-(read % self.dilation), 3).flatten(2)

    def one(self, values: Tensor, ring: Tensor, read: int) -> Tensor:
        """Read token number `read`, without dropout: values (count, filters) to the same; writes into the ring."""
        row = ring[..., read % self.dilation]
        taps = torch.cat([row, self.norm(values)[:, :, None]], 2)
        row.copy_(taps[:, :, 1:])
        found = functional.gelu(functional.linear(taps.flatten(1), self.window.weight.flatten(1), self.window.bias))
        mixed: Tensor = self.mixed(found)
        return values + mixed


class ConvWriter(Writer):
    """Windows over windows: each block looks further back than the one before, and none looks ahead."""

    def __init__(self, config: ConvConfig, info: TextInfo) -> None:
        super().__init__(info)
        self.inputs = nn.Embedding(len(info.vocabulary), config.filters)
        nn.init.normal_(self.inputs.weight, std=0.1)
        dilations = [config.kernel**number for number in range(config.blocks)] * config.repeats
        self.blocks = nn.ModuleList(
            CausalBlock(config.filters, config.kernel, dilation, config.dropout) for dilation in dilations
        )
        self.norm = nn.LayerNorm(config.filters)
        self.outputs = nn.Linear(config.filters, len(info.vocabulary))
        self.context = 1 + sum((config.kernel - 1) * dilation for dilation in dilations)

    @property
    def body(self) -> nn.ModuleList:
        return self.blocks

    def hidden(self, tokens: Tensor) -> Tensor:
        return self._through(tokens, self._nothing(len(tokens)))[0]

    def head(self, hidden: Tensor) -> Tensor:
        logits: Tensor = self.outputs(self.norm(hidden))
        return logits

    def begin(self, count: int) -> Rings:
        pairs = zip(self._blocks(), self._nothing(count), strict=True)
        return Rings(0, [block.ring(before, 0) for block, before in pairs])

    def advance(self, tokens: Tensor, state: Rings) -> tuple[Tensor, Rings]:
        """Read on; a single token costs a product in each block, and the rings are written in their place."""
        read = state.read + tokens.shape[1]
        if tokens.shape[1] == 1:
            values = self.inputs(tokens[:, 0])
            for block, ring in zip(self._blocks(), state.rings, strict=True):
                values = block.one(values, ring, state.read)
            return self.head(values), Rings(read, state.rings)
        pairs = zip(self._blocks(), state.rings, strict=True)
        values, kept = self._through(tokens, [block.unrolled(ring, state.read) for block, ring in pairs])
        rings = [block.ring(after, read) for block, after in zip(self._blocks(), kept, strict=True)]
        return self.head(values[:, -1]), Rings(read, rings)

    def _nothing(self, count: int) -> list[Tensor]:
        """Return what each block sees before the first token: nothing but zeros (count, filters, reach)."""
        weight = self.inputs.weight
        return [weight.new_zeros(count, weight.shape[1], block.reach) for block in self._blocks()]

    def _through(self, tokens: Tensor, before: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """Read tokens (count, length) behind what each block saw before them, oldest first."""
        values = self.inputs(tokens)
        kept = []
        for block, seen in zip(self.blocks, before, strict=True):
            values, after = block(values, seen)
            kept.append(after)
        return values, kept

    def _blocks(self) -> Iterator[CausalBlock]:
        for block in self.blocks:
            assert isinstance(block, CausalBlock)
            yield block

    def embedding(self) -> Tensor:
        return self.inputs.weight

    def insides(self, tokens: Tensor) -> dict[str, Tensor]:
        values = self.inputs(tokens[None])
        found = {}
        for number, (block, before) in enumerate(zip(self.blocks, self._nothing(1), strict=True), 1):
            values, _ = block(values, before)
            found[f"h {number}"] = values[0]
        return found
