"""The copy studio on small autoencoders: real clicks, drags and strokes, answers from the real live worker."""

import json

import numpy as np
import pytest
import torch
from gendesk.plugins.autoencoder.conditional import ConditionalRecipe
from gendesk.plugins.autoencoder.config import ConvLayer, DecoderLayer, strided
from gendesk.plugins.autoencoder.copying import CopyQuestion, Treatment, copied
from gendesk.plugins.autoencoder.denoising import DenoisingRecipe
from gendesk.plugins.autoencoder.recipes import ConvAutoencoderRecipe, ConvVariationalRecipe
from gendesk.plugins.autoencoder.sketch import SketchRecipe
from gendesk.plugins.autoencoder.studios.copy_studio import CopyStudio
from gendesk.plugins.autoencoder.studios.picture_row import with_contrast
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabWidget

from gendesk.data.dataset import ImageDataset, ImageInfo, ImageSplit
from gendesk.engine.inference import decode, encode
from gendesk.engine.recipe import Context
from gendesk.engine.run_config import RunConfig
from gendesk.engine.run_data import RunData
from gendesk.engine.runs import RECORD_FILE, RunRecord
from gendesk.studios.saving import STUDIO_KEY
from tests.support.studio_desk import StudioDesk

WAIT = 30_000
LEFT = Qt.MouseButton.LeftButton
LAYERS = {
    "encoder": strided(ConvLayer, 4, 6),
    "decoder": strided(DecoderLayer, 6, 1),
    "latent_size": 5,
    "learning_rate": 0.01,
}
CLASSES = ("dark", "grey", "light")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Return 60 pictures of 12x12 pixels whose classes differ in brightness."""
    rng = np.random.default_rng(5)
    labels = np.arange(60) % 3
    images = (rng.random((60, 12, 12, 1)) * 60 + labels[:, None, None, None] * 60).astype(np.uint8)
    sizes = {"train_count": 40, "test_count": 20, "height": 12, "width": 12, "channels": 1}
    info = ImageInfo(name="small", title="Small", fingerprint="1", classes=CLASSES, **sizes)
    dataset = ImageDataset(info, ImageSplit(images[:40], labels[:40]), ImageSplit(images[40:], labels[40:]))
    folder = tmp_path_factory.mktemp("run")
    config = RunConfig(recipe="vae", preset="quick", data="small", config={})
    record = RunRecord(id=folder.name, family="autoencoder", recipe_title="VAE", config=config, created=0, updated=0)
    (folder / RECORD_FILE).write_text(record.model_dump_json())
    return RunData(folder, dataset, lambda _target: None)


@pytest.fixture
def opened(qtbot, data):
    """Open the studio on a model after a few steps of training; return both when there is a copy."""
    desks = []

    def open_(recipe, settings, size=(480, 800), studio=None):
        made = recipe(recipe.Config(batch_size=8, **settings), data.images, Context(torch.device("cpu"), 0))
        for _ in range(10):
            made.step()
        model = made.model().eval().requires_grad_(False)
        desk = StudioDesk(model, data)
        desks.append(desk)
        if studio is None:
            studio = CopyStudio()
            qtbot.addWidget(studio)
        studio.resize(*size)
        studio.show()
        studio.set_session(desk.session)
        qtbot.waitUntil(lambda: studio.copied is not None and studio.similar.found is not None, timeout=WAIT)
        return studio, model

    yield open_
    for desk in desks:
        desk.close()


def follow(qtbot, studio, act):
    """Do something and return the copy that comes of it."""
    before = studio.copied
    act()
    qtbot.waitUntil(lambda: studio.copied is not before and studio.copied is not None, timeout=WAIT)
    return studio.copied


def centre(view, index: int) -> QPoint:
    return view.cell_rect(index).center().toPoint()


def test_numbers_are_zeroed_dragged_restored_and_undone(qtbot, opened):
    studio, model = opened(ConvAutoencoderRecipe, LAYERS)
    view, picture = studio.code.view, studio.own.picture()
    code = encode(model, picture[None])[0]
    np.testing.assert_allclose(studio.copied.code, code, atol=1e-5)
    after = follow(qtbot, studio, lambda: qtbot.mouseClick(view, LEFT, pos=centre(view, 2)))
    assert after.code[2] == 0
    np.testing.assert_array_equal(after.copy, decode(model, after.code[None])[0])
    assert follow(qtbot, studio, lambda: qtbot.mouseClick(view, LEFT, pos=centre(view, 2))).code[2] == code[2]
    start = centre(view, 3)
    qtbot.mousePress(view, LEFT, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(view, start - QPoint(0, 4 * step))
    qtbot.mouseRelease(view, LEFT, pos=start - QPoint(0, 20))
    wanted = min(studio.code.view.reach, code[3] + 20 * view.per_pixel())
    qtbot.waitUntil(lambda: studio.copied.code[3] == pytest.approx(wanted, abs=1e-4), timeout=WAIT)
    view.setFocus()
    after = follow(qtbot, studio, lambda: QTest.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier))
    np.testing.assert_allclose(after.code, code, atol=1e-5)  # the whole drag is one step
    follow(qtbot, studio, lambda: QTest.keyClick(view, Qt.Key.Key_Space))
    assert studio.treatment.edits == ((3, 0.0),)
    follow(qtbot, studio, lambda: QTest.keyClick(view, Qt.Key.Key_Up))
    assert studio.treatment.edits[0][1] == pytest.approx(view.reach / 20)
    follow(qtbot, studio, lambda: qtbot.mouseClick(studio.code.reset, LEFT))
    assert studio.treatment.edits == ()


def test_the_copy_follows_a_drawing(qtbot, opened):
    studio, model = opened(ConvAutoencoderRecipe, LAYERS, (1000, 800))
    ways = studio.own.findChild(QTabWidget)
    qtbot.mouseClick(ways.tabBar(), LEFT, pos=ways.tabBar().tabRect(1).center())
    qtbot.waitUntil(lambda: not studio.code.isVisible(), timeout=WAIT)
    canvas = studio.own.pad.canvas
    qtbot.mousePress(canvas, LEFT, pos=canvas.rect().center())
    for step in range(1, 12):
        qtbot.mouseMove(canvas, canvas.rect().center() + QPoint(3 * step, 2 * step))
    qtbot.waitUntil(lambda: studio.copied is not None, timeout=WAIT)  # while the pen is still down
    qtbot.mouseRelease(canvas, LEFT, pos=canvas.rect().center() + QPoint(33, 22))
    qtbot.waitUntil(lambda: studio.own.picture() is not None, timeout=WAIT)
    expected = encode(model, studio.own.picture()[None])[0]
    qtbot.waitUntil(lambda: np.allclose(studio.copied.code, expected, atol=1e-5), timeout=WAIT)
    assert studio.code.isVisible()


def test_the_hourglass_shows_its_code_as_tiles(qtbot, opened):
    studio, model = opened(SketchRecipe, {"stages": 2, "channels": 2, "code_channels": 4})
    view = studio.code.view
    assert view is studio.code.tiles
    assert not studio.code.bars.isVisible()
    index = (2 * 3 + 1) * 3 + 2
    qtbot.mouseMove(view, centre(view, index))
    assert studio.code.reading.text().startswith("Map 3, column 3, row 2: ")
    after = follow(qtbot, studio, lambda: qtbot.mouseClick(view, LEFT, pos=centre(view, index)))
    assert [number for number, value in enumerate(after.code) if value == 0 != after.mean[number]] == [index]
    np.testing.assert_array_equal(after.copy, decode(model, after.code[None])[0])


def test_draw_again_draws_other_codes(qtbot, opened):
    studio, model = opened(ConvVariationalRecipe, LAYERS)
    first = follow(qtbot, studio, lambda: qtbot.mouseClick(studio.controls.again, LEFT))
    assert studio.controls.drawn.isChecked()
    assert studio.treatment == Treatment(drawn=True, seed=1)
    second = follow(qtbot, studio, lambda: qtbot.mouseClick(studio.controls.again, LEFT))
    assert not np.array_equal(first.code, second.code)
    np.testing.assert_array_equal(first.mean, second.mean)
    with torch.inference_mode():
        expected = copied(model, CopyQuestion(studio.own.picture(), Treatment(drawn=True, seed=1)))
    back = follow(qtbot, studio, studio.history.undo.trigger)
    np.testing.assert_allclose(back.code, expected.code, atol=1e-5)
    assert studio.controls.seed.value() == 1
    qtbot.mouseMove(studio.code.view, centre(studio.code.view, 0))
    assert "\N{PLUS-MINUS SIGN}" in studio.code.reading.text()


def test_a_drawn_code_does_not_change_what_is_similar(qtbot, opened):
    studio, _ = opened(ConvVariationalRecipe, LAYERS)
    before = studio.similar.found
    follow(qtbot, studio, lambda: qtbot.mouseClick(studio.controls.again, LEFT))
    qtbot.waitUntil(lambda: studio.similar.found is not before, timeout=WAIT)
    np.testing.assert_array_equal(studio.similar.found.rows, before.rows)


def test_it_begins_anew_with_another_run(qtbot, opened):
    studio, _ = opened(ConditionalRecipe, {"hidden": ({"units": 16},)})
    follow(qtbot, studio, lambda: qtbot.mouseClick(studio.code.view, LEFT, pos=centre(studio.code.view, 1)))
    assert studio.controls.told.isVisible()
    _, model = opened(ConvAutoencoderRecipe, LAYERS, studio=studio)
    assert not studio.controls.told.isVisible()
    assert not studio.controls.again.isVisible()
    assert studio.treatment == Treatment()
    assert not studio.history.undo.isEnabled()
    np.testing.assert_allclose(studio.copied.code, encode(model, studio.own.picture()[None])[0], atol=1e-5)


def test_a_spoilt_picture_is_restored_beside_the_original(qtbot, opened):
    studio, _ = opened(DenoisingRecipe, LAYERS)
    assert studio.treatment.noise == "gaussian"  # what the model has been trained on
    assert studio.pictures.spoilt.isVisible()
    controls = studio.controls
    controls.noise.setFocus()
    after = follow(qtbot, studio, lambda: QTest.keyClick(controls.noise, Qt.Key.Key_Down))
    assert studio.treatment.noise == "salt-and-pepper"
    assert not np.array_equal(after.given, studio.own.picture())
    more = follow(qtbot, studio, lambda: QTest.keyClick(controls.amount, Qt.Key.Key_End))
    assert np.ptp(more.given) == 255
    other = follow(qtbot, studio, lambda: qtbot.mouseClick(controls.again, LEFT))
    assert not np.array_equal(other.given, more.given)


def test_a_conditional_model_is_told_a_class(qtbot, opened):
    studio, model = opened(ConditionalRecipe, {"hidden": ({"units": 16},)})
    told = studio.controls.told
    assert [told.itemText(row) for row in range(told.count())] == ["All alike", *CLASSES]
    told.setFocus()
    after = follow(qtbot, studio, lambda: QTest.keyClick(told, Qt.Key.Key_Down))
    with torch.inference_mode():
        expected = copied(model, CopyQuestion(studio.own.picture(), Treatment(told=0)))
    np.testing.assert_array_equal(after.copy, expected.copy)


def test_a_similar_picture_is_taken_over(qtbot, opened):
    studio, model = opened(ConvAutoencoderRecipe, LAYERS)
    found, index = studio.similar.found, studio.similar.index
    assert len(found.rows) == 10
    codes = encode(model, index.pictures)
    distances = np.linalg.norm(codes - encode(model, studio.own.picture()[None]), axis=1)
    np.testing.assert_allclose(found.distances, np.sort(distances)[1:11], atol=1e-4)  # without itself
    view = studio.similar.view
    after = follow(qtbot, studio, lambda: qtbot.mouseClick(view.viewport(), LEFT, pos=view.tile_rect(4).center()))
    np.testing.assert_array_equal(studio.own.picture(), index.pictures[found.rows[4]])
    np.testing.assert_allclose(after.code, codes[found.rows[4]], atol=1e-5)


def test_the_codes_of_others_are_kept_until_the_weights_change(qtbot, opened):
    studio, _ = opened(ConvAutoencoderRecipe, LAYERS)
    index, view = studio.similar.index, studio.code.view
    follow(qtbot, studio, lambda: qtbot.mouseClick(view, LEFT, pos=centre(view, 1)))
    assert studio.similar.index is index
    studio.model_changed()
    qtbot.waitUntil(lambda: studio.similar.index is not index, timeout=WAIT)
    assert studio.treatment.edits == ((1, 0.0),)


def test_contrast_shows_faint_copies_stronger():
    dark = np.zeros((4, 4, 1), np.uint8)
    assert with_contrast(dark + 100, dark, 1.5).max() == 150
    assert with_contrast(dark + 200, dark, 1.5).max() == 255
    light = dark + 255
    assert with_contrast(light - 100, light, 1.5).min() == 105


def test_without_a_model_it_says_what_will_appear(qtbot):
    studio = CopyStudio()
    qtbot.addWidget(studio)
    assert studio.pictures.empty.isVisibleTo(studio)
    for part in (studio.pictures.copy, studio.controls, studio.code, studio.similar):
        assert not part.isVisibleTo(studio)


def test_a_copy_is_saved_with_what_was_done_to_it(qtbot, opened, data, tmp_path) -> None:
    studio, _ = opened(ConvVariationalRecipe, LAYERS)
    qtbot.waitUntil(lambda: studio.save._folder() is not None, timeout=WAIT)
    follow(qtbot, studio, lambda: studio.controls.noise.setCurrentIndex(1))
    follow(qtbot, studio, lambda: studio.code.changed.emit(2, 1.5))
    with qtbot.waitSignal(studio.save.saved, timeout=WAIT):
        studio.save.save("strip", tmp_path / "strip.png")
    with Image.open(tmp_path / "strip.png") as picture:
        strip, told = np.asarray(picture)[::6, ::6], json.loads(picture.info[STUDIO_KEY])
    shown = studio._picture, studio.copied.given, studio.copied.copy
    assert np.array_equal(strip, np.concatenate([one[..., 0] for one in shown], axis=1))
    assert told["settings"]["noise"] == "gaussian" and told["settings"]["edits"] == [[2, 1.5]]
    assert np.allclose(told["code"], studio.copied.code, rtol=1e-4) and told["page"] == "copy"
