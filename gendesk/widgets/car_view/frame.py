"""What a car view shows at one moment, in plain values."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gendesk.widgets.pictures.picture import UInt8Array

TRACE = 200
"""Decisions of which the trace tells at most."""


@dataclass(frozen=True)
class Picture:
    """A picture uint8 (height, width, 3) and what is written above it."""

    title: str
    pixels: UInt8Array


@dataclass(frozen=True)
class Frame:
    """One to three pictures side by side, and the instruments.

    `steering` is -1 (left) to 1 (right), `gas` and `brake` are 0 to 1. `speed` is in metres a second, `tiles` are those
    visited and all; each may be None. `score` is the sum of the rewards, `step` counts frames. `trace` float32 (n, 3)
    are the last actions, steering, gas and brake. `captions` are what V, M and C say, `note` is written over the
    pictures, as at the end of a race.
    """

    pictures: tuple[Picture, ...] = ()
    steering: float = 0.0
    gas: float = 0.0
    brake: float = 0.0
    speed: float | None = None
    tiles: tuple[int, int] | None = None
    score: float = 0.0
    step: int = 0
    trace: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 3), np.float32))
    captions: tuple[str, ...] = ()
    note: str = ""
