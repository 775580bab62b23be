"""What can be set of a decoder-only transformer, wherever one is used."""

from typing import Literal, Self

from pydantic import model_validator

from gendesk.config import ConfigModel, setting
from gendesk.nn.attention import Looks, check_heads
from gendesk.nn.transformer import Shape


class TransformerConfig(ConfigModel):
    """Its size, and how its places look at each other; the size is that of the small one for a CPU."""

    layers: int = setting(
        4, "Layers", "Blocks above each other, each with attention and a small network.", group="Network", ge=1, le=72
    )
    heads: int = setting(
        4,
        "Heads",
        "In how many ways at once each block looks back. They share the width, which must be a multiple of them.",
        group="Network",
        ge=1,
        le=64,
    )
    width: int = setting(
        128, "Width", "How many numbers stand for a place on the way up.", group="Network", ge=1, le=4096
    )
    positions: Literal["learned", "rotary"] = setting(
        "learned",
        "Positions",
        "How the transformer knows where a place is. learned: numbers for each place, as in GPT-2 and MuseNet. rotary: "
        "what looks and what is looked at are turned by their distance, which is learnt sooner and takes a little "
        "longer.",
        group="Network",
        advanced=True,
    )
    query_norm: bool = setting(
        False,
        "Even queries",
        "Whether what looks and what is looked at are brought to one length first, so that no place shouts down the "
        "others; it allows higher learning rates.",
        group="Network",
        advanced=True,
    )
    bias: bool = setting(
        False,
        "Biases",
        "Numbers added in every dense layer and norm. GPT-2 has them; without them it is a little faster and as good.",
        group="Network",
        advanced=True,
    )
    dropout: float = setting(
        0.0,
        "Dropout",
        "Share of values set to zero in every block during training; needed where there is little to learn from and "
        "training takes long.",
        group="Network",
        ge=0,
        le=0.9,
    )

    def shape(self, vocabulary: int, context: int) -> Shape:
        """Return the size of the network for so many different tokens, `context` of which it sees at once."""
        looks = Looks(self.positions == "rotary", self.query_norm)
        return Shape(vocabulary, context, self.layers, self.heads, self.width, self.dropout, self.bias, looks)

    @model_validator(mode="after")
    def _heads_share_the_width(self) -> Self:
        check_heads(self.width, self.heads, rotary=self.positions == "rotary")
        return self
