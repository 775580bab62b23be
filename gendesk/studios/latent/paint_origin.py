"""What painting began with: part of the state that undo goes back to."""

from dataclasses import dataclass

import numpy as np

from gendesk.data.dataset import UInt8Array
from gendesk.engine.latent.decoding import Points


@dataclass(frozen=True)
class Origin:
    """A point, and the opened picture's pixels (height * width * channels), if one was opened.

    `painted` is where the last stroke has brought the point; it is elsewhere when another page has moved it since.
    """

    code: tuple[float, ...]
    mix: tuple[float, ...]
    photo: bytes | None = None
    painted: tuple[float, ...] = ()

    @property
    def points(self) -> Points:
        """The point, ready to be decoded."""
        mix = np.array(self.mix, np.float32) if self.mix else None
        return Points(np.array([self.code], np.float32), mix)

    def picture(self, shape: tuple[int, int, int]) -> UInt8Array | None:
        """Return the opened picture, uint8 of (height, width, channels)."""
        return None if self.photo is None else np.frombuffer(self.photo, np.uint8).reshape(shape)
