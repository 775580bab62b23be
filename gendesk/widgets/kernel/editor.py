"""A square of numbers to edit: by typing, with the wheel, or by dragging a number up and down."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLocale, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDoubleValidator, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gendesk.widgets.kernel.colors import readable_on, short_number, signed_colors
from gendesk.widgets.theme import current_colors

LIMIT = 100.0
STEP = 0.1
_PIXELS_PER_STEP = 6
_EDGE = 3

Float64Array = NDArray[np.float64]


class KernelEditor(QWidget):
    """Shows a kernel (side, side). `edited` carries the changed one, and a key that is the same all through a drag.

    Arrow keys choose a number, Page Up and Page Down change it by 0.1, typing or Enter writes it, Delete makes it 0.
    """

    edited = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kernel: Float64Array = np.zeros((3, 3))
        self._cell = (1, 1)
        self._drag: tuple[float, float] | None = None  # where it began, and from which number
        self._drags = 0
        self._line: QLineEdit | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self.setAccessibleName(self.tr("Kernel"))
        self.setToolTip(
            self.tr(
                "The numbers that the pixels under the kernel are multiplied by. Drag a number up or down, turn the "
                "wheel over it, or type one; larger numbers count more, those below zero subtract."
            )
        )
        self._describe()

    @property
    def kernel(self) -> Float64Array:
        return self._kernel

    @property
    def cell(self) -> tuple[int, int]:
        """Row and column of the chosen number."""
        return self._cell

    def set_kernel(self, kernel: Float64Array) -> None:
        """Show another kernel (side, side)."""
        self._kernel = np.array(kernel, np.float64)
        side = len(self._kernel)
        self._cell = min(self._cell[0], side - 1), min(self._cell[1], side - 1)
        self._close_line()
        self._describe()
        self.update()

    def cell_rect(self, row: int, column: int) -> QRect:
        """Return where a number lies."""
        length, side = min(self.width(), self.height()) - 2 * _EDGE, len(self._kernel)
        left, top = (self.width() - length) // 2, (self.height() - length) // 2
        edges = [round(length * place / side) for place in range(side + 1)]
        return QRect(
            left + edges[column], top + edges[row], edges[column + 1] - edges[column], edges[row + 1] - edges[row]
        )

    def sizeHint(self) -> QSize:
        return QSize(168, 168)

    def minimumSizeHint(self) -> QSize:
        return QSize(132, 132)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors, painter = current_colors(), QPainter(self)
        shades = signed_colors(self._kernel, max(1.0, float(abs(self._kernel).max())))
        font = self.font()
        font.setPixelSize(max(8, min(15, round(self.cell_rect(0, 0).width() * 0.36))))
        painter.setFont(font)
        for row, column in np.ndindex(*self._kernel.shape):
            rect = self.cell_rect(row, column)
            red, green, blue = (int(part) for part in shades[row, column])
            painter.fillRect(rect.adjusted(0, 0, -1, -1), QColor(red, green, blue))
            painter.setPen(QColor(colors.border))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
            painter.setPen(readable_on(red, green, blue))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, short_number(float(self._kernel[row, column])))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colors.accent if self.hasFocus() else colors.muted), 2))
        painter.drawRoundedRect(QRectF(self.cell_rect(*self._cell)).adjusted(0, 0, -1, -1), 2, 2)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._close_line(keep=True)
        cell = self._cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(*cell)
            self._drag = event.position().y(), float(self._kernel[cell])
            self._drags += 1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            start, value = self._drag
            steps = round((start - event.position().y()) / _PIXELS_PER_STEP)
            self._change(value + steps * STEP, f"drag {self._drags}")

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._drag = None
        cell = self._cell_at(event.position())
        if cell is not None:
            self._choose(*cell)
            self._open_line()

    def wheelEvent(self, event: QWheelEvent) -> None:
        cell = self._cell_at(event.position())
        steps = event.angleDelta().y() / 120
        if cell is None or not steps:
            event.ignore()
            return
        self._choose(*cell)
        self._change(float(self._kernel[cell]) + steps * STEP, f"wheel {cell}")
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row, column = Qt.Key(event.key()), *self._cell
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        if key in moves:
            last = len(self._kernel) - 1
            self._choose(min(max(row + moves[key][0], 0), last), min(max(column + moves[key][1], 0), last))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            step = STEP if key == Qt.Key.Key_PageUp else -STEP
            self._change(float(self._kernel[row, column]) + step, f"wheel {self._cell}")
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._change(0.0)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self._open_line()
        elif event.text() and event.text() in "0123456789.,-":
            self._open_line(event.text())
        else:
            super().keyPressEvent(event)

    def _cell_at(self, place: QPointF) -> tuple[int, int] | None:
        at = place.toPoint()
        cells = np.ndindex(*self._kernel.shape)
        return next(((row, column) for row, column in cells if self.cell_rect(row, column).contains(at)), None)

    def _choose(self, row: int, column: int) -> None:
        self._cell = row, column
        self._describe()
        self.update()

    def _change(self, value: float, key: str = "") -> None:
        value = round(min(max(value, -LIMIT), LIMIT), 4) + 0.0
        if value == self._kernel[self._cell]:
            return
        self._kernel = self._kernel.copy()
        self._kernel[self._cell] = value
        self._describe()
        self.update()
        self.edited.emit(self._kernel, key)

    def _open_line(self, text: str | None = None) -> None:
        """Put a text field over the chosen number, with what was typed, or with the number selected."""
        self._close_line()
        line = QLineEdit(self)
        line.setAccessibleName(self.accessibleName())
        line.setToolTip(self.toolTip())
        line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line.setTextMargins(-2, 0, -2, 0)
        validator = QDoubleValidator(-LIMIT, LIMIT, 4, line)
        validator.setNotation(QDoubleValidator.Notation.StandardNotation)
        validator.setLocale(QLocale.c())
        line.setValidator(validator)
        line.setText(f"{self._kernel[self._cell]:g}" if text is None else text.replace(",", "."))
        line.setGeometry(self.cell_rect(*self._cell))
        line.editingFinished.connect(self._take_line)
        line.show()
        line.setFocus()
        if text is None:
            line.selectAll()
        self._line = line

    def _take_line(self) -> None:
        self._close_line(keep=True)
        self.setFocus()

    def _close_line(self, *, keep: bool = False) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        line.blockSignals(True)
        line.hide()
        line.deleteLater()
        if keep:
            try:
                self._change(float(line.text().replace(",", ".")))
            except ValueError:  # nothing but a sign was typed: the number stays
                return

    def _describe(self) -> None:
        row, column = self._cell
        text = self.tr("row {row}, column {column}: {value}")
        value = short_number(float(self._kernel[row, column]), 4)
        self.setAccessibleDescription(text.format(row=row + 1, column=column + 1, value=value))
