"""The likeliest next tokens as bars to click: the longer, the likelier."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.text_tools.spelling import visible
from gendesk.widgets.theme import changes_look, current_colors

_LOW, _HIGH = 20, 32  # heights of a row in logical pixels
_GAP = 8
_KEYS = "1234567890"


class TokenBars(QWidget):
    """Rows of key, token, bar and percentage. A click, Enter, or the key of a row picks it; arrows move along."""

    picked = Signal(int)  # a row

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty_text = ""
        self._tokens: tuple[str, ...] = ()
        self._chances: NDArray[np.float64] = np.zeros(0)
        self._row = 0
        self._hovered = -1
        self.setAccessibleName(self.tr("Likeliest next tokens"))
        self.setToolTip(self.tr("Click a token to write it. Keys 1 to 9 and 0 pick a row, Enter the framed one."))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 10 * _LOW)
        self.setMaximumHeight(10 * _HIGH)

    @property
    def tokens(self) -> tuple[str, ...]:
        return self._tokens

    def set_tokens(self, tokens: Sequence[str], chances: NDArray[np.float64]) -> None:
        """Show tokens with their probabilities (tokens,) in 0..1, the likeliest first."""
        self._tokens, self._chances = tuple(tokens), chances
        self._row = min(self._row, max(0, len(tokens) - 1))
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 10 * (_LOW + 4))

    def row_rect(self, row: int) -> QRectF:
        """Where a row lies, in logical pixels."""
        height = min(_HIGH, self.height() / max(1, len(self._tokens)))
        return QRectF(0, row * height, self.width(), height)

    def row_at(self, place: QPointF) -> int:
        """Return the row under a place, -1 for none."""
        return next((row for row in range(len(self._tokens)) if self.row_rect(row).contains(place)), -1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._tokens:
            draw_empty_text(painter, QRectF(self.rect()), self.empty_text)
            painter.end()
            return
        metrics = QFontMetricsF(self.font())
        shown = [visible(token) for token in self._tokens]
        names = min(max(24.0, *(metrics.horizontalAdvance(name) for name in shown)), 0.4 * self.width())
        for row, name in enumerate(shown):
            self._paint_row(painter, row, name, names)
        painter.end()

    def _paint_row(self, painter: QPainter, row: int, name: str, names: float) -> None:
        colors, area, chance = current_colors(), self.row_rect(row), float(self._chances[row])
        metrics = QFontMetricsF(self.font())
        key = _KEYS[row] if row < len(_KEYS) else ""
        if row == self._hovered:
            painter.fillRect(area, QColor(colors.grid))
        middle = Qt.AlignmentFlag.AlignVCenter
        keys = metrics.horizontalAdvance("0")
        painter.setPen(QColor(colors.muted))
        painter.drawText(QRectF(_GAP, area.top(), keys, area.height()), middle, key)
        left = 2 * _GAP + keys
        painter.setPen(QColor(colors.text))
        cut = metrics.elidedText(name, Qt.TextElideMode.ElideRight, names + 1)
        painter.drawText(QRectF(left, area.top(), names + 2, area.height()), middle, cut)
        numbers = metrics.horizontalAdvance("100.0 %")
        track = QRectF(left + names + _GAP, area.center().y() - 6, 0, 12)
        track.setRight(max(track.left() + 8, self.width() - 2 * _GAP - numbers))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.grid if row != self._hovered else colors.border))
        painter.drawRoundedRect(track, 2, 2)
        painter.setBrush(QColor(colors.accent))
        painter.drawRoundedRect(QRectF(track.left(), track.top(), max(1.0, track.width() * chance), 12), 2, 2)
        painter.setPen(QColor(colors.muted))
        place = QRectF(track.right(), area.top(), self.width() - _GAP - track.right(), area.height())
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, percent(chance))
        if row == self._row and self.hasFocus():
            painter.setPen(QPen(QColor(colors.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1.5, 1, -1.5, -1), 3, 3)

    def _describe(self) -> None:
        if self._tokens:
            words = f"{visible(self._tokens[self._row])}: {percent(float(self._chances[self._row]))}"
            self.setAccessibleDescription(words)

    def _pick(self, row: int) -> None:
        self._row = row
        self._describe()
        self.update()
        self.picked.emit(row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self._pick(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.row_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._tokens) - 1
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        row = _KEYS.find(event.text()) if event.text() else -1
        if last < 0:
            super().keyPressEvent(event)
        elif step is not None:
            self._row = min(max(self._row + step, 0), last)
            self._describe()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pick(self._row)
        elif 0 <= row <= last:
            self._pick(row)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)


def percent(share: float) -> str:
    """Return a share in 0..1 as a percentage with one digit behind the point."""
    return f"{100 * share:.1f} %"
