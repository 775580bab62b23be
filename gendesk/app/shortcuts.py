"""All keys in one window: those of the menus as they are, and what mouse and keys do in charts, pictures and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenuBar,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gendesk.app.palette import menu_commands
from gendesk.widgets.export import Export, choose_file
from gendesk.widgets.icons import icon
from gendesk.widgets.translation import translated


@dataclass(frozen=True)
class KeyGroup:
    """A part of the window and its keys; `lines` are pairs of what happens and the keys or mouse actions for it."""

    title: str
    lines: tuple[tuple[str, str], ...]


MOUSE_AND_KEYS = (
    KeyGroup(
        "Charts",
        (
            ("Zoom to a part", "Drag"),
            ("Zoom along the steps", "Wheel, + and -"),
            ("Zoom along the values", "Ctrl + wheel, wheel over the scale"),
            ("Move along the steps", "Left, Right"),
            ("Move along the values", "Up, Down"),
            ("Show everything", "Double click, Home"),
            ("Follow the newest step", "F"),
            ("Logarithmic values", "L"),
            ("Show or hide a curve", "Click in the legend, Space"),
        ),
    ),
    KeyGroup(
        "Pictures",
        (
            ("Choose a picture", "Arrow keys, Home, End"),
            ("Open a picture", "Click, Enter"),
            ("Enlarge or shrink", "Ctrl + wheel, + and -"),
            ("Fit into the window", "0"),
            ("Save and copy", "Right click"),
        ),
    ),
    KeyGroup(
        "Timeline",
        (
            ("Step through what was saved", "Left, Right"),
            ("First and newest step", "Home, End"),
            ("Play or pause", "Space"),
        ),
    ),
    KeyGroup(
        "Latent map",
        (
            ("Decode a point", "Drag, arrow keys"),
            ("Decode in small steps", "Shift + arrow keys"),
            ("Draw a random point", "R"),
            ("Back to the middle", "Home"),
            ("Zoom", "Wheel, + and -"),
            ("Move the plane", "Right or middle button, Space + drag"),
            ("Show all codes", "Double click, 0"),
        ),
    ),
    KeyGroup(
        "List of runs",
        (
            ("Search", "Ctrl+F"),
            ("Show a run", "Double click, Enter"),
            ("Rename", "F2"),
            ("Select more runs", "Ctrl + click, Shift + click"),
            ("Move to the trash", "Delete"),
            ("All other commands", "Right click"),
        ),
    ),
    KeyGroup("Queue", (("Sooner or later", "Alt+Up, Alt+Down"), ("Remove from the queue", "Delete"))),
    KeyGroup(
        "Settings of a run",
        (
            ("Fold or unfold a group", "Left, Right, Space"),
            ("Count up or down", "Up, Down, wheel"),
        ),
    ),
)
"""What widgets do that stands in no menu; shown in the interface's language."""


def menu_keys(bar: QMenuBar) -> list[KeyGroup]:
    """Return the shortcuts of all menus that hold in the whole window, a group for each menu of the bar."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for command in menu_commands(bar):
        keys = QKeySequence.listToString(command.action.shortcuts(), QKeySequence.SequenceFormat.NativeText)
        if keys and command.action.shortcutContext() is not Qt.ShortcutContext.WidgetShortcut:
            title = command.title.removesuffix("...")
            groups.setdefault(command.place.partition(" > ")[0], []).append((title, keys.replace("; ", ", ")))
    return [KeyGroup(title, tuple(lines)) for title, lines in groups.items()]


def sheet_text(groups: Sequence[KeyGroup]) -> str:
    """Return groups as plain text to print: a title, then a line for each key in two columns."""
    width = max((len(what) for group in groups for what, _ in group.lines), default=0)
    parts = []
    for group in groups:
        lines = [f"  {what:<{width}}  {keys}" for what, keys in group.lines]
        parts.append("\n".join((group.title, *lines)))
    return "\n\n".join(parts) + "\n"


class ShortcutSheet(QDialog):
    """Lists keys beside the window; the search keeps what holds all words."""

    def __init__(self, bar: QMenuBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard Shortcuts"))
        self.setSizeGripEnabled(True)
        self.resize(520, 640)
        self.groups = [*menu_keys(bar), *(_in_language(group) for group in MOUSE_AND_KEYS)]
        self._export = Export(self)
        self._export.saved.connect(self._say_saved)
        self._export.failed.connect(self._say)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search keys and what they do"))
        self.search.setAccessibleName(self.tr("Search keys and what they do"))
        self.search.setToolTip(self.tr("Show only the lines that have all of these words"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._find)
        self._items: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self.tree = self._make_tree()
        self._state = QLabel()
        self._state.setProperty("role", "muted")
        self._state.setWordWrap(True)
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._state.hide()
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)
        column.addWidget(self._state)
        column.addWidget(self._buttons())

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setColumnCount(2)
        tree.setHeaderLabels([self.tr("What happens"), self.tr("Keys")])
        tree.setAccessibleName(self.tr("Keyboard shortcuts"))
        tree.setToolTip(self.tr("Keys of the menus hold everywhere, the others where the focus is"))
        tree.setRootIsDecorated(False)
        tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        tree.header().setStretchLastSection(False)
        for group in self.groups:
            top = QTreeWidgetItem(tree, [group.title])
            font = top.font(0)
            font.setBold(True)
            top.setFont(0, font)
            top.setFirstColumnSpanned(True)
            top.setSizeHint(0, QSize(0, 32))
            items = [QTreeWidgetItem(top, list(line)) for line in group.lines]
            for item in items:
                item.setSizeHint(0, QSize(0, 24))
            self._items.append((top, items))
        tree.expandAll()
        return tree

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        box.rejected.connect(self.reject)
        box.button(QDialogButtonBox.StandardButton.Close).setToolTip(self.tr("Close this window"))
        copy = box.addButton(self.tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.setIcon(icon("duplicate"))
        copy.setToolTip(self.tr("Copy all lines as text"))
        copy.clicked.connect(self.copy)
        save = box.addButton(self.tr("Save as Text..."), QDialogButtonBox.ButtonRole.ActionRole)
        save.setIcon(icon("save"))
        save.setToolTip(self.tr("Save all lines as a text file, to print them"))
        save.clicked.connect(self._ask_where)
        for button in (copy, save):
            button.setAutoDefault(False)
        return box

    def copy(self) -> None:
        """Put the whole sheet on the clipboard as text."""
        QGuiApplication.clipboard().setText(sheet_text(self.groups))
        self._say(self.tr("The sheet is on the clipboard."))

    def save(self, path: Path) -> None:
        """Write the whole sheet as a text file, on a worker thread."""
        self._export.start(path, partial(_write, sheet_text(self.groups)))

    def _ask_where(self) -> None:
        choose_file(self, self.tr("Save Keyboard Shortcuts"), "gendesk-shortcuts.txt", self.save)

    def _find(self, query: str) -> None:
        words = query.casefold().split()
        for top, items in self._items:
            for item in items:
                text = f"{top.text(0)} {item.text(0)} {item.text(1)}".casefold()
                item.setHidden(not all(word in text for word in words))
            top.setHidden(all(item.isHidden() for item in items))

    def _say_saved(self, path: str) -> None:
        self._say(self.tr("Saved as {0}").format(path))

    def _say(self, sentence: str) -> None:
        self._state.setText(sentence)
        self._state.show()


def _in_language(group: KeyGroup) -> KeyGroup:
    lines = tuple((translated(what), translated(keys)) for what, keys in group.lines)
    return KeyGroup(translated(group.title), lines)


def _write(text: str, path: Path, _report: object) -> None:
    path.write_text(text, encoding="utf-8")
