"""The pixel model against the model of features, and what each pixel knows and what it does not."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gendesk.studios.studio import Studio
from gendesk.widgets.charts.bars import BarCharts, Bars
from gendesk.widgets.charts.colormap import diverging
from gendesk.widgets.seed_box import SeedBox
from gendesk.widgets.theme import changes_look, current_colors

from ...pixels.operations import Draw, PixelColors, Sheets, correlation, draw, pixel_colors
from .color_bars import ColorBars
from .mosaic import PixelMosaic

_BINS = 40
_NARROW_COUNT, _COUNT, _WIDE_COUNT = 4, 6, 12
_NARROW, _WIDE = 480, 860


def _titled(title: QLabel, content: QWidget) -> QVBoxLayout:
    """Put a line of text above a widget."""
    title.setProperty("role", "title")
    title.setWordWrap(True)
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(title)
    column.addWidget(content, 1)
    return column


class PixelsStudio(Studio):
    """Samples of both models; point at a pixel to see its colours, click it to see what changes with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Pixel studio"))
        self._pixel = -1
        self._sheets: Sheets | None = None
        self._related: NDArray[np.float32] | None = None
        self.seed = SeedBox()
        self.seed.changed.connect(self._ask_samples)
        self.samples = self._mosaic(self.tr("Pictures drawn pixel by pixel"))
        self.others = self._mosaic(self.tr("Pictures to compare with"))
        self.relations = self._mosaic(self.tr("Correlation with the clicked pixel"))
        self.relations.setToolTip(
            self.tr(
                "Blue pixels are bright when the clicked one is, orange ones are dark then; the stronger, the surer"
            )
        )
        self.colors = ColorBars()
        self.likelihood = BarCharts()
        self.likelihood.setAccessibleName(self.tr("Log-likelihoods of whole pictures"))
        self._others_title, self._colors_title, self._relations_title = QLabel(), QLabel(), QLabel()
        self._say_what_will_come()
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._body.setSpacing(8)
        self._body.addLayout(self._pictures(), 3)
        self._body.addLayout(self._findings(), 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.seed, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._body, 1)
        self._forget()

    def _mosaic(self, name: str) -> PixelMosaic:
        mosaic = PixelMosaic(self)
        mosaic.setAccessibleName(name)
        mosaic.setToolTip(self.tr("Point at a pixel to see its colours, click it to see what changes with it"))
        mosaic.setMinimumSize(120, 96)
        mosaic.pixel_hovered.connect(self._hover)
        mosaic.pixel_chosen.connect(self._choose)
        return mosaic

    def _say_what_will_come(self) -> None:
        self.samples.empty_text = self.tr("Count some portraits, and samples of the pixel model appear here.")
        self.others.empty_text = self.tr("What a model of features draws from the same portraits appears here.")
        self.colors.set_empty_text(self.tr("Point at a pixel to see its colours."))
        self.relations.empty_text = self.tr("Click a pixel to see what changes with it.")
        self.likelihood.set_empty_text(self.tr("How likely real and drawn pictures are appears here."))

    def _pictures(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addLayout(_titled(QLabel(self.tr("Pixel by pixel")), self.samples), 1)
        row.addLayout(_titled(self._others_title, self.others), 1)
        return row

    def _findings(self) -> QVBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addLayout(_titled(self._colors_title, self.colors), 1)
        row.addLayout(_titled(self._relations_title, self.relations), 1)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(row, 1)
        column.addWidget(self.likelihood, 1)
        return column

    # What the session brings

    def on_session(self) -> None:
        self._forget()
        self._ask_samples()

    def model_changed(self) -> None:
        self._ask_samples()
        if self._pixel >= 0:
            self._choose(self._pixel)

    def _forget(self) -> None:
        self._pixel, self._sheets, self._related = -1, None, None
        nothing = np.empty((0, 1, 1, 1), np.uint8)
        for mosaic in (self.samples, self.others, self.relations):
            mosaic.set_tiles(nothing, None, (), ())
            mosaic.mark(-1)
        self.colors.clear()
        self.likelihood.set_charts(())
        self._others_title.setText(self.tr("Feature by feature"))
        self._colors_title.setText(self.tr("Colours of a pixel"))
        self._relations_title.setText(self.tr("What changes with it"))

    def _ask_samples(self, _seed: int = 0) -> None:
        self.ask("samples", draw, Draw(_WIDE_COUNT, self.seed.seed))

    def _hover(self, pixel: int) -> None:
        self.ask("colors", pixel_colors, pixel)

    def _choose(self, pixel: int) -> None:
        self._hover(pixel)
        self.ask("relations", correlation, pixel)

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if isinstance(result, Sheets):
            self._show_samples(result)
        elif isinstance(result, PixelColors):
            self.colors.set_colors(result.colors, result.shares, result.rest)
            self._colors_title.setText(self.tr("Colours of pixel {0}").format(self._place(argument)))
            self._mark(argument)
        elif asker == "relations":
            self._pixel, self._related = argument, result
            self._show_relations()

    # What is shown

    def _place(self, pixel: int) -> str:
        """Name a pixel by its column and row, from 1."""
        row, column = divmod(pixel, self.samples.images.shape[2])
        return f"{column + 1}, {row + 1}"

    def _mark(self, pixel: int) -> None:
        self.samples.mark(pixel)
        self.others.mark(pixel)

    def _show_samples(self, sheets: Sheets) -> None:
        self._sheets = sheets
        self._show_pictures()
        made = self.tr("Feature by feature") if sheets.by_features else self.tr("Training pictures")
        self._others_title.setText(made)
        self._show_likelihood(sheets)

    def _show_pictures(self) -> None:
        """Show as many pictures as can be large enough to see their pixels."""
        if self._sheets is not None:
            width = self.width()
            shown = _NARROW_COUNT if width < _NARROW else _WIDE_COUNT if width >= _WIDE else _COUNT
            self.samples.set_tiles(self._sheets.pixels[:shown], None, (), ())
            self.others.set_tiles(self._sheets.others[:shown], None, (), ())

    def _show_likelihood(self, sheets: Sheets) -> None:
        both = np.concatenate([sheets.real, sheets.drawn])
        low, high = float(both.min()), float(both.max())
        low, high = (low, high) if high - low > 1e-6 else (low - 0.5, high + 0.5)
        bins = [np.histogram(values, _BINS, (low, high))[0] / len(values) for values in (sheets.real, sheets.drawn)]
        title, series = self.tr("Log-likelihood of a pixel, in nats"), (self.tr("Real"), self.tr("Drawn"))
        self.likelihood.set_charts([Bars(title, np.stack(bins), (), series, low, high)])

    def _show_relations(self) -> None:
        """Colour the correlations; as they follow the theme, they are coloured anew when it changes."""
        if self._related is None:
            return
        palette = diverging(current_colors())
        places = np.rint((self._related.clip(-1, 1) + 1) / 2 * (len(palette) - 1)).astype(np.int64)
        self.relations.set_tiles(palette[places][None], 1, (), ())
        self.relations.mark(self._pixel)
        self._relations_title.setText(self.tr("What changes with {0}").format(self._place(self._pixel)))

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self._show_relations()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = self.width() >= _WIDE
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._body.setDirection(direction)
        self._show_pictures()
        super().resizeEvent(event)
