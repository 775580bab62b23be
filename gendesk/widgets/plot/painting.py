"""How a plot looks: grid and numbers of its axes, thin and wide lines, dots, marks of events.

Everything is drawn from arrays of pixels with as few calls as possible: a plot is painted ten times a second.
"""

from collections.abc import Iterator
from typing import cast

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gendesk.widgets.plot.projection import Float64Array, Projection
from gendesk.widgets.plot.ticks import Ticks
from gendesk.widgets.theme import Colors

_WIDTH = 1.75  # pixels
_DASH, _SPACE = 6.0, 4.0  # pixels
_VEIL = 0.2
_FLAG = 4.0  # pixels: half the width of the triangle of a warning
UP, DOWN = "\N{UPWARDS ARROW}", "\N{DOWNWARDS ARROW}"
_FAR = 1e5  # pixels; beyond it the painter's integers overflow


def paint_axes(painter: QPainter, projection: Projection, across: Ticks, up: Ticks, colors: Colors) -> None:
    """Draw the grid and the two axes with their numbers, in the painter's font."""
    box, height = projection.box, painter.fontMetrics().height()
    xs = {kind: projection.across(np.array([place for place, _ in ticks])) for kind, ticks in _kinds(across)}
    ys = {kind: projection.down(np.array([place for place, _ in ticks])) for kind, ticks in _kinds(up)}
    for kind, color in (("minor", _mixed(colors.grid, colors.surface, 0.5)), ("major", QColor(colors.grid))):
        painter.setPen(color)
        painter.drawLines([QLineF(x, box.top(), x, box.bottom()) for x in xs[kind].tolist()])
        painter.drawLines([QLineF(box.left(), y, box.right(), y) for y in ys[kind].tolist()])
    painter.setPen(QColor(colors.border))
    painter.drawLines([QLineF(box.topLeft(), box.bottomLeft()), QLineF(box.bottomLeft(), box.bottomRight())])
    painter.setPen(QColor(colors.muted))
    for x, (_, text) in zip(xs["major"].tolist(), across.major, strict=True):
        painter.drawText(QRectF(x - 60, box.bottom() + 4, 120, height), Qt.AlignmentFlag.AlignHCenter, text)
    for y, (_, text) in zip(ys["major"].tolist(), up.major, strict=True):
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(box.left() - 126, y - height / 2, 120, height), flags, text)


def _kinds(ticks: Ticks) -> tuple[tuple[str, list[tuple[float, str]]], ...]:
    return ("minor", ticks.minor), ("major", ticks.major)


def paint_thin(painter: QPainter, x: Float64Array, y: Float64Array, color: QColor) -> None:
    """Draw a line one pixel wide through pixels x (n,) and y (n,), with a gap at each NaN."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(color, 0))
    _draw_lines(painter, [_pieces(run) for run in _runs(x, y)])


def paint_wide(painter: QPainter, x: Float64Array, y: Float64Array, color: QColor, *, dashed: bool) -> None:
    """Draw a smooth line 1.75 pixels wide through pixels x (n,) and y (n,), with a gap at each NaN."""
    runs = list(_runs(x, y))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, _WIDTH))
    _draw_lines(painter, [_dashes(run) if dashed else _pieces(run) for run in runs])
    paint_dots(painter, [QPointF(*run[0].tolist()) for run in runs if len(run) == 1], color, _WIDTH)


def _draw_lines(painter: QPainter, pieces: list[Float64Array]) -> None:
    """Draw lines (n, 4) from x, y to x, y; piece by piece a wide line takes a tenth of the time of one path."""
    lines = np.ascontiguousarray(np.concatenate([*pieces, np.empty((0, 4))]))
    if len(lines):
        # A QLineF is four doubles: the painter reads the array itself, so that no objects need to be made.
        first = cast(QLineF, shiboken6.wrapInstance(lines.ctypes.data, QLineF))
        painter.drawLines(first, len(lines))


def paint_dots(painter: QPainter, places: list[QPointF], color: QColor, radius: float) -> None:
    """Draw filled circles at pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for place in places:
        painter.drawEllipse(place, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_band(painter: QPainter, x: Float64Array, tops: Float64Array, bottoms: Float64Array, color: QColor) -> None:
    """Fill what lies between pixels tops (n,) and bottoms (n,) above pixels x (n,), with a gap at each NaN.

    A place between two gaps becomes a bar as wide as the line of a curve.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(veil(color))
    for upper, lower in _paired_runs(x, tops, bottoms):
        if len(upper) == 1:
            (left, top), bottom = upper[0].tolist(), float(lower[0, 1])
            painter.drawRect(QRectF(left - _WIDTH, top, 2 * _WIDTH, bottom - top))
        else:
            outline = np.concatenate([upper, lower[::-1]]).tolist()
            painter.drawPolygon(QPolygonF([QPointF(*place) for place in outline]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paired_runs(
    x: Float64Array, tops: Float64Array, bottoms: Float64Array
) -> Iterator[tuple[Float64Array, Float64Array]]:
    """Return the parts (m, 2) of two lines between the gaps of either."""
    known = np.isfinite(tops) & np.isfinite(bottoms)
    upper = _runs(x, np.where(known, tops, np.nan))
    return zip(upper, _runs(x, np.where(known, bottoms, np.nan)), strict=True)


def paint_marks(painter: QPainter, box: QRectF, xs: NDArray[np.floating], kind: str, colors: Colors) -> None:
    """Draw vertical lines at pixels xs (n,); the pattern tells the kinds apart without colour."""
    looks = {
        "checkpoint": (colors.muted, Qt.PenStyle.DotLine),
        "pause": (colors.muted, Qt.PenStyle.DashLine),
        "resume": (colors.good, Qt.PenStyle.DashLine),
        "warning": (colors.warning, Qt.PenStyle.SolidLine),
    }
    color, style = looks[kind]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(color), 0, style))
    inside = np.unique(np.round(xs[(xs >= box.left()) & (xs <= box.right())]))
    painter.drawLines([QLineF(x, box.top(), x, box.bottom()) for x in inside.tolist()])
    if kind == "warning":
        _paint_flags(painter, box, inside, color)


def _paint_flags(painter: QPainter, box: QRectF, xs: NDArray[np.floating], color: str) -> None:
    """Draw a small triangle at the upper end of each line, so that it is found among the lines of a grid."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    for x in xs.tolist():
        corners = [QPointF(x - _FLAG, box.top()), QPointF(x + _FLAG, box.top()), QPointF(x, box.top() + 1.5 * _FLAG)]
        painter.drawPolygon(QPolygonF(corners))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_level(painter: QPainter, projection: Projection, value: float, text: str, colors: Colors) -> None:
    """Draw a dashed horizontal line at a value in view coordinates, with its name at the right, above it.

    Of a level that lies above or below what is in view, the name stands with an arrow at that end.
    """
    box, y = projection.box, float(projection.down(np.array([value]))[0])
    height = painter.fontMetrics().height()
    flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    if not box.top() <= y <= box.bottom():
        over = y < box.top()
        painter.setPen(QColor(colors.muted))
        place = QRectF(box.left(), box.top() + 2 if over else box.bottom() - height - 2, box.width() - 4, height)
        painter.drawText(place, flags, f"{text} {UP if over else DOWN}")
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(colors.muted), 0, Qt.PenStyle.DashLine))
    painter.drawLine(QLineF(box.left(), y, box.right(), y))
    above = y - height - 2 if y - height - 2 > box.top() else y + 2
    painter.drawText(QRectF(box.left(), above, box.width() - 4, height), flags, text)


def veil(color: QColor) -> QColor:
    """Return the colour of a curve's band, through which grid, levels and other bands are seen."""
    shade = QColor(color)
    shade.setAlphaF(_VEIL)
    return shade


def faint(color: str, ground: str) -> QColor:
    """Return the colour of a raw line behind its average; opaque, which Qt draws four times as fast."""
    return _mixed(color, ground, 0.4)


def _mixed(color: str, ground: str, share: float) -> QColor:
    front, back = QColor(color), QColor(ground)
    pairs = ((front.red(), back.red()), (front.green(), back.green()), (front.blue(), back.blue()))
    return QColor(*(round(share * one + (1 - share) * other) for one, other in pairs))


def _runs(x: Float64Array, y: Float64Array) -> Iterator[Float64Array]:
    """Return the parts (m, 2) between the gaps."""
    points = np.stack([x, y], axis=1)
    finite = np.isfinite(points).all(axis=1)
    np.clip(points, -_FAR, _FAR, out=points)
    if finite.all():
        yield from [points] if len(points) else []
        return
    borders = np.flatnonzero(np.diff(finite, prepend=False, append=False))
    for start, stop in borders.reshape(-1, 2).tolist():
        yield points[start:stop]


def _pieces(run: Float64Array) -> Float64Array:
    """Return the lines (m - 1, 4) between the points of a run (m, 2)."""
    return np.hstack([run[:-1], run[1:]])


def _dashes(run: Float64Array) -> Float64Array:
    """Cut a line (m, 2) into pieces (k, 4) of equal length along it."""
    lengths = np.append(0, np.cumsum(np.hypot(*np.diff(run, axis=0).T)))
    starts = np.arange(0, lengths[-1], _DASH + _SPACE)
    ends = np.minimum(starts + _DASH, lengths[-1])
    places = [np.interp(at, lengths, run[:, axis]) for at in (starts, ends) for axis in (0, 1)]
    return np.stack(places, axis=1)
