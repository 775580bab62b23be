"""The playground of evolution strategies as a person uses it, with mouse and keys."""

import itertools

import numpy as np
import pytest
from gendesk.plugins.worldmodel.playground import LANDSCAPES
from gendesk.plugins.worldmodel.studios.playground.controls import SPEEDS
from gendesk.plugins.worldmodel.studios.playground.studio import PlaygroundStudio
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from gendesk.widgets.theme import apply_theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 30_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def studio(qtbot: QtBot) -> PlaygroundStudio:
    made = PlaygroundStudio()
    qtbot.addWidget(made)
    made.set_session(None)  # as on an empty run
    made.resize(460, 600)
    made.show()
    qtbot.waitExposed(made)
    QApplication.processEvents()
    return made


def pick(qtbot: QtBot, box: QComboBox, data: str) -> None:
    """Choose an entry with the keyboard."""
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.findData(data)):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentData() == data
    QApplication.processEvents()


def pixel(studio: PlaygroundStudio, place: tuple[float, float], method: str = "cma") -> QPoint:
    projection = studio.views[method].projection
    return QPointF(*projection.to_pixels(np.array([place]))[0].tolist()).toPoint()


def step(qtbot: QtBot, studio: PlaygroundStudio, times: int = 1) -> None:
    for _ in range(times):
        qtbot.mouseClick(studio.transport.step, LEFT)


def test_a_generation_comes_about_in_four_steps(qtbot: QtBot, studio: PlaygroundStudio) -> None:
    view, search = studio.views["cma"], studio.searches["cma"]
    assert view.shown is None and studio.strip.current is None
    assert "Click into the landscape" in studio.strip.sentence.text()
    seen = []
    for _ in range(4):
        step(qtbot, studio)
        seen.append((view.shown[0].number, view.shown[1], studio.strip.current))
    assert seen == [
        (1, "sample", "sample"),
        (1, "choose", "choose"),
        (1, "move", "move"),
        (2, "sample again", "sample again"),
    ]
    assert "24 candidates" in studio.strip.sentence.text()
    first, second = search.generations
    np.testing.assert_array_equal(first.next_mean, second.mean)
    assert studio.chart.curves == {"cma": [first.best, second.best]}
    step(qtbot, studio)
    assert studio.strip.current == "choose"  # sampled they are already


def test_without_the_four_steps_each_is_a_generation(qtbot: QtBot, studio: PlaygroundStudio) -> None:
    box = studio.transport.slowly
    qtbot.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
    step(qtbot, studio, 3)
    assert len(studio.searches["cma"].generations) == 3 and studio.strip.current == "move"


def test_what_is_painted_changes_with_each_step(qtbot: QtBot, studio: PlaygroundStudio) -> None:
    view = studio.views["cma"]
    pictures = [view.grab().toImage()]
    for _ in range(4):
        step(qtbot, studio)
        pictures.append(view.grab().toImage())
    assert all(before != after for before, after in itertools.pairwise(pictures))


def test_a_click_begins_the_search_there(qtbot: QtBot, studio: PlaygroundStudio) -> None:
    step(qtbot, studio, 2)
    view = studio.views["cma"]
    qtbot.mouseClick(view, LEFT, pos=pixel(studio, (2, -3)))
    search = studio.searches["cma"]
    assert view.shown is None and not search.generations
    np.testing.assert_allclose(search.mean, [2, -3], atol=0.06)
    before = search.mean.copy()
    QApplication.sendEvent(view, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier))
    np.testing.assert_allclose(studio.searches["cma"].mean, before - [0.2, 0])
    qtbot.mouseClick(view, LEFT, pos=QPoint(2, view.height() - 2))  # beside the landscape
    np.testing.assert_allclose(studio.searches["cma"].mean, before - [0.2, 0])


def test_the_height_under_the_mouse_is_told(qtbot: QtBot, studio: PlaygroundStudio) -> None:
    view = studio.views["cma"]
    where = QPointF(pixel(studio, (1, -2)))
    none = Qt.MouseButton.NoButton
    move = QMouseEvent(
        QEvent.Type.MouseMove, where, view.mapToGlobal(where), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view, move)
    x, rest = studio.readout.text().replace("\N{MINUS SIGN}", "-").split(", ")
    y, height = (float(number) for number in rest.split(": "))
    assert (float(x), y) == pytest.approx((1, -2), abs=0.06)
    assert height == pytest.approx(5, abs=0.3)
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert studio.readout.text() == ""


def test_it_runs_to_the_lowest_place_and_rests(qtbot: QtBot, studio: PlaygroundStudio) -> None:
    pick(qtbot, studio.landscapes, "banana")
    studio.transport.slowly.setChecked(False)
    studio.transport.speed.setValue(len(SPEEDS) - 1)
    qtbot.mouseClick(studio.transport.run, LEFT)
    assert studio.transport.running
    qtbot.waitUntil(lambda: not studio.transport.running, timeout=WAIT)
    search = studio.searches["cma"]
    assert search.ended and not studio.transport.step.isEnabled() and not studio.transport.run.isEnabled()
    np.testing.assert_allclose(search.mean, [1, 1], atol=1e-4)
    qtbot.mouseClick(studio.transport.again, LEFT)
    assert studio.transport.step.isEnabled() and not studio.searches["cma"].generations
    assert studio.chart.curves == {"cma": []}


def test_run_stops_at_a_click_and_when_nobody_looks(qtbot: QtBot, studio: PlaygroundStudio) -> None:
    qtbot.mouseClick(studio.transport.run, LEFT)
    qtbot.waitUntil(lambda: len(studio.searches["cma"].generations) >= 2, timeout=WAIT)
    qtbot.mouseClick(studio.transport.run, LEFT)
    assert not studio.transport.running
    qtbot.mouseClick(studio.transport.run, LEFT)
    studio.hide()
    assert not studio.transport.running


def test_both_go_side_by_side_from_the_same_start(qtbot: QtBot, studio: PlaygroundStudio) -> None:
    assert not studio.views["plain"].isVisible()
    pick(qtbot, studio.strategies, "both")
    assert all(view.isVisible() for view in studio.views.values())
    qtbot.mouseClick(studio.views["plain"], LEFT, pos=pixel(studio, (-2, 1), "plain"))
    assert [len(search.generations) for search in studio.searches.values()] == [0, 0]
    np.testing.assert_array_equal(studio.searches["cma"].mean, studio.searches["plain"].mean)
    step(qtbot, studio, 5)
    counts = {method: search.generations[-1].chosen.sum() for method, search in studio.searches.items()}
    assert counts == {"cma": 12, "plain": 6}
    assert {method: len(values) for method, values in studio.chart.curves.items()} == {"cma": 2, "plain": 2}
    assert "Plain step" in studio.chart.accessibleDescription()
    pick(qtbot, studio.strategies, "plain")
    assert not studio.views["cma"].isVisible() and list(studio.searches) == ["plain"]


def test_settings_begin_anew_and_the_same_seed_draws_the_same(qtbot: QtBot, studio: PlaygroundStudio) -> None:
    step(qtbot, studio)
    points = studio.searches["cma"].generations[0].points
    qtbot.mouseClick(studio.transport.again, LEFT)
    step(qtbot, studio)
    np.testing.assert_array_equal(studio.searches["cma"].generations[0].points, points)
    qtbot.keyClick(studio.settings.population.slider, Qt.Key.Key_Right)
    step(qtbot, studio)
    assert len(studio.searches["cma"].generations[0].points) == 25
    qtbot.keyClick(studio.settings.sigma.slider, Qt.Key.Key_End)
    assert np.sqrt(studio.searches["cma"].covariance[0, 0]) == pytest.approx(3, rel=1e-3)
    qtbot.mouseClick(studio.settings.seed.button, LEFT)
    step(qtbot, studio)
    assert not np.array_equal(studio.searches["cma"].generations[0].points[:24], points)


def test_every_landscape_is_searched_at_every_size_in_every_light(qtbot: QtBot, studio: PlaygroundStudio) -> None:
    app = QApplication.instance()
    try:
        for scheme in ("light", "dark"):
            apply_theme(app, scheme)
            for landscape in LANDSCAPES:
                pick(qtbot, studio.landscapes, landscape.id)
                assert landscape.source == studio.formula.toolTip()
                step(qtbot, studio, 3)
                assert not studio.grab().isNull()
            studio.resize(1200, 700)
            QApplication.processEvents()
            assert studio.chart.mapTo(studio, QPoint()).x() > studio.views["cma"].geometry().right()
    finally:
        apply_theme(app, "light")
