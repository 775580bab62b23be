"""Files that a person saves from a widget."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def choose_file(parent: QWidget, title: str, name: str, suffix: str, chosen: Callable[[Path], None]) -> None:
    """Ask where to save without holding up the window; `suffix` is "png" or "gif"."""
    dialog = QFileDialog(parent, title, name, f"{suffix.upper()} (*.{suffix})")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.open()
