"""Frames of a race kept for a film, up to a bound."""

import numpy as np
from numpy.typing import NDArray

from ...driving import FRAMES_PER_SECOND

LONGEST = 60
"""Seconds of race time that a film has at most: some 50 MB of three pictures side by side."""
_EVERY = 2
"""Of the frames of a race: 25 a second look smooth, and are what browsers play at their true speed."""
_GAP, _GREY = 2, 128


class Film:
    """Collects pictures while it is recording; whoever shares it between threads holds a lock around it."""

    def __init__(self) -> None:
        self.recording = False
        self.per_second = FRAMES_PER_SECOND / _EVERY
        self._frames: list[NDArray[np.uint8]] = []
        self._last = 0

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self._frames) / self.per_second

    def begin(self) -> None:
        """Throw away what there is, and record."""
        self._frames, self._last, self.recording = [], -_EVERY, True

    def wants(self, frame: int) -> bool:
        """Return whether a frame of the race, counted from its start, belongs into the film."""
        return self.recording and (frame < self._last or frame - self._last >= _EVERY)

    def add(self, frame: int, lasted: int, pictures: list[NDArray[np.uint8]]) -> None:
        """Append pictures uint8 (height, width, 3) of one height, side by side; at the bound recording ends."""
        side_by_side = joined(pictures)
        if self._frames and side_by_side.shape != self._frames[0].shape:
            self.recording = False  # another mode has begun, and a film has one size
            return
        self.per_second = FRAMES_PER_SECOND / max(_EVERY, lasted)
        self._frames.append(side_by_side)
        self._last = frame
        if self.seconds >= LONGEST:
            self.recording = False

    def frames(self) -> NDArray[np.uint8] | None:
        """Return all frames uint8 (count, height, width, 3), None where there are none."""
        return np.stack(self._frames) if self._frames else None


def joined(pictures: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Put pictures uint8 (height, width, 3) of one height side by side."""
    gap = np.full((pictures[0].shape[0], _GAP, 3), _GREY, np.uint8)
    parts = [part for picture in pictures for part in (gap, picture)]
    return np.concatenate(parts[1:], axis=1)
