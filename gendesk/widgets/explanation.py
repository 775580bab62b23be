"""The small "i" of a chart or a picture, and the popover with a paragraph that it opens."""

import html
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent, QTextDocument
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from gendesk.widgets.icons import icon

_WIDTH = 360
Paragraph = tuple[str, str]
"""A heading, which may be empty, and plain text."""


class ExplanationButton(QToolButton):
    """Hidden until it has something to explain. A click, Space or Enter opens its popover, Esc closes that."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self._paragraphs: Sequence[Paragraph] = ()
        self._popover: Explanation | None = None
        self.setIcon(icon("info"))
        self.setIconSize(QSize(16, 16))
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("What am I looking at?"))
        self.setToolTip(self.tr("What am I looking at?"))
        self.clicked.connect(self.explain)
        self.hide()

    @property
    def paragraphs(self) -> Sequence[Paragraph]:
        """What is explained, nothing while the button is hidden."""
        return self._paragraphs

    def set_explanation(self, title: str, paragraphs: Sequence[Paragraph]) -> None:
        """Explain what `title` names. Without any text there is no button."""
        self._title = title
        self._paragraphs = [(heading, text) for heading, text in paragraphs if text]
        self.setAccessibleDescription(title)
        self.setVisible(bool(self._paragraphs))

    def explain(self) -> None:
        """Open the popover below the button."""
        if self._popover is None:
            self._popover = Explanation(self)
        self._popover.show_text(self._title, self._paragraphs)
        self._popover.drop_down(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Explanation(QFrame):
    """A popup with a title and paragraphs."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # or a click on its button would open it again
        self.setProperty("role", "card")
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self._title.setWordWrap(True)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 8)
        self._column.setSpacing(8)
        self._column.addWidget(self._title)
        self._column.addWidget(self._text)

    @property
    def text(self) -> str:
        """The paragraphs as plain text."""
        document = QTextDocument()
        document.setHtml(self._text.text())
        return document.toPlainText()

    def show_text(self, title: str, paragraphs: Sequence[Paragraph]) -> None:
        self._title.setText(title)
        self._text.setText(rich_text(paragraphs))
        self.setAccessibleName(title)
        self.setAccessibleDescription(self.text)

    def drop_down(self, button: QWidget) -> None:
        """Open below a button with the right edges in line, or above it; always within the screen."""
        self.setFixedWidth(_WIDTH)
        for part in (self, self._title, self._text):  # a style sheet changes fonts and edges, at the first look
            part.ensurePolished()
        self._column.invalidate()
        self.setFixedHeight(self.heightForWidth(_WIDTH))
        screen = button.screen().availableGeometry()
        corner = button.mapToGlobal(QPoint(button.width() - _WIDTH, button.height() + 2))
        if corner.y() + self.height() > screen.bottom():
            corner.setY(button.mapToGlobal(QPoint(0, 0)).y() - self.height() - 2)
        corner.setX(min(max(corner.x(), screen.left()), screen.right() - _WIDTH))
        corner.setY(max(corner.y(), screen.top()))
        self.move(corner)
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Escape):
            self.close()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Let no shortcut of the window take the Esc that closes this."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        return super().event(event)


def rich_text(paragraphs: Sequence[Paragraph]) -> str:
    """Return paragraphs as rich text, each heading in bold on a line of its own."""
    parts = []
    for heading, text in paragraphs:
        head = f"<b>{html.escape(heading)}</b><br>" if heading else ""
        parts.append(f"<p style='margin: 0 0 6px 0'>{head}{html.escape(text)}</p>")
    return "".join(parts)
