"""The network for one line: two recurrent layers, and attention to what the second has put out."""

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from gendesk.data.dataset import ScoreInfo
from gendesk.nn.recurrent import recurrent

from .config import AttentionLstmConfig
from .models import LineModel


class PooledAttention(nn.Module):
    """Scores each place by itself, tanh(w h + b), and sums up all places by the softmax of the scores."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.score = nn.Linear(units, 1)
        nn.init.xavier_uniform_(self.score.weight)
        nn.init.zeros_(self.score.bias)

    def forward(self, values: Tensor) -> Tensor:
        """Return for each place the sum over it and those before it: (count, length, units) to the same."""
        weights = self._weights(values)
        sums: Tensor = (weights * values).cumsum(1) / weights.cumsum(1)
        return sums

    def shares(self, values: Tensor) -> Tensor:
        """Return how much each place weighs in the sum of the last one: (count, length), which sums to 1."""
        weights = self._weights(values)[..., 0]
        return weights / weights.sum(1, keepdim=True)

    def _weights(self, values: Tensor) -> Tensor:
        # Between 1/e and e, because tanh bounds the scores: no largest one needs to be taken off first.
        weights: Tensor = self.score(values).tanh().exp()
        return weights


class QueryAttention(nn.Module):
    """Each place asks the others what it wants to know: softmax(q k / sqrt(units)) (Vaswani et al. 2017), one head."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.query = nn.Linear(units, units, bias=False)
        self.key = nn.Linear(units, units, bias=False)
        for layer in (self.query, self.key):
            nn.init.xavier_uniform_(layer.weight)

    def forward(self, values: Tensor) -> Tensor:
        """Return for each place the sum over it and those before it: (count, length, units) to the same."""
        return functional.scaled_dot_product_attention(self.query(values), self.key(values), values, is_causal=True)

    def shares(self, values: Tensor) -> Tensor:
        """Return how much each place weighs in the sum of the last one: (count, length), which sums to 1."""
        query, keys = self.query(values[:, -1:]), self.key(values)
        scores: Tensor = (query @ keys.mT)[:, 0] / math.sqrt(keys.shape[-1])
        return scores.softmax(-1)


class Joint(nn.Module):
    """Makes one value of a context and the output it belongs to: tanh(W [c; h] + b) (Luong, Pham and Manning 2015)."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.dense = nn.Linear(2 * units, units)
        nn.init.xavier_uniform_(self.dense.weight)
        nn.init.zeros_(self.dense.bias)

    def forward(self, context: Tensor, output: Tensor) -> Tensor:
        """Return (count, length, units) of two such values."""
        joined: Tensor = self.dense(torch.cat([context, output], -1)).tanh()
        return joined


class AttentionLstm(LineModel):
    """Foster, Generative Deep Learning (2019), listing 7.3; without attention the last output alone goes on."""

    def __init__(self, config: AttentionLstmConfig, info: ScoreInfo) -> None:
        super().__init__(config, info, config.window, config.window if config.targets == "every" else 1)
        self.layers = nn.ModuleList(
            [recurrent("lstm", 2 * config.embedding, config.units), recurrent("lstm", config.units, config.units)]
        )
        kind = PooledAttention if config.scores == "places" else QueryAttention
        self.attention = kind(config.units) if config.attention else None
        self.joint = Joint(config.units) if config.attention and config.context == "beside" else None

    @property
    def body(self) -> nn.Module:
        return self.layers

    def hidden(self, tokens: Tensor) -> tuple[Tensor, Tensor | None]:
        values: Any = self.embedded(tokens)
        for layer in self.layers:
            values, _ = layer(values)
        if self.attention is None:
            return values[:, -self.foretold :], None
        context = self.attention(values)[:, -self.foretold :]
        if self.joint is not None:
            context = self.joint(context, values[:, -self.foretold :])
        return context, self.attention.shares(values)
