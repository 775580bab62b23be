"""Translation of strings that are written where Qt is not imported: titles of settings, recipes, metrics."""

from PySide6.QtCore import QCoreApplication

CONTEXT = "gendesk"


def translated(text: str) -> str:
    """Return a text in the interface's language, or as it is where no translation is known."""
    return QCoreApplication.translate(CONTEXT, text) if text else text
