"""A text under its caption, with the beginning that it goes on from in front of it."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFontDatabase, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from gendesk.widgets.text.spelling import wrapped
from gendesk.widgets.theme import changes_look, current_colors

_LONGEST_PROMPT = 40  # the rest of it is in the tip
_INDENTED = re.compile(r"^(?: {2,}|\t)\S", re.MULTILINE)


class TextColumn(QWidget):
    """A caption and a text to read, to select and to copy; long lines are wrapped and long texts scrolled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ("", "")
        self.caption = QLabel()
        self.caption.setTextFormat(Qt.TextFormat.PlainText)
        self.caption.setProperty("role", "muted")
        self.caption.setIndent(4)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.StyledPanel)
        self.text.setTabChangesFocus(True)
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFocusProxy(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.caption)
        column.addWidget(self.text, 1)

    def show_text(self, caption: str, text: str, prompt: str = "", *, fixed: bool = False) -> None:
        """Show a text behind its beginning, which is muted; `fixed` gives all letters the same width."""
        self.caption.setText(caption)
        self.caption.setVisible(bool(caption))
        self.text.setAccessibleName(caption or self.tr("Text"))
        tip = self.tr("What the model wrote. Ctrl+C copies what is selected.")
        if prompt:
            tip += " " + self.tr("The muted words are the end of the beginning that it was given:")
        self.text.setToolTip(wrapped(f"{tip}\n\n{prompt}") if prompt else tip)
        family = QFontDatabase.systemFont(
            QFontDatabase.SystemFont.FixedFont if fixed else QFontDatabase.SystemFont.GeneralFont
        ).family()
        font = self.font()
        font.setFamily(family)
        if self.text.font().family() != family:
            self.text.setFont(font)
        if (text, prompt) != self._shown:
            self._shown = text, prompt
            self._write()

    def _write(self) -> None:
        """Write both parts anew; the place that was scrolled to stays."""
        text, prompt = self._shown
        bar = self.text.verticalScrollBar()
        place = bar.value()
        self.text.clear()
        muted, plain = QTextCharFormat(), QTextCharFormat()
        muted.setForeground(QColor(current_colors().muted))
        cursor = QTextCursor(self.text.document())
        cursor.beginEditBlock()
        cursor.insertText(shortened(prompt), muted)
        cursor.insertText(text, plain)
        cursor.endEditBlock()
        bar.setValue(place)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self._write()


def shortened(prompt: str) -> str:
    """Return the end of a long beginning, behind an ellipsis: what the text goes on from."""
    return prompt if len(prompt) <= _LONGEST_PROMPT else f"\N{HORIZONTAL ELLIPSIS}{prompt[-_LONGEST_PROMPT:]}"


def is_indented(texts: Sequence[str]) -> bool:
    """Tell whether texts look like program code or tables, which want letters of one width.

    That is where more than one line in six begins with two spaces or a tab.
    """
    lines = sum(1 for text in texts for line in text.splitlines() if line.strip())
    return 6 * sum(len(_INDENTED.findall(text)) for text in texts) > lines > 0
