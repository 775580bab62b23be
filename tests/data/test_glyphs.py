"""The digits that gendesk draws itself."""

import numpy as np
import pytest

from gendesk.data.dataset import ImageDataset
from gendesk.data.glyph_shapes import SHAPES
from gendesk.data.glyph_strokes import SAMPLES, Way
from gendesk.data.glyphs import draw
from gendesk.data.library import DataLibrary


@pytest.fixture(scope="module")
def glyphs(tmp_path_factory: pytest.TempPathFactory) -> ImageDataset:
    return DataLibrary(tmp_path_factory.mktemp("glyphs")).open("glyphs")


def test_the_set_is_as_described(glyphs: ImageDataset) -> None:
    assert glyphs.info.title == "Glyphs (drawn digits)"
    assert glyphs.info.item_shape == (1, 28, 28)
    assert glyphs.info.classes == tuple("0123456789")
    assert np.bincount(glyphs.train.labels).tolist() == [1800] * 10
    assert np.bincount(glyphs.test.labels).tolist() == [200] * 10


def test_the_pixels_are_those_of_every_other_machine(glyphs: ImageDataset) -> None:
    # Change it together with VERSION, where the drawing is changed on purpose.
    assert glyphs.info.fingerprint == "3a8ac2086d55b924b52ba42a3732b9475017d7dadb60ee057b16463d23aadcc7"


def test_digits_are_white_on_black_and_inside_the_picture(glyphs: ImageDataset) -> None:
    images = np.asarray(glyphs.train.images[..., 0], dtype=np.float64)
    border = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], axis=1)
    assert (border.max(axis=1) > 128).mean() < 0.01
    assert images.max(axis=(1, 2)).min() > 150
    ink = images.mean(axis=(1, 2))
    assert 5 < ink.min() < ink.max() < 120


def test_no_two_digits_are_alike(glyphs: ImageDataset) -> None:
    assert len({image.tobytes() for image in glyphs.train.images}) == 18_000


def test_neighbours_mostly_agree_but_not_always(glyphs: ImageDataset) -> None:
    train, test = (split.images.reshape(len(split), -1).astype(np.float32) for split in (glyphs.train, glyphs.test))
    distances = (train**2).sum(axis=1) - 2 * test @ train.T
    right = glyphs.train.labels[distances.argmin(axis=1)] == glyphs.test.labels
    assert 0.9 < right.mean() < 0.98


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    labels = np.arange(50) % 10
    first, again, other = (draw(labels, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_every_digit_is_drawn_in_several_ways() -> None:
    assert len(SHAPES) == 10
    rng = np.random.default_rng(0)
    for ways in SHAPES:
        assert len(ways) >= 2
        for _, poses in ways:
            drawn = Way(poses).draw(rng, 3)
            assert drawn.shape == (3, SAMPLES, 2)
            assert np.abs(drawn).max() < 0.8
