"""gymnasium's own CarRacing and the numbers it is made of; everything of it and of its physics is imported here."""

import warnings

with warnings.catch_warnings():
    # Python warns that Box2D's types belong to no module; where warnings are errors, that would crash the process.
    warnings.simplefilter("ignore", DeprecationWarning)
    import Box2D  # noqa: F401

from gymnasium.envs.box2d.car_dynamics import SIZE, WHEEL_R, WHEEL_W, WHEEL_WHITE
from gymnasium.envs.box2d.car_racing import (
    GRASS_DIM,
    PLAYFIELD,
    SCALE,
    STATE_H,
    STATE_W,
    WINDOW_H,
    WINDOW_W,
    ZOOM,
)
from gymnasium.envs.box2d.car_racing import CarRacing as StockCarRacing

__all__ = [
    "GRASS_DIM",
    "PLAYFIELD",
    "SCALE",
    "SIZE",
    "STATE_H",
    "STATE_W",
    "WHEEL_R",
    "WHEEL_W",
    "WHEEL_WHITE",
    "WINDOW_H",
    "WINDOW_W",
    "ZOOM",
    "StockCarRacing",
]
