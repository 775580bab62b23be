"""The studio of the density map, with real mouse events on a real worker."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from gendesk.plugins.probability.density import fitting, operations
from gendesk.plugins.probability.studios.density.studio import DensityStudio
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QPushButton, QSlider, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from gendesk.app import build_window
from gendesk.data.dataset import PointDataset
from tests.support.probability import island_data, trained_map
from tests.support.studio_desk import StudioDesk

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 30_000
SIZE = (360.0, 180.0)
KINDS = operations.KINDS
WANTED = operations.Wanted("rectangle", components=6, bandwidth=6.0, bins=20, pseudo_count=0.5, seed=1)


data = pytest.fixture(scope="module")(island_data)


@pytest.fixture
def desk(data: PointDataset) -> Iterator[StudioDesk]:
    made = StudioDesk(trained_map(data, 6).model())
    yield made
    made.close()


@pytest.fixture
def studio(qtbot: QtBot, desk: StudioDesk) -> DensityStudio:
    made = DensityStudio()
    qtbot.addWidget(made)
    made.resize(640, 640)
    made.show()
    made.set_session(desk.session)
    qtbot.waitUntil(lambda: made.map.box is not None, timeout=WAIT)
    return made


def at(studio: DensityStudio, x: float, y: float) -> QPoint:
    return QPointF(*studio.map.projection.to_pixels(np.array([[x, y]]))[0]).toPoint()


def drag(qtbot: QtBot, studio: DensityStudio, start: QPoint, end: QPoint) -> None:
    qtbot.mousePress(studio.map, Qt.MouseButton.LeftButton, pos=start)
    for place in ((start + end) / 2, end):
        where = QPointF(place)
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            where,
            studio.map.mapToGlobal(where),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(studio.map, event)
    qtbot.mouseRelease(studio.map, Qt.MouseButton.LeftButton, pos=end)


def click(qtbot: QtBot, widget: QWidget) -> None:
    assert widget.isEnabled()
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def shown(studio: DensityStudio, name: str) -> str:
    return studio.fit_page.fact(name).replace("\N{MINUS SIGN}", "-")


def test_without_a_model_the_studio_says_what_will_appear(qtbot: QtBot) -> None:
    empty = DensityStudio()
    qtbot.addWidget(empty)
    assert not empty.map.ready
    assert "Train" in empty.map.empty_text
    assert not empty.fit_page.isEnabled()


def test_dragging_a_corner_changes_the_log_likelihood_to_what_the_formula_says(
    qtbot: QtBot, studio: DensityStudio, data: PointDataset
) -> None:
    click(qtbot, studio.fit_page.best)
    points = data.train[:100].astype(np.float64)
    west, south, east, north = studio.map.box
    assert float(shown(studio, "Log-likelihood").replace(",", "")) == pytest.approx(
        -100 * np.log((east - west) * (north - south)), abs=0.06
    )
    drag(qtbot, studio, at(studio, east, north), at(studio, 350, 170))
    box = studio.map.box
    np.testing.assert_allclose(box, (west, south, 350, 170), atol=1)
    area = (box[2] - box[0]) * (box[3] - box[1])
    assert float(shown(studio, "Log-likelihood").replace(",", "")) == pytest.approx(-100 * np.log(area), abs=0.06)
    assert shown(studio, "Area") == f"{area:,.0f} deg²"
    assert shown(studio, "θ3 east") == f"{box[2] - 180:.1f}°"
    drag(qtbot, studio, at(studio, box[2], box[3]), at(studio, 180, 170))
    outside = int((points[:, 0] > studio.map.box[2]).sum())
    assert outside > 0
    assert shown(studio, "Log-likelihood") == f"-\N{INFINITY} ({outside} outside)"


def test_drags_are_undone_one_by_one(qtbot: QtBot, studio: DensityStudio) -> None:
    start = studio.map.box
    drag(qtbot, studio, at(studio, start[2], start[3]), at(studio, 300, 160))
    first = studio.map.box
    drag(qtbot, studio, at(studio, *((first[:2] + first[2:]) / 2)), at(studio, 150, 80))
    assert not np.array_equal(studio.map.box, first)
    qtbot.keyClick(studio.map, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(studio.map.box, first)
    click(qtbot, studio.fit_page.undo)
    np.testing.assert_array_equal(studio.map.box, start)
    assert not studio.fit_page.undo.isEnabled()


def test_a_click_is_a_guess_with_a_verdict(qtbot: QtBot, studio: DensityStudio, data: PointDataset) -> None:
    places = {"in the sea": (170.0, 30.0), "a copy": tuple(data.train[3].tolist())}
    for words, place in places.items():
        qtbot.mouseClick(studio.map, Qt.MouseButton.LeftButton, pos=at(studio, *place))
        assert words in studio.sample_page.guess.text()


def test_the_hill_climb_ends_at_the_bounding_box_and_can_be_stopped(
    qtbot: QtBot, studio: DensityStudio, data: PointDataset
) -> None:
    best = fitting.best_box(data.train[:100].astype(np.float64), 2.0)
    drag(qtbot, studio, at(studio, *studio.map.box[2:]), at(studio, 200, 100))
    moved = studio.map.box.copy()
    climb = studio.fit_page.climb
    click(qtbot, climb)
    qtbot.waitUntil(lambda: not np.array_equal(studio.map.box, moved), timeout=WAIT)
    click(qtbot, climb)
    assert not climb.isChecked()
    stopped = studio.map.box.copy()
    click(qtbot, climb)
    qtbot.waitUntil(lambda: not climb.isChecked(), timeout=WAIT)
    np.testing.assert_allclose(studio.map.box, best, atol=fitting.CLOSE)
    qtbot.keyClick(studio.map, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(studio.map.box, stopped)


def test_samples_are_counted_and_come_back_with_their_seed(qtbot: QtBot, studio: DensityStudio) -> None:
    page = studio.sample_page
    studio.pages.open(page)
    click(qtbot, page.sample)
    qtbot.waitUntil(lambda: len(studio.map.samples) > 0, timeout=WAIT)
    first = studio.map.samples
    assert first.shape == (100, 2)
    assert sum(int(number.text().split()[0]) for number, _ in page._counts) == 100
    click(qtbot, page.seed_box.button)
    qtbot.waitUntil(lambda: not np.array_equal(studio.map.samples, first), timeout=WAIT)
    page.seed_box.findChild(QSpinBox).setValue(1)
    qtbot.waitUntil(lambda: np.array_equal(studio.map.samples, first), timeout=WAIT)
    click(qtbot, page.clear)
    assert not len(studio.map.samples)


def test_all_densities_can_be_tried_and_compared(qtbot: QtBot, studio: DensityStudio) -> None:
    page = studio.fit_page
    assert page.chooser.itemText(0) == "Rectangle, as trained"
    trained_box = studio.map.box
    for index in range(1, page.chooser.count()):
        kind = page.chooser.itemData(index)
        page.chooser.setFocus()
        qtbot.keyClick(page.chooser, Qt.Key.Key_Down)
        qtbot.waitUntil(lambda kind=kind: studio._fitted.kind == kind, timeout=WAIT)
        assert studio.map.box is None
        assert float(shown(studio, "Per point")) > -11
    before = shown(studio, "Parameters")
    page.bins.findChild(QSlider).setValue(40)
    qtbot.waitUntil(lambda: shown(studio, "Parameters") != before, timeout=WAIT)
    assert shown(studio, "Parameters") == "799"
    studio.pages.open(studio.compare_page)
    table = studio.compare_page.table
    qtbot.waitUntil(lambda: table.rowCount() == 5, timeout=WAIT)
    assert [table.item(row, 1).text() for row in range(5)] == ["4", "39", "47", "200", "799"]
    studio.pages.open(page)
    click(qtbot, page.as_trained)
    assert page.kind == "rectangle"
    np.testing.assert_array_equal(studio.map.box, trained_box)


def test_a_wide_studio_shows_all_pages_beside_each_other(qtbot: QtBot, studio: DensityStudio) -> None:
    studio.resize(1500, 900)
    qtbot.waitUntil(lambda: studio.compare_page.table.rowCount() == 5, timeout=WAIT)
    for page in (studio.fit_page, studio.sample_page, studio.compare_page):
        assert page.isVisible()
    studio.resize(380, 560)
    qtbot.waitUntil(lambda: not studio.compare_page.isVisible(), timeout=WAIT)
    assert studio.fit_page.isVisible()


def test_the_studio_opens_on_a_run_in_the_window(qtbot: QtBot, data_dir: Path) -> None:
    window = build_window(data_dir)
    window.open_tab("probability")
    window.show()
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    tab = window.current_tab
    tab.choices.use_recipe("density-map")
    start = next(one for one in tab.findChildren(QPushButton) if one.accessibleName() == "Start")
    qtbot.waitUntil(start.isEnabled, timeout=WAIT)
    click(qtbot, start)
    tab.view.studios.choose("density-map")
    studio = tab.view.studios.current
    qtbot.waitUntil(lambda: studio.map.box is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: not window.engine.active_jobs, timeout=WAIT)
    best = fitting.best_box(studio._scene.points, 2.0)
    qtbot.waitUntil(lambda: np.abs(studio.map.box - best).max() < fitting.CLOSE, timeout=WAIT)
    window.leave()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    window.deleteLater()
