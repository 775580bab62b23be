"""The studio of the tins, with real mouse events on a real worker."""

from collections.abc import Iterator

import numpy as np
import pytest
from gendesk.plugins.probability.studios.tins.studio import TinsStudio
from gendesk.plugins.probability.tins.models import at_factors
from gendesk.plugins.probability.tins.recipe import TinsRecipe
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gendesk.data.tins import HEIGHTS
from gendesk.engine.preview import Preview
from tests.support.probability import tins_data, trained_tins
from tests.support.studio_desk import StudioDesk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the platform "offscreen" says so of windows
WAIT = 20_000
STEPS = 400


tins = pytest.fixture(scope="module")(tins_data)
trained = pytest.fixture(scope="module")(trained_tins)


@pytest.fixture
def desk(trained: tuple[TinsRecipe, tuple[Preview, ...]]) -> Iterator[StudioDesk]:
    made = StudioDesk(trained[0].model())
    yield made
    made.close()


@pytest.fixture
def studio(qtbot: QtBot, desk: StudioDesk, trained: tuple[TinsRecipe, tuple[Preview, ...]]) -> TinsStudio:
    made = TinsStudio()
    qtbot.addWidget(made)
    made.resize(480, 720)
    made.show()
    made.set_session(desk.session)
    for preview in trained[1]:
        made.show_preview(preview)
    qtbot.waitUntil(lambda: made.plane.ready and bool(made.plane.point.any()), timeout=WAIT)
    return made


def place_of(studio: TinsStudio, code: np.ndarray) -> QPoint:
    return QPointF(*studio.plane.projection.to_pixels(code[None])[0]).toPoint()


def test_the_button_makes_the_tin_taller_and_moves_the_point(
    qtbot: QtBot, desk: StudioDesk, studio: TinsStudio
) -> None:
    before, point = studio.height_slider.value, studio.plane.point.copy()
    qtbot.mouseClick(studio.taller, Qt.MouseButton.LeftButton)
    assert studio.height_slider.value == pytest.approx(before + 1)
    qtbot.waitUntil(lambda: not np.array_equal(studio.plane.point, point), timeout=WAIT)


def test_a_slider_stops_at_the_tallest_tin(qtbot: QtBot, studio: TinsStudio) -> None:
    qtbot.keyClick(studio.height_slider.slider, Qt.Key.Key_End)
    assert studio.height_slider.value == HEIGHTS[1]
    assert not studio.taller.isEnabled()
    point = studio.plane.point.copy()
    qtbot.waitUntil(lambda: not np.array_equal(studio.plane.point, point), timeout=WAIT)


def test_a_drag_in_the_plane_reads_height_and_width_back(
    qtbot: QtBot, studio: TinsStudio, trained: tuple[TinsRecipe, tuple[Preview, ...]]
) -> None:
    start = place_of(studio, studio.plane.point)
    wanted = place_of(studio, at_factors(trained[0].model(), np.array([16.5, 10.0], np.float32)).code)
    qtbot.mousePress(studio.plane, Qt.MouseButton.LeftButton, pos=start)
    where = QPointF(wanted)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        where,
        studio.plane.mapToGlobal(where),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(studio.plane, event)
    qtbot.mouseRelease(studio.plane, Qt.MouseButton.LeftButton, pos=wanted)
    qtbot.waitUntil(
        lambda: abs(studio.height_slider.value - 16.5) < 2.5 and abs(studio.width_slider.value - 10) < 2.5, timeout=WAIT
    )


def test_without_a_model_it_says_what_will_be_here(qtbot: QtBot) -> None:
    made = TinsStudio()
    qtbot.addWidget(made)
    assert "Train the recipe Tins" in made.plane.empty_text
    assert not made.taller.isEnabled()
    assert not made.height_slider.isEnabled()
