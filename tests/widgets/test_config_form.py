"""The form of a config, driven by keys and mouse as people drive it."""

from typing import Any, Literal

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPalette, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QToolButton,
    QWidget,
)

from gendesk.config import ConfigModel, field_specs, setting
from gendesk.widgets.form.config_form import ConfigForm
from gendesk.widgets.form.number import NumberSpin, number_text, stepped
from gendesk.widgets.form.section import Section
from gendesk.widgets.form.table import TableEditor
from gendesk.widgets.theme import DARK, LIGHT, Colors, Scheme, apply_theme

# The platform without a display says this whenever a window that is shown changes its size limits.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


class Layer(ConfigModel):
    filters: int = setting(32, "Filters", "Feature maps", group="", ge=1, le=512)
    activation: Literal["relu", "tanh"] = setting("relu", "Activation", "After the layer", group="")
    norm: bool = setting(False, "Norm", "Normalise", group="")


class Config(ConfigModel):
    layers: tuple[Layer, ...] = setting(
        (Layer(), Layer(filters=64)), "Layers", "The network", group="Model", ge=1, le=3
    )
    latent: int = setting(2, "Latent size", "Numbers for a picture", group="Model", ge=1, le=512)
    loss: Literal["rmse", "bce"] = setting("rmse", "Loss", "How pictures are compared", group="Training")
    rate: float = setting(5e-4, "Learning rate", "Step size", group="Training", ge=1e-7, le=1)
    pause: float = setting(2.0, "Pause", "Time between previews", group="Training", unit="s", ge=0.5, le=60)
    shuffle: bool = setting(True, "Shuffle", "Change the order", group="Training")
    notes: str = setting("", "Notes", "Anything", group="Training")
    seed: int = setting(42, "Seed", "Of all random numbers", group="Machine", ge=0, le=2**63 - 1, advanced=True)


SPECS = field_specs(Config)
PRESET: dict[str, Any] = {spec.name: spec.default for spec in SPECS}


@pytest.fixture
def form(qtbot) -> ConfigForm:
    form = ConfigForm()
    qtbot.addWidget(form)
    form.set_fields(SPECS, PRESET, PRESET)
    form.resize(300, 700)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    return form


def editor(form: ConfigForm, title: str, kind: type) -> Any:
    """Find the visible control of a field by what a screen reader says."""
    return next(control for control in form.findChildren(kind) if control.accessibleName() == title)


def button(form: ConfigForm, text: str) -> QPushButton:
    return next(found for found in form.findChildren(QPushButton) if found.text().startswith(text))


def type_in(qtbot, widget: Any, text: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
    widget.setFocus()
    widget.selectAll()
    qtbot.keyClicks(widget, text)
    qtbot.keyClick(widget, end)


def test_shows_values_as_plain_data(form: ConfigForm) -> None:
    assert form.values() == PRESET
    assert editor(form, "Learning rate", NumberSpin).text() == "0.0005"
    assert editor(form, "Pause", NumberSpin).text() == "2 s"


def test_typing_a_number_changes_its_value_once(form: ConfigForm, qtbot) -> None:
    spin = editor(form, "Learning rate", NumberSpin)
    with qtbot.waitSignal(form.changed) as signal:
        type_in(qtbot, spin, "3e-5")
    assert signal.args[0] == {**PRESET, "rate": 3e-5}
    assert spin.text() == "3e-5"
    with qtbot.assertNotEmitted(form.changed):
        qtbot.keyClick(spin, Qt.Key.Key_Return)


def test_values_include_what_is_still_being_typed(form: ConfigForm, qtbot) -> None:
    spin = editor(form, "Latent size", NumberSpin)
    spin.setFocus()
    spin.selectAll()
    qtbot.keyClicks(spin, "128")
    assert form.values()["latent"] == 128


def test_a_number_outside_its_range_moves_to_the_edge_and_says_so(form: ConfigForm, qtbot) -> None:
    spin = editor(form, "Pause", NumberSpin)
    type_in(qtbot, spin, "600")
    assert (form.values()["pause"], spin.text()) == (60, "60 s")
    assert "At most 60 s." in [label.text() for label in form.findChildren(QLabel) if label.isVisible()]
    type_in(qtbot, spin, "1,5")
    assert form.values()["pause"] == 1.5
    assert not any(label.isVisible() for label in form.findChildren(QLabel) if label.text().startswith("At most"))


def test_letters_are_refused_and_an_empty_field_keeps_its_number(form: ConfigForm, qtbot) -> None:
    spin = editor(form, "Latent size", NumberSpin)
    type_in(qtbot, spin, "abc")
    assert form.values()["latent"] == 2
    spin.clear()
    qtbot.keyClick(spin, Qt.Key.Key_Return)
    assert spin.text() == "2"


def test_arrow_keys_step_numbers_in_their_first_digit(form: ConfigForm, qtbot) -> None:
    rate, latent = editor(form, "Learning rate", NumberSpin), editor(form, "Latent size", NumberSpin)
    qtbot.keyClick(rate, Qt.Key.Key_Up)
    qtbot.keyClick(latent, Qt.Key.Key_Down)
    qtbot.keyClick(latent, Qt.Key.Key_Down)
    assert (form.values()["rate"], form.values()["latent"]) == (0.0006, 1)


@pytest.mark.parametrize(
    ("value", "steps", "expected"),
    [(9e-4, 1, 1e-3), (1e-3, -1, 9e-4), (0.0, 1, 0.1), (25.0, 1, 35.0), (-1.0, 1, -0.9), (0.1, -3, 0.07)],
)
def test_steps_count_in_the_first_digit(value: float, steps: int, expected: float) -> None:
    assert stepped(value, steps) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [(5e-4, "0.0005"), (5e-5, "5e-5"), (1000.0, "1000"), (3, "3"), (1e16, "1e16"), (1.5e-7, "1.5e-7")],
)
def test_numbers_show_no_more_digits_than_they_need(value: float, text: str) -> None:
    assert number_text(value) == text


def test_integers_may_be_larger_than_32_bits(form: ConfigForm, qtbot) -> None:
    qtbot.mouseClick(advanced(form), Qt.MouseButton.LeftButton)
    type_in(qtbot, editor(form, "Seed", NumberSpin), str(2**63 - 1))
    assert form.values()["seed"] == 2**63 - 1


def advanced(form: ConfigForm) -> QCheckBox:
    return next(box for box in form.findChildren(QCheckBox) if box.text() == "Advanced")


def test_the_wheel_changes_only_what_has_the_focus(form: ConfigForm, qtbot) -> None:
    def turn(widget: Any) -> None:
        middle = QPointF(widget.rect().center())
        globally = QPointF(widget.mapToGlobal(widget.rect().center()))
        none = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase)
        wheel = QWheelEvent(middle, globally, QPoint(), QPoint(0, 120), *none, False)
        QApplication.sendEvent(widget, wheel)

    spin, combo = editor(form, "Latent size", NumberSpin), editor(form, "Loss", QComboBox)
    combo.setCurrentIndex(1)
    editor(form, "Notes", QLineEdit).setFocus()
    turn(spin)
    turn(combo)
    assert (form.values()["latent"], form.values()["loss"]) == (2, "bce")
    spin.setFocus()
    turn(spin)
    assert form.values()["latent"] == 3


def test_choices_switches_and_text_by_keyboard(form: ConfigForm, qtbot) -> None:
    qtbot.keyClick(editor(form, "Loss", QComboBox), Qt.Key.Key_Down)
    qtbot.keyClick(editor(form, "Shuffle", QCheckBox), Qt.Key.Key_Space)
    type_in(qtbot, editor(form, "Notes", QLineEdit), "first try")
    values = form.values()
    assert (values["loss"], values["shuffle"], values["notes"]) == ("bce", False, "first try")


def test_setting_values_is_silent_and_marks_differences(form: ConfigForm, qtbot) -> None:
    with qtbot.assertNotEmitted(form.changed):
        form.set_values({"latent": 7, "layers": (dict(PRESET["layers"][0]),)})
    assert form.values() == {**PRESET, "latent": 7, "layers": [PRESET["layers"][0]]}
    assert button(form, "Reset to Preset").text() == "Reset to Preset (2)"


def test_setting_the_same_values_touches_nothing(form: ConfigForm, qtbot) -> None:
    line = editor(form, "Notes", QLineEdit)
    qtbot.keyClicks(line, "half a sen")
    line.setCursorPosition(4)
    form.set_values(form.values())
    assert (line.text(), line.cursorPosition()) == ("half a sen", 4)


def test_one_field_or_all_go_back_to_the_preset(form: ConfigForm, qtbot) -> None:
    form.set_values({"latent": 7, "rate": 0.1, "notes": "x"})
    reset_latent = editor(form, "Reset Latent size", QToolButton)
    with qtbot.waitSignal(form.changed):
        qtbot.mouseClick(reset_latent, Qt.MouseButton.LeftButton)
    assert (form.values()["latent"], reset_latent.isVisible()) == (2, False)
    with qtbot.waitSignal(form.changed) as signal:
        qtbot.mouseClick(button(form, "Reset to Preset"), Qt.MouseButton.LeftButton)
    assert signal.args[0] == PRESET
    assert not button(form, "Reset to Preset").isEnabled()


def test_advanced_fields_show_when_asked_for_or_changed(form: ConfigForm, qtbot) -> None:
    seed = editor(form, "Seed", NumberSpin)
    assert not seed.isVisible()
    qtbot.keyClick(advanced(form), Qt.Key.Key_Space)
    assert seed.isVisible()
    qtbot.keyClick(advanced(form), Qt.Key.Key_Space)
    assert not seed.isVisible()
    form.set_values({"seed": 1})
    assert seed.isVisible()


def test_sections_fold_by_keyboard_and_stay_folded_for_other_fields(form: ConfigForm, qtbot) -> None:
    header = editor(form, "Training", QToolButton)
    qtbot.keyClick(header, Qt.Key.Key_Space)
    assert not editor(form, "Notes", QLineEdit).isVisible()
    form.set_fields(SPECS[1:], PRESET, PRESET)
    assert not editor(form, "Notes", QLineEdit).isVisible()
    qtbot.keyClick(editor(form, "Training", QToolButton), Qt.Key.Key_Right)
    assert editor(form, "Notes", QLineEdit).isVisible()


def test_a_locked_form_refuses_edits_and_still_tells_its_values(form: ConfigForm, qtbot) -> None:
    form.set_values({"latent": 7})
    form.set_locked(True)
    qtbot.keyClicks(editor(form, "Latent size", NumberSpin), "1")
    qtbot.mouseClick(editor(form, "Shuffle", QCheckBox), Qt.MouseButton.LeftButton)
    assert form.values() == {**PRESET, "latent": 7}
    assert not button(form, "Reset to Preset").isEnabled()
    form.set_values({"latent": 9})
    form.set_locked(False)
    assert form.values()["latent"] == 9
    assert button(form, "Reset to Preset").isEnabled()


def test_a_locked_table_can_be_scrolled_but_not_edited(form: ConfigForm, qtbot) -> None:
    layers = [{"filters": number, "activation": "relu", "norm": False} for number in range(1, 21)]
    form.set_values({"layers": layers})
    form.set_locked(True)
    view = form.findChild(QTableView)
    assert view.verticalScrollBar().maximum() > 0
    view.setCurrentIndex(view.model().index(0, 0))
    qtbot.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    view.setFocus()
    qtbot.keyClicks(view, "7")
    for column in range(3):
        view.setCurrentIndex(view.model().index(19, column))
        qtbot.keyClick(view, Qt.Key.Key_Space)
    qtbot.keyClick(view, Qt.Key.Key_Insert)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert form.values()["layers"] == layers
    form.set_locked(False)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert len(form.values()["layers"]) == 19


@pytest.mark.parametrize("advanced", [False, True])
def test_nothing_is_cut_at_its_smallest_width(form: ConfigForm, qtbot, advanced: bool) -> None:
    form._advanced.setChecked(advanced)
    form.resize(form.minimumSizeHint().width(), 400)
    QApplication.processEvents()
    viewport = form._scroll.viewport()
    assert form.width() <= 288
    for part in form._scroll.widget().findChildren(QWidget):
        if part.isVisible():
            assert part.mapTo(form._scroll.widget(), part.rect().topRight()).x() < viewport.width()


@pytest.mark.parametrize(("before", "after", "colors"), [("light", "dark", DARK), ("dark", "light", LIGHT)])
def test_locked_values_stay_readable_in_a_new_theme(
    form: ConfigForm, qapp: QApplication, qtbot, before: Scheme, after: Scheme, colors: Colors
) -> None:
    apply_theme(qapp, before)
    form.set_locked(True)
    spin, disabled = editor(form, "Latent size", NumberSpin), QPalette.ColorGroup.Disabled
    muted = QColor((LIGHT if before == "light" else DARK).muted)
    assert spin.palette().color(disabled, QPalette.ColorRole.Text) == muted
    apply_theme(qapp, after)
    qtbot.waitUntil(lambda: spin.palette().color(disabled, QPalette.ColorRole.Text) == QColor(colors.muted))


def test_an_error_opens_its_section_and_goes_with_the_next_edit(form: ConfigForm, qtbot) -> None:
    for section in form.findChildren(Section):
        section.set_open(False)
    form.set_error("seed", "Choose another seed.")
    error = next(label for label in form.findChildren(QLabel) if label.text() == "Choose another seed.")
    assert error.isVisible()
    type_in(qtbot, editor(form, "Seed", NumberSpin), "7")
    assert not error.isVisible()
    form.set_error("seed", "Choose another seed.")
    form.clear_errors()
    assert not error.isVisible()


def test_unknown_names_are_errors(form: ConfigForm) -> None:
    with pytest.raises(KeyError):
        form.set_error("nothing", "No.")
    with pytest.raises(KeyError):
        form.set_values({"nothing": 1})


def test_tooltips_name_range_default_and_option(form: ConfigForm) -> None:
    tooltip = editor(form, "Pause", NumberSpin).toolTip()
    for part in ("Time between previews", "0.5 to 60 s", "Default: 2 s", "--set pause="):
        assert part in tooltip


def test_an_empty_form_says_what_will_appear(qtbot) -> None:
    form = ConfigForm()
    qtbot.addWidget(form)
    assert form.values() == {}
    assert any("will appear here" in label.text() for label in form.findChildren(QLabel))


@pytest.fixture
def table(form: ConfigForm) -> TableEditor:
    return editor(form, "Layers", TableEditor)


def cell(table: TableEditor, row: int, column: int) -> QTableView:
    view = table.findChild(QTableView)
    view.setFocus()
    view.setCurrentIndex(view.model().index(row, column))
    return view


def test_a_cell_is_edited_by_typing(form: ConfigForm, table: TableEditor, qtbot) -> None:
    view = cell(table, 1, 0)
    qtbot.keyClick(view, Qt.Key.Key_F2)
    spin = view.findChild(NumberSpin)
    qtbot.keyClicks(spin, "128")
    assert form.values()["layers"][1]["filters"] == 128
    qtbot.keyClick(spin, Qt.Key.Key_Return)
    assert form.values()["layers"] == [PRESET["layers"][0], {**PRESET["layers"][1], "filters": 128}]


def test_rows_that_were_saved_before_a_column_existed_have_its_default(form: ConfigForm, table: TableEditor) -> None:
    old = [{name: value for name, value in row.items() if name != "norm"} for row in PRESET["layers"]]
    form.set_values({"layers": old})
    assert [row["norm"] for row in form.values()["layers"]] == [False, False]
    assert table.findChild(QTableView).model().rowCount() == 2


def test_switch_cells_toggle_with_space(form: ConfigForm, table: TableEditor, qtbot) -> None:
    with qtbot.waitSignal(form.changed):
        qtbot.keyClick(cell(table, 0, 2), Qt.Key.Key_Space)
    assert form.values()["layers"][0]["norm"] is True


def test_rows_are_added_moved_and_removed_by_keyboard(form: ConfigForm, table: TableEditor, qtbot) -> None:
    first, second = PRESET["layers"]
    view = cell(table, 1, 0)
    with qtbot.waitSignal(form.changed):
        qtbot.keyClick(view, Qt.Key.Key_Insert)
    assert form.values()["layers"] == [first, second, second]
    qtbot.keyClick(cell(table, 0, 0), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert form.values()["layers"] == [second, first, second]
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert form.values()["layers"] == [second, second]


def test_rows_stay_within_their_limits(form: ConfigForm, table: TableEditor, qtbot) -> None:
    view = cell(table, 0, 0)
    for _ in range(4):
        qtbot.keyClick(view, Qt.Key.Key_Insert)
    assert len(form.values()["layers"]) == 3
    for _ in range(4):
        qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert len(form.values()["layers"]) == 1
