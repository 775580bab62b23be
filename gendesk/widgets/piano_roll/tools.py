"""The row of tools above a piano roll."""

from functools import partial

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from gendesk.widgets.icons import icon
from gendesk.widgets.piano_roll.grid import SNAPS
from gendesk.widgets.piano_roll.names import Scale
from gendesk.widgets.piano_roll.roll import PianoRoll

_ONE_ROW = 760  # logical pixels from which on everything stands in one row


class RollTools(QWidget):
    """Tools, undo, grid, scale, zoom and what is shown, of one roll.

    `quantise_asked` carries the step in beats to which the owner may move notes, with `PianoRoll.replace_score`.
    """

    quantise_asked = Signal(float)

    def __init__(self, roll: PianoRoll, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roll = roll
        self.setAccessibleName(self.tr("Tools of the piano roll"))
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        self.snap = self._make_snap()
        self.scale = self._make_scale()
        self.quantise = self._button(
            "quantise", self.tr("Quantise"), self.tr("Move the beginnings of notes onto the grid of the chosen step")
        )
        self.quantise.clicked.connect(self._ask_quantise)
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows.setContentsMargins(8, 4, 8, 4)
        self._rows.setSpacing(4)
        self._pages = (self._make_editing(), self._make_viewing())
        self._rows.addWidget(self._pages[0])
        self._rows.addWidget(self._pages[1], 1)
        for signal in (roll.tool_changed, roll.options_changed, roll.document.changed):
            signal.connect(self._refresh)
        self._refresh()

    def _make_editing(self) -> QWidget:
        history = self._roll.document.history
        page = QWidget(self)
        row = _row(page)
        for name, picture, text, tip in (
            ("select", "select", self.tr("Select"), self.tr("Select, move and resize notes (1)")),
            ("draw", "edit", self.tr("Draw"), self.tr("Draw notes with the mouse (2)")),
            ("erase", "eraser", self.tr("Erase"), self.tr("Delete the notes that the mouse passes over (3)")),
        ):
            button = self._button(picture, text, tip)
            button.setCheckable(True)
            button.clicked.connect(partial(self._choose_tool, name))
            self._group.addButton(button)
            self._buttons[name] = button
            row.addWidget(button)
        row.addSpacing(8)
        for action, picture, text in (
            (history.undo, "left", self.tr("Undo the last change of notes (Ctrl+Z)")),
            (history.redo, "right", self.tr("Do again what was undone")),
        ):
            row.addWidget(self._of_action(action, picture, text))
        row.addSpacing(8)
        label = QLabel(self.tr("&Snap:"), self)
        label.setBuddy(self.snap)
        row.addWidget(label)
        row.addWidget(self.snap)
        row.addWidget(self.quantise)
        row.addStretch(1)
        return page

    def _make_viewing(self) -> QWidget:
        roll, page = self._roll, QWidget(self)
        row = _row(page)
        label = QLabel(self.tr("S&cale:"), self)
        label.setBuddy(self.scale)
        row.addWidget(label)
        row.addWidget(self.scale)
        row.addStretch(1)
        self.ghosts = self._button("ghosts", self.tr("Other Tracks"), self.tr("Show the other tracks faintly"))
        self.ghosts.setCheckable(True)
        self.ghosts.clicked.connect(roll.set_ghosts)
        self.follow = self._button("follow", self.tr("Follow"), self.tr("Turn pages as the playhead leaves the view"))
        self.follow.setCheckable(True)
        self.follow.clicked.connect(roll.set_follow)
        self.velocities = self._button(
            "velocity", self.tr("Velocities"), self.tr("Show how hard each note is struck, below the notes")
        )
        self.velocities.setCheckable(True)
        self.velocities.setChecked(True)
        self.velocities.clicked.connect(roll.set_velocities_shown)
        for button in (self.ghosts, self.follow, self.velocities):
            row.addWidget(button)
        row.addSpacing(8)
        commands = roll.commands
        for action, picture, text in (
            (commands.zoom_out, "zoom-out", self.tr("Show more of the time (\N{MINUS SIGN}, Ctrl with the wheel)")),
            (commands.zoom_in, "zoom-in", self.tr("Show less of the time, larger (+, Ctrl with the wheel)")),
            (commands.fit, "fit", self.tr("Show all notes (F)")),
        ):
            row.addWidget(self._of_action(action, picture, text))
        return page

    def _make_snap(self) -> QComboBox:
        box = QComboBox(self)
        box.addItem(self.tr("Off"), 0.0)
        for name, step in SNAPS.items():
            box.addItem(name.replace("triplet", self.tr("triplet")), step)
        box.setAccessibleName(self.tr("Snap"))
        box.setToolTip(
            self.tr(
                "The grid to which notes snap, as parts of a whole note; smaller parts are finer. Hold Shift while you "
                "drag to leave the grid."
            )
        )
        box.activated.connect(self._choose_snap)
        return box

    def _make_scale(self) -> QComboBox:
        box = QComboBox(self)
        box.addItem(self.tr("Off"), None)
        for minor, text in ((False, self.tr("{root} major")), (True, self.tr("{root} minor"))):
            for root in range(12):
                scale = Scale(root, minor)
                box.addItem(text.format(root=scale.name), scale)
        box.setAccessibleName(self.tr("Scale"))
        box.setToolTip(self.tr("Shades the rows of pitches that do not belong to a scale, and marks its root."))
        box.setMaxVisibleItems(25)
        box.activated.connect(self._choose_scale)
        return box

    def _button(self, picture: str, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(picture))
        button.setIconSize(QSize(16, 16))
        button.setAutoRaise(True)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _of_action(self, action: QAction, picture: str, tip: str) -> QToolButton:
        button = self._button(picture, action.text(), tip)
        button.setEnabled(action.isEnabled())
        button.clicked.connect(action.trigger)
        action.enabledChanged.connect(button.setEnabled)
        return button

    def _choose_tool(self, name: str) -> None:
        self._roll.set_tool(name)  # type: ignore[arg-type]

    def _choose_snap(self) -> None:
        self._roll.set_snap(float(self.snap.currentData()))

    def _choose_scale(self) -> None:
        self._roll.set_scale(self.scale.currentData())

    def _ask_quantise(self) -> None:
        self.quantise_asked.emit(self._roll.snap)

    def _refresh(self) -> None:
        roll = self._roll
        writable = not roll.document.read_only
        for name, button in self._buttons.items():
            button.setChecked(name == roll.tool)
            button.setEnabled(writable or name == "select")
        with QSignalBlocker(self.snap), QSignalBlocker(self.scale):
            steps = [abs(float(self.snap.itemData(row)) - roll.snap) for row in range(self.snap.count())]
            self.snap.setCurrentIndex(steps.index(min(steps)))
            scales = [self.scale.itemData(row) for row in range(self.scale.count())]
            self.scale.setCurrentIndex(scales.index(roll.scale))
        self.quantise.setEnabled(writable and roll.snap > 0 and bool(roll.document.notes))
        self.ghosts.setChecked(roll.ghosts)
        self.ghosts.setEnabled(writable and len(roll.score.tracks) > 1)
        self.follow.setChecked(roll.follow)

    def minimumSizeHint(self) -> QSize:
        """Return the size of two rows: in one, the tools would keep their panel from becoming narrow."""
        margins = self._rows.contentsMargins()
        width = max(page.minimumSizeHint().width() for page in self._pages) + margins.left() + margins.right()
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= _ONE_ROW
        self._rows.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)


def _row(page: QWidget) -> QHBoxLayout:
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(2)
    return row
