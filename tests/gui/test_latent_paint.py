"""Painting in latent space with a real mouse, on a model whose pictures can be foretold."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox
from torch import Tensor

from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.studios.latent.paint_dialog import PictureDialog
from gendesk.studios.latent.paint_page import PaintPage
from gendesk.studios.latent.paint_tools import Tool
from gendesk.studios.latent.studio import LatentStudio
from tests.support.studio_desk import StudioDesk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton
WAIT = 20_000
SIDE = 16


class Tiles(Model):
    """Four colours, twelve numbers: each quarter of the picture is of one colour."""

    latent_size = 12

    def decode(self, codes: Tensor) -> Tensor:
        small = torch.sigmoid(codes).reshape(-1, 3, 2, 2)
        return small.repeat_interleave(SIDE // 2, 2).repeat_interleave(SIDE // 2, 3)

    def encode(self, images: Tensor) -> Tensor:
        tiles = torch.nn.functional.avg_pool2d(images, SIDE // 2).flatten(1)
        return torch.logit(tiles.clamp(0.02, 0.98))


@pytest.fixture
def page(qtbot: Any, tmp_path: Any) -> Iterator[PaintPage]:
    desk = StudioDesk(Tiles().eval(), RunData(tmp_path, None, lambda _target: None, "The data are gone."))
    studio = LatentStudio()
    qtbot.addWidget(studio)
    made = studio.page("paint")
    studio.resize(420, 720)
    studio.tabs.setCurrentWidget(made)
    studio.show()
    qtbot.waitExposed(studio)
    studio.set_session(desk.session)
    qtbot.waitUntil(lambda: made.canvas.picture is not None, timeout=WAIT)
    made.controls.diameter.setValue(9)
    yield made
    studio.set_session(None)
    desk.close()


def place(page: PaintPage, x: float, y: float) -> QPoint:
    """Return where pixel (x, y) of the picture lies on the canvas."""
    area = page.canvas.area()
    return QPoint(round(area.x() + x / SIDE * area.width()), round(area.y() + y / SIDE * area.height()))


def stroke(qtbot: Any, page: PaintPage, *places: tuple[float, float]) -> None:
    """Draw one stroke, and wait until the picture follows no more."""
    points = [place(page, *one) for one in places]
    QTest.mousePress(page.canvas, LEFT, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(page.canvas, point)
    QTest.mouseRelease(page.canvas, LEFT, pos=points[-1])
    qtbot.waitUntil(lambda: not page.descent.running, timeout=WAIT)


def pixel(page: PaintPage, x: int, y: int) -> np.ndarray:
    return page.canvas.picture[y, x].astype(int)


def undo(qtbot: Any, page: PaintPage) -> None:
    qtbot.keyClick(page.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_paint_a_stroke_and_undo_it(qtbot: Any, page: PaintPage) -> None:
    before, code = page.canvas.picture.copy(), page.workspace.code
    page.controls.set_color("#FF0000")
    page.controls.diameter.setValue(4)
    stroke(qtbot, page, (2, 4), (4, 4), (5, 3))
    red, green, blue = pixel(page, 4, 4)
    assert red > 190 and green < 70 and blue < 70
    assert np.abs(page.canvas.picture[8:].astype(int) - before[8:]).max() < 20
    assert "%" in page.panel.status.text()
    second = page.workspace.code
    page.controls.set_color("#0000FF")
    stroke(qtbot, page, (12, 12), (13, 13))
    assert pixel(page, 12, 12)[2] > 190
    undo(qtbot, page)
    np.testing.assert_array_equal(page.workspace.code, second)
    undo(qtbot, page)
    np.testing.assert_array_equal(page.workspace.code, code)
    qtbot.waitUntil(lambda: np.array_equal(page.canvas.picture, before), timeout=WAIT)
    qtbot.keyClick(page.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    np.testing.assert_array_equal(page.workspace.code, second)


def test_the_picture_follows_while_the_mouse_is_still_down(qtbot: Any, page: PaintPage) -> None:
    page.controls.set_color("#00FF00")
    QTest.mousePress(page.canvas, LEFT, pos=place(page, 3, 3))
    qtbot.waitUntil(lambda: pixel(page, 3, 3)[1] > 150, timeout=WAIT)
    QTest.mouseMove(page.canvas, place(page, 12, 3))
    qtbot.waitUntil(lambda: pixel(page, 12, 3)[1] > 150, timeout=WAIT)
    QTest.mouseRelease(page.canvas, LEFT, pos=place(page, 12, 3))
    qtbot.waitUntil(lambda: not page.descent.running, timeout=WAIT)
    undo(qtbot, page)
    assert not page.workspace.code.any()


def test_lighten_darken_and_restore(qtbot: Any, page: PaintPage) -> None:
    before = pixel(page, 4, 4)
    page.controls.choose(Tool.LIGHTEN)
    stroke(qtbot, page, (4, 4))
    assert (pixel(page, 4, 4) > before + 30).all()
    page.controls.choose(Tool.RESTORE)
    stroke(qtbot, page, (4, 4))
    assert np.abs(pixel(page, 4, 4) - before).max() < 15
    page.controls.choose(Tool.DARKEN)
    stroke(qtbot, page, (4, 4))
    assert (pixel(page, 4, 4) < before - 30).all()


def test_smoothing_goes_towards_the_prior(qtbot: Any, page: PaintPage) -> None:
    page.workspace.move_to(np.full(12, 2.0, np.float32))
    qtbot.waitUntil(lambda: pixel(page, 4, 4).min() > 200, timeout=WAIT)
    page.controls.choose(Tool.SMOOTH)
    stroke(qtbot, page, (4, 4))
    code = np.abs(page.workspace.code.reshape(3, 4))
    assert code[:, 0].max() < code[:, 1:].min()


def test_make_it_like_another_picture(qtbot: Any, page: PaintPage) -> None:
    pattern = np.zeros((SIDE, SIDE, 3), np.uint8)
    pattern[..., 2] = 255
    page.controls.choose(Tool.PATTERN)
    QTest.mouseClick(page.canvas, LEFT, pos=place(page, 4, 12))
    dialog = page.findChild(PictureDialog)  # there is none to paint with yet
    dialog.pictures.set_pictures(pattern[None])
    qtbot.mouseClick(dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok), LEFT)
    stroke(qtbot, page, (4, 12))
    assert pixel(page, 4, 12)[2] > 190 and pixel(page, 4, 12)[0] < 70


def test_a_picture_is_edited_and_not_replaced(qtbot: Any, page: PaintPage) -> None:
    rng = np.random.default_rng(4)
    photo = rng.integers(90, 160, (SIDE, SIDE, 3)).astype(np.uint8)
    page.open_photo(photo)
    qtbot.waitUntil(lambda: page._photo() is not None, timeout=WAIT)
    np.testing.assert_array_equal(page.canvas.picture, photo)
    page.controls.diameter.setValue(4)
    page.controls.set_color("#FF0000")
    stroke(qtbot, page, (3, 3), (5, 5))
    assert pixel(page, 4, 4)[0] > 190
    page.controls.softness.setValue(1)
    np.testing.assert_array_equal(page.canvas.picture[14:], photo[14:])
    page.controls.detail.setChecked(False)
    assert np.ptp(page.canvas.picture[14:, 14:].reshape(-1, 3), axis=0).max() <= 1  # what the model draws is plain
    page.controls.detail.setChecked(True)
    undo(qtbot, page)
    qtbot.waitUntil(lambda: np.array_equal(page.canvas.picture, photo), timeout=WAIT)
    undo(qtbot, page)
    assert page._photo() is None and not page.workspace.code.any()


def test_a_faint_stroke_on_a_picture_shows_and_can_be_restored(qtbot: Any, page: PaintPage) -> None:
    photo = np.full((SIDE, SIDE, 3), 120, np.uint8)
    photo[::2] = 140
    page.open_photo(photo)
    qtbot.waitUntil(lambda: page._photo() is not None, timeout=WAIT)
    page.controls.softness.setValue(1)
    page.controls.diameter.setValue(4)
    page.controls.set_color("#928282")
    stroke(qtbot, page, (3, 3), (5, 5))
    assert pixel(page, 4, 4)[0] > pixel(page, 4, 4)[1] + 8  # less than what counts as a change of its own
    np.testing.assert_array_equal(page.canvas.picture[14:], photo[14:])
    page.controls.choose(Tool.RESTORE)
    page.controls.diameter.setValue(12)
    stroke(qtbot, page, (3, 3), (5, 5))
    np.testing.assert_array_equal(page.canvas.picture, photo)


def test_a_slider_moves_the_newest_stroke(qtbot: Any, page: PaintPage) -> None:
    page.controls.set_color("#FFFFFF")
    page.controls.strength.setValue(30)
    stroke(qtbot, page, (4, 4))
    weak = pixel(page, 4, 4)
    page.controls.strength.setValue(100)
    qtbot.waitUntil(lambda: not page.descent.running and (pixel(page, 4, 4) > weak + 40).all(), timeout=WAIT)


def test_who_moves_the_point_ends_the_stroke(qtbot: Any, page: PaintPage) -> None:
    QTest.mousePress(page.canvas, LEFT, pos=place(page, 3, 3))
    other = np.full(12, -1.0, np.float32)
    page.workspace.move_to(other)
    assert not page.descent.running
    QTest.mouseRelease(page.canvas, LEFT, pos=place(page, 3, 3))
    qtbot.waitUntil(lambda: pixel(page, 12, 12).max() < 80, timeout=WAIT)
    np.testing.assert_array_equal(page.workspace.code, other)


def test_keys_pick_and_size(qtbot: Any, page: PaintPage) -> None:
    size = page.controls.diameter.value()
    qtbot.keyClick(page.canvas, "[")
    assert page.controls.diameter.value() < size
    qtbot.keyClick(page.canvas, "]")
    assert page.controls.diameter.value() == size
    page.workspace.move_to(np.repeat([3.0, -3.0, -3.0], 4).astype(np.float32))
    qtbot.waitUntil(lambda: pixel(page, 4, 4)[0] > 220, timeout=WAIT)
    page.controls.choose(Tool.SMOOTH)
    qtbot.mouseClick(page.canvas, LEFT, Qt.KeyboardModifier.AltModifier, place(page, 4, 4))
    assert page.controls.tool is Tool.COLOR and page.controls.color == "#f30c0c"


def test_without_a_model_there_is_a_sentence(qtbot: Any) -> None:
    studio = LatentStudio()
    qtbot.addWidget(studio)
    page = studio.page("paint")
    assert page.canvas.picture is None
    assert not page.controls.isEnabled() and not page.panel.open_button.isEnabled()
    QTest.mouseClick(page.canvas, LEFT)
    assert not page.descent.running


def test_a_large_page_gets_small_again(qtbot: Any, page: PaintPage) -> None:
    narrow = page.minimumSizeHint().width()
    page.window().resize(1500, 900)
    qtbot.waitUntil(lambda: page.panel.x() > page.canvas.width() - 1, timeout=WAIT)  # beside the canvas
    assert narrow <= 380 and page.minimumSizeHint().width() == narrow
