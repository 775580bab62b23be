"""Numbers of the four voices, in a small table."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gendesk.engine.music.excerpts import VOICE_NAMES, VOICES
from gendesk.widgets.piano_roll.look import track_color
from gendesk.widgets.theme import changes_look, current_colors
from gendesk.widgets.translation import translated

_WIDEST = 560  # logical pixels, beyond which numbers stand too far apart to be read as rows


class VoiceTable(QWidget):
    """A column for each voice under its name in its colour, and rows that are exchanged as a whole."""

    def __init__(self, name: str, rows: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setAccessibleName(name)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        self.heads = [QLabel(translated(voice)) for voice in VOICE_NAMES]
        for column, head in enumerate(self.heads, 1):
            head.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(head, 0, column)
            grid.setColumnStretch(column, 1)
        self.cells = [[QLabel() for _ in range(VOICES + 1)] for _ in range(rows)]
        for row, labels in enumerate(self.cells, 1):
            labels[0].setProperty("role", "muted")
            for column, label in enumerate(labels):
                label.setAlignment(Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(label, row, column)
        grid.setColumnStretch(0, 2)
        self.setMaximumWidth(_WIDEST)
        self._color()

    def set_rows(self, rows: Sequence[tuple[str, Sequence[object]]]) -> None:
        """Show rows of a title and a number or word for each voice; rows that are left over are hidden."""
        for number, labels in enumerate(self.cells):
            title, values = rows[number] if number < len(rows) else ("", ("",) * VOICES)
            for label, value in zip(labels, (title, *values), strict=True):
                label.setText(str(value))
                label.setVisible(number < len(rows))
        self.setVisible(bool(rows))
        self.setAccessibleDescription("; ".join(self._said(title, values) for title, values in rows))

    def texts(self) -> list[list[str]]:
        """Return what stands in the rows that are shown."""
        return [[label.text() for label in labels] for labels in self.cells if labels[0].text()]

    def _said(self, title: str, values: Sequence[object]) -> str:
        voices = (translated(name) for name in VOICE_NAMES)
        return f"{title}: " + ", ".join(f"{voice} {value}" for voice, value in zip(voices, values, strict=True))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self._color()

    def _color(self) -> None:
        for voice, head in enumerate(self.heads):
            color = track_color(current_colors(), voice)
            head.setStyleSheet(f"QLabel {{ border: 0 solid {color}; border-bottom-width: 2px; }}")
