"""What a process of `Workers` does: drives races with a world model that it reads from a file.

Evolution needs many scores and lets races go on side by side, which is quicker, but rounds a little differently from
one race alone, and a chaotic race soon makes much of that. What is shown, compared or kept is driven alone by
`play`, and comes out the same wherever it is repeated.
"""

from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import torch
from numpy.typing import NDArray

from gendesk.engine.checkpoints import load_checkpoint, save_checkpoint

from .driver import Driver
from .models import DrivingModel, World
from .networks.controller import ControllerShape
from .racing.episodes import SMALL, Episode, play

FRAME_COST = 0.1
"""What every frame of 1/50 s takes off the score."""


@dataclass(frozen=True)
class ModelFile:
    """A file with a driving model, and what tells its contents from any later ones at the same place."""

    path: str
    stamp: int


@dataclass(frozen=True)
class Races:
    """Races for a process: each with a seed of its track and the row of `candidates` (rows, parameters) that drives.

    `place` tells whoever asked which races these were.
    `steps` is how many decisions a race takes at most. One in which nothing is gained for `patience` decisions in a
    row ends, and its score is what it would have been had the car stood still from then on; 0 waits for ever.
    """

    place: int
    model: ModelFile
    candidates: NDArray[np.float32]
    rows: tuple[int, ...]
    seeds: tuple[int, ...]
    steps: int
    patience: int


@dataclass(frozen=True)
class Score:
    """What a race was worth, and after how many decisions it was over."""

    score: float
    steps: int


def save_model(path: Path, model: DrivingModel) -> ModelFile:
    """Write a model for the processes; raises OSError."""
    description = {"world": asdict(model.world), "shape": asdict(model.shape), "mixtures": model.memory.mixtures}
    save_checkpoint(path, {"model": model.state_dict(), "description": description})
    return ModelFile(str(path), path.stat().st_mtime_ns)


@lru_cache(2)
def load_model(file: ModelFile) -> DrivingModel:
    """Read what `save_model` wrote; raises StoredDataError."""
    torch.set_num_threads(1)
    state = load_checkpoint(Path(file.path))
    about = state["description"]
    model = DrivingModel(World(**about["world"]), ControllerShape(**about["shape"]), about["mixtures"])
    model.load_state_dict(state["model"])
    return model.eval().requires_grad_(requires_grad=False)


@dataclass
class Trained:
    """The policy of a model in a file, driven by numbers (parameters,)."""

    model: ModelFile
    numbers: NDArray[np.float32]

    def begin(self, random: np.random.Generator) -> None:
        """Forget the last race."""
        self._driver = Driver(load_model(self.model))
        self._driver.begin(torch.from_numpy(self.numbers)[None], [random])

    def act(self, observation: NDArray[np.uint8], reward: float) -> NDArray[np.float32]:
        """Return steering, gas and brake for what is seen."""
        action: NDArray[np.float32] = self._driver.act(observation[None], np.array([reward]))[0]
        return action


@dataclass(frozen=True)
class Examined:
    """A race that counts: its score, decisions, actions float32 (n, 3) for a replay, and whether it came to its end."""

    seed: int
    score: float
    steps: int
    terminated: bool
    actions: NDArray[np.float32]


def examine(episode: Episode) -> Examined:
    """Drive a race alone, and leave out the pictures, which nobody will look at."""
    played = play(episode)
    score = float(played.rewards.sum())
    return Examined(played.seed, score, len(played.rewards), played.terminated, played.actions)


def race(races: Races) -> tuple[int, list[Score]]:
    """Drive races side by side, and return their place and what each was worth."""
    model = load_model(races.model)
    options = model.race_options()
    crew = [_Race(seed, races, options) for seed in races.seeds]
    try:
        _drive(Driver(model), crew, races)
    finally:
        for one in crew:
            one.close()
    return races.place, [Score(one.score, one.steps) for one in crew]


class _Race:
    """One race, as far as it has come."""

    def __init__(self, seed: int, races: Races, options: dict[str, Any]) -> None:
        self.score, self.steps, self.reward, self._in_vain = 0.0, 0, 0.0, 0
        self.over = False
        self._races, self._repeat = races, options["action_repeat"]
        self._environment = gymnasium.make(SMALL, max_episode_steps=races.steps, disable_env_checker=True, **options)
        self.observation, _ = self._environment.reset(seed=seed)

    def step(self, action: NDArray[np.float32]) -> None:
        """Do what was decided, and see whether that was all."""
        self.observation, reward, terminated, truncated, _ = self._environment.step(action)
        self.reward = float(reward)
        self.score += self.reward
        self.steps += 1
        self._in_vain = 0 if self.reward > 0 else self._in_vain + 1
        given_up = self._races.patience > 0 and self._in_vain >= self._races.patience
        self.over = terminated or truncated or given_up
        if given_up and not (terminated or truncated):
            self.score -= FRAME_COST * self._repeat * (self._races.steps - self.steps)
        if self.over:
            self.close()

    def close(self) -> None:
        """Let go of the track; a second time does nothing."""
        self._environment.close()


def _drive(driver: Driver, crew: list[_Race], races: Races) -> None:
    candidates = torch.from_numpy(races.candidates[list(races.rows)])
    driver.begin(candidates, [np.random.default_rng(seed) for seed in races.seeds])
    going_on = crew
    while going_on:
        observations = np.stack([one.observation for one in going_on])
        actions = driver.act(observations, np.array([one.reward for one in going_on]))
        for one, action in zip(going_on, actions, strict=True):
            one.step(action)
        left = [place for place, one in enumerate(going_on) if not one.over]
        if len(left) < len(going_on):
            going_on = [going_on[place] for place in left]
            driver.keep(left)
