"""Drawing pads for grey and for coloured pictures, and the panel that finds a person's own picture."""

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QGridLayout, QWidget

from gendesk.studios.own_picture import OwnPicture
from gendesk.widgets.pictures.drawing import DrawingPad
from gendesk.widgets.pictures.strokes import Stroke


def _seven(color: str) -> list[Stroke]:
    across = [QPointF(x, 0.25 + 0.01 * (i % 2)) for i, x in enumerate(np.linspace(0.2, 0.7, 12))]
    down = [QPointF(0.7 - 0.3 * t**0.8, 0.25 + 0.6 * t) for t in np.linspace(0, 1, 14)]
    return [Stroke(color, 0.08, across + down), Stroke("#D62F2F", 0.05, [QPointF(0.9, 0.9)])]


def build() -> QWidget:
    window = QWidget()
    window.resize(900, 620)
    grid = QGridLayout(window)
    for column, (channels, dark) in enumerate(((1, True), (3, False))):
        pad = DrawingPad()
        pad.set_format(28 * channels, 28 * channels, channels, dark)
        pad.canvas.strokes = _seven(pad.canvas.color)[: 1 if channels == 1 else 2]
        pad.canvas.repaint_all()
        grid.addWidget(pad, 0, column)
        panel = OwnPicture()
        panel.set_format(28, 28, channels)
        rng = np.random.default_rng(0)
        pictures = rng.integers(0, 255, (10, 28, 28, channels), np.uint8)
        panel.set_pictures(pictures, [f"class {number}" for number in range(10)])
        grid.addWidget(panel, 1, column)
    return window
