"""A landscape seen from above, with the search that is under way on it."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from gendesk.widgets.theme import changes_look, current_colors

from ...playground import Generation, Landscape, Search, Values
from .painting import (
    Phase,
    Projection,
    landscape_picture,
    paint_distribution,
    paint_generation,
    paint_lowest,
    paint_trail,
)

_HEAD = 20  # pixels above the picture for its title
_MARGIN = 2
_BETWEEN = 12  # pixels, at least, between the title and what stands at the right
_NUDGE = 0.02  # of the width, for an arrow key
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}


class LandscapeView(QWidget):
    """`start_chosen` carries the place (2,) where a search is to begin, `hovered` that under the mouse, or None."""

    start_chosen = Signal(object)
    hovered = Signal(object)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self._search: Search | None = None
        self._shown: tuple[Generation, Phase] | None = None
        self._picture: tuple[Landscape, int, QImage] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("Landscape, {title}").format(title=title))
        self.setToolTip(
            self.tr(
                "Click to begin the search there, or move its start with the arrow keys.\nThe bluer, the lower; green "
                "rings are the lowest places. Filled: chosen candidates. Dashed: the distribution before the move."
            )
        )

    @property
    def shown(self) -> tuple[Generation, Phase] | None:
        """The generation in view and how far it has come, or None before the first."""
        return self._shown

    @property
    def projection(self) -> Projection | None:
        return None if self._search is None else Projection(self._search.landscape, self._plot())

    def show_search(self, search: Search, phase: Phase) -> None:
        """Show where a search is: its last generation as far as a phase, or only its start."""
        self._search = search
        self._shown = (search.generations[-1], phase) if search.generations else None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, 300 + _HEAD)

    def minimumSizeHint(self) -> QSize:
        return QSize(150, 150 + _HEAD)

    def paintEvent(self, _event: QPaintEvent) -> None:
        projection = self.projection
        if projection is None or self._search is None:
            return
        colors, plot = current_colors(), projection.plot
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_title(painter, plot)
        painter.drawImage(plot, self._landscape(projection))
        painter.setClipRect(plot)
        paint_lowest(painter, projection)
        if self._shown is None:
            mean, covariance = self._search.mean, self._search.covariance
            paint_distribution(painter, projection, mean, covariance, QColor(colors.text))
        else:
            generation, phase = self._shown
            paint_trail(painter, projection, self._search.trail[: generation.number])
            paint_generation(painter, projection, generation, phase)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors.accent if self.hasFocus() else colors.border), 1))
        painter.drawRect(plot)
        painter.end()

    def _paint_title(self, painter: QPainter, plot: QRectF) -> None:
        colors = current_colors()
        text = self.tr("Start")
        if self._shown is not None:
            text = self.tr("Generation {number}").format(number=self._shown[0].number)
        font = self.font()
        font.setBold(True)
        words = QFontMetricsF(font).horizontalAdvance(self.title) + QFontMetricsF(self.font()).horizontalAdvance(text)
        # What stands above a small picture may be wider than it.
        aside = max(0.0, min(plot.left(), (words + _BETWEEN - plot.width()) / 2))
        head = QRectF(plot.left() - aside, plot.top() - _HEAD, plot.width() + 2 * aside, _HEAD - 2)
        painter.setPen(QColor(colors.text))
        painter.setFont(font)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.title)
        painter.setFont(self.font())
        painter.setPen(QColor(colors.muted))
        painter.drawText(head, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _landscape(self, projection: Projection) -> QImage:
        """Return the picture of the landscape, which is made anew only for another one, or another size."""
        side = max(1, round(projection.plot.width() * self.devicePixelRatioF()))
        kept = self._picture
        if kept is None or kept[0] is not projection.landscape or kept[1] != side:
            kept = projection.landscape, side, landscape_picture(projection.landscape, side)
            self._picture = kept
        return kept[2]

    def _plot(self) -> QRectF:
        side = max(16, min(self.width() - 2 * _MARGIN, self.height() - _HEAD - 2 * _MARGIN))
        return QRectF((self.width() - side) // 2, _HEAD + _MARGIN, side, side)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place(event.position())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.start_chosen.emit(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered.emit(self._place(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrow = _ARROWS.get(Qt.Key(event.key()))
        if arrow is None or self._search is None:
            super().keyPressEvent(event)
            return
        landscape = self._search.landscape
        place = self._search.trail[0] + _NUDGE * landscape.width * np.array(arrow)
        self.start_chosen.emit(np.clip(place, landscape.low, landscape.high))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self._picture = None
            self.update()

    def _place(self, position: QPointF) -> Values | None:
        projection = self.projection
        if projection is None or not projection.plot.contains(position):
            return None
        return projection.to_place(position)
