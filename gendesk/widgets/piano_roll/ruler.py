"""The ruler above a roll: bars and beats, the loop and the playhead."""

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from gendesk.music.score import Score
from gendesk.widgets.piano_roll.document import RollDocument
from gendesk.widgets.piano_roll.grid import Bars, snapped
from gendesk.widgets.piano_roll.navigation import Navigation
from gendesk.widgets.piano_roll.painting import bar_lines
from gendesk.widgets.piano_roll.view import RollView, Viewport
from gendesk.widgets.theme import Colors, changes_look, current_colors

HEIGHT = 32
_STILL = 4.0  # pixels: a press that moves less is a click
_GRIP = 5.0  # pixels beside an end of the loop


class RollRuler(QWidget):
    """Shows bars. A click seeks (`sought`, in beats), a drag makes a loop (`loop_changed`, its beats; equal: none)."""

    sought = Signal(float)
    loop_changed = Signal(float, float)

    def __init__(self, document: RollDocument, viewport: Viewport, parent: QWidget) -> None:
        super().__init__(parent)
        self._document, self._viewport = document, viewport
        self.loop = (0.0, 0.0)
        self._position: float | None = None
        self._press: float | None = None
        self._anchor: float | None = None  # the end of the loop that stays
        self._navigation = Navigation(self, viewport, rows=False)
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Bars"))
        self.setToolTip(
            self.tr(
                "Click to move the playhead, drag to make a loop, drag an end of the loop to change it, double click "
                "to take it away. Keys in the notes: Ctrl+G moves the playhead to the cursor, Ctrl+L makes a loop of "
                "the selection."
            )
        )
        viewport.times_changed.connect(self.update)
        document.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(640, HEIGHT)

    def set_loop(self, start: float, stop: float) -> None:
        """Show a loop; nobody is told."""
        self.loop = (min(start, stop), max(start, stop))
        self.update()

    def set_position(self, beat: float | None) -> None:
        """Move the playhead; None hides it."""
        for place in (self._position, beat):
            if place is not None:
                self.update(QRect(round(self._viewport.view.x(place)) - 7, 0, 15, self.height()))
        self._position = beat

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors, view = current_colors(), self._viewport.view
        score = self._document.score
        paint_ruler(painter, view, QRectF(self.rect()), self._document.bars, score, self.loop, colors, event.rect())
        if self._position is not None:
            x = round(view.x(self._position)) + 0.5
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.bad))
            bottom = float(self.height())
            painter.drawPolygon(QPolygonF([QPointF(x - 6, bottom - 9), QPointF(x + 6, bottom - 9), QPointF(x, bottom)]))
        painter.end()

    # Mouse

    def _beat(self, event: QMouseEvent) -> float:
        return max(0.0, self._viewport.view.beat(event.position().x()))

    def _snapped(self, event: QMouseEvent) -> float:
        free = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        return self._beat(event) if free else snapped(self._beat(event), max(self._document.step, 0.0))

    def _grip(self, x: float) -> int | None:
        """Return which end of the loop a pixel grabs: 0 or 1."""
        if self.loop[0] == self.loop[1]:
            return None
        distances = [abs(self._viewport.view.x(end) - x) for end in self.loop]
        nearest = int(np.argmin(distances))
        return nearest if distances[nearest] <= _GRIP else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = event.position().x()
            grip = self._grip(self._press)
            self._anchor = None if grip is None else self.loop[1 - grip]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._press is None:
            on_end = self._grip(x) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if on_end else Qt.CursorShape.ArrowCursor)
            return
        if self._anchor is None and abs(x - self._press) >= _STILL:
            self._anchor = snapped(max(0.0, self._viewport.view.beat(self._press)), self._document.step)
        if self._anchor is not None:
            self.set_loop(self._anchor, self._snapped(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._press is None:
            return
        if self._anchor is None:
            self.sought.emit(self._snapped(event))
        else:
            self.loop_changed.emit(*self.loop)
        self._press = self._anchor = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.loop[0] != self.loop[1]:
            self.set_loop(0.0, 0.0)
            self.loop_changed.emit(0.0, 0.0)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)


def paint_ruler(
    painter: QPainter,
    view: RollView,
    area: QRectF,
    bars: Bars,
    score: Score,
    loop: tuple[float, float],
    colors: Colors,
    part: QRect | None = None,
) -> None:
    """Paint bars with their numbers, beats, time signatures where they change, and the loop; only `part` if given."""
    painter.fillRect(part or area, QColor(colors.window))
    if loop[0] != loop[1]:
        strip = QRectF(view.x(loop[0]), 0, (loop[1] - loop[0]) * view.beat_width, area.height())
        shade = QColor(colors.accent)
        shade.setAlphaF(0.22)
        painter.fillRect(strip, shade)
        shade.setAlphaF(1)
        painter.fillRect(QRectF(strip.left(), 0, strip.width(), 4), shade)
        for x in (strip.left(), strip.right()):
            painter.fillRect(QRectF(x - 1, 0, 2, area.height()), shade)
    bottom = area.height() - 1
    painter.setPen(QPen(QColor(colors.border), 1))
    painter.drawLine(QLineF(0, bottom + 0.5, area.width(), bottom + 0.5))
    if view.beat_width >= 10:
        beats = np.round(view.x(bars.lines(view.left, view.beat(area.width()), 0.0))) + 0.5
        painter.drawLines([QLineF(x, bottom - 6, x, bottom) for x in beats.tolist()])
    meters = {round(meter.beat, 6): f"{meter.count}/{meter.unit}" for meter in score.meters}
    meters.setdefault(0.0, "4/4")
    for beat in bar_lines(view, area.width(), bars, 44.0).tolist():
        x = round(view.x(beat)) + 0.5
        painter.setPen(QColor(colors.muted))
        painter.drawLine(QLineF(x, 8, x, bottom))
        number = str(bars.number(beat) + 1)
        painter.setPen(QColor(colors.text))
        place = QRectF(x + 4, 5, 120, 16)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, flags, number)
        if round(beat, 6) in meters:
            painter.setPen(QColor(colors.muted))
            shift = painter.fontMetrics().horizontalAdvance(number) + 8
            painter.drawText(place.translated(shift, 0), flags, meters[round(beat, 6)])
