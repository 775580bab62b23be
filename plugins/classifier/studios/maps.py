"""The picture and the feature map side by side, each with what it is written above."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gendesk.widgets.kernel.colors import short_number
from gendesk.widgets.kernel.map_view import MapView, Zeros

from .controls import muted, titled

_TIMES = "\N{MULTIPLICATION SIGN}"


class Maps(QWidget):
    """Both maps; `pointed` and `picked` tell a pixel of the feature map, for a place on the picture the nearest one."""

    pointed = Signal(int, int)
    picked = Signal(int, int)
    left = Signal()
    moved = Signal(int, int)
    play = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._origin = (0, 0, 1, (1, 1))  # first window's middle, stride, size of the output
        self.input = MapView()
        self.input.setAccessibleName(self.tr("Picture"))
        self.input.setToolTip(
            self.tr("What goes in. Point at a place, and the kernel is laid on it; arrow keys move it.")
        )
        self.output = MapView()
        self.output.setAccessibleName(self.tr("Feature map"))
        self.output.setToolTip(
            self.tr(
                "What comes out: one number for each place of the kernel, blue below zero. Point at one to see its sum."
            )
        )
        self._input_told, self._output_told = self._caption(), self._caption()
        for view in (self.input, self.output):
            view.left.connect(self.left)
            view.moved.connect(self.moved)
            view.play.connect(self.play)
        self.output.pointed.connect(self.pointed)
        self.output.picked.connect(self.picked)
        self.input.pointed.connect(self._point_input)
        self.input.picked.connect(self._pick_input)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        for column, (title, told, view) in enumerate(
            (
                (self.tr("Picture"), self._input_told, self.input),
                (self.tr("Feature map"), self._output_told, self.output),
            )
        ):
            grid.addWidget(titled(title), 0, column, Qt.AlignmentFlag.AlignHCenter)
            grid.addWidget(view, 1, column)
            grid.addWidget(told, 2, column, Qt.AlignmentFlag.AlignHCenter)
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(1, 1)

    def show_input(self, picture: NDArray[np.uint8], zeros: Zeros) -> None:
        """Show uint8 (height, width, channels) with so many zeros around it."""
        self.input.set_picture(picture, zeros)
        self._input_told.setText(f"{picture.shape[0]}{_TIMES}{picture.shape[1]}{_TIMES}{picture.shape[2]}")

    def show_output(self, values: NDArray[np.float64]) -> None:
        """Show the feature map (height, width) with its size and range."""
        low, high = float(values.min()), float(values.max())
        self.output.set_values(values, max(abs(low), abs(high), 1e-9))
        to = self.tr("{low} to {high}").format(low=short_number(low), high=short_number(high))
        self._output_told.setText(f"{values.shape[0]}{_TIMES}{values.shape[1]}, {to}")
        self.output.setAccessibleDescription(self._output_told.text())

    def outline(self, row: int, column: int, top: int, left: int, side: int) -> None:
        """Outline a pixel of the feature map and the window on the picture that it comes from."""
        self.output.set_window(row, column, 1)
        self.input.set_window(top, left, side)

    def set_strides(self, first: tuple[int, int], stride: int, size: tuple[int, int]) -> None:
        """Say where the middle of the first window lies on the picture, how far the next, and how many there are."""
        self._origin = (*first, stride, size)

    def show_part(self, count: int) -> None:
        """Show only the first pixels of the feature map; -1 shows all."""
        self.output.set_shown(count)

    @property
    def told(self) -> str:
        """Size and range of the feature map, as written above it."""
        return self._output_told.text()

    def _caption(self) -> QLabel:
        label = muted()
        label.setWordWrap(False)
        return label

    def _nearest(self, row: int, column: int) -> tuple[int, int]:
        top, left, stride, (height, width) = self._origin
        down, across = round((row - top) / stride), round((column - left) / stride)
        return min(max(down, 0), height - 1), min(max(across, 0), width - 1)

    def _point_input(self, row: int, column: int) -> None:
        self.pointed.emit(*self._nearest(row, column))

    def _pick_input(self, row: int, column: int) -> None:
        self.picked.emit(*self._nearest(row, column))
