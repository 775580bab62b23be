"""The window that tells of an unexpected error."""

from PySide6.QtWidgets import QWidget

from gendesk.app.error_report import ErrorDialog
from gendesk.logs import described


def build() -> QWidget:
    try:
        {}["encoder"]
    except KeyError as error:
        return ErrorDialog(described(error, error.__traceback__, "In MainThread"))
    raise AssertionError
