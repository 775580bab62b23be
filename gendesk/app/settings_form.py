"""Settings with their explanations in view, filtered by what is searched for."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

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


class SettingRow(QWidget):
    """Title and editor in a line, the explanation below; a folder has a line of its own and a button to choose it."""

    edited = Signal()

    def __init__(self, spec: FieldSpec, *, folder: bool, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
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
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(8, 4, 8, 8)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._grid.addWidget(label, 0, 0)
        if folder:
            self._grid.addLayout(self._folder_line(), 1, 0, 1, 2)
        else:
            self._grid.addWidget(widget, 0, 1)
            if spec.kind is not FieldKind.SWITCH:
                widget.setFixedWidth(_EDITOR_WIDTH)
        self._grid.addWidget(explanation, 2, 0, 1, 2)
        self._grid.addWidget(self._error, 3, 0, 1, 2)
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

    def _edited(self) -> None:
        self.set_error("")
        self.edited.emit()

    def _folder_line(self) -> QHBoxLayout:
        line = self.editor.widget
        if isinstance(line, QLineEdit):
            line.setPlaceholderText(self.tr("Inside the data folder"))
            line.setClearButtonEnabled(True)
            line.textEdited.connect(self._edited)
        browse = QPushButton(icon("folder"), self.tr("Browse..."))
        browse.setAutoDefault(False)
        browse.setToolTip(self.tr("Choose a folder"))
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
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.choose)
        dialog.open()

    def choose(self, folder: str) -> None:
        """Take a folder as if it had been typed."""
        self.editor.set_value(str(Path(folder)))
        self._edited()


class SettingsForm(QScrollArea):
    """Sections of settings; `changed` follows every edit by the person."""

    changed = Signal()

    def __init__(
        self,
        specs: Sequence[FieldSpec],
        folders: Collection[str] = (),
        hints: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`folders` names the fields that hold one; `hints` are sentences behind the explanation, by field."""
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
            row = SettingRow(spec, folder=spec.name in folders, hint=hint, parent=self._sections[spec.group].body)
            row.edited.connect(self.changed)
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
