"""Files that a person saves from a widget, written on a worker thread so that the window never waits for a disk."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThreadPool, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gendesk.errors import GendeskError

Report = Callable[[int], None]
"""Tells how much is done; in a cancelled export it raises what ends the writing."""


def choose_file(parent: QWidget, title: str, name: str, chosen: Callable[[Path], None]) -> None:
    """Ask where to save without holding up the window; the suffix of the proposed `name` says what is saved."""
    suffix = Path(name).suffix.removeprefix(".")
    dialog = QFileDialog(parent, title, name, f"{suffix.upper()} (*.{suffix})")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.open()


class _CancelledError(Exception):
    pass


class Export(QObject):
    """Writes files one after the other. When its parent goes away it cancels and waits for what is being written."""

    saved = Signal(str)  # the path
    failed = Signal(str)  # one sentence
    progress = Signal(int)
    ended = Signal()  # saved, failed or cancelled
    _written = Signal(object)  # the path, the error, or None if cancelled; from the worker thread

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting = 0
        self._cancel = threading.Event()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._written.connect(self._tell)
        # The parent's and not its own, which comes when the worker can no longer emit signals.
        parent.destroyed.connect(partial(_stop, self._cancel, self._pool))
        if app := QCoreApplication.instance():
            app.aboutToQuit.connect(self._cancel.set)

    @property
    def is_busy(self) -> bool:
        return self._waiting > 0

    def start(self, path: Path, write: Callable[[Path, Report], None]) -> None:
        """Let `write` make the file at `path`, on the worker thread; whatever it raises is told by `failed`."""
        self._cancel.clear()
        self._waiting += 1
        self._pool.start(lambda: self._run(path, write))

    def cancel(self) -> None:
        """End the writing at its next report; nothing is told but `ended`."""
        self._cancel.set()

    def stop(self) -> None:
        """Cancel, and wait for the worker thread."""
        _stop(self._cancel, self._pool)

    def _run(self, path: Path, write: Callable[[Path, Report], None]) -> None:
        try:
            write(path, self._report)
        except _CancelledError:
            self._written.emit(None)
        except Exception as error:  # noqa: BLE001 - whatever a file can do wrong is told, in the window's thread
            self._written.emit(error)
        else:
            self._written.emit(path)

    def _report(self, done: int) -> None:
        if self._cancel.is_set():
            raise _CancelledError
        self.progress.emit(done)

    def _tell(self, result: Path | Exception | None) -> None:
        self._waiting -= 1
        if isinstance(result, Path):
            self.saved.emit(str(result))
        elif isinstance(result, GendeskError):
            self.failed.emit(str(result))
        elif result is not None:
            self.failed.emit(self.tr("The file cannot be written: {reason}.").format(reason=result))
        self.ended.emit()


def _stop(cancel: threading.Event, pool: QThreadPool) -> None:
    cancel.set()
    pool.waitForDone()
