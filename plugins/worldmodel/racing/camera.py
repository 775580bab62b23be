"""Where stock CarRacing's camera stands: above the car, turning with it, coming down in the first second."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pygame.math import Vector2

from .stock import SCALE, WINDOW_H, WINDOW_W, ZOOM

FINAL_ZOOM = ZOOM * SCALE
"""Pixels of stock's canvas to a metre, from the end of the first second on."""


class Camera(NamedTuple):
    """Turns metres of the world into pixels of stock's canvas of 1000 x 800, counted from its lower left corner."""

    cosine: float
    sine: float
    zoom: float
    across: float
    up: float

    @property
    def turn(self) -> complex:
        """What a place in metres, as a complex number, is multiplied by before `shift` is added to it."""
        return complex(self.cosine * self.zoom, self.sine * self.zoom)

    @property
    def shift(self) -> complex:
        """Where the origin of the world is, in pixels, as a complex number."""
        return complex(self.across, self.up)

    def project(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the pixels across and up of places in metres, float64 in arrays of the same shape.

        The arithmetic is stock's, in its order, because a bit more or less may move a corner to the next pixel.
        """
        across = (self.cosine * x - self.sine * y) * self.zoom + self.across
        up = (self.sine * x + self.cosine * y) * self.zoom + self.up
        return across, up


def camera_at(x: float, y: float, angle: float, zoom: float) -> Camera:
    """Return the camera for a car at x, y (metres) whose hull is turned by `angle` radians."""
    # pygame treats multiples of 90 degrees apart, so it is asked for the cosine and the sine.
    cosine, sine = Vector2(1, 0).rotate_rad(-angle)
    across, up = Vector2(-x * zoom, -y * zoom).rotate_rad(-angle)
    return Camera(cosine, sine, zoom, WINDOW_W / 2 + across, WINDOW_H / 4 + up)


def zoom_at(seconds: float) -> float:
    """Return stock's zoom so many seconds after the start, in pixels to a metre."""
    return 0.1 * SCALE * max(1 - seconds, 0) + ZOOM * SCALE * min(seconds, 1)
