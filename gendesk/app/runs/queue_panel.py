"""The queue: what trains now and what waits, in the order of its turns. It shows and asks, and decides nothing."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gendesk.app.runs.queue_rows import QueueDelegate, QueueModel, QueueRow, running_row, waiting_row
from gendesk.widgets.icons import icon

__all__ = ["QueuePanel", "QueueRow", "running_row", "waiting_row"]


class QueuePanel(QWidget):
    """The content of a dock. The owner of the queue hears what is wanted and tells by `set_entries` what came of it."""

    moved = Signal(str, int)  # the run, and its new place among all entries
    remove_wanted = Signal(str)
    shown = Signal(str)  # the person wants to look at this run
    run_wanted = Signal()
    hold_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held = False
        self.model = QueueModel(self)
        self.model.moved.connect(self.moved)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(QueueDelegate(self.view))
        self.view.setAccessibleName(self.tr("Queue"))
        self.view.setUniformItemSizes(True)
        self.view.setAlternatingRowColors(True)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.view.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.view.setDragDropOverwriteMode(False)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._open_menu)
        self.view.activated.connect(self._show_run)
        self.view.selectionModel().currentChanged.connect(self._refresh)
        empty = QLabel(
            self.tr(
                "Runs wait here for their turn: press Start while another one trains. "
                "Each run keeps the settings it had when it was queued."
            )
        )
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        empty.setProperty("role", "muted")
        empty.setContentsMargins(24, 16, 24, 16)
        self._pages = QStackedWidget()
        self._pages.addWidget(empty)
        self._pages.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addWidget(self._make_buttons())
        self._add_keys()
        self.setFocusProxy(self.view)
        self._refresh()

    def _make_buttons(self) -> QWidget:
        self.up = self._tool("up", self.tr("Move Up"), self.tr("Train it earlier (Alt+Up)"))
        self.up.clicked.connect(partial(self._move, -1))
        self.down = self._tool("down", self.tr("Move Down"), self.tr("Train it later (Alt+Down)"))
        self.down.clicked.connect(partial(self._move, 1))
        self.remove = self._tool(
            "trash", self.tr("Remove"), self.tr("Take it out of the queue (Del); the run itself stays")
        )
        self.remove.clicked.connect(self._remove)
        self._note = QLabel()
        self._note.setProperty("role", "muted")
        self.hold = self._push("pause", self.tr("Hold"), self.tr("Begin no other run after the one that trains now"))
        self.hold.clicked.connect(self.hold_wanted)
        self.run = self._push("", self.tr("Run Queue"), self.tr("Train what waits, one run after the other"))
        self.run.setProperty("role", "primary")
        self.run.clicked.connect(self.run_wanted)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        for button in (self.up, self.down, self.remove):
            row.addWidget(button)
        row.addWidget(self._note, 1)
        row.addWidget(self.hold)
        row.addWidget(self.run)
        return self._buttons

    def _tool(self, name: str, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name))
        button.setAutoRaise(True)
        button.setAccessibleName(text)
        button.setToolTip(f"{text}: {tip}")
        return button

    def _push(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        if name:
            button.setIcon(icon(name))
        button.setAccessibleName(text)
        button.setToolTip(tip)
        return button

    def _add_keys(self) -> None:
        for keys, act in (
            (QKeySequence("Alt+Up"), partial(self._move, -1)),
            (QKeySequence("Alt+Down"), partial(self._move, 1)),
            (QKeySequence(QKeySequence.StandardKey.Delete), self._remove),
        ):
            shortcut = QShortcut(keys, self.view, context=Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)

    def set_entries(self, entries: Sequence[QueueRow]) -> None:
        """Show the queue, what trains first; the chosen run stays chosen wherever it is now."""
        current = self._current()
        self.model.set_rows(entries)
        place = self.model.row_of(current.run_id) if current else None
        if place is not None and place != self.view.currentIndex().row():
            self.view.setCurrentIndex(self.model.index(place))
        self._refresh()

    def set_held(self, held: bool) -> None:
        """Say that the queue waits for a person, or that it goes on by itself."""
        self._held = held
        self._refresh()

    def _current(self) -> QueueRow | None:
        index = self.view.currentIndex()
        return self.model.rows[index.row()] if index.isValid() else None

    def _refresh(self) -> None:
        rows, place = self.model.rows, self.view.currentIndex().row()
        waits = [row.state == "waiting" for row in rows]
        chosen = 0 <= place < len(rows)
        self._pages.setCurrentIndex(1 if rows else 0)
        self._buttons.setVisible(bool(rows))
        self.up.setEnabled(chosen and place > 0 and waits[place] and waits[place - 1])
        self.down.setEnabled(chosen and place + 1 < len(rows) and waits[place] and waits[place + 1])
        self.remove.setEnabled(chosen and rows[place].state != "running")
        self.run.setVisible(self._held and any(waits))
        self.hold.setVisible(not self._held and bool(rows))
        count = sum(waits)
        waiting = self.tr("1 run waits") if count == 1 else self.tr("{0} runs wait").format(f"{count:,}")
        self._note.setText("" if not count else self.tr("{0}, on hold").format(waiting) if self._held else waiting)

    def _move(self, by: int, _checked: bool = False) -> None:
        row = self._current()
        if row is not None:
            self.model.move(row.run_id, self.view.currentIndex().row() + by)

    def _remove(self) -> None:
        row = self._current()
        if row is not None and row.state != "running":
            self.remove_wanted.emit(row.run_id)

    def _show_run(self, index: QModelIndex) -> None:
        self.shown.emit(self.model.rows[index.row()].run_id)

    def _open_menu(self, position: QPoint) -> None:
        index = self.view.indexAt(position)
        if not index.isValid():
            return
        self.view.setCurrentIndex(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("chart"), self.tr("Show"), partial(self._show_run, index))
        menu.addSeparator()
        for button, act in (
            (self.up, partial(self._move, -1)),
            (self.down, partial(self._move, 1)),
            (self.remove, self._remove),
        ):
            menu.addAction(button.icon(), button.accessibleName(), act).setEnabled(button.isEnabled())
        menu.popup(self.view.viewport().mapToGlobal(position))
