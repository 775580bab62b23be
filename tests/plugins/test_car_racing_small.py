"""The racing environment of 64 x 64 pixels pays and ends what stock's does, and looks like its picture, shrunk."""

import gymnasium
import numpy as np
import pytest

from gendesk.errors import InputError
from tests.support.racing import (
    SMALL,
    Driver,
    difference,
    follow_track,
    full_gas,
    make_pair,
    move_car,
    random_driver,
    shrunk_stock,
)

ZOOM_IN = 50
CLOSE, CLOSE_ONCE = 1.0, 1.5
"""The mean difference to stock's picture in a race, and in any one frame, of 255."""


def race(seed: int, driver: Driver, steps: int, crop: bool = False, randomize: bool = False) -> list[float]:
    """Drive in both and return how much each pair of pictures differs; the rest must be the same."""
    pair = make_pair(SMALL, {"crop_indicators": crop}, domain_randomize=randomize)
    pair.reset(seed=seed)
    differences = []
    for of_stock, of_other in pair.drive(driver, steps):
        assert of_stock[1:] == of_other[1:]
        differences.append(difference(shrunk_stock(pair.stock, crop), of_other[0]))
    pair.close()
    return differences


@pytest.mark.parametrize("crop", [False, True])
def test_close_to_stock(crop: bool) -> None:
    for driver, steps in ((random_driver(1), 30), (follow_track, ZOOM_IN + 50)):
        differences = race(1, driver, steps, crop)
        assert np.mean(differences) < CLOSE
        assert max(differences) < CLOSE_ONCE


@pytest.mark.slow
@pytest.mark.parametrize("randomize", [False, True])
@pytest.mark.parametrize("seed", range(10, 12))
def test_close_to_stock_in_more_races(seed: int, randomize: bool) -> None:
    differences = race(
        seed, follow_track if seed % 2 else random_driver(seed), 160, crop=seed > 10, randomize=randomize
    )
    assert np.mean(differences) < CLOSE
    assert max(differences) < CLOSE_ONCE


@pytest.mark.parametrize("place", [(320.0, 0.0), (-320.0, 60.0), (320.0, 320.0)])
def test_edge_of_the_playfield(place: tuple[float, float]) -> None:
    pair = make_pair(SMALL)
    pair.start_zoomed_in(seed=6)
    list(pair.drive(full_gas, 5))
    for environment in (pair.stock, pair.other):
        move_car(environment, *place)
    for _, of_other in pair.drive(full_gas, 5):
        assert difference(shrunk_stock(pair.stock), of_other[0]) < CLOSE
    pair.close()


def test_action_repeat_adds_rewards_up_and_shows_the_last_frame() -> None:
    single, repeated = gymnasium.make(SMALL), gymnasium.make(SMALL, action_repeat=4)
    single.reset(seed=2)
    repeated.reset(seed=2)
    for _ in range(20):
        action = follow_track(single)
        frames = [single.step(action) for _ in range(4)]
        picture, reward, *_ = repeated.step(action)
        np.testing.assert_array_equal(picture, frames[-1][0])
        assert reward == pytest.approx(sum(frame[1] for frame in frames))


def test_race_that_ends_within_a_step() -> None:
    single, repeated = gymnasium.make(SMALL), gymnasium.make(SMALL, action_repeat=10)
    for environment in (single, repeated):
        environment.reset(seed=2)
        move_car(environment, 331.0, 0.0)
        environment.unwrapped.car.hull.linearVelocity = (30.0, 0.0)
    frames = []
    while not frames or not frames[-1][2]:
        frames.append(single.step(full_gas(single)))
    picture, reward, terminated, _, info = repeated.step(full_gas(repeated))
    assert 1 < len(frames) < 10
    assert (terminated, info) == (True, {"lap_finished": False})
    assert reward == pytest.approx(sum(frame[1] for frame in frames))
    np.testing.assert_array_equal(picture, frames[-1][0])


def test_start_zoom_skipped() -> None:
    pair = make_pair(SMALL, {"skip_zoom": True})
    _, first = pair.reset(seed=3)
    stock = pair.stock.unwrapped
    stock.t = 1.0
    stock._render("state_pixels")
    assert difference(shrunk_stock(stock), first) < CLOSE
    plain = gymnasium.make(SMALL)
    assert difference(plain.reset(seed=3)[0], first) > 10


def test_observations_are_in_their_space_and_ones_own() -> None:
    environment = gymnasium.make(SMALL)
    first, _ = environment.reset(seed=4)
    assert environment.observation_space.contains(first)
    kept = first.copy()
    second, *_ = environment.step(np.array([0, 1, 0], np.float32))
    np.testing.assert_array_equal(first, kept)
    second[:] = 0


def test_no_frames_at_all() -> None:
    with pytest.raises(InputError, match="repeated 0 times"):
        gymnasium.make(SMALL, action_repeat=0)
