"""Asks before runs go to the trash, and again before they are deleted where there is no trash."""

from functools import partial

from PySide6.QtCore import QCoreApplication, QLocale, QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from gendesk.app.runs.worker import Removal, StoreWorker

_NAMED = 5


class RemovalQuestions(QObject):
    """Asks on behalf of a widget, without holding up the window, and lets the worker do what is answered."""

    def __init__(self, worker: StoreWorker, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._worker = worker
        worker.measured.connect(self._ask_to_trash)
        worker.untrashed.connect(self._ask_to_delete)

    def _ask_to_trash(self, removal: Removal) -> None:
        if not removal.ids:
            self._worker.failed.emit(" ".join(removal.refused))
            return
        box = self._box(
            removal,
            self.tr("Move to Trash?"),
            self.tr("Move {0} to the trash?").format(_named(removal)),
            self.tr("The trash of your system keeps it until you empty it."),
        )
        button = box.addButton(self.tr("Move to Trash"), QMessageBox.ButtonRole.AcceptRole)
        box.accepted.connect(partial(self._worker.trash, removal))
        box.setDefaultButton(button)
        box.open()

    def _ask_to_delete(self, removal: Removal) -> None:
        box = self._box(
            removal,
            self.tr("Delete for Good?"),
            self.tr("Delete {0} for good?").format(_named(removal)),
            self.tr("There is no trash for the disk it lies on, so this cannot be undone."),
        )
        box.setIcon(QMessageBox.Icon.Warning)
        box.addButton(self.tr("Delete for Good"), QMessageBox.ButtonRole.AcceptRole)
        box.accepted.connect(partial(self._worker.delete, removal))
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.open()

    def _box(self, removal: Removal, title: str, question: str, consequence: str) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(question)
        size = self.tr("{0} on disk.").format(QLocale().formattedDataSize(removal.size))
        box.setInformativeText(" ".join([size, consequence, *removal.refused]))
        box.setEscapeButton(box.addButton(QMessageBox.StandardButton.Cancel))
        return box


def _named(removal: Removal) -> str:
    """Name one run, or a few of many."""
    translate = QCoreApplication.translate
    if len(removal.names) == 1:
        return f"\N{LEFT DOUBLE QUOTATION MARK}{removal.names[0]}\N{RIGHT DOUBLE QUOTATION MARK}"
    names = ", ".join(removal.names[:_NAMED])
    more = "" if len(removal.names) <= _NAMED else translate("RemovalQuestions", " and others")
    return translate("RemovalQuestions", "{0} runs ({1}{2})").format(len(removal.names), names, more)
