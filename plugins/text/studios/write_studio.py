"""The playground of texts: a beginning, how wild the model may be, and the text token by token as it comes."""

import math
import time
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gendesk.engine.text.memorised import Passage, Texts, memorised
from gendesk.engine.text.saving import Origin, origin, sheet, write_sheet
from gendesk.engine.text.streaming import Part, begin_writing, write_on
from gendesk.engine.text.writing import Task
from gendesk.errors import InputError
from gendesk.widgets.export import Export, Report, choose_file
from gendesk.widgets.icons import icon

from .on_text import TextStudio, UnknownNote, note
from .write_pages import WrittenPages
from .write_settings import WriteSettings

_SETTINGS_WIDTH = 320
_UNLIMITED = 16_777_215  # Qt's QWIDGETSIZE_MAX


class WriteStudio(TextStudio):
    """Asks for a few tokens at a time, so that the text streams and a click stops it at once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Write"))
        self._task: Task | None = None
        self._origin = Origin()
        self._writing = False
        self._begun = 0.0
        self.settings, self.pages = WriteSettings(), WrittenPages()
        self.settings.tinted.connect(self.pages.set_tinted)
        self.settings.changed.connect(self._check_beginning)
        self._files = Export(self)
        self._files.saved.connect(self._tell_saved)
        self._files.failed.connect(self.failed)
        self.unknown = UnknownNote()
        self.status, self.known_by_heart = note(), note()
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(8)
        for part in (self.settings, self.unknown):
            side.addWidget(part)
        side.addLayout(self._make_buttons())
        side.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.pages, 1)
        column.addWidget(self.status)
        column.addWidget(self.known_by_heart)
        self.box.addWidget(self._side)
        self.box.addLayout(column, 1)
        for keys, act in (("Ctrl+Return", self.start), ("Esc", self.end)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self._refresh()

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.write = QPushButton(self.tr("Write"))
        self.write.setProperty("role", "primary")
        self.write.setToolTip(self.tr("Write from the beginning above (Ctrl+Return)"))
        self.write.clicked.connect(self.start)
        self.stop = QPushButton(icon("stop"), self.tr("Stop"))
        self.stop.setToolTip(self.tr("End the text here (Esc)"))
        self.stop.clicked.connect(self.end)
        self.copy = QPushButton(self.tr("Copy"))
        self.copy.setToolTip(self.tr("Put the texts on the clipboard, with their beginning"))
        self.copy.clicked.connect(self._copy)
        self.save = QPushButton(icon("save"), self.tr("Save..."))
        self.save.setToolTip(self.tr("Save the texts as a .txt file, with their settings"))
        self.save.clicked.connect(self._choose_file)
        for button in (self.write, self.stop, self.copy, self.save):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def arrange(self, *, wide: bool) -> None:
        super().arrange(wide=wide)
        self._side.setMaximumWidth(_SETTINGS_WIDTH if wide else _UNLIMITED)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.pages.set_wide(self.width() >= 760)

    @property
    def is_writing(self) -> bool:
        return self._writing

    # The model

    def begin(self) -> None:
        self._refresh()
        self._check_beginning()

    def forget(self) -> None:
        self._task, self._writing = None, False
        self.pages.clear()
        self.status.clear()
        self.known_by_heart.clear()
        self._refresh()

    def answered(self, asker: str, _argument: Any, result: Any) -> None:
        if asker == "origin":
            self._origin = result
        elif asker == "write" and self._writing:
            self._take(result)
        elif asker == "memorised" and not self._writing:
            self._show_memorised(result)

    def on_failure(self, asker: str, sentence: str) -> None:
        if asker == "origin":
            return  # only the file that is saved then knows less
        if asker == "memorised":
            self.known_by_heart.setText(sentence)
            return
        self._writing = False
        self._refresh()
        self.failed.emit(sentence)

    def start(self) -> None:
        """Begin to write with what is set."""
        if self.tokenizer is None or self._writing:
            return
        try:
            self._task = self.settings.task()
        except InputError as error:
            self.failed.emit(str(error))
            return
        self.pages.begin(self.tokenizer, self._task)
        self.known_by_heart.clear()
        self._writing, self._begun = True, time.monotonic()
        self._refresh()
        self.ask("origin", origin, None, data=True)
        self.ask("write", begin_writing, self._task)

    def end(self) -> None:
        """Stop here, and look for what was learnt by heart."""
        if not self._writing:
            return
        self._writing = False
        self._refresh()
        if any(len(tokens) for tokens in self.pages.tokens):
            self.known_by_heart.setText(self.tr("Comparing with the training text..."))
            self.ask("memorised", memorised, Texts(self.pages.tokens), data=True, slow=True)

    def _take(self, part: Part) -> None:
        self.pages.add(part)
        self._tell_progress()
        if part.over:
            self.end()
        else:
            self.ask("write", write_on, part.pen)

    # What is seen

    def _refresh(self) -> None:
        written = any(self.pages.texts)
        self.write.setEnabled(self.tokenizer is not None and not self._writing)
        self.stop.setEnabled(self._writing)
        for button in (self.copy, self.save):
            button.setEnabled(written and not self._writing)
        marked = self.info is not None and bool(self.info.mark)
        self.settings.stop.setVisible(marked)

    def _check_beginning(self) -> None:
        self.unknown.check(self.tokenizer, self.settings.prompt.toPlainText())

    def _tell_progress(self) -> None:
        count = sum(map(len, self.pages.tokens))
        seconds = max(1e-3, time.monotonic() - self._begun)
        text = self.tr("{count} tokens, {speed} per second, surprise {bits} bits per token")
        bits = self.pages.bits
        shown = f"{bits:.2f}" if math.isfinite(bits) else "\N{EN DASH}"
        self.status.setText(text.format(count=f"{count:,}", speed=f"{count / seconds:,.0f}", bits=shown))

    def _show_memorised(self, passages: tuple[Passage, ...]) -> None:
        if len(passages) != len(self.pages.views):
            return
        self.pages.mark(passages)
        best = max(range(len(passages)), key=lambda number: passages[number].length)
        passage = passages[best]
        share = passage.length / max(1, len(self.pages.tokens[best]))
        text = self.tr("Longest passage that stands word for word in the training text: {count} tokens, underlined")
        if len(passages) > 1:
            text = self.tr("Longest passages from the training text are underlined; the longest: {count} tokens")
        self.known_by_heart.setText(f"{text} ({100 * share:.0f} %).".format(count=passage.length))

    # Files

    def _sheet(self) -> str:
        return sheet(self.pages.texts, self._task.prompt if self._task else "")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._sheet())

    def _choose_file(self) -> None:
        name = f"{self._origin.run or 'texts'}.txt"
        choose_file(self, self.tr("Save Texts"), name, self.save_as)

    def save_as(self, path: Path) -> None:
        """Write the texts and their settings to a file; ends with a word in the status line or `failed`."""
        if self._task is not None:
            self._files.start(path, partial(_save, self.pages.texts, self._task, self._origin))

    def _tell_saved(self, path: str) -> None:
        self.status.setText(self.tr("Saved to {path}.").format(path=path))


def _save(texts: tuple[str, ...], task: Task, where: Origin, path: Path, _report: Report) -> None:
    write_sheet(path, texts, task, where.run, where.step)
