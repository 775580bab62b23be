"""The probabilities of classes as bars, in a fixed order, with the winner emphasised; also those of many passes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.theme import current_colors

FloatArray = NDArray[np.float32]
_LOW, _HIGH = 16, 48  # heights of a row in logical pixels
_LEFT, _GAP = 8, 8


class ClassBars(QWidget):
    """One row for each class: name, bar, probability. Click a row, or use Up and Down, to choose a class.

    With passes, every one of them is a dot in the rows, with the mean as a line and one deviation to both sides.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty_text = ""
        self._classes: tuple[str, ...] = ()
        self._values: FloatArray = np.zeros(0, np.float32)
        self._passes: FloatArray | None = None
        self._choice: int | None = None
        self.setAccessibleName(self.tr("Probabilities"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def values(self) -> FloatArray:
        """The probabilities that are shown, (classes,)."""
        return self._values

    @property
    def choice(self) -> int | None:
        """The class that a person has chosen."""
        return self._choice

    @property
    def winner(self) -> int | None:
        """The class with the largest probability, the mean one where there are passes."""
        if not len(self._values):
            return None
        return int(np.argmax(self._values if self._passes is None else self._passes.mean(0)))

    def clear(self) -> None:
        self._classes, self._values, self._passes, self._choice = (), np.zeros(0, np.float32), None, None
        self._refresh()

    def set_values(self, classes: Sequence[str], values: FloatArray, passes: FloatArray | None = None) -> None:
        """Show probabilities (classes,) in 0..1, and those of passes (count, classes), if any."""
        if tuple(classes) != self._classes:
            self._choice = None
        self._classes, self._values, self._passes = tuple(classes), values, passes
        self._refresh()

    def choose(self, index: int | None) -> None:
        """Mark a class, and tell of it; None takes the mark away."""
        self._choice = index
        self.update()
        self.chosen.emit(-1 if index is None else index)

    def _refresh(self) -> None:
        winner = self.winner
        words = "" if winner is None else f"{self._classes[winner]}: {self._text(winner)}"
        self.setAccessibleDescription(words)
        self.setMinimumHeight(self.minimumSizeHint().height())
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(160, max(3, len(self._classes)) * _LOW)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def _text(self, index: int) -> str:
        if self._passes is None:
            return f"{self._values[index]:.1%}".replace("%", " %")
        passes = self._passes[:, index]
        return f"{passes.mean() * 100:.0f} \N{PLUS-MINUS SIGN} {passes.std() * 100:.0f} %"

    def row_rect(self, index: int) -> QRectF:
        """Where a class lies."""
        height = min(_HIGH, self.height() / max(1, len(self._classes)))
        return QRectF(0, index * height, self.width(), height)

    def row_at(self, place: QPointF) -> int | None:
        for index in range(len(self._classes)):
            if self.row_rect(index).contains(place):
                return index
        return None

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._classes:
            draw_empty_text(painter, QRectF(self.rect()), self.empty_text)
            painter.end()
            return
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetricsF(bold)
        names = min(max(metrics.horizontalAdvance(name) for name in self._classes), 0.34 * self.width())
        numbers = metrics.horizontalAdvance("100.0 %" if self._passes is None else "100 \N{PLUS-MINUS SIGN} 50 %")
        left = _LEFT + names + _GAP
        track = QRectF(left, 0, max(8.0, self.width() - left - numbers - 2 * _GAP), 1)
        for index in range(len(self._classes)):
            painter.setFont(bold if index == self.winner else self.font())
            self._paint_row(painter, index, track, names)
        painter.end()

    def _paint_row(self, painter: QPainter, index: int, track: QRectF, names: float) -> None:
        colors, row, winner = current_colors(), self.row_rect(index), index == self.winner
        self._paint_choice(painter, index, row)
        painter.setPen(QColor(colors.text if winner else colors.muted))
        centered = Qt.AlignmentFlag.AlignVCenter
        name = painter.fontMetrics().elidedText(self._classes[index], Qt.TextElideMode.ElideRight, round(names) + 1)
        painter.drawText(QRectF(_LEFT, row.top(), names + 1, row.height()), centered, name)
        numbers = QRectF(track.right(), row.top(), self.width() - _GAP - track.right(), row.height())
        painter.drawText(numbers, centered | Qt.AlignmentFlag.AlignRight, self._text(index))
        thickness = min(20.0, row.height() * 0.56)
        bar = QRectF(track.left(), row.center().y() - thickness / 2, track.width(), thickness)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.grid))
        painter.drawRoundedRect(bar, 2, 2)
        filled = QColor(colors.accent if winner else colors.muted)
        filled.setAlphaF((1.0 if winner else 0.6) if self._passes is None else 0.35)
        painter.setBrush(filled)
        painter.drawRoundedRect(
            QRectF(bar.left(), bar.top(), max(1.0, bar.width() * float(self._values[index])), thickness), 2, 2
        )
        if self._passes is not None:
            self._paint_passes(painter, self._passes[:, index], bar)

    def _paint_choice(self, painter: QPainter, index: int, row: QRectF) -> None:
        if index != self._choice:
            return
        colors = current_colors()
        painter.setPen(QPen(QColor(colors.accent), 1.5 if self.hasFocus() else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(row.adjusted(1.5, 1, -1.5, -1), 3, 3)

    def _paint_passes(self, painter: QPainter, passes: FloatArray, bar: QRectF) -> None:
        colors = current_colors()
        dot = QColor(colors.curves[1])
        dot.setAlphaF(0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(dot)
        # Dots of neighbouring passes lie at different heights, so that equal ones can be counted.
        for number, value in enumerate(passes.tolist()):
            height = bar.top() + bar.height() * (0.15 + 0.7 * ((number * 0.618034) % 1))
            painter.drawEllipse(QPointF(bar.left() + bar.width() * value, height), 2.0, 2.0)
        mean, deviation = float(passes.mean()), float(passes.std())
        ends = [bar.left() + bar.width() * min(1.0, max(0.0, mean + side * deviation)) for side in (-1, 1)]
        painter.setPen(QPen(QColor(colors.text), 1.25))
        painter.drawLine(QPointF(ends[0], bar.center().y()), QPointF(ends[1], bar.center().y()))
        painter.setPen(QPen(QColor(colors.text), 2))
        x = bar.left() + bar.width() * mean
        painter.drawLine(QPointF(x, bar.top() - 1), QPointF(x, bar.bottom() + 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.row_at(event.position())
        if index is not None:
            self.choose(None if index == self._choice else index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape and self._choice is not None:
            self.choose(None)
        elif step is None or not self._classes:
            super().keyPressEvent(event)
        else:
            start = self._choice if self._choice is not None else (self.winner or 0) - step
            self.choose(max(0, min(len(self._classes) - 1, start + step)))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.row_at(QPointF(event.pos()))
            if index is not None:
                QToolTip.showText(event.globalPos(), f"{self._classes[index]}: {self._text(index)}", self)
                return True
        return super().event(event)
