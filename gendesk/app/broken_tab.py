"""The tab of a plugin that cannot be loaded: it says why, and nothing else is touched."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from gendesk.engine.families import Family


class BrokenTab(QWidget):
    def __init__(self, family: Family, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        sentence = QLabel(family.error)
        sentence.setWordWrap(True)
        sentence.setProperty("role", "error")
        sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        details = QPlainTextEdit(family.details)
        details.setReadOnly(True)
        details.setAccessibleName(self.tr("Details"))
        column = QVBoxLayout(self)
        column.addWidget(sentence)
        column.addWidget(details, 1)
