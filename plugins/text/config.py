"""What can be set in the family: the windows that are read, the plan of the learning rate, and the networks."""

from typing import Literal, Self

from pydantic import model_validator

from gendesk.config import ConfigModel, setting
from gendesk.nn.schedules import OptimiserConfig
from gendesk.nn.transformer_config import TransformerConfig

WINDOW_MOST = 4_096


class _WindowConfig(ConfigModel):
    """What is read at once; it stands first in the form."""

    window: int = setting(
        100,
        "Window",
        "How many tokens in a row the network is shown at once. A longer window lets it learn what hangs together over "
        "a greater distance, and takes more time and memory.",
        group="Training",
        unit="tokens",
        ge=2,
        le=WINDOW_MOST,
    )
    stride: int = setting(
        0,
        "Stride",
        "How many tokens the next window begins behind the last; each is shown once in an epoch, in random order. 0 "
        "draws windows at random places, as many tokens in an epoch as the text has.",
        group="Training",
        unit="tokens",
        ge=0,
        le=WINDOW_MOST,
    )
    batch_size: int = setting(
        32,
        "Batch size",
        "Windows per step. More give steadier steps, which take longer.",
        group="Training",
        unit="windows",
        ge=1,
        le=4096,
    )


class WriterConfig(OptimiserConfig, _WindowConfig):
    """What every recipe of texts has."""

    validated_tokens: int = setting(
        200_000,
        "Held-out tokens",
        "How many tokens of the held-out text are read at most at each validation, spread evenly over it. Fewer take "
        "less time and leave more to chance.",
        group="Training",
        unit="tokens",
        advanced=True,
        ge=100,
        le=100_000_000,
    )


class RecurrentLayer(ConfigModel):
    """One recurrent layer."""

    units: int = setting(256, "Units", "How many numbers the layer remembers.", group="Network", ge=1, le=4096)


class RecurrentConfig(WriterConfig):
    """Recurrent networks; the defaults are the book's for words."""

    cell: Literal["lstm", "gru", "rnn"] = setting(
        "lstm",
        "Cell",
        "How a layer remembers. lstm: with three gates and a cell state. gru: with two gates, smaller and often as "
        "good. rnn: without gates, which forgets after some ten tokens.",
        group="Network",
    )
    layers: tuple[RecurrentLayer, ...] = setting(
        (RecurrentLayer(),),
        "Layers",
        "Recurrent layers, each reading what the one before puts out. More units learn more of the text, by heart in "
        "the end.",
        group="Network",
        ge=1,
        le=6,
    )
    embedding: int = setting(
        100,
        "Embedding",
        "How many numbers stand for a token, learnt with the rest. 0 feeds each token as a row of zeros with a single "
        "one, as the listings for characters do.",
        group="Network",
        unit="numbers",
        ge=0,
        le=4096,
    )
    dropout: float = setting(
        0.2,
        "Dropout",
        "Share of the last layer's outputs set to zero during training; more of it keeps the network from learning a "
        "small text by heart.",
        group="Network",
        ge=0,
        le=0.9,
    )
    between: float = setting(
        0.0,
        "Dropout between layers",
        "Share of what a recurrent layer hands to the next one set to zero during training.",
        group="Network",
        advanced=True,
        ge=0,
        le=0.9,
    )
    targets: Literal["last", "every"] = setting(
        "every",
        "Targets",
        "What is asked of a window. last: only the token that follows it, as in the books. every: what follows each of "
        "its tokens, from which much more is learnt in the same time.",
        group="Training",
    )


class ConvConfig(WriterConfig):
    """Causal dilated convolutions."""

    filters: int = setting(
        128, "Filters", "How many numbers each layer makes of a place.", group="Network", ge=1, le=2048
    )
    kernel: int = setting(
        2,
        "Kernel",
        "How many places a window joins. Each further layer leaves gaps that many times as wide, so that the reach "
        "grows by this factor from layer to layer.",
        group="Network",
        unit="places",
        ge=2,
        le=8,
    )
    blocks: int = setting(
        6,
        "Layers",
        "Windows above each other. With a kernel of 2, six of them see 64 tokens, seven see 128.",
        group="Network",
        ge=1,
        le=12,
    )
    repeats: int = setting(
        1,
        "Repeats",
        "How many times the whole stack is set on itself, beginning again with neighbours. More layers learn more and "
        "take longer.",
        group="Network",
        advanced=True,
        ge=1,
        le=6,
    )
    dropout: float = setting(
        0.0,
        "Dropout",
        "Share of values set to zero in every layer during training; a remedy against learning by heart.",
        group="Network",
        ge=0,
        le=0.9,
    )

    @model_validator(mode="after")
    def _reach(self) -> Self:
        if self.kernel**self.blocks > WINDOW_MOST:
            raise ValueError(
                f"{self.blocks} layers with a kernel of {self.kernel} reach back {self.kernel**self.blocks:,} tokens; "
                f"up to {WINDOW_MOST:,} are possible"
            )
        return self


class GptConfig(TransformerConfig, WriterConfig):
    """A decoder-only transformer; the defaults are the small one for a CPU."""

    window: int = setting(
        64,
        "Context",
        "How many tokens the transformer sees at once, in training and when it writes. The work of attention grows "
        "with its square.",
        group="Network",
        unit="tokens",
        ge=2,
        le=WINDOW_MOST,
    )
