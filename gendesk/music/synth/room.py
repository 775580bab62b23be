"""A small room: eight echoes that feed each other through a Hadamard matrix.

J.-M. Jot and A. Chaigne, "Digital delay networks for designing artificial reverberators", AES preprint 3030 (1991).
"""

import numpy as np
from numpy.typing import NDArray

from gendesk.music.synth.timbres import RATE

LONGEST = 512
"""Frames that `Room.echo` takes at once: fewer than the shortest delay, so that a block needs no echo of its own."""

_DELAYS = (617, 757, 919, 1103, 1301, 1511, 1709, 1933)
"""Samples, prime numbers, so that no two echoes meet soon: paths of 5 to 15 metres."""

_REVERBERATION = 0.9
"""Seconds in which an echo falls by 60 dB, as in a living room's larger sisters."""

_DULL = 0.35
"""How much of each sample is taken from the one before, on each way round: walls swallow what is high."""


def _hadamard(size: int) -> NDArray[np.float32]:
    matrix = np.ones((1, 1))
    while len(matrix) < size:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return np.asarray(matrix / np.sqrt(size), np.float32)


class Room:
    """Keeps what has not faded yet."""

    def __init__(self) -> None:
        lines = len(_DELAYS)
        self._matrix = _hadamard(lines)
        delays = np.array(_DELAYS)
        self._gains = (10 ** (-3 * delays / (_REVERBERATION * RATE))).astype(np.float32)[:, None]
        self._length = 4096
        self._line = np.zeros((lines, self._length), np.float32)
        self._rows = np.arange(lines)[:, None]
        self._behind = delays[:, None]
        self._last = np.zeros((lines, 1), np.float32)
        self._at = 0
        signs = np.array([1, -1, 1, -1, 1, 1, -1, -1], np.float32)
        self._into = np.stack([np.arange(lines) % 2 == 0, np.arange(lines) % 2 == 1], 1).astype(np.float32) * 0.5
        self._out = (self._into.T * signs) * 0.9

    def echo(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the echoes that arrive during a sound (2, frames), which itself comes back later; LONGEST at most."""
        frames = np.arange(sound.shape[1])[None, :]
        heard = self._line[self._rows, (self._at + frames - self._behind) % self._length]
        before = np.concatenate([self._last, heard[:, :-1]], 1)
        self._last = heard[:, -1:].copy()
        dull = (1 - _DULL) * heard + _DULL * before
        fed = self._into @ sound + self._matrix @ (dull * self._gains)
        self._line[:, (self._at + frames[0]) % self._length] = fed
        self._at = (self._at + sound.shape[1]) % self._length
        return np.asarray(self._out @ heard)
