"""Causal self-attention and the block around it, with a cache of keys and values for reading on.

Method: Vaswani et al., Attention Is All You Need (2017); the norm before each part, the GELU and the scaled first
weights of what is added: Radford et al., Language Models are Unsupervised Multitask Learners (2019).
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

_DEVIATION = 0.02
_WIDENING = 4


@dataclass
class Cache:
    """Keys and values (2, batch, heads, places, width / heads) of what has been read; `known` places are filled."""

    pairs: Tensor
    known: int = 0

    def extended(self, pairs: Tensor) -> Tensor:
        """Write down keys and values of the next places, and return all that are known."""
        start, self.known = self.known, self.known + pairs.shape[3]
        self.pairs[:, :, :, start : self.known] = pairs
        return self.pairs[:, :, :, : self.known]


class CausalAttention(nn.Module):
    """Every place looks at itself and at those before it: (batch, length, width) to the same."""

    def __init__(self, width: int, heads: int, dropout: float = 0.0, *, bias: bool = True) -> None:
        super().__init__()
        self.heads = heads
        self.dropout = dropout
        self.projected = nn.Linear(width, 3 * width, bias=bias)
        self.joined = nn.Linear(width, width, bias=bias)

    def forward(self, values: Tensor, cache: Cache | None = None) -> Tensor:
        """Return what was found; with a cache, also among what that knows, and the new places are written into it."""
        query, pairs = self._parts(values)
        key, value = pairs if cache is None else cache.extended(pairs)
        new, known = query.shape[2], key.shape[2]
        found = functional.scaled_dot_product_attention(
            query,
            key,
            value,
            # A single place sees all that is known; several behind others need a triangle that begins further right.
            attn_mask=None if new in (1, known) else _triangle(new, known, query.device),
            dropout_p=self.dropout if self.training else 0.0,
            is_causal=new == known,
        )
        joined: Tensor = self.joined(found.transpose(1, 2).flatten(2))
        return joined

    def cache(self, count: int, places: int) -> Cache:
        """Return an empty cache for `count` texts of up to so many places."""
        width = self.joined.in_features
        return Cache(self.joined.weight.new_empty(2, count, self.heads, places, width // self.heads))

    def weights(self, values: Tensor) -> Tensor:
        """Return how much each place looks at each other: (batch, heads, length, length), rows summing to 1."""
        query, pairs = self._parts(values)
        scores = query @ pairs[0].transpose(2, 3) / math.sqrt(query.shape[-1])
        length = query.shape[2]
        return scores.masked_fill(~_triangle(length, length, query.device), -math.inf).softmax(-1)

    def _parts(self, values: Tensor) -> tuple[Tensor, Tensor]:
        """Return queries (batch, heads, length, width / heads), and keys and values (2, ...) in one."""
        batch, length, width = values.shape
        parts = self.projected(values).view(batch, length, 3, self.heads, width // self.heads)
        parts = parts.permute(2, 0, 3, 1, 4)
        return parts[0], parts[1:]


def _triangle(new: int, known: int, device: torch.device) -> Tensor:
    """Return which of the known each of the new places may see: bool (new, known)."""
    return torch.ones(new, known, dtype=torch.bool, device=device).tril(known - new)


class TransformerBlock(nn.Module):
    """Attention, then a small network for each place by itself, both added to what came in after a norm."""

    def __init__(self, width: int, heads: int, dropout: float = 0.0, *, bias: bool = True) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(width, bias=bias)
        self.attention = CausalAttention(width, heads, dropout, bias=bias)
        self.norm = nn.LayerNorm(width, bias=bias)
        self.widened = nn.Linear(width, _WIDENING * width, bias=bias)
        self.narrowed = nn.Linear(_WIDENING * width, width, bias=bias)
        self.dropout = dropout

    def forward(self, values: Tensor, cache: Cache | None = None) -> Tensor:
        """Return values (batch, length, width); see CausalAttention for the cache."""
        values = values + self._dropped(self.attention(self.attention_norm(values), cache))
        return values + self._dropped(self.narrowed(functional.gelu(self.widened(self.norm(values)))))

    def _dropped(self, values: Tensor) -> Tensor:
        # Asked here, because a layer that does nothing costs as much as an addition where tokens are read singly.
        return functional.dropout(values, self.dropout) if self.training and self.dropout else values


def initialize(transformer: nn.Module, blocks: int) -> None:
    """Give first weights as in GPT-2: N(0, 0.02), less for what is added to the stream, so that it does not swell."""
    for name, layer in transformer.named_modules():
        if isinstance(layer, nn.Linear | nn.Embedding):
            added = name.endswith(("joined", "narrowed"))
            nn.init.normal_(layer.weight, std=_DEVIATION / math.sqrt(2 * blocks) if added else _DEVIATION)
        if isinstance(layer, nn.Linear) and layer.bias is not None:
            nn.init.zeros_(layer.bias)
