"""What happened, newest at the foot: starts, ends, warnings and errors of all runs."""

import time
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from gendesk.widgets.icons import icon

Kind = Literal["info", "warning", "error"]
_KEPT = 1000


class LogList(QListWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Messages"))
        self.setWordWrap(True)
        self.setUniformItemSizes(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        copy = QAction(self.tr("Copy"), self)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self._copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def add(self, kind: Kind, text: str) -> None:
        item = QListWidgetItem(icon(kind), f"{time.strftime('%H:%M:%S')}  {text}")
        item.setToolTip(text)
        self.addItem(item)
        if self.count() > _KEPT:
            self.takeItem(0)
        self.scrollToBottom()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.count() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().placeholderText().color())
            hint = self.tr("Starts, ends and warnings of runs appear here.")
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, hint)
            painter.end()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(item.text() for item in self.selectedItems()))
