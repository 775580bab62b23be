"""Height and width beside the plane that the model has found: set the ones and see the other move, or drag in it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gendesk.data.tins import HEIGHTS, WIDTHS, draw
from gendesk.engine.preview import Preview, ScatterPreview
from gendesk.studios.studio import Studio
from gendesk.widgets.icons import icon
from gendesk.widgets.latent.class_legend import ClassLegend
from gendesk.widgets.latent.walk_plane import WalkPlane
from gendesk.widgets.pictures.view import PictureView

from ...tins.models import Spot, at_code, at_factors, factor_names
from .factor_slider import FactorSlider

_FACTORS = ("Height", "Width")  # what the data set Tins calls them
_SPACING = 8


class TinsStudio(Studio):
    """A true tin and the decoder's for the same height and width, and where that is among the codes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Tins studio"))
        self._codes: ScatterPreview | None = None
        self._able = False
        self._root = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._root.setContentsMargins(0, 0, 0, 0)
        self._root.setSpacing(2 * _SPACING)
        self._root.addLayout(self._make_controls())
        self._root.addLayout(self._make_plane())
        self.on_session()

    def _make_controls(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(_SPACING)
        column.addLayout(self._make_pictures(), 1)
        self.height_slider = FactorSlider(
            self.tr("Height"), self.tr("Height of the tin's wall in pixels; the decoder gets only the code."), *HEIGHTS
        )
        self.width_slider = FactorSlider(
            self.tr("Width"), self.tr("Width of the tin in pixels; the decoder gets only the code."), *WIDTHS
        )
        self.taller = QPushButton(icon("plus"), self.tr("Add 1 to Height"))
        self.taller.setToolTip(self.tr("Make the tin one pixel taller, and see in which direction its code moves"))
        self.taller.clicked.connect(self._add_one)
        self._readout = QLabel(wordWrap=True)
        self._readout.setProperty("role", "muted")
        for slider in (self.height_slider, self.width_slider):
            slider.moved.connect(self._ask_factors)
            column.addWidget(slider)
        row = QHBoxLayout()
        row.setSpacing(_SPACING)
        row.addWidget(self.taller)
        row.addWidget(self._readout, 1)
        column.addLayout(row)
        column.addStretch()
        return column

    def _make_pictures(self) -> QGridLayout:
        self.true_tin, self.drawn_tin = PictureView(), PictureView()
        grid = QGridLayout()
        grid.setSpacing(4)
        grid.setHorizontalSpacing(_SPACING)
        grid.setRowStretch(1, 1)
        titles = (self.tr("True tin"), self.tr("Drawn by the decoder"))
        tips = (
            self.tr("The tin with this height and width, drawn as those of the data set"),
            self.tr("What the decoder draws from the code that the regression gives for this height and width"),
        )
        for column, (view, title, tip) in enumerate(zip((self.true_tin, self.drawn_tin), titles, tips, strict=True)):
            view.setAccessibleName(title)
            view.setToolTip(tip)
            view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            caption = QLabel(title)
            caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
            caption.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            grid.addWidget(caption, 0, column)
            grid.addWidget(view, 1, column)
            grid.setColumnStretch(column, 1)
        return grid

    def _make_plane(self) -> QVBoxLayout:
        self.plane = WalkPlane()
        self.plane.setAccessibleName(self.tr("Plane of learned codes"))
        self.plane.setToolTip(
            self.tr(
                "Drag to decode and to read height and width back. Wheel zooms, right button drags the plane, a double "
                "click resets it; arrows move the point."
            )
        )
        self.plane.empty_text = self.tr(
            "Train the recipe Tins, and the plane of its codes appears here: drag in it to draw tins."
        )
        self.plane.moved.connect(self._ask_code)
        self.legend = ClassLegend()
        self.legend.setAccessibleName(self.tr("Heights"))
        self.legend.hidden_changed.connect(self._hide_classes)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.plane, 1)
        column.addWidget(self.legend)
        return column

    # What comes from the run

    def on_session(self) -> None:
        self._codes = None
        self._able = False
        self.plane.clear()
        self.legend.set_names(())
        self.drawn_tin.set_picture(None)
        self._readout.setText("")
        self._show_true(self.height_slider.value, self.width_slider.value)
        self._enable()
        self._ask_names()

    def show_preview(self, preview: Preview) -> None:
        """Show the codes of real pictures, of the preview that is called so."""
        if isinstance(preview, ScatterPreview) and preview.name == "codes":
            self._codes = preview
            self._show_codes()

    def model_changed(self) -> None:
        """Look again at what lies at the chosen height and width."""
        if self._able:
            self._ask_factors()
        else:
            self._ask_names()

    def on_answer(self, asker: str, _argument: object, result: Any) -> None:
        if asker == "names":
            self._able = result == _FACTORS
            self._show_codes()
        elif isinstance(result, Spot):
            self._show_spot(result)

    def _show_codes(self) -> None:
        if not self._able or self._codes is None:
            return
        first = not self.plane.ready
        self.legend.set_names(self._codes.classes)
        self.plane.set_codes(self._codes.points.astype(np.float64), self._codes.labels)
        self._enable()
        if first:
            self._ask_factors()

    def _enable(self) -> None:
        for widget in (self.height_slider, self.width_slider):
            widget.setEnabled(self.plane.ready)
        self.taller.setEnabled(self.plane.ready and self.height_slider.value < HEIGHTS[1])

    # What the person does

    def _ask_names(self) -> None:
        self.ask("names", factor_names, None)

    def _ask_factors(self) -> None:
        height, width = self.height_slider.value, self.width_slider.value
        self._show_true(height, width)
        self._enable()
        self.ask("spot", at_factors, np.array([height, width], np.float32))

    def _ask_code(self, code: NDArray[np.float32]) -> None:
        self.ask("spot", at_code, code)

    def _add_one(self) -> None:
        self.height_slider.add(1.0)

    def _hide_classes(self, hidden: frozenset[int]) -> None:
        self.plane.hidden = hidden
        self.plane.repaint_all()

    # What is shown of it

    def _show_true(self, height: float, width: float) -> None:
        self._true = draw(height, width)
        self.true_tin.set_picture(self._true[..., np.newaxis])

    def _show_spot(self, spot: Spot) -> None:
        """Move everything to a place of the plane: the point, the sliders and both pictures."""
        with QSignalBlocker(self.plane):
            self.plane.move_point(spot.code.astype(np.float64))
        height, width = (float(factor) for factor in spot.factors)
        self.height_slider.show_value(height)
        self.width_slider.show_value(width)
        self._show_true(self.height_slider.value, self.width_slider.value)
        self._enable()
        self.drawn_tin.set_picture(spot.picture)
        if _within(height, HEIGHTS) and _within(width, WIDTHS):
            difference = np.abs(spot.picture[..., 0].astype(np.float64) - self._true).mean() / 255
            self._readout.setText(self.tr("The pictures differ by {share:.1%}.").format(share=difference))
        else:
            self._readout.setText(self.tr("No tin in the data has such a code; the sizes are the nearest ones."))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the plane beside the pictures where there is room; the pictures take no more than they can fill."""
        width, height = event.size().width(), event.size().height()
        wide = width > height
        self._root.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._root.setStretch(0, 6 if wide else 0)
        self._root.setStretch(1, 5)
        tallest = width // 4 if wide else min(width // 2, height // 4)
        for view in (self.true_tin, self.drawn_tin):
            view.setMaximumHeight(tallest)
        super().resizeEvent(event)


def _within(value: float, ends: tuple[float, float]) -> bool:
    """Tell whether a length lies between two others, give or take a twentieth of a pixel, which nobody sees."""
    return ends[0] - 0.05 <= value <= ends[1] + 0.05
