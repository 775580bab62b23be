"""A form made from the fields of a config: folding sections of rows, with what differs from a preset marked."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gendesk.config import FieldSpec
from gendesk.widgets.form.row import FieldRow
from gendesk.widgets.form.section import Section
from gendesk.widgets.translation import translated


class ConfigForm(QWidget):
    """Edits the values of a config's fields; scrolls by itself and is tidy from 280 px of width.

    `changed` carries all values, as `values()` gives them, after each edit by the person and after a reset.
    """

    changed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Settings"))
        self._specs: tuple[FieldSpec, ...] = ()
        self._preset: dict[str, Any] = {}
        self._rows: dict[str, FieldRow] = {}
        self._sections: dict[str, Section] = {}
        self._open: dict[str, bool] = {}  # by group, so that a section stays folded when another recipe is chosen
        self._locked = False
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._advanced = QCheckBox(self.tr("Advanced"), self)
        self._advanced.setToolTip(self.tr("Show the settings that rarely need a change"))
        self._advanced.toggled.connect(self._show_rows)
        self._reset = QPushButton(self)
        self._reset.clicked.connect(self.reset_to_preset)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 4, 8, 4)
        foot.addWidget(self._advanced)
        foot.addStretch()
        foot.addWidget(self._reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(foot)
        self._build()

    def set_fields(self, specs: Sequence[FieldSpec], values: Mapping[str, Any], preset: Mapping[str, Any]) -> None:
        """Show fields with their values and mark what differs from `preset`; defaults stand in for what is missing."""
        specs = tuple(_in_language(spec) for spec in specs)
        self._preset = {spec.name: preset.get(spec.name, spec.default) for spec in specs}
        if specs != self._specs:
            self._specs = specs
            self._build()
        self.clear_errors()
        self.set_values({spec.name: values.get(spec.name, spec.default) for spec in specs})

    def values(self) -> dict[str, Any]:
        """Return the value of every field as plain data, also of what is still being typed."""
        return {name: row.value() for name, row in self._rows.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show other values of some fields; those that stay the same are not touched.

        Raises KeyError for an unknown field; values must have passed the config's own check.
        """
        for name, value in values.items():
            self._rows[name].set_value(value)
        for name, row in self._rows.items():
            row.compare(self._preset[name])
        self._show_rows()
        self._show_differences()

    def reset_to_preset(self) -> None:
        """Give every field the value that the preset has."""
        self.clear_errors()
        self.set_values(self._preset)
        self.changed.emit(self.values())

    def set_locked(self, locked: bool) -> None:
        """Make all fields read-only, as during training, or let them be edited again."""
        self._locked = locked
        for row in self._rows.values():
            row.set_locked(locked)
        for section in self._sections.values():
            section.color_locked()
        self._show_differences()

    def minimumSizeHint(self) -> QSize:
        """Return a width at which nothing is cut at the right: the form scrolls downwards only."""
        fields = self._column.minimumSize().width() + self._scroll.verticalScrollBar().sizeHint().width()
        return super().minimumSizeHint().expandedTo(QSize(fields, 0))

    def set_error(self, name: str, sentence: str) -> None:
        """Show a sentence under a field and bring it into view; raises KeyError for an unknown field."""
        row = self._rows[name]
        row.set_error(sentence)
        self._sections[row.spec.group].set_open(True)
        self._show_rows()
        self._column.activate()
        self._scroll.ensureWidgetVisible(row.editor.widget)

    def clear_errors(self) -> None:
        for row in self._rows.values():
            row.set_error("")

    def _build(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        self._column = column
        column.setContentsMargins(8, 8, 8, 0)
        column.setSpacing(0)
        self._rows, self._sections = {}, {}
        if not self._specs:
            column.addWidget(self._empty_state(body))
        for spec in self._specs:
            if spec.group not in self._sections:
                self._sections[spec.group] = self._make_section(spec.group, body)
                column.addWidget(self._sections[spec.group])
            row = FieldRow(spec, self._sections[spec.group])
            row.edited.connect(self._row_edited)
            row.reset_asked.connect(self._row_reset)
            self._rows[spec.name] = row
        column.addStretch()
        self._scroll.setWidget(body)  # deletes the one before
        self._advanced.setVisible(any(spec.advanced for spec in self._specs))
        self._reset.setVisible(bool(self._specs))
        self.set_locked(self._locked)

    def _make_section(self, group: str, body: QWidget) -> Section:
        section = Section(group, body)
        section.set_open(self._open.get(group, True))
        section.folded.connect(self._remember_fold)
        return section

    def _remember_fold(self, group: str, is_open: bool) -> None:
        self._open[group] = is_open

    def _empty_state(self, body: QWidget) -> QLabel:
        label = QLabel(self.tr("The settings of what you train will appear here."), body)
        label.setProperty("role", "muted")
        label.setWordWrap(True)
        return label

    def _row_edited(self, name: str) -> None:
        self._rows[name].compare(self._preset[name])
        self._show_differences()
        self.changed.emit(self.values())

    def _row_reset(self, name: str) -> None:
        self._rows[name].set_value(self._preset[name])
        self._rows[name].editor.widget.setFocus()  # the button that had it goes
        self._row_edited(name)

    def _show_rows(self) -> None:
        """Hide advanced fields, but none that differs from the preset or has an error."""
        advanced = self._advanced.isChecked()
        shown = set()
        for row in self._rows.values():
            visible = advanced or not row.spec.advanced or row.differs or row.has_error
            row.set_visible(visible)
            if visible:
                shown.add(row.spec.group)
        for group, section in self._sections.items():
            section.setVisible(group in shown)
        self.updateGeometry()

    def _show_differences(self) -> None:
        count = sum(row.differs for row in self._rows.values())
        text = self.tr("Reset to Preset")
        self._reset.setText(f"{text} ({count})" if count else text)
        self._reset.setToolTip(self.tr("Settings that differ from the preset: {count}").format(count=count))
        self._reset.setEnabled(count > 0 and not self._locked)


def _in_language(spec: FieldSpec) -> FieldSpec:
    """Return a field with its texts in the interface's language; configs are written without Qt."""
    return dataclasses.replace(
        spec,
        title=translated(spec.title),
        description=translated(spec.description),
        group=translated(spec.group),
        unit=translated(spec.unit),
        columns=tuple(_in_language(column) for column in spec.columns),
    )
