"""The judge studio on small games: real strokes and clicks, verdicts from the real live worker."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gendesk.plugins.gan.acgan import AcganRecipe
from gendesk.plugins.gan.config import critic_layers, generator_layers
from gendesk.plugins.gan.recipes import DrawingsRecipe, WganGpRecipe
from gendesk.plugins.gan.studios.judge_studio import JudgeStudio
from gendesk.plugins.gan.studios.sampling import SAME_CODE
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QTabWidget

from gendesk.engine.batches import to_tensor
from gendesk.engine.recipe import Context
from gendesk.engine.run_config import RunConfig
from gendesk.engine.run_data import RunData
from gendesk.engine.runs import RECORD_FILE, RunRecord
from gendesk.studios.saving import STUDIO_KEY
from tests.support.games import shades
from tests.support.studio_desk import StudioDesk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 30_000
LEFT = Qt.MouseButton.LeftButton
SMALL = {
    "critic_layers": critic_layers(4, 8, kernel=3),
    "generator_layers": generator_layers(6, 1, kernel=3),
    "first_filters": 8,
    "latent_size": 5,
    "critic_slope": 0.2,
    "batch_size": 8,
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: Any) -> RunData:
    """Return 60 pictures of 12x12 pixels whose classes differ in brightness."""
    folder = tmp_path_factory.mktemp("run")
    config = RunConfig(recipe="gan", preset="quick", data="small", config={})
    record = RunRecord(id=folder.name, family="gan", recipe_title="GAN", config=config, created=0, updated=0)
    (folder / RECORD_FILE).write_text(record.model_dump_json())
    return RunData(folder, shades(), lambda _target: None)


@pytest.fixture
def opened(qtbot: Any, data: RunData) -> Iterator[Callable[..., Any]]:
    """Open the studio on a model after a few steps of training; return both when there is a verdict."""
    desks = []

    def open_(recipe: Any, size: tuple[int, int] = (440, 720)) -> Any:
        made = recipe(recipe.Config(**SMALL), data.images, Context(torch.device("cpu"), 0))
        for _ in range(4):
            for phase in made.phases().values():
                phase()
        model = made.model().eval().requires_grad_(False)
        desks.append(StudioDesk(model, data))
        studio = JudgeStudio()
        qtbot.addWidget(studio)
        studio.resize(*size)
        studio.show()
        studio.set_session(desks[-1].session)
        qtbot.waitUntil(lambda: studio.judge.verdict is not None and studio.samples.sheet is not None, timeout=WAIT)
        return studio, model

    yield open_
    for desk in desks:
        desk.close()


def score(model: Any, picture: np.ndarray) -> float:
    with torch.inference_mode():
        return float(model.judge(to_tensor(picture[None])))


def test_the_verdict_follows_a_drawing(qtbot: Any, opened: Any) -> None:
    studio, model = opened(DrawingsRecipe, (1000, 760))
    page = studio.judge
    assert page.verdict.score == pytest.approx(score(model, page.own.picture()), abs=1e-5)
    ways = page.own.findChild(QTabWidget)
    qtbot.mouseClick(ways.tabBar(), LEFT, pos=ways.tabBar().tabRect(1).center())
    qtbot.waitUntil(lambda: page.verdict is None and not page.improve.isEnabled(), timeout=WAIT)
    canvas = page.own.pad.canvas
    qtbot.mousePress(canvas, LEFT, pos=canvas.rect().center())
    for step in range(1, 8):
        qtbot.mouseMove(canvas, canvas.rect().center() + QPoint(4 * step, 2 * step))
    qtbot.waitUntil(lambda: page.verdict is not None, timeout=WAIT)  # while the pen is still down
    qtbot.mouseRelease(canvas, LEFT, pos=canvas.rect().center() + QPoint(28, 14))
    expected = score(model, page.own.picture())
    qtbot.waitUntil(lambda: page.verdict.score == pytest.approx(expected, abs=1e-5), timeout=WAIT)
    assert "%" in page.reading.text() and page.scale.ends() == (0, 1)


def test_improving_raises_the_score_and_can_be_taken_back(qtbot: Any, opened: Any) -> None:
    studio, model = opened(WganGpRecipe)
    page = studio.judge
    picture, before = page.picture, page.verdict.score
    qtbot.mouseClick(page.improve, LEFT)
    qtbot.waitUntil(lambda: page.steps == 40 and page.improve.text() == "Improve", timeout=WAIT)
    assert page.verdict.score > before
    assert page.verdict.score == pytest.approx(score(model, page.picture), abs=0.05)  # but for rounding to bytes
    low, high = page.scale.ends()
    assert low < before < page.verdict.score < high
    qtbot.mouseClick(page.back, LEFT)
    qtbot.waitUntil(lambda: page.verdict is not None and page.verdict.score == pytest.approx(before), timeout=WAIT)
    np.testing.assert_array_equal(page.picture, picture)
    assert not page.back.isEnabled()


def test_where_it_looks_is_the_gradient_of_the_score(qtbot: Any, opened: Any) -> None:
    studio, model = opened(WganGpRecipe)
    page = studio.judge
    assert page.verdict.gradient is None and not page.stepped.isVisible()
    qtbot.mouseClick(page.look, LEFT, pos=QPoint(8, page.look.height() // 2))
    qtbot.waitUntil(lambda: page.verdict.gradient is not None, timeout=WAIT)
    assert page.stepped.isVisible()
    row, column = np.unravel_index(np.abs(page.verdict.gradient).argmax(), page.verdict.gradient.shape)
    picture = to_tensor(page.picture[None])
    nudged = picture.clone()
    nudged[..., row, column] += 0.01
    with torch.inference_mode():
        slope = float(model.judge(nudged) - model.judge(picture)) / 0.01
    assert slope == pytest.approx(float(page.verdict.gradient[row, column]), rel=0.2)
    assert score(model, page.verdict.stepped) > page.verdict.score


def test_samples_are_resampled_sorted_saved_and_judged(qtbot: Any, opened: Any, tmp_path: Path) -> None:
    studio, model = opened(DrawingsRecipe)
    qtbot.mouseClick(studio.tabs.tabBar(), LEFT, pos=studio.tabs.tabBar().tabRect(1).center())
    page = studio.samples
    first = page.sheet
    with torch.inference_mode():
        expected = model.judge(model.decode(torch.from_numpy(first.codes)))
    np.testing.assert_allclose(first.scores, expected.numpy(), atol=1e-5)
    assert page.wanted.isHidden()
    qtbot.mouseClick(page.seed_box.button, LEFT)
    qtbot.waitUntil(lambda: page.sheet is not first, timeout=WAIT)
    assert not np.array_equal(page.sheet.codes, first.codes)
    second = page.sheet
    page.truncation.setValue(50)
    qtbot.waitUntil(lambda: page.sheet is not second, timeout=WAIT)
    np.testing.assert_allclose(page.sheet.codes, second.codes * 0.5, rtol=1e-6)
    qtbot.keyClick(page.order, Qt.Key.Key_Down)
    page.order.activated.emit(1)
    best = int(page.sheet.scores.argmax())
    np.testing.assert_array_equal(page.view.images[0], page.sheet.pictures[best])
    qtbot.waitUntil(lambda: studio._run_folder() is not None, timeout=WAIT)
    with qtbot.waitSignal(studio.save.saved, timeout=WAIT):
        studio.save.save("pixels", tmp_path / "sheet.png")
    facts = json.loads(Image.open(tmp_path / "sheet.png").text[STUDIO_KEY])
    assert facts["settings"]["truncation"] == 0.5 and facts["settings"]["seed"] == page.seed_box.seed
    place = page.view.tile_rect(0).center() / page.view.devicePixelRatioF()
    qtbot.mouseClick(page.view.viewport(), LEFT, pos=place)
    qtbot.waitUntil(lambda: studio.tabs.currentWidget() is studio.judge, timeout=WAIT)
    np.testing.assert_array_equal(studio.judge.picture, page.sheet.pictures[best])


def test_classes_are_read_and_asked_for(qtbot: Any, opened: Any) -> None:
    studio, model = opened(AcganRecipe)
    bars, page = studio.judge.classes, studio.samples
    assert bars.isVisible() and bars.values.sum() == pytest.approx(1, abs=1e-4)
    with torch.inference_mode():
        read = model.classify(to_tensor(studio.judge.picture[None])).softmax(1)[0]
    np.testing.assert_allclose(bars.values, read.numpy(), atol=1e-5)
    assert page.sheet.asked.tolist()[:4] == [0, 1, 2, 0]
    page.wanted.setCurrentIndex(page.wanted.findData(SAME_CODE))
    page.wanted.activated.emit(page.wanted.currentIndex())
    qtbot.waitUntil(lambda: page.sheet.columns == 3, timeout=WAIT)
    np.testing.assert_array_equal(page.sheet.codes[0], page.sheet.codes[2])
    assert not np.array_equal(page.sheet.codes[2], page.sheet.codes[3])


def test_closing_leaves_an_empty_state(qtbot: Any, opened: Any) -> None:
    studio, _ = opened(DrawingsRecipe)
    studio.set_session(None)
    assert studio.judge.picture is None and studio.samples.sheet is None
    assert not studio.judge.improve.isEnabled() and not studio.samples.seed_box.isEnabled()
