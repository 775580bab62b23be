"""One editor for each kind of field, and the tooltip that explains it."""

import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, SignalInstance
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from gendesk.config import FieldKind, FieldSpec
from gendesk.widgets.form.number import NumberSpin, number_text


@dataclass(frozen=True)
class FieldEditor:
    """A control with one way in and one way out; `edited` follows edits by the person, never `set_value`.

    `lock` makes it read-only (True) or lets it be edited (False); without it the control is disabled for that.
    """

    widget: QWidget
    value: Callable[[], Any]
    set_value: Callable[[Any], None]
    edited: SignalInstance
    refused: SignalInstance | None = None
    lock: Callable[[bool], None] | None = None

    def set_locked(self, locked: bool) -> None:
        if self.lock is not None:
            self.lock(locked)
        else:
            self.widget.setEnabled(not locked)


class ChoiceBox(QComboBox):
    """A choice between plain values that stays narrow and lets the wheel scroll the form."""

    def __init__(self, choices: tuple[Any, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self.addItems([str(choice) for choice in choices])
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    def value(self) -> Any:
        return self._choices[self.currentIndex()]

    def set_value(self, value: Any) -> None:
        self.setCurrentIndex(self._choices.index(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def field_editor(spec: FieldSpec, parent: QWidget | None = None) -> FieldEditor:
    """Make the editor of a field of one value; tables have their own (gendesk.widgets.form.table)."""
    if spec.kind in (FieldKind.INTEGER, FieldKind.NUMBER):
        whole = spec.kind == FieldKind.INTEGER
        spin = NumberSpin(spec.minimum, spec.maximum, unit=spec.unit, whole=whole, parent=parent)
        return FieldEditor(spin, spin.value, spin.set_value, spin.edited, spin.refused)
    if spec.kind == FieldKind.SWITCH:
        box = QCheckBox(parent)
        return FieldEditor(box, box.isChecked, box.setChecked, box.clicked)
    if spec.kind == FieldKind.CHOICE:
        choice = ChoiceBox(spec.choices, parent)
        return FieldEditor(choice, choice.value, choice.set_value, choice.activated)
    line = QLineEdit(parent)
    return FieldEditor(line, line.text, line.setText, line.editingFinished)


def value_text(value: Any) -> str:
    """Write a plain value of a field for people."""
    if isinstance(value, bool):
        return _tr("on") if value else _tr("off")
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, list | tuple):
        return ", ".join("·".join(value_text(part) for part in row.values()) for row in value)
    return str(value)


def field_tooltip(spec: FieldSpec) -> str:
    """Return rich text: title, description, range with unit, default, and the field's name on the command line."""
    lines = [f"<b>{html.escape(spec.title)}</b>", html.escape(spec.description)]
    if limits := range_text(spec):
        lines.append(html.escape(limits))
    if (default := value_text(spec.default)) and len(default) <= 60:
        unit = f" {spec.unit}" if spec.unit else ""
        lines.append(html.escape(_tr("Default: {value}").format(value=default + unit)))
    lines.append(f"<code>--set {html.escape(spec.name)}=…</code>")
    return "<br>".join(lines)


def range_text(spec: FieldSpec) -> str:
    """Return "Range: 1 to 512 px", with one end where only one is known, or "" where none is."""
    if spec.minimum is None and spec.maximum is None:
        return ""
    low = None if spec.minimum is None else number_text(spec.minimum)
    high = None if spec.maximum is None else number_text(spec.maximum)
    unit = f" {spec.unit}" if spec.unit else ""
    if spec.kind == FieldKind.TABLE:
        unit = _tr(" rows")
    if low is None:
        return _tr("Range: at most {high}{unit}").format(high=high, unit=unit)
    if high is None:
        return _tr("Range: at least {low}{unit}").format(low=low, unit=unit)
    return _tr("Range: {low} to {high}{unit}").format(low=low, high=high, unit=unit)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ConfigForm", text)
