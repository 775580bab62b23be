"""A picture's colours as numbers of a palette, so that each pixel is one of at most 256 values."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gendesk.data.dataset import UInt8Array

LEVELS = 256
_CHUNK = 256  # pictures at a time
_QUANTISED = 400  # pictures that a palette is made from where there are too many colours


def palette_of(images: UInt8Array) -> UInt8Array:
    """Return the colours of pictures (count, height, width, channels): (colours, channels), at most 256.

    Grey pictures have all 256 greys. Up to 256 different colours are kept as they are, in order; more are summed up
    by Pillow's median cut of some of the pictures.
    """
    if images.shape[3] == 1:
        return np.arange(LEVELS, dtype=np.uint8)[:, None]
    found = np.empty(0, np.uint32)
    for codes in _codes(images):
        found = np.union1d(found, codes)
        if len(found) > LEVELS:
            return _quantised(images)
    return _split(found)


def to_indices(images: UInt8Array, palette: UInt8Array) -> NDArray[np.uint8]:
    """Return the number of the nearest colour of the palette for each pixel: (count, height x width)."""
    count, pixels = len(images), images.shape[1] * images.shape[2]
    if images.shape[3] == 1 and len(palette) == LEVELS:
        return np.asarray(images).reshape(count, pixels)
    parts = [_nearest(codes, palette) for codes in _codes(images)]
    return np.concatenate(parts).reshape(count, pixels) if parts else np.empty((0, pixels), np.uint8)


def _codes(images: UInt8Array) -> Iterator[NDArray[np.uint32]]:
    """Yield the colours of some pictures at a time, as one number for each pixel."""
    for start in range(0, len(images), _CHUNK):
        red, green, blue = np.moveaxis(np.asarray(images[start : start + _CHUNK]).astype(np.uint32), 3, 0)
        yield ((red << 16) | (green << 8) | blue).ravel()


def _split(codes: NDArray[np.uint32]) -> UInt8Array:
    return np.stack([codes >> 16, (codes >> 8) & 255, codes & 255], axis=1).astype(np.uint8)


def _nearest(codes: NDArray[np.uint32], palette: UInt8Array) -> NDArray[np.uint8]:
    different, places = np.unique(codes, return_inverse=True)
    wanted, offered = _split(different).astype(np.float32), palette.astype(np.float32)
    # The square of the wanted colour is the same for all that is offered, so it need not be added.
    distances = (offered**2).sum(1) - 2 * wanted @ offered.T
    nearest: NDArray[np.uint8] = distances.argmin(1).astype(np.uint8)
    return nearest[places.ravel()]


def _quantised(images: UInt8Array) -> UInt8Array:
    chosen = np.linspace(0, len(images) - 1, min(_QUANTISED, len(images))).astype(np.int64)
    pictures = np.asarray(images[chosen])
    sheet = Image.fromarray(pictures.reshape(-1, pictures.shape[2], 3))
    flat = sheet.quantize(LEVELS, Image.Quantize.MEDIANCUT).getpalette() or []
    colors = np.asarray(flat, np.uint8).reshape(-1, 3)[:LEVELS]
    return np.unique(colors, axis=0)
