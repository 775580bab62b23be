"""The settings of the application, beside the window: searched, applied, restored."""

import dataclasses
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from gendesk.app.settings_file import InceptionCheck
from gendesk.app.settings_form import PathKind, SettingsForm
from gendesk.config import FieldKind, FieldSpec, field_specs
from gendesk.errors import InputError
from gendesk.preferences import FOLDER_FIELDS, Preferences
from gendesk.widgets.icons import icon

_Button = QDialogButtonBox.StandardButton
_INCEPTION = "inception_file"


class SettingsDialog(QDialog):
    """Edits preferences; `applied` carries them with OK and Apply. Folders count from the next start on."""

    applied = Signal(object)

    def __init__(self, preferences: Preferences, devices: Sequence[str] = (), parent: QWidget | None = None) -> None:
        """`devices` are the ids of those that are there, such as cpu and cuda:0; auto is always offered."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Settings"))
        self.setSizeGripEnabled(True)
        self.resize(600, 640)
        self._first = self._applied = preferences
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search settings"))
        self.search.setAccessibleName(self.tr("Search settings"))
        self.search.setToolTip(self.tr("Show only the settings that have all of these words"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        restart = self.tr("Counts from the next start of gendesk on.")
        paths: dict[str, PathKind] = {**dict.fromkeys(FOLDER_FIELDS, "folder"), _INCEPTION: "file"}
        self.form = SettingsForm(
            _specs(("auto", *devices), preferences.device), paths, dict.fromkeys(FOLDER_FIELDS, restart)
        )
        self.form.set_values(preferences.model_dump(mode="json"))
        self._check = InceptionCheck(self)
        self._note = QLabel(self.tr("The folders that you changed are used after gendesk has been started again."))
        self._note.setWordWrap(True)
        self._note.hide()
        self._buttons = self._make_buttons()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.form, 1)
        column.addWidget(self._note)
        column.addWidget(self._buttons)
        self.search.textChanged.connect(self.form.search)
        self.form.changed.connect(self._compare)
        self.form.path_chosen.connect(self._look_at_path)
        self._check.checked.connect(self._tell_verdict)
        QShortcut(QKeySequence.StandardKey.Find, self, self._find)
        self._compare()

    def restore_defaults(self) -> None:
        """Show the default of every setting; nothing is applied yet."""
        self.form.set_values(Preferences().model_dump(mode="json"))
        self._compare()

    def apply(self) -> bool:
        """Hand on what the form says; False if a value is refused, which is then said under its field."""
        try:
            wanted = Preferences().with_values(self.form.values())
        except InputError as error:
            name, _, sentence = str(error).partition(": ")
            self.search.clear()
            self.form.set_error(name, sentence)
            return False
        if wanted != self._applied:
            self._applied = wanted
            self.applied.emit(wanted)
        self.form.set_values(wanted.model_dump(mode="json"))
        self._compare()
        return True

    def accept(self) -> None:
        """Apply and close; stay open if a value is refused."""
        if self.apply():
            super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter means OK, but not for somebody who is still searching.
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or self.focusWidget() is not self.search:
            super().keyPressEvent(event)

    def _compare(self) -> None:
        values = self.form.values()
        applied = self._applied.model_dump(mode="json")
        self._buttons.button(_Button.Apply).setEnabled(values != applied)
        self._note.setVisible(any(values[name] != getattr(self._first, name) for name in FOLDER_FIELDS))

    def _look_at_path(self, field: str, path: str) -> None:
        if field == _INCEPTION and path:
            self._check.look_at(path)

    def _tell_verdict(self, path: str, problem: str) -> None:
        self.form.set_verdict(_INCEPTION, path, problem, self.tr("This is the file that FID is defined on."))

    def _find(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _make_buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(_Button.Ok | _Button.Cancel | _Button.Apply | _Button.RestoreDefaults)
        tips = {
            _Button.Ok: self.tr("Use these settings and close"),
            _Button.Cancel: self.tr("Close without using what was not applied"),
            _Button.Apply: self.tr("Use these settings"),
            _Button.RestoreDefaults: self.tr("Show the defaults of all settings; they count when they are applied"),
        }
        for kind, tip in tips.items():
            button = box.button(kind)
            button.setToolTip(tip)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        box.button(_Button.Apply).clicked.connect(self.apply)
        box.button(_Button.RestoreDefaults).clicked.connect(self.restore_defaults)
        return box


def _specs(devices: Sequence[str], chosen: str) -> list[FieldSpec]:
    """Return the fields with the devices as choices, among them one that is chosen and not there now."""
    choices = tuple(dict.fromkeys((*devices, chosen)))
    return [
        dataclasses.replace(spec, kind=FieldKind.CHOICE, choices=choices) if spec.name == "device" else spec
        for spec in field_specs(Preferences)
    ]
