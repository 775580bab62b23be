"""How landscapes, populations and distributions look. Painters count in logical pixels."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from gendesk.widgets.charts.colormap import LEVELS, sequential
from gendesk.widgets.pictures.picture import to_qimage
from gendesk.widgets.theme import Colors, current_colors

from ...playground import Generation, Landscape, Values, bands, ellipse

Phase = Literal["sample", "choose", "move", "sample again"]
PHASES: tuple[Phase, ...] = ("sample", "choose", "move", "sample again")

_DEEPEST = 0.5  # of the way to the strongest colour: marks have to stay readable on it
_LINE = 0.18  # how much stronger the lines between the bands are
_SIGMAS = (1.0, 2.0)


@dataclass(frozen=True)
class Projection:
    """Where places of a landscape lie in a square of a widget."""

    landscape: Landscape
    plot: QRectF

    def to_pixels(self, places: ArrayLike) -> Values:
        """Turn places (n, 2) into pixels (n, 2)."""
        share = (np.asarray(places, np.float64) - self.landscape.low) / self.landscape.width
        return np.asarray([self.plot.left(), self.plot.bottom()] + share * [self.plot.width(), -self.plot.height()])

    def to_place(self, position: QPointF) -> Values:
        """Turn a position in the widget into a place (2,), which may lie outside."""
        share = np.array(
            [
                (position.x() - self.plot.left()) / self.plot.width(),
                (self.plot.bottom() - position.y()) / self.plot.height(),
            ]
        )
        return np.asarray(self.landscape.low + share * self.landscape.width)


def landscape_picture(landscape: Landscape, side: int) -> QImage:
    """Return a square picture of a landscape, the deeper the stronger, with lines between bands of height."""
    levels = bands(landscape, side, side)
    highest = int(levels.max())
    share = (highest - levels) / max(highest, 1) * _DEEPEST
    edge = np.zeros(levels.shape, bool)
    edge[1:] |= levels[1:] != levels[:-1]
    edge[:, 1:] |= levels[:, 1:] != levels[:, :-1]
    places = np.rint((share + _LINE * edge) * (LEVELS - 1)).astype(np.int64)
    picture: NDArray[np.uint8] = sequential(current_colors())[places]
    return to_qimage(picture)


def chosen_color(colors: Colors) -> QColor:
    return QColor(colors.curves[1])


def paint_generation(painter: QPainter, projection: Projection, generation: Generation, phase: Phase) -> None:
    """Paint one generation as far as a phase has come."""
    colors = current_colors()
    moved = phase == "move"
    paint_distribution(painter, projection, generation.mean, generation.covariance, QColor(colors.text), dashed=moved)
    _paint_points(painter, projection, generation, faded=phase in ("choose", "move"))
    if phase in ("choose", "move"):
        _paint_chosen(painter, projection, generation)
    if moved:
        color = chosen_color(colors)
        paint_distribution(painter, projection, generation.next_mean, generation.next_covariance, color)
        _paint_arrow(painter, projection, generation.mean, generation.next_mean)


def paint_distribution(
    painter: QPainter, projection: Projection, mean: Values, covariance: Values, color: QColor, *, dashed: bool = False
) -> None:
    """Paint the ellipses of one and two standard deviations, and a cross at the mean."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for sigmas, width in zip(_SIGMAS, (2.0, 1.2), strict=True):
        pen = QPen(color, width)
        if dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawPolygon(_polygon(projection.to_pixels(ellipse(mean, covariance, sigmas))))
    x, y = projection.to_pixels(mean[None])[0].tolist()
    for ground, width in ((QColor(current_colors().surface), 4.5), (color, 2.0)):
        painter.setPen(QPen(ground, width))
        painter.drawLine(QPointF(x - 5, y), QPointF(x + 5, y))
        painter.drawLine(QPointF(x, y - 5), QPointF(x, y + 5))


def paint_trail(painter: QPainter, projection: Projection, trail: Values) -> None:
    """Paint the way of the means (n, 2)."""
    if len(trail) < 2:
        return
    colors = current_colors()
    line = _polygon(projection.to_pixels(trail))
    for color, width in ((colors.surface, 3.5), (colors.text, 1.5)):
        painter.setPen(QPen(QColor(color), width))
        painter.drawPolyline(line)
    pen = QPen(QColor(colors.text), 5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPoints(line)


def paint_lowest(painter: QPainter, projection: Projection) -> None:
    """Mark the lowest places with small rings."""
    colors = current_colors()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for x, y in projection.to_pixels(projection.landscape.lowest).tolist():
        for color, width in ((colors.surface, 4.0), (colors.good, 2.0)):
            painter.setPen(QPen(QColor(color), width))
            painter.drawEllipse(QPointF(x, y), 5, 5)


def _paint_points(painter: QPainter, projection: Projection, generation: Generation, *, faded: bool) -> None:
    colors = current_colors()
    ground, rim = QColor(colors.surface), QColor(colors.text)
    if faded:
        ground.setAlphaF(0.35)
        rim.setAlphaF(0.45)
    painter.setPen(QPen(rim, 1.2))
    painter.setBrush(ground)
    for x, y in projection.to_pixels(generation.points).tolist():
        painter.drawEllipse(QPointF(x, y), 3, 3)


def _paint_chosen(painter: QPainter, projection: Projection, generation: Generation) -> None:
    painter.setPen(QPen(QColor(current_colors().surface), 1))
    painter.setBrush(chosen_color(current_colors()))
    for x, y in projection.to_pixels(generation.points[generation.chosen]).tolist():
        painter.drawEllipse(QPointF(x, y), 4.5, 4.5)


def _paint_arrow(painter: QPainter, projection: Projection, start: Values, end: Values) -> None:
    """Paint the step of the mean, if it is long enough to be seen."""
    tail, tip = projection.to_pixels(np.stack([start, end]))
    way = tip - tail
    length = float(np.hypot(*way))
    if length < 14:
        return
    along = way / length
    across = np.array([-along[1], along[0]])
    painter.setPen(QPen(QColor(current_colors().text), 2))
    painter.drawLine(QPointF(*tail.tolist()), QPointF(*(tip - 7 * along).tolist()))
    painter.setBrush(QColor(current_colors().text))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon(_polygon(np.stack([tip, tip - 9 * along + 4 * across, tip - 9 * along - 4 * across])))


def _polygon(pixels: Values) -> QPolygonF:
    # Far outside Qt's clipping of thick lines takes long, and nobody sees where they end.
    return QPolygonF([QPointF(x, y) for x, y in np.clip(pixels, -20_000, 20_000).tolist()])
