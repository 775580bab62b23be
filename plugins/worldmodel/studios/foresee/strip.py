"""Two rows of frames: those of the race, and below them those that M foresaw."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.pictures.picture import to_qimage
from gendesk.widgets.theme import changes_look, current_colors

from ...foreseeing import Foreseen, Recorded
from ..filmstrip.screen import sharp

_SIDE = 64  # pixels of a frame
_ENLARGED, _LARGEST = 84, 192
_GAP = 3


class Strip(QAbstractScrollArea):
    """Every so many steps a frame of the race above the one that M foresaw; a click or an arrow chooses a step."""

    moved = Signal(int)  # the place of a step, counted from 0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName(self.tr("Frames, real and foreseen"))
        self.setToolTip(self.tr("Above the frames of the race, below what M foresaw; click to choose a step"))
        self.empty_text = ""
        self.places: NDArray[np.int64] = np.zeros(0, np.int64)
        self._columns: list[tuple[QImage, QImage]] = []
        self._start = self._place = 0
        self._drawn: dict[tuple[int, int, int], QImage] = {}
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)
        self.setMinimumHeight(2 * _SIDE + self._head() + 3 * _GAP + self.horizontalScrollBar().sizeHint().height())

    def set_empty_text(self, text: str) -> None:
        """Set the sentence shown while there are no frames."""
        self.empty_text = text
        self.viewport().update()

    def show_foreseen(self, race: Recorded | None, found: Foreseen | None, every: int) -> None:
        """Show every so many steps of what was foreseen, or nothing."""
        self._columns, self._drawn, self.places = [], {}, np.zeros(0, np.int64)
        if race is not None and found is not None:
            self._start = found.start
            self.places = np.arange(every - 1, len(found.codes), every)
            self._columns = [
                (to_qimage(race.frames[found.start + 1 + place]), to_qimage(found.pictures[place]))
                for place in self.places.tolist()
            ]
        self._arrange()

    def show_place(self, place: int) -> None:
        """Frame the step that is chosen, if it is on the strip, and let it be seen."""
        self._place = place
        column = self._column()
        if column is not None:
            bar, cell = self.horizontalScrollBar(), self._cell()
            left = column * cell
            if left < bar.value() or left + cell > bar.value() + bar.pageStep():
                bar.setValue(left - (bar.pageStep() - cell) // 2)
        self.viewport().update()

    def _column(self) -> int | None:
        """Return the column of the step that is chosen."""
        found = np.flatnonzero(self.places == self._place)
        return int(found[0]) if len(found) else None

    def _head(self) -> int:
        return self.fontMetrics().height() + 2

    def _side(self) -> int:
        """Return how many logical pixels wide a frame is; one that is hardly enlarged would only look worse."""
        room = (self.viewport().height() - self._head() - 3 * _GAP) // 2
        return min(room, _LARGEST) if room >= _ENLARGED else _SIDE

    def _cell(self) -> int:
        return self._side() + _GAP

    def _margin(self) -> int:
        """Return how wide the names of the rows are."""
        return max(self.fontMetrics().horizontalAdvance(name) for name in self._names()) + 12

    def _names(self) -> tuple[str, str]:
        return self.tr("real"), self.tr("foreseen")

    def sizeHint(self) -> QSize:
        return QSize(440, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        bar, page = self.horizontalScrollBar(), max(1, self.viewport().width() - self._margin())
        bar.setRange(0, max(0, len(self._columns) * self._cell() - page))
        bar.setPageStep(page)
        bar.setSingleStep(self._cell())
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self.viewport().update()

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors, area = current_colors(), self.viewport().rect()
        painter = QPainter(self.viewport())
        painter.fillRect(area, QColor(colors.picture_ground if self._columns else colors.surface))
        if not self._columns:
            draw_empty_text(painter, QRectF(area), self.empty_text)
            painter.end()
            return
        side, cell, head = self._side(), self._cell(), self._head()
        left = self._margin() - self.horizontalScrollBar().value()
        for column in range(len(self._columns)):
            x = left + column * cell
            if x + cell > 0 and x < area.width():
                self._paint_column(painter, column, QPoint(x, head), side)
        painter.fillRect(QRect(0, 0, self._margin() - _GAP, area.height()), QColor(colors.window))
        painter.setPen(QColor(colors.muted))
        for row, name in enumerate(self._names()):
            where = QRect(0, head + row * cell, self._margin() - 2 * _GAP, side)
            painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)
        painter.end()

    def _paint_column(self, painter: QPainter, column: int, corner: QPoint, side: int) -> None:
        colors, ratio = current_colors(), self.devicePixelRatioF()
        chosen = int(self.places[column]) == self._place
        painter.setPen(QColor(colors.text if chosen else colors.muted))
        step = str(self._start + 1 + int(self.places[column]))
        painter.drawText(QRect(corner.x(), 0, side, corner.y()), Qt.AlignmentFlag.AlignCenter, step)
        for row, image in enumerate(self._columns[column]):
            key = column, row, round(side * ratio)
            if key not in self._drawn:
                self._drawn[key] = sharp(image, key[2])
                self._drawn[key].setDevicePixelRatio(ratio)
            painter.drawImage(QPoint(corner.x(), corner.y() + row * (side + _GAP)), self._drawn[key])
        if chosen:
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.drawRect(QRect(corner.x() - 1, corner.y() - 1, side + 2, 2 * side + _GAP + 2))

    # The mouse, the keyboard

    def _column_at(self, position: QPointF) -> int | None:
        x = position.x() - self._margin()
        column = int((x + self.horizontalScrollBar().value()) // self._cell())
        return column if x >= 0 and column < len(self._columns) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        column = self._column_at(event.position())
        if column is not None:
            self.moved.emit(int(self.places[column]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and self._columns:
            near = int(np.abs(self.places - self._place).argmin())
            self.moved.emit(int(self.places[max(0, min(len(self.places) - 1, near + step))]))
        else:
            super().keyPressEvent(event)
