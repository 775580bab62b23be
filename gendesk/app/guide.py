"""The guide in a window of its own, so that it can be read beside what it explains."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from gendesk.paths import bundled


class GuideWindow(QDialog):
    """Shows docs/guide.md with its pictures; links to the web open in the browser."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint, on=True)
        self.setWindowTitle(self.tr("Guide"))
        self.resize(1000, 720)
        self.text = QTextBrowser()
        self.text.setAccessibleName(self.tr("Guide"))
        self.text.setOpenExternalLinks(True)
        self.text.document().setDocumentMargin(24)
        guide = QUrl.fromLocalFile(str(bundled("docs") / "guide.md"))
        self.text.setSource(guide, QTextDocument.ResourceType.MarkdownResource)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
