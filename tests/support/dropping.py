"""Dropping on a widget, as a desktop does it."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget


def drop(target: QWidget, data: QMimeData) -> None:
    """Drop something; the widget must take it."""
    facts = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(9, 9), *facts)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(target, QDropEvent(QPointF(9, 9), *facts))


def drop_file(target: QWidget, path: Path) -> None:
    """Drop a file or a folder."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drop(target, data)
