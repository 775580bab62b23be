"""Keys in the notes' area: a cursor to go about with, and what arrows do to selected notes."""

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

from gendesk.music.score import Note
from gendesk.widgets.piano_roll import editing
from gendesk.widgets.piano_roll.document import RollDocument
from gendesk.widgets.piano_roll.grid import floored
from gendesk.widgets.piano_roll.view import Viewport
from gendesk.widgets.theme import current_colors

_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
_LOUDER = 5  # of 127
_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class RollCursor(QObject):
    """A place for the keyboard: `beat` and `pitch`; pasted notes begin there, too. `moved` tells of another place.

    With notes selected, arrows move them (Shift: octaves and lengths, Ctrl: velocities); without, the cursor
    (Shift: octaves and bars). Enter draws a note or selects the one that is there, Alt with arrows goes from note to
    note, Escape lets go of the selection.
    """

    moved = Signal()

    def __init__(self, document: RollDocument, viewport: Viewport, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._viewport = document, viewport
        self.beat, self.pitch = 0.0, 60

    @property
    def step(self) -> float:
        return self._document.step or 1 / 16

    @property
    def note(self) -> Note | None:
        """The note under the cursor that can be taken hold of."""
        for index in self._document.reachable:
            for number in index.within(self.beat, self.beat + self.step * 0.99, self.pitch, self.pitch).tolist():
                if index.end[number] > self.beat + 1e-6 or index.start[number] >= self.beat:  # not one that ends here
                    return index.notes[int(number)]
        return None

    def put(self, beat: float, pitch: int) -> None:
        """Put the cursor onto the step in which a place lies."""
        self.beat = max(0.0, floored(beat, self.step))
        self.pitch = min(127, max(0, pitch))
        self.moved.emit()

    def handle(self, event: QKeyEvent) -> bool:
        """Do what a key means; return False for those that mean nothing here."""
        key, modifiers = Qt.Key(event.key()), event.modifiers() & ~_KEYPAD
        if key in _ARROWS:
            self._arrow(*_ARROWS[key], modifiers)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key == Qt.Key.Key_Escape and self._document.selection:
            self._document.select(())
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go(0.0 if key == Qt.Key.Key_Home else self._document.end, self.pitch)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._viewport.pan(0, self._viewport.height * (0.8 if key == Qt.Key.Key_PageDown else -0.8))
        else:
            return False
        return True

    def _arrow(self, across: int, up: int, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & Qt.KeyboardModifier.AltModifier and across:
            self._next_note(across)
        elif self._document.selection and not self._document.read_only:
            self._change_notes(across, up, modifiers)
        elif across and modifiers & _SHIFT:
            bar = self._document.score.meter_at(self.beat).bar
            self._go(floored(self.beat, bar) + across * bar, self.pitch)
        else:
            self._go(self.beat + across * self.step, self.pitch + up * (12 if modifiers & _SHIFT else 1))

    def _change_notes(self, across: int, up: int, modifiers: Qt.KeyboardModifier) -> None:
        document = self._document
        notes = document.selection
        if modifiers & _CONTROL and up:
            document.change(editing.louder(notes, up * _LOUDER), "velocity")
        elif modifiers & _SHIFT and across:
            document.change(editing.lengthened(notes, across * self.step, document.least), "length")
        elif not modifiers & _CONTROL:
            by = up * (12 if modifiers & _SHIFT else 1)
            document.change(editing.moved(notes, across * self.step, by), "transpose" if up else "nudge")
        self._reveal()

    def _enter(self) -> None:
        note = self.note
        if note is not None:
            self._document.select(self._document.selection ^ {note})
        elif not self._document.read_only:
            self._document.add((Note(self.beat, self.pitch, self._document.length, self._document.velocity),))
        self.moved.emit()

    def _next_note(self, by: int) -> None:
        notes = self._document.notes
        if not notes:
            return
        chosen = sorted(self._document.selection)
        if chosen and chosen[0] in notes:
            number = min(len(notes) - 1, max(0, notes.index(chosen[-1 if by > 0 else 0]) + by))
        else:
            number = next((n for n, note in enumerate(notes) if note.start >= self.beat), len(notes) - 1)
        note = notes[number]
        self._document.select({note})
        self._go(note.start, note.pitch)

    def _go(self, beat: float, pitch: int) -> None:
        self.put(beat, pitch)
        self._viewport.reveal(self.beat, self.beat + self.step, self.pitch, self.pitch)

    def _reveal(self) -> None:
        notes = self._document.selection
        if notes:
            first = min(notes)
            self.put(first.start, first.pitch)
            low, high = min(note.pitch for note in notes), max(note.pitch for note in notes)
            self._viewport.reveal(first.start, max(note.end for note in notes), low, high)

    def paint(self, painter: QPainter) -> None:
        """Outline the cell of the cursor."""
        view, colors = self._viewport.view, current_colors()
        width = max(6.0, self.step * view.beat_width)
        cell = QRectF(round(view.x(self.beat)) + 0.5, round(view.y(self.pitch)) + 0.5, width, view.row_height - 1)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors.accent), 1, Qt.PenStyle.DashLine))
        painter.drawRect(cell)
