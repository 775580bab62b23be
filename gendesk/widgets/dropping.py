"""Files that a person drops on a widget."""

from PySide6.QtGui import QDropEvent


def dropped_files(event: QDropEvent) -> list[str]:
    """Return the paths of the files that are dropped, or dragged over, with none for what lies on another computer."""
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
