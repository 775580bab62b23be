"""What a recipe shows of itself during training: plain arrays; which widget shows them follows from the kind.

`description` is a short paragraph for people: what they look at, and what tells a good one from a bad one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ImagePreview:
    """A grid of images: uint8 (count, height, width, channels), laid out row by row in `columns`."""

    name: str
    title: str
    images: NDArray[np.uint8]
    columns: int
    captions: tuple[str, ...] = ()
    row_titles: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True)
class ScatterPreview:
    """Points of a plane: float32 (count, 2), with int64 labels (count,) that index `classes`; -1 has no class."""

    name: str
    title: str
    points: NDArray[np.float32]
    labels: NDArray[np.int64]
    classes: tuple[str, ...] = ()
    description: str = ""


Preview = ImagePreview | ScatterPreview
