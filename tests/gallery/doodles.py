"""The doodles: a row of each class, and one drawing that grows stroke by stroke."""

import numpy as np
from PySide6.QtWidgets import QTabWidget, QWidget

from gendesk.data import doodles
from gendesk.widgets.pictures.image_grid import ImageGrid


def build() -> QWidget:
    tabs = QTabWidget()
    tabs.resize(1_000, 720)
    labels = doodles.labels()
    members = np.concatenate([np.flatnonzero(labels == label)[:16] for label in range(len(doodles.CLASSES))])
    pictures = [doodles.rendered([doodles.drawing(index)], index)[0] for index in members.tolist()]
    sheet = ImageGrid()
    sheet.set_images(np.stack(pictures)[..., np.newaxis], 16, row_titles=doodles.CLASSES)
    growing = ImageGrid()
    strokes = doodles.drawing(int(members[20]))
    stages = doodles.rendered([strokes[: count + 1] for count in range(len(strokes))])
    growing.set_images(stages[..., np.newaxis], len(stages))
    tabs.addTab(sheet, "Doodles")
    tabs.addTab(growing, "Stroke by stroke")
    return tabs
