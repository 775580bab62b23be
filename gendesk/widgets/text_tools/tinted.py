"""A text whose pieces have colours: how likely each was, or what a unit said of it."""

import bisect
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QTextEdit, QToolTip, QWidget

from gendesk.widgets.charts.colormap import diverging, readable_on
from gendesk.widgets.theme import DARK, LIGHT, changes_look, current_colors


class TintedText(QTextEdit):
    """Shows pieces of text to read, select and copy. A share in -1..1 tints a piece: below zero warm, above it cold.

    What stands before the first piece, the beginning that was given, is muted. `pointed` tells on which piece was
    clicked, -1 for none.
    """

    pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = ""
        self._ends: list[int] = []  # in UTF-16 units, as Qt counts
        self._pieces: list[str] = []
        self._shares: list[float] = []
        self._tips: list[str] = []
        self._marked = (0, 0)
        self._chosen = -1
        self._tinted = True
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAccessibleName(self.tr("Text"))

    @property
    def pieces(self) -> tuple[str, ...]:
        return tuple(self._pieces)

    @property
    def shares(self) -> tuple[float, ...]:
        """What tints each piece, NaN for nothing."""
        return tuple(self._shares)

    @property
    def is_tinted(self) -> bool:
        return self._tinted

    @property
    def marked(self) -> tuple[int, int]:
        """The first marked piece, and the one behind the last."""
        return self._marked

    def set_text(self, before: str, pieces: Sequence[str] = (), shares: Sequence[float] = ()) -> None:
        """Show another text: what was given, and pieces behind it with what tints them."""
        self._before, self._marked, self._chosen = before, (0, 0), -1
        self._ends, self._pieces, self._shares, self._tips = [], [], [], []
        self.clear()
        self._insert(before, self._muted())
        self.add(pieces, shares or [float("nan")] * len(pieces))

    def add(self, pieces: Sequence[str], shares: Sequence[float], tips: Sequence[str] = ()) -> None:
        """Append pieces; a view that shows the end goes on showing it."""
        bar = self.verticalScrollBar()
        follows = bar.value() >= bar.maximum() - 2
        end = self._ends[-1] if self._ends else _units(self._before)
        formats = self._formats(np.array(shares, np.float64))
        cursor = self._cursor_at_end()
        cursor.beginEditBlock()
        for piece, look in zip(pieces, formats, strict=True):
            cursor.insertText(piece, look)
            end += _units(piece)
            self._ends.append(end)
        cursor.endEditBlock()
        self._pieces += pieces
        self._shares += shares
        self._tips += tips or [""] * len(pieces)
        if follows:
            bar.setValue(bar.maximum())

    def set_shares(self, shares: Sequence[float], tips: Sequence[str] = ()) -> None:
        """Tint the same pieces otherwise."""
        self._shares = list(shares)
        self._tips = list(tips) or self._tips
        self._paint_all()

    def set_tinted(self, tinted: bool) -> None:
        """Show the colours, or hide them."""
        if tinted != self._tinted:
            self._tinted = tinted
            self._paint_all()

    def mark(self, first: int, end: int) -> None:
        """Underline the pieces from `first` up to, and without, `end`."""
        self._marked = (first, end)
        self._paint_all()

    def choose(self, piece: int) -> None:
        """Frame one piece, or none for -1."""
        self._chosen = piece
        self._paint_all()

    def piece_at(self, place: int) -> int:
        """Return the piece that covers a place of the document, -1 for none."""
        if place < _units(self._before) or not self._ends or place >= self._ends[-1]:
            return -1
        return bisect.bisect_right(self._ends, place)

    def _cursor_at_end(self) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        return cursor

    def _insert(self, text: str, look: QTextCharFormat) -> None:
        self._cursor_at_end().insertText(text, look)

    def _muted(self) -> QTextCharFormat:
        look = QTextCharFormat()
        look.setForeground(QColor(current_colors().muted))
        return look

    def _formats(self, shares: NDArray[np.float64]) -> list[QTextCharFormat]:
        """Return how pieces with such shares look."""
        colors = current_colors()
        shades = diverging(colors)
        known = np.isfinite(shares) & self._tinted
        places = np.rint((np.clip(np.where(known, shares, 0.0), -1, 1) + 1) / 2 * (len(shades) - 1)).astype(np.int64)
        grounds = shades[places]
        light = readable_on(grounds)
        looks = []
        for tinted, ground, is_light in zip(known.tolist(), grounds.tolist(), light.tolist(), strict=True):
            look = QTextCharFormat()
            look.setForeground(QColor((DARK.text if is_light else LIGHT.text) if tinted else colors.text))
            if tinted:
                look.setBackground(QColor(*ground))
            looks.append(look)
        return looks

    def _paint_all(self) -> None:
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        start = _units(self._before)
        cursor.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(self._muted())
        for index, look in enumerate(self._formats(np.array(self._shares, np.float64))):
            if self._marked[0] <= index < self._marked[1]:
                look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
                look.setUnderlineColor(QColor(current_colors().bad))
            if index == self._chosen:
                look.setBackground(QColor(current_colors().accent))
                look.setForeground(QColor(current_colors().accent_text))
            cursor.setPosition(start)
            cursor.setPosition(self._ends[index], QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(look)
            start = self._ends[index]
        cursor.endEditBlock()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.pointed.emit(self._piece_under(event.position().toPoint()))

    def _piece_under(self, point: QPoint) -> int:
        cursor = self.cursorForPosition(point)
        place = cursor.position()
        # The cursor goes to the nearer side of a letter.
        if self.cursorRect(cursor).left() > point.x():
            place -= 1
        return self.piece_at(place)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            piece = self._piece_under(event.pos())
            if piece >= 0 and self._tips[piece]:
                QToolTip.showText(event.globalPos(), self._tips[piece], self)
                return True
        return super().viewportEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event) and (self._before or self._pieces):
            self._paint_all()
        super().changeEvent(event)


def _units(text: str) -> int:
    """Return the length of a text as Qt counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
