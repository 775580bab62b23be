"""How a latent plane looks: axes, dots, the prior, a manifold of pictures behind them, the point and its picture.

Unless said otherwise painters count in logical pixels, and `ratio` is the number of screen pixels in one.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from gendesk.widgets.latent.geometry import FloatArray, Projection, ticks
from gendesk.widgets.painting import draw_picture, fitted
from gendesk.widgets.theme import current_colors

_MANY_DOTS = 2000  # more are drawn smaller
_MARK = 9  # radius; logical pixels, like the next
_LARGE_DOT = 5.0  # radius, logical pixels
_HOVERED = 72


def paint_manifold(painter: QPainter, projection: Projection, image: QImage, area: QRectF, ratio: float) -> None:
    """Draw a picture over a rectangle of the plane."""
    corners = np.array([[area.left(), area.bottom()], [area.right(), area.top()]])  # top left, bottom right
    (left, top), (right, bottom) = projection.to_pixels(corners)
    painter.setClipRect(projection.plot)
    smooth = bool((right - left) * ratio < 2 * image.width())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(QRectF(left, top, right - left, bottom - top), image)
    painter.setClipping(False)


def paint_axes(painter: QPainter, projection: Projection, *, zeros: bool, grid: bool) -> None:
    """Draw a frame with ticks; `grid` draws a line at each of them, `zeros` those through the origin in any case."""
    colors, plot, window = current_colors(), projection.plot, projection.window
    horizontal, vertical = ticks(window.left, window.span), ticks(window.bottom, window.span)
    xs = projection.to_pixels(np.array([[value, window.bottom] for value in horizontal]))[:, 0]
    ys = projection.to_pixels(np.array([[window.left, value] for value in vertical]))[:, 1]
    digits = max(0, -math.floor(math.log10(horizontal[1] - horizontal[0]) + 1e-9))
    for values, places, upright in ((horizontal, xs, True), (vertical, ys, False)):
        for value, place in zip(values, places, strict=True):
            zero = zeros and abs(value) < 1e-9 * window.span
            if grid or zero:
                painter.setPen(QColor(colors.border if zero else colors.grid))
                start, end = (plot.top(), plot.bottom()) if upright else (plot.left(), plot.right())
                ends = [QPointF(place, end_) if upright else QPointF(end_, place) for end_ in (start, end)]
                painter.drawLine(*ends)
            text = f"{value + 0.0:.{digits}f}".replace("-", "\N{MINUS SIGN}")
            painter.setPen(QColor(colors.muted))
            if upright:
                painter.drawText(QRectF(place - 30, plot.bottom() + 4, 60, 16), Qt.AlignmentFlag.AlignHCenter, text)
            else:
                flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(QRectF(plot.left() - 46, place - 10, 40, 20), flags, text)
    painter.setPen(QColor(colors.border))
    painter.drawRect(plot)


def paint_prior(painter: QPainter, projection: Projection, middle: FloatArray) -> None:
    """Draw circles around one and two standard deviations of the prior, whose middle (2,) lies there."""
    painter.save()
    painter.setClipRect(projection.plot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(current_colors().muted), 1, Qt.PenStyle.DashLine))
    center = QPointF(*projection.to_pixels(middle[None])[0])
    for sigmas in (1, 2):
        radius = sigmas * projection.plot.width() / projection.window.span
        painter.drawEllipse(center, radius, radius)
    painter.restore()


def paint_dots(
    painter: QPainter, projection: Projection, places: FloatArray, labels: NDArray[np.int64], ratio: float
) -> None:
    """Draw places of the plane (n, 2) in the colours of their labels (n,); `painter` counts in screen pixels."""
    colors, plot = current_colors(), projection.plot
    corner = QPoint(round(plot.left() * ratio), round(plot.top() * ratio))
    inside = projection.to_pixels(places) * ratio - (corner.x(), corner.y())
    shades = np.array([QColor(color).rgba() for color in (*colors.categories, colors.muted)], np.uint32)
    chosen = shades[np.where(labels < 0, len(colors.categories), labels % len(colors.categories))]
    # Both lengths look round at one pixel per logical pixel: discs of five, and blocks of three.
    radius = (min(2.5, max(1.75, plot.width() / 200)) if len(places) <= _MANY_DOTS else 1.2) * ratio
    ring = QColor(colors.surface).rgba()
    painter.drawImage(corner, _dots_image(inside, chosen, round(plot.width() * ratio), radius, ring))


def paint_large_dots(painter: QPainter, projection: Projection, places: FloatArray, labels: NDArray[np.int64]) -> None:
    """Draw places of the plane (n, 2) as large discs in the colours of their labels (n,), each in a ring."""
    colors = current_colors()
    painter.save()
    painter.setClipRect(projection.plot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colors.text), 1.5))
    for (x, y), label in zip(projection.to_pixels(places).tolist(), labels.tolist(), strict=True):
        painter.setBrush(QColor(colors.categories[label % len(colors.categories)]))
        painter.drawEllipse(QPointF(x, y), _LARGE_DOT, _LARGE_DOT)
    painter.restore()


def paint_point(painter: QPainter, projection: Projection, at: QPointF, *, focused: bool) -> None:
    """Draw a ring at a pixel, with a dot in it for a plane that has the keyboard."""
    colors = current_colors()
    painter.save()
    painter.setClipRect(projection.plot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for color, width in ((colors.surface, 4.0), (colors.accent, 2.0)):
        painter.setPen(QPen(QColor(color), width))
        painter.drawEllipse(at, 7, 7)
    if focused:
        painter.setBrush(QColor(colors.accent))
        painter.drawEllipse(at, 2, 2)
    painter.restore()


def paint_marks(painter: QPainter, projection: Projection, places: FloatArray, names: Sequence[str]) -> None:
    """Draw places of the plane (n, 2) as discs with a short name in each."""
    colors = current_colors()
    painter.save()
    painter.setClipRect(projection.plot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for (x, y), name in zip(projection.to_pixels(places), names, strict=True):
        disc = QRectF(x - _MARK, y - _MARK, 2 * _MARK, 2 * _MARK)
        painter.setPen(QPen(QColor(colors.surface), 1.5))
        painter.setBrush(QColor(colors.text))
        painter.drawEllipse(disc)
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, name)
    painter.restore()


def paint_hovered(
    painter: QPainter, projection: Projection, at: QPointF, image: QImage, label: int, ratio: float
) -> None:
    """Draw what a dot at a pixel stands for, framed in the colour of its label; `painter` counts in screen pixels."""
    colors = current_colors()
    frame = QColor(colors.categories[label % len(colors.categories)] if label >= 0 else colors.muted)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colors.text), 1.5 * ratio))
    painter.drawEllipse(at * ratio, 4 * ratio, 4 * ratio)
    painter.restore()
    paint_picture(painter, projection, at, image, _HOVERED, ratio, frame)


def paint_picture(
    painter: QPainter,
    projection: Projection,
    at: QPointF,
    image: QImage,
    side: float,
    ratio: float,
    frame: QColor | None = None,
) -> None:
    """Draw a picture, up to `side` large, below and to the right of a pixel, unless that would leave the plot.

    `painter` counts in screen pixels; without a `frame` of its own the picture has one in the accent's colour.
    """
    plot = projection.plot
    size = fitted(image.size(), QSize(1, 1) * round(side * ratio))
    width, height = size.width() / ratio, size.height() / ratio
    left = at.x() + 16 if at.x() + 20 + width < plot.right() else at.x() - 16 - width
    top = at.y() + 16 if at.y() + 20 + height < plot.bottom() else at.y() - 16 - height
    target = QRect(QPoint(round(left * ratio), round(top * ratio)), size)
    edge = round(2 * ratio)
    painter.fillRect(target.adjusted(-edge, -edge, edge, edge), frame or QColor(current_colors().accent))
    draw_picture(painter, target, image)


def _dots_image(places: FloatArray, colors: NDArray[np.uint32], side: int, radius: float, ring: int) -> QImage:
    """Return a transparent square of `side` pixels with a dot at each place (n, 2); later dots lie on top.

    `ring` is the colour of a thin edge around groups of dots. Thousands of dots drawn one by one would hold up the
    window; written into an array they do not.
    """
    reach = math.ceil(radius) + 1
    inside = np.all((places > -reach) & (places < side + reach), axis=1)
    stride = side + 4 * reach
    x, y = (np.floor(places[inside]).astype(np.int64) + 2 * reach).T
    canvas = np.zeros((stride, stride), np.uint32)
    pixels, base, shades = canvas.reshape(-1), y * stride + x, colors[inside]
    for down in range(-reach, reach + 1):
        for across in range(-reach, reach + 1):
            if math.hypot(down, across) <= radius + 0.5:
                pixels[base + (down * stride + across)] = shades
    filled = canvas != 0
    edge = np.zeros_like(filled)
    edge[1:-1] = filled[:-2] | filled[2:]
    edge[:, 1:-1] |= filled[:, :-2] | filled[:, 2:]
    canvas[edge & ~filled] = ring
    view = QImage(canvas.data, stride, stride, stride * 4, QImage.Format.Format_ARGB32_Premultiplied)
    return view.copy(2 * reach, 2 * reach, side, side)
