"""How all recipes of the family learn: from windows of pieces, to foretell what comes next."""

from collections.abc import Iterator
from typing import ClassVar, Generic, TypeVar

import torch
from torch import Tensor
from torch.nn import functional

from gendesk.data.dataset import DatasetKind, ScoreDataset, ScoreInfo
from gendesk.engine.preview import Preview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, Recipe, State
from gendesk.nn.schedules import Optimiser

from .composer import Composer
from .config import ComposerConfig
from .notes import Likelihood
from .previews import Showing
from .windows import START, Windows, gather, held_out, row_of

ComposerConfigT = TypeVar("ComposerConfigT", bound=ComposerConfig)
_MOST_LOGITS = 2**23
"""So many numbers of logits are worked out at once in validation: 32 MB."""

_LOSS = MetricSpec(
    "loss",
    "Loss",
    "Cross-entropy: how surprised the network is by what really comes next, in nats; of chords and durations together, "
    "where these are told apart. When the held-out curve turns up while the other goes on falling, the network has "
    "begun to learn the pieces by heart.",
    "Loss",
)
_CHORD_LOSS = MetricSpec(
    "chord_loss",
    "Chords",
    "The part of the loss that is about which note, chord or rest comes next, in nats.",
    "Loss",
)
_DURATION_LOSS = MetricSpec(
    "duration_loss",
    "Durations",
    "The part of the loss that is about how long it lasts, in nats.",
    "Loss",
)
_ACCURACY = MetricSpec(
    "accuracy",
    "Accuracy",
    "Share of notes, chords or events that the network finds likeliest and that really come next. Music would be dull "
    "if this came near 1.",
    "Accuracy",
    goal="max",
)
_NOTE_NLL = MetricSpec(
    "note_nll",
    "Per note",
    "Negative log-likelihood of the held-out pieces, shared among their notes, in nats. It includes durations, rests "
    "and the ends of pieces, so that networks with different tokens can be compared on the same pieces. A chord that "
    "the vocabulary does not have costs the logarithm of 128 for each of its notes besides.",
    "Log-likelihood",
)
_STEP_NLL = MetricSpec(
    "step_nll",
    "Per time step",
    "The same, shared among the steps of the grid in place of the notes, as results for chorales are published.",
    "Log-likelihood",
)
_RATE = MetricSpec(
    "learning_rate", "Learning rate", "The size of the steps, as the plan has it.", "Learning rate", goal="none"
)
_SHARED = (_ACCURACY, _NOTE_NLL, _STEP_NLL, _RATE)
LINE_METRICS = (_LOSS, _CHORD_LOSS, _DURATION_LOSS, *_SHARED)
EVENT_METRICS = (_LOSS, *_SHARED)


class ComposerRecipe(Recipe[ComposerConfigT, ScoreDataset], Generic[ComposerConfigT]):
    """Learns to foretell the next row of tokens."""

    accepts: ClassVar[DatasetKind] = DatasetKind.SCORES
    best: ClassVar[str] = "loss"
    padded: ClassVar[bool] = True
    """Whether each piece is read by itself, behind starts."""

    def __init__(self, config: ComposerConfigT, data: ScoreDataset, context: Context) -> None:
        super().__init__(config, data, context)
        self._model = self.build(config, data.info).to(context.device)
        model = self._model
        row = row_of([model.encode(score) for score in data.train], model.window, padded=self.padded)
        moved = model.moved(config.shifts)
        self._windows = Windows(row, model.window, model.foretold, config.batch_size, context.seed, moved)
        tested = [model.encode(score) for score in data.test]
        self._tested = row_of(tested, model.window, padded=self.padded) if tested else None
        self._likelihood = Likelihood(model, data, tested)
        self._optimiser = Optimiser(model, model.body, config)
        self._showing = Showing(data)

    @classmethod
    def metrics_of(cls, config: ComposerConfigT) -> tuple[MetricSpec, ...]:
        return cls.metrics if config.has_plan else tuple(spec for spec in cls.metrics if spec is not _RATE)

    @classmethod
    def build(cls, config: ComposerConfigT, info: ScoreInfo) -> Composer:
        raise NotImplementedError

    def model(self) -> Composer:
        return self._model

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
        tokens = self._windows.next(self.context.device)
        asked = tokens[:, -self._model.foretold :]
        counted = ~((asked[..., 0] == START) & (tokens[:, -self._model.foretold - 1 : -1, :][..., 0] == START))
        nats, right = self._surprise(tokens, counted)
        losses = nats / counted.sum()
        self._optimiser.step(losses.sum())
        found = self._measured(losses.detach(), right / counted.sum())
        return {**found, "learning_rate": rate} if _RATE in self.metrics_of(self.config) else found

    def _surprise(self, tokens: Tensor, counted: Tensor) -> tuple[Tensor, Tensor]:
        """Read windows int64 (count, window + 1, parts), of which the last rows are asked for where `counted` is true.

        Returns the nats of all of them, for each part (parts,), and how many were foretold right by the first part.
        """
        with self.context.autocast():
            logits = self._model.read(tokens[:, :-1])
        asked = tokens[:, -self._model.foretold :][counted]
        chosen = [part[counted].float() for part in logits]
        nats = [functional.cross_entropy(part, asked[:, at], reduction="sum") for at, part in enumerate(chosen)]
        return torch.stack(nats), (chosen[0].detach().argmax(1) == asked[:, 0]).sum()

    def _measured(self, losses: Tensor, right: Tensor) -> dict[str, Tensor | float]:
        parts = {"chord_loss": losses[0], "duration_loss": losses[1]} if len(losses) > 1 else {}
        return {"loss": losses.sum(), **parts, "accuracy": right}

    @torch.inference_mode()
    def validate(self) -> Metrics:
        """Foretell the held-out pieces, each row from half a window at least; nothing where there are none."""
        model, device = self._model, self.context.device
        if self._tested is None or not self._tested.spans:
            return {}
        model.eval()
        whole = model.foretold
        # Of windows whose first places see next to nothing, only the second half counts.
        fresh = whole if whole < model.window else max(1, whole // 2)
        ends, counts = held_out(self._tested, fresh, self.config.validated_tokens)
        vocabulary = self._model.moved(range(1)).shape[1]
        at_once = max(1, min(64, _MOST_LOGITS // (whole * vocabulary)))
        nats = torch.zeros(model.parts, device=device)
        right = torch.zeros((), device=device)
        for first in range(0, len(ends), at_once):
            chosen = slice(first, first + at_once)
            tokens = gather(self._tested.tokens, ends[chosen], model.window + 1, device)
            places = torch.arange(whole, 0, -1, device=device)
            more, hits = self._surprise(tokens, places <= torch.from_numpy(counts[chosen, None]).to(device))
            nats, right = nats + more, right + hits
        total = int(counts.sum())
        found = self._measured(nats / total, right / total)
        return {**found, **self._likelihood.of(found["loss"])}

    @torch.inference_mode()
    def previews(self) -> Iterator[Preview]:
        self._model.eval()
        yield from self._showing.previews(self._model, self.context)

    def state(self) -> State:
        return {"optimiser": self._optimiser.state(), "windows": self._windows.state()}

    def load_state(self, state: State) -> None:
        self._optimiser.load_state(state["optimiser"])
        self._windows.load_state(state["windows"])
