"""Small data and trained models of the probability family, for its tests with and without windows."""

import numpy as np
import pytest
import torch
from gendesk.plugins.probability.density.config import DensityConfig
from gendesk.plugins.probability.density.recipe import DensityMapRecipe
from gendesk.plugins.probability.tins.config import TinsConfig
from gendesk.plugins.probability.tins.recipe import TinsRecipe

from gendesk.data.dataset import ImageDataset, ImageInfo, ImageSplit, PointDataset, PointInfo
from gendesk.data.library import DataLibrary
from gendesk.data.portraits import OUTFIT_ATTRIBUTES, draw, from_values
from gendesk.engine.preview import Preview
from gendesk.engine.recipe import Context

SIDE = 32
_TIN_STEPS = 600


def two_islands(count: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    middles = np.array([[80.0, 60.0], [260.0, 110.0]])[rng.integers(2, size=count)]
    return (middles + rng.uniform(-30, 30, (count, 2))).astype(np.float32)


def island_data() -> PointDataset:
    train, test = two_islands(300, 1), two_islands(200, 2)
    region = np.zeros((90, 180), dtype=bool)
    region[45:75, 25:55] = region[20:50, 115:145] = True
    info = PointInfo(
        name="islands", title="Islands", fingerprint="f", train_count=300, test_count=200, width=360.0, height=180.0
    )
    return PointDataset(info, train, test, region)


def trained_map(data: PointDataset, steps: int, **settings: object) -> DensityMapRecipe:
    recipe = DensityMapRecipe(DensityConfig(**settings), data, Context(torch.device("cpu"), 1))
    for _ in range(steps):
        recipe.step()
    return recipe


def tins_data(tmp_path_factory: pytest.TempPathFactory) -> ImageDataset:
    data = DataLibrary(tmp_path_factory.mktemp("data")).open("tins")
    assert isinstance(data, ImageDataset)
    return data


def trained_tins(tins: ImageDataset) -> tuple[TinsRecipe, tuple[Preview, ...]]:
    torch.manual_seed(1)  # for the weights, as the engine does
    config = TinsConfig(learning_rate=0.002, batch_size=100)
    recipe = TinsRecipe(config, tins, Context(torch.device("cpu"), 1))
    for _ in range(_TIN_STEPS):
        recipe.step()
    return recipe, tuple(recipe.previews())


def portrait_data() -> ImageDataset:
    """Forty portraits, 32x32, without more than 256 colours, ten of them held out."""
    random = np.random.default_rng(3)
    rows = np.stack([random.integers(0, len(one.values), 40) for one in OUTFIT_ATTRIBUTES], axis=1)
    drawn = np.stack([draw(from_values(OUTFIT_ATTRIBUTES, row), SIDE) for row in rows.tolist()])
    return picture_data((drawn // 64 * 64).astype(np.uint8), rows.astype(np.float32))


def picture_data(images: np.ndarray, rows: np.ndarray | None = None, held_out: int = 10) -> ImageDataset:
    count, height, width, channels = images.shape
    info = ImageInfo(
        name="small",
        title="Small",
        fingerprint="",
        train_count=count - held_out,
        test_count=held_out,
        height=height,
        width=width,
        channels=channels,
        attributes=OUTFIT_ATTRIBUTES if rows is not None else (),
    )
    labels = np.full(count, -1, np.int64)
    splits = [
        ImageSplit(images[part], labels[part], None if rows is None else rows[part])
        for part in (slice(count - held_out), slice(count - held_out, count))
    ]
    return ImageDataset(info, *splits)
