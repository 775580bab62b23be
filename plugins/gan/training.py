"""How the recipes of the family are trained: critic and generator in turn, whatever networks a recipe brings."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
import torch
from torch import Tensor

from gendesk.config import ConfigModel
from gendesk.data.dataset import DatasetKind, ImageDataset, ImageInfo
from gendesk.engine.batches import ImageBatches, to_tensor
from gendesk.engine.health import HealthCheck
from gendesk.engine.preview import Preview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, Recipe, State
from gendesk.nn import keras, regularisers
from gendesk.nn.checkerboard import checkerboard
from gendesk.nn.optimizers import load_optimizer

from . import metrics, previews
from .config import GanConfig
from .doctor.checks import doctor
from .measures import Memorisation, batch_diversity, relative_diversity, sliced_distance
from .models import Gan, convolutional
from .networks import clip_weights
from .objectives import boundary, fake_loss, generator_loss, labels, real_loss

_VALIDATED = 500
AnyGan = TypeVar("AnyGan", bound=GanConfig)
Updated = tuple[tuple[Tensor, Tensor], dict[str, Tensor]]
"""The scores of real and of generated pictures (batch,), and other metrics."""


@dataclass(frozen=True)
class Round:
    """What the critic is given: pictures (batch, channels, height, width) in the networks' range, and what is known.

    Targets (batch,) are the labels of cross-entropy; classes int64 (batch,) are -1 where there are none.
    """

    real: Tensor
    fake: Tensor
    real_target: Tensor
    fake_target: Tensor
    real_classes: Tensor
    fake_classes: Tensor


class GanRecipe(Recipe[AnyGan, ImageDataset], Generic[AnyGan]):
    """A game of two networks. One step is one iteration: `critic_steps` of the critic, then those of the generator."""

    Config: ClassVar[type[ConfigModel]] = GanConfig
    accepts: ClassVar[DatasetKind] = DatasetKind.IMAGES
    metrics: ClassVar[tuple[MetricSpec, ...]] = metrics.ALL
    best: ClassVar[str] = "distance"

    def __init__(self, config: AnyGan, data: ImageDataset, context: Context) -> None:
        super().__init__(config, data, context)
        self._model = self.build(config, data.info).to(context.device)
        self._model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing from torch's stubs
        self._critic_optimizer = self._optimizer(self._model.critic, config.critic_learning_rate)
        self._generator_optimizer = self._optimizer(self._model.generator, config.generator_learning_rate)
        self._batches = ImageBatches(data.train, config.batch_size, context.seed, context.device)
        self._steps = {"critic": 0, "generator": 0}
        self._memorisation = Memorisation(data, context.device)

    @classmethod
    def metrics_of(cls, config: Any) -> tuple[MetricSpec, ...]:
        return metrics.meaningful(config)

    @classmethod
    def build(cls, config: AnyGan, info: ImageInfo) -> Gan:
        return convolutional(config, info)

    def model(self) -> Gan:
        return self._model

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(self._batches.per_epoch / self.config.critic_steps)

    @property
    def samples_per_step(self) -> int:
        return self._batches.batch_size * self.config.critic_steps

    def phases(self) -> Mapping[str, Callable[[], Metrics]]:
        return {"critic": self._critic_phase, "generator": self._generator_phase}

    # The critic

    def _critic_phase(self) -> Metrics:
        self._model.critic.train()
        found: Metrics = {}
        for _ in range(self.config.critic_steps):
            found = self._critic_step()
        return found

    def _critic_step(self) -> Metrics:
        images, classes = self._batches.next()
        real = self._model.from_world(images)
        fake, wanted = self.fakes(len(real))
        targets = labels(self.config, len(real), self.context.generator)
        given = Round(real, fake, *targets, classes, wanted)
        update = self._separate_updates if self.config.updates == "separate" else self._joint_update
        scores, extra = update(given)
        with torch.no_grad():
            others = {name: value.detach() for name, value in extra.items()}
            return {**self._verdicts(given, *scores), **others, **self._clipped()}

    @torch.no_grad()
    def fakes(self, count: int) -> tuple[Tensor, Tensor]:
        """Return generated pictures for the critic and the classes that they shall have, -1 for none.

        Batch norm takes its running statistics, as in the book.
        """
        self._model.generator.eval()
        codes = self._model.random_codes(count, self.context.generator)
        with self.context.autocast():
            made: Tensor = self._model.generator(codes)
        return made.float(), torch.full((count,), -1, device=codes.device)

    def _separate_updates(self, given: Round) -> Updated:
        """Make a step on real pictures and one on generated ones."""
        scores: list[Tensor] = []
        extra: dict[str, Tensor] = {}
        sides = (given.real, given.real_target, real_loss), (given.fake, given.fake_target, fake_loss)
        for pictures, target, loss_of in sides:
            with self.context.autocast():
                judged = self._model.critic(pictures).float()
            loss = loss_of(self.config.objective, judged, target)
            if pictures is given.real:
                extra = self._penalty(given)
                loss = loss + extra.get("penalty", 0.0)
            self._improve_critic(loss)
            scores.append(judged.detach())
        return (scores[0], scores[1]), extra

    def _joint_update(self, given: Round) -> Updated:
        """Make one step on real and generated pictures."""
        with self.context.autocast():
            judged = self._model.critic(torch.cat([given.real, given.fake])).float()
        extra = self._penalty(given)
        self._improve_critic(self._joint_loss(given, judged) + extra.get("penalty", 0.0))
        real, fake = judged.detach().chunk(2)
        return (real, fake), extra

    def _joint_loss(self, given: Round, judged: Tensor) -> Tensor:
        """Return the critic's loss from its scores of real and, behind them, generated pictures, (2 * batch,)."""
        objective, (real, fake) = self.config.objective, judged.chunk(2)
        loss = real_loss(objective, real, given.real_target) + fake_loss(objective, fake, given.fake_target)
        # Keras takes the mean over a batch of both; Wasserstein critics are written as a sum.
        return loss if objective == "wasserstein" else loss / 2

    def _penalty(self, given: Round) -> dict[str, Tensor]:
        """Return the weighted penalty of the chosen regulariser and the mean gradient norm; empty without one."""
        config = self.config
        if config.regulariser not in ("gradient-penalty", "r1"):
            return {}
        of_mixed = config.regulariser == "gradient-penalty"
        between = regularisers.mixed(given.real, given.fake, self.context.generator) if of_mixed else given.real
        norms = regularisers.gradient_norms(self._model.critic, between, differentiable=True)
        penalty = regularisers.gradient_penalty(norms) if of_mixed else regularisers.r1(norms)
        return {"penalty": config.penalty * penalty, "gradient_norm": norms.mean()}

    def _improve_critic(self, loss: Tensor) -> None:
        self._improve(self._critic_optimizer, "critic", self.config.critic_learning_rate, loss)
        if self.config.regulariser == "clip":
            clip_weights(self._model.critic, self.config.clip)

    def _verdicts(self, given: Round, real: Tensor, fake: Tensor) -> dict[str, Tensor]:
        objective = self.config.objective
        losses = real_loss(objective, real, given.real_target), fake_loss(objective, fake, given.fake_target)
        found = {"d_real": losses[0], "d_fake": losses[1], "d_mean": (losses[0] + losses[1]) / 2}
        found["batch_diversity"] = batch_diversity(given.fake, given.real)
        middle = boundary(objective)
        if middle is None:
            return {**found, "wasserstein": real.mean() - fake.mean()}
        right = (real > middle).float().mean(), (fake <= middle).float().mean()
        return {**found, "accuracy_real": right[0], "accuracy_fake": right[1]}

    def _clipped(self) -> dict[str, Tensor]:
        if self.config.regulariser != "clip":
            return {}
        weights = torch.cat([weight.flatten() for weight in self._model.critic.parameters()])
        return {"clipped": (weights.abs() >= self.config.clip * 0.999).float().mean()}

    # The generator

    def _generator_phase(self) -> Metrics:
        found: Metrics = {}
        for _ in range(self.config.generator_steps):
            found = self._generator_step()
        return found

    def _generator_step(self) -> Metrics:
        self._model.generator.train()
        self._model.critic.train()  # its dropout stays at work, as in the book
        # The critic's own gradients are nobody's business here, and would cost a third of the step.
        self._model.critic.requires_grad_(requires_grad=False)
        with self.context.autocast():
            scores, further = self._generator_scores()
        loss = generator_loss(self.config.objective, scores, self.config.real_label)
        self._improve_generator(loss + further)
        self._model.critic.requires_grad_(requires_grad=True)
        return {"g": loss.detach()}

    def _generator_scores(self) -> tuple[Tensor, Tensor | float]:
        """Return the critic's scores (count,) of newly generated pictures, and what the generator loses beside them."""
        codes = self._model.random_codes(self._batches.batch_size, self.context.generator)
        return self._model.critic(self._model.generator(codes)).float(), 0.0

    def _improve_generator(self, loss: Tensor) -> None:
        self._improve(self._generator_optimizer, "generator", self.config.generator_learning_rate, loss)
        self._model.follow(self.config.average, self._steps["generator"])

    # Both

    def _optimizer(self, network: torch.nn.Module, learning_rate: float) -> torch.optim.Optimizer:
        if self.config.optimizer == "adam":
            return keras.adam(network.parameters(), learning_rate, (self.config.beta1, 0.999))
        return keras.rmsprop(network.parameters(), learning_rate)

    def _improve(self, optimizer: torch.optim.Optimizer, whose: str, learning_rate: float, loss: Tensor) -> None:
        config = self.config
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        if config.gradient_clip:
            for group in optimizer.param_groups:
                torch.nn.utils.clip_grad_value_(group["params"], config.gradient_clip)
        if config.decay:
            for group in optimizer.param_groups:
                group["lr"] = learning_rate / (1 + config.decay * self._steps[whose])
        optimizer.step()
        self._steps[whose] += 1

    @torch.inference_mode()
    def validate(self) -> Metrics:
        """Hold samples against held-out pictures, and the critic's verdict on those."""
        self._model.eval()
        real, classes = self._held_out()
        made = self._made(len(real), self.context.fixed_generator(purpose=1))
        generator = self.context.fixed_generator(purpose=2)
        found: dict[str, Tensor | float] = {
            "distance": sliced_distance(made, real, generator),
            "diversity": relative_diversity(made, real),
            "checkerboard": checkerboard(made, real),
            "memorised": self._memorisation.share(made),
        }
        scores = self._model.critic(self._model.from_world(real))
        return {
            "d_real": real_loss(self.config.objective, scores, torch.ones_like(scores)),
            **found,
            **self._read(real, classes),
        }

    def _read(self, images: Tensor, classes: Tensor) -> dict[str, Tensor]:  # noqa: ARG002 (for games with classes)
        """Return what a critic that reads classes makes of held-out pictures, and of their classes (count,)."""
        return {}

    def _held_out(self) -> tuple[Tensor, Tensor]:
        """Return held-out pictures in 0..1, spread over the split, and their labels."""
        chosen = previews.spread(self.data.test, _VALIDATED)
        labels = torch.from_numpy(np.array(self.data.test.labels[chosen])).to(self.context.device)
        return to_tensor(np.array(self.data.test.images[chosen]), self.context.device), labels

    def _made(self, count: int, generator: torch.Generator) -> Tensor:
        return torch.cat([self._model.sample(len(part), generator) for part in torch.split(torch.arange(count), 100)])

    def health_checks(self) -> tuple[HealthCheck, ...]:
        return doctor(self.config, self.data.info)

    @torch.inference_mode()
    def previews(self) -> Iterator[Preview]:
        self._model.eval()
        yield from previews.of_game(self._model, self.config, self.data, self.context)

    def state(self) -> State:
        return {
            "critic_optimizer": self._critic_optimizer.state_dict(),
            "generator_optimizer": self._generator_optimizer.state_dict(),
            "batches": self._batches.state(),
            "steps": dict(self._steps),
        }

    def load_state(self, state: State) -> None:
        load_optimizer(self._critic_optimizer, state["critic_optimizer"])
        load_optimizer(self._generator_optimizer, state["generator_optimizer"])
        self._batches.load_state(state["batches"])
        self._steps = {name: int(count) for name, count in state["steps"].items()}
