"""A made-up map with an island, points, a rectangle to drag and samples of each verdict."""

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.widgets.map.legend import MarkLegend
from gendesk.widgets.map.painting import MarkStyle
from gendesk.widgets.map.view import MapView

SIZE = (360.0, 180.0)
STYLES = (
    MarkStyle("In the sea", "bad", "cross"),
    MarkStyle("Copy", "warning", "diamond"),
    MarkStyle("Success", "good", "disc"),
)


def build() -> QWidget:
    window = QWidget()
    window.resize(900, 500)
    column = QVBoxLayout(window)
    view = filled_map()
    column.addWidget(MarkLegend(STYLES))
    column.addWidget(view, 1)
    return window


def filled_map() -> MapView:
    """Return a map with something of everything."""
    rng = np.random.default_rng(2)
    y, x = np.mgrid[0:180, 0:360]
    land = ((x - 150) / 80) ** 2 + ((y - 80) / 45) ** 2 + 0.3 * np.sin(x / 9) < 1
    rows, columns = np.nonzero(land)
    chosen = rng.integers(len(rows), size=120)
    points = np.stack([columns[chosen], 180 - rows[chosen]], axis=1) + rng.random((120, 2))
    samples = rng.uniform(0, SIZE, (40, 2))
    on_land = land[(179 - samples[:, 1]).astype(int), samples[:, 0].astype(int)]
    near = np.sqrt(((samples[:, None] - points) ** 2).sum(2)).min(1) < 5
    view = MapView(STYLES)
    view.set_map(SIZE, land)
    view.set_land_shown(True)
    view.set_points(points)
    view.set_shading(np.exp(-(((x - 150) / 90) ** 2) - ((y - 80) / 50) ** 2).astype(np.float32))
    view.set_box(np.array([60.0, 40.0, 240.0, 150.0]))
    view.set_samples(samples, np.where(on_land, np.where(near, 1, 2), 0))
    view.set_guess(np.array([300.0, 60.0]), 0)
    return view
