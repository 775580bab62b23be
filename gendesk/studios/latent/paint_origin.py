"""What painting began with: part of the state that undo goes back to."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gendesk.data.dataset import UInt8Array
from gendesk.engine.latent.decoding import Points
from gendesk.engine.latent.painting_detail import with_detail


@dataclass(frozen=True)
class Origin:
    """A point, and the opened picture's pixels (height * width * channels), if one was opened.

    `painted` is where the last stroke has brought the point; it is elsewhere when another page has moved it since.
    `strokes`, a byte for each pixel, says where there has been a brush.
    """

    code: tuple[float, ...]
    mix: tuple[float, ...]
    photo: bytes | None = None
    painted: tuple[float, ...] = ()
    strokes: bytes = b""

    @property
    def points(self) -> Points:
        """The point, ready to be decoded."""
        mix = np.array(self.mix, np.float32) if self.mix else None
        return Points(np.array([self.code], np.float32), mix)

    def picture(self, shape: tuple[int, int, int]) -> UInt8Array | None:
        """Return the opened picture, uint8 of (height, width, channels)."""
        return None if self.photo is None else np.frombuffer(self.photo, np.uint8).reshape(shape)

    def after(self, code: tuple[float, ...], stroke: NDArray[np.float32], *, restored: bool) -> "Origin":
        """Return the origin when a stroke (height, width) has brought the point to a code, or has restored it."""
        new = np.rint(stroke * 255).astype(np.uint8)
        old = self._strokes(stroke.shape)
        strokes = np.minimum(old, 255 - new) if restored else np.maximum(old, new)
        return replace(self, painted=code, strokes=strokes.tobytes())

    def detailed(self, picture: UInt8Array, base: UInt8Array, softness: float) -> UInt8Array:
        """Return what is decoded now with the opened picture's detail; `base` is what the origin is decoded to."""
        photo = self.picture((picture.shape[0], picture.shape[1], picture.shape[2]))
        if photo is None:
            return picture
        painted = self._strokes(picture.shape[:2]).astype(np.float32) / np.float32(255)
        return with_detail(picture, base, photo, painted, softness)

    def _strokes(self, shape: tuple[int, ...]) -> UInt8Array:
        """Return the strokes, uint8 (height, width)."""
        if not self.strokes:
            return np.zeros(shape, np.uint8)
        return np.frombuffer(self.strokes, np.uint8).reshape(shape)
