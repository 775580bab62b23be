"""The studio of the pixels, with real mouse events on a real run."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from gendesk.app import build_window
from tests.support.probability import portrait_data

WAIT = 60_000
SIDE = 32


portraits = pytest.fixture(scope="module")(portrait_data)


@pytest.fixture
def studio(qtbot, data_dir, portraits, tmp_path) -> Iterator[Any]:
    path = tmp_path / "portraits.npz"
    np.savez(path, x_train=portraits.train.images, x_test=portraits.test.images)
    window = build_window(data_dir)
    window.resize(1280, 900)
    window.show()
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    window.open_tab("probability")
    tab = window.current_tab
    tab.choices.use_recipe("pixels-naive-bayes", "quick")
    tab.choices.use_data(path)
    (start,) = [one for one in tab.findChildren(QPushButton) if one.accessibleName() == "Start"]
    qtbot.waitUntil(start.isEnabled, timeout=WAIT)
    qtbot.mouseClick(start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.run_id and not window.engine.active_jobs, timeout=WAIT)
    tab.view.studios.choose("pixels")
    made = tab.view.studio
    qtbot.waitUntil(lambda: len(made.samples.images) > 0, timeout=WAIT)
    # The newest copy of the model is there when the corner, which never changes, is the same in all samples.
    qtbot.waitUntil(lambda: len(np.unique(made.samples.images[:, 0, 0], axis=0)) == 1, timeout=WAIT)
    yield made
    window.leave()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    window.deleteLater()


def place(mosaic: Any, tile: int, pixel: int) -> QPoint:
    return (mosaic.pixel_rect(tile, pixel).center() / mosaic.devicePixelRatioF()).toPoint()


def test_point_at_a_pixel_click_it_and_draw_again(qtbot, studio) -> None:
    pixel = 28 * SIDE + 12
    assert studio.colors.is_empty
    QTest.mouseMove(studio.samples.viewport(), place(studio.samples, 0, pixel))
    qtbot.waitUntil(lambda: not studio.colors.is_empty, timeout=WAIT)
    assert studio._colors_title.text() == "Colours of pixel 13, 29"

    assert not len(studio.relations.images)
    QTest.mouseClick(studio.others.viewport(), Qt.MouseButton.LeftButton, pos=place(studio.others, 1, pixel))
    qtbot.waitUntil(lambda: len(studio.relations.images) == 1, timeout=WAIT)
    assert studio._relations_title.text() == "What changes with 13, 29"
    assert not np.array_equal(studio.relations.images[0, 28, 12], studio.relations.images[0, 0, 0])

    before = studio.samples.images.copy()
    qtbot.mouseClick(studio.seed.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not np.array_equal(before, studio.samples.images), timeout=WAIT)
    assert not studio.likelihood.is_empty

    studio.samples.setFocus()
    QTest.keyClick(studio.samples, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: studio._colors_title.text() == "Colours of pixel 14, 29", timeout=WAIT)
    QTest.keyClick(studio.samples, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: studio._relations_title.text() == "What changes with 14, 29", timeout=WAIT)
