"""The line below a roll: the note under the mouse or the cursor in words, for screen readers, too."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from gendesk.music.score import Note
from gendesk.widgets.piano_roll.canvas import RollCanvas
from gendesk.widgets.piano_roll.document import RollDocument
from gendesk.widgets.piano_roll.keyboard import RollKeyboard
from gendesk.widgets.theme import current_colors


class RollStatus(QLabel):
    """Follows the document, the mouse and the cursor of a notes' area, whose accessible description it sets."""

    def __init__(self, document: RollDocument, canvas: RollCanvas, keyboard: RollKeyboard, parent: QWidget) -> None:
        super().__init__(parent)
        self._document, self._canvas, self._keyboard = document, canvas, keyboard
        # A long sentence must not widen the roll.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Note under the cursor"))
        self.setToolTip(self.tr("The note under the mouse or under the cursor of the keyboard, or how many there are"))
        document.changed.connect(self.show_counts)
        document.selected.connect(self.show_counts)
        canvas.hovered.connect(self._hover)
        canvas.cursor_mark.moved.connect(self._show_cursor)
        self.show_counts()

    def show_counts(self) -> None:
        """Say how many notes there are."""
        document, chosen = self._document, len(self._document.selection)
        if document.read_only:
            text = self.tr("{notes:,} notes").format(notes=document.score.note_count)
        else:
            text = self.tr("{notes:,} notes in this track").format(notes=len(document.notes))
        if chosen:
            text += self.tr(", {chosen:,} selected").format(chosen=chosen)
        self.setText(text)

    def describe(self, note: Note) -> str:
        """Return a note in words: its name, place, length, velocity and number, if it has one."""
        bar, beat = self._document.bars.place(note.start)
        length = f"{note.length:.4g}"
        text = self.tr("{pitch}, bar {bar}, beat {beat}, {length}, velocity {velocity}").format(
            pitch=self._keyboard.name(note.pitch),
            bar=bar,
            beat=f"{beat:.4g}",
            length=self.tr("1 beat long") if length == "1" else self.tr("{number} beats long").format(number=length),
            velocity=note.velocity,
        )
        look = self._canvas.look
        if look.by_value and note in look.values:
            text += f", {look.title.lower()} {look.values[note]:.2f}"
        if note in self._document.selection:
            text += self.tr(", selected")
        return text

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(current_colors().muted))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def _hover(self, note: Note | None) -> None:
        if note is None:
            self.show_counts()
        else:
            self.setText(self.describe(note))

    def _show_cursor(self) -> None:
        cursor = self._canvas.cursor_mark
        bar, beat = self._document.bars.place(cursor.beat)
        text = self.tr("{pitch}, bar {bar}, beat {beat}: no note").format(
            pitch=self._keyboard.name(cursor.pitch), bar=bar, beat=f"{beat:.4g}"
        )
        if cursor.note is not None:
            text = self.describe(cursor.note)
        self._canvas.setAccessibleDescription(text)
        self.setText(text)
