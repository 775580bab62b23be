"""The playgrounds of the classifier family as a person uses them: real mouse, real keys, and at the end a real run."""

import numpy as np
import pytest
from gendesk.plugins.classifier.shapes import EXAMPLES, Layer, shape_text
from gendesk.plugins.classifier.studios.activations import ActivationStudio
from gendesk.plugins.classifier.studios.calculator import CalculatorStudio
from gendesk.plugins.classifier.studios.convolution import ConvolutionStudio
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QSlider, QToolButton

from gendesk.app import build_window
from gendesk.widgets.theme import apply_theme
from tests.support.training import small_pictures

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 60_000
LEFT = Qt.MouseButton.LeftButton


def shown(qtbot, studio, size=(560, 640)):
    qtbot.addWidget(studio)
    studio.resize(*size)
    studio.show()
    qtbot.waitExposed(studio)
    QApplication.processEvents()
    return studio


def named(studio, kind, name: str):
    (found,) = [one for one in studio.findChildren(kind) if one.accessibleName() == name]
    return found


def pick(qtbot, box: QComboBox, data: object) -> None:
    """Choose an entry with the keyboard."""
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.findData(data)):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentData() == data


def wheel(widget, at: QPoint, steps: int) -> None:
    delta = QPoint(0, 120 * steps)
    position, globally = QPointF(at), QPointF(widget.mapToGlobal(at))
    nothing = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(widget, QWheelEvent(position, globally, QPoint(), delta, *nothing, False))


# Convolution


@pytest.fixture
def playground(qtbot):
    return shown(qtbot, ConvolutionStudio())


def test_dragging_a_number_changes_the_feature_map_and_can_be_undone(qtbot, playground):
    editor, before = playground.editor, playground.feature_map.copy()
    at = editor.cell_rect(1, 1).center()
    qtbot.mousePress(editor, LEFT, pos=at)
    for way in (10, 20, 30):
        qtbot.mouseMove(editor, at - QPoint(0, way))
    qtbot.mouseRelease(editor, LEFT, pos=at - QPoint(0, 30))
    assert editor.kernel[1, 1] == pytest.approx(0.5)
    added = 0.5 * playground.picture[..., 0] / 255
    np.testing.assert_allclose(playground.feature_map, before + added, atol=1e-12)
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)  # the whole drag is one step
    np.testing.assert_array_equal(playground.feature_map, before)
    assert editor.kernel[1, 1] == 0
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert editor.kernel[1, 1] == pytest.approx(0.5)


def test_a_number_is_typed_or_turned_with_the_wheel(qtbot, playground):
    editor = playground.editor
    qtbot.mouseDClick(editor, LEFT, pos=editor.cell_rect(0, 2).center())
    line = editor.findChild(QLineEdit)
    qtbot.keyClicks(line, "-2.5")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert editor.kernel[0, 2] == -2.5
    wheel(editor, editor.cell_rect(2, 0).center(), 3)
    assert editor.kernel[2, 0] == pytest.approx(-0.7) and playground.setting.kernel[2][0] == pytest.approx(-0.7)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Delete, Qt.Key.Key_PageUp):
        qtbot.keyClick(editor, key)
    assert editor.kernel[2, 1] == pytest.approx(0.1)
    qtbot.keyClick(editor, Qt.Key.Key_7)
    qtbot.keyClick(editor.findChildren(QLineEdit)[-1], Qt.Key.Key_Return)
    assert editor.kernel[2, 1] == 7


def test_a_place_under_the_mouse_is_taken_to_pieces(qtbot, playground):
    output, picture = playground.maps.output, playground.picture[..., 0] / 255
    qtbot.mouseMove(output, output.pixel_rect(20, 30).center().toPoint())
    qtbot.waitUntil(lambda: "row 21, column 31" in playground.sums._cell_text())
    patch = picture[19:22, 29:32]
    total = float((patch * playground.editor.kernel).sum())
    assert playground.sums.sentence.endswith(f"{total:.3f}".rstrip("0").replace("-", "\N{MINUS SIGN}"))
    assert playground.maps.input._window == (19, 29, 3)
    cell = playground.sums.cell_rect(0, 2, 1).center()
    qtbot.mouseMove(playground.sums, cell)
    qtbot.waitUntil(lambda: f"{patch[2, 1]:.4f}".rstrip("0") in playground.sums._cell_text())


def test_a_click_stays_and_arrow_keys_go_on_from_there(qtbot, playground):
    output = playground.maps.output
    qtbot.mouseClick(output, LEFT, pos=output.pixel_rect(5, 8).center().toPoint())
    assert playground.pinned == (5, 8)
    qtbot.keyClick(output, Qt.Key.Key_Right)
    qtbot.keyClick(output, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert playground.pinned == (15, 9)
    qtbot.mouseClick(named(playground, QToolButton, "One pixel to the left (Left)"), LEFT)
    assert playground.pinned == (15, 8)
    qtbot.mouseClick(playground.maps.input, LEFT, pos=playground.maps.input.pixel_rect(40, 41).center().toPoint())
    assert playground.pinned == (40, 41)
    for _ in range(80):
        qtbot.keyClick(output, Qt.Key.Key_Left)
    assert playground.pinned == (40, 0)


def test_stride_padding_and_size_change_the_map(qtbot, playground):
    pick(qtbot, named(playground, QComboBox, "Stride"), 2)
    assert playground.feature_map.shape == (32, 32)
    pick(qtbot, named(playground, QComboBox, "Size of the kernel"), 7)
    pick(qtbot, named(playground, QComboBox, "Padding"), "valid")
    assert playground.feature_map.shape == (29, 29) and "29\N{MULTIPLICATION SIGN}29" in playground.maps.told
    assert playground.editor.kernel.shape == (7, 7) and playground.editor.kernel[0].sum() == 7
    pick(qtbot, named(playground, QComboBox, "Preset"), "identity")
    np.testing.assert_allclose(playground.feature_map[0, 0], playground.picture[3, 3, 0] / 255)
    output = playground.maps.output
    qtbot.mouseClick(output, LEFT, pos=output.pixel_rect(28, 28).center().toPoint())
    assert playground.pinned == (28, 28) and playground.maps.input._window == (56, 56, 7)
    while playground._history.undo.isEnabled():
        QTest.keyClick(playground, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert playground.feature_map.shape == (64, 64) and playground.editor.kernel.shape == (3, 3)


def test_relu_and_colour(qtbot, playground):
    assert playground.feature_map.min() < 0
    qtbot.mouseClick(playground.settings._relu, LEFT, pos=QPoint(8, 8))
    assert playground.feature_map.min() == 0 and "ReLU" in playground.sums.sentence
    assert not named(playground, QComboBox, "Slice").isVisible()
    qtbot.mouseClick(playground.settings._colour, LEFT, pos=QPoint(8, 8))
    assert playground.picture.shape == (64, 64, 3)
    assert all(word in playground.sums.sentence for word in ("red", "green", "blue"))
    before = playground.sums._place.patch
    pick(qtbot, named(playground, QComboBox, "Slice"), 2)
    assert not np.array_equal(playground.sums._place.patch, before)


def test_play_makes_the_feature_map_pixel_by_pixel(qtbot, playground):
    output = playground.maps.output
    qtbot.mouseClick(output, LEFT, pos=output.pixel_rect(61, 0).center().toPoint())
    playground.stepping.set_speed(6)
    qtbot.keyClick(output, Qt.Key.Key_Space)
    assert playground.stepping.playing
    qtbot.waitUntil(lambda: playground.pinned > (61, 20), timeout=5000)
    assert output._shown == playground.pinned[0] * 64 + playground.pinned[1] + 1
    qtbot.waitUntil(lambda: not playground.stepping.playing, timeout=5000)
    assert playground.pinned == (63, 63) and output._shown == -1


def test_a_drawing_goes_under_the_kernel(qtbot, playground):
    qtbot.mouseClick(playground.change, LEFT)
    own = playground.page.own
    own._ways.setCurrentWidget(own.pad)
    before = playground.picture.copy()
    middle = own.pad.rect().center()
    canvas = own.pad.childAt(middle) or own.pad
    at = canvas.mapFrom(own.pad, middle)
    qtbot.mousePress(canvas, LEFT, pos=at)
    qtbot.mouseMove(canvas, at + QPoint(12, 12))
    qtbot.mouseRelease(canvas, LEFT, pos=at + QPoint(12, 12))
    qtbot.waitUntil(lambda: not np.array_equal(playground.picture, before))
    qtbot.mouseClick(named_text(playground, "Cup on a Table"), LEFT)
    np.testing.assert_array_equal(playground.picture, before)
    assert playground.editor.isVisible()


def named_text(studio, text: str) -> QPushButton:
    (found,) = [one for one in studio.findChildren(QPushButton) if one.text() == text]
    return found


@pytest.mark.parametrize("size", [(380, 560), (1500, 900)])
def test_the_playground_fits_narrow_and_wide(qtbot, size):
    studio = shown(qtbot, ConvolutionStudio(), size)
    assert (studio.width(), studio.height()) == size
    beside = studio.editor.mapTo(studio, QPoint()).x() > studio.maps.mapTo(studio, QPoint()).x() + studio.maps.width()
    assert beside == (size[0] > 1000)
    for part in (studio.editor, studio.sums, studio.maps, studio.stepping):
        corner = part.mapTo(studio, part.rect().bottomRight())
        assert part.isVisible() and corner.x() < size[0] and corner.y() < size[1]


def test_the_maps_follow_the_theme(qtbot, qapp, playground):
    light = playground.maps.output.grab().toImage()
    apply_theme(qapp, "dark")
    try:
        qtbot.waitUntil(lambda: playground.maps.output.grab().toImage() != light)
    finally:
        apply_theme(qapp, "light")


# Shapes and parameters


@pytest.fixture
def calculator(qtbot):
    return shown(qtbot, CalculatorStudio())


def cell(studio, row: int, column: int) -> QPoint:
    return studio.table.visualRect(studio.model.index(row, column)).center()


def test_a_cell_is_edited_in_place_and_the_change_undone(qtbot, calculator):
    view = calculator.table.viewport()
    assert calculator.summary.parameters == 15_120
    qtbot.mouseClick(view, LEFT, pos=cell(calculator, 0, 1))
    qtbot.mouseDClick(view, LEFT, pos=cell(calculator, 0, 1))
    editor = calculator.table.focusWidget() if calculator.table.focusWidget() else QApplication.focusWidget()
    field = next(one for one in view.findChildren(QLineEdit) if one.isVisible())
    field.selectAll()
    qtbot.keyClicks(field, "20")
    qtbot.keyClick(editor if isinstance(editor, QLineEdit) else field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: calculator.stack[1][0].size == 20)
    assert calculator.summary.results[0].parameters == 980
    assert "980" in calculator.model.index(0, 6).data()
    calculator.table.setFocus()
    QTest.keyClick(calculator.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert calculator.stack == EXAMPLES["two-convolutions"]


def test_examples_are_a_click_away(qtbot, calculator):
    for text, count in (("MLP", 646_260), ("CNN", 592_554), ("Plain", 15_120)):
        qtbot.mouseClick(named_text(calculator, text), LEFT)
        assert calculator.summary.parameters == count and f"{count:,}" in calculator._total.text()
    assert "85 %" in calculator._advice.text()


def test_layers_are_added_moved_and_removed_with_the_keyboard(qtbot, calculator):
    table = calculator.table
    qtbot.mouseClick(table.viewport(), LEFT, pos=cell(calculator, 1, 5))
    QTest.keyClick(table, Qt.Key.Key_Insert)
    assert len(calculator.stack[1]) == 5 and calculator.summary.results[2].outputs == (4, 4, 20)
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert calculator.stack[1][3].kind == "conv" and "puts" not in calculator._advice.text()
    assert "put it before Flatten" in calculator._advice.text() and calculator._advice.property("role") == "error"
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert calculator.stack == EXAMPLES["two-convolutions"]


def test_the_input_shape_is_typed(qtbot, calculator):
    field = named(calculator, QLineEdit, "Input shape")
    field.selectAll()
    qtbot.keyClicks(field, "28x28x1")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert calculator.stack[0] == (28, 28, 1) and calculator.summary.results[0].parameters == 170
    field.selectAll()
    qtbot.keyClicks(field, "a lot")
    with qtbot.waitSignal(calculator.failed) as told:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "not a lot" in told.args[0] and calculator.stack[0] == (28, 28, 1)


def test_the_quiz_marks_and_shows_the_way(qtbot, calculator):
    calculator.panels.choose(1)
    quiz = calculator.quiz
    shape, count = (named(quiz, QLineEdit, name) for name in ("Output shape", "Parameters"))
    first = quiz.question
    qtbot.keyClicks(shape, "x")
    qtbot.keyClick(shape, Qt.Key.Key_Return)
    assert "Write a shape" in quiz._verdict.text() and quiz.score.asked == 0
    shape.clear()
    qtbot.keyClicks(shape, shape_text(first.shape))
    qtbot.keyClicks(count, str(first.parameters))
    qtbot.keyClick(count, Qt.Key.Key_Return)
    assert (quiz.score.right, quiz.score.streak) == (1, 1) and f"{first.parameters:,}" in quiz._solution.text()
    qtbot.mouseClick(quiz._check, LEFT)
    assert quiz.question != first and not quiz._solution.text()
    qtbot.keyClicks(shape, "1")
    qtbot.keyClicks(count, "999999")
    qtbot.mouseClick(quiz._check, LEFT)
    assert (quiz.score.right, quiz.score.asked, quiz.score.streak) == (1, 2, 0)
    asked = quiz.question
    qtbot.mouseClick(quiz._table, LEFT)
    assert calculator.stack == (asked.inputs, asked.layers) and calculator.table.isVisible()
    pick(qtbot, named(quiz, QComboBox, "Level"), 3)
    assert len(quiz.question.layers) >= 2 and quiz.score.asked == 0


def test_in_a_wide_studio_table_and_quiz_stand_side_by_side(qtbot):
    studio = shown(qtbot, CalculatorStudio(), (1500, 900))
    assert studio.table.isVisible() and studio.quiz.isVisible()
    narrow = shown(qtbot, CalculatorStudio(), (380, 560))
    assert narrow.table.isVisible() and not narrow.quiz.isVisible() and narrow.width() == 380
    header = narrow.table.horizontalHeader()
    assert header.length() <= narrow.table.viewport().width()


def test_every_kind_of_layer_can_be_shown(qtbot, calculator):
    kinds = ("conv", "batch-norm", "activation", "pool", "dropout", "average", "flatten", "dense")
    layers = tuple(Layer(kind) for kind in kinds)
    calculator._take(((32, 32, 3), layers))
    words = [calculator.model.index(row, 0).data() for row in range(len(layers))]
    assert len(set(words)) == len(layers) and not calculator.summary.problem


# Activation functions


@pytest.fixture
def explorer(qtbot):
    return shown(qtbot, ActivationStudio(), (420, 600))


def test_the_point_is_dragged_along_the_curve(qtbot, explorer):
    view = explorer.curves.view
    pick(qtbot, named(explorer, QComboBox, "Function"), "tanh")
    qtbot.mousePress(view, LEFT, pos=view.place(1, 0).toPoint())
    qtbot.mouseMove(view, view.place(-2, 0).toPoint())
    qtbot.mouseRelease(view, LEFT, pos=view.place(-2, 0).toPoint())
    assert view.at == pytest.approx(-2, abs=0.03)
    assert view.reading == pytest.approx((np.tanh(view.at), 1 - np.tanh(view.at) ** 2))
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.at == -5 and "\N{MINUS SIGN}5" in explorer.curves._reading.text()


def test_the_slope_of_leaky_relu(qtbot, explorer):
    pick(qtbot, named(explorer, QComboBox, "Function"), "leaky-relu")
    qtbot.mouseClick(named(explorer, QToolButton, "PyTorch 0.01"), LEFT)
    assert explorer.curves.view.slope == 0.01 and "PyTorch" in explorer.curves._slope_told.text()
    QTest.keyClick(explorer, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert explorer.curves.view.slope == 0.3 and "Keras" in explorer.curves._slope_told.text()


def test_softmax_answers_its_sliders(qtbot, explorer):
    explorer.panels.choose(2)
    before = explorer.softmax.probabilities
    slider = named(explorer, QSlider, "Class 4")
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert explorer.softmax.probabilities[3] > 0.9 and explorer.softmax.probabilities.sum() == pytest.approx(1)
    qtbot.keyClick(named(explorer, QSlider, "Temperature"), Qt.Key.Key_End)
    assert explorer.softmax.probabilities.max() < 0.7
    for _ in range(2):
        QTest.keyClick(explorer, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_allclose(explorer.softmax.probabilities, before)


def test_a_relu_dies_and_a_leaky_one_comes_back(qtbot, explorer):
    explorer.panels.choose(1)
    dying, bias = explorer.dying, named(explorer, QSlider, "Bias")
    qtbot.mouseClick(bias, LEFT, pos=QPoint(4, bias.height() // 2))
    qtbot.keyClick(bias, Qt.Key.Key_Home)
    assert dying.alive == 0 and "dead" in dying._verdict.text()
    dead = dying.unit
    qtbot.mouseClick(dying._train, LEFT)
    assert dying.unit == dead
    pick(qtbot, named(explorer, QComboBox, "Activation of the unit"), "leaky-relu")
    for _ in range(10):
        qtbot.mouseClick(dying._train, LEFT)
    assert dying.unit.bias > -1 and "dead" not in dying._verdict.text()


@pytest.mark.parametrize("make", [ConvolutionStudio, CalculatorStudio, ActivationStudio])
def test_every_control_says_what_it_is(qtbot, make):
    studio = shown(qtbot, make(), (1500, 900))
    for kind in (QToolButton, QPushButton, QComboBox, QSlider, QLineEdit):
        for control in studio.findChildren(kind):
            inner = control.objectName().startswith("qt_") or control.objectName() == "ScrollLeftButton"
            if control.isVisible() and not inner and not isinstance(control.parent(), QToolButton):
                words = control.accessibleName() or getattr(control, "text", str)()
                assert words, (kind, control.parent())


# With a run


@pytest.fixture
def window(qtbot, data_dir, tmp_path):
    made = build_window(data_dir)
    made.open_tab("classifier")
    made.show()
    qtbot.waitUntil(lambda: made.bridge is not None, timeout=WAIT)
    made.current_tab.choices.use_data(small_pictures(tmp_path))
    made.current_tab.form.set_values({"epochs": 2.0, "preview_every": 3, "dense": [{"units": 12}]})
    yield made
    made.leave()
    qtbot.waitUntil(lambda: not made.isVisible(), timeout=WAIT)
    made.deleteLater()


def test_a_run_brings_its_layers_pictures_and_dead_units(qtbot, window):
    tab = window.current_tab
    tab.bar.start.click()
    qtbot.waitUntil(lambda: bool(tab.run_id) and not window.engine.active_jobs, timeout=WAIT)
    qtbot.waitUntil(lambda: "dead" in tab.view.previews.names, timeout=WAIT)
    tab.view.studios.choose("shapes")
    qtbot.mouseClick(named_text(tab.view.studio, "From the Run"), LEFT)
    qtbot.waitUntil(lambda: tab.view.studio.stack[0] == (12, 12, 1), timeout=WAIT)
    assert [layer.kind for layer in tab.view.studio.stack[1]][-1] == "dense"
    tab.view.studios.choose("functions")
    assert tab.view.studio.dead.charts[0].count >= 1
    tab.view.studios.choose("convolution")
    playground = tab.view.studio
    qtbot.mouseClick(playground.change, LEFT)
    assert playground.picture.shape == (12, 12, 1)
