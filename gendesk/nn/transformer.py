"""The decoder-only transformer: tokens look at each other through attention, and never ahead.

Architecture: Radford et al., Language Models are Unsupervised Multitask Learners (2019), known as GPT-2: the norm
before each part, learned positions, GELU, and the token embedding used again as the last layer.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from gendesk.nn.attention import PLAIN, Cache, Looks, TransformerBlock, initialize


@dataclass(frozen=True)
class Shape:
    """The size of a transformer: `context` tokens are seen at once, `heads` share the `width` of a place.

    With rotary positions, which `looks` may ask for, none are learned.
    """

    vocabulary: int
    context: int
    layers: int
    heads: int
    width: int
    dropout: float = 0.0
    bias: bool = False
    looks: Looks = PLAIN


@dataclass
class Reading:
    """What has been read in the present window: tokens int64 (count, length), and what each block knows of them."""

    tokens: Tensor
    caches: list[Cache]


class Transformer(nn.Module):
    """Sees `context` tokens. When they are full it goes on with the last half of them, read anew from the first place.

    That happens at fixed distances from the beginning, so the logits depend on the tokens alone and not on the pieces
    in which they were read.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.context = shape.context
        self.tokens = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = None if shape.looks.rotary else nn.Embedding(shape.context, shape.width)
        self.dropout = nn.Dropout(shape.dropout)
        self.blocks = nn.ModuleList(
            TransformerBlock(shape.width, shape.heads, shape.dropout, bias=shape.bias, looks=shape.looks)
            for _ in range(shape.layers)
        )
        self.norm = nn.LayerNorm(shape.width, bias=shape.bias)
        initialize(self, shape.layers)

    def hidden(self, tokens: Tensor) -> Tensor:
        """Return what is made of tokens int64 (count, length), each from those up to it: (count, length, width)."""
        first = self._window(tokens[:, : self.context])
        kept = self._kept
        starts = range(self.context - kept, tokens.shape[1] - kept, self.context - kept)
        further = [self._window(tokens[:, start : start + self.context])[:, kept:] for start in starts]
        return torch.cat([first, *further], 1) if further else first

    def head(self, hidden: Tensor) -> Tensor:
        """Return logits (.., vocabulary) of the next tokens."""
        return functional.linear(self.norm(hidden), self.tokens.weight)

    def begin(self, count: int) -> Reading:
        """Return the state of `count` sequences of which nothing has been read."""
        nothing = torch.zeros(count, 0, dtype=torch.int64, device=self.tokens.weight.device)
        return Reading(nothing, [block.attention.cache(count, self.context) for block in self._blocks()])

    def advance(self, tokens: Tensor, state: Reading) -> tuple[Tensor, Reading]:
        """Read tokens int64 (count, length) on: logits of what comes next (count, vocabulary), and the new state."""
        hidden = tokens.new_empty(0)
        while tokens.shape[1]:
            known = state.tokens.shape[1]
            if known == self.context:
                remembered = state.tokens[:, known - self._kept :]
                state, tokens = self.begin(len(tokens)), torch.cat([remembered, tokens], 1)
                known = 0
            now, tokens = tokens[:, : self.context - known], tokens[:, self.context - known :]
            hidden = self._window(now, state.caches)
            state = Reading(torch.cat([state.tokens, now], 1), state.caches)
        return self.head(hidden[:, -1]), state

    @property
    def _kept(self) -> int:
        """How many tokens are read anew when the window is full."""
        return self.context // 2

    def _window(self, tokens: Tensor, caches: list[Cache] | None = None) -> Tensor:
        """Read tokens (count, length) behind those that the caches know of: values (count, length, width)."""
        values = self._entered(tokens, caches[0].known if caches else 0)
        for number, block in enumerate(self.blocks):
            values = block(values, caches[number] if caches else None)
        return values

    def _blocks(self) -> Iterator[TransformerBlock]:
        for block in self.blocks:
            assert isinstance(block, TransformerBlock)
            yield block

    def _entered(self, tokens: Tensor, start: int) -> Tensor:
        values: Tensor = self.tokens(tokens)
        if self.positions is not None:
            places = torch.arange(start, start + tokens.shape[1], device=tokens.device)
            values = values + self.positions(places[None])
        entered: Tensor = self.dropout(values)
        return entered

    def insides(self, tokens: Tensor) -> dict[str, Tensor]:
        """Return the stream after each block and the attention, of the last tokens that fit into the window."""
        values = self._entered(tokens[None, -self.context :], 0)
        found, looks = {}, []
        for number, block in enumerate(self._blocks(), 1):
            looks.append(block.attention.weights(block.attention_norm(values[0])))
            values = block(values)
            found[f"h {number}"] = values[0]
        return {**found, "attention": torch.stack(looks)}
