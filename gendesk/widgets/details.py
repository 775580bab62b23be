"""A window beside the others with a long text, such as a traceback: to read, to enlarge and to copy."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from gendesk.widgets.icons import icon


class DetailsText(QPlainTextEdit):
    """Text to read, in letters of one width and with its own line breaks."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setAccessibleName(self.tr("Details"))
        self.setToolTip(self.tr("What is known about it, for those who look for the cause"))


class DetailsDialog(QDialog):
    """A sentence, the text behind it, and a button that copies `copied`, which holds both."""

    def __init__(self, sentence: str, details: str, copied: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Details"))
        self.setSizeGripEnabled(True)
        self.resize(720, 440)
        self._copied = copied
        label = QLabel(sentence)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.Close).setToolTip(self.tr("Close this window"))
        copy = buttons.addButton(self.tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.setIcon(icon("duplicate"))
        copy.setToolTip(self.tr("Copy the message, its details and the versions at work"))
        copy.setAutoDefault(False)
        copy.clicked.connect(self.copy)
        QShortcut(QKeySequence.StandardKey.Close, self, self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(label)
        column.addWidget(DetailsText(details), 1)
        column.addWidget(buttons)

    def copy(self) -> None:
        """Put everything on the clipboard as text."""
        QGuiApplication.clipboard().setText(self._copied)
