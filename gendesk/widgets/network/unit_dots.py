"""The units of a layer as dots: how strongly each one answers, and which of them are switched off."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.widgets.network.colors import signed_colors
from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.pictures.picture import to_qimage
from gendesk.widgets.theme import changes_look, current_colors

FloatArray = NDArray[np.float32]
_SMALLEST_DOT = 5  # logical pixels; smaller units are painted as the pixels of a picture
_LARGEST_CELL = 44


class UnitDots(QWidget):
    """A lattice of units, row by row. A unit that is off is an empty ring, or the ground where units are many."""

    pointed = Signal(int)  # a unit, or -1

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty_text = ""
        self._values: FloatArray = np.zeros(0, np.float32)
        self._kept: NDArray[np.bool_] = np.zeros(0, bool)
        self._limit = 1.0
        self._unit = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_units(self, values: FloatArray, kept: NDArray[np.bool_], limit: float) -> None:
        """Show values (units,) in colours that are full at +-limit; `kept` (units,) is False for a unit that is off."""
        self._values, self._kept, self._limit = values, kept, limit
        words = self.tr("{kept} of {all} units are on").format(kept=int(kept.sum()), all=len(values))
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 56)

    def lattice(self) -> tuple[int, float]:
        """Return the columns, and the side of a cell in logical pixels, that fill the widget best."""
        count = max(1, len(self._values))
        cell = min(_LARGEST_CELL, math.sqrt(self.width() * self.height() / count))
        # Whole cells leave rests at the right and below: shrink until all of them fit.
        while (self.width() // cell) * (self.height() // cell) < count and cell > 0.2:
            cell *= 0.98
        columns = max(1, int(self.width() // cell))
        return -(-count // -(-count // columns)), cell  # as few as the same number of rows needs: the last one is full

    def _corner(self, columns: int, cell: float) -> QPointF:
        return QPointF(max(0.0, (self.width() - columns * cell) / 2), 0.0)

    def unit_rect(self, unit: int) -> QRectF:
        """Where a unit lies, in logical pixels."""
        columns, cell = self.lattice()
        corner = self._corner(columns, cell)
        return QRectF(corner.x() + unit % columns * cell, corner.y() + unit // columns * cell, cell, cell)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not len(self._values):
            draw_empty_text(painter, QRectF(self.rect()), self.empty_text)
        elif self.lattice()[1] >= _SMALLEST_DOT:
            self._paint_dots(painter)
        else:
            self._paint_pixels(painter)
        painter.end()

    def _paint_dots(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        columns, cell = self.lattice()
        corner = self._corner(columns, cell)
        colors = current_colors()
        radius = cell / 2 - max(0.75, cell * 0.12)
        off = QPen(QColor(colors.border), max(1.0, cell * 0.07))
        edge = QPen(QColor(colors.muted), 0.75)
        shades = signed_colors(self._values, self._limit).tolist()
        for unit, ((red, green, blue), kept) in enumerate(zip(shades, self._kept.tolist(), strict=True)):
            row, column = divmod(unit, columns)
            middle = corner + QPointF((column + 0.5) * cell, (row + 0.5) * cell)
            painter.setPen(edge if kept else off)
            painter.setBrush(QColor(red, green, blue) if kept else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, radius, radius)
            if not kept:
                reach = radius * 0.45
                painter.drawLine(middle - QPointF(reach, reach), middle + QPointF(reach, reach))
                painter.drawLine(middle - QPointF(reach, -reach), middle + QPointF(reach, -reach))

    def _paint_pixels(self, painter: QPainter) -> None:
        columns, cell = self.lattice()
        rows = -(-len(self._values) // columns)
        ground = QColor(current_colors().window)
        pixels = np.full((rows * columns, 3), (ground.red(), ground.green(), ground.blue()), np.uint8)
        pixels[np.flatnonzero(self._kept)] = signed_colors(self._values[self._kept], self._limit)
        corner = self._corner(columns, cell)
        painter.drawImage(
            QRectF(corner.x(), corner.y(), columns * cell, rows * cell), to_qimage(pixels.reshape(rows, columns, 3))
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        columns, cell = self.lattice()
        place = event.position() - self._corner(columns, cell)
        column, row = math.floor(place.x() / cell), math.floor(place.y() / cell)
        unit = row * columns + column
        self._point(unit if 0 <= column < columns and 0 <= unit < len(self._values) else -1)

    def leaveEvent(self, _event: QEvent) -> None:
        self._point(-1)

    def _point(self, unit: int) -> None:
        if unit != self._unit:
            self._unit = unit
            self.pointed.emit(unit)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)
