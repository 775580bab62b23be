"""What the two fast environments have in common: stock's physics and rewards, and a drawing of their own."""

import sys
from abc import abstractmethod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .camera import Camera
from .car_shape import CarShape
from .scenery import Scenery, View
from .stock import StockCarRacing


def as_pixel(color: list[int]) -> int:
    """Return a colour of three numbers 0..255 as it lies in the memory of an RGBX surface, read as uint32."""
    return int.from_bytes(bytes([*color, 0]), sys.byteorder)


class Scene(NamedTuple):
    """What there is to draw in an episode."""

    road_poly: list[Any]
    scenery: Scenery
    car: Any
    car_shape: CarShape

    def seen(self, camera: Camera, view: View) -> tuple[list[Any], NDArray[Any], NDArray[Any]]:
        """Return what to draw: the colours of the quadrilaterals on the ground, and the corners of them and the car.

        Colours are 0..255; the corners are their pixels across and up, four for each colour and then the car's.
        """
        rows, x, y = self.scenery.seen(camera, view)
        car_x, car_y = self.car_shape.place()
        across, up = camera.project(np.concatenate([x, car_x]), np.concatenate([y, car_y]))
        return self.scenery.colors[rows].astype(np.int64).tolist(), across, up


class FastCarRacing(StockCarRacing):
    """Stock CarRacing with another way to draw the observation; `render` gives stock's own pictures."""

    _known: Scene | None = None

    @abstractmethod
    def draw(self, scene: Scene) -> NDArray[Any]:
        """Return the observation, uint8 (height, width, 3)."""

    def stock_picture(self) -> NDArray[Any]:
        """Return stock's own observation."""
        picture: NDArray[Any] = super()._render("state_pixels")
        return picture

    def close(self) -> None:
        """End the race for good; Box2D would keep its tiles and what hangs on them for ever."""
        self._destroy()  # type: ignore[no-untyped-call]
        self._known = None
        super().close()  # type: ignore[no-untyped-call]

    def _render(self, mode: str) -> Any:
        if mode != "state_pixels" or self.car is None:
            return super()._render(mode)
        return self.draw(self._scene())

    def _scene(self) -> Scene:
        # Every track comes with a list and a car of its own.
        if self._known is None or self._known.road_poly is not self.road_poly:
            scenery = Scenery(self.grass_color, self.road_poly, self.road or [])
            self._known = Scene(self.road_poly, scenery, self.car, CarShape(self.car))
        return self._known
