"""The car view with a painted road, three pictures and all instruments."""

import numpy as np
from PySide6.QtWidgets import QWidget

from gendesk.widgets.car_view.frame import Frame, Picture
from gendesk.widgets.car_view.view import CarView

CAPTIONS = (
    "Road bending right; z7 \N{MINUS SIGN}2.1, z12 +1.8, z4 +1.5",
    "Reward expected with 83%; surprise 0.91 nats; memory 0.12",
    "Controller: right 0.34, gas 0.80",
)


def road(bend: float) -> np.ndarray:
    picture = np.full((64, 64, 3), (102, 229, 102), np.uint8)
    for row in range(64):
        middle = 32 + bend * ((48 - row) / 48) ** 2 * 20
        picture[row, max(0, int(middle) - 6) : int(middle) + 6] = 105
    picture[44:52, 30:34] = (204, 0, 0)
    return picture


def frame(count: int, note: str = "") -> Frame:
    """Return a frame with so many pictures."""
    titles = ("Observation", "V sees", "M dreams")
    pictures = tuple(Picture(titles[number], road(number * 0.4)) for number in range(count))
    steps = np.arange(180) / 20
    trace = np.stack([np.sin(steps) * 0.7, np.clip(np.cos(steps), 0, 1), np.clip(-np.cos(steps), 0, 0.5)], 1)
    return Frame(pictures, 0.34, 0.8, 0.15, 21.4, (87, 301), 243.6, 612, trace.astype(np.float32), CAPTIONS, note)


def build() -> QWidget:
    view = CarView()
    view.show_frame(frame(3))
    return view
