"""The sum of the rewards and the actions over a whole race, with a cursor at the frame that is shown."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.theme import changes_look, current_colors

from ...racing.episodes import Played
from .words import HIT, names, number, sentence

_SCORE = 2.4  # heights of an action that the score has
_GAP = 4
_SMALL = 0.9  # of the font
_CURVES = (7, 2, 1)  # colours of steering, gas and brake, among those of curves


class RaceChart(QWidget):
    """Rows of score, steering, gas and brake; a click or a drag chooses a frame, and so do left and right."""

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._played: Played | None = None
        self._scores: NDArray[np.float64] = np.zeros(1)
        self._current = 0
        self._picture = QPixmap()
        self.setAccessibleName(self.tr("Score and actions over the race"))
        self.setToolTip(self.tr("The sum of the rewards, and the actions, over the race; click to go to a frame"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def scores(self) -> NDArray[np.float64]:
        """The sum of the rewards before each frame, 0 before the first."""
        return self._scores

    def set_race(self, played: Played | None) -> None:
        """Show a race, or none."""
        self._played = played
        self._scores = np.zeros(1) if played is None else np.concatenate([np.zeros(1), played.rewards.cumsum()])
        self._current = 0
        self._repaint()

    def show_frame(self, frame: int) -> None:
        """Put the cursor on a frame."""
        self._current = frame
        if self._played is not None:
            self.setAccessibleDescription(sentence(self._played, frame))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, 130)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 96)

    # Where things lie

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(_SMALL * font.pointSizeF())
        return font

    def _left(self) -> int:
        """Return how wide names and values are, at the left of the curves."""
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(name) for name in (*names(), self.tr("score")))
        return widest + metrics.horizontalAdvance("\N{MINUS SIGN}0.00") + 4 * _GAP

    def _rows(self) -> list[QRectF]:
        """Return where score, steering, gas and brake are drawn."""
        left, height = self._left(), (self.height() - 5 * _GAP) / (_SCORE + 3)
        heights, top, rows = [_SCORE * height, height, height, height], float(_GAP), []
        for each in heights:
            rows.append(QRectF(left, top, max(1, self.width() - left - 2 * _GAP), each))
            top += each + _GAP
        return rows

    def _x(self, frames: NDArray[np.int64]) -> NDArray[np.float64]:
        row = self._rows()[0]
        return np.asarray(row.left() + frames / max(1, len(self._scores) - 1) * row.width())

    def _frame_at(self, x: float) -> int:
        row, last = self._rows()[0], len(self._scores) - 1
        return max(0, min(last, round((x - row.left()) / row.width() * last)))

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        size = (self.size().toSizeF() * ratio).toSize()
        if self._picture.size() != size:
            self._paint_picture(size, ratio)
        painter.drawPixmap(0, 0, self._picture)
        if self._played is not None:
            self._paint_cursor(painter, self._played)
        painter.end()

    def _paint_picture(self, size: QSize, ratio: float) -> None:
        """Draw what does not follow the cursor, once."""
        colors = current_colors()
        self._picture = QPixmap(size)
        self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(QColor(colors.surface))
        painter = QPainter(self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._played is None:
            draw_empty_text(painter, QRectF(self.rect()), self.tr("Score and actions appear here."))
        else:
            rows = self._rows()
            self._paint_score(painter, rows[0], self._played)
            for index, row in enumerate(rows[1:]):
                color = QColor(colors.curves[_CURVES[index]])
                self._paint_action(painter, row, self._played.actions[:, index], -1 if index == 0 else 0, color)
        painter.end()

    def _paint_score(self, painter: QPainter, row: QRectF, played: Played) -> None:
        colors = current_colors()
        low, high = min(0.0, float(self._scores.min())), max(1.0, float(self._scores.max()))
        y = row.bottom() - (self._scores - low) / (high - low) * row.height()
        zero = row.bottom() + low / (high - low) * row.height()
        painter.setPen(QPen(QColor(colors.grid), 1))
        painter.drawLine(QPointF(row.left(), zero), QPointF(row.right(), zero))
        hits = np.flatnonzero(played.rewards > HIT) + 1
        painter.setPen(QPen(QColor(colors.good), 1))
        for x in self._x(hits).tolist():
            painter.drawLine(QPointF(x, row.bottom() - 5), QPointF(x, row.bottom()))
        painter.setPen(QPen(QColor(colors.curves[0]), 1.6))
        painter.drawPolyline(_points(self._x(np.arange(len(y))), y))

    def _paint_action(
        self, painter: QPainter, row: QRectF, values: NDArray[np.float32], low: int, color: QColor
    ) -> None:
        """Fill between zero and the values, each of which holds from its frame to the next."""
        painter.fillRect(row, QColor(current_colors().window))
        frames = np.arange(len(values) + 1).repeat(2)[1:-1]
        y = row.bottom() - (np.clip(values, low, 1).astype(np.float64).repeat(2) - low) / (1 - low) * row.height()
        zero = row.bottom() + low / (1 - low) * row.height()
        x = self._x(frames)
        outline = _points(np.concatenate([x[:1], x, x[-1:]]), np.concatenate([[zero], y, [zero]]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(outline)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_cursor(self, painter: QPainter, played: Played) -> None:
        colors, rows = current_colors(), self._rows()
        x = float(self._x(np.array([self._current]))[0])
        painter.setPen(QPen(QColor(colors.accent), 1.5))
        painter.drawLine(QPointF(x, rows[0].top()), QPointF(x, rows[-1].bottom()))
        painter.setFont(self._small())
        done = played.actions[self._current].tolist() if self._current < len(played.actions) else [0.0] * 3
        texts = [number(float(self._scores[self._current]), ".1f"), *(number(value, ".2f") for value in done)]
        flags = Qt.AlignmentFlag
        for name, text, row in zip((self.tr("score"), *names()), texts, rows, strict=True):
            where = QRectF(2 * _GAP, row.top(), row.left() - 4 * _GAP, row.height())
            painter.setPen(QColor(colors.muted))
            painter.drawText(where, flags.AlignLeft | flags.AlignVCenter, name)
            painter.setPen(QColor(colors.text))
            painter.drawText(where, flags.AlignRight | flags.AlignVCenter, text)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _repaint(self) -> None:
        self._picture = QPixmap()
        self.update()

    # The mouse, the keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._played is not None:
            self.moved.emit(self._frame_at(event.position().x()))
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._played is not None:
            self.moved.emit(self._frame_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._scores) - 1
        go = {
            Qt.Key.Key_Left: self._current - 1,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if self._played is not None and event.key() in go:
            self.moved.emit(max(0, min(last, go[Qt.Key(event.key())])))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._repaint()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self._repaint()


def _points(x: NDArray[np.float64], y: NDArray[np.float64]) -> QPolygonF:
    return QPolygonF([QPointF(*point) for point in np.stack([x, y], 1).tolist()])
