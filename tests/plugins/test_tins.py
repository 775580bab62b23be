"""The autoencoder of tins: its regressions, what it shows and refuses, and its studio under a real mouse."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from gendesk.plugins.probability.studios.tins.studio import TinsStudio
from gendesk.plugins.probability.tins.config import TinsConfig
from gendesk.plugins.probability.tins.models import TinsAutoencoder, at_code, at_factors
from gendesk.plugins.probability.tins.recipe import TinsRecipe
from gendesk.plugins.probability.tins.regression import CURVED, LINEAR, blank, fit, predict, r_squared, slopes
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gendesk.data.dataset import ImageDataset, ImageSplit
from gendesk.data.library import DataLibrary
from gendesk.data.tins import HEIGHTS, draw
from gendesk.engine.events import Mailbox
from gendesk.engine.live import LiveModels, Request
from gendesk.engine.preview import Preview, ScatterPreview, TablePreview
from gendesk.engine.recipe import Context
from gendesk.errors import InputError
from gendesk.studios.session import ModelSession

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the platform "offscreen" says so of windows
WAIT = 20_000
STEPS = 400


@pytest.fixture(scope="module")
def tins(tmp_path_factory: pytest.TempPathFactory) -> ImageDataset:
    data = DataLibrary(tmp_path_factory.mktemp("data")).open("tins")
    assert isinstance(data, ImageDataset)
    return data


@pytest.fixture(scope="module")
def trained(tins: ImageDataset) -> tuple[TinsRecipe, tuple[Preview, ...]]:
    config = TinsConfig(learning_rate=0.003, batch_size=100)
    recipe = TinsRecipe(config, tins, Context(torch.device("cpu"), 1))
    for _ in range(STEPS):
        recipe.step()
    return recipe, tuple(recipe.previews())


def test_a_regression_finds_what_made_the_numbers() -> None:
    given = torch.randn(50, 2, generator=torch.Generator().manual_seed(1))
    x, y = given.T
    line = torch.stack([3 * x - y + 2, 0.5 * y], dim=1)
    bent = torch.stack([x * y, x.square() - y], dim=1)
    found = fit(given, line, LINEAR)
    torch.testing.assert_close(predict(found, given), line)
    torch.testing.assert_close(slopes(found), torch.tensor([[3.0, 0.0], [-1.0, 0.5]]))
    torch.testing.assert_close(predict(fit(given, bent, CURVED), given), bent)
    assert r_squared(predict(fit(given, bent, LINEAR), given), bent).min() < 0.9
    assert predict(blank(CURVED), given).abs().max() == 0


def test_codes_on_a_line_have_a_regression_too() -> None:
    codes = torch.zeros(20, 2)
    factors = torch.randn(20, 2, generator=torch.Generator().manual_seed(1))
    assert r_squared(predict(fit(codes, factors, CURVED), codes), factors).abs().max() < 1e-5


def test_it_draws_tins_it_has_not_seen_and_explains_their_sizes(
    trained: tuple[TinsRecipe, tuple[Preview, ...]],
) -> None:
    recipe, _ = trained
    found = {name: float(value) for name, value in recipe.validate().items()}
    assert found["reconstruction"] < 0.02  # 0.045 is the error of the mean picture
    assert found["r2"] > 0.6
    spot = at_factors(recipe.model(), np.array([12.0, 16.0], np.float32))
    others = [draw(5, 16), draw(18, 16), draw(12, 9)]
    distance = [np.abs(spot.picture[..., 0].astype(float) - other).mean() for other in (draw(12, 16), *others)]
    assert distance[0] == min(distance)


def test_a_code_leads_back_to_the_factors(trained: tuple[TinsRecipe, tuple[Preview, ...]]) -> None:
    model = trained[0].model()
    there = at_factors(model, np.array([10.0, 15.0], np.float32))
    back = at_code(model, there.code)
    assert np.abs(back.factors - there.factors).max() < 2.5
    np.testing.assert_array_equal(back.picture, there.picture)


def test_previews_show_the_plane_and_the_regression(trained: tuple[TinsRecipe, tuple[Preview, ...]]) -> None:
    shown = {preview.name: preview for preview in trained[1]}
    assert list(shown) == ["reconstructions", "codes", "plane", "regression", "regression-bars"]
    table, codes = shown["regression"], shown["codes"]
    assert isinstance(table, TablePreview)
    assert [row[0] for row in table.rows] == ["Height", "Width"]
    assert isinstance(codes, ScatterPreview)
    assert codes.classes[0] == "Height 4.0 to 6.8"
    assert len(np.unique(codes.labels)) == 5


def test_pictures_of_which_no_numbers_are_known_are_refused_in_a_sentence(tins: ImageDataset) -> None:
    info = tins.info.model_copy(update={"attributes": tins.info.attributes[:1]})
    with pytest.raises(InputError, match=r"^Tins cannot be used here: of every picture two numbers .* Tins\.$"):
        TinsRecipe.build(TinsConfig(), info)


def test_a_last_batch_of_one_picture_is_no_problem(tins: ImageDataset) -> None:
    assert tins.train.attributes is not None
    few = ImageSplit(tins.train.images[:5], tins.train.labels[:5], tins.train.attributes[:5])
    data = ImageDataset(tins.info, few, few)
    recipe = TinsRecipe(TinsConfig(batch_size=2), data, Context(torch.device("cpu"), 1))
    assert all(torch.isfinite(torch.as_tensor(value)) for _ in range(3) for value in recipe.step().values())


# The studio


class Desk:
    """A session whose questions a real worker answers; `wait` hands the answers on, as the window's bridge does."""

    def __init__(self, model: TinsAutoencoder) -> None:
        self.model = model
        self.mailbox = Mailbox()
        self.live = LiveModels(lambda _: None, lambda _: model, self.mailbox.post)
        self.session = ModelSession(self._send)
        self._stamp = 0

    def _send(self, asker: str, operation: Callable[[Any, Any], Any], argument: Any) -> int:
        self._stamp += 1
        self.live.ask(Request("run", asker, self._stamp, operation, argument))
        return self._stamp

    def wait(self, qtbot: QtBot, found: Callable[[], bool]) -> None:
        def answered() -> bool:
            for reply in self.mailbox.drain_replies():
                self.session.receive(reply.asker, reply.stamp, reply.result, reply.error)
            return found()

        qtbot.waitUntil(answered, timeout=WAIT)


@pytest.fixture
def desk(trained: tuple[TinsRecipe, tuple[Preview, ...]]) -> Iterator[Desk]:
    made = Desk(trained[0].model())
    yield made
    made.live.close()


@pytest.fixture
def studio(qtbot: QtBot, desk: Desk, trained: tuple[TinsRecipe, tuple[Preview, ...]]) -> TinsStudio:
    made = TinsStudio()
    qtbot.addWidget(made)
    made.resize(480, 720)
    made.show()
    made.set_session(desk.session)
    for preview in trained[1]:
        made.show_preview(preview)
    desk.wait(qtbot, lambda: made.plane.ready and bool(made.plane.point.any()))
    return made


def place_of(studio: TinsStudio, code: np.ndarray) -> QPoint:
    return QPointF(*studio.plane.projection.to_pixels(code[None])[0]).toPoint()


def test_the_button_makes_the_tin_taller_and_moves_the_point(qtbot: QtBot, desk: Desk, studio: TinsStudio) -> None:
    before, point = studio.height_slider.value, studio.plane.point.copy()
    qtbot.mouseClick(studio.taller, Qt.MouseButton.LeftButton)
    assert studio.height_slider.value == pytest.approx(before + 1)
    desk.wait(qtbot, lambda: not np.array_equal(studio.plane.point, point))


def test_a_slider_stops_at_the_tallest_tin(qtbot: QtBot, desk: Desk, studio: TinsStudio) -> None:
    qtbot.keyClick(studio.height_slider.slider, Qt.Key.Key_End)
    assert studio.height_slider.value == HEIGHTS[1]
    assert not studio.taller.isEnabled()
    point = studio.plane.point.copy()
    desk.wait(qtbot, lambda: not np.array_equal(studio.plane.point, point))


def test_a_drag_in_the_plane_reads_height_and_width_back(qtbot: QtBot, desk: Desk, studio: TinsStudio) -> None:
    start = place_of(studio, studio.plane.point)
    wanted = place_of(studio, at_factors(desk.model, np.array([16.5, 10.0], np.float32)).code)
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
    desk.wait(qtbot, lambda: abs(studio.height_slider.value - 16.5) < 2.5 and abs(studio.width_slider.value - 10) < 2.5)


def test_without_a_model_it_says_what_will_be_here(qtbot: QtBot) -> None:
    made = TinsStudio()
    qtbot.addWidget(made)
    assert "Train the recipe Tins" in made.plane.empty_text
    assert not made.taller.isEnabled()
    assert not made.height_slider.isEnabled()
