"""The decoder-only transformer: tokens look at each other through attention, and never ahead.

Architecture: Radford et al., Language Models are Unsupervised Multitask Learners (2019), known as GPT-2: the norm
before each part, learned positions, GELU, and the token embedding used again as the last layer.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from gendesk.data.dataset import TextInfo
from gendesk.nn.attention import Past, TransformerBlock, initialize

from .config import GptConfig
from .models import Writer


@dataclass
class Reading:
    """What has been read in the present window: tokens int64 (count, length), keys and values of each block."""

    tokens: Tensor
    pasts: list[Past | None]


class Gpt(Writer):
    """Sees `context` tokens. When they are full it goes on with the last half of them, read anew from the first place.

    That happens at fixed distances from the beginning, so the logits depend on the text alone and not on the pieces in
    which it was read.
    """

    def __init__(self, config: GptConfig, info: TextInfo) -> None:
        super().__init__(info)
        self.context = config.window
        self.tokens = nn.Embedding(len(info.vocabulary), config.width)
        self.positions = nn.Embedding(config.window, config.width)
        self.dropout = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(
            TransformerBlock(config.width, config.heads, config.dropout, bias=config.bias) for _ in range(config.layers)
        )
        self.norm = nn.LayerNorm(config.width, bias=config.bias)
        initialize(self, config.layers)

    def hidden(self, tokens: Tensor) -> Tensor:
        first, _ = self._window(tokens[:, : self.context])
        kept = self._kept
        starts = range(self.context - kept, tokens.shape[1] - kept, self.context - kept)
        further = [self._window(tokens[:, start : start + self.context])[0][:, kept:] for start in starts]
        return torch.cat([first, *further], 1) if further else first

    def head(self, hidden: Tensor) -> Tensor:
        return functional.linear(self.norm(hidden), self.tokens.weight)

    def begin(self, count: int) -> Reading:
        nothing = torch.zeros(count, 0, dtype=torch.int64, device=self.tokens.weight.device)
        return Reading(nothing, [None] * len(self.blocks))

    def advance(self, tokens: Tensor, state: Reading) -> tuple[Tensor, Reading]:
        hidden = tokens.new_empty(0)
        while tokens.shape[1]:
            known = state.tokens.shape[1]
            if known == self.context:
                remembered = state.tokens[:, known - self._kept :]
                state, tokens = self.begin(len(tokens)), torch.cat([remembered, tokens], 1)
                known = 0
            now, tokens = tokens[:, : self.context - known], tokens[:, self.context - known :]
            hidden, pasts = self._window(now, state.pasts)
            state = Reading(torch.cat([state.tokens, now], 1), pasts)
        return self.head(hidden[:, -1]), state

    @property
    def _kept(self) -> int:
        """How many tokens are read anew when the window is full."""
        return self.context // 2

    def _window(self, tokens: Tensor, pasts: list[Past | None] | None = None) -> tuple[Tensor, list[Past | None]]:
        """Read tokens (count, length) behind the past of this window: values (count, length, width), and the new past.

        Nothing is kept of what no past was given for.
        """
        behind = pasts or [None] * len(self.blocks)
        start = behind[0][0].shape[2] if behind[0] is not None else 0
        values = self._entered(tokens, start)
        kept: list[Past | None] = []
        for block, past in zip(self.blocks, behind, strict=True):
            values, after = block(values, past)
            kept.append(after if pasts is not None else None)
        return values, kept

    def _entered(self, tokens: Tensor, start: int) -> Tensor:
        places = torch.arange(start, start + tokens.shape[1], device=tokens.device)
        entered: Tensor = self.dropout(self.tokens(tokens) + self.positions(places[None]))
        return entered

    def embedding(self) -> Tensor:
        return self.tokens.weight

    def insides(self, tokens: Tensor) -> dict[str, Tensor]:
        """Return the stream after each block and the attention, of the last tokens that fit into the window."""
        values = self._entered(tokens[None, -self.context :], 0)
        found, looks = {}, []
        for number, block in enumerate(self.blocks, 1):
            assert isinstance(block, TransformerBlock)
            looks.append(block.attention.weights(block.attention_norm(values))[0])
            values, _ = block(values)
            found[f"h {number}"] = values[0]
        return {**found, "attention": torch.stack(looks)}
