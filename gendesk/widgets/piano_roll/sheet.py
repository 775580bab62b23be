"""Pictures of several scores on one sheet, and how large a picture of a score should be."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter

from gendesk.music.score import Score
from gendesk.widgets.piano_roll.picture import roll_picture
from gendesk.widgets.theme import LIGHT

_BEAT_WIDTH = 40  # pixels
_WIDTHS = (1280, 12_000)
_HEIGHT, _LOW = 720, 360
_GAP = 16
_TALLEST = 30_000
"""Pixels: the most that programs still open without complaint."""


def picture_size(score: Score, *, several: bool = False) -> QSize:
    """Return the size in pixels at which the notes of a score can be told apart; `several` share a sheet."""
    width = min(_WIDTHS[1], max(_WIDTHS[0], round(score.end * _BEAT_WIDTH)))
    return QSize(width, _LOW if several else _HEIGHT)


def roll_sheet(scores: Sequence[Score]) -> QImage:
    """Return scores one below the other, as many as there is room for, in light colours as for paper."""
    shown = scores[: _TALLEST // (_LOW + _GAP)]
    sizes = [picture_size(score, several=len(shown) > 1) for score in shown]
    height = sum(size.height() for size in sizes) + _GAP * (len(sizes) - 1)
    sheet = QImage(max(size.width() for size in sizes), height, QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.white)
    painter = QPainter(sheet)
    top = 0
    for score, size in zip(shown, sizes, strict=True):
        painter.drawImage(0, top, roll_picture(score, size, colors=LIGHT))
        top += size.height() + _GAP
    painter.end()
    return sheet
