"""A text that a person pastes or types, kept as a file to train on."""

import re
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gendesk.app.latest_worker import LatestWorker, Stopped
from gendesk.errors import InputError
from gendesk.files import write_atomically

_LONGEST = 5_000_000
_LONGEST_NAME = 60


class PasteDialog(QDialog):
    """`stored` brings the path of the file, which is written on a worker thread into `folder`."""

    stored = Signal(str)

    def __init__(self, folder: Path, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Paste Text"))
        self.resize(640, 480)
        self._folder = folder
        self._worker = LatestWorker(self)
        self._worker.done.connect(self._take)
        self._arrange()
        self.text.refused.connect(self._refuse)
        self.text.textChanged.connect(self._count)
        self.text.insert(text)
        self._count()
        self.text.setFocus()

    def _arrange(self) -> None:
        self.name = QLineEdit(self.tr("Pasted text"))
        self.name.setMaxLength(_LONGEST_NAME)
        self.name.setAccessibleName(self.tr("Name"))
        self.name.setToolTip(self.tr("What the text is called in the choice of data, and its file on the disk"))
        self.text = _Field()
        self.text.setAccessibleName(self.tr("Text"))
        self.text.setToolTip(self.tr("What a model shall learn from; the more, the better it can learn"))
        self.text.setPlaceholderText(self.tr("Paste or type the text here. A model needs some 100,000 letters of it."))
        self.text.setTabChangesFocus(True)
        self._state = QLabel()
        self._state.setWordWrap(True)
        form = QFormLayout()
        form.addRow(self.tr("Name"), self.name)
        box = QDialogButtonBox(self)
        self.use = QPushButton(self.tr("Use This Text"))
        self.use.setToolTip(self.tr("Keep the text as a file, and look at it before training"))
        self.use.setProperty("role", "primary")
        self.use.clicked.connect(self._use)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setToolTip(self.tr("Leave the data as they were chosen before"))
        cancel.clicked.connect(self.reject)
        box.addButton(self.use, QDialogButtonBox.ButtonRole.AcceptRole)
        box.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addLayout(form)
        column.addWidget(self.text, 1)
        column.addWidget(self._state)
        column.addWidget(box)

    def _count(self) -> None:
        count = max(0, self.text.document().characterCount() - 1)
        self.use.setEnabled(count > 0)
        self._say(self.tr("{0:,} characters").format(count), "muted")

    def _refuse(self) -> None:
        sentence = self.tr("That is more than {0:,} characters: save it as a file, and drop the file on the window.")
        self._say(sentence.format(_LONGEST), "error")

    def _use(self) -> None:
        self.use.setEnabled(False)
        self._worker.ask(partial(_stored, self._folder, self.name.text(), self.text.toPlainText()))

    def _take(self, result: Any) -> None:
        if isinstance(result, Path):
            self.stored.emit(str(result))
            self.accept()
            return
        self.use.setEnabled(True)
        self._say(str(result), "error")

    def _say(self, sentence: str, role: str) -> None:
        self._state.setText(sentence)
        self._state.setProperty("role", role)
        self._state.style().polish(self._state)


class _Field(QPlainTextEdit):
    """Takes as much text as a field can hold without keeping the window waiting."""

    refused = Signal()

    def insert(self, text: str) -> None:
        """Insert a text at the cursor, or refuse it."""
        if self.document().characterCount() + len(text) > _LONGEST:
            self.refused.emit()
        else:
            self.insertPlainText(text)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 (the name is Qt's)
        self.insert(source.text())


def _stored(folder: Path, name: str, text: str, _stopped: Stopped) -> Path:
    """Write a text under a name that no other text has; raises InputError."""
    if not text.strip():
        raise InputError("There is nothing but spaces in the text.")
    stem = re.sub(r"[^\w\- ]+", "", name).strip() or "Pasted text"
    content = text.encode("utf-8", "replace")
    try:
        for number in range(1, 10_000):
            path = folder / (f"{stem}.txt" if number == 1 else f"{stem} {number}.txt")
            if not path.exists():
                write_atomically(path, content)
                return path
            if path.stat().st_size == len(content) and path.read_bytes() == content:
                return path
    except OSError as error:
        raise InputError(f"The text cannot be kept in {folder}: {error.strerror or error}.") from error
    raise InputError(f"There are too many texts called {stem}; give this one another name.")
