"""A bar above a panel that says in one sentence what happened; details are one click away, and it never blocks."""

from typing import Literal

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMessageBox, QPushButton, QSizePolicy, QToolButton, QWidget

from gendesk.widgets.icons import icon

Kind = Literal["info", "warning", "error"]


class MessageBar(QFrame):
    """Hidden until `show_message`; the close button or the next message hides it again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(self.tr("Message"))
        self._kind: Kind = "info"
        self._icon = QLabel()
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._details = ""
        self._more = QPushButton(self.tr("Details"))
        self._more.clicked.connect(self._show_details)
        close = QToolButton()
        close.setAutoRaise(True)
        close.setIcon(icon("close"))
        close.setAccessibleName(self.tr("Close message"))
        close.setToolTip(self.tr("Close this message"))
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 4, 4)
        row.setSpacing(8)
        for widget in (self._icon, self._label, self._more, close):
            row.addWidget(widget)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown, empty while the bar is hidden."""
        return "" if self.isHidden() else self._label.text()

    def show_message(self, text: str, kind: Kind = "info", details: str = "") -> None:
        """Show one sentence; `details`, such as a traceback, get a button."""
        self._kind = kind
        self._details = details
        self._label.setText(text)
        self._label.setAccessibleName(text)
        self._more.setVisible(bool(details))
        self._draw_icon()
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()

    def _draw_icon(self) -> None:
        self._icon.setPixmap(icon(self._kind).pixmap(20, 20))

    def _show_details(self) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, self.tr("Details"), self._label.text(), parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setDetailedText(self._details)
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.open()
