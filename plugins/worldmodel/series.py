"""Encoded races on the disk, a file for each, and parts of them of one length for M to learn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gendesk.errors import InputError

from .arrays import Layout, read_arrays, write_arrays
from .rollouts import MOST_STEPS, episode_path, episode_paths

MOST_NUMBERS = 1024
"""The longest code that is stored."""
_BEGINNINGS = "initial_z.npz"
_LAYOUTS = {
    "mu": Layout("<f4", (None, None), 1, MOST_STEPS + 1),
    "log_var": Layout("<f4", (None, None), 1, MOST_STEPS + 1),
    "actions": Layout("<f4", (None, 3), 1, MOST_STEPS),
    "rewards": Layout("|b1", (None,), 1, MOST_STEPS),
    "terminated": Layout("|b1"),
    "seed": Layout("<i8"),
}
_FIRST = Layout("<f4", (None, None), 1, 1_000_000)
_FIRST_LAYOUTS = {"mu": _FIRST, "log_var": _FIRST}
_WIDEST = 60.0
"""Of log_var, beyond which its exponential would soon be infinite."""


@dataclass(frozen=True)
class Encoded:
    """A race of n steps as V sees it.

    `mu` and `log_var` float32 (n + 1, latent_size) are the codes of its frames, `actions` float32 (n, 3) what was done,
    `rewards` bool (n) whether a step brought a reward, that is, more than 0.
    """

    seed: int
    mu: NDArray[np.float32]
    log_var: NDArray[np.float32]
    actions: NDArray[np.float32]
    rewards: NDArray[np.bool_]
    terminated: bool


class SeriesStore:
    """The encoded races of a folder by their seeds; a folder that is not there has none.

    The list is made once, with the first question for it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def paths(self) -> list[Path]:
        """The files, by their seeds."""
        return episode_paths(self.folder)

    def __len__(self) -> int:
        return len(self.paths)

    def save(self, encoded: Encoded) -> None:
        """Write a race, all or nothing, over the one with the same seed; raises InputError if the disk refuses."""
        arrays = {
            "mu": encoded.mu,
            "log_var": encoded.log_var,
            "actions": encoded.actions,
            "rewards": encoded.rewards,
            "terminated": np.bool_(encoded.terminated),
            "seed": np.int64(encoded.seed),
        }
        write_arrays(episode_path(self.folder, encoded.seed), _LAYOUTS, arrays)
        self.__dict__.pop("paths", None)

    def episode(self, place: int) -> Encoded:
        """Read a race; raises InputError if it is damaged, and IndexError beyond the last."""
        path = self.paths[place]
        arrays = read_arrays(path, _LAYOUTS)
        seed, steps = int(arrays["seed"]), len(arrays["rewards"])
        _check_codes(path, arrays["mu"], arrays["log_var"])
        if len(arrays["mu"]) != steps + 1 or len(arrays["actions"]) != steps:
            raise InputError(
                f"{path} has {len(arrays['mu'])} codes and {len(arrays['actions'])} actions: not one race."
            )
        if not np.isfinite(arrays["actions"]).all():
            raise InputError(f"{path} has actions that are no numbers.")
        if path.name != episode_path(path.parent, seed).name:
            raise InputError(f"{path} holds the race with the seed {seed}.")
        return Encoded(
            seed,
            arrays["mu"],
            arrays["log_var"],
            arrays["actions"],
            arrays["rewards"],
            bool(arrays["terminated"]),
        )

    def save_beginnings(self) -> None:
        """Write the codes of all first frames into a file of their own; raises InputError if there are no races."""
        races = [self.episode(place) for place in range(len(self))]
        if len({race.mu.shape[1] for race in races}) != 1:
            raise InputError(f"{self.folder} has no races, or races with codes of several lengths; encode them again.")
        first = {
            "mu": np.stack([race.mu[0] for race in races]),
            "log_var": np.stack([race.log_var[0] for race in races]),
        }
        write_arrays(self.folder / _BEGINNINGS, _FIRST_LAYOUTS, first)

    def beginnings(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return mean and log_var of the first frames' codes, each float32 (races, latent_size); raises InputError."""
        path = self.folder / _BEGINNINGS
        arrays = read_arrays(path, _FIRST_LAYOUTS)
        _check_codes(path, arrays["mu"], arrays["log_var"])
        return arrays["mu"], arrays["log_var"]


def _check_codes(path: Path, mu: NDArray[np.float32], log_var: NDArray[np.float32]) -> None:
    """Raise InputError unless means and variances belong together and can be drawn from."""
    if mu.shape != log_var.shape or mu.shape[1] > MOST_NUMBERS:
        raise InputError(f"{path} has means of the shape {mu.shape} and variances of the shape {log_var.shape}.")
    # A comparison with what is not a number is false.
    if not (np.isfinite(mu).all() and (np.abs(log_var) <= _WIDEST).all()):
        raise InputError(f"{path} has codes that cannot be drawn from; encode the races again.")


class Windows(NamedTuple):
    """Parts of races, all of n steps.

    `mu` and `log_var` float32 (count, n + 1, latent_size) are the codes of what was seen before each step and after the
    last one; `actions` float32 (count, n, 3) what was done; `rewards` bool (count, n + 1) whether there was a reward
    when that was seen, never with the first frame of a race. `mask` bool (count, n) is false for the steps that a
    shorter race does not have; zeros stand there.
    """

    mu: NDArray[np.float32]
    log_var: NDArray[np.float32]
    actions: NDArray[np.float32]
    rewards: NDArray[np.bool_]
    mask: NDArray[np.bool_]


class Series:
    """Encoded races in memory, 70 kB for 250 steps with codes of 32 numbers, to draw parts from."""

    def __init__(self, store: SeriesStore, places: Sequence[int]) -> None:
        """Read some races; raises InputError if there are none, one is damaged or their codes differ in length."""
        self._races = [store.episode(place) for place in places]
        if not self._races:
            raise InputError(f"There are no encoded races in {store.folder}; encode some first.")
        self.latent_size = self._races[0].mu.shape[1]
        if any(race.mu.shape[1] != self.latent_size for race in self._races):
            raise InputError(f"The races in {store.folder} have codes of several lengths; encode them again.")

    def __len__(self) -> int:
        return len(self._races)

    def batch(self, random: np.random.Generator, episodes: int, steps: int) -> Windows:
        """Draw so many races, and of each a part of so many steps that begins anywhere.

        No race comes a second time before all have come. Of shorter ones all steps are taken, from their beginning.
        """
        turns = -(-episodes // len(self._races))
        chosen = np.concatenate([random.permutation(len(self._races)) for _ in range(turns)])[:episodes]
        windows = _empty(episodes, steps, self.latent_size)
        for row, place in enumerate(chosen):
            race = self._races[place]
            start = int(random.integers(0, max(0, len(race.rewards) - steps) + 1))
            _copy(race, start, windows, row)
        return windows


def _empty(count: int, steps: int, latent_size: int) -> Windows:
    return Windows(
        np.zeros((count, steps + 1, latent_size), np.float32),
        np.zeros((count, steps + 1, latent_size), np.float32),
        np.zeros((count, steps, 3), np.float32),
        np.zeros((count, steps + 1), np.bool_),
        np.zeros((count, steps), np.bool_),
    )


def _copy(race: Encoded, start: int, windows: Windows, row: int) -> None:
    """Fill a row of windows with a race from a step on."""
    steps = min(windows.mask.shape[1], len(race.rewards) - start)
    windows.mu[row, : steps + 1] = race.mu[start : start + steps + 1]
    windows.log_var[row, : steps + 1] = race.log_var[start : start + steps + 1]
    windows.actions[row, :steps] = race.actions[start : start + steps]
    # The reward of a step is known when its outcome is seen.
    windows.rewards[row, 1 : steps + 1] = race.rewards[start : start + steps]
    windows.rewards[row, 0] = race.rewards[start - 1] if start else False
    windows.mask[row, :steps] = True
