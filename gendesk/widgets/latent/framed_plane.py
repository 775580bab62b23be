"""A plane of codes in a frame that is given: beside others with the same axes, or in the unit square."""

import numpy as np
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gendesk.widgets.latent.geometry import Window, fitting_window
from gendesk.widgets.latent.painting import paint_large_dots
from gendesk.widgets.latent.plane import LatentPlane


class FramedPlane(LatentPlane):
    """Codes to look at. Without a frame the plane fits itself to them, and to the prior if there is one.

    `marked` are the labels of the codes that are drawn large.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marked: frozenset[int] = frozenset()
        self._frame: Window | None = None

    @property
    def _fits_codes(self) -> bool:
        return self._frame is None

    def _fitting_window(self) -> Window:
        return super()._fitting_window() if self.prior is not None else fitting_window(self._codes, reach=0.0)

    def _paint_codes(self, painter: QPainter, ratio: float) -> None:
        super()._paint_codes(painter, ratio)
        large = self._shown & np.isin(self._labels, list(self.marked))
        paint_large_dots(painter, self.projection, self._places[large], self._labels[large])

    def set_frame(self, frame: Window | None, *, reset: bool = False) -> None:
        """Choose what a reset shows, and show it, unless the person looks elsewhere; with `reset` in any case."""
        at_home = self._frame in (None, self.window_shown)
        if self._frame != frame or reset:
            self._frame = frame
            if at_home or reset:
                self.reset_window()

    def show_window(self, window: Window) -> None:
        if window != self.window_shown:
            self._set_window(window)

    def reset_window(self) -> None:
        if self._frame is None:
            super().reset_window()
        else:
            self.show_window(self._frame)
