"""What is drawn in the notes' area: a picture that is kept, and upon it what moves."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from gendesk.music.score import Note
from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.piano_roll.document import RollDocument
from gendesk.widgets.piano_roll.gestures import Place
from gendesk.widgets.piano_roll.look import Look, track_color
from gendesk.widgets.piano_roll.painting import (
    Layer,
    paint_chosen,
    paint_ground,
    paint_layers,
    paint_names,
    rows_in_view,
)
from gendesk.widgets.piano_roll.view import RollView, Viewport
from gendesk.widgets.theme import current_colors


class RollPicture:
    """The grid and the notes in view, but for those that a drag hides; painted anew only when it is stale."""

    def __init__(self, document: RollDocument, viewport: Viewport) -> None:
        self._document, self._viewport = document, viewport
        self.stale = True
        self.look = Look()
        self.empty_text = ""
        self._pixels = QPixmap()
        self._hidden: frozenset[Note] = frozenset()

    def take_draft(self) -> None:
        """Become stale if a drag hides other notes; mostly they are the same for all of it."""
        if self._hidden_by_draft() != self._hidden:
            self.stale = True

    def _hidden_by_draft(self) -> frozenset[Note]:
        return self._document.draft.hidden if self._document.draft else frozenset()

    def paint(self, painter: QPainter, area: QSizeF) -> None:
        """Draw the picture of an area in logical pixels."""
        ratio = painter.deviceTransform().m11()
        size = (area * ratio).toSize()
        if self._pixels.size() != size:
            self._pixels = QPixmap(size)
            self._pixels.setDevicePixelRatio(ratio)
            self.stale = True
        if self.stale:
            self.stale = False
            inner = QPainter(self._pixels)
            inner.setFont(painter.font())
            self._paint_all(inner, (area.width(), area.height()))
            inner.end()
        painter.drawPixmap(0, 0, self._pixels)

    def _paint_all(self, painter: QPainter, area: tuple[float, float]) -> None:
        document, view, look, colors = self._document, self._viewport.view, self.look, current_colors()
        self._hidden = self._hidden_by_draft()
        index = document.index
        hidden = index.mask(self._hidden) if self._hidden else None
        layers = [
            Layer(other, number, ghost=not look.full)
            for number, other in enumerate(document.indexes)
            if number != document.track and (look.ghosts or look.full)
        ]
        layers.append(Layer(index, document.track, hidden=hidden))
        paint_ground(painter, view, area, document.bars, look, document.step, colors, drums=document.is_drums)
        painted = paint_layers(painter, view, area, layers, look, colors)
        paint_names(painter, view, index, painted, look, drums=document.is_drums)
        if not any(map(len, document.indexes)):
            draw_empty_text(painter, QRectF(0, 0, *area), self.empty_text)

    def paint_moving(self, painter: QPainter, area: QSizeF, part: QRect) -> None:
        """Draw the notes that are selected or dragged, as far as a part of the area shows them."""
        document, view, colors = self._document, self._viewport.view, current_colors()
        first, last = view.beat(part.left() - 4), view.beat(part.right() + 4)
        low, high = rows_in_view(view, part.bottom())

        def seen(note: Note) -> bool:
            return note.start <= last and note.end >= first and low <= note.pitch <= high

        draft = document.draft
        chosen = [note for note in document.selection if seen(note) and not (draft and note in draft.hidden)]
        size = (area.width(), area.height())
        paint_chosen(painter, view, size, chosen, None, colors)
        if draft:
            fill = QColor(track_color(colors, document.track))
            paint_chosen(painter, view, size, [note for note in draft.shown if seen(note)], fill, colors)


def paint_playhead(painter: QPainter, view: RollView, beat: float, height: int) -> None:
    """Draw the line at the place that is heard."""
    x = round(view.x(beat)) + 0.5
    painter.setPen(QPen(QColor(current_colors().bad), 2))
    painter.drawLine(QPointF(x, 0), QPointF(x, height))


def paint_rectangle(painter: QPainter, view: RollView, start: Place, end: Place) -> None:
    """Draw the rectangle that selects notes."""
    accent = QColor(current_colors().accent)
    top, bottom = view.y(float(max(start.pitch, end.pitch))), view.y(float(min(start.pitch, end.pitch)))
    painter.setPen(QPen(accent, 1))
    accent.setAlphaF(0.15)
    painter.setBrush(accent)
    left, right = sorted((view.x(start.beat), view.x(end.beat)))
    painter.drawRect(QRectF(left, top, right - left, bottom + view.row_height - top))
