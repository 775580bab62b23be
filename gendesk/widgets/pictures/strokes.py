"""Strokes of a pen: how they are painted, and how they become the pixels of a small picture."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from gendesk.widgets.pictures.picture import UInt8Array

_FINER = 4  # pixels of the painting for one of the picture, in each direction
_BOX_SHARE = 20 / 28  # of the side, for the box around the ink (LeCun et al. 1998, section III.A)
_LEAST_INK = 64  # of 255: thinner than a quarter of a pixel is no ink


@dataclass
class Stroke:
    """One movement of the pen: a colour, and width and points in units of the longer side of the ground."""

    color: str
    width: float
    points: list[QPointF] = field(default_factory=list)


def paint_strokes(painter: QPainter, strokes: Sequence[Stroke]) -> None:
    """Draw whole strokes as smooth curves; `painter` counts in units of the longer side."""
    for stroke in strokes:
        _draw(painter, stroke, stroke.points)


def paint_piece(painter: QPainter, stroke: Stroke) -> None:
    """Draw what the newest point adds to a stroke."""
    _draw(painter, stroke, stroke.points[-4:])


def _draw(painter: QPainter, stroke: Stroke, points: Sequence[QPointF]) -> None:
    round_pen = QPen(QColor(stroke.color), stroke.width)
    round_pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    round_pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(round_pen)
    if len(points) > 1:
        painter.drawPath(_curve(points))
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(stroke.color))
    painter.drawEllipse(points[0], stroke.width / 2, stroke.width / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _curve(points: Sequence[QPointF]) -> QPainterPath:
    """Bend a line so that it passes the middles between the points and has no corners."""
    path = QPainterPath(points[0])
    for point, following in pairwise(points[1:]):
        path.quadTo(point, (point + following) / 2)
    path.lineTo(points[-1])
    return path


def rasterized(strokes: Sequence[Stroke], height: int, width: int, ground: str, placing: QTransform) -> UInt8Array:
    """Return strokes on a ground as uint8 (height, width, 3), with the antialiasing of sixteen samples a pixel.

    `placing` moves them in units of the longer side, as `centring` does.
    """
    fine = _painted(strokes, height * _FINER, width * _FINER, ground, placing)
    blocks = fine.reshape(height, _FINER, width, _FINER, 3).mean(axis=(1, 3))
    return np.asarray(np.rint(blocks), dtype=np.uint8)


def _painted(strokes: Sequence[Stroke], height: int, width: int, ground: str, placing: QTransform) -> UInt8Array:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    painter = QPainter(image)
    side = max(height, width)
    painter.scale(side, side)
    painter.setTransform(placing, combine=True)
    paint_strokes(painter, strokes)
    painter.end()
    pixels: NDArray[np.uint8] = np.frombuffer(image.constBits(), np.uint8).reshape(height, width, 4)
    colors: NDArray[np.uint8] = np.ascontiguousarray(pixels[..., 2::-1])  # from blue, green, red, unused
    return colors


def centring(strokes: Sequence[Stroke], height: int, width: int, ground: str) -> QTransform:
    """Return how strokes are moved and scaled as the digits of MNIST were (LeCun et al. 1998, section III.A).

    The box around the ink is scaled to 20/28 of the shorter side, then its centre of mass is put in the middle. What
    is drawn in the colour of the ground rubs out, and is no ink. Without any ink nothing is moved.
    """
    ink_only = [Stroke("#000000" if one.color == ground else "#FFFFFF", one.width, one.points) for one in strokes]
    size = height * _FINER, width * _FINER
    box = _ink_box(_painted(ink_only, *size, "#000000", QTransform())[..., 0])
    if box is None:
        return QTransform()
    side = max(size)
    left, top, right, bottom = (edge / side for edge in box)
    scale = _BOX_SHARE * min(size) / side / max(right - left, bottom - top)
    middle = QPointF(size[1] / side / 2, size[0] / side / 2)
    placing = QTransform.fromTranslate(middle.x(), middle.y()).scale(scale, scale)
    placing.translate(-(left + right) / 2, -(top + bottom) / 2)
    ink = _painted(ink_only, *size, "#000000", placing)[..., 0].astype(np.float64)
    down, across = ((ink.sum(axis) @ (np.arange(ink.shape[1 - axis]) + 0.5)) / ink.sum() / side for axis in (1, 0))
    return placing * QTransform.fromTranslate(middle.x() - across, middle.y() - down)


def _ink_box(ink: UInt8Array) -> tuple[int, int, int, int] | None:
    """Return left, top, right and bottom of the ink (height, width) in pixels, or None if there is none."""
    rows, columns = np.flatnonzero((ink > _LEAST_INK).any(axis=1)), np.flatnonzero((ink > _LEAST_INK).any(axis=0))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
