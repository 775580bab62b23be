"""Stage 4: M learns to foretell codes and rewards, from the encoded races."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_

from gendesk.config import ConfigModel
from gendesk.engine.batches import to_images
from gendesk.engine.preview import BarChart, BarsPreview, ImagePreview, Preview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, State
from gendesk.nn import keras
from gendesk.nn.optimizers import load_optimizer

from ..config import MemoryStageConfig
from ..models import BEGINNINGS, DreamingModel, SeeingModel
from ..networks.memory import drawn_next, memory_losses
from ..networks.vision import drawn_codes
from ..series import Series, SeriesStore, Windows
from .stage import SERIES, Stage, folder_before, same_size, taken_over

_HELD_OUT, _VALIDATED = 10, 64
_SHOWN, _EVERY, _CHOSEN_FROM = 10, 4, 64
_START = 30
"""Steps of a race that M has read before it dreams on, in the previews: the zoom is over, and the car moves."""
_DREAM = (
    "A held-out race, every fourth step. Above: as V sees it. Middle: what M expects for the next step, told each time "
    "what really came. Below: M dreams on by itself with the same actions. Roads should bend alike for a while."
)
_MIXTURES = (
    "How many of its normal distributions M makes use of for each number of the code, as the exponential of the "
    "entropy of their weights: 1 is one alone, 5 are five alike."
)


class MemoryRecipe(Stage[MemoryStageConfig]):
    """A step is a batch of races, or of parts of them, whose codes are drawn anew."""

    Config: ClassVar[type[ConfigModel]] = MemoryStageConfig
    metrics: ClassVar[tuple[MetricSpec, ...]] = (
        MetricSpec("memory_loss", "Loss of M", "What training makes small: both losses by their weights.", "Loss of M"),
        MetricSpec(
            "code_loss",
            "Loss of codes",
            "How badly the next code is foretold: minus the logarithm of its density, in nats a number. A normal "
            "distribution that knows nothing has 1.42.",
            "Loss of M",
        ),
        MetricSpec(
            "reward_loss",
            "Loss of rewards",
            "How badly it is foretold whether a reward comes: cross-entropy in nats a step.",
            "Loss of rewards",
        ),
    )
    best: ClassVar[str] = "memory_loss"

    def __init__(self, config: MemoryStageConfig, data: Any, context: Context) -> None:
        super().__init__(config, data, context)
        before = self.model_before(SeeingModel)
        store = SeriesStore(folder_before(self.upstream(), SERIES))
        self._model = self._made(before, store).to(context.device)
        self._optimizer = keras.adam(self._model.memory.parameters(), config.memory_rate)
        held_out = max(1, len(store) // _HELD_OUT)
        self._series = Series(store, range(held_out, len(store)) or range(len(store)))
        self._test = Series(store, range(held_out))

    def _made(self, before: SeeingModel, store: SeriesStore) -> DreamingModel:
        config = self.config
        same_size(self.upstream().run, "latent_size", config.latent_size, before.latent_size)
        model = DreamingModel(before.world, before.latent_size, config.units, config.mixtures)
        taken_over(model, before)
        model.vision.requires_grad_(requires_grad=False)
        mu, log_var = store.beginnings()
        chosen = np.arange(BEGINNINGS) * len(mu) // BEGINNINGS % len(mu)
        model.beginning_mu.copy_(torch.from_numpy(mu[chosen]))
        model.beginning_log_var.copy_(torch.from_numpy(log_var[chosen]))
        return model

    @classmethod
    def build(cls, config: MemoryStageConfig, info: Any) -> DreamingModel:  # noqa: ARG003
        return DreamingModel(None, config.latent_size, config.units, config.mixtures)

    def model(self) -> DreamingModel:
        return self._model

    @property
    def steps_per_epoch(self) -> int:
        return max(1, -(-len(self._series) // self.config.episodes_per_batch))

    @property
    def samples_per_step(self) -> int:
        return self.config.episodes_per_batch

    def step(self) -> Metrics:
        seed = int(torch.randint(2**31, (1,), generator=self.context.generator, device=self.context.device))
        windows = self._series.batch(np.random.default_rng(seed), self.config.episodes_per_batch, self.config.window)
        self._model.memory.train()
        self._optimizer.zero_grad(set_to_none=True)
        with self.context.autocast():
            losses = self._losses(windows, self.context.generator)
        torch.autograd.backward(losses["memory_loss"])
        if self.config.clip:
            clip_grad_norm_(self._model.memory.parameters(), self.config.clip)
        self._optimizer.step()
        return losses

    def _losses(self, windows: Windows, generator: torch.Generator) -> dict[str, Tensor]:
        mu, log_var, actions, rewards, mask = self._tensors(windows)
        codes = drawn_codes(mu, log_var, generator)
        memory = self._model.memory
        forecast, _ = memory(codes[:, :-1], actions, rewards[:, :-1], memory.empty_state(len(codes)))
        of_codes, of_rewards = memory_losses(forecast.of(mask), codes[:, 1:][mask], rewards[:, 1:][mask])
        loss = self.config.code_factor * of_codes + self.config.reward_factor * of_rewards
        return {"memory_loss": loss, "code_loss": of_codes, "reward_loss": of_rewards}

    def _tensors(self, windows: Windows) -> tuple[Tensor, ...]:
        """Return what was seen before each step and after the last, what was done, what had been gained, and where."""
        device = self.context.device
        mu, log_var, actions = (
            torch.from_numpy(values).to(device) for values in (windows.mu, windows.log_var, windows.actions)
        )
        rewards = torch.from_numpy(windows.rewards.astype(np.float32)).to(device)
        return mu, log_var, actions, rewards, torch.from_numpy(windows.mask).to(device)

    @torch.inference_mode()
    def validate(self) -> Metrics:
        self._model.eval()
        windows = self._test.batch(np.random.default_rng(0), min(_VALIDATED, 2 * len(self._test)), self.config.window)
        return self._losses(windows, self.context.fixed_generator(1))

    @torch.inference_mode()
    def previews(self) -> Iterator[Preview]:
        self._model.eval()
        windows = self._eventful()
        mu, _, actions, rewards, _ = self._tensors(windows)
        memory = self._model.memory
        forecast, _ = memory(mu[:, :-1], actions, rewards[:, :-1], memory.empty_state(1))
        expected, _ = drawn_next(forecast, 0)
        dreamt = self._dreamt(mu, actions, rewards)
        steps = range(_START, _START + _SHOWN * _EVERY, _EVERY)
        chosen = torch.tensor(list(steps), device=mu.device)
        codes = torch.cat([mu[0, chosen + 1], expected[0, chosen], dreamt[chosen - _START]])
        pictures = to_images(self._model.decode(codes))
        rows = ("Race", "Expected", "Dreamt")
        captions = tuple(f"step {step + 1}" for step in steps) + ("",) * (2 * _SHOWN)
        yield ImagePreview("dream", "Expected and dreamt", pictures, _SHOWN, captions, rows, _DREAM)
        entropy = -(forecast.log_pi.exp() * forecast.log_pi).sum(-1)[0].mean(0)
        chart = BarChart(
            "Mixtures in use", entropy.exp().cpu().numpy()[None], tuple(str(n) for n in range(len(entropy)))
        )
        yield BarsPreview("mixtures", "Mixtures", (chart,), _MIXTURES)

    def _eventful(self) -> Windows:
        """Return the part of a held-out race that has most rewards: dreams of grass tell nothing."""
        windows = self._test.batch(np.random.default_rng(1), _CHOSEN_FROM, _START + _SHOWN * _EVERY)
        best = int(windows.rewards[:, _START:].sum(1).argmax())
        one = slice(best, best + 1)
        mu, log_var, actions, rewards, mask = windows
        return Windows(mu[one], log_var[one], actions[one], rewards[one], mask[one])

    def _dreamt(self, mu: Tensor, actions: Tensor, rewards: Tensor) -> Tensor:
        """Return the codes (steps, latent_size) that M dreams after the first steps of a race, with its actions."""
        memory, generator = self._model.memory, self.context.fixed_generator(2)
        forecast, state = memory(
            mu[:, : _START + 1], actions[:, : _START + 1], rewards[:, : _START + 1], memory.empty_state(1)
        )
        code, reward = (values[:, -1] for values in drawn_next(forecast, 1.0, generator))
        codes = [code]
        for step in range(_START + 1, actions.shape[1]):
            forecast, state = memory(code[:, None], actions[:, step : step + 1], reward[:, None], state)
            code, reward = (values[:, 0] for values in drawn_next(forecast, 1.0, generator))
            codes.append(code)
        return torch.cat(codes)

    def state(self) -> State:
        return {"optimizer": self._optimizer.state_dict()}

    def load_state(self, state: Mapping[str, Any]) -> None:
        load_optimizer(self._optimizer, state["optimizer"])
