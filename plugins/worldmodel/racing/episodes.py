"""Races from the start to the end, and what was seen, done and gained in each frame of them."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import gymnasium
import numpy as np
from numpy.typing import NDArray

SMALL = "gendesk.plugins.worldmodel:gendesk/CarRacing64-v0"


class Policy(Protocol):
    """Who drives. It travels to other processes, so it holds plain data."""

    def begin(self, random: np.random.Generator) -> None:
        """Forget the last race; `random` is all the chance that the next one has."""

    def act(self, observation: NDArray[np.uint8], reward: float) -> NDArray[np.float32]:
        """Return steering -1..1, gas 0..1 and brake 0..1 for an observation, uint8 (height, width, 3).

        `reward` is that of the step before, 0 before the first.
        """


@dataclass(frozen=True)
class Episode:
    """A race to be driven: who drives, and the seed of the track and of the driver's chance."""

    seed: int
    policy: Policy
    steps: int = 1000
    environment: str = SMALL
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Played:
    """A race that was driven, of n steps.

    `observations` uint8 (n + 1, height, width, 3) begin with what was seen before the first step; `actions` float32
    (n, 3) and `rewards` float64 (n) are those of the steps. `terminated` says whether the race itself came to its end,
    by a finished lap or beyond the playfield, and not only the steps.
    """

    seed: int
    observations: NDArray[np.uint8]
    actions: NDArray[np.float32]
    rewards: NDArray[np.float64]
    terminated: bool


def play(episode: Episode) -> Played:
    """Drive a race; the same episode gives the same race, on whichever process."""
    environment = gymnasium.make(
        episode.environment, max_episode_steps=episode.steps, disable_env_checker=True, **episode.options
    )
    try:
        observation, _ = environment.reset(seed=episode.seed)
        episode.policy.begin(np.random.default_rng(episode.seed))
        observations, actions, rewards = [observation], [], list[float]()
        reward, terminated, truncated = 0.0, False, False
        while not (terminated or truncated):
            action = episode.policy.act(observation, reward)
            observation, gained, terminated, truncated, _ = environment.step(action)
            reward = float(gained)
            observations.append(observation)
            actions.append(action)
            rewards.append(reward)
    finally:
        environment.close()
    return Played(episode.seed, np.stack(observations), np.stack(actions), np.array(rewards), terminated)
