"""Where the parts of a heat map lie: titles, names of rows and columns, cells, colour bar."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

_MARGIN = 8
_GAP = 6  # between cells and names
_BAR = 12  # width of the colour bar
_LABEL_SHARE = 0.3  # of the width or height, at most, for names
_LONGEST = 160.0  # pixels of a name
_LARGEST_CELL = 120.0
_FLATTEST, _STEEPEST = 2.6, 1.8  # width to height of a cell, height to width
_ANGLE = 45  # degrees


@dataclass(frozen=True)
class HeatLayout:
    """Everything in logical pixels; `rows` and `columns` are the names as they are written, "" for those left away."""

    box: QRectF
    bar: QRectF
    cell: QSizeF
    rows: Sequence[str]
    columns: Sequence[str]
    slanted: bool
    titles: tuple[str, str]
    row_names: float  # width of their place
    column_names: float  # height of their place

    def left_of(self, column: int) -> float:
        return self.box.left() + column * self.cell.width()

    def top_of(self, row: int) -> float:
        return self.box.top() + row * self.cell.height()

    def cell_area(self, row: int, column: int) -> QRectF:
        return QRectF(QPointF(self.left_of(column), self.top_of(row)), self.cell)

    def cell_at(self, position: QPointF) -> tuple[int, int] | None:
        """Return row and column under a pixel."""
        if not self.box.contains(position):
            return None
        row = int((position.y() - self.box.top()) / self.cell.height())
        column = int((position.x() - self.box.left()) / self.cell.width())
        return min(row, len(self.rows) - 1), min(column, len(self.columns) - 1)

    def paint_labels(self, painter: QPainter, names: QColor, titles: QColor) -> None:
        """Write names and titles, in the painter's font."""
        line = painter.fontMetrics().height()
        painter.setPen(names)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, name in enumerate(self.rows):
            if name:
                middle = self.top_of(row) + self.cell.height() / 2
                left = self.box.left() - _GAP - self.row_names
                painter.drawText(QRectF(left, middle - line / 2, self.row_names, line), flags, name)
        for column, name in enumerate(self.columns):
            if name:
                self._paint_column_name(painter, self.left_of(column), name, line)
        painter.setPen(titles)
        row_title, column_title = self.titles
        below = self.box.bottom() + _GAP + self.column_names
        centred = Qt.AlignmentFlag.AlignCenter
        painter.drawText(QRectF(self.box.left() - 200, below, self.box.width() + 400, line), centred, column_title)
        if row_title:
            painter.save()
            painter.translate(self.box.left() - _GAP - self.row_names - line / 2 - 2, self.box.center().y())
            painter.rotate(-90)
            painter.drawText(QRectF(-300, -line / 2, 600, line), centred, row_title)
            painter.restore()

    def _paint_column_name(self, painter: QPainter, left: float, name: str, line: float) -> None:
        if not self.slanted:
            # A name may reach over empty ones beside it.
            area = QRectF(left - 200, self.box.bottom() + _GAP / 2, self.cell.width() + 400, line)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, name)
            return
        painter.save()
        painter.translate(left + self.cell.width() / 2 + line / 4, self.box.bottom() + _GAP / 2)
        painter.rotate(-_ANGLE)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        painter.drawText(QRectF(-400, 0, 400, line), flags, name)
        painter.restore()


def heat_layout(
    rows: Sequence[str],
    columns: Sequence[str],
    titles: tuple[str, str],
    size: QSize,
    metrics: QFontMetricsF,
    bar_text: float,
) -> HeatLayout:
    """Place everything in `size`; `bar_text` is the width of the numbers at the colour bar."""
    line = metrics.height()
    widest = max(map(metrics.horizontalAdvance, rows), default=0.0)
    row_names = min(widest, _LABEL_SHARE * size.width(), _LONGEST)
    left = _MARGIN + row_names + _GAP + (line + 4 if titles[0] else 0)
    room = QSizeF(max(8.0, size.width() - left - 2 * _MARGIN - _BAR - bar_text), 0.0)
    longest = max(map(metrics.horizontalAdvance, columns), default=0.0)
    sparse = not all(columns)
    slanted = not sparse and longest + 4 > room.width() / len(columns)
    if slanted:
        most = min(longest, _LABEL_SHARE * size.height() / math.sin(math.radians(_ANGLE)), _LONGEST)
        column_names = (most + line) * math.sin(math.radians(_ANGLE))
    else:
        most, column_names = longest, line
    below = _GAP + column_names + (line if titles[1] else 0) + 2
    room.setHeight(max(8.0, size.height() - _MARGIN - below))
    cell = _cell(room, len(rows), len(columns))
    across = 0.8 * line if slanted else longest + 4 if sparse else 0.0
    # In a wide place the map stands in the middle of it, with its colour bar beside it.
    spare = max(0.0, room.width() - cell.width() * len(columns)) / 2
    box = QRectF(round(left + spare), _MARGIN, cell.width() * len(columns), cell.height() * len(rows))
    bar_height = min(box.height(), 200.0)
    return HeatLayout(
        box=box,
        bar=QRectF(box.right() + _MARGIN, box.top(), _BAR, bar_height),
        cell=cell,
        rows=_written(rows, cell.height(), line, row_names, metrics),
        columns=_written(columns, cell.width(), across, most, metrics),
        slanted=slanted,
        titles=titles,
        row_names=row_names,
        column_names=column_names,
    )


def _cell(room: QSizeF, rows: int, columns: int) -> QSizeF:
    width, height = min(room.width() / columns, _LARGEST_CELL), min(room.height() / rows, _LARGEST_CELL)
    width = min(width, _FLATTEST * height)
    return QSizeF(width, min(height, _STEEPEST * width))


def _written(
    names: Sequence[str], spacing: float, line: float, longest: float, metrics: QFontMetricsF
) -> tuple[str, ...]:
    """Cut long names, and leave out some where they would overlap."""
    stride = max(1, math.ceil(line / spacing - 0.01))
    written, free = [], 0
    for index, name in enumerate(names):
        fits = bool(name) and index >= free
        written.append(metrics.elidedText(name, Qt.TextElideMode.ElideRight, longest + 1) if fits else "")
        free = index + stride if fits else free
    return tuple(written)
