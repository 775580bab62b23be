"""Which part of the music is in view, and how large."""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

PITCHES = 128
MOST_BEAT_WIDTH = 960.0  # pixels
ROW_HEIGHTS = (3.0, 40.0)  # pixels
ROOM = 32.0
"""Beats behind the last note that can be scrolled to, for more music."""

Numbers = TypeVar("Numbers", float, NDArray[np.float64])


@dataclass(frozen=True)
class RollView:
    """Turns beats and pitches into logical pixels of the notes' area.

    `left` is the beat at its left edge, `top` counts the rows above its upper edge, where pitch 127 has row 0.
    """

    left: float = 0.0
    top: float = 40.0
    beat_width: float = 48.0
    row_height: float = 14.0

    def x(self, beat: Numbers) -> Numbers:
        return (beat - self.left) * self.beat_width

    def beat(self, x: float) -> float:
        return self.left + x / self.beat_width

    def y(self, pitch: Numbers) -> Numbers:
        """Return the upper edge of a pitch's row."""
        return (PITCHES - 1 - pitch - self.top) * self.row_height

    def pitch(self, y: float) -> int:
        """Return the pitch at a height, 0 to 127."""
        return min(PITCHES - 1, max(0, PITCHES - 1 - int(self.top + y / self.row_height)))


class Viewport(QObject):
    """The view of all parts of a roll; it stays within the music.

    `changed` tells of every other view, `times_changed` and `rows_changed` of what is other in one direction.
    """

    changed = Signal()
    times_changed = Signal()
    rows_changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.view = RollView()
        self.width, self.height = 640, 400
        self.end = ROOM  # the last beat that can be scrolled to

    @property
    def last(self) -> float:
        """The beat at the right edge."""
        return self.view.beat(self.width)

    def set_size(self, width: int, height: int) -> None:
        """Take the size of the notes' area in logical pixels."""
        self.width, self.height = max(1, width), max(1, height)
        self._show(self.view)

    def set_end(self, end: float) -> None:
        """Take the beat at which the music ends."""
        self.end = end + ROOM
        self._show(self.view)

    def scroll(self, *, left: float | None = None, top: float | None = None) -> None:
        """Show another beat at the left edge, or another row at the upper one."""
        view = self.view
        self._show(replace(view, left=view.left if left is None else left, top=view.top if top is None else top))

    def pan(self, across: float, down: float) -> None:
        """Move by pixels."""
        view = self.view
        self.scroll(left=view.left + across / view.beat_width, top=view.top + down / view.row_height)

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Stretch the time around a place in pixels, the middle if it is None."""
        place = self.width / 2 if x is None else x
        width = min(MOST_BEAT_WIDTH, max(self.width / self.end, self.view.beat_width * factor))
        self._show(replace(self.view, beat_width=width, left=self.view.beat(place) - place / width))

    def zoom_rows(self, factor: float, y: float | None = None) -> None:
        """Make the rows higher around a height in pixels, the middle if it is None."""
        place = self.height / 2 if y is None else y
        height = min(ROW_HEIGHTS[1], max(ROW_HEIGHTS[0], self.view.row_height * factor))
        top = self.view.top + place / self.view.row_height - place / height
        self._show(replace(self.view, row_height=height, top=top))

    def fit(self, first: float, last: float, low: int, high: int) -> None:
        """Show the beats from `first` to `last` and the pitches from `low` to `high`, with some room around them."""
        width = min(MOST_BEAT_WIDTH, (self.width - 8) / max(last - first, 1.0))
        rows = high - low + 5
        height = min(24.0, max(ROW_HEIGHTS[0], self.height / rows))
        top = PITCHES - 1 - (high + low) / 2 + 0.5 - self.height / height / 2
        self._show(RollView(first, top, width, height))

    def reveal(self, first: float, last: float, low: int, high: int) -> None:
        """Scroll as little as needed to show a region, its beginning if it is too large."""
        view = self.view
        beats, rows = self.width / view.beat_width, self.height / view.row_height
        left = min(max(view.left, last + 0.05 * beats - beats), max(0.0, first))
        top = min(max(view.top, PITCHES + 1 - low - rows), PITCHES - 2.0 - high)
        if (first < view.left or last > self.last) and left != view.left:
            self.scroll(left=left)
        if high > PITCHES - 1 - view.top - 1 or low < PITCHES - view.top - rows:
            self.scroll(top=top)

    def _show(self, view: RollView) -> None:
        """Show a view, or the nearest one that lies within the music and all pitches."""
        beat_width = max(view.beat_width, self.width / self.end)
        row_height = max(view.row_height, self.height / PITCHES)
        left = min(max(0.0, view.left), self.end - self.width / beat_width)
        top = min(max(0.0, view.top), PITCHES - self.height / row_height)
        shown = RollView(left, top, beat_width, row_height)
        before, self.view = self.view, shown
        if (left, beat_width) != (before.left, before.beat_width):
            self.times_changed.emit()
        if (top, row_height) != (before.top, before.row_height):
            self.rows_changed.emit()
        if shown != before:
            self.changed.emit()
