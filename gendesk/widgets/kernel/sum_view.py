"""One place of a convolution in numbers: patch times kernel gives products, and their sum is one pixel."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLine, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gendesk.widgets.kernel.colors import MINUS, grey_colors, readable_on, short_number, signed_colors
from gendesk.widgets.theme import current_colors

_EDGE = 4
_SIGN = 22  # room for a multiplication sign or an equals sign
_LEAST_CELL = 21  # smaller ones show colours only
_TIMES = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True)
class Place:
    """Where the kernel stands. `patch` and `products` are (side, side), of the slice that is shown.

    `sums` are the sums of all slices by name, one for a grey picture; `rectified` says that ReLU follows.
    """

    patch: NDArray[np.float64]
    kernel: NDArray[np.float64]
    products: NDArray[np.float64]
    sums: Sequence[tuple[str, float]]
    row: int
    column: int
    rectified: bool = False


class SumView(QWidget):
    """Paints a Place. The mouse over a number shows which two were multiplied for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place: Place | None = None
        self._cell: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Products and their sum"))
        self.setToolTip(
            self.tr(
                "The pixels under the kernel, the kernel, and the products of both; their sum is the pixel of the "
                "feature map. Point at a number to see what was multiplied."
            )
        )

    @property
    def sentence(self) -> str:
        """What the sum is, in words and numbers; also what is read aloud."""
        return self._sum_text() if self._place else ""

    def set_place(self, place: Place) -> None:
        self._place = place
        if self._cell and max(self._cell) >= len(place.kernel):
            self._cell = None
        self.setAccessibleDescription(self.sentence)
        self.update()

    def cell_rect(self, grid: int, row: int, column: int) -> QRect:
        """Return where a number lies; grid 0 is the patch, 1 the kernel, 2 the products."""
        xs, ys = self._edges(grid)
        return QRect(xs[column], ys[row], xs[column + 1] - xs[column], ys[row + 1] - ys[row])

    def _edges(self, grid: int) -> tuple[list[int], list[int]]:
        """Return where the columns and the rows of a grid begin, and where the last ends."""
        square = self._squares()[grid]
        side = len(self._place.kernel) if self._place else 1
        steps = [round(square.width() * place / side) for place in range(side + 1)]
        return [square.left() + step for step in steps], [square.top() + step for step in steps]

    def sizeHint(self) -> QSize:
        return QSize(372, 168)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 132)

    def paintEvent(self, _event: QPaintEvent) -> None:
        place = self._place
        if place is None:
            return
        painter = QPainter(self)
        limits = [1.0, max(1.0, float(abs(place.kernel).max())), max(1.0, float(abs(place.products).max()))]
        grids = (place.patch, place.kernel, place.products)
        titles = (self.tr("Pixels"), self.tr("Kernel"), self.tr("Products"))
        for number, (values, limit, title) in enumerate(zip(grids, limits, titles, strict=True)):
            shades = grey_colors(values, limit) if number == 0 else signed_colors(values, limit)
            self._paint_title(painter, number, title)
            self._paint_grid(painter, number, values, shades)
        self._paint_signs(painter)
        self._paint_sum(painter)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self._cell = None
        self.update()
        super().leaveEvent(event)

    def _line(self) -> int:
        return self.fontMetrics().height() + 2

    def _squares(self) -> list[QRect]:
        """Return the places of the three grids, as large as the room allows."""
        room = self.height() - 3 * self._line() - 2 * _EDGE
        length = max(30, min((self.width() - 2 * _SIGN - 2 * _EDGE) // 3, room))
        left = (self.width() - 3 * length - 2 * _SIGN) // 2
        top = self._line() + max(0, (room - length) // 2)
        return [QRect(left + number * (length + _SIGN), top, length, length) for number in range(3)]

    def _paint_title(self, painter: QPainter, number: int, title: str) -> None:
        square = self._squares()[number]
        painter.setFont(self.font())
        painter.setPen(QColor(current_colors().muted))
        above = QRect(square.left() - 8, square.top() - self._line(), square.width() + 16, self._line())
        painter.drawText(above, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, title)

    def _paint_grid(
        self, painter: QPainter, number: int, values: NDArray[np.float64], shades: NDArray[np.uint8]
    ) -> None:
        colors, (xs, ys) = current_colors(), self._edges(number)
        width = xs[1] - xs[0]
        font = self.font()
        font.setPixelSize(max(8, min(14, round(width * 0.27))))
        painter.setFont(font)
        for row, column in np.ndindex(*values.shape):
            rect = QRect(xs[column], ys[row], xs[column + 1] - xs[column], ys[row + 1] - ys[row])
            red, green, blue = shades[row, column].tolist()
            painter.fillRect(rect, QColor(red, green, blue))
            if width >= _LEAST_CELL:
                painter.setPen(readable_on(red, green, blue))
                text = short_number(float(values[row, column]), 2 if width >= 28 else 1)
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(QColor(colors.border))
        painter.drawLines([QLine(x, ys[0], x, ys[-1] - 1) for x in (*xs[:-1], xs[-1] - 1)])
        painter.drawLines([QLine(xs[0], y, xs[-1] - 1, y) for y in (*ys[:-1], ys[-1] - 1)])
        if self._cell:
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.drawRect(self.cell_rect(number, *self._cell).adjusted(0, 0, -1, -1))

    def _paint_signs(self, painter: QPainter) -> None:
        font = self.font()
        font.setPixelSize(16)
        painter.setFont(font)
        painter.setPen(QColor(current_colors().text))
        for square, sign in zip(self._squares(), (_TIMES, "="), strict=False):
            between = QRect(square.right() + 1, square.top(), _SIGN, square.height())
            painter.drawText(between, Qt.AlignmentFlag.AlignCenter, sign)

    def _paint_sum(self, painter: QPainter) -> None:
        place, colors, line = self._place, current_colors(), self._line()
        assert place is not None
        top = self._squares()[0].bottom() + _EDGE + 1
        painter.setFont(self.font())
        painter.setPen(QColor(colors.muted))
        rect = QRectF(0, top, self.width(), line)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._cell_text())
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(colors.text))
        text = painter.fontMetrics().elidedText(self._sum_text(), Qt.TextElideMode.ElideRight, self.width() - 8)
        painter.drawText(rect.translated(0, line), Qt.AlignmentFlag.AlignCenter, text)

    def _cell_text(self) -> str:
        """Return the factors of the number under the mouse, else where the pixel lies."""
        place = self._place
        assert place is not None
        if self._cell is None:
            text = self.tr("Feature map, row {row}, column {column}")
            return text.format(row=place.row + 1, column=place.column + 1)
        factors = (place.patch[self._cell], place.kernel[self._cell])
        first, second = (short_number(float(factor), 4) for factor in factors)
        second = f"({second})" if second.startswith(MINUS) else second
        return f"{first} {_TIMES} {second} = {short_number(float(place.products[self._cell]), 4)}"

    def _sum_text(self) -> str:
        place = self._place
        assert place is not None
        total = sum(value for _, value in place.sums)
        parts = " + ".join(f"{name} {_bracketed(value)}" for name, value in place.sums) if len(place.sums) > 1 else ""
        text = (
            f"{parts} = {short_number(total)}"
            if parts
            else self.tr("Sum = {total}").format(total=short_number(total, 3))
        )
        if place.rectified:
            text += f", ReLU \N{RIGHTWARDS ARROW} {short_number(max(0.0, total), 3)}"
        return text

    def _point_at(self, place: QPointF) -> None:
        at, side = place.toPoint(), len(self._place.kernel) if self._place else 0
        cells = ((grid, row, column) for grid in range(3) for row, column in np.ndindex(side, side))
        found = next((cell[1:] for cell in cells if self.cell_rect(*cell).contains(at)), None)
        if found != self._cell:
            self._cell = found
            self.update()


def _bracketed(value: float) -> str:
    text = short_number(value)
    return f"({text})" if text.startswith(MINUS) else text
