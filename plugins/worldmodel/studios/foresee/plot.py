"""What the plots of the studio have in common: axes, a legend, a step that is pointed at."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.plot.painting import paint_axes, paint_dots
from gendesk.widgets.plot.projection import Projection
from gendesk.widgets.plot.ticks import axis_ticks
from gendesk.widgets.theme import changes_look, current_colors

from ...foreseeing import Foreseen, Recorded

_LEFT, _RIGHT, _BOTTOM = 40, 10, 20
Mark = Literal["line", "swatch", "dot"]


class Plot(QWidget):
    """A painted plot with a legend above. Where it is over steps, a click or an arrow chooses one of them."""

    moved = Signal(int)  # places of steps, counted from 0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._race: Recorded | None = None
        self._found: Foreseen | None = None
        self.number = 0
        self.place = 0
        self.setMinimumSize(QSize(160, 84))

    def show_foreseen(self, race: Recorded | None, found: Foreseen | None) -> None:
        """Show what was foreseen of a race, or nothing."""
        self._race, self._found = race, found
        self._tell()

    def show_place(self, place: int, number: int) -> None:
        """Point at a step, counted from 0, and at a number of the code."""
        self.place, self.number = place, number
        self._tell()

    def _tell(self) -> None:
        if self._race is not None and self._found is not None and self.place < len(self._found.codes):
            self.setAccessibleDescription(self.words(self._race, self._found))
        else:
            self.setAccessibleDescription("")
        self.update()

    @abstractmethod
    def words(self, race: Recorded, found: Foreseen) -> str:
        """Say what is shown of the step."""

    @abstractmethod
    def entries(self) -> Sequence[tuple[str, str, Mark]]:
        """Return what the legend says, in which colours and with which marks."""

    @abstractmethod
    def ranges(self, race: Recorded, found: Foreseen) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ends of both axes."""

    @abstractmethod
    def paint_inside(self, painter: QPainter, projection: Projection, race: Recorded, found: Foreseen) -> None:
        """Draw curves and marks."""

    def sizeHint(self) -> QSize:
        return QSize(220, 140)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = current_colors()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colors.surface))
        if self._race is None or self._found is None:
            draw_empty_text(
                painter, QRectF(self.rect()), self.tr("{0} will appear here.").format(self.accessibleName())
            )
        else:
            font = painter.font()
            font.setPointSizeF(0.9 * font.pointSizeF())
            painter.setFont(font)
            x, y = self.ranges(self._race, self._found)
            projection = Projection(x, y, self._box())
            across, up = max(2, int(projection.box.width() // 60)), max(2, int(projection.box.height() // 28))
            paint_axes(painter, projection, axis_ticks(*x, across, log=False), axis_ticks(*y, up, log=False), colors)
            painter.save()
            painter.setClipRect(projection.box.adjusted(-1, -1, 1, 1))
            self.paint_inside(painter, projection, self._race, self._found)
            painter.restore()
            self._paint_legend(painter)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _box(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, self.fontMetrics().height() + 10, -_RIGHT, -_BOTTOM)

    def _paint_legend(self, painter: QPainter) -> None:
        colors, metrics = current_colors(), painter.fontMetrics()
        x, middle = 8.0, 4 + metrics.height() / 2
        for text, color, mark in self.entries():
            if mark == "dot":
                paint_dots(painter, [QPointF(x + 6, middle)], QColor(color), 2.5)
            else:
                thick = 3 if mark == "line" else 8
                painter.fillRect(QRectF(x, middle - thick / 2, 12, thick), QColor(color))
            painter.setPen(QColor(colors.text))
            width = metrics.horizontalAdvance(text)
            painter.drawText(QRectF(x + 16, 2, width + 4, metrics.height() + 4), Qt.AlignmentFlag.AlignVCenter, text)
            x += width + 28

    def paint_cursor(self, painter: QPainter, projection: Projection, found: Foreseen) -> None:
        """Draw a line at the step that is pointed at."""
        (x,) = projection.across(np.array([found.start + 1.0 + self.place])).tolist()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(current_colors().accent), 1))
        painter.drawLine(QPointF(x, projection.box.top()), QPointF(x, projection.box.bottom()))


class StepPlot(Plot):
    """A plot over the steps of the race."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def steps(self, found: Foreseen) -> NDArray[np.float64]:
        """Return the numbers of the frames foreseen, float64 (n,)."""
        return found.start + 1.0 + np.arange(len(found.codes), dtype=np.float64)

    def span(self, found: Foreseen) -> tuple[float, float]:
        """Return the ends of the axis of steps."""
        return float(found.start), float(found.start + len(found.codes) + 0.5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._point(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._point(event.position().x())

    def _point(self, x: float) -> None:
        if self._found is not None:
            box, (first, last) = self._box(), self.span(self._found)
            value = first + (x - box.left()) / max(1.0, box.width()) * (last - first)
            self._go(round(value) - self._found.start - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        go = {Qt.Key.Key_Left: self.place - 1, Qt.Key.Key_Right: self.place + 1, Qt.Key.Key_Home: 0}
        if self._found is not None and (event.key() in go or event.key() == Qt.Key.Key_End):
            self._go(go.get(Qt.Key(event.key()), len(self._found.codes) - 1))
        else:
            super().keyPressEvent(event)

    def _go(self, place: int) -> None:
        if self._found is not None:
            self.moved.emit(max(0, min(len(self._found.codes) - 1, place)))
