"""The latent studio on generators without an encoder: every page on a small GAN, and on one with classes."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from gendesk.plugins.gan.acgan import AcganRecipe
from gendesk.plugins.gan.config import critic_layers, generator_layers
from gendesk.plugins.gan.recipes import DrawingsRecipe
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gendesk.engine.inference import decode
from gendesk.engine.latent.decoding import Points, decode_points
from gendesk.engine.latent.directions import Kind
from gendesk.engine.recipe import Context
from gendesk.engine.run_data import RunData
from gendesk.studios.latent.studio import LatentStudio
from tests.support.games import CLASSES, shades
from tests.support.studio_desk import StudioDesk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 30_000
LEFT = Qt.MouseButton.LeftButton
SMALL = {
    "critic_layers": critic_layers(4, 8, kernel=3),
    "generator_layers": generator_layers(6, 1, kernel=3),
    "first_filters": 8,
    "latent_size": 6,
    "batch_size": 8,
    "norm_momentum": 0.5,
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: Any) -> RunData:
    return RunData(tmp_path_factory.mktemp("run"), shades(), lambda _target: None)


@pytest.fixture
def opened(qtbot: Any, data: RunData) -> Iterator[Any]:
    desks = []

    def open_(recipe: Any, name: str) -> Any:
        torch.manual_seed(2)
        config = recipe.Config(**SMALL, weights="glorot", generator_learning_rate=0.01, critic_learning_rate=0.01)
        made = recipe(config, data.images, Context(torch.device("cpu"), 0))
        for _ in range(8):
            for phase in made.phases().values():
                phase()
        model = made.model().eval().requires_grad_(False)
        desks.append(StudioDesk(model, data))
        studio = LatentStudio()
        qtbot.addWidget(studio)
        studio.failed.connect(pytest.fail)
        studio.resize(440, 720)
        studio.show()
        studio.set_session(desks[-1].session)
        page: Any = studio.page(name)
        studio.tabs.setCurrentWidget(page)
        qtbot.waitUntil(lambda: studio.workspace.picture is not None, timeout=WAIT)
        return page, model

    yield open_
    for desk in desks:
        desk.close()


@pytest.mark.parametrize("recipe", [DrawingsRecipe, AcganRecipe])
def test_the_map_is_dragged(qtbot: Any, opened: Any, recipe: Any) -> None:
    page, model = opened(recipe, "map")
    before = page.workspace.code
    plane = page.pad.plane
    middle = plane.rect().center()
    QTest.mousePress(plane, LEFT, pos=middle)
    for step in range(1, 5):
        QTest.mouseMove(plane, middle + QPoint(8 * step, -6 * step))
    QTest.mouseRelease(plane, LEFT, pos=middle + QPoint(32, -24))
    assert not np.array_equal(page.workspace.code, before)
    expected = decode_points(model, page.workspace.points(page.workspace.code[None]))[0]
    qtbot.waitUntil(lambda: np.array_equal(page.workspace.picture, expected), timeout=WAIT)


def test_the_survey_shows_every_class_and_offers_real_pictures(opened: Any, data: RunData) -> None:
    page, model = opened(AcganRecipe, "map")
    survey = page.workspace.survey
    assert not survey.encodes and survey.mixes == CLASSES
    for number in range(3):
        wanted = decode_points(model, Points(survey.codes[number][None], np.eye(3, dtype=np.float32)[number]))
        np.testing.assert_array_equal(survey.pictures[number], wanted[0])
    np.testing.assert_array_equal(survey.real, data.images.test.images[:60])


def test_a_picture_is_brought_into_the_latent_space_to_paint_on(qtbot: Any, opened: Any) -> None:
    page, model = opened(AcganRecipe, "paint")
    code = np.random.default_rng(4).uniform(-0.8, 0.8, (1, 6)).astype(np.float32)
    picture = decode_points(model, Points(code, np.eye(3, dtype=np.float32)[2]))[0]
    said: list[str] = []
    page.descent.moved.connect(lambda _moved: said.append(page.panel.status.text()))
    page.open_photo(picture)
    qtbot.waitUntil(lambda: page._opening is None, timeout=WAIT)
    drawn = decode_points(model, page.workspace.points(page.workspace.code[None]))[0]
    assert np.abs(drawn.astype(int) - picture).mean() < 0.03 * 255
    assert page.workspace.mix.argmax() == 2
    assert any("% done" in text for text in said) and said[-1].startswith("Off the picture by")


def test_a_stroke_is_met(qtbot: Any, opened: Any) -> None:
    page, _ = opened(DrawingsRecipe, "paint")
    before = page.workspace.code
    page.controls.set_color("#FFFFFF")
    place = page.canvas.area().center().toPoint()
    QTest.mousePress(page.canvas, LEFT, pos=place)
    QTest.mouseMove(page.canvas, place + QPoint(12, 4))
    QTest.mouseRelease(page.canvas, LEFT, pos=place + QPoint(12, 4))
    qtbot.waitUntil(lambda: not page.descent.running and "stroke" in page.panel.status.text(), timeout=WAIT)
    assert not np.array_equal(page.workspace.code, before)


def test_own_pictures_are_put_into_a_morph(qtbot: Any, opened: Any) -> None:
    page, model = opened(DrawingsRecipe, "morph")
    qtbot.mouseClick(page.sources.pictures, LEFT)
    dialog = page.adding.dialog
    assert len(dialog.own._pictures) == 20  # real ones
    shares: list[float] = []
    page.adding.projection.progressed.connect(lambda share, _off: shares.append(share))
    qtbot.mouseClick(dialog.add, LEFT)
    dialog.own.strip.setCurrentRow(5)
    qtbot.mouseClick(dialog.add, LEFT)
    qtbot.waitUntil(lambda: len(page.morph.stops) == 2 and page.frames.complete, timeout=WAIT)
    assert shares[0] < 0.1 and shares.count(1.0) == 2
    assert "off by" in dialog._said.text() and "% off" in page.morph.stops[1].title
    dialog.close()
    np.testing.assert_array_equal(page.frames.picture(0), decode(model, page.frames.codes[:1])[0])


@pytest.mark.parametrize("recipe", [DrawingsRecipe, AcganRecipe])
def test_directions_are_components_of_the_generator(qtbot: Any, opened: Any, recipe: Any) -> None:
    page, _ = opened(recipe, "directions")
    page.finder._find_component(0)
    qtbot.waitUntil(lambda: bool(page.dials.rows), timeout=WAIT)
    direction = page.dials.rows[0].direction
    assert direction.kind is Kind.DECODER and 0 < direction.share <= 1
    assert np.linalg.norm(direction.vector) == pytest.approx(1, abs=1e-5)


def test_sliders_end_where_the_prior_does(opened: Any) -> None:
    page, _ = opened(AcganRecipe, "sliders")
    assert page._ends.min() == pytest.approx(-1, abs=0.02) and page._ends.max() == pytest.approx(1, abs=0.02)
