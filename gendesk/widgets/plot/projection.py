"""Where view coordinates lie in pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from gendesk.widgets.plot.view import Span

Float64Array = NDArray[np.float64]


@dataclass(frozen=True)
class Projection:
    """Shows the ranges `x` and `y` in the rectangle `box`, in logical pixels."""

    x: Span
    y: Span
    box: QRectF

    def across(self, x: NDArray[np.floating]) -> Float64Array:
        """Return pixels from the left (n,) for places on the x axis (n,)."""
        return self.box.left() + (np.asarray(x, np.float64) - self.x[0]) * (self.box.width() / (self.x[1] - self.x[0]))

    def down(self, y: NDArray[np.floating]) -> Float64Array:
        """Return pixels from the top (n,) for places on the y axis (n,)."""
        height = self.box.height() / (self.y[1] - self.y[0])
        return self.box.bottom() - (np.asarray(y, np.float64) - self.y[0]) * height

    def to_view(self, place: QPointF) -> QPointF:
        """Return the view coordinates of a pixel."""
        right = (place.x() - self.box.left()) / self.box.width()
        up = (self.box.bottom() - place.y()) / self.box.height()
        return QPointF(self.x[0] + right * (self.x[1] - self.x[0]), self.y[0] + up * (self.y[1] - self.y[0]))
