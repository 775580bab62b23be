"""A map of the world's land in degrees: coarse outlines written by hand, good enough to know every continent by."""

import functools
import json
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from gendesk.paths import resource

WIDTH, HEIGHT = 360.0, 180.0
"""The extent of the map in degrees: x = longitude + 180, y = latitude + 90."""

CELLS_PER_DEGREE = 2


@functools.cache
def land_mask() -> NDArray[np.bool_]:
    """Return where land is: bool (360, 720), read-only, half a degree a cell.

    The projection is equirectangular: the first row is the north pole, the first column is 180 degrees west.
    """
    outlines = json.loads(resource("land.json").read_text(encoding="utf-8"))
    mask = _fill(outlines["land"].values()) & ~_fill(outlines["water"].values())
    mask.flags.writeable = False
    return mask


def _fill(outlines: Iterable[list[tuple[float, float]]]) -> NDArray[np.bool_]:
    """Rasterise polygons of (longitude, latitude) in degrees."""
    canvas = Image.new("1", (int(WIDTH) * CELLS_PER_DEGREE, int(HEIGHT) * CELLS_PER_DEGREE))
    pen = ImageDraw.Draw(canvas)
    for outline in outlines:
        # Pillow means the middles of its pixels, so the edges of the map lie half a pixel outside.
        corners = [
            ((east + 180) * CELLS_PER_DEGREE - 0.5, (90 - north) * CELLS_PER_DEGREE - 0.5) for east, north in outline
        ]
        pen.polygon(corners, fill=1)
    return np.array(canvas)
