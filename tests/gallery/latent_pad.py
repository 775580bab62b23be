"""A made-up latent plane, wide, tall and square: clouds of codes, and rings whose radius and stretch are z."""

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gendesk.widgets.latent.pad import LatentPad

SIDE = 28


def decoded(z: np.ndarray) -> np.ndarray:
    """Return uint8 (n, SIDE, SIDE, 1) for z (n, 2)."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] - (SIDE - 1) / 2
    radius, stretch = (z.T[..., None, None] * [[[[1.5]]], [[[0.2]]]]) + [[[[7]]], [[[1]]]]
    return (np.exp(-(((np.hypot(x * stretch, y) - radius) / 1.8) ** 2)) * 255).astype(np.uint8)[..., None]


def build() -> QWidget:
    """Return the three layouts side by side: wide, tall, and square."""
    window = QWidget()
    window.resize(1700, 720)
    row = QHBoxLayout(window)
    for width, height, manifold in ((700, 480, "linear"), (300, 520, "off"), (300, 700, "off"), (300, 340, "quantile")):
        pad = filled_pad(manifold)
        pad.setFixedSize(width, height)
        row.addWidget(pad)
    return window


def filled_pad(manifold: str) -> LatentPad:
    pad = LatentPad()
    pad.point_moved.connect(lambda z: pad.show_picture(decoded(z[None])[0], z))
    pad.manifold_requested.connect(lambda z: pad.set_manifold(decoded(z), z))
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 5000)
    centers = rng.normal(0, 1, (10, 2))
    codes = (centers[labels] + rng.normal(0, 0.35, (5000, 2))).astype(np.float32)
    pad.set_codes(
        codes, labels, ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot"]
    )
    pad.choose_manifold(manifold)
    pad.plane.move_point(np.array([0.52, -1.13]))
    return pad
