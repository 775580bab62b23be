"""How notes look: colours of tracks, velocities and numbers, in both themes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from gendesk.music.score import Note
from gendesk.widgets.charts.colormap import rgb, sequential
from gendesk.widgets.piano_roll.index import NoteIndex
from gendesk.widgets.piano_roll.names import Scale
from gendesk.widgets.theme import Colors

_SHADES = 8  # of velocity; more cannot be told apart
_PALEST = 24  # of 256 colours: the number 0 still stands out from the ground
_GHOST = 0.3


@dataclass(frozen=True)
class Look:
    """What is shown of the notes: the scale behind them, other tracks, and a number in [0, 1] for each note.

    With `full` all tracks are shown alike, as in a score that is not edited.
    """

    scale: Scale | None = None
    ghosts: bool = True
    full: bool = False
    values: Mapping[Note, float] = field(default_factory=dict)
    title: str = ""

    @property
    def by_value(self) -> bool:
        return bool(self.title)


def track_color(colors: Colors, track: int) -> str:
    """Return the colour of a track, "#RRGGBB"; the first 8 stay apart for colour-blind eyes."""
    return colors.curves[track % len(colors.curves)]


def value_colors(colors: Colors, values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return colours (n, 3) of numbers (n,) in [0, 1]; grey where there is none, that is NaN."""
    steps = np.nan_to_num(values.clip(0, 1), nan=0.0) * (255 - _PALEST) + _PALEST
    chosen = sequential(colors)[steps.astype(np.int64)]
    chosen[np.isnan(values)] = rgb(colors.border)
    return np.asarray(chosen)


def note_colors(
    index: NoteIndex, chosen: NDArray[np.int64], track: int, look: Look, colors: Colors
) -> NDArray[np.uint32]:
    """Return the colours of some notes of a track as 0xFFRRGGBB (n,): by their numbers, else louder is stronger."""
    if look.by_value:
        return packed(value_colors(colors, index.numbers(look.values)[chosen]))
    loud = np.rint(index.velocity[chosen] / 127 * (_SHADES - 1)) / (_SHADES - 1)
    return packed(_mixed(colors.surface, track_color(colors, track), 0.4 + 0.6 * loud))


def ghost_color(track: int, colors: Colors) -> int:
    """Return the colour of the notes of a track that is not edited, as 0xFFRRGGBB."""
    return int(packed(_mixed(colors.surface, track_color(colors, track), np.array([_GHOST])))[0])


def packed(shades: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return colours (n, 3) as 0xFFRRGGBB (n,)."""
    red, green, blue = (shades[:, channel].astype(np.uint32) for channel in range(3))
    return np.asarray((np.uint32(0xFF) << 24) | (red << 16) | (green << 8) | blue)


def between(first: str, second: str) -> QColor:
    """Return the colour in the middle of two; opaque, which is painted several times as fast as half transparent."""
    return QColor(*_mixed(first, second, np.array([0.5]))[0].tolist())


def _mixed(ground: str, color: str, shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    below, above = np.array(rgb(ground)), np.array(rgb(color))
    return np.asarray(np.rint(below + (above - below) * shares[:, None]), np.uint8)
