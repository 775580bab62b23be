"""Classifiers of pictures: a dense network and a convolutional one (Foster, chapter 2, listings 2.1 to 2.7)."""

from collections.abc import Iterator
from typing import ClassVar, Generic, TypeVar

import torch
from torch import Tensor
from torch.nn import functional

from gendesk.config import ConfigModel
from gendesk.data.dataset import DatasetKind, ImageDataset, ImageInfo, ImageSplit, Int64Array, UInt8Array
from gendesk.engine.batches import ImageBatches, to_tensor
from gendesk.engine.health import HealthCheck, Overfitting, Remedies
from gendesk.engine.preview import Preview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, Recipe, State
from gendesk.errors import InputError
from gendesk.nn import keras

from .augment import augmented
from .config import ClassifierConfig, CnnConfig, MlpConfig
from .models import ImageClassifier, build_cnn, build_mlp
from .optimiser import Optimiser
from .previews import Evaluation, previews_of
from .targets import find_target, turn_at_random, turned_in_order, with_labels

_VALIDATION_BATCH, _PREVIEWED = 250, 1000
ClassifierConfigT = TypeVar("ClassifierConfigT", bound=ClassifierConfig)

LOSS = MetricSpec(
    "loss",
    "Loss",
    "Cross-entropy: how surprised the network is by the right answers, in nats. One that knows nothing has the "
    "logarithm of the number of classes, 2.303 for ten. When the held-out curve turns up while the other goes on "
    "falling, the network has begun to learn its pictures by heart.",
    "Loss",
)
ACCURACY = MetricSpec(
    "accuracy",
    "Accuracy",
    "Share of pictures whose class the network guesses right: of each training batch, with dropout at work, and of all "
    "held-out pictures. A guess at random is right in one of ten cases for ten classes. The gap between both curves is "
    "what has been learnt by heart.",
    "Accuracy",
    goal="max",
)


class ClassifierRecipe(Recipe[ClassifierConfigT, ImageDataset], Generic[ClassifierConfigT]):
    """Learns to tell classes of pictures apart."""

    accepts: ClassVar[DatasetKind] = DatasetKind.IMAGES
    metrics: ClassVar[tuple[MetricSpec, ...]] = (LOSS, ACCURACY)
    best: ClassVar[str] = "accuracy"

    def __init__(self, config: ClassifierConfigT, data: ImageDataset, context: Context) -> None:
        super().__init__(config, data, context)
        self._target = find_target(config.target, data.info)
        train = with_labels(data.train, self._target)
        self._test = with_labels(data.test, self._target)
        for split in (train, self._test):
            if not len(split):
                raise InputError(f"No picture of {data.info.name} says what it shows; set target to rotation.")
        every = max(1, len(self._test) // _PREVIEWED)
        self._evaluation = Evaluation(*self._held_out(0, len(self._test), every))
        self._model = self.build(config, data.info).to(context.device)
        self._model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing from torch's stubs
        self._batches = ImageBatches(train, config.batch_size, context.seed, context.device)
        self._optimiser = Optimiser(self._model, config, self._batches.per_epoch)

    @classmethod
    def build(cls, config: ClassifierConfigT, info: ImageInfo) -> ImageClassifier:
        return keras.initialized(cls._network(config, info))

    @classmethod
    def _network(cls, config: ClassifierConfigT, info: ImageInfo) -> ImageClassifier:
        raise NotImplementedError

    def model(self) -> ImageClassifier:
        return self._model

    @property
    def steps_per_epoch(self) -> int:
        return self._batches.per_epoch

    @property
    def samples_per_step(self) -> int:
        return self._batches.batch_size

    def step(self) -> Metrics:
        images, labels = self._training_batch()
        self._model.train()
        with self.context.autocast():
            logits = self._model.classify(images).float()
        loss = self._loss(logits, labels)
        self._optimiser.step(loss)
        return {"loss": loss.detach(), "accuracy": _share_right(logits, labels)}

    def _training_batch(self) -> tuple[Tensor, Tensor]:
        images, labels = self._batches.next()
        generator = self.context.generator
        images = augmented(images, self.config.augmentation, generator)
        if self._target.turns:
            images, labels = turn_at_random(images, self._target, generator)
        if len(images) == 1:
            # Batch normalisation refuses one picture alone; twice the same has the same loss and no variance.
            return images.repeat(2, 1, 1, 1), labels.repeat(2)
        return images, labels

    def _loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        return functional.cross_entropy(logits, labels, label_smoothing=self.config.label_smoothing)

    @torch.inference_mode()
    def validate(self) -> Metrics:
        """Average loss and accuracy over all held-out pictures."""
        self._model.eval()
        loss = right = torch.zeros((), device=self.context.device)
        for start in range(0, len(self._test), _VALIDATION_BATCH):
            images, known = self._held_out(start, start + _VALIDATION_BATCH)
            labels = torch.tensor(known, device=self.context.device)
            logits = self._model.classify(to_tensor(images, self.context.device)).float()
            loss = loss + self._loss(logits, labels) * len(images)
            right = right + _share_right(logits, labels) * len(images)
        return {"loss": loss / len(self._test), "accuracy": right / len(self._test)}

    def _held_out(self, start: int, stop: int, step: int = 1) -> tuple[UInt8Array, Int64Array]:
        """Return held-out images uint8 (count, height, width, channels) and what they show, the same at every call."""
        part = ImageSplit(self._test.images[start:stop:step], self._test.labels[start:stop:step])
        if self._target.turns:
            return turned_in_order(part.images, self._target, start)
        return part.images, part.labels

    @torch.inference_mode()
    def previews(self) -> Iterator[Preview]:
        self._model.eval()
        yield from previews_of(self._model, self._evaluation)

    def health_checks(self) -> tuple[HealthCheck, ...]:
        """The engine watches the accuracy's gap by itself; a loss that rises tells it sooner."""
        return (Overfitting("loss", changes=Remedies(self.config).at_least("dropout", 0.25)),)

    def state(self) -> State:
        return {"optimiser": self._optimiser.state(), "batches": self._batches.state()}

    def load_state(self, state: State) -> None:
        self._optimiser.load_state(state["optimiser"])
        self._batches.load_state(state["batches"])


def _share_right(logits: Tensor, labels: Tensor) -> Tensor:
    return (logits.detach().argmax(1) == labels).float().mean()


class MlpRecipe(ClassifierRecipe[MlpConfig]):
    """Every pixel to every unit."""

    Config: ClassVar[type[ConfigModel]] = MlpConfig

    @classmethod
    def _network(cls, config: MlpConfig, info: ImageInfo) -> ImageClassifier:
        return build_mlp(config, info)


class CnnRecipe(ClassifierRecipe[CnnConfig]):
    """Small windows that slide over the picture."""

    Config: ClassVar[type[ConfigModel]] = CnnConfig

    @classmethod
    def _network(cls, config: CnnConfig, info: ImageInfo) -> ImageClassifier:
        return build_cnn(config, info)
