"""The sheet of keyboard shortcuts, with a menu of its own."""

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from gendesk.app.shortcuts import ShortcutSheet


def build() -> QWidget:
    bar = QMenuBar()
    run = bar.addMenu("&Run")
    for title, keys in (("&Start", "Ctrl+Return"), ("S&top", "Ctrl+T"), ("Single S&tep", "Ctrl+.")):
        run.addAction(title).setShortcut(QKeySequence(keys))
    sheet = ShortcutSheet(bar)
    bar.setParent(sheet)
    bar.hide()
    return sheet
