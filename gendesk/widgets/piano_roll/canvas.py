"""The notes' area of a piano roll: painting, mouse and keys."""

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from gendesk.music.score import Note
from gendesk.widgets.piano_roll.cursor import RollCursor
from gendesk.widgets.piano_roll.document import RollDocument, Tool
from gendesk.widgets.piano_roll.gestures import (
    DrawNote,
    EraseNotes,
    Gesture,
    MoveNotes,
    Place,
    ResizeNotes,
    SelectNotes,
)
from gendesk.widgets.piano_roll.layers import RollPicture, paint_playhead, paint_rectangle
from gendesk.widgets.piano_roll.look import Look
from gendesk.widgets.piano_roll.navigation import Navigation
from gendesk.widgets.piano_roll.view import Viewport
from gendesk.widgets.theme import changes_look

_EDGE = 6.0  # pixels of a note's end that can be grabbed
_STILL = 3.0  # pixels: a press that moves less is a click
_EDGES = Qt.CursorShape.SizeHorCursor
_CURSORS: dict[Tool, Qt.CursorShape] = {
    "select": Qt.CursorShape.ArrowCursor,
    "draw": Qt.CursorShape.CrossCursor,
    "erase": Qt.CursorShape.PointingHandCursor,
}


class RollCanvas(QWidget):
    """Shows the notes in view. All that stays while the playhead moves or a note is dragged is kept in one picture.

    `sounded` carries the pitch that is to be heard, or None; `hovered` the note under the mouse, or None; `menu_asked`
    a place on the screen; `track_wanted` the number of a track one of whose notes was double-clicked.
    """

    sounded = Signal(object)
    hovered = Signal(object)
    menu_asked = Signal(object)
    track_wanted = Signal(int)

    def __init__(self, document: RollDocument, viewport: Viewport, parent: QWidget) -> None:
        super().__init__(parent)
        self._document, self._viewport = document, viewport
        self.cursor_mark = RollCursor(document, viewport, self)
        self.picture = RollPicture(document, viewport)
        self.tool: Tool = "select"
        self._position: float | None = None
        self._gesture: Gesture | None = None
        self._pan: QPointF | None = None
        self._navigation = Navigation(self, viewport)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 96)
        self.setAccessibleName(self.tr("Notes"))
        self.setToolTip(
            self.tr(
                "Drag notes or their ends; drag over the ground to select, double click to draw. Shift leaves the "
                "grid, Ctrl adds to the selection.\nKeys: arrows move what is selected, or the cursor; with Shift "
                "octaves and lengths, with Ctrl velocities, with Alt to the next note; Enter draws or selects; Esc "
                "lets go; +, \N{MINUS SIGN} and F zoom."
            )
        )
        viewport.changed.connect(self.redraw)
        document.changed.connect(self.redraw)
        document.selected.connect(self.update)
        document.drafted.connect(self._draft_changed)
        self.cursor_mark.moved.connect(self.update)

    @property
    def look(self) -> Look:
        return self.picture.look

    def set_look(self, look: Look) -> None:
        """Show notes in another way."""
        self.picture.look = look
        self.redraw()

    def set_empty_text(self, text: str) -> None:
        """Set the sentence shown while there are no notes."""
        self.picture.empty_text = text
        self.redraw()

    def sizeHint(self) -> QSize:
        return QSize(640, 360)

    @property
    def dragging(self) -> bool:
        return self._gesture is not None

    def redraw(self) -> None:
        """Paint everything anew."""
        self.picture.stale = True
        self.update()

    def set_position(self, beat: float | None) -> None:
        """Move the playhead, which costs two narrow strips; None hides it."""
        for place in (self._position, beat):
            if place is not None:
                self.update(QRect(round(self._viewport.view.x(place)) - 2, 0, 5, self.height()))
        self._position = beat

    def _draft_changed(self) -> None:
        self.picture.take_draft()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        view = self._viewport.view
        area = self.size().toSizeF()
        self.picture.paint(painter, area)
        if self._position is not None:
            paint_playhead(painter, view, self._position, self.height())
        self.picture.paint_moving(painter, area, event.rect())
        if isinstance(self._gesture, SelectNotes):
            paint_rectangle(painter, view, *self._gesture.corners)
        if self.hasFocus():
            self.cursor_mark.paint(painter)
        painter.end()

    # Mouse

    def _place(self, event: QMouseEvent) -> Place:
        view, at = self._viewport.view, event.position()
        free = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        return Place(max(0.0, view.beat(at.x())), view.pitch(at.y()), free, _STILL / view.beat_width)

    def note_at(self, x: float, y: float) -> Note | None:
        """Return the note that can be taken hold of at a pixel."""
        view = self._viewport.view
        found = (index.at(view.beat(x), view.pitch(y), _STILL / view.beat_width) for index in self._document.reachable)
        return next((note for note in found if note is not None), None)

    def _edge(self, note: Note, x: float) -> str:
        """Return which end of a note a pixel grabs: "start", "end" or neither; short notes keep a middle to grab."""
        view = self._viewport.view
        left, right = view.x(note.start), view.x(note.end)
        room = min(_EDGE, (right - left) / 3)
        return "end" if x >= right - room else "start" if x <= left + room else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._pan = at
        elif event.button() == Qt.MouseButton.LeftButton and self._gesture is None:
            note = self.note_at(at.x(), at.y())
            self.cursor_mark.put(self._viewport.view.beat(at.x()), self._viewport.view.pitch(at.y()))
            self._gesture = self._begun(event, note, self._place(event))
            self.sounded.emit(self._gesture.sounding)
            self.update()

    def _begun(self, event: QMouseEvent, note: Note | None, place: Place) -> Gesture:
        document = self._document
        added = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self.tool == "erase" and not document.read_only:
            return EraseNotes(document, place)
        if note is None and self.tool == "draw" and not document.read_only and not added:
            return DrawNote(document, place)
        if note is None:
            return SelectNotes(document, place, added=added or place.free)
        if added:
            document.select(document.selection ^ {note})
        elif note not in document.selection:
            document.select({note})
        document.length, document.velocity = note.length, note.velocity
        if document.read_only or note not in document.selection:
            heard = SelectNotes(document, place, added=True)
            heard.sounding = note.pitch
            return heard
        edge = self._edge(note, event.position().x())
        if edge:
            return ResizeNotes(document, note, place, beginnings=edge == "start")
        return MoveNotes(document, note, place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pan is not None:
            self._viewport.pan(self._pan.x() - at.x(), self._pan.y() - at.y())
            self._pan = at
        elif self._gesture is None:
            self._hover(at)
        else:
            before = self._gesture.sounding
            self._gesture.move(self._place(event))
            if self._gesture.sounding != before:
                self.sounded.emit(self._gesture.sounding)
            self.update()

    def _hover(self, at: QPointF) -> None:
        note = self.note_at(at.x(), at.y())
        self.hovered.emit(note)
        shape = _CURSORS[self.tool]
        if self._document.read_only:
            shape = Qt.CursorShape.ArrowCursor
        elif note is not None and self.tool != "erase":
            shape = _EDGES if self._edge(note, at.x()) else Qt.CursorShape.SizeAllCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._pan = None
        elif event.button() == Qt.MouseButton.LeftButton and self._gesture is not None:
            gesture, self._gesture = self._gesture, None
            self.sounded.emit(None)
            gesture.finish()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at, view = event.position(), self._viewport.view
        document, place = self._document, self._place(event)
        if event.button() != Qt.MouseButton.LeftButton or self.tool != "select" or self.note_at(at.x(), at.y()):
            self.mousePressEvent(event)
            return
        if self.look.ghosts or self.look.full:
            for number, index in enumerate(document.indexes):
                if index.at(place.beat, view.pitch(at.y()), place.slack):
                    self.track_wanted.emit(number)
                    return
        if not document.read_only:
            self._gesture = DrawNote(document, place)
            self.sounded.emit(place.pitch)

    def cancel(self) -> bool:
        """Let go of a drag without doing it; return whether there was one."""
        if self._gesture is None:
            return False
        self._gesture = None
        self.sounded.emit(None)
        self._document.drop_draft()
        self.update()
        return True

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(None)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            note = self.note_at(event.pos().x(), event.pos().y())
            view = self._viewport.view
            self.cursor_mark.put(view.beat(event.pos().x()), view.pitch(event.pos().y()))
            if note is not None and note not in self._document.selection:
                self._document.select({note})
        self.menu_asked.emit(event.globalPos())

    def hideEvent(self, event: QHideEvent) -> None:
        self.cancel()  # else a note that is held would sound on
        super().hideEvent(event)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.cancel():
            return
        if not self.cursor_mark.handle(event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._viewport.set_size(self.width(), self.height())

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.redraw()
        super().changeEvent(event)
