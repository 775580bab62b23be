"""How all recipes of texts learn: from windows of a text, to foretell the token that comes next."""

import math
from collections.abc import Iterator
from typing import ClassVar, Generic, TypeVar

import torch
from torch import Tensor
from torch.nn import functional

from gendesk.data.dataset import DatasetKind, TextDataset, TextInfo
from gendesk.engine.health import HealthCheck, Remedies
from gendesk.engine.preview import Preview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, Recipe, State
from gendesk.nn.schedules import Optimiser

from .config import WriterConfig
from .health import LossJump
from .models import Writer
from .previews import Prompter
from .windows import Windows, gather, held_out_starts

WriterConfigT = TypeVar("WriterConfigT", bound=WriterConfig)
_MOST_LOGITS = 2**24
"""So many numbers of logits are worked out at once in validation: 64 MB."""
_MOST_EXPONENT = 80.0

_LOSS = MetricSpec(
    "loss",
    "Loss",
    "Cross-entropy: how surprised the network is by the token that really comes next, in nats. One that knows nothing "
    "has the logarithm of the vocabulary's size, 4.17 for 65 characters. Shannon's 1.3 bits per letter, which people "
    "reach, are 0.90 nats. When the held-out curve turns up while the other goes on falling, the network has begun to "
    "learn the text by heart.",
    "Loss",
)
_BITS = MetricSpec(
    "bits",
    "Bits per character",
    "The loss in bits, shared among the characters that a token spells, so that characters, words and byte pairs of "
    "one text can be compared. 8 bits is a plain file, about 2 a good compressor, 1.3 what people guess by Shannon's "
    "experiment of 1951. Words that the vocabulary does not have count for little, which flatters small vocabularies.",
    "Bits",
    level=(1.3, "Shannon's readers"),
)
_PERPLEXITY = MetricSpec(
    "perplexity",
    "Perplexity",
    "Among how many equally likely tokens the network hesitates: e to the power of the loss. It begins at the size of "
    "the vocabulary; 1 would be certainty.",
    "Perplexity",
)
_ACCURACY = MetricSpec(
    "accuracy",
    "Accuracy",
    "Share of tokens that the network finds likeliest and that really come next. It stays far below 1, because a text "
    "may always go on in other ways.",
    "Accuracy",
    goal="max",
)
_RATE = MetricSpec(
    "learning_rate", "Learning rate", "The size of the steps, as the plan has it.", "Learning rate", goal="none"
)


class WriterRecipe(Recipe[WriterConfigT, TextDataset], Generic[WriterConfigT]):
    """Learns to foretell the next token of a text."""

    accepts: ClassVar[DatasetKind] = DatasetKind.TEXT
    metrics: ClassVar[tuple[MetricSpec, ...]] = (_LOSS, _BITS, _PERPLEXITY, _ACCURACY, _RATE)
    best: ClassVar[str] = "loss"

    def __init__(self, config: WriterConfigT, data: TextDataset, context: Context) -> None:
        super().__init__(config, data, context)
        self._windows = Windows(data.train, config.window, config.stride, config.batch_size, context.seed)
        self._model = self.build(config, data.info).to(context.device)
        self._optimiser = Optimiser(self._model, self._model.body, config)
        self._prompter = Prompter(data)

    @classmethod
    def metrics_of(cls, config: WriterConfigT) -> tuple[MetricSpec, ...]:
        return cls.metrics if config.has_plan else tuple(spec for spec in cls.metrics if spec is not _RATE)

    @classmethod
    def build(cls, config: WriterConfigT, info: TextInfo) -> Writer:
        raise NotImplementedError

    def model(self) -> Writer:
        return self._model

    @property
    def only_last(self) -> bool:
        """Whether only the token after each window is asked for."""
        return False

    @property
    def stretch(self) -> int:
        """How many tokens in a row of the held-out text are read at validation."""
        return self.config.window

    @property
    def steps_per_epoch(self) -> int:
        return self._windows.per_epoch

    @property
    def samples_per_step(self) -> int:
        return self._windows.batch_size

    def step(self) -> Metrics:
        if not self._model.training:  # asking is quicker than telling every layer again
            self._model.train()
        rate = self._optimiser.learning_rate
        with self.context.autocast():
            logits, targets = self._foretold(self._windows.next(self.context.device))
        loss = functional.cross_entropy(logits, targets)
        self._optimiser.step(loss)
        right = (logits.detach().argmax(1) == targets).float().mean()
        info = self.data.info
        found = self._measured(loss.detach(), right, info.train_count / max(1, info.train_characters))
        return {**found, "learning_rate": rate} if _RATE in self.metrics_of(self.config) else found

    def _foretold(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits (count, vocabulary) and the tokens (count,) that came, of windows (batch, window + 1)."""
        hidden, targets = self._model.hidden(tokens[:, :-1]), tokens[:, 1:]
        if self.only_last:
            hidden, targets = hidden[:, -1:], targets[:, -1:]
        return self._model.head(hidden.flatten(0, 1)).float(), targets.flatten()

    def _measured(self, loss: Tensor, right: Tensor, tokens_per_character: float) -> dict[str, Tensor | float]:
        return {
            "loss": loss,
            "bits": loss * (tokens_per_character / math.log(2)),
            "perplexity": loss.clamp(max=_MOST_EXPONENT).exp(),
            "accuracy": right,
        }

    @torch.inference_mode()
    def validate(self) -> Metrics:
        """Foretell the held-out text, stretch by stretch; nothing where it is too short for one."""
        test, info = self.data.test, self.data.info
        window = min(self.stretch, len(test) - 1)
        if window < 1:
            return {}
        self._model.eval()
        most = max(1, self.config.validated_tokens // window)
        starts = held_out_starts(len(test), window, most, only_last=self.only_last)
        at_once = max(1, min(64, _MOST_LOGITS // (window * self._model.vocabulary_size)))
        loss = right = torch.zeros((), device=self.context.device)
        count = 0
        for first in range(0, len(starts), at_once):
            tokens = gather(test, starts[first : first + at_once], window + 1, self.context.device)
            logits, targets = self._foretold(tokens)
            loss = loss + functional.cross_entropy(logits, targets, reduction="sum")
            right = right + (logits.argmax(1) == targets).sum()
            count += len(targets)
        return self._measured(loss / count, right / count, info.test_count / max(1, info.test_characters))

    @torch.inference_mode()
    def previews(self) -> Iterator[Preview]:
        self._model.eval()
        yield from self._prompter.previews(self._model, self.context)

    def health_checks(self) -> tuple[HealthCheck, ...]:
        remedies = Remedies(self.config)
        return (LossJump({**remedies.scaled("learning_rate", 0.3), **remedies.at_least("gradient_clip", 1.0)}),)

    def state(self) -> State:
        return {"optimiser": self._optimiser.state(), "windows": self._windows.state()}

    def load_state(self, state: State) -> None:
        self._optimiser.load_state(state["optimiser"])
        self._windows.load_state(state["windows"])
