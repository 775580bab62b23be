"""How well people told a run's pictures from real ones, over the steps of its training."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from gendesk.engine.latent.quiz import StepScore
from gendesk.studios.latent.shares import percent
from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.plot.painting import paint_axes, paint_dots
from gendesk.widgets.plot.projection import Projection
from gendesk.widgets.plot.ticks import Ticks, axis_ticks
from gendesk.widgets.theme import changes_look, current_colors

_LEFT, _RIGHT, _TOP, _BELOW = 44, 24, 32, 24
_REACH = 8  # pixels around a dot in which the mouse asks for it


class QuizCurve(QWidget):
    """The share of right answers with its 95 % interval for each step, and the line of guessing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scores: Sequence[StepScore] = ()
        self._guessing = 0.5
        self.setMinimumHeight(120)
        self.setAccessibleName(self.tr("Scores over the steps of the training"))
        self.setToolTip(
            self.tr(
                "Right answers about the model of each step, with 95 % intervals. The better the model, the nearer "
                "to the broken line, which is what guessing gets."
            )
        )

    def sizeHint(self) -> QSize:
        return QSize(360, 160)

    def set_scores(self, scores: Sequence[StepScore], guessing: float = 0.5) -> None:
        """Show scores in the order of their steps, and the share in 0..1 that guessing gets."""
        self.scores, self._guessing = scores, guessing
        words = [self.words_of(score) for score in scores]
        self.setAccessibleDescription("; ".join(words[-10:]))
        self.update()

    def words_of(self, score: StepScore) -> str:
        """Return what a dot says of itself."""
        return self.tr("Step {step}: {share} right, between {low} and {high}").format(
            step=f"{score.step:,}", share=percent(score.share), low=percent(score.low), high=percent(score.high)
        )

    @property
    def projection(self) -> Projection:
        """Where steps and per cents lie."""
        steps = [score.step for score in self.scores] or [0]
        room = 0.06 * ((max(steps) - min(steps)) or max(steps) or 1)
        box = QRectF(self.rect()).adjusted(_LEFT, _TOP, -_RIGHT, -_BELOW)
        return Projection((min(steps) - room, max(steps) + room), (0.0, 100.0), box)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colors = QPainter(self), current_colors()
        painter.fillRect(self.rect(), QColor(colors.surface))
        if self.scores:
            self._paint(painter)
        else:
            draw_empty_text(painter, QRectF(self.rect()), self.tr("Your scores over the steps of the training."))
        painter.end()

    def _paint(self, painter: QPainter) -> None:
        colors, places = current_colors(), self.projection
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        painter.setFont(font)
        painter.setPen(QColor(colors.text))
        title = self.tr("Right answers in %, over the steps of the training")
        cut = QFontMetricsF(font).elidedText(title, Qt.TextElideMode.ElideRight, self.width() - 16)
        painter.drawText(QPointF(8, 18), cut)
        across = axis_ticks(*places.x, max(2, int(places.box.width() / 90)), log=False)
        up = Ticks([(float(share), str(share)) for share in (0, 25, 50, 75, 100)], [])
        paint_axes(painter, places, across, up, colors)
        guessing = float(places.down(np.array([100 * self._guessing]))[0])
        painter.setPen(QPen(QColor(colors.muted), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(places.box.left(), guessing), QPointF(places.box.right(), guessing))
        color = QColor(colors.curves[0])
        dots = self._dots()
        painter.setPen(QPen(color, 1.5))
        painter.drawPolyline(dots)
        for score, dot in zip(self.scores, dots, strict=True):
            low, high = places.down(np.array([100 * score.low, 100 * score.high])).tolist()
            painter.drawLine(QPointF(dot.x(), low), QPointF(dot.x(), high))
        paint_dots(painter, dots, color, 3.5)

    def _dots(self) -> list[QPointF]:
        places = self.projection
        xs = places.across(np.array([score.step for score in self.scores]))
        ys = places.down(np.array([100 * score.share for score in self.scores]))
        return [QPointF(*pair) for pair in zip(xs.tolist(), ys.tolist(), strict=True)]

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            for score, dot in zip(self.scores, self._dots(), strict=True):
                if (dot - QPointF(event.pos())).manhattanLength() <= _REACH:
                    QToolTip.showText(event.globalPos(), self.words_of(score), self)
                    return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)
