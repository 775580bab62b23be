"""What can be set in the family: what is read at once, transposition, and the networks."""

from typing import Literal

from gendesk.config import ConfigModel, setting
from gendesk.nn.schedules import OptimiserConfig
from gendesk.nn.transformer_config import TransformerConfig


class _ReadingConfig(ConfigModel):
    """What is read; it stands first in the form."""

    batch_size: int = setting(
        32,
        "Batch size",
        "Windows per step. More give steadier steps, which take longer.",
        group="Training",
        unit="windows",
        ge=1,
        le=4096,
    )
    transpose_down: int = setting(
        0,
        "Transpose down",
        "Each time a window is read, it is moved by a random interval, downwards by so many semitones at most. 5 down "
        "and 6 up bring every piece into all twelve keys, so that keys are learnt from all pieces together.",
        group="Training",
        unit="semitones",
        ge=0,
        le=11,
    )
    transpose_up: int = setting(
        0,
        "Transpose up",
        "The same upwards. Networks of chords need a larger vocabulary for it, with each chord in every key.",
        group="Training",
        unit="semitones",
        ge=0,
        le=11,
    )

    @property
    def shifts(self) -> range:
        """By how many semitones a window may be moved."""
        return range(-self.transpose_down, self.transpose_up + 1)


class ComposerConfig(OptimiserConfig, _ReadingConfig):
    """What every recipe that composes note by note has."""

    validated_tokens: int = setting(
        20_000,
        "Held-out events",
        "How many events of the held-out pieces are foretold at most at each validation, spread evenly over them. "
        "Fewer take less time and leave more to chance.",
        group="Training",
        unit="events",
        advanced=True,
        ge=100,
        le=100_000_000,
    )


class LineConfig(ComposerConfig):
    """What networks of chords and durations have."""

    embedding: int = setting(
        100,
        "Embedding",
        "How many numbers stand for a chord, and as many for a duration, learnt with the rest.",
        group="Network",
        unit="numbers",
        ge=1,
        le=1024,
    )
    units: int = setting(
        256, "Units", "How many numbers each recurrent layer remembers.", group="Network", ge=1, le=2048
    )


class AttentionLstmConfig(LineConfig):
    """Two recurrent layers and attention over what they put out; the defaults are the book's."""

    window: int = setting(
        32,
        "Window",
        "How many notes or chords the network sees before the one that it foretells. The beginning of a piece is "
        "filled up with START.",
        group="Network",
        unit="events",
        ge=2,
        le=512,
    )
    attention: bool = setting(
        True,
        "Attention",
        "Whether a weighted sum of all that the last layer put out says what comes next. Without, its last output "
        "alone does.",
        group="Network",
    )
    scores: Literal["places", "queries"] = setting(
        "places",
        "Scores",
        "What decides how much an output weighs. places: the output itself, by a score between -1 and 1, as in the "
        "book, whoever asks. queries: the output and the place that asks, as in transformers, so that each note looks "
        "for those that matter to it.",
        group="Network",
    )
    context: Literal["alone", "beside"] = setting(
        "alone",
        "Context",
        "What attention gives to the heads. alone: the weighted sum of all outputs, as in the book, in which the last "
        "one is lost among the others. beside: the sum and the last output together, from which notes are foretold far "
        "better. Without attention there is only the last.",
        group="Network",
    )
    targets: Literal["last", "every"] = setting(
        "last",
        "Targets",
        "What is asked of a window. last: only the event that follows it, as in the book. every: what follows each of "
        "its events, from which much more is learnt in the same time.",
        group="Training",
    )


class Seq2SeqConfig(LineConfig):
    """A network that reads a phrase, and one that answers with another."""

    phrase: int = setting(
        16,
        "Phrase",
        "How many notes or chords are read, and as many are foretold.",
        group="Network",
        unit="events",
        ge=2,
        le=256,
    )


class _ContextConfig(ComposerConfig):
    """What a transformer sees at once; it stands before its size."""

    window: int = setting(
        192,
        "Context",
        "How many events the transformer sees at once; a note is two of them, its key and its length, and a step in "
        "time another. The work of attention grows with its square.",
        group="Network",
        unit="events",
        ge=2,
        le=4096,
    )


class GptConfig(TransformerConfig, _ContextConfig):
    """A decoder-only transformer for events."""
