"""Small curves and pictures of what failures look like; drawn by formulas, not measured."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Line = tuple[str, NDArray[np.float32]]
_POINTS = 160
_SIDE = 24


@dataclass(frozen=True)
class Sketch:
    """Either `lines`, each with its name and heights in 0..1, or a `picture` uint8 (height, width, 1)."""

    lines: tuple[Line, ...] = ()
    picture: NDArray[np.uint8] | None = field(default=None)


def _time() -> NDArray[np.float64]:
    return np.linspace(0, 1, _POINTS)


def _jitter(seed: int, width: float | NDArray[np.float64] = 0.02) -> NDArray[np.float64]:
    noise = np.random.default_rng(seed).normal(size=_POINTS)
    return np.convolve(noise, np.ones(3) / 2, mode="same") * width


def _curves(**heights: NDArray[np.float64]) -> Sketch:
    names = {
        "critic": "Critic's loss",
        "generator": "Generator's loss",
        "distance": "Distance",
        "norm": "Gradient norm",
    }
    names |= {"accuracy": "Accuracy", "estimate": "Wasserstein estimate", "weights": "Weights of the critic"}
    return Sketch(tuple((names[key], np.clip(line, 0, 1).astype(np.float32)) for key, line in heights.items()))


def swinging() -> Sketch:
    time = _time()
    width = 0.02 + 0.4 * np.clip(time - 0.45, 0, None) ** 0.8
    swing = np.sin(time**1.3 * 60) * width
    return _curves(critic=0.35 + swing + _jitter(1), generator=0.6 - 1.1 * swing + _jitter(2))


def crushing() -> Sketch:
    fall = np.exp(-_time() * 9)
    return _curves(accuracy=0.97 - 0.4 * fall + _jitter(3, 0.008), critic=0.03 + 0.5 * fall + _jitter(4, 0.008))


def guessing() -> Sketch:
    return _curves(accuracy=0.5 + _jitter(5, 0.03), distance=0.85 + _jitter(6, 0.015))


def misleading() -> Sketch:
    time = _time()
    return _curves(
        generator=0.25 + 0.55 * time**0.7 + _jitter(7), distance=0.12 + 0.75 * np.exp(-3 * time) + _jitter(8)
    )


def climbing() -> Sketch:
    time = _time()
    return _curves(estimate=0.04 + 0.9 * time**3 + _jitter(9, 0.03 * time))


def steepening() -> Sketch:
    time = _time()
    return _curves(norm=0.2 + 0.7 * np.clip(time - 0.15, 0, None) + _jitter(10, 0.02 + 0.04 * time))


def two_towers() -> Sketch:
    place = np.linspace(-1, 1, _POINTS)
    return _curves(weights=0.08 + 0.85 * np.exp(-(((np.abs(place) - 0.97) / 0.03) ** 2)))


def alike() -> Sketch:
    """Twelve times one shape, a little different each time."""
    chance = np.random.default_rng(11)
    shape = _shapes()[0]
    tiles = [np.clip(shape + chance.normal(scale=12, size=shape.shape), 0, 255) for _ in range(12)]
    return Sketch(picture=_sheet(np.stack(tiles), 6))


def checkered() -> Sketch:
    """Six shapes under a pattern of every second pixel."""
    rows, columns = np.indices((_SIDE, _SIDE))
    grid = np.where((rows % 2 == 0) & (columns % 2 == 0), 1.0, 0.62)
    return Sketch(picture=_sheet(np.stack([(40 + 0.84 * shape) * grid for shape in _shapes()]), 6))


def copied() -> Sketch:
    """Six shapes above the same six."""
    shapes = np.stack(_shapes())
    return Sketch(picture=_sheet(np.concatenate([shapes, shapes]), 6))


def _shapes() -> list[NDArray[np.float64]]:
    """Return a ring, a disc, a bar, a cross, a square and a triangle, (24, 24) each in 0..255."""
    rows, columns = np.indices((_SIDE, _SIDE)) - (_SIDE - 1) / 2
    radius = np.hypot(rows, columns)
    inside = [
        np.abs(radius - 7) < 2,
        radius < 8,
        np.abs(columns) < 3,
        (np.abs(rows) < 2) | (np.abs(columns) < 2),
        np.maximum(np.abs(rows), np.abs(columns)) < 7,
        (rows < 7) & (np.abs(columns) < (rows + 8) / 2),
    ]
    framed = np.maximum(np.abs(rows), np.abs(columns)) < 10
    return [np.where(mask & framed, 230.0, 20.0) for mask in inside]


def _sheet(tiles: NDArray[np.float64], columns: int) -> NDArray[np.uint8]:
    """Lay tiles (count, height, width) out in rows, with a line of one pixel between them."""
    count, height, width = tiles.shape
    rows = count // columns
    sheet = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), 128.0)
    for place, tile in enumerate(tiles):
        down, across = place // columns * (height + 1), place % columns * (width + 1)
        sheet[down : down + height, across : across + width] = tile
    return sheet.astype(np.uint8)[..., None]
