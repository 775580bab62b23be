"""Where things lie on a map: degrees and pixels, and the parts of a rectangle that can be taken hold of.

A place is (x, y) in degrees from the lower left of the map; a box is (4,): west, south, east, north.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt

FloatArray = NDArray[np.float64]
_NEAR = 8.0  # logical pixels


class Grip(Enum):
    """What is held of a rectangle: the numbers of its edges in a box."""

    BODY = (0, 1, 2, 3)
    SOUTH_WEST = (0, 1)
    SOUTH_EAST = (2, 1)
    NORTH_EAST = (2, 3)
    NORTH_WEST = (0, 3)
    WEST = (0,)
    SOUTH = (1,)
    EAST = (2,)
    NORTH = (3,)

    @property
    def edges(self) -> tuple[int, ...]:
        edges: tuple[int, ...] = self.value
        return edges

    @property
    def cursor(self) -> Qt.CursorShape:
        """The shape of the mouse that shows where it can be moved."""
        shapes = Qt.CursorShape
        match self:
            case Grip.BODY:
                return shapes.SizeAllCursor
            case Grip.WEST | Grip.EAST:
                return shapes.SizeHorCursor
            case Grip.SOUTH | Grip.NORTH:
                return shapes.SizeVerCursor
            case Grip.SOUTH_WEST | Grip.NORTH_EAST:
                return shapes.SizeBDiagCursor
            case _:
                return shapes.SizeFDiagCursor


@dataclass(frozen=True)
class Projection:
    """A map of `size` (width, height) in degrees, drawn into `plot` in logical pixels."""

    size: tuple[float, float]
    plot: QRectF

    def to_pixels(self, places: FloatArray) -> FloatArray:
        """Turn places (n, 2) into pixels (n, 2)."""
        scale = np.array([self.plot.width() / self.size[0], -self.plot.height() / self.size[1]])
        pixels: FloatArray = places * scale + (self.plot.left(), self.plot.bottom())
        return pixels

    def from_pixels(self, position: QPointF) -> FloatArray:
        """Return the place (2,) under a pixel."""
        x = (position.x() - self.plot.left()) / self.plot.width() * self.size[0]
        y = (self.plot.bottom() - position.y()) / self.plot.height() * self.size[1]
        return np.array([x, y])

    def box_rect(self, box: FloatArray) -> QRectF:
        (left, bottom), (right, top) = self.to_pixels(box.reshape(2, 2)).tolist()
        return QRectF(QPointF(left, top), QPointF(right, bottom))

    def grip_at(self, position: QPointF, box: FloatArray) -> Grip | None:
        """Return what of a box lies under a pixel: a corner before an edge, an edge before the body."""
        rect = self.box_rect(box)
        near = _NEAR
        if not rect.adjusted(-near, -near, near, near).contains(position):
            return None
        distances = (
            abs(position.x() - rect.left()),
            abs(position.y() - rect.bottom()),
            abs(position.x() - rect.right()),
            abs(position.y() - rect.top()),
        )
        # Of a narrow rectangle both sides are near: the nearer one counts.
        across = min((0, 2), key=distances.__getitem__)
        upright = min((1, 3), key=distances.__getitem__)
        held = tuple(edge for edge in (across, upright) if distances[edge] <= near)
        return next((grip for grip in Grip if grip.edges == held), Grip.BODY)


def dragged(box: FloatArray, grip: Grip, by: FloatArray, size: tuple[float, float], smallest: float) -> FloatArray:
    """Return a box after moving what is held by (2,) degrees: on the map, and no side shorter than `smallest`."""
    result = box.copy()
    limits = np.tile(size, 2)
    if grip is Grip.BODY:
        low, high = -box[:2], np.array(size) - box[2:]
        return box + np.tile(np.clip(by, np.minimum(low, 0), np.maximum(high, 0)), 2)
    for edge in grip.edges:
        axis = edge % 2
        moved = np.clip(box[edge] + by[axis], 0, limits[edge])
        other = box[(edge + 2) % 4]
        result[edge] = min(moved, other - smallest) if edge < 2 else max(moved, other + smallest)
    return result
