"""A history of pictures that sharpen from step to step, as a training would show it."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QWidget

from gendesk.widgets.pictures.history import Frame, ImageHistory

COUNT, SIDE, STEPS = 10, 28, range(0, 20_001, 250)


def rings(seed: int) -> np.ndarray:
    """Return pictures of rings, float (COUNT, SIDE, SIDE) in [0, 1]."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:SIDE, 0:SIDE] - SIDE / 2
    radius, stretch = rng.uniform(5, 11, (2, COUNT, 1, 1))
    return np.exp(-(((np.hypot(x * stretch / 8, y) - radius) / 1.8) ** 2))


class Sharpening:
    """Frames whose reconstructions get better."""

    def steps(self) -> Sequence[int]:
        return STEPS

    def frame(self, step: int) -> Frame:
        originals, noise = rings(1), np.random.default_rng(2).random((COUNT, SIDE, SIDE))
        share = step / STEPS[-1]
        stack = np.concatenate([originals, originals * share + noise * (1 - share)])
        captions = [f"{name} {number}" for name in ("class", "error") for number in range(COUNT)]
        images = (stack[..., None] * 255).astype(np.uint8)
        return Frame(images, COUNT, tuple(captions), ("Original", "Reconstruction"))


def build() -> QWidget:
    history = ImageHistory()
    history.resize(700, 400)
    source = Sharpening()
    history.set_source(source)
    history.show_live(source.frame(STEPS[-1]), STEPS[-1])
    return history
