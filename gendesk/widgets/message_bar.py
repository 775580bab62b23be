"""A bar above a panel that says in one sentence what happened; details are one click away, and it never blocks."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from gendesk.versions import versions_line
from gendesk.widgets.details import DetailsDialog
from gendesk.widgets.icons import icon
from gendesk.widgets.theme import changes_look

Kind = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class BarAction:
    """What a message offers to do: `name` comes back with `action_clicked`, `title` is on the button."""

    name: str
    title: str
    tip: str


@dataclass(frozen=True)
class _Message:
    text: str
    kind: Kind
    details: str
    action: BarAction | None

    @property
    def whole(self) -> str:
        return "\n\n".join(part for part in (self.text, self.details.strip(), versions_line()) if part)


class MessageBar(QFrame):
    """Hidden until `show_message`; the close button or the next message hides it again.

    An error stays until it is closed or another error comes: a note or a warning waits behind it.
    """

    action_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(self.tr("Message"))
        self._message = _Message("", "info", "", None)
        self._waiting: _Message | None = None
        self._icon = QLabel()
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)  # names of files and data may hold markup
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._act = QPushButton()
        self._act.clicked.connect(self._do_action)
        self._more = QPushButton(self.tr("Details"))
        self._more.setToolTip(self.tr("Show what is known about the cause"))
        self._more.clicked.connect(self._show_details)
        self._copy = QPushButton(self.tr("Copy"))
        self._copy.setToolTip(self.tr("Copy the message, its details and the versions at work"))
        self._copy.clicked.connect(self.copy)
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setIcon(icon("close"))
        self._close.setAccessibleName(self.tr("Close message"))
        self._close.setToolTip(self.tr("Close this message"))
        self._close.clicked.connect(self._close_message)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 4, 4)
        row.setSpacing(8)
        for widget in (self._icon, self._label, self._act, self._more, self._copy, self._close):
            row.addWidget(widget)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown, empty while the bar is hidden."""
        return "" if self.isHidden() else self._label.text()

    def show_message(self, text: str, kind: Kind = "info", details: str = "", action: BarAction | None = None) -> None:
        """Show one sentence; `details`, such as a traceback, and an action get a button each."""
        message = _Message(text, kind, details, action)
        if kind != "error" and self.text and self._message.kind == "error":
            self._waiting = message
        else:
            self._show(message)

    def copy(self) -> None:
        """Put the message with its details and all versions on the clipboard."""
        QGuiApplication.clipboard().setText(self._message.whole)

    def hide(self) -> None:
        """Hide the bar, and forget what waits."""
        self._waiting = None
        super().hide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self._draw_icon()

    def _show(self, message: _Message) -> None:
        self._message = message
        self._label.setText(message.text)
        self._label.setAccessibleName(message.text)
        self._more.setVisible(bool(message.details))
        self._copy.setVisible(message.kind == "error" or bool(message.details))
        self._act.setVisible(message.action is not None)
        if message.action is not None:
            self._act.setText(message.action.title)
            self._act.setToolTip(message.action.tip)
        self._draw_icon()
        self.show()

    def _close_message(self) -> None:
        waiting = self._waiting
        self.hide()
        if waiting is not None:
            self._show(waiting)

    def _do_action(self) -> None:
        if self._message.action is not None:
            name = self._message.action.name
            self._close_message()
            self.action_clicked.emit(name)

    def _draw_icon(self) -> None:
        self._icon.setPixmap(icon(self._message.kind).pixmap(20, 20))

    def _show_details(self) -> None:
        DetailsDialog(self._message.text, self._message.details, self._message.whole, self).show()
