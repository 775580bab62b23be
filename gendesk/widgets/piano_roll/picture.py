"""A picture of a whole score, for files."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QImage, QPainter

from gendesk.music.score import Note, Score
from gendesk.widgets.piano_roll.grid import Bars
from gendesk.widgets.piano_roll.index import NoteIndex
from gendesk.widgets.piano_roll.keyboard import KEYS, paint_keys
from gendesk.widgets.piano_roll.look import Look
from gendesk.widgets.piano_roll.names import Scale, pitch_name
from gendesk.widgets.piano_roll.painting import Layer, paint_ground, paint_layers, paint_names
from gendesk.widgets.piano_roll.ruler import HEIGHT, paint_ruler
from gendesk.widgets.piano_roll.view import RollView
from gendesk.widgets.theme import Colors, current_colors

_ROWS = 3  # above and below the notes


def roll_picture(
    score: Score,
    size: QSize,
    *,
    scale: Scale | None = None,
    values: Mapping[Note, float] | None = None,
    colors: Colors | None = None,
) -> QImage:
    """Paint all tracks of a score with keyboard and ruler into a picture of a size in pixels, at least 160 by 96.

    `values` colour the notes by numbers in [0, 1]; `colors` are those of the theme unless others are given. It needs
    an application of Qt's, for its fonts, but no window. Raises ValueError if the size is too small.
    """
    if size.width() < 160 or size.height() < 96:
        raise ValueError("A picture of a score has at least 160 by 96 pixels.")
    shown = colors or current_colors()
    look = Look(scale=scale, full=True, values=values or {}, title="" if values is None else "values")
    area = (float(size.width() - KEYS), float(size.height() - HEIGHT))
    view = _whole(score, area)
    image = QImage(size, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    font = QFont()
    font.setPixelSize(12)
    painter.setFont(font)
    bars = Bars(score, view.beat(area[0]))
    painter.translate(KEYS, 0)
    painter.setClipRect(QRectF(0, 0, area[0], HEIGHT))
    paint_ruler(painter, view, QRectF(0, 0, area[0], HEIGHT), bars, score, (0.0, 0.0), shown)
    painter.translate(0, HEIGHT)
    painter.setClipRect(QRectF(0, 0, *area))
    paint_ground(painter, view, area, bars, look, 0.0, shown)
    for number, track in enumerate(score.tracks):
        layer = Layer(NoteIndex(track.notes), number)
        painted = paint_layers(painter, view, area, [layer], look, shown)
        paint_names(painter, view, layer.index, painted, look, drums=track.is_drums)
    painter.resetTransform()
    painter.setClipping(False)
    painter.fillRect(QRectF(0, 0, KEYS, HEIGHT), shown.window)
    painter.translate(0, HEIGHT)
    painter.setClipRect(QRectF(0, 0, KEYS, area[1]))
    names = {pitch: pitch_name(pitch, flats=scale is not None and scale.flats) for pitch in range(128)}
    paint_keys(painter, view, QRectF(0, 0, KEYS, area[1]), names, shown, drums=False)
    painter.end()
    return image


def _whole(score: Score, area: tuple[float, float]) -> RollView:
    """Return the view that has all notes in it."""
    pitches = [note.pitch for track in score.tracks for note in track.notes] or [60]
    low, high = max(0, min(pitches) - _ROWS), min(127, max(pitches) + _ROWS)
    height = area[1] / (high - low + 1)
    return RollView(0.0, 127.0 - high, area[0] / max(score.end, 4.0), height)
