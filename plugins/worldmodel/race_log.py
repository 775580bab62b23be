"""What was done in a race: enough to drive it again, to the last bit, on any machine with the same physics."""

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from gendesk.errors import InputError, RunError
from gendesk.files import write_atomically

from .models import World
from .racing.episodes import SMALL

LIMIT = 1000
"""Frames that a race lasts at most, as in stock CarRacing: 20 seconds."""
_LARGEST = 64 << 20
"""Bytes of a file that is read; a race of a thousand decisions takes 20,000."""
_LONGEST = 100_000
"""Frames of a race that is read; a lap takes a thousand."""
_KINDS = {"seed": "i", "world": "i", "limit": "i", "actions": "f", "rewards": "f"}


@dataclass(frozen=True)
class RaceLog:
    """A race of n decisions: its track, what was done, float32 (n, 3), and what each brought, float64 (n,).

    `world` says how long a decision lasts, and `limit` after how many frames the race ends.
    """

    seed: int
    actions: NDArray[np.float32]
    rewards: NDArray[np.float64]
    world: World = field(default_factory=World)
    limit: int = LIMIT

    @property
    def score(self) -> float:
        """The sum of the rewards."""
        return float(self.rewards.sum())

    def check(self, step: int, reward: float, *, over: bool) -> None:
        """Raise RunError if a decision, counted from 0, has brought another reward, or the end, when driven again."""
        if reward != self.rewards[step] or (over and step + 1 < len(self.rewards)):
            raise RunError(f"The race on track {self.seed} does not go as it did, from decision {step + 1} on.")

    def save(self, path: Path) -> None:
        """Write an .npz file without Python objects; raises OSError."""
        world = (self.world.action_repeat, self.world.crop_indicators, self.world.skip_zoom)
        file = io.BytesIO()
        np.savez(
            file,
            seed=self.seed,
            actions=self.actions,
            rewards=self.rewards,
            world=np.array(world, int),
            limit=self.limit,
        )
        write_atomically(path, file.getvalue())

    @classmethod
    def load(cls, path: Path) -> "RaceLog":
        """Read what `save` wrote; raises InputError for whatever else a file may hold."""
        parts = _read(path)
        shapes = {"seed": (), "world": (3,), "limit": (), "actions": (len(parts["rewards"].ravel()), 3)}
        for name, kind in _KINDS.items():
            if parts[name].dtype.kind != kind or parts[name].shape != shapes.get(name, parts[name].ravel().shape):
                raise _damaged(path)
        repeat, crop, skip = (int(value) for value in parts["world"])
        seed, limit, numbers = int(parts["seed"]), int(parts["limit"]), (parts["actions"], parts["rewards"])
        possible = 1 <= repeat <= limit <= _LONGEST and 1 <= len(parts["rewards"]) <= limit and seed >= 0
        if not (possible and all(np.isfinite(values).all() for values in numbers)):
            raise _damaged(path)
        actions, rewards = parts["actions"].astype(np.float32), parts["rewards"].astype(np.float64)
        return cls(seed, actions, rewards, World(repeat, bool(crop), bool(skip)), limit)


def made_environment(world: World, limit: int) -> Any:
    """Return a race in frames of 1/50 s, which its user repeats actions for; it must be closed."""
    return gymnasium.make(
        SMALL,
        max_episode_steps=limit,
        disable_env_checker=True,
        crop_indicators=world.crop_indicators,
        skip_zoom=world.skip_zoom,
    )


def _read(path: Path) -> dict[str, NDArray[Any]]:
    try:
        # Sizes are looked at first: a few bytes can promise to become gigabytes.
        with zipfile.ZipFile(path) as archive:
            sizes = [member.file_size for member in archive.infolist()]
        if path.stat().st_size > _LARGEST or sum(sizes) > _LARGEST:
            raise _damaged(path)
        with np.load(path, allow_pickle=False) as parts:
            return {name: parts[name] for name in _KINDS}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> InputError:
    return InputError(f"{path.name} is no log of a race, or it is damaged.")
