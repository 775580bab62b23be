"""Settings with their explanations in view, filtered by what is searched for."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gendesk.config import FieldKind, FieldSpec
from gendesk.widgets.form.fields import field_editor, range_text
from gendesk.widgets.form.number import NumberSpin
from gendesk.widgets.form.section import Section
from gendesk.widgets.icons import icon
from gendesk.widgets.translation import translated

_EDITOR_WIDTH = 168

PathKind = Literal["folder", "file"]


class SettingRow(QWidget):
    """Title and editor in a line, the explanation below; a path has a line of its own and a button to choose it."""

    edited = Signal()
    path_chosen = Signal(str)  # a path that was chosen, or typed to its end

    def __init__(
        self, spec: FieldSpec, path: PathKind | None = None, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.spec = spec
        self._path = path
        title, description = translated(spec.title), translated(spec.description)
        self._words = " ".join((title, description, translated(spec.group), spec.name)).casefold()
        self.editor = field_editor(spec, self)
        widget = self.editor.widget
        widget.setAccessibleName(title)
        widget.setAccessibleDescription(description)
        widget.setToolTip("\n".join(filter(None, (description, range_text(spec), hint))))
        label = QLabel(title)
        label.setBuddy(widget)
        explanation = QLabel(f"{description} {hint}".strip())
        explanation.setProperty("role", "muted")
        explanation.setWordWrap(True)
        self._error = QLabel()
        self._error.setProperty("role", "error")
        self._error.setTextFormat(Qt.TextFormat.PlainText)
        self._error.setWordWrap(True)
        self._error.hide()
        self._note = QLabel()
        self._note.setProperty("role", "muted")
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        self._note.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(8, 4, 8, 8)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._grid.addWidget(label, 0, 0)
        if path is not None:
            self._grid.addLayout(self._path_line(path), 1, 0, 1, 2)
        else:
            self._grid.addWidget(widget, 0, 1)
            if spec.kind is not FieldKind.SWITCH:
                widget.setFixedWidth(_EDITOR_WIDTH)
        self._grid.addWidget(explanation, 2, 0, 1, 2)
        self._grid.addWidget(self._error, 3, 0, 1, 2)
        self._grid.addWidget(self._note, 4, 0, 1, 2)
        self.editor.edited.connect(self._edited)
        if isinstance(widget, NumberSpin):
            widget.lineEdit().textEdited.connect(self._edited)  # what is being typed counts, too
        if self.editor.refused is not None:
            self.editor.refused.connect(self.set_error)

    def matches(self, query: str) -> bool:
        """Whether every word of a query is somewhere in title, explanation or group."""
        return all(word in self._words for word in query.casefold().split())

    def set_error(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def set_note(self, sentence: str) -> None:
        """Say something good under the field."""
        self._note.setText(sentence)
        self._note.setVisible(bool(sentence))

    def _edited(self) -> None:
        self.set_error("")
        self.set_note("")
        self.edited.emit()

    def _path_line(self, path: PathKind) -> QHBoxLayout:
        line = self.editor.widget
        if isinstance(line, QLineEdit):
            line.setPlaceholderText(self.tr("Inside the data folder") if path == "folder" else self.tr("None chosen"))
            line.setClearButtonEnabled(True)
            line.textEdited.connect(self._edited)
            line.editingFinished.connect(self._finished)
        browse = QPushButton(icon("folder"), self.tr("Browse..."))
        browse.setAutoDefault(False)
        browse.setToolTip(self.tr("Choose a folder") if path == "folder" else self.tr("Choose a file"))
        browse.setAccessibleName(self.tr("Browse for {0}").format(translated(self.spec.title)))
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(line, 1)
        row.addWidget(browse)
        return row

    def _browse(self) -> None:
        dialog = QFileDialog(self, translated(self.spec.title), self.editor.value())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._path == "folder":
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        else:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.choose)
        dialog.open()

    def choose(self, path: str) -> None:
        """Take a path as if it had been typed."""
        self.editor.set_value(str(Path(path)))
        self._edited()
        self._finished()

    def _finished(self) -> None:
        self.path_chosen.emit(self.editor.value())


class SettingsForm(QScrollArea):
    """Sections of settings; `changed` follows every edit by the person."""

    changed = Signal()
    path_chosen = Signal(str, str)  # field and path

    def __init__(
        self,
        specs: Sequence[FieldSpec],
        paths: Mapping[str, PathKind] | None = None,
        hints: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`paths` tells which fields hold one; `hints` are sentences behind the explanation, by field."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Settings"))
        self._rows: dict[str, SettingRow] = {}
        self._sections: dict[str, Section] = {}
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        self._nothing = QLabel(self.tr("No setting has all of these words; clear the search to see all."))
        self._nothing.setProperty("role", "muted")
        self._nothing.setWordWrap(True)
        self._nothing.hide()
        column.addWidget(self._nothing)
        for spec in specs:
            if spec.group not in self._sections:
                self._sections[spec.group] = Section(translated(spec.group), body)
                column.addWidget(self._sections[spec.group])
            hint = (hints or {}).get(spec.name, "")
            row = SettingRow(spec, (paths or {}).get(spec.name), hint, self._sections[spec.group].body)
            row.edited.connect(self.changed)
            row.path_chosen.connect(partial(self.path_chosen.emit, spec.name))
            self._sections[spec.group].grid.addWidget(row)
            self._rows[spec.name] = row
        column.addStretch(1)
        self.setWidget(body)

    def values(self) -> dict[str, Any]:
        """Return the value of every field, also of those that the search hides."""
        return {name: row.editor.value() for name, row in self._rows.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show values by field; what was refused before is forgotten."""
        for name, value in values.items():
            self._rows[name].editor.set_value(value)
            self._rows[name].set_error("")
            self._rows[name].set_note("")

    def set_verdict(self, name: str, value: str, problem: str, note: str) -> None:
        """Say what was found of the value of a field, a problem or else a note, unless it was edited meanwhile."""
        row = self._rows[name]
        if row.editor.value() == value:
            row.set_error(problem)
            row.set_note("" if problem else note)

    def search(self, query: str) -> None:
        """Show only the fields that have all words of a query; sections that hold any of them are opened."""
        found = {name for name, row in self._rows.items() if row.matches(query)}
        for name, row in self._rows.items():
            row.setVisible(name in found)
        for group, section in self._sections.items():
            hit = any(self._rows[name].spec.group == group for name in found)
            section.setVisible(hit)
            if hit and query.strip():
                section.set_open(True)
        self._nothing.setVisible(not found)

    def set_error(self, name: str, sentence: str) -> None:
        """Show a sentence under a field and bring it into view."""
        row = self._rows[name]
        row.set_error(sentence)
        row.show()
        self._sections[row.spec.group].show()
        self._sections[row.spec.group].set_open(True)
        row.editor.widget.setFocus()
        self.ensureWidgetVisible(row)
