"""Drivers for car racing, the same races in stock's environment and ours, and what the two differ in."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gendesk.plugins.worldmodel.racing.stock  # noqa: F401 (stock, imported first by gymnasium, is no place for warnings)
import gymnasium
import numpy as np
import pygame
from numpy.typing import NDArray

STOCK = "CarRacing-v3"
SAME = "gendesk.plugins.worldmodel:gendesk/CarRacing-v0"
SMALL = "gendesk.plugins.worldmodel:gendesk/CarRacing64-v0"

Driver = Callable[[Any], NDArray[np.float32]]
"""Looks at an environment and says steering -1..1, gas 0..1 and brake 0..1."""


def random_driver(seed: int) -> Driver:
    random = np.random.default_rng(seed)
    return lambda environment: random.uniform([-1, 0, 0], [1, 1, 1]).astype(np.float32)


def follow_track(environment: Any, ahead: int = 5, top_speed: float = 30.0) -> NDArray[np.float32]:
    """Steer towards the tile that is so many tiles ahead; speed in metres per second."""
    car, track = environment.unwrapped.car, np.array(environment.unwrapped.track)[:, 2:4]
    nearest = int(np.hypot(*(track - np.array(tuple(car.hull.position))).T).argmin())
    across, along = track[(nearest + ahead) % len(track)] - np.array(tuple(car.hull.position))
    turn = (math.atan2(-across, along) - car.hull.angle + math.pi) % (2 * math.pi) - math.pi
    gas = 0.6 if math.hypot(*car.hull.linearVelocity) < top_speed else 0.0
    return np.array([np.clip(-2 * turn, -1, 1), gas, 0], np.float32)


def full_gas(environment: Any) -> NDArray[np.float32]:
    return np.array([0, 1, 0], np.float32)


@dataclass
class Pair:
    """Stock's environment and another one, which get the same seeds and actions."""

    stock: Any
    other: Any

    def reset(self, **options: Any) -> tuple[Any, Any]:
        return self.stock.reset(**options)[0], self.other.reset(**options)[0]

    def start_zoomed_in(self, seed: int) -> None:
        """Begin a race a second late by the clock of the camera, which has come down then."""
        self.reset(seed=seed)
        self.stock.unwrapped.t = self.other.unwrapped.t = 1.0

    def drive(self, driver: Driver, steps: int) -> Iterator[tuple[Any, Any]]:
        """Give what a step returns in each of the two; a new race begins where one ends."""
        for _ in range(steps):
            action = driver(self.stock)
            of_stock, of_other = self.stock.step(action), self.other.step(action)
            yield of_stock, of_other
            if of_stock[2] or of_stock[3]:
                self.reset()

    def close(self) -> None:
        self.stock.close()
        self.other.close()


def make_pair(name: str, own: dict[str, Any] | None = None, **options: Any) -> Pair:
    """Make stock's environment and another one; only the latter gets its `own` options."""
    return Pair(gymnasium.make(STOCK, **options), gymnasium.make(name, **options, **(own or {})))


def shrunk_stock(environment: Any, crop: bool = False) -> NDArray[np.uint8]:
    """Return the large picture that stock has drawn last, shrunk to 64 x 64; `crop` leaves the indicators out."""
    large = environment.unwrapped.surf
    shown = large.subsurface((0, 0, 1000, 700)) if crop else large
    return np.ascontiguousarray(
        pygame.surfarray.array3d(pygame.transform.smoothscale(shown, (64, 64))).transpose(1, 0, 2)
    )


def difference(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
    """Return the mean absolute difference of two pictures, 0..255."""
    return float(np.abs(first.astype(np.int64) - second).mean())


def move_car(environment: Any, x: float, y: float) -> None:
    """Put the car elsewhere, as it is, in metres."""
    car = environment.unwrapped.car
    from_x, from_y = car.hull.position
    for body in (car.hull, *car.wheels):
        body.position = (body.position[0] + x - from_x, body.position[1] + y - from_y)
