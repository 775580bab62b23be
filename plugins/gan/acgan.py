"""The auxiliary-classifier GAN, which is asked for a class: the MNIST example of TensorFlow.js.

Method: Odena, Olah and Shlens, Conditional Image Synthesis with Auxiliary Classifier GANs (2017). The generator is told
a class, and the critic has a second head that must read it again.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

import torch
from torch import Generator as RandomGenerator
from torch import Tensor, nn
from torch.nn import functional

from gendesk.config import ConfigModel, setting, with_defaults
from gendesk.data.dataset import ImageInfo
from gendesk.engine.preview import Preview
from gendesk.engine.recipe import MetricSpec
from gendesk.errors import InputError

from . import class_previews, metrics
from .config import CriticLayer, GanConfig, GeneratorLayer
from .models import Gan, assembled
from .networks import Critic, Generator
from .training import GanRecipe, Round, Updated


class ClassConfig(GanConfig):
    """What a game with classes has beside the usual."""

    class_weight: float = setting(
        1.0,
        "Class weight",
        "How much reading the class counts beside telling real from generated, in both networks.",
        group="Game",
        ge=0,
        le=1000,
    )
    generator_batches: int = setting(
        2,
        "Generator batches",
        "How many batches the generator is trained on in one step; 2 shows it as many pictures as the critic sees.",
        group="Game",
        advanced=True,
        ge=1,
        le=8,
    )


AcganConfig = with_defaults(
    ClassConfig,
    "AcganConfig",
    latent="uniform",
    latent_size=100,
    first_filters=384,
    generator_layers=(
        GeneratorLayer(filters=192, kernel=5, stride=1, upsampling=False, padding="valid"),
        GeneratorLayer(filters=96, kernel=5, stride=2, upsampling=False),
        GeneratorLayer(filters=1, kernel=5, stride=2, upsampling=False),
    ),
    generator_norm="after",
    norm_momentum=0.99,
    critic_layers=(
        CriticLayer(filters=32, kernel=3, stride=2),
        CriticLayer(filters=64, kernel=3, stride=1),
        CriticLayer(filters=128, kernel=3, stride=2),
        CriticLayer(filters=256, kernel=3, stride=1),
    ),
    critic_slope=0.2,
    critic_dropout=0.3,
    updates="together",
    real_label=0.95,
    optimizer="adam",
    critic_learning_rate=0.0002,
    generator_learning_rate=0.0002,
    batch_size=100,
    weights="glorot-normal",
)


class ClassGenerator(Generator):
    """Codes (batch, latent_size) and shares of classes (batch, classes) to pictures in -1..1.

    Every class has a vector of its own, and a code is multiplied by that of its class, number by number.
    """

    def __init__(self, config: GanConfig, info: ImageInfo) -> None:
        super().__init__(config, info)
        self.classes = nn.Linear(len(info.classes), config.latent_size, bias=False)

    def forward(self, codes: Tensor, shares: Tensor) -> Tensor:  # type: ignore[override]  # it is told more
        return super().forward(codes * self.classes(shares))


class ClassCritic(Critic):
    """Pictures to scores (batch,), with a second head that tells the class."""

    def __init__(self, config: GanConfig, info: ImageInfo) -> None:
        super().__init__(config, info)
        self.class_head = nn.Linear(self.feature_size, len(info.classes))

    def both(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Return scores (batch,) and logits of the classes (batch, classes)."""
        features = self.trunk(pictures)
        return self.head(features).flatten(), self.class_head(features)


class ClassGan(Gan):
    """A generator that is asked for classes, and a critic that reads them."""

    generator: ClassGenerator
    critic: ClassCritic
    classes: tuple[str, ...]

    def shares(self, labels: Tensor) -> Tensor:
        """Turn labels (batch,) into shares (batch, classes)."""
        return functional.one_hot(labels, len(self.classes)).float()

    def decode(self, codes: Tensor) -> Tensor:
        count = len(self.classes)
        return self.decode_classes(codes, codes.new_full((codes.shape[0], count), 1 / count))

    def decode_classes(self, codes: Tensor, shares: Tensor) -> Tensor:
        return self.to_world(self.generated(codes, shares))

    def sample(self, count: int, generator: RandomGenerator) -> Tensor:
        """Draw pictures of the classes in turn, from random codes."""
        labels = torch.arange(count, device=generator.device) % len(self.classes)
        return self.decode_classes(self.random_codes(count, generator), self.shares(labels))

    def classify(self, images: Tensor) -> Tensor:
        return self.critic.both(self.from_world(images))[1]


class AcganRecipe(GanRecipe[ClassConfig]):
    """A game in which the generator is asked for a class, and the critic has to read it."""

    Config: ClassVar[type[ConfigModel]] = AcganConfig
    metrics: ClassVar[tuple[MetricSpec, ...]] = (*metrics.ALL, *metrics.CLASSES)

    @classmethod
    def metrics_of(cls, config: Any) -> tuple[MetricSpec, ...]:
        return (*super().metrics_of(config), *metrics.CLASSES)

    @classmethod
    def build(cls, config: ClassConfig, info: ImageInfo) -> Gan:
        if len(info.classes) < 2:
            raise InputError(f"{info.title} cannot be used here: the class of every picture must be known.")
        if config.updates == "separate":
            raise InputError("Classes are read on real and generated pictures at once; set critic updates to together.")
        model = assembled(config, ClassGenerator(config, info), ClassCritic(config, info), ClassGan)
        assert isinstance(model, ClassGan)
        model.classes = info.classes
        return model

    @property
    def _classed(self) -> ClassGan:
        assert isinstance(self._model, ClassGan)
        return self._model

    @torch.no_grad()
    def fakes(self, count: int) -> tuple[Tensor, Tensor]:
        model = self._classed
        model.generator.eval()
        codes, labels = self._asked(count)
        with self.context.autocast():
            made = model.generator(codes, model.shares(labels))
        return made.float(), labels

    def _asked(self, count: int) -> tuple[Tensor, Tensor]:
        """Return random codes (count, latent_size) and random classes (count,)."""
        model, generator = self._classed, self.context.generator
        codes = model.random_codes(count, generator)
        return codes, torch.randint(len(model.classes), (count,), generator=generator, device=codes.device)

    def _joint_update(self, given: Round) -> Updated:
        with self.context.autocast():
            both = self._classed.critic.both(torch.cat([given.real, given.fake]))
        judged, read = (head.float() for head in both)
        classes = torch.cat([given.real_classes, given.fake_classes])
        reading = functional.cross_entropy(read, classes, reduction="none", ignore_index=-1)
        extra = self._penalty(given)
        loss = self._joint_loss(given, judged) + self.config.class_weight * reading.mean()
        self._improve_critic(loss + extra.get("penalty", 0.0))
        right = (read.argmax(1) == classes).float()
        (class_real, class_fake), (told, hit) = reading.detach().chunk(2), right.chunk(2)
        found = {"class_real": class_real.mean(), "class_fake": class_fake.mean()}
        found |= {"class_accuracy": told.mean(), "class_hits": hit.mean()}
        real, fake = judged.detach().chunk(2)
        return (real, fake), {**extra, **found}

    def _generator_scores(self) -> tuple[Tensor, Tensor]:
        model = self._classed
        codes, labels = self._asked(self._batches.batch_size * self.config.generator_batches)
        judged, read = model.critic.both(model.generator(codes, model.shares(labels)))
        reading = functional.cross_entropy(read.float(), labels)
        return judged.float(), self.config.class_weight * reading

    def _read(self, images: Tensor, classes: Tensor) -> dict[str, Tensor]:
        known = classes >= 0
        if not known.any():
            return {}
        read, wanted = self._classed.classify(images)[known], classes[known]
        told = (read.argmax(1) == wanted).float().mean()
        return {"class_real": functional.cross_entropy(read, wanted), "class_accuracy": told}

    @torch.inference_mode()
    def previews(self) -> Iterator[Preview]:
        self._model.eval()
        yield from class_previews.of_classes(self._classed, self.data, self.context)
        yield from super().previews()
