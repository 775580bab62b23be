"""How much each step of a piece surprised the network, and which steps did most."""

import math

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gendesk.engine.music.looking import Looked
from gendesk.widgets.charts.bars import BarCharts, Bars
from gendesk.widgets.charts.chart import Place
from gendesk.widgets.theme import current_colors

HARDEST = 5
_RADIUS, _ABOVE = 3.0, 6.0  # of the dots above the hardest steps


class NatsBars(BarCharts):
    """A bar for each step; dots stand above the hardest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = ()
        self.hardest: tuple[int, ...] = ()

    def words_of(self, place: Place) -> str:
        nats = float(self.charts[0].values[0, place[1]])
        return self.tr("Step {step}, {name}: {nats:.2f} nats, {bits:.2f} bits").format(
            step=place[1] + 1, name=self.names[place[1]], nats=nats, bits=nats / math.log(2)
        )

    def paint_chart(self, painter: QPainter) -> None:
        super().paint_chart(painter)
        panel = self.panels[0]
        bars = panel.bars(0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(current_colors().curves[1]))
        for step in self.hardest:
            top = max(bars[step].top() - _ABOVE, panel.box.top() - _ABOVE / 2)
            painter.drawEllipse(QPointF(bars[step].center().x(), top), _RADIUS, _RADIUS)


class SurprisePanel(QWidget):
    """Bars over the whole piece; a click goes to a step and plays on from there."""

    pointed = Signal(object)  # a step, or None
    played = Signal(int)  # a step to play from

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looked: Looked | None = None
        self.chart = NatsBars()
        self.chart.setAccessibleName(self.tr("Surprise of each step"))
        self.chart.set_empty_text(self.tr("How much each step of a piece surprised the network appears here."))
        self.chart.pointed.connect(self._point)
        self.chart.bar_clicked.connect(self._click)
        self.words = QLabel()
        self.words.setProperty("role", "muted")
        self.words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.chart, 1)
        column.addWidget(self.words)

    def show_looked(self, looked: Looked | None) -> None:
        """Show another piece, or the same one as another network sees it; None shows nothing."""
        self._looked = looked
        if looked is None:
            self.chart.clear()
            self.words.clear()
            return
        nats = looked.nats
        self.chart.names = looked.names
        self.chart.hardest = tuple(np.argsort(-nats, kind="stable")[:HARDEST].tolist())
        title = self.tr("Surprise in nats, step by step")
        self.chart.set_charts([Bars(title, nats[None], low=0.5, high=len(nats) + 0.5)])
        hard = ", ".join(
            self.tr("{name} at step {step} ({nats:.1f})").format(
                name=looked.names[step], step=step + 1, nats=float(nats[step])
            )
            for step in self.chart.hardest[:3]
        )
        self.words.setText(
            self.tr("{mean:.2f} nats a step. Hardest: {hard}. Click to hear.").format(
                mean=float(nats.mean()), hard=hard
            )
        )

    def show_step(self, step: int | None) -> None:
        """Let a step stand out; None lets none."""
        count = len(self._looked.names) if self._looked else 0
        self.chart.set_highlight(0, step if step is not None and step < count else None)

    def _point(self, place: Place | None) -> None:
        self.pointed.emit(None if place is None else place[1])

    def _click(self, _chart: int, bar: int) -> None:
        self.played.emit(bar)
