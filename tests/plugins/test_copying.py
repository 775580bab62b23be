"""Questions about copies, asked of small models of the family: copies, noise, draws, edits, and pictures alike."""

from pathlib import Path

import numpy as np
import pytest
import torch
from gendesk.plugins.autoencoder.conditional import ConditionalRecipe
from gendesk.plugins.autoencoder.config import ConvLayer, DecoderLayer, strided
from gendesk.plugins.autoencoder.copying import (
    CLEAN,
    CodeIndex,
    CopyQuestion,
    NearestQuestion,
    Treatment,
    code_index,
    copied,
    describe,
    nearest,
)
from gendesk.plugins.autoencoder.denoising import DenoisingRecipe
from gendesk.plugins.autoencoder.recipes import ConvAutoencoderRecipe, ConvVariationalRecipe
from gendesk.plugins.autoencoder.sketch import SketchRecipe

from gendesk.data.dataset import ImageDataset, ImageInfo, ImageSplit
from gendesk.engine.inference import decode, encode
from gendesk.engine.latent.decoding import Points, decode_points
from gendesk.engine.recipe import Context, Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError

CLASSES = ("dark", "grey", "light")
LAYERS = {"encoder": strided(ConvLayer, 4, 6), "decoder": strided(DecoderLayer, 6, 1), "latent_size": 5}
MODELS = {
    "ae": (ConvAutoencoderRecipe, LAYERS),
    "vae": (ConvVariationalRecipe, LAYERS),
    "denoising-ae": (DenoisingRecipe, LAYERS),
    "sketch-ae": (SketchRecipe, {"stages": 2, "channels": 2, "code_channels": 3}),
    "cvae": (ConditionalRecipe, {"hidden": ({"units": 16},)}),
}


def run_data() -> RunData:
    """Return 60 pictures of 12x12 pixels whose classes differ in brightness."""
    rng = np.random.default_rng(5)
    labels = np.arange(60) % 3
    images = (rng.random((60, 12, 12, 1)) * 60 + labels[:, None, None, None] * 60).astype(np.uint8)
    sizes = {"train_count": 40, "test_count": 20, "height": 12, "width": 12, "channels": 1}
    info = ImageInfo(name="small", title="Small", fingerprint="1", classes=CLASSES, **sizes)
    data = ImageDataset(info, ImageSplit(images[:40], labels[:40]), ImageSplit(images[40:], labels[40:]))
    return RunData(Path(), data, lambda _target: None)


@pytest.fixture(scope="module")
def data():
    return run_data()


@pytest.fixture(scope="module")
def models(data):
    made = {}
    for name, (recipe, settings) in MODELS.items():
        torch.manual_seed(0)
        made[name] = recipe(recipe.Config(**settings), data.images, Context(torch.device("cpu"), 0)).model().eval()
    return made


@pytest.fixture(autouse=True)
def _without_gradients():
    with torch.inference_mode():
        yield


@pytest.mark.parametrize("name", MODELS)
def test_a_copy_is_what_the_model_decodes_from_its_code(models, data, name):
    model, picture = models[name], data.images.test.images[3]
    answer = copied(model, CopyQuestion(picture, Treatment()))
    code = encode(model, picture[None])
    np.testing.assert_allclose(answer.code, code[0], atol=1e-6)
    np.testing.assert_array_equal(answer.copy, decode(model, code)[0])
    np.testing.assert_array_equal(answer.given, picture)
    assert (answer.sigma is not None) == (name in ("vae", "cvae"))


@pytest.mark.parametrize("name", MODELS)
def test_facts_describe_the_code(models, data, name):
    facts = describe(models[name], data)
    assert facts.picture_shape == (12, 12, 1)
    assert facts.code_shape == {"sketch-ae": (3, 3, 3), "cvae": (2, 1, 1)}.get(name, (5, 1, 1))
    assert facts.variational == (name in ("vae", "cvae"))
    assert facts.classes == (CLASSES if name == "cvae" else ())
    assert facts.captions[0] == CLASSES[data.images.test.labels[0]]
    assert facts.noise == ("gaussian" if name == "denoising-ae" else CLEAN)
    assert np.abs(encode(models[name], facts.pictures)).max() <= facts.reach


def test_a_model_says_which_noise_it_undoes(data):
    recipe, settings = MODELS["denoising-ae"]
    config = recipe.Config(**settings, noise="hidden", amount=0.8)
    model = recipe(config, data.images, Context(torch.device("cpu"), 0)).model().eval()
    facts = describe(model, data)
    assert (facts.noise, facts.amount) == ("hidden", 0.8)


def test_edited_numbers_are_decoded_in_place_of_the_encoders(models, data):
    picture = data.images.test.images[0]
    answer = copied(models["ae"], CopyQuestion(picture, Treatment(edits=((1, 0.0), (4, 2.5)))))
    code = encode(models["ae"], picture[None])
    code[0, [1, 4]] = 0.0, 2.5
    np.testing.assert_allclose(answer.code, code[0], atol=1e-6)
    assert answer.mean[4] != 2.5
    np.testing.assert_array_equal(answer.copy, decode(models["ae"], answer.code[None])[0])


def test_draws_have_the_encoders_deviation_and_follow_the_seed(models, data):
    picture = data.images.test.images[0]
    draws = [copied(models["vae"], CopyQuestion(picture, Treatment(drawn=True, seed=seed))) for seed in range(120)]
    codes, first = np.stack([draw.code for draw in draws]), draws[0]
    np.testing.assert_allclose(codes.mean(0), first.mean, atol=4 * first.sigma.max() / 120**0.5)
    np.testing.assert_allclose(codes.std(0) / first.sigma, 1, atol=0.25)
    again = copied(models["vae"], CopyQuestion(picture, Treatment(drawn=True, seed=0)))
    np.testing.assert_array_equal(again.code, first.code)
    assert not np.array_equal(draws[1].code, first.code)


@pytest.mark.parametrize("noise", ["gaussian", "salt-and-pepper", "hidden"])
def test_noise_reaches_the_encoder_only(models, data, noise):
    picture = data.images.test.images[2]
    question = CopyQuestion(picture, Treatment(noise=noise, amount=0.6, seed=3))
    answer = copied(models["denoising-ae"], question)
    assert not np.array_equal(answer.given, picture)
    np.testing.assert_allclose(answer.mean, encode(models["denoising-ae"], answer.given[None])[0], atol=0.05)
    np.testing.assert_array_equal(copied(models["denoising-ae"], question).given, answer.given)


def test_a_conditional_model_is_told_the_class(models, data):
    picture, model = data.images.test.images[0], models["cvae"]
    answer = copied(model, CopyQuestion(picture, Treatment(told=2)))
    shares = np.array([0, 0, 1], np.float32)
    np.testing.assert_array_equal(answer.copy, decode_points(model, Points(answer.code[None], shares))[0])
    assert not np.array_equal(answer.mean, copied(model, CopyQuestion(picture, Treatment(told=0))).mean)


@pytest.mark.parametrize("name", ["ae", "cvae"])
def test_the_index_holds_held_out_and_training_pictures(models, data, name):
    index = code_index(models[name], data)
    assert len(index.codes) == 60
    assert index.held_out.sum() == 20
    row = 37
    told = int(index.labels[row]) if name == "cvae" else -1
    answer = copied(models[name], CopyQuestion(index.pictures[row], Treatment(told=told)))
    np.testing.assert_allclose(index.codes[row], answer.mean, atol=1e-5)


def test_the_nearest_leave_out_the_picture_itself():
    codes = np.array([[0, 0], [3, 4], [1, 0], [0, 2]], np.float32)
    pictures = np.arange(4, dtype=np.uint8)[:, None, None, None]
    index = CodeIndex(pictures, codes, np.zeros(4, np.int64), np.zeros(4, bool), CLASSES)
    found = nearest(Model(), NearestQuestion(index, codes[0], pictures[0], 3))
    assert found.rows.tolist() == [2, 3, 1]
    np.testing.assert_allclose(found.distances, [1, 2, 5])
    assert nearest(Model(), NearestQuestion(index, codes[0], pictures[3], 1)).rows.tolist() == [0]


def test_a_model_that_does_not_copy_says_so(data):
    with pytest.raises(InputError, match="does not copy"):
        describe(Model(), data)
