"""What every layer of the network makes of a picture: its activation maps, live while it is trained."""

from typing import Any

import numpy as np
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLabel, QListWidget, QSizePolicy, QStackedWidget, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.widgets.network.colors import signed_colors
from gendesk.widgets.network.unit_bars import UnitBars
from gendesk.widgets.network.value_picture import ValuePicture
from gendesk.widgets.pictures.mosaic_view import MosaicView
from gendesk.widgets.plot.ticks import MINUS, value_text

from ..explaining import FloatArray, Inside, LayerMaps, look_inside
from .on_model import PictureStudio


class InsideStudio(PictureStudio):
    """A list of layers, the maps of one of them on a common scale, and one map large beside the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Look inside"))
        self._picture: UInt8Array | None = None
        self._inside: Inside | None = None
        self._map = 0
        self._unit = -1
        self.layers = QListWidget()
        self.layers.setAccessibleName(self.tr("Layers"))
        self.layers.setToolTip(self.tr("The layers in the order in which a picture goes through them"))
        self.layers.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        self.layers.setAlternatingRowColors(True)
        self.layers.setSpacing(1)
        self.layers.currentRowChanged.connect(self._layer_chosen)
        self.maps = MosaicView()
        self.maps.setAccessibleName(self.tr("Maps of the layer"))
        self.maps.setToolTip(self.tr("Click a map, or use the arrow keys and Enter, to see it large"))
        self.maps.empty_text = self.tr(
            "Train a network and choose or draw a picture: what each layer makes of it appears here."
        )
        self.maps.activated.connect(self._map_chosen)
        self.bars = UnitBars()
        self.bars.setAccessibleName(self.tr("Units of the layer"))
        self.bars.pointed.connect(self._unit_pointed)
        self._views = QStackedWidget()
        self._views.addWidget(self.maps)
        self._views.addWidget(self.bars)
        self._views.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._views.setMinimumSize(120, 150)
        self._facts_text = QLabel(wordWrap=True)
        self._facts_text.setProperty("role", "muted")
        self.box.addLayout(self._make_content(), 1)
        self.forget()

    def _make_content(self) -> QBoxLayout:
        upper = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        upper.setSpacing(8)
        upper.addWidget(self.layers)
        upper.addWidget(self._views, 1)
        self._content = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._content.setSpacing(8)
        self._content.addLayout(upper, 5)
        self._content.addWidget(self._facts_text)
        self._content.addWidget(self._make_detail(), 4)
        return self._content

    def _make_detail(self) -> QWidget:
        self.original, self.enlarged, self.filter = ValuePicture(), ValuePicture(), ValuePicture()
        self._titles = [QLabel(), QLabel(), QLabel()]
        self._readings = [QLabel(), QLabel(), QLabel()]
        self._detail = QWidget()
        grid = QGridLayout(self._detail)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        names = self.tr("Chosen picture"), self.tr("Map"), self.tr("Filter")
        for column, view in enumerate((self.original, self.enlarged, self.filter)):
            view.setAccessibleName(names[column])
            view.pointed.connect(self._tell_pixels)
            self._titles[column].setText(names[column])
            self._readings[column].setProperty("role", "muted")
            for row, widget in enumerate((self._titles[column], view, self._readings[column])):
                widget.setMinimumWidth(64)
                grid.addWidget(widget, row, column)
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(1, 1)
        return self._detail

    def forget(self) -> None:
        self._picture = self._inside = None
        self._map, self._unit = 0, -1
        self.layers.clear()
        for part in (self.layers, self._detail, self._facts_text):
            part.hide()
        self.maps.set_tiles(np.empty((0, 1, 1, 1), np.uint8), None, (), ())
        self._views.setCurrentWidget(self.maps)
        for view in (self.original, self.enlarged, self.filter):
            view.set_picture(None)
        self._tell()

    def show_again(self) -> None:
        self._show_layer()

    def ask_model(self) -> None:
        picture = self.own.picture()
        if picture is None:
            self.forget()
        else:
            self.ask("inside", look_inside, picture)

    def answered(self, _asker: str, argument: Any, result: Any) -> None:
        if self.own.picture() is None:
            return
        self._picture, self._inside = argument, result
        self.layers.show()
        self._facts_text.show()
        self._list_layers(result)
        self._show_layer()

    def _list_layers(self, inside: Inside) -> None:
        """Name the layers with the shapes that they make, unless they are listed."""
        lines = [f"{layer.name}\n{_shape_text(layer.values)}" for layer in inside.layers]
        if [self.layers.item(row).text() for row in range(self.layers.count())] == lines:
            return
        before = self.layers.currentRow()
        self._map, self._unit = 0, -1
        self.layers.blockSignals(True)
        self.layers.clear()
        self.layers.addItems(lines)
        self.layers.setCurrentRow(before if 0 <= before < len(lines) else 0)
        self.layers.blockSignals(False)
        self.layers.setFixedWidth(self.layers.sizeHintForColumn(0) + 24)

    @property
    def layer(self) -> LayerMaps | None:
        """The layer that is shown."""
        row = self.layers.currentRow()
        return self._inside.layers[row] if self._inside is not None and row >= 0 else None

    def _layer_chosen(self) -> None:
        self._map, self._unit = 0, -1
        self._show_layer()

    def _map_chosen(self, index: int) -> None:
        self._map = index
        self._show_map()

    def _unit_pointed(self, unit: int) -> None:
        self._unit = unit
        self._tell()

    def _show_layer(self) -> None:
        layer = self.layer
        if layer is None:
            return
        flat = layer.values.ndim == 1
        self._views.setCurrentWidget(self.bars if flat else self.maps)
        self._detail.setVisible(not flat)
        if flat:
            self.bars.set_values(layer.values)
        else:
            self.maps.set_tiles(signed_colors(layer.values, _limit(layer.values)), None, (), ())
        self._show_map()

    def _show_map(self) -> None:
        """Show picture, map and filter side by side."""
        layer = self.layer
        if layer is None or self._inside is None or self._picture is None or layer.values.ndim == 1:
            self._tell()
            return
        self.original.set_picture(self._picture)
        self.enlarged.set_picture(signed_colors(layer.values[self._map], _limit(layer.values)))
        filters = self._inside.filters
        shown = layer.filtered and filters is not None
        for widget in (self.filter, self._titles[2], self._readings[2]):
            widget.setVisible(shown)
        if shown and filters is not None:
            self.filter.set_picture(_filter_picture(filters[self._map], _limit(filters)))
        self._tell()

    def _tell_pixels(self, _row: int, _column: int) -> None:
        self._tell()

    def _tell(self) -> None:
        """Say in words what is shown, and what is under the mouse."""
        layer = self.layer
        if layer is None or self._inside is None:
            self._facts_text.setText(self.tr("Orange is positive, blue negative, grey zero."))
            for label in self._readings:
                label.clear()
            return
        silent = float((layer.values == 0).mean())
        if layer.values.ndim == 1:
            self._facts_text.setText(self._unit_text(layer, silent))
            return
        text = self.tr("Orange up to {limit}, blue down to \N{MINUS SIGN}{limit}; {silent} % of the values are zero.")
        self._facts_text.setText(text.format(limit=f"{_limit(layer.values):.2g}", silent=f"{silent * 100:.0f}"))
        self._titles[1].setText(
            self.tr("Map {number} of {count}").format(number=self._map + 1, count=len(layer.values))
        )
        self._readings[0].setText(self._picture_text())
        self._readings[1].setText(_pixel_text(self.enlarged, layer.values[self._map]))
        if self._inside.filters is not None and layer.filtered:
            self._readings[2].setText(_weights_text(self.filter, self._inside.filters[self._map]))

    def _unit_text(self, layer: LayerMaps, silent: float) -> str:
        if not 0 <= self._unit < len(layer.values):
            text = self.tr("{count} units, from {low} to {high}; {silent} % of them are zero.")
            low, high = value_text(float(layer.values.min())), value_text(float(layer.values.max()))
            return text.format(count=f"{len(layer.values):,}", low=low, high=high, silent=f"{silent * 100:.0f}")
        value = value_text(float(layer.values[self._unit]))
        if self.facts is not None and layer.name == "head" and self._unit < len(self.facts.classes):
            return f"{self.facts.classes[self._unit]}: {value}"
        return self.tr("Unit {number}: {value}").format(number=self._unit + 1, value=value)

    def _picture_text(self) -> str:
        pixel = self.original.pixel
        if pixel is None or self._picture is None:
            return ""
        return ", ".join(f"{value}" for value in self._picture[pixel].tolist())


def _limit(values: FloatArray) -> float:
    return max(1e-6, float(np.abs(values).max()))


def _shape_text(values: FloatArray) -> str:
    """Write maps as "32 of 16x16", units as "128"."""
    if values.ndim == 1:
        return f"{len(values):,}"
    return f"{values.shape[0]} \N{MULTIPLICATION SIGN} {values.shape[2]} \N{MULTIPLICATION SIGN} {values.shape[1]}"


def _filter_picture(kernel: FloatArray, limit: float) -> UInt8Array:
    """Return a filter (channels, height, width) as a picture: of three channels in colours, of one in warm and cold."""
    if len(kernel) == 3:
        colored: UInt8Array = np.rint(127.5 + 127.5 * kernel.transpose(1, 2, 0) / limit).astype(np.uint8)
        return colored
    return signed_colors(kernel.mean(0), limit)


def _weights_text(view: ValuePicture, kernel: FloatArray) -> str:
    """Write what a filter (channels, height, width) does with each channel at the pixel under the mouse."""
    if view.pixel is None or not (view.pixel[0] < kernel.shape[1] and view.pixel[1] < kernel.shape[2]):
        return ""
    return ", ".join(f"{weight:.2f}".replace("-", MINUS) for weight in kernel[:, *view.pixel].tolist())


def _pixel_text(view: ValuePicture, values: FloatArray) -> str:
    pixel = view.pixel
    if pixel is None or not (pixel[0] < values.shape[0] and pixel[1] < values.shape[1]):
        return ""
    return f"{pixel[1]}, {pixel[0]}: {value_text(float(values[pixel]))}"
