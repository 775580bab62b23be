"""A verdict in the colour that it deserves."""

from typing import Literal

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel, QWidget

from gendesk.widgets.theme import changes_look, current_colors

Tone = Literal["text", "good", "warning", "bad"]


class ToneLabel(QLabel):
    """A label that keeps the meaning of its colour when the theme changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone: Tone = "text"

    def say(self, text: str, tone: Tone = "text") -> None:
        self._tone = tone
        self.setText(text)
        self._recolor()

    def _recolor(self) -> None:
        color = QColor(getattr(current_colors(), self._tone))
        palette = QPalette(self.palette())
        if palette.color(QPalette.ColorRole.WindowText) != color:  # setting it tells of a change of look again
            palette.setColor(QPalette.ColorRole.WindowText, color)
            self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self._recolor()
        super().changeEvent(event)
