"""The data sets that are drawn here: the land, tins of growing height and width, and ten shapes, a row each."""

import numpy as np
from PySide6.QtWidgets import QTabWidget, QWidget

from gendesk.data import shapes10, tins
from gendesk.data.land import land_mask
from gendesk.widgets.pictures.image_grid import ImageGrid
from gendesk.widgets.pictures.view import PictureView


def build() -> QWidget:
    tabs = QTabWidget()
    tabs.resize(1_000, 720)
    land = PictureView()
    land.set_picture(np.where(land_mask(), 96, 232).astype(np.uint8)[..., np.newaxis])
    sizes = [(height, width) for height in np.linspace(*tins.HEIGHTS, 6) for width in np.linspace(*tins.WIDTHS, 10)]
    cylinders = ImageGrid()
    cylinders.set_images(np.stack([tins.draw(*size) for size in sizes])[..., np.newaxis], 10)
    source = shapes10.DrawnShapes()
    shown = [label + 10 * column for label in range(10) for column in range(16)]
    shapes = ImageGrid()
    shapes.set_images(np.stack([np.asarray(source.read(index)) for index in shown]), 16, row_titles=source.classes)
    for title, widget in (("Shapes", shapes), ("Tins", cylinders), ("Land", land)):
        tabs.addTab(widget, title)
    return tabs
