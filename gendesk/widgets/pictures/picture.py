"""Pictures as arrays, and their way to the screen.

Pictures are uint8 (height, width, channels) with 1 channel (grey) or 3 (red, green, blue); stacks have a count before.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

UInt8Array = NDArray[np.uint8]


def checked_images(images: UInt8Array) -> UInt8Array:
    """Return a contiguous stack (count, height, width, channels); raises ValueError for other shapes or types."""
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] not in (1, 3) or 0 in images.shape[1:3]:
        raise ValueError(f"Pictures are uint8 (count, height, width, 1 or 3), not {images.dtype} {images.shape}.")
    return np.ascontiguousarray(images)


def to_qimage(picture: UInt8Array) -> QImage:
    """Bring one picture (height, width, channels) into the screen's own format, which is painted without conversion.

    The array is only read while this runs: the result owns its pixels.
    """
    pixels = checked_images(picture[None])[0]
    height, width, channels = pixels.shape
    layout = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_Grayscale8
    view = QImage(pixels.data, width, height, width * channels, layout)
    return view.convertToFormat(QImage.Format.Format_RGB32)


def enlarged(picture: UInt8Array, scale: int) -> UInt8Array:
    """Repeat every pixel (and nothing else) `scale` times in both directions."""
    return picture.repeat(scale, axis=0).repeat(scale, axis=1)
