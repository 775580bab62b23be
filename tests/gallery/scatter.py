"""Scatters of codes: one with classes and some points without, and one that nothing has been shown in yet."""

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gendesk.widgets.latent.scatter import Scatter


def build() -> QWidget:
    window = QWidget()
    window.resize(900, 460)
    row = QHBoxLayout(window)
    scatter = Scatter()
    rng = np.random.default_rng(0)
    labels = rng.integers(-1, 4, 1500)
    points = rng.normal(0, 0.5, (1500, 2)) + np.array([[-2, 0], [2, 1], [0, 2], [1, -2], [0, 0]])[labels]
    scatter.set_points(points.astype(np.float32), labels, ["Circle", "Square", "Triangle", "Star"])
    row.addWidget(scatter)
    row.addWidget(Scatter())
    return window
