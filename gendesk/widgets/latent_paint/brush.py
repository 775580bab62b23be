"""What a round brush covers: soft masks over the pixels of a picture."""

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.float32]


def covered(height: int, width: int, start: tuple[float, float], end: tuple[float, float], diameter: float) -> Mask:
    """Return how far each pixel is covered by a round brush moved along a line, float32 (height, width) in 0..1.

    Places are (across, down) in pixels from the corner of the picture, and so is the brush's diameter. The edge is as
    soft as a pixel is wide; even the thinnest brush covers about a pixel.
    """
    across, down = np.arange(width) + 0.5 - start[0], (np.arange(height) + 0.5 - start[1])[:, None]
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    length = along_x**2 + along_y**2
    share = ((across * along_x + down * along_y) / length).clip(0, 1) if length else np.zeros(())
    distance = np.hypot(across - share * along_x, down - share * along_y)
    return np.asarray((max(diameter, 1.0) / 2 + 0.5 - distance).clip(0, 1), np.float32)
