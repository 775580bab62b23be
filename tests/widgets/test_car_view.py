"""The car view: crisp pictures, instruments that move, and a keyboard that drives smoothly."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gendesk.widgets.car_view.frame import Frame, Picture
from gendesk.widgets.car_view.pedals import Pedals
from gendesk.widgets.car_view.view import CarView

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
RED = np.full((64, 64, 3), (204, 0, 0), np.uint8)


@pytest.fixture
def view(qtbot: QtBot) -> CarView:
    made = CarView()
    qtbot.addWidget(made)
    made.resize(460, 440)
    made.show()
    qtbot.waitExposed(made)
    return made


def framed(count: int, **values: object) -> Frame:
    titles = ("Observation", "V sees", "M dreams")
    return Frame(tuple(Picture(title, RED) for title in titles[:count]), **values)  # type: ignore[arg-type]


def reds(view: CarView) -> tuple[int, int]:
    """Columns and rows in which there is the red of the pictures."""
    image = view.pictures.grab().toImage()
    red = QColor(204, 0, 0).rgb()
    columns = {x for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) == red}
    rows = {y for x in columns for y in range(image.height()) if image.pixel(x, y) == red}
    return len(columns), len(rows)


def test_pictures_are_enlarged_by_whole_numbers(view: CarView) -> None:
    view.show_frame(framed(1))
    width, height = reds(view)
    assert width == height and width % 64 == 0 and width >= 192
    view.show_frame(framed(3))
    assert reds(view) == (3 * 128, 128)


def test_instruments_stand_beside_the_pictures_where_that_makes_them_larger(view: CarView) -> None:
    view.show_frame(framed(1))
    assert view.gauges.y() >= view.pictures.height() and view.gauges.width() == 460
    view.resize(1180, 560)
    assert view.gauges.x() >= view.pictures.width() and view.gauges.y() == 0
    view.show_frame(framed(3))
    assert view.gauges.y() >= view.pictures.height()


def test_every_value_is_seen(view: CarView) -> None:
    view.show_frame(framed(1))
    base = view.gauges.grab().toImage()
    trace = np.array([[0.5, 1, 0], [-0.5, 0, 1]], np.float32)
    for values in (
        {"steering": -1.0},
        {"gas": 0.5},
        {"brake": 0.5},
        {"speed": 20.0},
        {"tiles": (3, 300)},
        {"score": -3.2},
        {"step": 7},
        {"trace": trace},
    ):
        view.show_frame(framed(1, **values))
        assert view.gauges.grab().toImage() != base, values
    view.show_frame(framed(1))
    assert view.gauges.grab().toImage() == base
    pictures = view.pictures.grab().toImage()
    view.show_frame(framed(1, note="Lap finished"))
    assert view.pictures.grab().toImage() != pictures
    view.show_frame(None)
    assert view.frame.pictures == ()


def test_captions_are_told_in_full_by_their_tool_tip(view: CarView) -> None:
    view.show_frame(framed(1, captions=("a road " * 40, "a reward", "gas")))
    assert len(view.captions.lines) == 3
    QApplication.sendEvent(view.captions, QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), QPoint(5, 5)))
    assert view.captions.toolTip().startswith("V: a road a road") and "C: gas" in view.captions.toolTip()


def test_keys_move_the_pedals_until_all_rests(qtbot: QtBot, view: CarView) -> None:
    view.setFocus()
    told: list[tuple[float, float, float]] = []
    view.steered.connect(lambda *values: told.append(values))
    qtbot.keyPress(view, Qt.Key.Key_Up)
    qtbot.keyPress(view, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: bool(told) and told[-1][0] == -1 and told[-1][1] == 1)
    assert any(-1 < steering < 0 for steering, _, _ in told)  # smoothly
    repeated = QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, autorep=True)
    QApplication.sendEvent(view, repeated)
    assert not view.pedals.resting
    qtbot.keyRelease(view, Qt.Key.Key_Up)
    qtbot.keyRelease(view, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: told[-1] == (0, 0, 0) and view.pedals.resting)
    count = len(told)
    QApplication.processEvents()
    assert len(told) == count
    with qtbot.waitSignal(view.restart_wanted):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_keys_are_let_go_when_something_else_is_looked_at(qtbot: QtBot, view: CarView) -> None:
    view.setFocus()
    qtbot.keyPress(view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: view.pedals.brake > 0)
    view.clearFocus()
    qtbot.waitUntil(lambda: view.pedals.resting)
    qtbot.keyPress(view, Qt.Key.Key_Left)
    view.hide()
    assert view.pedals.resting


def test_pedals_ramp_like_hands_and_feet() -> None:
    pedals = Pedals()
    pedals.press("right")
    pedals.press("gas")
    steering, gas, brake = pedals.advance(0.1)
    assert 0 < steering < 0.5 and 0 < gas < 0.5 and brake == 0
    assert pedals.advance(1) == (1, 1, 0)
    pedals.press("left")  # both held: the wheel goes back to the middle
    assert pedals.advance(1)[0] == 0
    pedals.release("right")
    pedals.release("gas")
    pedals.press("brake")
    steering, gas, brake = pedals.advance(1)
    assert (steering, gas) == (-1, 0) and brake == 0.8
    pedals.release_all()
    back = pedals.advance(0.05)[0]
    assert -1 < back < -0.5
    assert pedals.advance(1) == (0, 0, 0) and pedals.resting
