"""The samples of a training over its steps: one step at a time, live or scrubbed to, or all of them in a table."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QThreadPool, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from gendesk.files import write_atomically
from gendesk.widgets.export import Export, Report, choose_file
from gendesk.widgets.icons import icon
from gendesk.widgets.pictures.timeline import Timeline
from gendesk.widgets.plot.options import tool_button
from gendesk.widgets.text.sheet import Texts, TextSheet
from gendesk.widgets.text.steps import StepsModel, TextSteps

_KEPT_FRAMES = 512  # more than there are rows in view
_WAITING = 64
_NONE = Texts((), ())


class TextSource(Protocol):
    """Saved samples of a run; `frame` is called on worker threads, perhaps on two at once; None if it is missing."""

    def steps(self) -> Sequence[int]: ...

    def frame(self, step: int) -> Texts | None: ...


class _Replies(QObject):
    """Carries what the worker thread has read into the window's thread."""

    loaded = Signal(object, int, object)  # source, step, and Texts, None or the error


class TextHistory(QWidget):
    """Samples with a timeline under them, and a switch for the table of all steps.

    What is not looked at is not read; what was wanted last is read first.
    """

    exported = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source: TextSource | None = None
        self._frames: OrderedDict[int, Texts] = OrderedDict()
        self._wanted: int | None = None
        self._waiting: list[int] = []
        self._loading = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._replies = _Replies(self)
        self._replies.loaded.connect(self._loaded)
        self._files = Export(self)
        self._files.saved.connect(self.exported)
        self._files.failed.connect(self.failed)
        self.sheet = TextSheet()
        self._rows = StepsModel(self._frames, self)
        self._rows.wanted.connect(self._want)
        self.table = TextSteps(self._rows)
        self.timeline = Timeline()
        self.timeline.step_selected.connect(self._show_step)
        self.setAccessibleName(self.tr("Samples of the training"))
        self._arrange()
        self.destroyed.connect(self._pool.waitForDone)

    def _arrange(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.sheet)
        self._stack.addWidget(self.table)
        self.all_steps = tool_button(
            self.tr("All Steps"), self.tr("Show a table of all saved steps, the newest at the top"), "grid"
        )
        self.all_steps.setCheckable(True)
        self.all_steps.toggled.connect(self._switch)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.timeline, 1)
        row.addWidget(self.all_steps)
        row.addWidget(self._make_export_button())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._stack, 1)
        column.addLayout(row)

    def _make_export_button(self) -> QToolButton:
        self._export = tool_button(self.tr("Export"), self.tr("Save or copy these texts"), "export")
        menu = QMenu(self._export)
        for text, name, save in (
            (self.tr("Save Texts of This Step..."), "texts.txt", self.save_step),
            (self.tr("Save Texts of All Steps..."), "all-texts.txt", self.save_all),
        ):
            menu.addAction(icon("save"), text, partial(choose_file, self, self.tr("Save Texts"), name, save))
        menu.addAction(icon("duplicate"), self.tr("Copy Texts of This Step"), self.copy_step)
        self._export.setMenu(menu)
        self._export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._export.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._export.setEnabled(False)
        return self._export

    # What is shown

    def set_source(self, source: TextSource | None) -> None:
        """Show the saved samples of another run, the newest first; None empties the history."""
        self._source = source
        self._frames.clear()
        self._waiting.clear()
        self._rows.clear()
        self._show(_NONE)
        self.timeline.set_steps(source.steps() if source else ())
        self._rows.set_steps(self.timeline.steps)
        self.timeline.go_live()

    def show_live(self, texts: Texts, step: int) -> None:
        """Take the newest samples of a training; they are shown unless the person looks at earlier ones."""
        self.timeline.append_step(step)
        for later in [known for known in self._frames if known > step]:
            del self._frames[later]
        self._keep(step, texts)
        self._rows.set_steps(self.timeline.steps)
        self._rows.read(step)
        if self.timeline.is_live:
            self._wanted = step
            self._show(texts)

    def stop(self) -> None:
        """Wait for the worker threads; a destroyed history does so by itself."""
        self._files.stop()
        self._pool.waitForDone()

    def _switch(self, table: bool) -> None:
        self._stack.setCurrentWidget(self.table if table else self.sheet)
        if table and self.timeline.step is not None:
            self.table.go_to(self.timeline.step)

    def _show_step(self, step: int | None) -> None:
        self._wanted = self.timeline.step if step is None else step
        if self._wanted is None:
            return
        self.table.go_to(self._wanted)
        if self._wanted in self._frames:
            self._frames.move_to_end(self._wanted)
            self._show(self._frames[self._wanted])
        else:
            self._want(self._wanted)

    def _show(self, texts: Texts) -> None:
        self.sheet.set_texts(texts)
        self._export.setEnabled(not self.sheet.is_empty)

    # What is read

    def _want(self, step: int) -> None:
        """Have a step read, before all that was wanted earlier."""
        if step in self._waiting:
            self._waiting.remove(step)
        self._waiting.append(step)
        del self._waiting[:-_WAITING]
        self._read_next()

    def _read_next(self) -> None:
        if self._loading or self._source is None or not self._waiting:
            return
        self._loading = True
        self._pool.start(partial(_read, self._source, self._waiting.pop(), self._replies))

    def _loaded(self, source: TextSource, step: int, reply: Any) -> None:
        self._loading = False
        if source is self._source and step not in self._frames:
            if isinstance(reply, Exception):
                self.failed.emit(self.tr("Cannot show step {step}: {reason}").format(step=f"{step:,}", reason=reply))
            texts = reply if isinstance(reply, Texts) else _NONE
            self._keep(step, texts)
            self._rows.read(step)
            if step == self._wanted:
                self._show(texts)
        self._read_next()

    def _keep(self, step: int, texts: Texts) -> None:
        self._frames[step] = texts
        self._frames.move_to_end(step)
        while len(self._frames) > _KEPT_FRAMES:
            self._frames.popitem(last=False)

    # What is saved

    def save_step(self, path: str | Path) -> None:
        """Save the texts of the step that is shown; ends with `exported` or `failed`."""
        content = self.sheet.texts.as_text()
        self._files.start(Path(path), partial(_write, iter([content])))

    def save_all(self, path: str | Path) -> None:
        """Save the texts of all steps, the oldest first; ends with `exported` or `failed`."""
        if self._source is not None:
            self._files.start(Path(path), partial(_write, _all_texts(self._source)))

    def copy_step(self) -> None:
        """Put the texts of the step that is shown on the clipboard."""
        QGuiApplication.clipboard().setText(self.sheet.texts.as_text())


def _read(source: TextSource, step: int, replies: _Replies) -> None:
    try:
        replies.loaded.emit(source, step, source.frame(step))
    except Exception as error:  # noqa: BLE001 - whatever a file can do wrong is told, in the window's thread
        replies.loaded.emit(source, step, error)


def _all_texts(source: TextSource) -> Iterator[str]:
    for step in source.steps():
        frame = source.frame(step)
        if frame is not None:
            yield f"=== {step:,} ===\n\n{frame.as_text()}\n"


def _write(parts: Iterator[str], path: Path, _report: Report) -> None:
    write_atomically(path, "".join(parts).encode(), durable=False)
