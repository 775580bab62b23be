"""All commands of the window in one list that is searched by typing a few letters."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QMenu, QMenuBar, QVBoxLayout, QWidget

from gendesk.app.fuzzy import fit
from gendesk.widgets.command_list import CommandList, CommandRow
from gendesk.widgets.icons import icon

_WIDTH, _HEIGHT = 640, 400
_REMEMBERED = 20
_RECENT = 100.0  # what the last command is worth while nothing is typed; fits are far below
_MOVES = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


@dataclass(frozen=True)
class Command:
    """An action, and where a person finds it: "View", or "Run > Export"."""

    place: str
    action: QAction

    @property
    def title(self) -> str:
        return plain_text(self.action.text())

    @property
    def key(self) -> str:
        """What the command is remembered by."""
        return f"{self.place} > {self.title}"


def plain_text(text: str) -> str:
    """Return the text of an action or menu without the signs for its letter: "&Open", "Datei (&D)"."""
    return re.sub(r"&(.)", r"\1", re.sub(r"\s*\(&\w\)", "", text))


def menu_commands(bar: QMenuBar) -> Iterator[Command]:
    """Yield every visible action of all menus, deeper ones too, in the order of the menus."""
    for action in bar.actions():
        menu = action.menu()
        if isinstance(menu, QMenu) and action.isVisible():
            yield from _commands_of(menu, plain_text(menu.title()))


def _commands_of(menu: QMenu, place: str) -> Iterator[Command]:
    menu.aboutToShow.emit()  # lets menus bring themselves up to date, as when they are opened
    for action in menu.actions():
        deeper = action.menu()
        if isinstance(deeper, QMenu):
            if action.isVisible():
                yield from _commands_of(deeper, f"{place} > {plain_text(deeper.title())}")
        elif action.isVisible() and not action.isSeparator() and action.text():
            yield Command(place, action)


class CommandPalette(QFrame):
    """Opens over its window. `action` opens it and belongs into a menu; `extra` commands stand in no menu."""

    def __init__(self, window: QWidget, bar: QMenuBar) -> None:
        super().__init__(window, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._window = window
        self._bar = bar
        self._commands: list[Command] = []
        self._shown: list[Command] = []
        self.extra: Sequence[Command] = ()
        self.recent: list[str] = []
        """Keys of the commands that were used last, the newest first; may be saved and set again."""
        self.setProperty("role", "card")
        self.setAccessibleName(self.tr("Command palette"))
        self.action = QAction(icon("search"), self.tr("&Command Palette..."), self)
        self.action.setToolTip(self.tr("Find any command by a few of its letters"))
        self.action.setShortcut(QKeySequence("Ctrl+Shift+P"))
        self.action.triggered.connect(self.popup)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Type a few letters of a command"))
        self.search.setAccessibleName(self.tr("Find a command"))
        self.search.setToolTip(self.tr("Up and Down choose, Enter does it, Esc closes"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.installEventFilter(self)
        self.list = CommandList()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._foot = QLabel()
        self._foot.setProperty("role", "muted")
        self._foot.setTextFormat(Qt.TextFormat.PlainText)
        self._foot.setContentsMargins(8, 0, 8, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self._foot)
        self.search.textChanged.connect(self._find)
        self.list.clicked.connect(self._trigger)
        self.list.selectionModel().currentChanged.connect(self._explain)

    def popup(self) -> None:
        """Show all commands as they are now, over the upper part of the window."""
        self._commands = [
            command for command in (*menu_commands(self._bar), *self.extra) if command.action is not self.action
        ]
        width = min(_WIDTH, self._window.width() - 32)
        self.resize(width, min(_HEIGHT, self._window.height() - 64))
        corner = QPoint((self._window.width() - width) // 2, 48)
        self.move(self._window.mapToGlobal(corner))
        self.search.clear()
        self._find("")
        self.show()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's hook: keys that the search field has no use for move in the list."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in _MOVES:
                self._move(key)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._trigger(self.list.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def _move(self, key: Qt.Key) -> None:
        page = max(1, self.list.viewport().height() // max(1, self.list.sizeHintForRow(0)) - 1)
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        last = len(self._shown) - 1
        if last < 0:
            return
        row = self.list.currentIndex().row() + steps[key]
        if abs(steps[key]) == 1:
            row %= last + 1
        self.list.setCurrentIndex(self.list.model().index(max(0, min(row, last)), 0))

    def _find(self, query: str) -> None:
        ranked = []
        for place, command in enumerate(self._commands):
            found = fit(query, command.title, command.place)
            if found is not None:
                # Recent commands come first; what is typed counts for more than that.
                bonus = self._bonus(command) * (1 if not query.strip() else 0.02)
                score = bonus + (found.score if query.strip() else 0)
                ranked.append((-score, place, command, found.marks))
        ranked.sort(key=lambda hit: hit[:2])
        self._shown = [command for _, _, command, _ in ranked]
        self.list.set_rows([_row(command, marks) for _, _, command, marks in ranked])
        if not ranked:
            self._foot.setText(self.tr("No command has these letters in this order."))
        else:
            self._explain(self.list.currentIndex())

    def _bonus(self, command: Command) -> float:
        if command.key not in self.recent:
            return 0.0
        return _RECENT - self.recent.index(command.key)

    def _explain(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        row = self.list.row(index.row())
        reason = self.tr("Not possible now. ") if not row.enabled else ""
        self._foot.setText(f"{reason}{row.tip}" or self.tr("Up and Down choose, Enter does it, Esc closes"))

    def _trigger(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        command = self._shown[index.row()]
        if not command.action.isEnabled():
            return
        self.recent = [command.key, *(key for key in self.recent if key != command.key)][:_REMEMBERED]
        self.hide()
        command.action.trigger()


def _row(command: Command, marks: tuple[int, ...]) -> CommandRow:
    action = command.action
    title = command.title
    tip = plain_text(action.toolTip())
    return CommandRow(
        title=title,
        place=command.place,
        keys=action.shortcut().toString(QKeySequence.SequenceFormat.NativeText),
        tip="" if tip.rstrip(".") == title.rstrip(".") else tip,
        symbol=action.icon() if not action.icon().isNull() else None,
        enabled=action.isEnabled(),
        checked=action.isChecked() if action.isCheckable() else None,
        marks=marks,
    )
