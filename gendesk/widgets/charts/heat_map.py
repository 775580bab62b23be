"""A table of numbers as colours, such as a confusion matrix or correlations."""

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gendesk.widgets.charts.chart import Chart, Place
from gendesk.widgets.charts.colormap import diverging, readable_on, rgb, sequential
from gendesk.widgets.charts.heat_layout import HeatLayout, heat_layout
from gendesk.widgets.charts.numbers import decimals_of, exact_text, short_text
from gendesk.widgets.theme import DARK, LIGHT, current_colors

_PAGE = 10
_PADDING = 3  # pixels around a number in its cell
_SMALLER = 0.84  # of the font of labels, where numbers do not fit otherwise
_MOST_NUMBERS = 2_500
_GAPS_FROM = 6  # pixels; smaller cells touch each other
_BAR_TEXT = 6  # pixels between the colour bar and its numbers
_OUTLINE = 1  # of the colours of curves: the one that stands out from the blue of cells
_VEIL = 48  # of 255: how opaque the mark of a column is


class HeatMap(Chart):
    """Shows numbers (rows, columns) as colours, in writing where there is room, and all of them under the mouse.

    Arrows move the cursor, Home and End go to the first and last column, Enter tells `cell_clicked` as a click does.
    """

    cell_clicked = Signal(int, int)  # row, column

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values: NDArray[np.float32] = np.empty((0, 0), np.float32)
        self.rows: tuple[str, ...] = ()
        self.columns: tuple[str, ...] = ()
        self.outlined: tuple[Place, ...] = ()
        self.marked: int | None = None
        self._titles = ("", "")
        self._layout: HeatLayout | None = None
        self.setAccessibleName(self.tr("Heat map"))
        self.set_empty_text(self.tr("Numbers will appear here as colours."))

    def set_values(
        self,
        values: ArrayLike,
        rows: Sequence[str],
        columns: Sequence[str],
        row_title: str = "",
        column_title: str = "",
        outlined: Sequence[Place] = (),
    ) -> None:
        """Show numbers (rows, columns) with a name for each row and column; NaN stays without a colour.

        Cells that are `outlined` have a frame; names may be empty. The colours run from 0 to the largest; where numbers
        are negative, from -limit to limit, the largest of all in size. Raises ValueError if numbers and names do not
        fit together.
        """
        table = np.array(values, dtype=np.float32)
        if table.shape != (len(rows), len(columns)):
            raise ValueError(f"There are {table.shape} numbers for {len(rows)} rows and {len(columns)} columns.")
        if (len(rows), len(columns)) != self.values.shape:
            self.forget_places()
        self.values, self.rows, self.columns = table, tuple(rows), tuple(columns)
        self.outlined = tuple(outlined)
        self._titles = (row_title, column_title)
        self.repaint_all()

    def clear(self) -> None:
        self.set_values(np.empty((0, 0)), (), ())

    def mark_column(self, column: int | None) -> None:
        """Let a column stand out, such as the one that sounds; None lets none."""
        if column != self.marked:
            self.marked = column
            self.update()

    @property
    def is_empty(self) -> bool:
        return self.values.size == 0

    @property
    def limit(self) -> float:
        """The number with the strongest colour; 1 where all are zero."""
        finite = np.abs(self.values[np.isfinite(self.values)])
        return float(finite.max()) if finite.size and finite.max() > 0 else 1.0

    @property
    def is_diverging(self) -> bool:
        """Whether there are numbers below zero."""
        return bool((self.values < 0).any())

    def cell_colors(self) -> NDArray[np.uint8]:
        """Return the colours of the cells, uint8 (rows, columns, 3)."""
        colors = current_colors()
        shades = diverging(colors) if self.is_diverging else sequential(colors)
        share = self.values / self.limit
        places = (share + 1) / 2 if self.is_diverging else share
        known = np.isfinite(places)
        index = np.rint(np.where(known, np.clip(places, 0, 1), 0) * (len(shades) - 1)).astype(np.int64)
        return np.where(known[..., None], shades[index], np.array(rgb(colors.picture_ground), np.uint8))

    def paint_chart(self, painter: QPainter) -> None:
        limit = self.limit
        low = -limit if self.is_diverging else 0.0
        metrics = QFontMetricsF(self.small_font())
        decimals = decimals_of(np.array([limit, *self.values.ravel()[:10_000]]))
        ends = tuple(short_text(number, decimals) for number in (limit, (low + limit) / 2 if low else limit / 2, low))
        bar = max(map(metrics.horizontalAdvance, ends)) + _BAR_TEXT
        self._layout = heat_layout(self.rows, self.columns, self._titles, self.size(), metrics, bar)
        layout, colors = self._layout, current_colors()
        shades = self.cell_colors()
        self._paint_cells(painter, layout, shades)
        self._paint_outlines(painter)
        layout.paint_labels(painter, QColor(colors.text), QColor(colors.muted))
        self._paint_bar(painter, layout, ends)
        self._paint_numbers(painter, layout, shades, decimals)

    def _paint_cells(self, painter: QPainter, layout: HeatLayout, shades: NDArray[np.uint8]) -> None:
        rows, columns = self.values.shape
        pixels = np.ascontiguousarray(shades)
        image = QImage(cast(bytes, pixels.data), columns, rows, columns * 3, QImage.Format.Format_RGB888)
        # The screen's own format is drawn several times as fast.
        painter.drawImage(layout.box, image.convertToFormat(QImage.Format.Format_RGB32))
        if min(layout.cell.width(), layout.cell.height()) < _GAPS_FROM:
            return
        painter.setPen(QColor(current_colors().grid))
        for column in range(columns + 1):
            x = layout.left_of(column)
            painter.drawLine(QPointF(x, layout.box.top()), QPointF(x, layout.box.bottom()))
        for row in range(rows + 1):
            y = layout.top_of(row)
            painter.drawLine(QPointF(layout.box.left(), y), QPointF(layout.box.right(), y))

    def _paint_outlines(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(current_colors().curves[_OUTLINE]), 1.5))
        painter.drawRects([self.area_of(place).adjusted(0.5, 0.5, -0.5, -0.5) for place in self.outlined])

    def paint_frames(self, painter: QPainter) -> None:
        if self._layout is not None and self.marked is not None and self.marked < len(self.columns):
            box = self._layout.box
            left, color = self._layout.left_of(self.marked), QColor(current_colors().accent)
            area = QRectF(left, box.top(), self._layout.cell.width(), box.height())
            painter.setPen(QPen(color, 1))
            painter.drawLines([QLineF(area.topLeft(), area.bottomLeft()), QLineF(area.topRight(), area.bottomRight())])
            color.setAlpha(_VEIL)
            painter.fillRect(area, color)
        super().paint_frames(painter)

    def _paint_bar(self, painter: QPainter, layout: HeatLayout, ends: Sequence[str]) -> None:
        colors, area = current_colors(), layout.bar
        shades = np.ascontiguousarray((diverging(colors) if self.is_diverging else sequential(colors))[::-1])
        image = QImage(cast(bytes, shades.data), 1, len(shades), 3, QImage.Format.Format_RGB888)
        painter.drawImage(area, image.convertToFormat(QImage.Format.Format_RGB32))
        painter.setPen(QColor(colors.border))
        painter.drawRect(area)
        painter.setPen(QColor(colors.muted))
        height = painter.fontMetrics().height()
        for share, text in zip((0.0, 0.5, 1.0), ends, strict=True):
            middle = area.top() + share * area.height()
            top = min(max(middle - height / 2, area.top() - 2), area.bottom() - height + 2)
            place = QRectF(area.right() + _BAR_TEXT, top, 200, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_numbers(self, painter: QPainter, layout: HeatLayout, shades: NDArray[np.uint8], decimals: int) -> None:
        """Write the numbers into the cells, if all of them fit, in the colour with more contrast."""
        cell, font = layout.cell, QFont(self.small_font())
        if self.values.size > _MOST_NUMBERS:
            return
        texts = [[short_text(value, decimals) for value in row] for row in self.values.tolist()]
        longest = max((text for row in texts for text in row), key=len)
        for _ in range(2):
            metrics = QFontMetricsF(font)
            if metrics.height() <= cell.height() and metrics.horizontalAdvance(longest) + _PADDING <= cell.width():
                break
            font.setPointSizeF(font.pointSizeF() * _SMALLER)
        else:
            return
        painter.setFont(font)
        light = readable_on(shades)
        lefts = [layout.left_of(column) for column in range(len(self.columns))]
        tops = [layout.top_of(row) for row in range(len(self.rows))]
        for is_light, color in ((False, LIGHT.text), (True, DARK.text)):
            painter.setPen(QColor(color))
            for row, column in np.argwhere(light == is_light).tolist():
                area = QRectF(lefts[column], tops[row], cell.width(), cell.height())
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, texts[row][column])

    def place_at(self, position: QPointF) -> Place | None:
        return self._layout.cell_at(position) if self._layout else None

    def area_of(self, place: Place) -> QRectF:
        return self._layout.cell_area(*place) if self._layout else QRectF()

    def words_of(self, place: Place) -> str:
        row, column = place
        row_title, column_title = self._titles
        first = f"{row_title}: {self.rows[row]}" if row_title else self.rows[row]
        second = f"{column_title}: {self.columns[column]}" if column_title else self.columns[column]
        return f"{first}\n{second}\n{exact_text(float(self.values[row, column]))}"

    def moved(self, place: Place, key: Qt.Key) -> Place | None:
        row, column = place
        targets = {
            Qt.Key.Key_Left: (row, column - 1),
            Qt.Key.Key_Right: (row, column + 1),
            Qt.Key.Key_Up: (row - 1, column),
            Qt.Key.Key_Down: (row + 1, column),
            Qt.Key.Key_PageUp: (row - _PAGE, column),
            Qt.Key.Key_PageDown: (row + _PAGE, column),
            Qt.Key.Key_Home: (row, 0),
            Qt.Key.Key_End: (row, len(self.columns) - 1),
        }
        if key not in targets:
            return None
        row, column = targets[key]
        return min(max(row, 0), len(self.rows) - 1), min(max(column, 0), len(self.columns) - 1)

    def activate(self, place: Place) -> None:
        self.cell_clicked.emit(*place)

    def table(self) -> Sequence[Sequence[str]]:
        corner = " / ".join(title for title in self._titles if title)
        rows = zip(self.rows, self.values, strict=True)
        return [[corner, *self.columns], *([name, *(str(value) for value in numbers)] for name, numbers in rows)]
