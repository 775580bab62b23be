"""The page Sliders on real, small models: drag, reset, mix classes, and fold idle dimensions away."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QSpinBox

from gendesk.engine.engine import Engine
from tests.support.studio_desk import StudioDesk, open_latent_page
from tests.support.training import engine_in, small_pictures

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Two short runs on pictures of 12x12 pixels: one knows three classes, one has sixty dimensions."""
    folder = tmp_path_factory.mktemp("sliders")
    with engine_in(folder / "data") as engine:
        for recipe, size in (("cvae", 3), ("dense-vae", 60)):
            config = engine.config(recipe, data=str(small_pictures(folder)), steps=12, latent_size=size)
            assert engine.start(config, at_once=True).join(60)
        yield engine


@pytest.fixture
def opened(qtbot, engine: Engine) -> Iterator[Any]:
    desks: list[StudioDesk] = []

    def open_(reference: str) -> Any:
        page: Any = open_latent_page(qtbot, engine, engine.runs.find(reference).id, "sliders", desks)
        qtbot.waitUntil(lambda: bool(page.active.rows), timeout=WAIT)
        return page

    yield open_
    for desk in desks:
        desk.close()


@pytest.fixture
def page(opened) -> Any:
    """The page of the model with classes."""
    return opened("0001")


@pytest.fixture
def large(opened) -> Any:
    """The page of the model with sixty dimensions."""
    return opened("0002")


def drag(qtbot: Any, slider: Any, start: float, end: float) -> None:
    """Drag over a slider from one share of its width to another."""
    y, (first, last) = slider.height() // 2, (round(share * (slider.width() - 1)) for share in (start, end))
    qtbot.mousePress(slider, LEFT, pos=QPoint(first, y))
    for step in np.linspace(first, last, 5)[1:]:
        QTest.mouseMove(slider, QPoint(round(step), y))
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(last, y))


def test_a_drag_changes_one_dimension_and_is_one_step(qtbot, large) -> None:
    workspace = large.workspace
    dimension = next(iter(large.active.rows))
    with qtbot.waitSignal(workspace.pictured, timeout=WAIT):
        drag(qtbot, large.active.rows[dimension].slider, 0.5, 1.0)
    code, survey = workspace.code, workspace.survey
    high = survey.mean[dimension] + 3 * survey.deviation[dimension]
    assert code[dimension] == pytest.approx(high, rel=1e-3)
    assert not np.delete(code, dimension).any()
    drag(qtbot, large.active.rows[dimension].slider, 1.0, 0.25)
    workspace.history.undo.trigger()
    np.testing.assert_array_equal(workspace.code, code)
    workspace.history.undo.trigger()
    assert not workspace.code.any()


def test_a_double_click_resets_one_and_the_button_all(qtbot, page) -> None:
    workspace, mean = page.workspace, page.workspace.survey.mean
    page.seed_box.findChild(QSpinBox).setValue(5)
    qtbot.waitUntil(lambda: bool(workspace.code.any()), timeout=WAIT)
    drawn = workspace.code
    row = page.active.rows[1]
    qtbot.mouseDClick(row.slider, LEFT, pos=QPoint(4, row.slider.height() // 2))
    assert workspace.code[1] == mean[1] and workspace.code[0] == drawn[0]
    qtbot.mouseClick(page.reset, LEFT)
    np.testing.assert_array_equal(workspace.code, mean)
    workspace.history.undo.trigger()
    assert workspace.code[0] == drawn[0]


def test_shares_are_kept_as_set_and_decoded_as_parts_of_the_whole(qtbot, page) -> None:
    workspace, rows = page.workspace, page.mix.rows
    assert len(rows) == 3
    drag(qtbot, rows[1].slider, 0.1, 1.0)
    assert workspace.state.mix == (1.0, 1.0, 0.0)
    np.testing.assert_allclose(workspace.mix, (0.5, 0.5, 0))
    only = [one for one in page.mix.findChildren(QPushButton) if one.accessibleName().startswith("Only")]
    with qtbot.waitSignal(workspace.pictured, timeout=WAIT):
        qtbot.mouseClick(only[2], LEFT)
    pure = workspace.picture
    assert workspace.state.mix == (0.0, 0.0, 1.0)
    with qtbot.waitSignal(workspace.pictured, timeout=WAIT):
        drag(qtbot, rows[2].slider, 1.0, 0.5)
    assert 0.4 < workspace.state.mix[2] < 0.6
    np.testing.assert_array_equal(workspace.picture, pure)  # half of one class is all of it
    drag(qtbot, rows[2].slider, 0.5, 0.0)
    np.testing.assert_allclose(workspace.mix, np.full(3, 1 / 3))
    for _ in range(4):
        workspace.history.undo.trigger()
    assert workspace.state.mix == (1.0, 0.0, 0.0)


def test_only_sliders_that_can_be_seen_are_made(qtbot, large) -> None:
    large.idle.hide()
    made = len(large.active.rows)
    assert made <= large.area.viewport().height() // 32 + 3
    active = len(large.active._order)
    bar = large.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: large.active._order[-1] in large.active.rows, timeout=WAIT)
    assert large.mix.isHidden() and active > made


def test_idle_dimensions_are_folded_away(qtbot, large) -> None:
    workspace = large.workspace
    deviation = workspace.survey.deviation.copy()
    deviation[10:] = 0
    workspace.survey = replace(workspace.survey, deviation=deviation)
    workspace.surveyed.emit()
    fold = large._fold
    assert fold.text() == "Show Idle (50)" and large.idle.isHidden()
    assert sorted(large.active._order) == list(range(10))
    qtbot.mouseClick(fold, LEFT)
    assert fold.text() == "Hide Idle (50)"
    bar = large.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1000, timeout=WAIT)
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: large.idle._order[-1] in large.idle.rows, timeout=WAIT)


def test_the_slider_under_the_mouse_shows_what_it_does(qtbot, page) -> None:
    QTest.mouseMove(page.caption)  # away from the sliders, wherever the test before has left it
    before = page.strip.grab().toImage()
    page.active.rows[2].entered.emit()
    qtbot.waitUntil(lambda: page.caption.text().startswith("z2 from"), timeout=WAIT)
    qtbot.waitUntil(lambda: page.strip.grab().toImage() != before, timeout=WAIT)


def test_the_wheel_scrolls_the_list_and_moves_no_slider(qtbot, large) -> None:
    code = large.workspace.code
    row = next(iter(large.active.rows.values()))
    at = row.slider.rect().center()
    QTest.wheelEvent(large.window().windowHandle(), row.slider.mapTo(large.window(), at), QPoint(0, -240))
    np.testing.assert_array_equal(large.workspace.code, code)
    assert large.area.verticalScrollBar().value() > 0


def test_closing_the_run_empties_the_page(page) -> None:
    page.window().set_session(None)
    assert not page.active.rows and page.mix.isHidden() and not page.reset.isEnabled()
