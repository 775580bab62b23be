"""The recipes: recurrent networks for words and for characters, convolutions, and a small transformer."""

from typing import ClassVar

from gendesk.config import ConfigModel, with_defaults
from gendesk.data.dataset import TextInfo

from .config import ConvConfig, GptConfig, RecurrentConfig, RecurrentLayer
from .models import ConvWriter, RecurrentWriter
from .training import WriterRecipe
from .transformer import Gpt

# Foster, Generative Deep Learning (1st edition), listing 6.3: 100 numbers for a word, 256 units, dropout 0.2, RMSProp
# 0.001, batches of 32 windows of 20 words, the next word as the target; no gradient is cut. Every window is shown.
WordConfig = with_defaults(
    RecurrentConfig,
    "WordConfig",
    window=20,
    stride=1,
    targets="last",
    optimizer="rmsprop",
    learning_rate=0.001,
    beta2=0.9,
    gradient_clip=0.0,
)

# Chollet, Deep Learning with R (1st edition), listings 8.2 to 8.5: windows of 60 characters that begin 3 apart, 128
# units, characters one-hot, RMSprop 0.01, batches of 128.
CharConfig = with_defaults(
    RecurrentConfig,
    "CharConfig",
    window=60,
    stride=3,
    targets="last",
    layers=(RecurrentLayer(units=128),),
    embedding=0,
    dropout=0.0,
    optimizer="rmsprop",
    learning_rate=0.01,
    beta2=0.9,
    batch_size=128,
    gradient_clip=0.0,
)

# The published setting for the collected plays of Shakespeare in characters, on a CPU: 2,000 iterations of 12 windows
# of 64, a cosine from 0.001 to 0.0001 behind 100 steps of warm-up, weights decaying by 0.1.
CharGptConfig = with_defaults(
    GptConfig,
    "CharGptConfig",
    batch_size=12,
    learning_rate=0.001,
    schedule="cosine",
    warm_up=100,
    weight_decay=0.1,
)


_STRETCH = 1_024
"""Tokens in a row that recurrent networks read at validation."""


class RecurrentRecipe(WriterRecipe[RecurrentConfig]):
    """A recurrent network."""

    @classmethod
    def build(cls, config: RecurrentConfig, info: TextInfo) -> RecurrentWriter:
        return RecurrentWriter(config, info)

    @property
    def only_last(self) -> bool:
        return self.config.targets == "last"

    @property
    def stretch(self) -> int:
        """Longer than the windows of the training, as a state that is never emptied knows all that was read."""
        return self.config.window if self.only_last else max(self.config.window, _STRETCH)


class WordRecipe(RecurrentRecipe):
    """Words through an embedding."""

    Config: ClassVar[type[ConfigModel]] = WordConfig


class CharRecipe(RecurrentRecipe):
    """Characters, one-hot as in the listings."""

    Config: ClassVar[type[ConfigModel]] = CharConfig


class ConvRecipe(WriterRecipe[ConvConfig]):
    """Windows over windows, none of which looks ahead."""

    Config: ClassVar[type[ConfigModel]] = ConvConfig

    @classmethod
    def build(cls, config: ConvConfig, info: TextInfo) -> ConvWriter:
        return ConvWriter(config, info)


class GptRecipe(WriterRecipe[GptConfig]):
    """A small GPT."""

    Config: ClassVar[type[ConfigModel]] = CharGptConfig

    @classmethod
    def build(cls, config: GptConfig, info: TextInfo) -> Gpt:
        return Gpt(config, info)
