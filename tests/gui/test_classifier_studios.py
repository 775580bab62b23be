"""The classifier's studios on a network after a little training: real clicks, answers from the real live worker."""

import numpy as np
import pytest
import torch
from gendesk.plugins.classifier.config import CnnConfig, MlpConfig
from gendesk.plugins.classifier.questions import activations, predict
from gendesk.plugins.classifier.recipes import CnnRecipe, MlpRecipe
from gendesk.plugins.classifier.studios.batch_norm import BatchNormStudio
from gendesk.plugins.classifier.studios.dropout import DropoutStudio
from gendesk.plugins.classifier.studios.inside import InsideStudio
from gendesk.plugins.classifier.studios.predict import PredictStudio
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from gendesk.app import build_window
from gendesk.data.dataset import ImageDataset, ImageInfo, ImageSplit
from gendesk.engine.recipe import Context
from tests.support.studio_desk import StudioDesk
from tests.support.training import small_pictures

WAIT = 60_000
LEFT = Qt.MouseButton.LeftButton
CLASSES = ("dark", "grey", "light")
LAYERS = ({"filters": 4, "kernel": 3, "stride": 1}, {"filters": 6, "kernel": 3, "stride": 2})


def pictures() -> ImageDataset:
    """Return 60 pictures of 12x12 pixels whose classes differ in brightness."""
    rng = np.random.default_rng(5)
    labels = np.arange(60) % 3
    images = (rng.random((60, 12, 12, 1)) * 60 + labels[:, None, None, None] * 60).astype(np.uint8)
    sizes = {"train_count": 40, "test_count": 20, "height": 12, "width": 12, "channels": 1}
    info = ImageInfo(name="small", title="Small", fingerprint="1", classes=CLASSES, **sizes)
    return ImageDataset(info, ImageSplit(images[:40], labels[:40]), ImageSplit(images[40:], labels[40:]))


def trained(recipe, config):
    """Return a model after a few steps, and its previews."""
    made = recipe(config, pictures(), Context(torch.device("cpu"), 0))
    for _ in range(20):
        made.step()
    with torch.inference_mode():
        made.model().eval()
        return made.model().requires_grad_(False), tuple(made.previews())


@pytest.fixture(scope="module")
def cnn():
    config = CnnConfig(convolutions=LAYERS, dense=({"units": 16},), learning_rate=0.01, batch_size=8)
    return trained(CnnRecipe, config)


@pytest.fixture(scope="module")
def mlp():
    return trained(MlpRecipe, MlpConfig(dense=({"units": 10},), learning_rate=0.01, batch_size=8))


@pytest.fixture
def opened(qtbot):
    """Open a studio on a trained model, with its previews."""
    desks = []

    def open_(studio, run, size=(520, 640)):
        model, previews = run
        desk = StudioDesk(model)
        desks.append(desk)
        if studio.session is None:
            qtbot.addWidget(studio)
        studio.resize(*size)
        studio.show()
        studio.set_session(desk.session)
        for preview in previews:
            studio.show_preview(preview)
        return studio

    yield open_
    for desk in desks:
        desk.close()


def click_row(qtbot, view, row: int) -> None:
    rect = view.visualItemRect(view.item(row))
    qtbot.mouseClick(view.viewport(), LEFT, pos=rect.center())


def click(qtbot, tab, name: str) -> None:
    (button,) = [one for one in tab.findChildren(QPushButton) if one.accessibleName() == name]
    qtbot.waitUntil(button.isEnabled, timeout=WAIT)
    qtbot.mouseClick(button, LEFT)


def test_predict_shows_a_held_out_picture_and_where_the_network_looks(qtbot, opened, cnn):
    studio = opened(PredictStudio(), cnn)
    qtbot.waitUntil(lambda: len(studio.bars.values) == 3 and studio._falls is not None, timeout=WAIT)
    click_row(qtbot, studio.own.strip, 2)
    picture = studio.own.picture()
    expected = predict(cnn[0], picture[None])[0]
    qtbot.waitUntil(lambda: np.allclose(studio.bars.values, expected, atol=1e-5), timeout=WAIT)
    assert studio.bars.winner == int(expected.argmax())
    qtbot.waitUntil(lambda: studio._falls is not None, timeout=WAIT)
    assert studio._question.text() == f"Why {CLASSES[studio.bars.winner]}?"
    other = (studio.bars.winner + 1) % 3
    qtbot.mouseClick(studio.bars, LEFT, pos=studio.bars.row_rect(other).center().toPoint())
    assert studio.explained == other
    assert studio._question.text() == f"Why not {CLASSES[other]}?"
    before = studio._falls
    qtbot.mouseClick(studio.square, LEFT, pos=QPoint(2, studio.square.height() // 2))
    qtbot.waitUntil(lambda: studio._falls is not before, timeout=WAIT)
    rect = studio.map.picture_rect()
    qtbot.mouseMove(studio.map, rect.center())
    assert "Covered here" in studio._reading.text()


def test_predict_follows_a_drawing(qtbot, opened, cnn):
    studio = opened(PredictStudio(), cnn, (1000, 800))
    qtbot.waitUntil(lambda: len(studio.bars.values) == 3, timeout=WAIT)
    tabs = studio.own._ways
    qtbot.mouseClick(tabs.tabBar(), LEFT, pos=tabs.tabBar().tabRect(1).center())
    qtbot.waitUntil(lambda: not len(studio.bars.values), timeout=WAIT)
    canvas = studio.own.pad.canvas
    qtbot.mousePress(canvas, LEFT, pos=canvas.rect().center())
    for step in range(1, 12):
        qtbot.mouseMove(canvas, canvas.rect().center() + QPoint(3 * step, 2 * step))
    qtbot.mouseRelease(canvas, LEFT, pos=canvas.rect().center() + QPoint(33, 22))
    qtbot.waitUntil(lambda: studio.own.picture() is not None, timeout=WAIT)
    expected = predict(cnn[0], studio.own.picture()[None])[0]
    qtbot.waitUntil(
        lambda: len(studio.bars.values) == 3 and np.allclose(studio.bars.values, expected, atol=1e-5), timeout=WAIT
    )


def test_inside_enlarges_a_map_and_reads_its_values(qtbot, opened, cnn):
    studio = opened(InsideStudio(), cnn, (520, 700))
    qtbot.waitUntil(lambda: studio.layers.count() > 3, timeout=WAIT)
    known = activations(cnn[0], studio.own.picture())
    assert [studio.layers.item(row).text().split()[0] for row in range(studio.layers.count())] == [
        name for name, _ in known
    ]
    row = [name for name, _ in known].index("activation1")
    click_row(qtbot, studio.layers, row)
    tile = studio.maps.tile_rect(2)
    qtbot.mouseClick(studio.maps.viewport(), LEFT, pos=tile.center())
    assert studio._titles[1].text() == "Map 3 of 4"
    assert studio.filter.isVisible()
    qtbot.mouseMove(studio.enlarged, studio.enlarged.picture_rect().center())
    at = studio.enlarged.pixel
    shown = studio._readings[1].text().split(": ")[1].replace("\N{MINUS SIGN}", "-")
    assert float(shown) == pytest.approx(float(known[row][1][2][at]), rel=1e-3)
    head = studio.layers.count() - 1
    studio.layers.scrollToItem(studio.layers.item(head))
    click_row(qtbot, studio.layers, head)
    assert not studio.enlarged.isVisible()
    plot = studio.bars.plot_rect()
    qtbot.mouseMove(studio.bars, QPoint(round(plot.right()) - 3, round(plot.center().y())))
    assert studio._facts_text.text().startswith("light: ")


def test_inside_starts_anew_with_another_run(qtbot, opened, cnn, mlp):
    studio = opened(InsideStudio(), cnn)
    qtbot.waitUntil(lambda: studio.layers.count() > 7, timeout=WAIT)
    qtbot.mouseClick(studio.maps.viewport(), LEFT, pos=studio.maps.tile_rect(3).center())
    assert studio._titles[1].text() == "Map 4 of 4"
    opened(studio, mlp)
    qtbot.waitUntil(lambda: studio.layers.count() == len(activations(mlp[0], pictures().test.images[0])), timeout=WAIT)
    assert studio.layer.name == "flatten"
    assert not studio.enlarged.isVisible()


def test_dropout_drops_others_with_again_and_plays_the_passes(qtbot, opened, cnn):
    studio = opened(DropoutStudio(), cnn)
    qtbot.waitUntil(lambda: studio._dropped is not None, timeout=WAIT)
    first = studio._dropped
    np.testing.assert_allclose(first.plain, predict(cnn[0], studio.own.picture()[None])[0], atol=1e-5)
    assert first.passes.shape == (30, 3)
    assert "1 / (1 \N{MINUS SIGN} 0.50) = 2.00" in studio._numbers.text()
    qtbot.mouseClick(studio.again, LEFT)
    assert studio.seed.value() == 1
    qtbot.waitUntil(lambda: studio._dropped is not first, timeout=WAIT)
    assert not np.array_equal(first.passes, studio._dropped.passes)
    qtbot.mouseClick(studio.rate, LEFT, pos=QPoint(2, studio.rate.height() // 2))
    qtbot.waitUntil(lambda: studio._dropped.layers[0].kept.mean() != first.layers[0].kept.mean(), timeout=WAIT)
    studio.passes.setValue(3)
    qtbot.waitUntil(lambda: len(studio._dropped.passes) == 3, timeout=WAIT)
    qtbot.mouseClick(studio.play, LEFT)
    assert studio.shown.value() == 1
    qtbot.waitUntil(lambda: studio.shown.value() == 3 and not studio.play.isChecked(), timeout=WAIT)
    rect = studio.units.unit_rect(4).center().toPoint()
    QTest.mouseMove(studio.units, rect)
    assert studio._numbers.text().startswith("Unit 5 answers")


def test_dropout_says_so_when_a_network_has_none(qtbot, opened, mlp):
    studio = opened(DropoutStudio(), mlp)
    qtbot.waitUntil(lambda: studio._dropped is not None, timeout=WAIT)
    assert studio._dropped.added
    assert studio._numbers.text().startswith("This network has no dropout")


def test_batch_norm_uses_the_statistics_that_the_mode_asks_for(qtbot, opened, cnn):
    studio = opened(BatchNormStudio(), cnn)
    qtbot.waitUntil(lambda: studio._made is not None, timeout=WAIT)
    assert [studio.layer.itemText(row) for row in range(studio.layer.count())] == ["norm1", "norm2", "norm3"]
    first = studio._made
    assert abs(float(first.normalised.mean())) < 1e-4
    qtbot.mouseClick(studio.evaluation, LEFT, pos=QPoint(8, studio.evaluation.height() // 2))
    qtbot.waitUntil(lambda: studio._made is not first, timeout=WAIT)
    norm = cnn[0].trunk.norm1
    assert studio._made.running.mean == pytest.approx(float(norm.running_mean[0]))
    expected = norm(torch.from_numpy(first.before).reshape(1, 1, -1, 1).expand(-1, 4, -1, -1))[0, 0, :, 0]
    np.testing.assert_allclose(studio._made.after, expected.numpy(), atol=1e-4)
    qtbot.mouseClick(studio.batch, LEFT, pos=QPoint(2, studio.batch.height() // 2))
    qtbot.waitUntil(lambda: len(studio._made.chosen) == studio.batch_size < 32, timeout=WAIT)
    studio.layer.setFocus()
    QTest.keyClick(studio.layer, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: studio._made.layer == "norm2", timeout=WAIT)
    assert studio.channel.maximum() == 6


def test_batch_norm_offers_a_virtual_one_to_a_network_without(qtbot, opened, mlp):
    studio = opened(BatchNormStudio(), mlp)
    qtbot.waitUntil(lambda: studio._made is not None, timeout=WAIT)
    assert studio._note.text().startswith("This network has no batch normalisation")


@pytest.mark.parametrize("kind", [PredictStudio, InsideStudio, DropoutStudio, BatchNormStudio])
def test_a_studio_without_a_model_says_what_will_appear(qtbot, kind):
    studio = kind()
    qtbot.addWidget(studio)
    studio.resize(380, 560)
    studio.show()
    studio.set_session(None)
    assert not studio.grab().isNull()


def test_predict_follows_a_training_in_the_window(qtbot, data_dir, tmp_path):
    window = build_window(data_dir)
    window.open_tab("classifier")
    window.show()
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    tab = window.current_tab
    tab.choices.use_data(small_pictures(tmp_path))
    tab.form.set_values({"preview_every": 20, "epochs": 100_000.0})
    tab.view.studios.choose("predict")
    studio = tab.view.studio
    click(qtbot, tab, "Start")
    qtbot.waitUntil(lambda: len(studio.bars.values) == 3, timeout=WAIT)
    before = studio.bars.values
    qtbot.waitUntil(lambda: not np.array_equal(studio.bars.values, before), timeout=WAIT)
    click(qtbot, tab, "Stop")
    qtbot.waitUntil(lambda: not window.engine.active_jobs, timeout=WAIT)
    window.leave()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    window.deleteLater()
