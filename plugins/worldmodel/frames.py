"""Frames of stored races as pictures, for whoever wants to look at what V sees."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gendesk.data.dataset import ImageDataset, ImageInfo, ImageSplit
from gendesk.errors import InputError

from .rollouts import FOLDER, FRAME, Rollouts, episode_paths, load_episode

HELD_OUT = 10
"""Of the races, one in so many is held out, but at least one."""
_MOST_RACES = 150
_TRAIN, _TEST = 1_500, 500
_SEED = 8


def rollouts_among(products: Sequence[Path]) -> Path | None:
    """Return the folder of races in the first of some folders that has one; None where none has."""
    return next((folder / FOLDER for folder in products if (folder / FOLDER).is_dir()), None)


def held_out(rollouts: Rollouts) -> tuple[Rollouts, Rollouts]:
    """Return the races to learn from, and those that are held out; a single race is both."""
    count = max(1, len(rollouts) // HELD_OUT)
    return rollouts.part(count, len(rollouts)) or rollouts, rollouts.part(0, count)


def frames_among(products: Sequence[Path]) -> ImageDataset | None:
    """Return up to 1,500 frames of the races that V learns from, and up to 500 of those that are held out.

    They are spread evenly over up to 150 races each, and shuffled, so that the first ones differ. Nothing is known of
    them beside; damaged races are left out. None where there are no races.
    """
    folder = rollouts_among(products)
    return None if folder is None else _frames(folder, tuple(path.name for path in episode_paths(folder)))


@lru_cache(maxsize=1)
def _frames(folder: Path, names: tuple[str, ...]) -> ImageDataset | None:
    """Read frames, a second or two, and keep them, 25 MB, until other races are asked for."""
    learnt, test = held_out(Rollouts(folder, [folder / name for name in names]))
    splits = [_spread(learnt.paths, _TRAIN), _spread(test.paths, _TEST)]
    if not all(len(split) for split in splits):
        return None
    info = ImageInfo(
        name="frames",
        title="Frames of races",
        fingerprint=hashlib.sha256(b"".join(split.tobytes() for split in splits)).hexdigest(),
        train_count=len(splits[0]),
        test_count=len(splits[1]),
        height=FRAME[0],
        width=FRAME[1],
        channels=FRAME[2],
    )
    unlabelled = [ImageSplit(split, np.full(len(split), -1, np.int64)) for split in splits]
    return ImageDataset(info, unlabelled[0], unlabelled[1])


def _spread(paths: Sequence[Path], wanted: int) -> NDArray[np.uint8]:
    """Return frames uint8 (at most `wanted`, 64, 64, 3) of some races."""
    count = min(_MOST_RACES, len(paths))
    found = [np.empty((0, *FRAME), np.uint8)]
    for place in range(count):
        try:
            frames = load_episode(paths[place * len(paths) // count]).observations
        except InputError:
            continue
        each = min(wanted // count, len(frames))
        found.append(frames[np.arange(each) * len(frames) // each])
    together = np.concatenate(found)
    return together[np.random.default_rng(_SEED).permutation(len(together))]
