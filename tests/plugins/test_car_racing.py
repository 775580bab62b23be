"""The fast racing environment shows, pays and ends what stock's does, to the last bit."""

import gc
import pickle
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest

from tests.support.racing import (
    SAME,
    SMALL,
    STOCK,
    Driver,
    Pair,
    follow_track,
    full_gas,
    make_pair,
    move_car,
    random_driver,
)

ZOOM_IN = 50


@pytest.fixture
def pair() -> Iterator[Pair]:
    pair = make_pair(SAME)
    yield pair
    pair.close()


def assert_same(of_stock: Any, of_other: Any) -> None:
    np.testing.assert_array_equal(of_stock[0], of_other[0])
    assert of_stock[1:] == of_other[1:]


def race(pair: Pair, seed: int, driver: Driver, steps: int) -> None:
    np.testing.assert_array_equal(*pair.reset(seed=seed))
    for of_stock, of_other in pair.drive(driver, steps):
        assert_same(of_stock, of_other)


@pytest.mark.parametrize("seed", [0, 1])
def test_random_driver(pair: Pair, seed: int) -> None:
    race(pair, seed, random_driver(seed), ZOOM_IN + 40)


@pytest.mark.parametrize("seed", [2, 3])
def test_driver_that_follows_the_track(pair: Pair, seed: int) -> None:
    race(pair, seed, follow_track, ZOOM_IN + 100)


@pytest.mark.slow
@pytest.mark.parametrize("randomize", [False, True])
@pytest.mark.parametrize("seed", range(10, 12))
def test_more_races(seed: int, randomize: bool) -> None:
    pair = make_pair(SAME, domain_randomize=randomize)
    race(pair, seed, follow_track if seed % 2 else random_driver(seed), 200)
    pair.close()


def test_new_colors_in_every_race() -> None:
    pair = make_pair(SAME, domain_randomize=True)
    race(pair, 4, follow_track, ZOOM_IN + 20)
    np.testing.assert_array_equal(*pair.reset())
    np.testing.assert_array_equal(*pair.reset(options={"randomize": False}))
    for of_stock, of_other in pair.drive(follow_track, 10):
        assert_same(of_stock, of_other)
    pair.close()


def test_five_actions_instead_of_three_numbers() -> None:
    pair = make_pair(SAME, continuous=False)
    random = np.random.default_rng(5)
    race(pair, 5, lambda environment: random.integers(5), ZOOM_IN)
    pair.close()


@pytest.mark.parametrize("place", [(320.0, 0.0), (-320.0, 60.0), (10.0, 320.0), (-30.0, -320.0), (320.0, 320.0)])
def test_edge_of_the_playfield(pair: Pair, place: tuple[float, float]) -> None:
    pair.start_zoomed_in(seed=6)
    list(pair.drive(full_gas, 5))
    for environment in (pair.stock, pair.other):
        move_car(environment, *place)
    for of_stock, of_other in pair.drive(full_gas, 5):
        assert_same(of_stock, of_other)


def test_car_that_leaves_the_playfield_dies(pair: Pair) -> None:
    pair.start_zoomed_in(seed=7)
    for environment in (pair.stock, pair.other):
        move_car(environment, 331.0, 0.0)
        environment.unwrapped.car.hull.linearVelocity = (30.0, 0.0)
    ends = []
    for of_stock, of_other in pair.drive(full_gas, 12):
        assert_same(of_stock, of_other)
        ends.append(of_other[1:3])
    assert (-100, True) in ends


def test_last_tile_ends_the_race(pair: Pair) -> None:
    pair.start_zoomed_in(seed=8)
    list(pair.drive(full_gas, 5))
    for environment in (pair.stock, pair.other):
        environment.unwrapped.tile_visited_count = len(environment.unwrapped.track) - 1
    infos = []
    for of_stock, of_other in pair.drive(follow_track, 70):  # goes on into the next race
        assert_same(of_stock, of_other)
        infos.append(of_other[4])
    assert {"lap_finished": True} in infos


def test_limit_of_time() -> None:
    assert gymnasium.make(SAME).spec.max_episode_steps == gymnasium.make(STOCK).spec.max_episode_steps
    pair = make_pair(SAME, max_episode_steps=8)
    race(pair, 9, full_gas, 20)
    pair.close()


def test_bar_that_leaves_the_strip(pair: Pair) -> None:
    pair.reset(seed=1)
    for environment in (pair.stock, pair.other):
        environment.unwrapped.car.wheels[2].omega = 900.0
        environment.unwrapped.car.wheels[3].omega = -900.0
    for of_stock, of_other in pair.drive(full_gas, 3):
        assert_same(of_stock, of_other)


def test_render_gives_the_pictures_of_stock() -> None:
    pair = make_pair(SAME, render_mode="rgb_array")
    pair.reset(seed=2)
    for of_stock, of_other in pair.drive(follow_track, 5):
        np.testing.assert_array_equal(pair.stock.render(), pair.other.render())
        assert_same(of_stock, of_other)
    pair.close()


def test_an_environment_can_be_sent_to_another_process() -> None:
    environment = gymnasium.make(SMALL, action_repeat=3, crop_indicators=True).unwrapped
    sent = pickle.loads(pickle.dumps(environment))  # noqa: S301 (made in this line)
    assert (sent.action_repeat, sent.crop_indicators, sent.skip_zoom) == (3, True, False)
    np.testing.assert_array_equal(environment.reset(seed=3)[0], sent.reset(seed=3)[0])


def test_closed_environments_leave_nothing() -> None:
    def bodies() -> int:
        gc.collect()
        return sum(type(found).__name__ == "b2Body" for found in gc.get_objects())

    before = bodies()
    for name in (SAME, SMALL):
        environment = gymnasium.make(name)
        environment.reset(seed=1)
        environment.step(np.array([0, 1, 0], np.float32))
        environment.close()
        environment.reset(seed=2)  # a closed one may still be used, and closed again
        environment.close()
        del environment
    assert bodies() == before


def test_no_window_and_nothing_heavy() -> None:
    script = f"""
import os, sys
for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"): os.environ.pop(name, None)
import gendesk.plugins.worldmodel
assert not {{"torch", "PySide6", "pygame", "Box2D"}} & set(sys.modules), sys.modules.keys()
import gymnasium
for name in ({SAME!r}, {SMALL!r}):
    environment = gymnasium.make(name)
    environment.reset(seed=1)
    environment.step(environment.action_space.sample())
    environment.close()
import pygame
assert not pygame.display.get_init()
assert not {{"torch", "PySide6"}} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
