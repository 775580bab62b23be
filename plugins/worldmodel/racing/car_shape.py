"""The moving parts: four wheels, each with a white mark that turns, and the hull, as polygons in metres."""

import math
from typing import Any, NamedTuple

import numpy as np
import pygame
from numpy.typing import NDArray

from .stock import SIZE, WHEEL_R, WHEEL_W, WHEEL_WHITE

MARK = 1.2
"""The angle of a wheel that its white mark takes, in radians."""

_HALF = WHEEL_W * SIZE
_HIDDEN = [(0.0, 0.0)] * 4


class _Part(NamedTuple):
    """A polygon: which of the corners are its own, its colour 0..255, and whose mark it is, the number of a wheel."""

    corners: slice
    color: list[int]
    mark_of: int | None = None


class CarShape:
    """The polygons of one of stock's cars, from the bottom to the top."""

    def __init__(self, car: Any) -> None:
        self._wheels = car.wheels
        self._bodies = [*car.wheels, car.hull]
        self._parts: list[_Part] = []
        self._shown = [False] * len(self._wheels)
        corners: list[Any] = []
        owners: list[int] = []
        marks: list[int] = []
        for owner, body in enumerate(self._bodies):
            outlines = [(fixture.shape.vertices, [int(part * 255) for part in body.color]) for fixture in body.fixtures]
            parts = [_Part(_next(corners, outline), color) for outline, color in outlines]
            if owner < len(self._wheels):
                parts.append(_Part(_next(corners, _HIDDEN), list(WHEEL_WHITE), owner))
                marks += range(len(corners) - len(_HIDDEN), len(corners))
            self._parts += parts
            owners += [owner] * (len(corners) - len(owners))
        self._x, self._y = np.array(corners, np.float32).T.copy()
        self._owners = np.array(owners)
        self._marks = np.array(marks)
        self._x[self._marks] = [-_HALF, _HALF, _HALF, -_HALF] * len(self._wheels)

    def place(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return x and y of all corners in metres, where the car is now."""
        self._turn_marks()
        turns = [body.GetWorldVector((1, 0)) for body in self._bodies]
        places = [body.position for body in self._bodies]
        frames = [(turn.x, turn.y, place.x, place.y) for turn, place in zip(turns, places, strict=True)]
        cosine, sine, x, y = np.array(frames, np.float32).T[:, self._owners]
        # float32 and this order of operations are Box2D's.
        return (cosine * self._x - sine * self._y) + x, (sine * self._x + cosine * self._y) + y

    def draw(self, surface: pygame.Surface, points: list[list[int]]) -> None:
        """Draw the polygons; `points` are the corners of `place` as pixels."""
        for corners, color, mark_of in self._parts:
            if mark_of is None or self._shown[mark_of]:
                pygame.draw.polygon(surface, color, points[corners])

    def _turn_marks(self) -> None:
        ends: list[float] = []
        for number, wheel in enumerate(self._wheels):
            mark = _mark(wheel.phase)
            self._shown[number] = mark is not None
            front, back = mark or (0.0, 0.0)
            ends += (front, front, back, back)
        self._y[self._marks] = ends


def _next(corners: list[Any], outline: list[Any]) -> slice:
    """Append an outline to the corners, and return where it is."""
    corners += outline
    return slice(len(corners) - len(outline), len(corners))


def _mark(phase: float) -> tuple[float, float] | None:
    """Return where the mark of a wheel that has turned by `phase` radians starts and ends, in metres; None if below."""
    starts, ends = math.sin(phase), math.sin(phase + MARK)
    if starts > 0 and ends > 0:
        return None
    first, last = math.cos(phase), math.cos(phase + MARK)
    first = math.copysign(1, first) if starts > 0 else first
    last = math.copysign(1, last) if ends > 0 else last
    return WHEEL_R * first * SIZE, WHEEL_R * last * SIZE
