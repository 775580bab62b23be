"""What M foresees of a recorded race, beside what came: one step ahead, or ever further in what it has made up itself.

M has read the race up to a step. From there on it is told the truth after each step, as in its training, or its own
forecast is all that it is told (Ha and Schmidhuber, World Models, 2018, section "Dreaming"). Codes of frames are V's
means, so that nothing but the forecast is drawn by chance.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from gendesk.engine.batches import to_images, to_tensor
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError

from .frames import rollouts_among
from .models import DreamingModel, DrivingModel, SeeingModel
from .networks.memory import ACTIONS, Forecast, State, drawn_next
from .rollouts import episode_path, load_episode

Source = Literal["recorded", "fixed", "controller"]
"""Who acts: whoever drove the race, a person with one action for all steps, or C."""
MOST_STEPS = 200
"""The longest horizon."""
_BATCH = 256
_COLDEST = 0.01
"""The temperature at which mixtures are told where all chance is taken out: their densities would be infinite."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Recorded:
    """A race of n steps as V sees it.

    `frames` uint8 (n + 1, 64, 64, 3); `mu` and `log_var` float32 (n + 1, latent_size) of their codes; `actions` float32
    (n, 3); `rewards` bool (n), whether a step brought a reward.
    """

    seed: int
    frames: NDArray[np.uint8]
    mu: Floats
    log_var: Floats
    actions: Floats
    rewards: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Wish:
    """From which step of a race on, and how many steps, M is to foresee what.

    `fixed` is steering -1..1, gas and brake 0..1 for the source "fixed". With `told` M is told what came after each
    step, else only what it has foreseen itself. `seed` is that of all chance, of which `temperature` says how much
    there is: 0 is none.
    """

    race: Recorded
    start: int
    steps: int
    source: Source = "recorded"
    fixed: tuple[float, float, float] = (0.0, 0.0, 0.0)
    told: bool = False
    temperature: float = 1.0
    seed: int = 1


@dataclass(frozen=True, eq=False)
class Foreseen:
    """What was foreseen of the n steps after `start`.

    `pictures` uint8 (n, 64, 64, 3) and `codes` float32 (n, latent_size) are one draw of each forecast. `weights`,
    `means` and `sigmas` float32 (n, latent_size, mixtures) are the normal distributions from which they were drawn, at
    the temperature wished for; `mean` and `deviation` (n, latent_size) those of the whole mixtures. `logits` (n,) are
    of a reward, `actions` (n, 3) what was done.
    """

    start: int
    pictures: NDArray[np.uint8]
    codes: Floats
    weights: Floats
    means: Floats
    sigmas: Floats
    logits: Floats
    actions: Floats

    @property
    def mean(self) -> Floats:
        """The means of the mixtures."""
        return np.asarray((self.weights * self.means).sum(-1))

    @property
    def deviation(self) -> Floats:
        """The standard deviations of the mixtures."""
        aside = self.means - self.mean[..., None]
        return np.asarray(np.sqrt((self.weights * (self.sigmas**2 + aside**2)).sum(-1)))


@torch.inference_mode()
def recorded(model: Model, data: RunData, seed: int) -> Recorded:
    """Return the race with a seed among those that a run knows, as V sees it; raises InputError."""
    if not isinstance(model, SeeingModel):
        raise InputError("This run has no V yet that could see; train stage 2 first.")
    folder = rollouts_among(data.products)
    if folder is None:
        raise InputError("The races of this run are gone.")
    return seen(model, folder, seed)


def seen(model: SeeingModel, folder: Path, seed: int) -> Recorded:
    """Return a race of a folder as V sees it; raises InputError if it is gone or damaged."""
    played = load_episode(episode_path(folder, seed))
    frames = played.observations
    parts = [model.vision.encode(to_tensor(frames[start : start + _BATCH])) for start in range(0, len(frames), _BATCH)]
    mu, log_var = (torch.cat(tensors).numpy() for tensors in zip(*parts, strict=True))
    return Recorded(played.seed, frames, mu, log_var, played.actions, played.rewards > 0)


@torch.inference_mode()
def foresee(model: Model, wish: Wish) -> Foreseen:
    """Foresee a race; at most as many steps as were recorded. Raises InputError where the model cannot."""
    if not isinstance(model, DreamingModel):
        raise InputError("This run has no M yet that could foresee; train stage 4 first.")
    if wish.source == "controller" and not can_drive(model):
        raise InputError("This run has no trained controller yet; train stage 5 first.")
    race, last = wish.race, len(wish.race.rewards)
    if race.mu.shape[1] != model.latent_size:
        raise InputError("The race was seen with codes of another length; choose it again.")
    steps = min(wish.steps, MOST_STEPS, last - wish.start)
    if steps < 1 or wish.start < 0:
        raise InputError(f"Step {wish.start} is not one of the {last} steps of this race.")
    return _foreseen(model, wish, steps)


def can_drive(model: Model) -> bool:
    """Tell whether a model has a controller that was trained."""
    return isinstance(model, DrivingModel) and bool(model.driver.any())


def _foreseen(model: DreamingModel, wish: Wish, steps: int) -> Foreseen:
    generator = Generator().manual_seed(wish.seed)
    truth, gained = torch.from_numpy(wish.race.mu), _gained(wish.race)
    state, wheel = _read(model, wish, gained), _Wheel(model, wish, gained)
    code, reward = truth[wish.start][None], gained[wish.start][None]
    codes, actions, forecasts = [], [], []
    for step in range(wish.start, wish.start + steps):
        action = wheel.turned(step, code, reward, state)
        forecast, state = model.memory(code[:, None], action[:, None], reward[:, None], state)
        drawn, reward = (values[:, 0] for values in drawn_next(forecast, wish.temperature, generator))
        codes.append(drawn)
        actions.append(action)
        forecasts.append(forecast)
        code = drawn
        if wish.told:
            code, reward = truth[step + 1][None], gained[step + 1][None]
    together = Forecast(*(torch.cat(values, 1)[0] for values in zip(*forecasts, strict=True)))
    return _told(model, wish, together, torch.cat(codes), torch.cat(actions))


class _Wheel:
    """What is done in each step, by whoever acts; C in the order of paper or book that it was trained in.

    In the book's order C has a memory of its own, which was told the action before: see `driver`.
    """

    def __init__(self, model: DreamingModel, wish: Wish, gained: Tensor) -> None:
        self._model, self._wish = model, wish
        self._own: State | None = None
        if wish.source == "controller" and isinstance(model, DrivingModel) and model.shape.order == "book":
            self._own = _read(model, wish, gained, late=True)
        self._before = _actions_before(wish, wish.start + 1, late=True)[-1:]

    def turned(self, step: int, code: Tensor, reward: Tensor, state: State) -> Tensor:
        """Return the action of a step (1, 3) for what is seen in it (1, latent_size) and remembered of those before."""
        wish, model = self._wish, self._model
        if wish.source == "controller" and isinstance(model, DrivingModel):
            if self._own is not None:
                state = self._own = model.memory.step(code, self._before, reward, self._own)
            self._before = model.drive(code, state[0][0])
            return self._before
        chosen = wish.race.actions[step] if wish.source == "recorded" else np.array(wish.fixed, np.float32)
        return torch.from_numpy(chosen.copy())[None]


def _told(model: DreamingModel, wish: Wish, forecast: Forecast, codes: Tensor, actions: Tensor) -> Foreseen:
    """Turn what was foreseen into plain arrays, with the mixtures as they are at the temperature."""
    warmth = max(wish.temperature, _COLDEST)
    return Foreseen(
        wish.start,
        to_images(model.decode(codes)),
        codes.numpy(),
        (forecast.log_pi / warmth).softmax(-1).numpy(),
        forecast.mu.numpy(),
        (forecast.log_sigma.exp() * warmth**0.5).numpy(),
        forecast.reward.numpy(),
        actions.numpy(),
    )


def _gained(race: Recorded) -> Tensor:
    """Return for each frame (n + 1,) whether a reward came with it, 0 or 1; never with the first."""
    return torch.from_numpy(np.concatenate([[0.0], race.rewards]).astype(np.float32))


def _read(model: DreamingModel, wish: Wish, gained: Tensor, *, late: bool = False) -> State:
    """Return what M remembers of the race before the step where it is to begin; `late` with actions a step late."""
    state, start = model.empty_state(1), wish.start
    if not start:
        return state
    codes, actions = torch.from_numpy(wish.race.mu[:start]), _actions_before(wish, start, late=late)
    read: State = model.memory(codes[None], actions[None], gained[:start][None], state)[1]
    return read


def _actions_before(wish: Wish, count: int, *, late: bool) -> Tensor:
    """Return the actions of the first steps of the race (count, 3), or with `late` those of the steps before them."""
    actions = torch.from_numpy(wish.race.actions.copy())
    if late:
        actions = torch.cat([actions.new_zeros(1, ACTIONS), actions])
    return actions[:count]
