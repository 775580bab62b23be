"""The selected run beside the list: its pictures, its numbers, and what the person writes on it."""

import time
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from gendesk.app.runs.entries import RunEntry
from gendesk.app.runs.rows import Column, Row
from gendesk.app.runs.thumbnails import Thumbnails

_PICTURE = QSize(112, 112)
_KEPT_PICTURES = 16
_MOST_TAGS = 100
_LONGEST_NOTE = 100_000


class RunDetails(QWidget):
    """Shows one run, or offers to tag several at once. What is written is told when the field loses the focus."""

    labels_written = Signal(object)  # dict: run id to the labels that change

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Details of the selected run"))
        self._rows: Sequence[Row] = ()
        self._tags: tuple[str, ...] = ()
        self._thumbnails = Thumbnails(_PICTURE, _KEPT_PICTURES, self)
        self._thumbnails.loaded.connect(self._show_picture)
        self._picture = QLabel()
        self._picture.setAccessibleName(self.tr("Newest pictures of the run"))
        self._picture.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._picture.setMinimumHeight(56)  # a low dock cuts it off rather than grow
        self._title = _label("title")
        self._facts = _label("muted")
        self.note = QPlainTextEdit()
        self.note.setPlaceholderText(self.tr("Write a note: what you tried, what you saw"))
        self.note.setAccessibleName(self.tr("Note"))
        self.note.setToolTip(self.tr("A note of your own on this run; search finds its words"))
        self.note.setTabChangesFocus(True)
        self.note.setMinimumSize(88, 40)
        self.tags = QLineEdit()
        self.tags.setPlaceholderText(self.tr("Tags, with commas between"))
        self.tags.setAccessibleName(self.tr("Tags"))
        self.tags.setToolTip(self.tr("Words to find runs by, with commas between; Enter keeps them"))
        self.tags.returnPressed.connect(self.commit)
        self.note.installEventFilter(self)
        self.tags.installEventFilter(self)
        self._arrange()
        self.set_rows(())

    def _arrange(self) -> None:
        inside = QWidget()
        facts = QVBoxLayout(inside)
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setSpacing(4)
        facts.addWidget(self._title)
        facts.addWidget(self._facts)
        facts.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setMinimumWidth(96)
        scroll.setWidget(inside)
        scroll.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        writing = QVBoxLayout()
        writing.setSpacing(4)
        writing.addWidget(self.note, 1)
        writing.addWidget(self.tags)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 8)
        row.setSpacing(8)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(scroll, 4)
        row.addLayout(writing, 3)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these runs; what was being written on others is kept first, on the same ones it is left alone."""
        same = [row.entry.id for row in rows] == [row.entry.id for row in self._rows]
        if not same:
            self.commit()
        self._rows = tuple(rows)
        one = rows[0] if len(rows) == 1 else None
        self._show_facts(one)
        self._show_picture("")
        if not (same and self._written()):
            self._tags = _common_tags(rows)
            self.tags.setText(", ".join(self._tags))
            self.tags.setCursorPosition(0)
            self.note.setPlainText(one.entry.labels.note if one else "")
            self.note.document().setModified(False)
            self.tags.setModified(False)
        self.tags.setEnabled(bool(rows) and all(row.entry.record is not None for row in rows))
        self.note.setEnabled(one is not None and one.entry.record is not None)

    def edit(self) -> None:
        """Put the cursor where the person writes on the selected runs."""
        (self.note if self.note.isEnabled() else self.tags).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def commit(self) -> None:
        """Tell what has been written and not told yet."""
        if not self._rows or not self._written():
            return
        now = _parsed(self.tags.text())
        changes: dict[str, dict[str, Any]] = {}
        for row in self._rows:
            entry = row.entry
            change: dict[str, Any] = {}
            kept = [tag for tag in entry.labels.tags if tag in now or tag not in self._tags]
            change["tags"] = tuple(dict.fromkeys([*kept, *now]))[:_MOST_TAGS]
            if len(self._rows) == 1:
                change["note"] = self.note.toPlainText()[:_LONGEST_NOTE]
            if any(value != getattr(entry.labels, name) for name, value in change.items()):
                changes[entry.id] = change
        self._tags = tuple(now)
        self.note.document().setModified(False)
        self.tags.setModified(False)
        if changes:
            self.labels_written.emit(changes)

    def _written(self) -> bool:
        return self.note.document().isModified() or self.tags.isModified()

    def _show_facts(self, row: Row | None) -> None:
        if row is None:
            many = len(self._rows) > 1
            self._title.setText(self.tr("{0} runs selected").format(len(self._rows)) if many else "")
            hint = self.tr("Tags written here are put on all of them.")
            self._facts.setText(hint if many else self.tr("Select a run to see its numbers and to write on it."))
            return
        self._title.setText(row.entry.title)
        self._facts.setText("\n".join(self._lines(row)))

    def _lines(self, row: Row) -> list[str]:
        record, entry = row.entry.record, row.entry
        if record is None:
            return [entry.reason]
        texts = {column: row.cells[column][int(Qt.ItemDataRole.DisplayRole)] for column in Column}
        config = record.config
        data = record.data.title if record.data else config.data
        lines = [entry.reason or record.message] if entry.reason or record.message else []
        lines.append(f"{texts[Column.RECIPE]}, {config.preset}")
        lines.append(self.tr("Data: {0}").format(data))
        if texts[Column.STEP]:
            lines.append(self.tr("{0}, step {1}").format(texts[Column.STATE], texts[Column.STEP]))
        if texts[Column.BEST]:
            lines.append(self.tr("Best: {0}").format(texts[Column.BEST]))
        lines += [f"{name}: {value:.4g}" for name, value in sorted(row.metrics.items())]
        if texts[Column.TRAINED]:
            speed = f"{record.steps_per_second:,.3g}"
            lines.append(self.tr("Trained for {0} at {1} steps/s").format(texts[Column.TRAINED], speed))
        device = f"{record.device}, {record.precision}" if record.device else config.settings.device
        lines.append(self.tr("Seed {0}, {1}").format(config.settings.seed, device))
        made = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.created))
        lines.append(self.tr("{0}, started {1}").format(entry.id, made))
        return lines

    def _show_picture(self, _run_id: str) -> None:
        entry: RunEntry | None = self._rows[0].entry if len(self._rows) == 1 else None
        picture = self._thumbnails.picture(entry) if entry is not None and self.isVisible() else None
        self._picture.setPixmap(picture or QPixmap())
        self._picture.setVisible(picture is not None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._thumbnails.ratio = self.devicePixelRatioF()
        self._show_picture("")

    def hideEvent(self, event: QHideEvent) -> None:
        self.commit()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and watched in (self.note, self.tags):
            self.commit()
        return super().eventFilter(watched, event)


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _common_tags(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the tags that all these runs have."""
    if not rows:
        return ()
    others = [set(row.entry.labels.tags) for row in rows[1:]]
    return tuple(tag for tag in rows[0].entry.labels.tags if all(tag in tags for tags in others))


def _parsed(text: str) -> list[str]:
    """Return the tags in a text with commas, each once."""
    return list(dict.fromkeys(tag for part in text.split(",") if (tag := " ".join(part.split()))))
