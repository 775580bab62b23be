"""The buttons above the orchestra console: for new vectors, for the way back, and for what is shown."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from gendesk.widgets.icons import icon
from gendesk.widgets.seed_box import SeedBox
from gendesk.widgets.undo import StateHistory


class ConsoleHead(QWidget):
    """Two rows, or one where there is room."""

    kept = Signal()
    flipped = Signal()
    copied = Signal()

    def __init__(self, history: StateHistory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.seed = SeedBox()
        self.seed.button.setText(self.tr("New A and B"))
        self.seed.button.setAccessibleName(self.tr("New A and B"))
        self.seed.button.setToolTip(self.tr("Draw all vectors A and B anew, from another seed; locks are opened"))
        self.undo = self._for_action(history.undo, "undo", self.tr("Take back the last change of vectors"))
        self.redo = self._for_action(history.redo, "redo", self.tr("Change again what was taken back"))
        self.keep = QPushButton(self.tr("Keep as A"))
        self.keep.setToolTip(self.tr("Take the mix as the new A, to go on from there and to compare with"))
        self.keep.clicked.connect(self.kept)
        self.flip = self._tool("", self.tr("A/B"), self.tr("Show and hear A instead, and again what was shown before"))
        self.flip.clicked.connect(self.flipped)
        self.mark = self._tool(
            "compare",
            self.tr("Mark changes"),
            self.tr("Mark changes: strong notes differ from the piece that is compared with, pale ones are the same"),
        )
        self.hear = self._tool(
            "music",
            self.tr("Play on change"),
            self.tr("Play on change: begin to play whenever a vector is changed, so that each change is heard at once"),
        )
        for toggle in (self.mark, self.hear):
            toggle.setCheckable(True)
        self.mark.setChecked(True)
        self.copy = self._tool(
            "duplicate", self.tr("Copy"), self.tr("Copy the shown piece: notes for piano rolls, and a MIDI file")
        )
        self.copy.clicked.connect(self.copied)
        self.save = self._tool(
            "save", self.tr("Save"), self.tr("Save the shown piece as a MIDI file, as sound or as a picture")
        )
        self.menu = QMenu(self.save)
        self.save.setMenu(self.menu)
        self.save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._rows = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        self._rows.addLayout(_row(self.seed))
        self._rows.addLayout(
            _row(self.undo, self.redo, self.keep, self.flip, self.mark, self.hear, self.copy, self.save), 1
        )

    def set_wide(self, wide: bool) -> None:
        """Stand in one row, or in two."""
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._rows.setDirection(direction)

    def set_ready(self, ready: bool) -> None:
        """Allow what needs a piece."""
        for control in (self.seed, self.keep, self.flip, self.mark, self.hear, self.copy, self.save):
            control.setEnabled(ready)

    def _for_action(self, action: QAction, picture: str, tip: str) -> QToolButton:
        action.setIcon(icon(picture))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip} ({keys})" if keys else tip)
        button = _flat_button()
        button.setDefaultAction(action)
        button.setAccessibleName(action.text())
        return button

    def _tool(self, picture: str, name: str, tip: str) -> QToolButton:
        button = _flat_button()
        if picture:
            button.setIcon(icon(picture))
        else:
            button.setText(name)
        button.setAccessibleName(name)
        button.setToolTip(tip)
        return button


def _flat_button() -> QToolButton:
    button = QToolButton(autoRaise=True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # after a click Ctrl+Z is meant for this panel
    return button


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(4)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
