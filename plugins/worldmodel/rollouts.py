"""Races on the disk, a file for each, and their frames in memory for V to learn from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gendesk.errors import InputError

from .arrays import Layout, read_arrays, write_arrays
from .racing.episodes import Played

FOLDER = "rollouts"
"""Of a run's products, the one with the races that it drove."""
FRAME = (64, 64, 3)
MOST_STEPS = 10_000
"""The longest race that is stored; the environment's own longest is a tenth of it."""
_NAME = re.compile(r"[0-9]{10,19}\.npz")
_LAYOUTS = {
    "observations": Layout("|u1", (None, *FRAME), 2, MOST_STEPS + 1),
    "actions": Layout("<f4", (None, 3), 1, MOST_STEPS),
    "rewards": Layout("<f8", (None,), 1, MOST_STEPS),
    "terminated": Layout("|b1"),
    "seed": Layout("<i8"),
}
_SHORT = ("actions", "rewards", "terminated", "seed")
_FRAME_BYTES = int(np.prod(FRAME))


@dataclass(frozen=True)
class Summary:
    """What a list of races says of one: its seed, its steps, the sum of its rewards and whether it came to its end."""

    seed: int
    steps: int
    score: float
    terminated: bool


def episode_path(folder: Path, seed: int) -> Path:
    """Return the place of the race with a seed."""
    return folder / f"{seed:010d}.npz"


def episode_paths(folder: Path) -> list[Path]:
    """Return the files of races in a folder by their seeds; what a killed process left half written is not among them.

    A folder that is not there has none.
    """
    return sorted((path for path in folder.glob("*.npz") if _NAME.fullmatch(path.name)), key=_seed)


def _seed(path: Path) -> int:
    return int(path.stem)


def save_episode(path: Path, played: Played) -> None:
    """Write a race of 64x64 pictures, all or nothing; raises InputError if it has others or the disk refuses."""
    write_arrays(
        path,
        _LAYOUTS,
        {
            "observations": played.observations,
            "actions": played.actions,
            "rewards": played.rewards,
            "terminated": np.bool_(played.terminated),
            "seed": np.int64(played.seed),
        },
    )


def load_episode(path: Path) -> Played:
    """Read a race; raises InputError if it is damaged, too long or no race at all."""
    arrays = read_arrays(path, _LAYOUTS)
    actions, rewards = arrays["actions"], arrays["rewards"]
    if len(arrays["observations"]) != len(rewards) + 1:
        raise InputError(f"{path} has {len(arrays['observations'])} frames for {len(rewards)} steps.")
    _check(path, arrays["seed"], actions, rewards)
    return Played(int(arrays["seed"]), arrays["observations"], actions, rewards, bool(arrays["terminated"]))


def summary(path: Path) -> Summary:
    """Return what is known of a race without its frames; raises InputError.

    Asked again, it reads only a file that has changed.
    """
    try:
        facts = path.stat()
    except OSError as error:
        raise InputError(f"Cannot read {path}: {error.strerror or error}.") from error
    return _summary(path, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=20_000)
def _summary(path: Path, _changed: int, _size: int) -> Summary:
    arrays = read_arrays(path, _LAYOUTS, _SHORT)
    rewards = arrays["rewards"]
    _check(path, arrays["seed"], arrays["actions"], rewards)
    return Summary(int(arrays["seed"]), len(rewards), float(rewards.sum()), bool(arrays["terminated"]))


def _check(path: Path, seed: NDArray[np.int64], actions: NDArray[np.float32], rewards: NDArray[np.float64]) -> None:
    """Raise InputError unless the numbers of a race can be those of one."""
    if len(actions) != len(rewards):
        raise InputError(f"{path} has {len(actions)} actions for {len(rewards)} rewards.")
    if not (np.isfinite(actions).all() and np.isfinite(rewards).all()):
        raise InputError(f"{path} has actions or rewards that are no numbers.")
    if path.name != episode_path(path.parent, int(seed)).name:
        raise InputError(f"{path} holds the race with the seed {int(seed)}.")


class Rollouts:
    """The races of a folder by their seeds; a folder that is not there has none.

    The list is made once, with the first question for it.
    """

    def __init__(self, folder: Path, paths: Sequence[Path] | None = None) -> None:
        """List a folder, or take a part of its files."""
        self.folder = folder
        self._paths = paths

    @property
    def paths(self) -> Sequence[Path]:
        """The files, by their seeds."""
        if self._paths is None:
            self._paths = episode_paths(self.folder)
        return self._paths

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[Played]:
        return map(load_episode, self.paths)

    def episode(self, place: int) -> Played:
        """Read a race; raises InputError if it is damaged, and IndexError beyond the last."""
        return load_episode(self.paths[place])

    def of_seed(self, seed: int) -> Played | None:
        """Read the race with a seed; None where it is missing or damaged, because it can be driven again."""
        try:
            return load_episode(episode_path(self.folder, seed))
        except InputError:
            return None

    def part(self, start: int, stop: int) -> "Rollouts":
        """Return the races from one place to before another."""
        return Rollouts(self.folder, self.paths[start:stop])

    def summaries(self) -> list[Summary]:
        """Return what is known of each race without its frames; raises InputError if one is damaged."""
        return [summary(path) for path in self.paths]

    def scores(self) -> NDArray[np.float64]:
        """Return the sum of the rewards of each race; raises InputError if one is damaged."""
        return np.array([each.score for each in self.summaries()], np.float64)

    @property
    def frames(self) -> int:
        """How many frames all races have; raises InputError if one is damaged."""
        return sum(each.steps + 1 for each in self.summaries())


class FramePool:
    """The frames of races in memory, unpacked: all of them, or as many as fit, evenly spread over all races.

    Batches are drawn from all races at once, and a frame of a compressed file can only be had with those before it, so
    they are unpacked once, at 3 MB for 250 frames. An uncompressed file to map into memory would be no faster once it
    has been read, would take fourteen times the disk, and would be read again and again where it is longer than the
    memory.
    """

    def __init__(self, rollouts: Rollouts, limit_bytes: int) -> None:
        """Read the races, 5 to 10 ms for 250 frames; raises InputError if there are none or one is damaged."""
        lengths = [each.steps + 1 for each in rollouts.summaries()]
        if not lengths:
            raise InputError(f"There are no races in {rollouts.folder}; drive some first.")
        count = min(sum(lengths), max(1, limit_bytes // _FRAME_BYTES))
        chosen = np.arange(count) * sum(lengths) // count
        self._frames = np.empty((count, *FRAME), np.uint8)
        for places, race in zip(_split(chosen, lengths), rollouts, strict=True):
            np.take(race.observations, places.frames, axis=0, out=self._frames[places.slots], mode="clip")

    def __len__(self) -> int:
        return len(self._frames)

    def batch(self, random: np.random.Generator, size: int) -> NDArray[np.uint8]:
        """Draw frames, uint8 (size, 64, 64, 3); the same one may come twice."""
        return self._frames[random.integers(0, len(self._frames), size)]

    def spread(self, count: int) -> NDArray[np.uint8]:
        """Return frames, uint8 (at most count, 64, 64, 3), at equal distances from the first to the last race."""
        count = min(count, len(self._frames))
        return self._frames[np.arange(count) * len(self._frames) // count]


@dataclass(frozen=True)
class _Places:
    """Which frames of a race are kept, and where."""

    slots: slice
    frames: NDArray[np.int64]


def _split(chosen: NDArray[np.int64], lengths: Sequence[int]) -> Iterator[_Places]:
    """Tell race by race which of all frames, numbered through and sorted, are chosen."""
    first = 0
    for length in lengths:
        start, stop = np.searchsorted(chosen, (first, first + length))
        yield _Places(slice(int(start), int(stop)), chosen[start:stop] - first)
        first += length
