"""The autoencoder of tins: its regressions, and what it shows and refuses."""

import numpy as np
import pytest
import torch
from gendesk.plugins.probability.tins.config import TinsConfig
from gendesk.plugins.probability.tins.models import at_code, at_factors
from gendesk.plugins.probability.tins.recipe import TinsRecipe
from gendesk.plugins.probability.tins.regression import CURVED, LINEAR, blank, fit, predict, r_squared, slopes

from gendesk.data.dataset import ImageDataset, ImageSplit
from gendesk.data.tins import draw
from gendesk.engine.preview import Preview, ScatterPreview, TablePreview
from gendesk.engine.recipe import Context
from gendesk.errors import InputError
from tests.support.probability import tins_data, trained_tins

tins = pytest.fixture(scope="module")(tins_data)
trained = pytest.fixture(scope="module")(trained_tins)


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
