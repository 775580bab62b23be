"""One row of a form: label, editor, a button that resets it, and a sentence where the value was refused."""

from typing import Any

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from gendesk.config import FieldKind, FieldSpec
from gendesk.widgets.form.fields import FieldEditor, field_editor, field_tooltip
from gendesk.widgets.form.section import FieldLabel, Section
from gendesk.widgets.form.table import TableEditor
from gendesk.widgets.icons import icon

_RESET_SIDE = 20


class FieldRow(QObject):
    """Lays the parts of one field into the grid of its section; the button and the sentence come when first needed."""

    edited = Signal(str)
    reset_asked = Signal(str)

    def __init__(self, spec: FieldSpec, section: Section) -> None:
        super().__init__(section)
        self.spec = spec
        self.differs = False
        self._locked = False
        self._body, self._grid = section.body, section.grid
        self._line = self._grid.rowCount()
        self._grid.setRowMinimumHeight(self._line + 1, 0)  # keeps the line below for the sentence
        self._label = FieldLabel(spec.title, self._body)
        self._reset: QToolButton | None = None
        self._error: QLabel | None = None
        self.editor = self._place_editor()
        self._last = self.editor.value()
        tooltip = field_tooltip(spec)
        self._label.setToolTip(tooltip)
        self.editor.widget.setToolTip(tooltip)
        self.editor.widget.setAccessibleName(spec.title)
        self.editor.widget.setAccessibleDescription(spec.description)
        self._label.setBuddy(self.editor.widget)
        self.editor.edited.connect(self._edited)
        if self.editor.refused is not None:
            self.editor.refused.connect(self.set_error)

    @property
    def has_error(self) -> bool:
        return self._error is not None and bool(self._error.text())

    def value(self) -> Any:
        return self.editor.value()

    def set_value(self, value: Any) -> None:
        """Show a value and forget what was refused, unless it is shown already."""
        value = _plain(value)
        if value != self.editor.value():
            self.editor.set_value(value)
            self.set_error("")
        self._last = self.editor.value()

    def compare(self, preset: Any) -> None:
        """Mark the field where its value is not the preset's."""
        self.differs = self.editor.value() != _plain(preset)
        self._label.set_marked(self.differs)
        if self.differs and self._reset is None:
            self._reset = self._make_reset()
        if self._reset is not None:
            self._reset.setVisible(self.differs and not self._label.isHidden())

    def set_error(self, sentence: str) -> None:
        if sentence and self._error is None:
            self._error = QLabel(self._body)
            self._error.setProperty("role", "error")
            self._error.setWordWrap(True)
            self._error.setContentsMargins(8, 0, 0, 4)
            self._grid.addWidget(self._error, self._line + 1, 0, 1, 3)
        if self._error is not None:
            self._error.setText(sentence)
            self._error.setVisible(bool(sentence) and not self._label.isHidden())
        self.editor.widget.setAccessibleDescription(sentence or self.spec.description)

    def set_locked(self, locked: bool) -> None:
        """Make the field read-only, or let it be edited again."""
        self._locked = locked
        self.editor.set_locked(locked)
        self._label.setEnabled(not locked)
        if self._reset is not None:
            self._reset.setEnabled(not locked)

    def set_visible(self, visible: bool) -> None:
        self._label.setVisible(visible)
        self.editor.widget.setVisible(visible)
        if self._reset is not None:
            self._reset.setVisible(visible and self.differs)
        if self._error is not None:
            self._error.setVisible(visible and self.has_error)

    def _edited(self) -> None:
        # A choice made again and a text left as it was are no edits.
        value = self.editor.value()
        if value != self._last:
            self._last = value
            self.set_error("")
            self.edited.emit(self.spec.name)

    def _ask_reset(self) -> None:
        self.reset_asked.emit(self.spec.name)

    def _place_editor(self) -> FieldEditor:
        line = self._line
        self._grid.setColumnStretch(0, 6)
        self._grid.setColumnStretch(1, 5)
        self._grid.setColumnMinimumWidth(2, _RESET_SIDE + 4)
        if self.spec.kind == FieldKind.TABLE:
            table = TableEditor(self.spec, self._label, self._body)
            self._grid.addWidget(table, line, 0, 1, 2)
            return FieldEditor(table, table.value, table.set_value, table.edited, lock=table.set_locked)
        editor = field_editor(self.spec, self._body)
        self._grid.addWidget(self._label, line, 0)
        self._grid.addWidget(editor.widget, line, 1)
        return editor

    def _make_reset(self) -> QToolButton:
        button = QToolButton(self._body)
        button.setIcon(icon("reset"))
        button.setIconSize(QSize(14, 14))
        button.setFixedSize(_RESET_SIDE, _RESET_SIDE)
        button.setAutoRaise(True)
        button.setEnabled(not self._locked)
        button.setToolTip(self.tr("Reset to the preset's value"))
        button.setAccessibleName(self.tr("Reset {title}").format(title=self.spec.title))
        button.clicked.connect(self._ask_reset)
        top = self.spec.kind == FieldKind.TABLE
        height = Qt.AlignmentFlag.AlignTop if top else Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(button, self._line, 2, height | Qt.AlignmentFlag.AlignRight)
        QWidget.setTabOrder(self.editor.widget, button)
        return button


def _plain(value: Any) -> Any:
    """Turn tuples into lists, as JSON has them, so that values from a config and from the form compare equal."""
    return [_plain(part) for part in value] if isinstance(value, tuple | list) else value
