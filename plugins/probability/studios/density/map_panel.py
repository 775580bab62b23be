"""The map of the studio with its switches, the meaning of its marks, and what is under the mouse."""

import numpy as np
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gendesk.widgets.map.legend import MarkLegend
from gendesk.widgets.map.painting import MarkStyle
from gendesk.widgets.map.view import MapView

from ...density.densities import Density, FloatArray
from .controls import place_text

_ONE_ROW = 520  # pixels: switches and legend fit beside each other


class MapPanel(QVBoxLayout):
    """A column of widgets, no widget itself, so that the map's largest height counts in the layout around it."""

    def __init__(self, styles: tuple[MarkStyle, ...], parent: QWidget) -> None:
        super().__init__()
        self._density: Density | None = None
        self._size = (1.0, 1.0)
        self.map = MapView(styles, parent)
        self.map.empty_text = self.tr("Train a density map, and its points appear here, with a rectangle to drag.")
        self.map.hovered.connect(self._show_place)
        self.show_land = QCheckBox(self.tr("Show the Land"), parent)
        self.show_land.setToolTip(
            self.tr("The hidden rule: points lie on land, each place alike. Guess before you look")
        )
        self.show_land.toggled.connect(self.map.set_land_shown)
        self.show_points = QCheckBox(self.tr("Show the Points"), parent)
        self.show_points.setChecked(True)
        self.show_points.setToolTip(self.tr("The points of the training"))
        self.show_points.toggled.connect(self.map.set_points_shown)
        self._readout = QLabel(parent)
        self._readout.setProperty("role", "muted")
        self._readout.setAccessibleName(self.tr("Under the mouse"))
        self._readout.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._legend = MarkLegend(styles, parent)
        self._switches = _row(self.show_land, self.show_points)
        self._own_row = _row()
        self.setSpacing(4)
        self.addLayout(self._switches)
        self.addWidget(self.map, 1)
        self.addLayout(_row(self._readout))
        self.addLayout(self._own_row)
        self.arrange(0)
        self.set_density(None, self._size)

    def set_density(self, density: Density | None, size: tuple[float, float]) -> None:
        """Read this density on a map of `size` degrees under the mouse, from its next move on."""
        self._density, self._size = density, size
        if density is None:
            self._show_place(None)

    def arrange(self, width: int) -> None:
        """Put the legend where there is room, and let the map be no higher than it can fill."""
        row = self._switches if width >= _ONE_ROW else self._own_row
        if row.indexOf(self._legend) < 0:
            for other in (self._switches, self._own_row):
                other.removeWidget(self._legend)
            row.insertWidget(row.count() if row is self._switches else 0, self._legend)
        self.map.setMaximumHeight(max(self.map.minimumHeight(), self.map.height_for(width)))

    def _show_place(self, place: FloatArray | None) -> None:
        if place is None or self._density is None:
            self._readout.setText(self.tr("Move over the map to read its density."))
            return
        density = float(np.exp(self._density.log_density(place[None])[0]))
        written = f"{density:.1e}".replace("e-0", "e-").replace("-", "\N{MINUS SIGN}") if density else "0"
        text = self.tr("{place}, density {density} per square degree")
        self._readout.setText(text.format(place=place_text(place, self._size), density=written))


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(8, 0, 8, 0)
    row.setSpacing(16)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
