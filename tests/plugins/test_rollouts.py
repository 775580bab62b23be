"""Races on the disk come back as they were, hostile files are refused before they are unpacked; frames are at hand."""

import dataclasses
import io
import os
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gendesk.plugins.worldmodel.racing.episodes import Episode, Played, play
from gendesk.plugins.worldmodel.racing.policies import Structured
from gendesk.plugins.worldmodel.rollouts import FramePool, Rollouts, episode_path, save_episode, summary

from gendesk.errors import InputError


def race(seed: int = 7, steps: int = 12) -> Played:
    """Return a race whose frames tell their seed and their number."""
    frames = np.full((steps + 1, 64, 64, 3), seed % 256, np.uint8)
    frames[:, 0, 0, 0] = np.arange(steps + 1)
    random = np.random.default_rng(seed)
    actions = random.uniform(-1, 1, (steps, 3)).astype(np.float32)
    return Played(seed, frames, actions, random.normal(size=steps), seed % 2 == 1)


def stored(folder: Path, *races: Played) -> Rollouts:
    for played in races:
        save_episode(episode_path(folder, played.seed), played)
    return Rollouts(folder)


def same(played: Played | None, other: Played) -> bool:
    return played is not None and all(
        np.array_equal(getattr(played, field.name), getattr(other, field.name)) for field in dataclasses.fields(Played)
    )


def arrays_of(played: Played) -> dict[str, Any]:
    values = {field.name: getattr(played, field.name) for field in dataclasses.fields(Played)}
    return {**values, "seed": np.int64(played.seed), "terminated": np.bool_(played.terminated)}


def test_a_real_race_comes_back_as_it_was(tmp_path: Path) -> None:
    played = play(Episode(2, Structured(), 20))
    rollouts = stored(tmp_path, played)
    assert rollouts.paths[0].name == "0000000002.npz"
    known = rollouts.episode(0)
    assert same(known, played)
    assert [known.observations.dtype, known.actions.dtype, known.rewards.dtype] == [np.uint8, np.float32, np.float64]
    assert rollouts.paths[0].stat().st_size < played.observations.nbytes / 5


def test_numpy_reads_the_file_without_pickle(tmp_path: Path) -> None:
    played = race()
    path = stored(tmp_path, played).paths[0]
    with np.load(path, allow_pickle=False) as file:
        assert np.array_equal(file["observations"], played.observations)
        assert int(file["seed"]) == 7


def test_races_are_listed_by_their_seeds_and_counted_without_their_frames(tmp_path: Path) -> None:
    rollouts = stored(tmp_path, race(30), race(5), race(4_000_000_000, 3))
    assert [one.seed for one in rollouts] == [5, 30, 4_000_000_000]
    assert (len(rollouts), rollouts.frames) == (3, 13 + 13 + 4)
    assert np.allclose(
        rollouts.scores(), [race(5).rewards.sum(), race(30).rewards.sum(), race(4 * 10**9, 3).rewards.sum()]
    )
    part = rollouts.part(1, 3)
    assert [one.seed for one in part] == [30, 4_000_000_000]
    assert not rollouts.part(3, 3)
    assert same(rollouts.of_seed(30), race(30))
    assert rollouts.of_seed(31) is None


def test_a_folder_that_is_not_there_has_no_races(tmp_path: Path) -> None:
    rollouts = Rollouts(tmp_path / "none")
    assert (len(rollouts), rollouts.frames, len(rollouts.scores()), rollouts.of_seed(1)) == (0, 0, 0, None)
    with pytest.raises(InputError, match="no races"):
        FramePool(rollouts, 1 << 20)


def test_what_a_killed_process_leaves_is_no_race(tmp_path: Path) -> None:
    code = f"""
import os, pathlib, sys
sys.path.insert(0, {str(Path.cwd())!r})
from tests.plugins.test_rollouts import race, stored
stored(pathlib.Path({str(tmp_path)!r}), race(1))
pathlib.Path.replace = lambda *_: os._exit(9)
stored(pathlib.Path({str(tmp_path)!r}), race(2))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 9
    assert len(list(tmp_path.iterdir())) == 2
    rollouts = Rollouts(tmp_path)
    assert len(rollouts) == 1
    assert rollouts.of_seed(2) is None
    assert same(stored(tmp_path, race(2)).of_seed(2), race(2))


def test_a_race_that_changes_is_read_again(tmp_path: Path) -> None:
    path = stored(tmp_path, race(3)).paths[0]
    before = summary(path)
    assert summary(path) is before
    stored(tmp_path, dataclasses.replace(race(3, 5), terminated=False))
    assert (summary(path).steps, summary(path).terminated) == (5, False)


def test_only_pictures_of_64x64_are_stored(tmp_path: Path) -> None:
    large = dataclasses.replace(race(), observations=np.zeros((13, 96, 96, 3), np.uint8))
    with pytest.raises(InputError, match="observations"):
        save_episode(tmp_path / "0000000007.npz", large)
    assert not list(tmp_path.iterdir())


DAMAGES: dict[str, Mapping[str, Any]] = {
    "no frame for the last step": {"observations": np.zeros((12, 64, 64, 3), np.uint8)},
    "other pictures": {"observations": np.zeros((13, 8, 8, 3), np.uint8)},
    "floats": {"observations": np.zeros((13, 64, 64, 3), np.float32)},
    "too few actions": {"actions": np.zeros((11, 3), np.float32)},
    "actions that are no numbers": {"actions": np.full((12, 3), np.nan, np.float32)},
    "infinite rewards": {"rewards": np.full(12, np.inf)},
    "no rewards": {"rewards": np.zeros(0)},
    "another seed": {"seed": np.int64(8)},
    "a seed before all": {"seed": np.int64(-1)},
    "several seeds": {"seed": np.zeros(3, np.int64)},
    "objects": {"rewards": np.array([print] * 12, object)},
    "one array more": {"more": np.zeros(3)},
    "Fortran's order": {"observations": np.asfortranarray(np.zeros((13, 64, 64, 3), np.uint8))},
    "too long": {"rewards": np.zeros(1_000_000)},
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_cannot_be_a_race_is_refused(tmp_path: Path, damage: str) -> None:
    path = episode_path(tmp_path, 7)
    np.savez_compressed(path, **{**arrays_of(race()), **DAMAGES[damage]})
    with pytest.raises(InputError, match=r"0000000007.*\.$"):
        Rollouts(tmp_path).episode(0)
    assert Rollouts(tmp_path).of_seed(7) is None


def test_any_cut_or_changed_file_is_refused_or_read_in_full(tmp_path: Path) -> None:
    path = stored(tmp_path, race()).paths[0]
    content = path.read_bytes()
    random = np.random.default_rng(0)
    for _ in range(150):
        changed = bytearray(content)
        for place in random.integers(0, len(content), 3):
            changed[place] = random.integers(256)
        path.write_bytes(changed if random.random() < 0.7 else changed[: random.integers(len(content))])
        known = Rollouts(tmp_path).of_seed(7)
        assert known is None or known.observations.shape == (13, 64, 64, 3)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = episode_path(tmp_path, 7)
    np.savez_compressed(path, **{**arrays_of(race()), "rewards": np.zeros(20_000_000)})
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="rewards"):
            summary(path)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


def test_a_file_that_says_less_than_it_holds_is_refused(tmp_path: Path) -> None:
    path = episode_path(tmp_path, 7)
    save_episode(path, race())
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    members["rewards.npy"] += bytes(50_000_000)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    with pytest.raises(InputError, match="another length"):
        Rollouts(tmp_path).episode(0)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_or_a_folder_in_place_of_a_race_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(episode_path(tmp_path, 1))
    episode_path(tmp_path, 2).mkdir()
    rollouts = Rollouts(tmp_path)
    for place in range(2):
        with pytest.raises(InputError):
            rollouts.episode(place)
    with pytest.raises(InputError):
        rollouts.scores()


def test_no_pickle_is_ever_loaded(tmp_path: Path) -> None:
    content = io.BytesIO()
    np.lib.format.write_array(content, np.array([Trap(tmp_path / "sprung")], object), allow_pickle=True)
    path = episode_path(tmp_path, 7)
    save_episode(path, race())
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w") as file:
        for name, known in members.items():
            file.writestr(name, content.getvalue() if name == "rewards.npy" else known)
    with pytest.raises(InputError):
        Rollouts(tmp_path).episode(0)
    assert not (tmp_path / "sprung").exists()


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_the_pool_has_all_frames_where_they_fit(tmp_path: Path) -> None:
    pool = FramePool(stored(tmp_path, race(1), race(2, 5)), 1 << 30)
    assert len(pool) == 13 + 6
    batch = pool.batch(np.random.default_rng(0), 400)
    assert (batch.shape, batch.dtype) == ((400, 64, 64, 3), np.uint8)
    seen = {(int(frame[1, 1, 0]), int(frame[0, 0, 0])) for frame in batch}
    assert seen == {(1, number) for number in range(13)} | {(2, number) for number in range(6)}
    assert np.array_equal(pool.batch(np.random.default_rng(5), 9), pool.batch(np.random.default_rng(5), 9))


def test_a_small_pool_has_frames_of_every_race_at_equal_distances(tmp_path: Path) -> None:
    rollouts = stored(tmp_path, *(race(seed, 9) for seed in range(1, 11)))
    pool = FramePool(rollouts, 25 * 64 * 64 * 3)
    assert len(pool) == 25
    kept = [int(frame[1, 1, 0] - 1) * 10 + int(frame[0, 0, 0]) for frame in pool.spread(100)]
    assert kept == list(range(0, 100, 4))
    assert [int(frame[1, 1, 0]) for frame in pool.spread(5)] == [1, 3, 5, 7, 9]
    assert len(FramePool(rollouts, 0)) == 1


def test_memory_holds_the_frames_once_and_few_races_beside(tmp_path: Path) -> None:
    rollouts = stored(tmp_path, *(race(seed, 100) for seed in range(1, 9)))
    frames = rollouts.frames * 64 * 64 * 3
    tracemalloc.start()
    try:
        pool = FramePool(rollouts, 1 << 30)
        assert tracemalloc.get_traced_memory()[1] < frames + 5 * 101 * 64 * 64 * 3
    finally:
        tracemalloc.stop()
    assert len(pool) == 8 * 101
