"""Pixels by counting: palettes and the numbers of the book."""

from typing import Any

import numpy as np
import pytest
import torch
from gendesk.plugins.probability.pixels import operations
from gendesk.plugins.probability.pixels.colors import palette_of, to_indices
from gendesk.plugins.probability.pixels.config import PixelsConfig
from gendesk.plugins.probability.pixels.models import PixelModel
from gendesk.plugins.probability.pixels.recipe import PixelsRecipe

from gendesk.data.dataset import ImageDataset, ImageSplit
from gendesk.engine.preview import BarsPreview, HeatMapPreview, TablePreview
from gendesk.engine.recipe import Context
from gendesk.errors import InputError
from tests.support.probability import picture_data, portrait_data

WAIT = 60_000
SIDE = 32


portraits = pytest.fixture(scope="module")(portrait_data)


def counted(data: ImageDataset, pseudo_count: float = 0.0) -> PixelsRecipe:
    made = PixelsRecipe(PixelsConfig(pseudo_count=pseudo_count), data, Context(torch.device("cpu"), 1))
    made.step()
    return made


# Palettes


def test_few_colours_are_kept_as_they_are(portraits: ImageDataset) -> None:
    images = portraits.train.images
    palette = palette_of(images)
    assert len(palette) <= 256
    again = palette[to_indices(images, palette)].reshape(images.shape)
    assert np.array_equal(again, images)


def test_many_colours_become_256_that_are_close() -> None:
    smooth = np.linspace(0, 255, 12 * 12 * 3 * 20).reshape(20, 12, 12, 3)
    images = (smooth + np.random.default_rng(1).integers(-9, 9, smooth.shape)).clip(0, 255).astype(np.uint8)
    palette = palette_of(images)
    assert 128 < len(palette) <= 256
    again = palette[to_indices(images, palette)].reshape(images.shape)
    assert np.abs(again.astype(int) - images).mean() < 8


def test_grey_pictures_have_all_greys() -> None:
    images = np.random.default_rng(1).integers(0, 256, (5, 4, 4, 1), dtype=np.uint8)
    palette = palette_of(images)
    assert palette.shape == (256, 1)
    assert np.array_equal(to_indices(images, palette), images.reshape(5, 16))


# The model


def test_32_by_32_pixels_of_256_colours_have_261120_parameters() -> None:
    images = np.arange(256, dtype=np.uint8)[:, None, None, None] * np.ones((1, SIDE, SIDE, 3), np.uint8)
    recipe = counted(picture_data(images, held_out=0))
    assert int(recipe.model().colors) == 256
    assert recipe.model().free_parameters == 261_120
    (table,) = [one for one in recipe.previews() if isinstance(one, TablePreview)]
    assert ("Free parameters", "261,120") in table.rows


def test_shares_are_counts(portraits: ImageDataset) -> None:
    model = counted(portraits).model()
    images = portraits.train.images
    row, column = 27, 15
    found = operations.pixel_colors(model, row * SIDE + column)
    for color, share in zip(found.colors, found.shares, strict=True):
        assert share == pytest.approx((images[:, row, column] == color).all(1).mean())
    assert found.shares.sum() + found.rest == pytest.approx(1)
    assert (np.diff(found.shares) <= 0).all()


def test_real_and_drawn_pictures_are_equally_likely_but_real_ones_spread(portraits: ImageDataset) -> None:
    found = operations.draw(counted(portraits).model(), operations.Draw(4, 1))
    assert found.real.mean() == pytest.approx(found.drawn.mean(), abs=0.02)
    assert found.real.std() > 2 * found.drawn.std()
    assert found.by_features
    assert found.pixels.shape == found.others.shape == (4, SIDE, SIDE, 3)


def test_a_pixel_of_a_sample_is_always_one_that_was_there(portraits: ImageDataset) -> None:
    model = counted(portraits).model()
    drawn = operations.draw(model, operations.Draw(50, 2)).pixels
    images = portraits.train.images
    for row, column in ((3, 3), (20, 16), (29, 10)):
        known = {tuple(color) for color in images[:, row, column].tolist()}
        assert {tuple(color) for color in drawn[:, row, column].tolist()} <= known


def test_smoothing_makes_held_out_colours_possible(portraits: ImageDataset) -> None:
    bare, smoothed = (float(counted(portraits, a).validate()["log_likelihood"]) for a in (0.0, 0.01))
    assert np.log(1e-12) <= bare < smoothed


def test_correlation_is_that_of_the_brightness(portraits: ImageDataset) -> None:
    model = counted(portraits).model()
    brightness = (portraits.train.images @ np.array([0.299, 0.587, 0.114])).reshape(30, -1)
    pixel = 28 * SIDE + 12
    other = 28 * SIDE + 20
    found = operations.correlation(model, pixel)
    assert found.shape == (SIDE, SIDE)
    assert found.flat[pixel] == pytest.approx(1, abs=1e-4)
    assert found.flat[other] == pytest.approx(np.corrcoef(brightness[:, pixel], brightness[:, other])[0, 1], abs=1e-3)
    assert np.isfinite(found).all()
    assert found[0, 0] == 0  # the corner never changes


def test_without_features_training_pictures_stand_beside_the_samples(portraits: ImageDataset) -> None:
    bare = ImageSplit(portraits.train.images, portraits.train.labels)
    info = portraits.info.model_copy(update={"attributes": ()})
    model = counted(ImageDataset(info, bare, bare)).model()
    found = operations.draw(model, operations.Draw(4, 1))
    assert not found.by_features
    known = {picture.tobytes() for picture in portraits.train.images}
    assert {picture.tobytes() for picture in found.others} <= known


def test_large_pictures_are_refused_in_a_sentence(portraits: ImageDataset) -> None:
    info = portraits.info.model_copy(update={"height": 256, "width": 256})
    with pytest.raises(InputError, match="smaller image size"):
        PixelModel(PixelsConfig(), info)


def test_previews_show_what_is_uncertain(portraits: ImageDataset) -> None:
    found: dict[str, Any] = {preview.name: preview for preview in counted(portraits).previews()}
    entropy = found["entropy"]
    assert isinstance(entropy, HeatMapPreview)
    assert entropy.values[0, 0] == pytest.approx(0, abs=1e-6)
    assert entropy.values[28, 12] > 1
    assert isinstance(found["likelihood"], BarsPreview)
    assert found["likelihood"].charts[0].series == ("Training", "Held out", "Drawn")
    assert found["likelihood"].charts[0].values.sum(1) == pytest.approx(1, abs=1e-5)
