"""What stands still: the squares of grass, the tiles of the road and the kerbs, as arrays."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .camera import Camera
from .stock import GRASS_DIM, PLAYFIELD, WINDOW_H, WINDOW_W

FIELD = np.array([(PLAYFIELD, PLAYFIELD), (PLAYFIELD, -PLAYFIELD), (-PLAYFIELD, -PLAYFIELD), (-PLAYFIELD, PLAYFIELD)])
"""The corners of the playfield, float64 (4, 2), in metres."""

_SQUARES = np.arange(-20, 20, 2) * GRASS_DIM
_CORNERS = np.array([(GRASS_DIM, 0), (0, 0), (0, GRASS_DIM), (GRASS_DIM, GRASS_DIM)])
GRASS = np.stack(np.meshgrid(_SQUARES, _SQUARES, indexing="ij"), -1).reshape(-1, 1, 2) + _CORNERS
"""The lighter squares, float64 (400, 4, 2), in metres and in the order in which stock draws them."""

_FARTHEST = float(np.hypot(WINDOW_W / 2, WINDOW_H * 3 / 4)) + 3
"""Pixels from the car to the corner of the canvas that is farthest from it, and a few more."""


def only_field(camera: Camera, x: float, y: float) -> bool:
    """Return whether the camera over a car at x, y (metres) sees nothing beyond the playfield."""
    return max(abs(x), abs(y)) + _FARTHEST / camera.zoom < PLAYFIELD


class View(NamedTuple):
    """A rectangle of stock's canvas, in pixels from its lower left corner."""

    left: float
    right: float
    bottom: float
    top: float


class Scenery:
    """The squares and what lies on them, from the bottom to the top.

    `colors` (parts, 3) holds their colours as float64 in 0..255. The contact listener of stock gives a tile the road's
    colour when a wheel touches it; because the tiles' own colours are made rows of this array, it changes along.
    """

    def __init__(self, grass_color: NDArray[Any], road_poly: list[tuple[Any, Any]], tiles: list[Any]) -> None:
        """`road_poly` and `tiles` are an environment's own, whose colours are replaced by rows of `colors`."""
        road = np.array([corners for corners, _ in road_poly], np.float64)
        polygons = np.concatenate([GRASS, road])
        self._x, self._y = (np.ascontiguousarray(polygons[..., axis]) for axis in range(2))
        middles = polygons.mean(1)
        self._middles = middles[:, 0] + 1j * middles[:, 1]
        self._radius = np.hypot(*(polygons - middles[:, None]).transpose(2, 0, 1)).max(1)
        grass = np.tile(np.asarray(grass_color, np.float64), (len(GRASS), 1))
        self.colors = np.concatenate([grass, [color for _, color in road_poly]])
        rows = {id(color): row for row, (_, color) in enumerate(road_poly)}
        for tile in tiles:
            row = rows[id(tile.color)]
            tile.color = self.colors[len(GRASS) + row]
            road_poly[row] = (road_poly[row][0], tile.color)

    def seen(self, camera: Camera, view: View) -> tuple[NDArray[Any], NDArray[np.float64], NDArray[np.float64]]:
        """Return the rows of the parts that may touch a view, and x and y of their corners in metres (parts x 4)."""
        middle = (view.left + view.right) / 2 + 1j * (view.bottom + view.top) / 2
        places = self._middles * camera.turn
        places += camera.shift - middle
        reach = self._radius * camera.zoom
        near = np.abs(places.real) - reach <= (view.right - view.left) / 2
        near &= np.abs(places.imag) - reach <= (view.top - view.bottom) / 2
        rows = near.nonzero()[0]
        return rows, self._x[rows].ravel(), self._y[rows].ravel()
