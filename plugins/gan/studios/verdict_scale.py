"""Where a critic's score lies among those of real and of generated pictures."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.widgets.theme import changes_look, current_colors

_HEIGHT = 96  # logical pixels, like the next
_EDGE = 16
_BAR = 8
_TICK = 10


class VerdictScale(QWidget):
    """A scale from made to real: a tick for each known picture, real ones above and generated ones below the bar.

    Probabilities lie on a scale from 0 to 1; scores without bounds on one that reaches from the lowest to the highest.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._probabilities = True
        self._real = self._generated = np.zeros(0, np.float32)
        self._score: float | None = None
        self.setAccessibleName(self.tr("Verdict"))
        self.setToolTip(
            self.tr(
                "The critic's score of this picture, the farther right the more real; the ticks are the scores of real "
                "pictures (above) and of generated ones (below), the long ticks their means"
            )
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def set_known(self, real: NDArray[np.float32], generated: NDArray[np.float32], *, probabilities: bool) -> None:
        """Take the scores (count,) of real and of generated pictures."""
        self._real, self._generated, self._probabilities = real, generated, probabilities
        self.update()

    def set_score(self, score: float | None) -> None:
        """Show the verdict on the picture, or none."""
        self._score = score
        self.setAccessibleDescription("" if score is None else self.words(score))
        self.update()

    def words(self, score: float) -> str:
        """Say a verdict in words."""
        if self._probabilities:
            return self.tr("{percent} % real").format(percent=f"{score * 100:.1f}")
        return self.tr("score {score}").format(score=_number(score))

    def ends(self) -> tuple[float, float]:
        """Return the scores at both ends of the scale."""
        if self._probabilities:
            return 0.0, 1.0
        known = np.concatenate([self._real, self._generated, [] if self._score is None else [self._score]])
        if not len(known):
            return 0.0, 1.0
        low, high = float(known.min()), float(known.max())
        room = max(0.08 * (high - low), 1e-6)
        return low - room, high + room

    def place_of(self, score: float) -> float:
        """Return where a score lies across the widget, in logical pixels."""
        low, high = self.ends()
        return _EDGE + (self.width() - 2 * _EDGE) * min(1.0, max(0.0, (score - low) / (high - low)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colors = QPainter(self), current_colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = self.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.grid))
        bar = QRectF(_EDGE, top, self.width() - 2 * _EDGE, _BAR)
        painter.drawRoundedRect(bar, 4, 4)
        self._paint_ticks(painter, self._real, top - 2, -1, colors.curves[2])
        self._paint_ticks(painter, self._generated, top + _BAR + 2, 1, colors.curves[1])
        self._paint_names(painter, bar)
        if self._score is not None:
            self._paint_score(painter, bar, self._score)
        painter.end()

    def _paint_ticks(self, painter: QPainter, scores: NDArray[np.float32], start: float, way: int, color: str) -> None:
        faint = QColor(color)
        faint.setAlphaF(0.5)
        painter.setPen(QPen(faint, 1.25))
        for score in scores.tolist():
            x = self.place_of(score)
            painter.drawLine(QPointF(x, start), QPointF(x, start + way * _TICK))
        if len(scores):
            x = self.place_of(float(scores.mean()))
            painter.setPen(QPen(QColor(color), 2.5))
            painter.drawLine(QPointF(x, start), QPointF(x, start + way * (_TICK + 4)))

    def _paint_names(self, painter: QPainter, bar: QRectF) -> None:
        """Say below the bar what its ends mean, and what the ticks are."""
        colors, metrics = current_colors(), QFontMetricsF(self.font())
        line = QRectF(bar.left() - 8, self.height() - metrics.height() - 2, bar.width() + 16, metrics.height() + 2)
        low, high = ("0 %", "100 %") if self._probabilities else map(_number, self.ends())
        painter.setPen(QColor(colors.muted))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, self.tr("made, {end}").format(end=low))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight, self.tr("real, {end}").format(end=high))
        if not len(self._real) + len(self._generated):
            return
        parts = ((self.tr("real"), colors.curves[2]), (self.tr("generated"), colors.curves[1]))
        widths = [metrics.horizontalAdvance(f"\N{BLACK UP-POINTING TRIANGLE} {name}") for name, _ in parts]
        x = line.center().x() - (sum(widths) + 12) / 2
        if x < line.left() + metrics.horizontalAdvance(self.tr("made, {end}").format(end=low)) + 8:
            return  # in a narrow panel the tool tip says it
        for (name, color), width, mark in zip(
            parts, widths, "\N{BLACK UP-POINTING TRIANGLE}\N{BLACK DOWN-POINTING TRIANGLE}", strict=True
        ):
            painter.setPen(QColor(color))
            painter.drawText(
                QRectF(x, line.top(), width + 4, line.height()), Qt.AlignmentFlag.AlignLeft, f"{mark} {name}"
            )
            x += width + 12

    def _paint_score(self, painter: QPainter, bar: QRectF, score: float) -> None:
        colors, x = current_colors(), self.place_of(score)
        painter.setPen(QPen(QColor(colors.surface), 1.5))
        painter.setBrush(QColor(colors.accent))
        painter.drawPolygon(
            QPolygonF([QPointF(x, bar.bottom() + 2), QPointF(x - 8, bar.top() - 12), QPointF(x + 8, bar.top() - 12)])
        )
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        metrics, text = QFontMetricsF(font), self.words(score)
        width = metrics.horizontalAdvance(text) + 4
        left = min(max(0.0, x - width / 2), self.width() - width)
        painter.setPen(QColor(colors.text))
        painter.drawText(QRectF(left, 0, width, metrics.height() + 2), Qt.AlignmentFlag.AlignCenter, text)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)


def _number(value: float) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 or value == 0 else 4
    return f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")
