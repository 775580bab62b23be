"""Undo for a panel whose values are few: it remembers whole states, and Ctrl+Z brings the last one back."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

_MOST = 200


class StateHistory(QObject):
    """The states of a panel, immutable values of any kind, with the actions `undo` and `redo` on the panel.

    `restored` carries a state that the person went back or forth to; the panel shows it and does not push it again.
    """

    restored = Signal(object)

    def __init__(self, panel: QWidget, state: object) -> None:
        super().__init__(panel)
        self._past: list[object] = []
        self._future: list[object] = []
        self._state = state
        self._key = ""
        self.undo = self._action(panel, self.tr("Undo"), QKeySequence.StandardKey.Undo)
        self.redo = self._action(panel, self.tr("Redo"), QKeySequence.StandardKey.Redo)
        self.undo.triggered.connect(self._go_back)
        self.redo.triggered.connect(self._go_forth)
        self._refresh()

    def push(self, state: object, key: str = "") -> None:
        """Remember a new state. Changes in a row with the same `key`, such as those of one drag, are one step."""
        if state == self._state:
            return
        if not key or key != self._key:
            self._past = [*self._past, self._state][-_MOST:]
        self._state, self._key = state, key
        self._future.clear()
        self._refresh()

    def forget(self, state: object) -> None:
        """Begin anew from a state, without a way back."""
        self._past, self._future, self._state, self._key = [], [], state, ""
        self._refresh()

    def end_step(self) -> None:
        """Let the next change be a step of its own, whatever its key."""
        self._key = ""

    def _action(self, panel: QWidget, text: str, keys: QKeySequence.StandardKey) -> QAction:
        action = QAction(text, panel)
        action.setShortcuts(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        panel.addAction(action)
        return action

    def _go_back(self) -> None:
        if self._past:
            self._future.append(self._state)
            self._restore(self._past.pop())

    def _go_forth(self) -> None:
        if self._future:
            self._past.append(self._state)
            self._restore(self._future.pop())

    def _restore(self, state: object) -> None:
        self._state, self._key = state, ""
        self._refresh()
        self.restored.emit(state)

    def _refresh(self) -> None:
        self.undo.setEnabled(bool(self._past))
        self.redo.setEnabled(bool(self._future))
