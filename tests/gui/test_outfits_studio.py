"""The studio of the outfits, with real mouse events on a real run."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from gendesk.plugins.probability.outfits import shares
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from gendesk.app import build_window

WAIT = 60_000
PRINTED = {
    "accessory": "round",
    "clothing-color": "white",
    "clothing": "crew-neck",
    "hair-color": "red",
    "hair-style": "long straight",
}
FREE = (shares.FREE,) * 5


@pytest.fixture
def studio(qtbot, data_dir) -> Iterator[Any]:
    window = build_window(data_dir)
    window.resize(1500, 900)
    window.show()
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    window.open_tab("probability")
    tab = window.current_tab
    tab.choices.use_recipe("outfits-naive-bayes", "book")
    (start,) = [one for one in tab.findChildren(QPushButton) if one.accessibleName() == "Start"]
    qtbot.waitUntil(start.isEnabled, timeout=WAIT)
    qtbot.mouseClick(start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.run_id and not window.engine.active_jobs, timeout=WAIT)
    tab.view.studios.choose("outfits")
    made = tab.view.studio
    qtbot.waitUntil(lambda: "0.0054" in made.verdict.product.text(), timeout=WAIT)
    qtbot.waitUntil(lambda: len(made.sampling.grid.view.images) == 10, timeout=WAIT)
    yield made
    window.leave()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    window.deleteLater()


def cell(studio: Any, model: int, column: int) -> str:
    """Return what stands in the table of the models: row 0 to 2, column 1 for the probability, 2 for the unseen."""
    return studio.verdict._cells[model + 1][column].text()


def bar(studio: Any, feature: int, value: str) -> QPoint:
    """Return where the bar of a value is painted."""
    place = feature, list(studio.bars.charts[feature].labels).index(value)
    return studio.bars.area_of(place).center().toPoint()


def test_clicks_choose_an_outfit_and_the_slider_smooths(qtbot, studio) -> None:
    assert [cell(studio, model, 1) for model in range(3)] == ["0.040", "0.040", "0.0054"]
    assert "0.44 \N{MULTIPLICATION SIGN} 0.44 \N{MULTIPLICATION SIGN} 0.38" in studio.verdict.product.text()

    QTest.mouseClick(studio.bars, Qt.MouseButton.LeftButton, pos=bar(studio, 1, "blue01"))
    qtbot.waitUntil(lambda: "0.00098" in studio.verdict.product.text(), timeout=WAIT)
    assert cell(studio, 0, 1) == "0"
    assert studio.verdict.occurrence.text() == "Not in the table"

    handle = studio.slider
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=QPoint(handle.width() - 30, handle.height() // 2))
    qtbot.waitUntil(lambda: studio.pseudo_count == 1.0, timeout=WAIT)
    qtbot.waitUntil(lambda: cell(studio, 1, 2) == "97.6%", timeout=WAIT)
    assert cell(studio, 1, 1) == "0.00024"


def test_pins_seeds_and_the_other_model(qtbot, studio) -> None:
    studio.pages.setCurrentWidget(studio.sampling)
    before = studio.sampling.grid.view.images.copy()
    qtbot.mouseClick(studio.sampling.seed.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not np.array_equal(before, studio.sampling.grid.view.images), timeout=WAIT)

    for pin in studio.sampling.pins:
        qtbot.mouseClick(pin, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(np.unique(studio.sampling.grid.view.images, axis=0)) == 1, timeout=WAIT)
    assert set(studio.sampling.grid.view.captions) == {f"copy of #{studio.verdict.occurrence.text().partition('#')[2]}"}
    for pin in studio.sampling.pins:
        qtbot.mouseClick(pin, Qt.MouseButton.LeftButton)

    QTest.keyClick(studio.kind, Qt.Key.Key_Down)
    assert studio.kind.currentData() == "multinomial"
    captions = studio.sampling.grid.view
    qtbot.waitUntil(lambda: all(one.startswith("copy of") for one in captions.captions), timeout=WAIT)
    qtbot.waitUntil(lambda: len(np.unique(captions.images, axis=0)) > 3, timeout=WAIT)

    studio.pages.setCurrentWidget(studio.bars)
    QTest.mouseClick(studio.bars, Qt.MouseButton.LeftButton, pos=bar(studio, 4, "long bun"))
    studio.pages.setCurrentWidget(studio.sampling)
    qtbot.mouseClick(studio.sampling.pins[4], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "never seen" in studio.sampling._message.text(), timeout=WAIT)
