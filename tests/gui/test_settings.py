"""The settings window as a person uses it."""

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QDialogButtonBox, QLineEdit, QPushButton

from gendesk.app.settings_dialog import SettingsDialog
from gendesk.preferences import Preferences

_Button = QDialogButtonBox.StandardButton


@pytest.fixture
def opened(qtbot):
    """Return a function that opens the window, and the list of what it applied."""
    made = []

    def build(preferences=None, devices=("cpu", "cuda:0")):
        dialog = SettingsDialog(preferences or Preferences(), devices)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.applied.connect(made.append)
        dialog.show()
        return dialog

    return build, made


def row(dialog, name):
    return dialog.form._rows[name]


def button(dialog, kind):
    return dialog.findChild(QDialogButtonBox).button(kind)


def shown(dialog):
    return {name for name, found in dialog.form._rows.items() if found.isVisible()}


def test_typing_filters_the_fields_at_once_by_all_words(qtbot, opened):
    dialog = opened[0]()
    assert shown(dialog) == set(Preferences.model_fields)
    qtbot.keyClicks(dialog.search, "KEPT runs folder")
    assert shown(dialog) == {"runs_folder"}
    dialog.search.clear()
    qtbot.keyClicks(dialog.search, "disk")
    assert shown(dialog) == {"keep_checkpoints"}
    dialog.search.setText("no such words")
    assert shown(dialog) == set()
    assert dialog.form._nothing.isVisible()
    dialog.search.clear()
    assert shown(dialog) == set(Preferences.model_fields)


def test_a_search_opens_a_folded_section_and_enter_does_not_close_the_window(qtbot, opened):
    dialog = opened[0]()
    dialog.form._sections["Folders"].set_open(False)
    assert not row(dialog, "plugins_folder").isVisible()
    dialog.search.setFocus()
    qtbot.keyClicks(dialog.search, "trust")
    assert shown(dialog) == {"plugins_folder"}
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_apply_hands_on_what_was_changed_and_only_once(qtbot, opened):
    build, applied = opened
    dialog = build()
    assert not button(dialog, _Button.Apply).isEnabled()
    spin = row(dialog, "threads").editor.widget
    spin.selectAll()
    qtbot.keyClicks(spin, "3")
    assert button(dialog, _Button.Apply).isEnabled()
    button(dialog, _Button.Apply).click()
    assert applied == [Preferences(threads=3)]
    assert not button(dialog, _Button.Apply).isEnabled()
    button(dialog, _Button.Ok).click()
    assert len(applied) == 1
    assert not dialog.isVisible()


def test_hidden_fields_keep_their_values(qtbot, opened):
    build, applied = opened
    dialog = build(Preferences(threads=5, theme="dark"))
    dialog.search.setText("device")
    combo = row(dialog, "device").editor.widget
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Down)
    button(dialog, _Button.Ok).click()
    assert applied == [Preferences(threads=5, theme="dark", device="cpu")]


def test_cancel_applies_nothing(qtbot, opened):
    build, applied = opened
    dialog = build()
    row(dialog, "check_data_before_start").editor.widget.click()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert applied == []
    assert not dialog.isVisible()


def test_a_refused_value_is_said_under_its_field_and_the_window_stays(qtbot, opened):
    build, applied = opened
    dialog = build()
    line = row(dialog, "runs_folder").editor.widget
    qtbot.keyClicks(line, "somewhere")
    dialog.search.setText("theme")
    button(dialog, _Button.Ok).click()
    assert applied == []
    assert dialog.isVisible()
    assert "whole path" in row(dialog, "runs_folder")._error.text()
    assert row(dialog, "runs_folder")._error.isVisible()
    qtbot.keyClicks(line, "x")
    assert not row(dialog, "runs_folder")._error.isVisible()


def test_a_chosen_folder_says_that_it_needs_a_restart(qtbot, opened, tmp_path):
    build, applied = opened
    dialog = build()
    assert not dialog._note.isVisible()
    row(dialog, "datasets_folder").choose(str(tmp_path))
    assert dialog._note.isVisible()
    button(dialog, _Button.Apply).click()
    assert applied == [Preferences(datasets_folder=str(tmp_path))]
    assert dialog._note.isVisible()


def test_a_file_of_weights_is_looked_at_when_it_is_chosen(qtbot, opened, tmp_path):
    dialog = opened[0]()
    other = tmp_path / "weights.pth"
    other.write_bytes(b"other weights")
    field = row(dialog, "inception_file")
    field.choose(str(other))
    qtbot.waitUntil(field._error.isVisible, timeout=30_000)
    assert field._error.text().startswith("weights.pth is not pt_inception-2015-12-05-6726825d.pth")
    qtbot.mouseClick(field.editor.widget, Qt.MouseButton.LeftButton)
    qtbot.keyClick(field.editor.widget, Qt.Key.Key_Backspace)
    assert not field._error.isVisible()
    dialog.search.setFocus()  # whoever leaves the field has typed to the end
    qtbot.waitUntil(field._error.isVisible, timeout=30_000)
    assert "is no file" in field._error.text()


def test_defaults_are_restored_but_not_applied(qtbot, opened):
    build, applied = opened
    dialog = build(Preferences(theme="dark", keep_checkpoints=9))
    button(dialog, _Button.RestoreDefaults).click()
    assert applied == []
    button(dialog, _Button.Ok).click()
    assert applied == [Preferences()]


def test_a_device_that_is_not_there_now_stays_chosen(qtbot, opened):
    build, applied = opened
    dialog = build(Preferences(device="cuda:7"), devices=("cpu",))
    assert row(dialog, "device").editor.value() == "cuda:7"
    button(dialog, _Button.Ok).click()
    assert applied == []


def test_every_control_says_what_it_is(qtbot, opened):
    dialog = opened[0]()
    kinds = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox)
    silent = [
        widget
        for kind in kinds
        for widget in dialog.findChildren(kind)
        if widget.isVisible()
        and not widget.toolTip()
        and not isinstance(widget.parent(), QAbstractSpinBox | QLineEdit)
        and widget.property("role") != "section"
    ]
    assert silent == []
    assert all(found.accessibleName() or found.text() for found in dialog.findChildren(QPushButton))


def test_the_window_leaves_nothing_behind(qtbot, qapp):
    for _ in range(20):
        dialog = SettingsDialog(Preferences(), ("cpu",))
        dialog.show()
        dialog.search.setText("folder")
        dialog.close()
        QCoreApplication.sendPostedEvents(None, 52)  # deferred deletion
