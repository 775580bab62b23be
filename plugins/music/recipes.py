"""The recipes: one line with attention, phrase for phrase, and many voices as a row of events."""

from typing import ClassVar

from gendesk.config import ConfigModel, with_defaults
from gendesk.data.dataset import ScoreInfo

from .config import AttentionLstmConfig, GptConfig, Seq2SeqConfig
from .events import PerformanceGpt
from .recurrent import AttentionLstm
from .seq2seq import AttentionSeq2Seq
from .training import EVENT_METRICS, LINE_METRICS, ComposerRecipe

# Foster, Generative Deep Learning (1st edition), listing 7.3: embeddings of 100, two layers of 256, windows of 32,
# RMSprop 0.001, batches of 32; no gradient is cut.
LineConfig = with_defaults(
    AttentionLstmConfig,
    "LineConfig",
    optimizer="rmsprop",
    learning_rate=0.001,
    beta2=0.9,
    gradient_clip=0.0,
)

PhraseConfig = with_defaults(
    Seq2SeqConfig,
    "PhraseConfig",
    learning_rate=0.003,
    schedule="cosine",
    schedule_steps=1_500,
    warm_up=30,
    weight_decay=0.1,
)

EventConfig = with_defaults(
    GptConfig,
    "EventConfig",
    layers=3,
    positions="rotary",
    query_norm=True,
    batch_size=8,
    transpose_down=5,
    transpose_up=6,
    optimizer="muon",
    learning_rate=0.008,
    schedule="cosine",
    schedule_steps=1_200,
    final_share=0.0,
    warm_up=50,
)


class AttentionLstmRecipe(ComposerRecipe[AttentionLstmConfig]):
    """Two recurrent layers and attention."""

    Config: ClassVar[type[ConfigModel]] = LineConfig
    metrics = LINE_METRICS

    @classmethod
    def build(cls, config: AttentionLstmConfig, info: ScoreInfo) -> AttentionLstm:
        return AttentionLstm(config, info)


class AttentionSeq2SeqRecipe(ComposerRecipe[Seq2SeqConfig]):
    """An encoder, and a decoder that attends to it."""

    Config: ClassVar[type[ConfigModel]] = PhraseConfig
    metrics = LINE_METRICS

    @classmethod
    def build(cls, config: Seq2SeqConfig, info: ScoreInfo) -> AttentionSeq2Seq:
        return AttentionSeq2Seq(config, info)


class PerformanceGptRecipe(ComposerRecipe[GptConfig]):
    """A transformer for events."""

    Config: ClassVar[type[ConfigModel]] = EventConfig
    metrics = EVENT_METRICS
    padded = False

    @classmethod
    def build(cls, config: GptConfig, info: ScoreInfo) -> PerformanceGpt:
        return PerformanceGpt(config, info)
