"""How MuseGAN is trained: a Wasserstein game with a gradient penalty, on excerpts drawn at random."""

import math
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import ClassVar

import torch
from torch import Tensor

from gendesk.config import ConfigModel
from gendesk.data.dataset import DatasetKind, ScoreDataset, ScoreInfo
from gendesk.engine.music import statistics
from gendesk.engine.music.excerpts import Excerpts, excerpts_of
from gendesk.engine.preview import Preview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, Recipe, State
from gendesk.errors import InputError
from gendesk.music.tokens.grid_view import Int8Array
from gendesk.nn import keras, regularisers
from gendesk.nn.optimizers import load_optimizer

from . import metrics
from .config import MuseganConfig
from .models import MuseGan, build, to_grids, to_music
from .previews import of_music

_VALIDATED, _KNOWN = 128, 4000


class MuseganRecipe(Recipe[MuseganConfig, ScoreDataset]):
    """Generator and critic in turn. One step is `critic_steps` of the critic, then one of the generator."""

    Config: ClassVar[type[ConfigModel]] = MuseganConfig
    accepts: ClassVar[DatasetKind] = DatasetKind.SCORES
    metrics: ClassVar[tuple[MetricSpec, ...]] = metrics.ALL
    best: ClassVar[str] = "difference"

    def __init__(self, config: MuseganConfig, data: ScoreDataset, context: Context) -> None:
        super().__init__(config, data, context)
        self._model = self.build(config, data.info).to(context.device)
        betas = (config.beta1, config.beta2)
        self._critic_optimizer = keras.adam(self._model.critic.parameters(), config.critic_learning_rate, betas)
        self._generator_optimizer = keras.adam(
            self._model.generator.parameters(), config.generator_learning_rate, betas
        )
        self._steps = 0
        self._excerpts = excerpts_of(data.train, self._model.cut, data.info.title)
        self._batch = min(config.batch_size, max(2, len(self._excerpts)))

    @classmethod
    def build(cls, config: MuseganConfig, info: ScoreInfo) -> MuseGan:
        return build(config, info)

    def model(self) -> MuseGan:
        return self._model

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(len(self._excerpts) / self.samples_per_step)

    @property
    def samples_per_step(self) -> int:
        return self._batch * self.config.critic_steps

    def phases(self) -> Mapping[str, Callable[[], Metrics]]:
        return {"critic": self._critic_phase, "generator": self._generator_phase}

    def _critic_phase(self) -> Metrics:
        found: Metrics = {}
        for _ in range(self.config.critic_steps):
            found = self._critic_step()
        return found

    def _critic_step(self) -> Metrics:
        real, fake = self._real(), self._fake()
        critic = self._model.critic
        with self.context.autocast():
            scores = critic(torch.cat([real, fake])).float()
        told = scores[len(real) :].mean() - scores[: len(real)].mean()
        between = regularisers.mixed(real, fake, self.context.generator)
        norms = regularisers.gradient_norms(critic, between, differentiable=True)
        penalty = self.config.penalty * regularisers.gradient_penalty(norms)
        _improve(self._critic_optimizer, told + penalty)
        found = {"critic": told, "penalty": penalty, "gradient_norm": norms.mean()}
        return {name: value.detach() for name, value in found.items()}

    def _real(self) -> Tensor:
        """Draw a batch of training excerpts, as the notebook does: each batch from all of them."""
        generator = self.context.generator
        chosen = torch.randint(len(self._excerpts), (self._batch,), generator=generator, device=generator.device)
        return to_music(self._excerpts.take(chosen.cpu().numpy()), self.context.device)

    @torch.no_grad()
    def _fake(self) -> Tensor:
        """Make a batch with the statistics of its own, as the generator does when it learns."""
        self._model.generator.train()
        noise = self._model.random_codes(self._batch, self.context.generator)
        with self.context.autocast():
            made: Tensor = self._model.generator(noise)
        return made.float()

    def _generator_phase(self) -> Metrics:
        model = self._model
        model.generator.train()
        model.critic.requires_grad_(requires_grad=False)
        noise = model.random_codes(self._batch, self.context.generator)
        with self.context.autocast():
            loss = -model.critic(model.generator(noise)).float().mean()
        _improve(self._generator_optimizer, loss)
        model.critic.requires_grad_(requires_grad=True)
        self._steps += 1
        model.follow(self.config.average, self._steps)
        return {"generator": loss.detach()}

    @cached_property
    def _known(self) -> Int8Array:
        """The training excerpts among which the nearest is looked for."""
        return self._excerpts.some(_KNOWN)

    @cached_property
    def _held_out(self) -> Int8Array | None:
        """Held-out excerpts, None where none is held out or all are too short."""
        try:
            found: Excerpts = excerpts_of(self.data.test, self._model.cut, self.data.info.title)
        except InputError:
            return None
        return found.some(_VALIDATED)

    @torch.inference_mode()
    def validate(self) -> Metrics:
        """Hold made excerpts against held-out ones."""
        self._model.eval()
        noise = self._model.random_codes(_VALIDATED, self.context.fixed_generator(purpose=1))
        made = to_grids(self._model.perform(noise))
        real = self._held_out
        found = {
            "in_range": statistics.in_voice_range(made, statistics.voice_ranges(self._known)),
            "consonance": statistics.consonance(made),
            "held": statistics.held(made),
            "nearest": float(statistics.nearest(made, self._known).distances.mean()),
        }
        if real is None:
            return found
        return {
            **found,
            "difference": statistics.difference(made, real),
            "consonance_real": statistics.consonance(real),
            "held_real": statistics.held(real),
            "nearest_real": float(statistics.nearest(real, self._known).distances.mean()),
        }

    @torch.inference_mode()
    def previews(self) -> Iterator[Preview]:
        self._model.eval()
        real = self._known[:_VALIDATED] if self._held_out is None else self._held_out
        yield from of_music(self._model, self._known, real, self.context)

    def state(self) -> State:
        return {
            "critic_optimizer": self._critic_optimizer.state_dict(),
            "generator_optimizer": self._generator_optimizer.state_dict(),
            "steps": self._steps,
        }

    def load_state(self, state: State) -> None:
        load_optimizer(self._critic_optimizer, state["critic_optimizer"])
        load_optimizer(self._generator_optimizer, state["generator_optimizer"])
        self._steps = int(state["steps"])


def _improve(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(loss)
    optimizer.step()
