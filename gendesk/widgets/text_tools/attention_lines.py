"""Where each token of a text looks: lines from the tokens on the left to those on the right that they attend to."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.text_tools.spelling import visible
from gendesk.widgets.theme import changes_look, current_colors

_FAINTEST = 0.06  # of the strongest line: what is below is not drawn
_WIDEST = 480  # pixels: longer lines are hard to follow
_MARGIN, _GAP = 8.0, 8.0


class AttentionLines(QWidget):
    """The mouse or Up and Down choose a token on the left, at first the last one; the wider its lines, the more."""

    chosen = Signal(int)  # a token

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty_text = ""
        self._pieces: tuple[str, ...] = ()
        self._weights: NDArray[np.float32] = np.zeros((0, 0), np.float32)
        self._row = -1
        self.setAccessibleName(self.tr("Attention lines"))
        self.setToolTip(self.tr("Point at a token on the left to see only what it looks at; arrow keys do the same"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 160)

    @property
    def row(self) -> int:
        """The token whose lines are drawn, -1 without any."""
        return self._row

    def set_weights(self, pieces: Sequence[str], weights: NDArray[np.float32]) -> None:
        """Show how much each piece looks at each: (pieces, pieces) in 0..1, a row for each that looks."""
        self._pieces, self._weights = tuple(pieces), weights
        if not 0 <= self._row < len(pieces):
            self._row = len(pieces) - 1
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 360)

    def choose(self, row: int) -> None:
        """Draw the lines of another token."""
        if row == self._row or not 0 <= row < len(self._pieces):
            return
        self._row = row
        most = int(self._weights[row].argmax())
        words = self.tr("{token} looks most at {other}: {share} %")
        share = f"{100 * self._weights[row, most]:.0f}"
        self.setAccessibleDescription(
            words.format(token=visible(self._pieces[row]), other=visible(self._pieces[most]), share=share)
        )
        self.chosen.emit(row)
        self.update()

    def row_at(self, place: QPointF) -> int:
        """Return the token on the left at a height, -1 beside them."""
        if not self._pieces or place.x() > self.width() / 2:
            return -1
        row = int((place.y() - _MARGIN) / self._height)
        return row if 0 <= row < len(self._pieces) else -1

    def centre(self, row: int) -> QPointF:
        """Return where a token on the left stands."""
        return QPointF(_MARGIN + 10, _MARGIN + (row + 0.5) * self._height)

    @property
    def _strengths(self) -> NDArray[np.float32]:
        """What the chosen token looks at, as shares of what it looks at most: (pieces,)."""
        drawn = self._weights[self._row]
        return np.asarray(drawn / max(float(drawn.max()), 1e-9), np.float32)

    @property
    def _height(self) -> float:
        return min(24.0, (self.height() - 2 * _MARGIN) / max(1, len(self._pieces)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colors = QPainter(self), current_colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(colors.surface))
        if not self._pieces:
            draw_empty_text(painter, QRectF(self.rect()), self.empty_text)
            painter.end()
            return
        font = self.font()
        font.setPixelSize(max(6, min(13, int(self._height * 0.85))))
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        names = [visible(piece) for piece in self._pieces]
        wide = min(max(map(metrics.horizontalAdvance, names)), 0.35 * self.width())
        spare = max(0.0, (self.width() - _WIDEST) / 2)
        left, right = spare + _MARGIN + wide + _GAP, self.width() - spare - _MARGIN - wide - _GAP
        self._paint_lines(painter, left, right)
        self._paint_names(painter, names, (wide, left, right))
        painter.end()

    def _paint_names(self, painter: QPainter, names: Sequence[str], places: tuple[float, float, float]) -> None:
        colors, (wide, left, right) = current_colors(), places
        middle = Qt.AlignmentFlag.AlignVCenter
        for row, name in enumerate(names):
            top = _MARGIN + row * self._height
            cut = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, round(wide) + 1)
            painter.setPen(QColor(colors.accent if row == self._row else colors.text))
            side = QRectF(left - _GAP - wide - 1, top, wide + 2, self._height)
            painter.drawText(side, middle | Qt.AlignmentFlag.AlignRight, cut)
            seen = self._strengths[row] >= _FAINTEST
            painter.setPen(QColor(colors.text if seen else colors.muted))
            painter.drawText(QRectF(right + _GAP, top, wide + 2, self._height), middle, cut)

    def _paint_lines(self, painter: QPainter, left: float, right: float) -> None:
        color = QColor(current_colors().accent)
        for other, weight in enumerate(self._strengths.tolist()):
            if weight >= _FAINTEST:
                color.setAlphaF(min(1.0, 0.15 + 0.85 * weight))
                painter.setPen(QPen(color, 0.75 + 3.25 * weight))
                painter.drawLine(QPointF(left, self.centre(self._row).y()), QPointF(right, self.centre(other).y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.choose(self.row_at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None or not self._pieces:
            super().keyPressEvent(event)
        else:
            self.choose(min(max(self._row + step, 0), len(self._pieces) - 1))

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)
