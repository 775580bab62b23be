"""Draws the map for the previews: shading, training points, the density's edges, and samples by their verdict."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from .densities import Density, FloatArray, Rectangles, lattice
from .verdicts import COPY, IN_THE_SEA, SUCCESS

WIDTH = 720
_SEA, _LAND, _POINT = (250, 251, 252), (216, 222, 226), (30, 34, 40)
_SHADE = np.array([18, 105, 180], dtype=np.float32)
_EDGE = (196, 98, 0)
_VERDICTS = {IN_THE_SEA: (179, 38, 30), COPY: (214, 132, 0), SUCCESS: (0, 120, 70)}
_STRONGEST = 0.45  # opacity where the density is highest


def draw_map(
    density: Density,
    size: tuple[float, float],
    points: FloatArray,
    samples: FloatArray,
    found: NDArray[np.int64],
    land: NDArray[np.bool_] | None,
) -> NDArray[np.uint8]:
    """Return uint8 (height, 720, 3), the north at the top; `found` are the verdicts of the samples."""
    height = max(1, round(WIDTH * size[1] / size[0]))
    ground = np.full((height, WIDTH, 3), _SEA, dtype=np.float32)
    if land is not None:
        mask = Image.fromarray(land.astype(np.uint8) * 255).resize((WIDTH, height), Image.Resampling.BILINEAR)
        ground += (np.asarray(mask, np.float32) / 255)[..., None] * (np.array(_LAND, np.float32) - ground)
    shade = _opacity(lattice(density, size, (max(1, height // 3), WIDTH // 3)))
    smooth = Image.Resampling.NEAREST if isinstance(density, Rectangles) else Image.Resampling.BILINEAR
    opacity = np.asarray(Image.fromarray(shade).resize((WIDTH, height), smooth))[..., None]
    picture = Image.fromarray((ground + opacity * (_SHADE - ground)).round().astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    scale = np.array([WIDTH / size[0], height / size[1]])
    if isinstance(density, Rectangles):
        for box in density.boxes[density.weights > 0]:
            _draw_box(pen, box, scale, height)
    for x, y in (points * scale).tolist():
        pen.ellipse((x - 2, height - y - 2, x + 2, height - y + 2), fill=_POINT)
    for (x, y), verdict in zip((samples * scale).tolist(), found.tolist(), strict=True):
        _draw_mark(pen, x, height - y, verdict)
    return np.asarray(picture)


def _opacity(density: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how strongly each cell is shaded: its density's square root beside the highest, so that slopes show."""
    opacity: NDArray[np.float32] = _STRONGEST * np.sqrt(density / max(float(density.max()), 1e-30))
    return opacity.astype(np.float32)


def _draw_box(pen: ImageDraw.ImageDraw, box: FloatArray, scale: FloatArray, height: int) -> None:
    west, south, east, north = np.clip(np.concatenate([box[:2] * scale, box[2:] * scale]), -10, 10 * WIDTH)
    pen.rectangle((west, height - north, east, height - south), outline=_EDGE, width=2)


def _draw_mark(pen: ImageDraw.ImageDraw, x: float, y: float, verdict: int) -> None:
    """Draw a cross in the sea, a diamond for a copy, a disc for a success, as the studio does."""
    color = _VERDICTS[verdict]
    if verdict == IN_THE_SEA:
        for up in (-4, 4):
            pen.line((x - 4, y - up, x + 4, y + up), fill=color, width=2)
    elif verdict == COPY:
        pen.polygon(((x, y - 6), (x + 5, y), (x, y + 6), (x - 5, y)), fill=color)
    else:
        pen.ellipse((x - 4, y - 4, x + 4, y + 4), fill=color)
