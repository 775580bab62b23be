"""The lane of velocities below the notes: a stem for each note, to be dragged."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from gendesk.music.score import Note
from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.piano_roll import editing
from gendesk.widgets.piano_roll.document import RollDocument
from gendesk.widgets.piano_roll.look import between, track_color
from gendesk.widgets.piano_roll.navigation import Navigation
from gendesk.widgets.piano_roll.painting import bar_lines
from gendesk.widgets.piano_roll.view import Viewport
from gendesk.widgets.theme import changes_look, current_colors

HEIGHT = 80
_MARGIN = 8.0  # pixels above 127 and below 0
_NEAR = 5.0  # pixels beside a stem that still grab it


class VelocityLane(QWidget):
    """Shows how hard notes are struck. A drag that begins at a selected note changes all that are selected; any other
    draws: each stem that the mouse passes gets its height."""

    def __init__(self, document: RollDocument, viewport: Viewport, parent: QWidget) -> None:
        super().__init__(parent)
        self._document, self._viewport = document, viewport
        self._press: QPointF | None = None
        self._last = QPointF()
        self._together = False
        self._changes: editing.Changes = {}
        self._picture: QPixmap | None = None
        self._navigation = Navigation(self, viewport, rows=False)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(self.tr("Velocities"))
        self.setToolTip(
            self.tr(
                "How hard each note is struck, 1 to 127; higher is louder. Drag a selected stem to change all that are "
                "selected, drag elsewhere to draw. Keys in the notes: Ctrl with up and down."
            )
        )
        viewport.times_changed.connect(self.redraw)
        for signal in (document.changed, document.selected, document.drafted):
            signal.connect(self.redraw)

    def sizeHint(self) -> QSize:
        return QSize(640, HEIGHT)

    def redraw(self) -> None:
        """Paint everything anew."""
        self._picture = None
        self.update()

    def level(self, velocity: float) -> float:
        """Return the height of a velocity in pixels."""
        return _MARGIN + (1 - velocity / 127) * (self.height() - 2 * _MARGIN)

    def _velocity(self, y: float) -> int:
        return min(127, max(1, round((1 - (y - _MARGIN) / (self.height() - 2 * _MARGIN)) * 127)))

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = painter.deviceTransform().m11()
        size = (self.size().toSizeF() * ratio).toSize()
        if self._picture is None or self._picture.size() != size:
            self._picture = self._painted(size, ratio)
        painter.drawPixmap(0, 0, self._picture)
        painter.end()

    def _painted(self, size: QSize, ratio: float) -> QPixmap:
        colors, view, document = current_colors(), self._viewport.view, self._document
        picture = QPixmap(size)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(colors.surface))
        painter = QPainter(picture)
        painter.setFont(self.font())
        width = float(self.width())
        painter.setPen(QPen(QColor(colors.grid), 1))
        painter.drawLines(
            [QLineF(0, round(self.level(v)) + 0.5, width, round(self.level(v)) + 0.5) for v in (0, 64, 127)]
        )
        painter.setPen(QPen(QColor(colors.border), 1))
        bars = np.round(view.x(bar_lines(view, width, document.bars))) + 0.5
        painter.drawLines([QLineF(x, 0, x, self.height()) for x in bars.tolist()])
        painter.drawLine(QLineF(0, 0.5, width, 0.5))
        index, draft = document.index, document.draft
        last = view.beat(width)
        found = index.within(view.left, last)
        found = found[index.start[found] >= view.left]
        if draft and draft.hidden:
            found = found[~index.mask(draft.hidden)[found]]
        if not len(index) and document.score.note_count:
            draw_empty_text(painter, QRectF(self.rect()), self.tr("Velocities of this track's notes will appear here."))
        color = QColor(track_color(colors, document.track))
        columns = np.rint(view.x(index.start[found])).astype(np.int64)
        if len(columns) > width / 6:
            # A whole lane of the full colour would shout.
            self._paint_crowd(painter, columns, index.velocity[found], between(colors.surface, color.name()))
        else:
            self._paint_stems(painter, columns.tolist(), index.velocity[found].tolist(), color, 5)
        shown = [note for note in (draft.shown if draft else document.selection) if view.left <= note.start <= last]
        ink = QColor(colors.text)
        places = np.rint(view.x(np.array([note.start for note in shown], np.float64))).astype(np.int64)
        if len(shown) > width / 6:
            self._paint_crowd(painter, places, np.array([note.velocity for note in shown], np.int64), ink)
        else:
            self._paint_stems(painter, places.tolist(), [note.velocity for note in shown], ink, 7)
        painter.end()
        return picture

    def _paint_stems(
        self, painter: QPainter, columns: list[int], velocities: list[int], color: QColor, handle: int
    ) -> None:
        """Paint stems with handles of a size in pixels."""
        painter.setPen(QPen(color, 2))
        floor = self.level(0)
        for x, velocity in zip(columns, velocities, strict=True):
            top = self.level(velocity)
            painter.drawLine(QLineF(x + 0.5, floor, x + 0.5, top))
            painter.fillRect(QRectF(x - handle // 2, top - handle // 2, handle, handle), color)

    def _paint_crowd(
        self, painter: QPainter, columns: NDArray[np.int64], velocities: NDArray[np.int64], color: QColor
    ) -> None:
        """Paint many stems as the pixels of a picture; of those that share a column the highest is seen."""
        width, height = self.width() + 1, self.height()
        highest = np.zeros(width, np.int64)
        np.maximum.at(highest, columns.clip(0, self.width()), velocities)
        tops = _MARGIN + (1 - highest / 127) * (height - 2 * _MARGIN)
        rows = np.arange(height)[:, None]
        filled = (rows >= tops) & (rows < self.level(0)) & (highest > 0)
        pixels = np.where(filled, np.uint32(color.rgba()), np.uint32(0))
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        painter.drawImage(0, 0, image)

    # Mouse

    def _notes_between(self, first: float, last: float) -> list[Note]:
        view, index = self._viewport.view, self._document.index
        begin = int(np.searchsorted(index.start, view.beat(first - _NEAR), "left"))
        stop = int(np.searchsorted(index.start, view.beat(last + _NEAR), "right"))
        return list(index.notes[begin:stop])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._document.read_only:
            return
        at = event.position()
        self._press = self._last = at
        self._changes = {}
        near = self._notes_between(at.x(), at.x())
        self._together = any(note in self._document.selection for note in near)
        self._drag(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is not None:
            self._drag(event.position())

    def _drag(self, at: QPointF) -> None:
        document = self._document
        if self._together and self._press is not None:
            by = self._velocity(at.y()) - self._velocity(self._press.y())
            self._changes = editing.louder(document.selection, by)
        else:
            self._draw(self._last, at)
        self._last = at
        document.preview(self._changes)
        self.setAccessibleDescription(self.tr("Velocity {number}").format(number=self._velocity(at.y())))

    def _draw(self, start: QPointF, end: QPointF) -> None:
        """Give the stems on a line its height; the nearest one counts if nothing was passed."""
        view = self._viewport.view
        left, right = sorted((start.x(), end.x()))
        notes = self._notes_between(left, right)
        if notes and right - left < 1:
            nearest = min(abs(view.x(note.start) - end.x()) for note in notes)
            notes = [note for note in notes if abs(view.x(note.start) - end.x()) <= nearest + 0.5]
        selection = self._document.selection
        for note in notes:
            if selection and note not in selection and any(other in selection for other in notes):
                continue
            share = (
                1.0 if right - left < 1 else min(1, max(0, (view.x(note.start) - start.x()) / (end.x() - start.x())))
            )
            self._changes |= editing.struck([note], self._velocity(start.y() + (end.y() - start.y()) * share))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._press is not None:
            self._press = None
            self._document.change(self._changes)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.redraw()
        super().changeEvent(event)
