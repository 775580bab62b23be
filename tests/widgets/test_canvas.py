"""The canvas to paint on, with real mouse and key events."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gendesk.widgets.latent_paint.brush import covered
from gendesk.widgets.latent_paint.canvas import PaintCanvas

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def canvas(qtbot: QtBot) -> PaintCanvas:
    widget = PaintCanvas()
    qtbot.addWidget(widget)
    widget.resize(328, 328)
    widget.set_picture(np.arange(32 * 32 * 3, dtype=np.uint16).reshape(32, 32, 3).astype(np.uint8))
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def place(canvas: PaintCanvas, x: float, y: float) -> QPoint:
    area = canvas.area()
    return QPoint(round(area.x() + x / 32 * area.width()), round(area.y() + y / 32 * area.height()))


def test_a_brush_covers_a_disc_and_what_it_sweeps() -> None:
    disc = covered(32, 32, (16, 16), (16, 16), 10)
    assert disc.dtype == np.float32 and disc.shape == (32, 32)
    assert disc.sum() == pytest.approx(np.pi * 25, rel=0.03)
    np.testing.assert_allclose(disc, disc.T)
    swept = covered(32, 32, (8, 16), (24, 16), 10)
    assert swept.sum() == pytest.approx(np.pi * 25 + 160, rel=0.03)
    assert covered(32, 32, (16.5, 16.5), (16.5, 16.5), 0).max() == 1
    assert covered(32, 32, (-50, -50), (-50, -50), 8).max() == 0


def test_a_stroke_grows_with_the_mouse(qtbot: QtBot, canvas: PaintCanvas) -> None:
    masks: list[np.ndarray] = []
    canvas.stroke_grew.connect(masks.append)
    canvas.set_diameter(6)
    with qtbot.waitSignals([canvas.stroke_began, canvas.stroke_ended]):
        QTest.mousePress(canvas, LEFT, pos=place(canvas, 8, 8))
        QTest.mouseMove(canvas, place(canvas, 24, 8))
        assert canvas.painting
        QTest.mouseRelease(canvas, LEFT, pos=place(canvas, 24, 8))
    assert not canvas.painting
    assert masks[0][7, 7] == 1 and masks[0][7, 20] == 0
    assert masks[-1][7, 7:24].min() == 1 and masks[-1][16:].max() == 0
    count = len(masks)
    QTest.mouseMove(canvas, place(canvas, 20, 20))
    assert len(masks) == count


def test_a_colour_is_picked_and_nothing_painted(qtbot: QtBot, canvas: PaintCanvas) -> None:
    with qtbot.waitSignal(canvas.color_picked) as told, qtbot.assertNotEmitted(canvas.stroke_began):
        qtbot.mouseClick(canvas, LEFT, Qt.KeyboardModifier.AltModifier, place(canvas, 5.5, 2.5))
    assert told.args == ["#{:02X}{:02X}{:02X}".format(*canvas.picture[2, 5])]
    canvas.set_picture(np.full((32, 32, 1), 7, np.uint8))
    with qtbot.waitSignal(canvas.color_picked) as told:
        qtbot.mouseClick(canvas, LEFT, Qt.KeyboardModifier.AltModifier, place(canvas, 5.5, 2.5))
    assert told.args == ["#070707"]


def test_keys_paint_and_change_the_size(qtbot: QtBot, canvas: PaintCanvas) -> None:
    masks: list[np.ndarray] = []
    canvas.stroke_grew.connect(masks.append)
    canvas.set_diameter(3)
    canvas.setFocus()
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert not canvas.painting
    assert masks[-1][15, 16:24].min() > 0 and masks[-1][:10].max() == 0
    for key, step in (("[", -1), ("]", 1)):
        with qtbot.waitSignal(canvas.size_stepped) as told:
            QTest.keyClicks(canvas, key)
        assert told.args == [step]


def test_another_picture_ends_a_stroke_and_none_takes_none(qtbot: QtBot, canvas: PaintCanvas) -> None:
    QTest.mousePress(canvas, LEFT, pos=place(canvas, 8, 8))
    with qtbot.waitSignal(canvas.stroke_ended):
        canvas.set_picture(None)
    with qtbot.assertNotEmitted(canvas.stroke_began):
        qtbot.mouseClick(canvas, LEFT, pos=QPoint(50, 50))
    assert not canvas.grab().isNull()
