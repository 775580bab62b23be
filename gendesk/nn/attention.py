"""Causal self-attention and the block around it, with a cache of keys and values for reading on.

Method: Vaswani et al., Attention Is All You Need (2017); the norm before each part, the GELU and the scaled first
weights of what is added: Radford et al., Language Models are Unsupervised Multitask Learners (2019). Rotary positions:
Su et al., RoFormer (2021). Normed queries and keys: Henry et al., Query-Key Normalization for Transformers (2020).
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

_DEVIATION = 0.02
_WIDENING = 4
_LONGEST_WAVE = 10_000


@dataclass
class Cache:
    """Keys and values (batch, heads, places, width / heads) of what has been read; `known` places are filled."""

    keys: Tensor
    values: Tensor
    known: int = 0

    def extended(self, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Write down keys and values of the next places, and return all that are known."""
        start, self.known = self.known, self.known + keys.shape[2]
        self.keys[:, :, start : self.known] = keys
        self.values[:, :, start : self.known] = values
        return self.keys[:, :, : self.known], self.values[:, :, : self.known]


@dataclass(frozen=True)
class Looks:
    """How attention compares places: `rotary` turns queries and keys by how far they stand, `normed` evens them out.

    With rotary positions the width of a head must be even, and what goes in needs no positions of its own.
    """

    rotary: bool = False
    normed: bool = False


PLAIN = Looks()


def check_heads(width: int, heads: int, *, rotary: bool) -> None:
    """Raises ValueError, with a way out, if a width cannot be shared by so many heads."""
    share = width // heads
    if width % heads:
        raise ValueError(
            f"A width of {width} cannot be shared by {heads} heads; make it {-(-width // heads) * heads}, or change "
            "the heads"
        )
    if rotary and share % 2:
        raise ValueError(
            f"Rotary positions turn pairs of numbers, but a head has {share}; make the width "
            f"{2 * heads * (share // 2 + 1)}, or learn the positions"
        )


class CausalAttention(nn.Module):
    """Every place looks at itself and at those before it."""

    def __init__(
        self, width: int, heads: int, dropout: float = 0.0, *, bias: bool = True, looks: Looks = PLAIN
    ) -> None:
        super().__init__()
        self.heads = heads
        self.dropout = dropout
        self.looks = looks
        self.projected = nn.Linear(width, 3 * width, bias=bias)
        self.joined = nn.Linear(width, width, bias=bias)

    def forward(self, values: Tensor, batch: int, cache: Cache | None = None) -> Tensor:
        """Return what was found by the places of `batch` texts, one text behind the other: (places, width) to the same.

        With a cache they look among what that knows, too, and are written into it.
        """
        query, key, value = self._parts(values, batch, cache.known if cache is not None else 0)
        if cache is not None:
            key, value = cache.extended(key, value)
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
        joined: Tensor = self.joined(found.transpose(1, 2).reshape(values.shape))
        return joined

    def cache(self, count: int, places: int) -> Cache:
        """Return an empty cache for `count` texts of up to so many places."""
        width = self.joined.in_features
        keys, values = self.joined.weight.new_empty(2, count, self.heads, places, width // self.heads)
        return Cache(keys, values)

    def weights(self, values: Tensor) -> Tensor:
        """Return how much each place of one text (length, width) looks at each other: (heads, length, length).

        Rows sum to 1.
        """
        query, key, _ = (part[0] for part in self._parts(values, 1, 0))
        scores = query @ key.transpose(1, 2) / math.sqrt(query.shape[-1])
        return scores.masked_fill(~_triangle(len(values), len(values), query.device), -math.inf).softmax(-1)

    def _parts(self, values: Tensor, batch: int, start: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return queries, keys and values, each (batch, heads, length, width / heads), of places from `start` on."""
        parts = self.projected(values).view(batch, -1, 3, self.heads, values.shape[-1] // self.heads)
        if not (self.looks.rotary or self.looks.normed):
            query, key, value = parts.permute(2, 0, 3, 1, 4)
            return query, key, value
        compared, value = parts.split((2, 1), 2)
        if self.looks.normed:
            compared = functional.rms_norm(compared, compared.shape[-1:])
        if self.looks.rotary:
            compared = rotated(compared, start)
        query, key = compared.permute(2, 0, 3, 1, 4)
        return query, key, value[:, :, 0].transpose(1, 2)


def rotated(values: Tensor, start: int) -> Tensor:
    """Turn values (batch, length, .., .., width) in planes, by angles that grow with their places from `start` on.

    What two of them have in common then depends on how far they stand from each other alone.
    """
    half = values.shape[-1] // 2
    places = torch.arange(start, start + values.shape[1], device=values.device, dtype=torch.float32)
    waves = _LONGEST_WAVE ** (-torch.arange(half, device=values.device, dtype=torch.float32) / half)
    angles = (places[:, None] * waves)[:, None, None]
    cosine, sine = angles.cos().to(values.dtype), angles.sin().to(values.dtype)
    first, second = values.chunk(2, -1)
    return torch.cat([first * cosine - second * sine, first * sine + second * cosine], -1)


def _triangle(new: int, known: int, device: torch.device) -> Tensor:
    """Return which of the known each of the new places may see: bool (new, known)."""
    return torch.ones(new, known, dtype=torch.bool, device=device).tril(known - new)


class TransformerBlock(nn.Module):
    """Attention, then a small network for each place by itself, both added to what came in after a norm."""

    def __init__(
        self, width: int, heads: int, dropout: float = 0.0, *, bias: bool = True, looks: Looks = PLAIN
    ) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(width, bias=bias)
        self.attention = CausalAttention(width, heads, dropout, bias=bias, looks=looks)
        self.norm = nn.LayerNorm(width, bias=bias)
        self.widened = nn.Linear(width, _WIDENING * width, bias=bias)
        self.narrowed = nn.Linear(_WIDENING * width, width, bias=bias)
        self.dropout = dropout

    def forward(self, values: Tensor, cache: Cache | None = None) -> Tensor:
        """Return values (batch, length, width); see CausalAttention for the cache."""
        # Places of all texts in one row: dense layers are told of no batch, which spares a twentieth of a step.
        places = values.flatten(0, 1)
        places = places + self._dropped(self.attention(self.attention_norm(places), len(values), cache))
        places = places + self._dropped(self.narrowed(functional.gelu(self.widened(self.norm(places)))))
        return places.view(values.shape)

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
