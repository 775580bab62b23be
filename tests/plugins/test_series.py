"""Encoded races come back as they were, hostile files are refused, and parts of races line up as M reads them."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gendesk.plugins.worldmodel.series import Encoded, Series, SeriesStore

from gendesk.errors import InputError

LATENT = 8


def encoded(seed: int = 7, steps: int = 20) -> Encoded:
    """Return a race in which every number tells its seed and its step."""
    mu = (1000 * seed + np.arange(steps + 1, dtype=np.float32))[:, None] + np.zeros(LATENT, np.float32)
    actions = mu[:-1, :3].copy()
    rewards = np.arange(steps) % 5 == 2
    return Encoded(seed, mu, np.full_like(mu, -2), actions, rewards, seed % 2 == 0)


def stored(folder: Path, *races: Encoded) -> SeriesStore:
    store = SeriesStore(folder)
    for race in races:
        store.save(race)
    return store


def arrays_of(race: Encoded) -> dict[str, Any]:
    values = {field.name: getattr(race, field.name) for field in dataclasses.fields(Encoded)}
    return {**values, "seed": np.int64(race.seed), "terminated": np.bool_(race.terminated)}


def test_races_come_back_as_they_were_by_their_seeds(tmp_path: Path) -> None:
    store = stored(tmp_path, encoded(30), encoded(4, 3))
    assert len(store) == 2
    for place, race in enumerate((encoded(4, 3), encoded(30))):
        for name, value in arrays_of(store.episode(place)).items():
            known = arrays_of(race)[name]
            assert np.array_equal(value, known), name
            assert value.dtype == known.dtype
    store.save(encoded(4, 9))
    assert [len(store.episode(place).rewards) for place in range(len(store))] == [9, 20]


def test_beginnings_are_the_first_frames_of_all_races(tmp_path: Path) -> None:
    store = stored(tmp_path, encoded(3), encoded(1), encoded(2))
    with pytest.raises(InputError, match="initial_z"):
        store.beginnings()
    store.save_beginnings()
    mu, log_var = SeriesStore(tmp_path).beginnings()
    assert mu[:, 0].tolist() == [1000, 2000, 3000]
    assert (mu.shape, log_var.shape, mu.dtype) == ((3, LATENT), (3, LATENT), np.float32)
    assert len(store) == 3


def test_without_races_it_says_so(tmp_path: Path) -> None:
    store = SeriesStore(tmp_path / "none")
    assert len(store) == 0
    with pytest.raises(InputError, match="no races"):
        store.save_beginnings()
    with pytest.raises(InputError, match="no encoded races"):
        Series(store, range(0))


def test_races_whose_codes_differ_in_length_do_not_go_together(tmp_path: Path) -> None:
    long = encoded(2)
    store = stored(tmp_path, encoded(1), dataclasses.replace(long, mu=long.mu[:, :4], log_var=long.log_var[:, :4]))
    with pytest.raises(InputError, match="several lengths"):
        store.save_beginnings()
    with pytest.raises(InputError, match="several lengths"):
        Series(store, range(2))


DAMAGES: dict[str, Mapping[str, Any]] = {
    "no code for the last frame": {
        "mu": np.zeros((20, LATENT), np.float32),
        "log_var": np.zeros((20, LATENT), np.float32),
    },
    "variances of other codes": {"log_var": np.zeros((21, 3), np.float32)},
    "means that are no numbers": {"mu": np.full((21, LATENT), np.nan, np.float32)},
    "variances that are no numbers": {"log_var": np.full((21, LATENT), np.nan, np.float32)},
    "variances beyond all bounds": {"log_var": np.full((21, LATENT), 1e6, np.float32)},
    "doubles": {"mu": np.zeros((21, LATENT))},
    "actions without a brake": {"actions": np.zeros((20, 2), np.float32)},
    "too few actions": {"actions": np.zeros((19, 3), np.float32)},
    "actions that are no numbers": {"actions": np.full((20, 3), np.inf, np.float32)},
    "rewards as numbers": {"rewards": np.zeros(20)},
    "another seed": {"seed": np.int64(8)},
    "objects": {"rewards": np.array([print] * 20, object)},
    "wide codes": {name: np.zeros((21, 5000), np.float32) for name in ("mu", "log_var")},
    "long races": {"rewards": np.zeros(10_000_000, np.bool_)},
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_cannot_be_an_encoded_race_is_refused(tmp_path: Path, damage: str) -> None:
    np.savez_compressed(tmp_path / "0000000007.npz", **{**arrays_of(encoded()), **DAMAGES[damage]})
    with pytest.raises(InputError, match=r"0000000007.*\.$"):
        SeriesStore(tmp_path).episode(0)


def test_a_cut_file_is_refused_and_a_half_written_one_not_listed(tmp_path: Path) -> None:
    path = stored(tmp_path, encoded()).paths[0]
    content = path.read_bytes()
    (tmp_path / ".0000000008.npz.0a1b2c3d").write_bytes(content[:100])
    path.write_bytes(content[:-40])
    store = SeriesStore(tmp_path)
    assert len(store) == 1
    with pytest.raises(InputError, match="damaged"):
        store.episode(0)


def test_parts_line_up_as_m_reads_them(tmp_path: Path) -> None:
    store = stored(tmp_path, *(encoded(seed, 40) for seed in range(1, 5)))
    windows = Series(store, range(4)).batch(np.random.default_rng(0), 64, 15)
    assert windows.mu.shape == windows.log_var.shape == (64, 16, LATENT)
    assert (windows.actions.shape, windows.rewards.shape, windows.mask.shape) == ((64, 15, 3), (64, 16), (64, 15))
    assert windows.mask.all()
    # What is done in a step stands beside what was seen before it.
    assert np.array_equal(windows.actions, windows.mu[:, :-1, :3])
    steps = windows.mu[:, :, 0] % 1000
    assert (np.diff(steps) == 1).all()
    # The reward of step n comes with frame n + 1.
    assert np.array_equal(windows.rewards, (steps % 5 == 3))
    assert len(set(steps[:, 0])) > 15
    assert (steps[:, 0].min() >= 0) and (steps[:, -1].max() <= 40)


def test_of_shorter_races_all_is_taken_and_the_rest_masked(tmp_path: Path) -> None:
    store = stored(tmp_path, encoded(1, 6), encoded(2, 10))
    windows = Series(store, range(2)).batch(np.random.default_rng(0), 2, 10)
    order = np.argsort(windows.mu[:, 0, 0])
    assert windows.mask[order].sum(1).tolist() == [6, 10]
    short = order[0]
    assert windows.mask[short].tolist() == [True] * 6 + [False] * 4
    assert windows.mu[short, :7, 0].tolist() == [1000 + step for step in range(7)]
    assert not windows.mu[short, 7:].any()
    assert not windows.actions[short, 6:].any()
    assert not windows.rewards[:, 0].any()


def test_every_race_comes_once_before_one_comes_twice(tmp_path: Path) -> None:
    series = Series(stored(tmp_path, *(encoded(seed) for seed in range(6))), range(1, 6))
    assert (len(series), series.latent_size) == (5, LATENT)
    drawn = series.batch(np.random.default_rng(3), 12, 4).mu[:, 0, 0] // 1000
    assert sorted(drawn[:5]) == sorted(drawn[5:10]) == [1, 2, 3, 4, 5]
    assert len(set(drawn[10:])) == 2
    again = series.batch(np.random.default_rng(3), 12, 4)
    assert np.array_equal(drawn, again.mu[:, 0, 0] // 1000)
