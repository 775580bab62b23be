"""Painting of the notes' area: rows of pitches, lines of bars and beats, notes.

Qt needs about 2 microseconds for a rectangle that Python hands it, so where many notes are in view, which are small
then, numpy fills their pixels instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from gendesk.music.score import Note
from gendesk.widgets.charts.colormap import readable_on
from gendesk.widgets.piano_roll.grid import Bars
from gendesk.widgets.piano_roll.index import NoteIndex
from gendesk.widgets.piano_roll.look import Look, between, ghost_color, note_colors
from gendesk.widgets.piano_roll.names import drum_name, is_black, pitch_name
from gendesk.widgets.piano_roll.view import RollView
from gendesk.widgets.theme import DARK, LIGHT, Colors

DENSE = 700  # notes in view from which on numpy paints them
_NARROWEST = 7.0  # pixels between lines
_SMALLEST = 2.0  # pixels: a note of no length can still be seen
Painted = tuple[NDArray[np.int64], NDArray[np.uint32]]
"""Numbers (n,) of notes that were painted, and their colours 0xFFRRGGBB (n,)."""
_NAMED = 11.0  # pixels of a row that has room for a name


def rows_in_view(view: RollView, height: float) -> tuple[int, int]:
    """Return the lowest and the highest pitch in view."""
    return view.pitch(height), view.pitch(0)


def paint_ground(
    painter: QPainter,
    view: RollView,
    size: tuple[float, float],
    bars: Bars,
    look: Look,
    step: float,
    colors: Colors,
    *,
    drums: bool = False,
) -> None:
    """Paint rows and lines on an area (width, height) in logical pixels."""
    width, height = size
    painter.fillRect(QRectF(0, 0, width, height), QColor(colors.surface))
    low, high = rows_in_view(view, height)
    rows = {pitch: QRectF(0, view.y(pitch), width, view.row_height) for pitch in range(low, high + 1)}
    shaded = QColor(colors.window)
    for pitch, row in rows.items():
        if pitch % 2 if drums else is_black(pitch) if look.scale is None else not look.scale.holds(pitch):
            painter.fillRect(row, shaded)
    painter.setPen(QPen(QColor(colors.grid), 1))
    octaves = [view.y(pitch) + view.row_height for pitch in range(low, high + 1) if pitch % 12 in (0, 5) and not drums]
    painter.drawLines([QLineF(0, y, width, y) for y in (np.round(octaves) + 0.5).tolist()])
    _paint_bars(painter, view, size, bars, step, colors)
    if look.scale is not None and not drums:
        tint = QColor(colors.accent)
        tint.setAlphaF(0.16)
        for pitch in range(low + (look.scale.root - low) % 12, high + 1, 12):
            painter.fillRect(rows[pitch], tint)


def _paint_bars(
    painter: QPainter, view: RollView, size: tuple[float, float], bars: Bars, step: float, colors: Colors
) -> None:
    first, last = view.left, view.beat(size[0])
    line, strong, faint = QColor(colors.grid), QColor(colors.border), between(colors.surface, colors.grid)
    if step * view.beat_width >= _NARROWEST:
        _draw_lines(painter, view, size[1], bars.lines(first, last, step), faint)
    if 0.5 * view.beat_width >= _NARROWEST:
        _draw_lines(painter, view, size[1], bars.lines(first, last, 0.0), line)
    _draw_lines(painter, view, size[1], bar_lines(view, size[0], bars), strong)


def bar_lines(view: RollView, width: float, bars: Bars, narrowest: float = _NARROWEST) -> NDArray[np.float64]:
    """Return the beats in view at which bars begin: all, or every 2nd, 4th, 8th ... where they stand too close."""
    low, high = bars.number(view.left), bars.number(view.beat(width))
    usual = float(np.median(np.diff(bars.starts))) if len(bars.starts) > 1 else 4.0
    every = 1
    while every * usual * view.beat_width < narrowest:
        every *= 2
    return bars.starts[low : high + 1][(-low) % every :: every]


def _draw_lines(painter: QPainter, view: RollView, height: float, places: NDArray[np.float64], color: QColor) -> None:
    painter.setPen(QPen(color, 1))
    painter.drawLines([QLineF(x, 0, x, height) for x in (np.round(view.x(places)) + 0.5).tolist()])


@dataclass(frozen=True)
class Layer:
    """The notes of a track to paint, but for `hidden` ones (n,); a `ghost` is faint where colours tell tracks."""

    index: NoteIndex
    track: int
    ghost: bool = False
    hidden: NDArray[np.bool_] | None = None


def paint_layers(
    painter: QPainter, view: RollView, size: tuple[float, float], layers: Sequence[Layer], look: Look, colors: Colors
) -> Painted:
    """Paint the notes in view, later layers over earlier ones; return numbers and colours of the last one's."""
    first, last = view.left, view.beat(size[0])
    low, high = rows_in_view(view, size[1])
    painted: list[Painted] = []
    boxes = []
    for layer in layers:
        index = layer.index
        chosen = index.within(first, last, low, high)
        if layer.hidden is not None:
            chosen = chosen[~layer.hidden[chosen]]
        if layer.ghost and not look.by_value:
            shades = np.full(len(chosen), ghost_color(layer.track, colors), np.uint32)
        else:
            shades = note_colors(index, chosen, layer.track, look, colors)
        painted.append((chosen, shades))
        boxes.append(note_boxes(view, index.start[chosen], index.length[chosen], index.pitch[chosen]))
    if sum(len(part) for part in boxes) > DENSE:
        _fill_pixels(painter, size, np.concatenate(boxes), np.concatenate([shades for _, shades in painted]))
    else:
        for layer, part, (_, shades) in zip(layers, boxes, painted, strict=True):
            if len(part):
                _fill_boxes(painter, part, shades, colors, ghost=layer.ghost)
    return painted[-1]


def note_boxes(
    view: RollView, start: NDArray[np.float64], length: NDArray[np.float64], pitch: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return where notes (n,) are drawn: x, y, width and height (n, 4)."""
    gap = 1.0 if view.row_height >= 5 else 0.0
    x = np.round(view.x(start))
    right = np.round(view.x(start + length))
    top = view.y(pitch.astype(np.float64))
    y, bottom = np.round(top), np.round(top + view.row_height)
    return np.stack([x, y, np.maximum(right - x, _SMALLEST), np.maximum(bottom - y - gap, 1.0)], axis=1)


def _fill_boxes(
    painter: QPainter, boxes: NDArray[np.float64], shades: NDArray[np.uint32], colors: Colors, *, ghost: bool
) -> None:
    edge = QColor(colors.surface if ghost else colors.text)
    edge.setAlphaF(0.45)
    painter.setPen(QPen(edge, 1) if float(boxes[0, 3]) >= 5 else Qt.PenStyle.NoPen)
    groups, member = np.unique(shades, return_inverse=True)
    boxes = boxes + np.array((0.5, 0.5, -1.0, -1.0))
    for number, shade in enumerate(groups.tolist()):
        painter.setBrush(QColor.fromRgb(shade))
        painter.drawRects([QRectF(*box) for box in boxes[member == number].tolist()])


def _fill_pixels(
    painter: QPainter, size: tuple[float, float], boxes: NDArray[np.float64], shades: NDArray[np.uint32]
) -> None:
    """Fill boxes in a picture of whole screen pixels, the later ones over the earlier ones, and draw it."""
    ratio = painter.deviceTransform().m11()
    width, height = round(size[0] * ratio), round(size[1] * ratio)
    x = np.rint(boxes[:, 0] * ratio).astype(np.int64)
    right = np.minimum(width, np.rint((boxes[:, 0] + boxes[:, 2]) * ratio).astype(np.int64))
    x = x.clip(0)
    tops, row = np.unique(boxes[:, 1], return_inverse=True)
    # A line of pixels for each row of notes is filled first, and then copied down.
    lines = np.zeros((len(tops), width), np.uint32)
    wide = np.maximum(right - x, 0)
    place = np.repeat(row * width + x - np.concatenate([[0], np.cumsum(wide)[:-1]]), wide) + np.arange(wide.sum())
    lines.reshape(-1)[place] = np.repeat(shades, wide)
    starts = wide > 3 * ratio  # notes of the same pitch that follow each other stay apart
    lines.reshape(-1)[(row * width + right - 1)[starts]] = 0
    picture = np.zeros((height, width), np.uint32)  # see-through
    deep = float(boxes[0, 3])
    for line, top in zip(lines, tops.tolist(), strict=True):
        picture[max(0, round(top * ratio)) : max(0, round((top + deep) * ratio))] = line
    image = QImage(picture.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    painter.drawImage(0, 0, image)


def paint_chosen(
    painter: QPainter,
    view: RollView,
    size: tuple[float, float],
    notes: Sequence[Note],
    fill: QColor | None,
    colors: Colors,
) -> None:
    """Paint notes that are selected or dragged: outlined, and filled if there is a colour; very many in plain ink."""
    if not notes:
        return
    index = NoteIndex(tuple(notes))
    boxes = note_boxes(view, index.start, index.length, index.pitch)
    if len(boxes) > DENSE:
        _fill_pixels(painter, size, boxes, np.full(len(boxes), QColor(colors.text).rgba(), np.uint32))
        return
    pen = QPen(QColor(colors.text), 2)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush if fill is None else fill)
    painter.drawRects([QRectF(*box) for box in (boxes + np.array((1.0, 1.0, -2.0, -2.0))).tolist()])


def paint_names(
    painter: QPainter, view: RollView, index: NoteIndex, painted: Painted, look: Look, *, drums: bool
) -> None:
    """Write the names of painted notes into those that have room for them."""
    chosen, shades = painted
    if view.row_height < _NAMED or len(chosen) > DENSE:
        return
    painter.save()
    font = painter.font()
    font.setPixelSize(round(min(11.0, view.row_height - 3)))
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    flats = look.scale is not None and look.scale.flats
    channels = np.stack([shades >> 16 & 255, shades >> 8 & 255, shades & 255], axis=1).astype(np.uint8)
    if not look.by_value and len(channels):
        # The shades of one track get the same ink, for calm.
        channels[:] = channels.mean(0)
    for number, light in zip(chosen.tolist(), readable_on(channels).tolist(), strict=True):
        pitch = int(index.pitch[number])
        text = (drum_name(pitch) if drums else "") or pitch_name(pitch, flats=flats)
        x = max(0.0, view.x(float(index.start[number])))
        room = view.x(float(index.end[number])) - x - 6
        if metrics.horizontalAdvance(text) <= room:
            painter.setPen(QColor(DARK.text if light else LIGHT.text))
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(x + 4, view.y(pitch), room + 2, view.row_height - 1), flags, text)
    painter.restore()
