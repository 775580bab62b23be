"""What a person sees of an error that nobody expected: once, in plain words, with a report to save."""

import logging
import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gendesk.logs import UnexpectedError, log
from gendesk.widgets.details import DetailsText
from gendesk.widgets.export import Export, choose_file
from gendesk.widgets.icons import icon

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class ErrorReporter(QObject):
    """Shows each kind of error once, one window at a time; later ones of a kind are in the log only.

    `report` may be called from any thread; see `gendesk.logs.install_hooks`. Windows belong to `window`.
    """

    _happened = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._seen: set[str] = set()
        self._waiting: list[UnexpectedError] = []
        self._shown = False
        self._happened.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def report(self, error: UnexpectedError) -> None:
        """Show an error as soon as the event loop comes to it."""
        self._happened.emit(error)

    def _take(self, error: UnexpectedError) -> None:
        if error.kind not in self._seen:
            self._seen.add(error.kind)
            self._waiting.append(error)
            self._show_next()

    def _show_next(self) -> None:
        if self._shown or not self._waiting:
            return
        self._shown = True
        dialog = ErrorDialog(self._waiting.pop(0), self._window)
        dialog.finished.connect(self._closed)
        dialog.show()

    def _closed(self) -> None:
        self._shown = False
        self._show_next()


class ErrorDialog(QDialog):
    """One unexpected error, beside the window, which goes on working."""

    def __init__(self, error: UnexpectedError, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Unexpected Error"))
        self.setMinimumWidth(520)
        self._error = error
        self._export = Export(self)
        self._export.saved.connect(self._say_saved)
        self._export.failed.connect(self._say)
        self._details = DetailsText(error.traceback)
        self._details.setMinimumHeight(220)
        self._details.hide()
        self._state = QLabel()
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._state.setProperty("role", "muted")
        self._state.setWordWrap(True)
        self._state.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        column.addLayout(self._words())
        column.addWidget(self._details, 1)
        column.addWidget(self._state)
        column.addWidget(self._buttons())

    def _words(self) -> QHBoxLayout:
        sign = QLabel()
        sign.setPixmap(icon("error").pixmap(32, 32))
        title = QLabel(self.tr("Something went wrong that gendesk did not expect."))
        title.setProperty("role", "title")
        sentence = QLabel(self._error.sentence)
        sentence.setTextFormat(Qt.TextFormat.PlainText)
        sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        kept = QLabel(
            self.tr(
                "What you did last may not have happened. Training goes on, and all that was saved of your runs is "
                "safe. You can go on working; if the window behaves oddly, close it and open it again. "
                "This error is shown once; if it comes again, it is only written to the log."
            )
        )
        column = QVBoxLayout()
        column.setSpacing(8)
        for label in (title, sentence, kept):
            label.setWordWrap(True)
            column.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        return row

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        box.rejected.connect(self.reject)
        box.button(QDialogButtonBox.StandardButton.Close).setToolTip(self.tr("Close this window and go on"))
        self._more = self._button(box, "", self.tr("Details"), self.tr("Show or hide where the error came from"))
        self._more.setCheckable(True)
        self._more.toggled.connect(self._show_details)
        copy = self._button(box, "duplicate", self.tr("Copy"), self.tr("Copy the report as text"))
        copy.clicked.connect(self.copy)
        save = self._button(
            box,
            "save",
            self.tr("Save Report..."),
            self.tr("Save the error, the versions at work and the newest lines of the log as a text file to send on"),
        )
        save.clicked.connect(self._ask_where)
        return box

    def _button(self, box: QDialogButtonBox, symbol: str, text: str, tip: str) -> QPushButton:
        button = box.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        if symbol:
            button.setIcon(icon(symbol))
        button.setToolTip(tip)
        button.setAutoDefault(False)
        return button

    def copy(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(self._error.report())
        self._say(self.tr("The report is on the clipboard."))

    def save(self, path: Path) -> None:
        """Write the report as a text file, on a worker thread; the window says what came of it."""
        self._export.start(path, partial(_write, self._error.report()))

    def _ask_where(self) -> None:
        choose_file(self, self.tr("Save Report"), "gendesk-report.txt", self.save)

    def _say_saved(self, path: str) -> None:
        self._say(self.tr("Saved as {0}").format(path))

    def _say(self, sentence: str) -> None:
        self._state.setText(sentence)
        self._state.show()
        self.resize(self.size().expandedTo(self.sizeHint()))

    def _show_details(self, shown: bool) -> None:
        self._details.setVisible(shown)
        self.adjustSize()


def _write(text: str, path: Path, _report: object) -> None:
    path.write_text(text, encoding="utf-8", errors="backslashreplace")


def log_qt_messages() -> None:
    """Send what Qt says of itself to the log, and its warnings to the terminal, too."""
    qInstallMessageHandler(_log_qt_message)


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    level = _LEVELS.get(kind, logging.WARNING)
    log.getChild("qt").log(level, "%s: %s", context.category or "default", message)
    if level >= logging.WARNING and sys.stderr is not None:
        sys.stderr.write(f"{message}\n")
