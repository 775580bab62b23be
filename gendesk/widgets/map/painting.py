"""How a map looks: ground, land, shading, points, marks and rectangles. Painters count in logical pixels."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from gendesk.widgets.map.geometry import FloatArray, Projection
from gendesk.widgets.theme import current_colors

LEFT, TOP, RIGHT, BOTTOM = 40, 8, 24, 24  # margins for the degrees
STRONGEST = 0.5  # opacity of the shading where the density is highest


@dataclass(frozen=True)
class MarkStyle:
    """How the samples of one label look: `color` is the name of a colour of the theme."""

    title: str
    color: Literal["good", "warning", "bad", "accent"]
    shape: Literal["disc", "diamond", "cross"]


def plot_rect(size: tuple[float, float], width: int, height: int) -> QRectF:
    """Return where a map of `size` fits into a widget, as large as it can be, at the top and in the middle."""
    room_x, room_y = max(16, width - LEFT - RIGHT), max(8, height - TOP - BOTTOM)
    scale = min(room_x / size[0], room_y / size[1])
    wide, high = size[0] * scale, size[1] * scale
    return QRectF(LEFT + (room_x - wide) / 2, TOP + (room_y - high) / 2, wide, high)


def paint_ground(painter: QPainter, projection: Projection) -> None:
    """Fill the sea."""
    painter.fillRect(projection.plot, QColor(current_colors().surface))


def paint_mask(painter: QPainter, projection: Projection, mask: NDArray[np.bool_]) -> None:
    """Draw the land, bool (rows, columns) with the north at the top, in a calm tone."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(projection.plot, _tinted(mask.astype(np.float32), QColor(current_colors().border)))


def paint_shading(painter: QPainter, projection: Projection, density: NDArray[np.float32], *, smooth: bool) -> None:
    """Draw a density (rows, columns), the north at the top: opacity is its square root beside the highest."""
    share = np.sqrt(density / max(float(density.max()), 1e-30))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(projection.plot, _tinted(share * STRONGEST, QColor(current_colors().accent)))


def _tinted(opacity: NDArray[np.float32], color: QColor) -> QImage:
    """Return a picture of one colour whose opacity (rows, columns) is in 0..1."""
    alpha = np.clip(opacity, 0, 1)[..., None] * 255
    pixels = np.empty((*opacity.shape, 4), np.uint8)
    pixels[..., :3] = np.rint(alpha / 255 * (color.red(), color.green(), color.blue()))
    pixels[..., 3:] = np.rint(alpha)
    rows, columns = opacity.shape
    image = QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGBA8888_Premultiplied)
    return image.copy()  # the array goes, the picture stays


def paint_degrees(painter: QPainter, projection: Projection) -> None:
    """Draw lines every 30 degrees from the middle of the map, and write degrees at some of them."""
    colors, plot = current_colors(), projection.plot
    half = np.array(projection.size) / 2
    step = 30 if plot.width() > 700 else 60
    flags = Qt.AlignmentFlag
    for axis in (0, 1):
        for value in range(-int(half[axis] // 30) * 30, int(half[axis]) + 1, 30):
            place = projection.to_pixels((half + np.eye(2)[axis] * value)[None])[0]
            painter.setPen(QColor(colors.border if value == 0 else colors.grid))
            ends = (plot.top(), plot.bottom()) if axis == 0 else (plot.left(), plot.right())
            line = [QPointF(place[0], end) if axis == 0 else QPointF(end, place[1]) for end in ends]
            painter.drawLine(*line)
            if value % step:
                continue
            painter.setPen(QColor(colors.muted))
            text = f"{abs(value)}°" + _direction(value, axis)
            if axis == 0:
                painter.drawText(QRectF(place[0] - 30, plot.bottom() + 4, 60, 16), flags.AlignHCenter, text)
            else:
                side = flags.AlignRight | flags.AlignVCenter
                painter.drawText(QRectF(plot.left() - 44, place[1] - 10, 40, 20), side, text)
    painter.setPen(QColor(colors.border))
    painter.drawRect(plot)


def _direction(value: float, axis: int) -> str:
    return "" if value == 0 else ("WE", "SN")[axis][value > 0]


def paint_points(painter: QPainter, projection: Projection, points: FloatArray) -> None:
    """Draw points (n, 2) as dots; a pen with a round tip draws thousands in a few milliseconds."""
    width = min(5.0, max(2.5, projection.plot.width() / 200)) if len(points) <= 1000 else 2.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(current_colors().text), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPoints(QPolygonF([QPointF(x, y) for x, y in projection.to_pixels(points).tolist()]))


def paint_box(painter: QPainter, projection: Projection, box: FloatArray, *, grips: bool, held: bool) -> None:
    """Draw a rectangle; one that can be dragged is filled and has grips on corners and edges."""
    colors = current_colors()
    rect = projection.box_rect(box)
    edge = QColor(colors.curves[1])
    if grips:
        fill = QColor(colors.accent)
        fill.setAlphaF(0.22)
        painter.fillRect(rect, fill)
    painter.setPen(QPen(edge, 2.0 if grips else 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect)
    if not grips:
        return
    painter.setPen(QPen(edge, 1.5))
    painter.setBrush(edge if held else QColor(colors.surface))
    middle = rect.center()
    for x in (rect.left(), middle.x(), rect.right()):
        for y in (rect.top(), middle.y(), rect.bottom()):
            if QPointF(x, y) != middle:
                painter.drawRect(QRectF(x - 3.5, y - 3.5, 7, 7))


def paint_mark(painter: QPainter, at: QPointF, style: MarkStyle, radius: float = 4.5) -> None:
    """Draw a sample in its colour and shape, with a thin edge of the ground, so that marks keep apart."""
    ground, color = QColor(current_colors().surface), QColor(getattr(current_colors(), style.color))
    if style.shape == "cross":
        for shade, width in ((ground, 4.5), (color, 2.5)):
            painter.setPen(QPen(shade, width, c=Qt.PenCapStyle.RoundCap))
            for up in (-0.8 * radius, 0.8 * radius):
                painter.drawLine(at + QPointF(-0.8 * radius, up), at + QPointF(0.8 * radius, -up))
        return
    painter.setPen(QPen(ground, 1.0))
    painter.setBrush(color)
    if style.shape == "disc":
        painter.drawEllipse(at, radius, radius)
    else:
        long = 1.25 * radius
        corners = ((0, -long), (long, 0), (0, long), (-long, 0))
        painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))


def paint_guess(painter: QPainter, at: QPointF, style: MarkStyle | None) -> None:
    """Draw a place that a person has chosen: its mark, with a ring around."""
    if style is not None:
        paint_mark(painter, at, style)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((current_colors().surface, 4.0), (current_colors().text, 2.0)):
        painter.setPen(QPen(QColor(color), width))
        painter.drawEllipse(at, 9, 9)
