"""Outfits by counting: the numbers of the book on the real table."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from gendesk.plugins.probability.outfits import operations, shares
from gendesk.plugins.probability.outfits.config import OutfitsConfig
from gendesk.plugins.probability.outfits.models import OutfitTable
from gendesk.plugins.probability.outfits.recipe import MultinomialRecipe, NaiveBayesRecipe, OutfitsRecipe

from gendesk.data.dataset import ImageDataset
from gendesk.data.library import DataLibrary
from gendesk.engine.preview import BarsPreview, HeatMapPreview, ImagePreview, TablePreview
from gendesk.engine.recipe import Context
from gendesk.errors import InputError
from tests.support.training import small_pictures

WAIT = 60_000
PRINTED = {
    "accessory": "round",
    "clothing-color": "white",
    "clothing": "crew-neck",
    "hair-color": "red",
    "hair-style": "long straight",
}
FREE = (shares.FREE,) * 5


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> ImageDataset:
    return DataLibrary(tmp_path_factory.mktemp("outfits")).open("outfits")


def counted(recipe: type[OutfitsRecipe], data: ImageDataset, pseudo_count: float = 0.0) -> OutfitsRecipe:
    made = recipe(OutfitsConfig(pseudo_count=pseudo_count), data, Context(torch.device("cpu"), 1))
    made.step()
    return made


def row_of(model: OutfitTable, **changes: str) -> tuple[int, ...]:
    """Return the printed outfit, with other values for some features ("_" for "-" in their names)."""
    words = {**PRINTED, **{name.replace("_", "-"): word for name, word in changes.items()}}
    return tuple(one.values.index(words[one.name]) for one in model.attributes)


def probability(model: OutfitTable, row: tuple[int, ...], pseudo_count: float) -> float:
    return float(model.probabilities(pseudo_count)[model.cells_of(np.asarray([row]))[0]])


# The numbers of the book


def test_the_multinomial_knows_what_the_book_says(data: ImageDataset) -> None:
    model = counted(MultinomialRecipe, data).model()
    seen, unseen = row_of(model), row_of(model, clothing_color="blue01")
    assert len(model.counts) == 4032
    assert model.free_parameters == 4031
    assert probability(model, seen, 0.0) == pytest.approx(0.04)
    assert probability(model, unseen, 0.0) == 0
    assert probability(model, seen, 1.0) == pytest.approx(3 / 4082)
    assert probability(model, unseen, 1.0) == pytest.approx(1 / 4082)


def test_naive_bayes_knows_what_the_book_says(data: ImageDataset) -> None:
    model = counted(NaiveBayesRecipe, data).model()
    assert model.free_parameters == 23
    assert probability(model, row_of(model), 0.0) == pytest.approx(0.0054, abs=0.00005)
    assert probability(model, row_of(model, clothing_color="blue01"), 0.0) == pytest.approx(0.000984, abs=5e-7)
    assert int((model.probabilities(0.0) > 0).sum()) == 3024
    assert int((model.probabilities(0.1) > 0).sum()) == 4032


def test_the_shares_are_those_of_the_printed_table(data: ImageDataset) -> None:
    model = counted(NaiveBayesRecipe, data).model()
    found = dict(zip(PRINTED, shares.marginal_counts(model.counts, model.sizes), strict=True))
    assert found["accessory"].tolist() == [11, 22, 17]
    assert found["clothing-color"].tolist() == [0, 4, 10, 5, 2, 4, 3, 22]
    assert found["clothing"].tolist() == [7, 18, 19, 6]
    assert found["hair-color"].tolist() == [7, 6, 2, 3, 8, 24]
    assert found["hair-style"].tolist() == [7, 0, 1, 23, 1, 11, 7]


def test_a_pseudo_count_of_1_gives_nearly_all_to_what_nobody_wears(data: ImageDataset) -> None:
    model = counted(MultinomialRecipe, data).model()
    row = row_of(model)
    found = operations.weigh(model, operations.Question(row, 1.0, "multinomial", FREE))
    assert found.unseen[0] == 0
    assert found.unseen[1] == pytest.approx(0.976, abs=0.0005)
    assert found.occurs == 2
    assert found.probabilities[0] == pytest.approx(0.04)


def test_log_likelihoods_are_finite_also_for_what_cannot_be(data: ImageDataset) -> None:
    recipe = counted(MultinomialRecipe, data)
    held_out = float(recipe.validate()["log_likelihood"])
    assert np.log(shares.LEAST) <= held_out < float(recipe.step()["log_likelihood"])
    assert held_out < float(counted(NaiveBayesRecipe, data).validate()["log_likelihood"])


def test_counting_copies_the_table_and_naive_bayes_does_not(data: ImageDataset) -> None:
    assert float(counted(MultinomialRecipe, data).step()["copies"]) == 1
    assert float(counted(NaiveBayesRecipe, data).step()["copies"]) < 0.2


# Given some features


def test_pins_condition_the_multinomial_and_leave_naive_bayes_as_it_is(data: ImageDataset) -> None:
    model = counted(MultinomialRecipe, data).model()
    pins = (*FREE[:4], row_of(model)[4])
    free = operations.weigh(model, operations.Question(row_of(model), 0.0, "multinomial", FREE))
    joint = operations.weigh(model, operations.Question(row_of(model), 0.0, "multinomial", pins))
    bayes = operations.weigh(model, operations.Question(row_of(model), 0.0, "naive-bayes", pins))
    rows = model.rows_of(data.train.attributes)
    with_hair = rows[rows[:, 4] == pins[4]]
    expected = np.bincount(with_hair[:, 3], minlength=6) / len(with_hair)
    assert joint.bars[3] == pytest.approx(expected, abs=1e-6)
    assert bayes.bars[3] == pytest.approx(free.bars[3], abs=1e-6)
    assert joint.bars[4][pins[4]] == pytest.approx(1)
    sheet = operations.draw(model, operations.Draw(30, 3, 0.0, "multinomial", pins))
    assert set(sheet.rows[:, 4]) == {pins[4]}
    assert (sheet.firsts > 0).all()
    for row, first in zip(sheet.rows, sheet.firsts, strict=True):
        assert rows[first - 1].tolist() == row.tolist()


def test_impossible_pins_are_refused_in_a_sentence(data: ImageDataset) -> None:
    model = counted(NaiveBayesRecipe, data).model()
    pins = (shares.FREE, row_of(model, clothing_color="black")[1], *FREE[2:])
    with pytest.raises(InputError, match="never seen"):
        operations.draw(model, operations.Draw(10, 1, 0.0, "naive-bayes", pins))
    assert operations.weigh(model, operations.Question(row_of(model), 0.0, "naive-bayes", pins)).problem
    assert len(operations.draw(model, operations.Draw(10, 1, 0.5, "naive-bayes", pins)).images) == 10


def test_the_same_seed_draws_the_same(data: ImageDataset) -> None:
    model = counted(NaiveBayesRecipe, data).model()
    order = operations.Draw(10, 7, 0.0, "naive-bayes", FREE)
    one, same = operations.draw(model, order), operations.draw(model, order)
    other = operations.draw(model, replace(order, seed=8))
    assert np.array_equal(one.images, same.images)
    assert not np.array_equal(one.rows, other.rows)


def test_mutual_information_finds_a_copied_column_and_nothing_in_independent_ones() -> None:
    random = np.random.default_rng(1)
    columns = random.integers(0, 2, (20_000, 2))
    rows = np.column_stack([columns, columns[:, 0]])
    measured = shares.mutual_information(rows, (2, 2, 2))
    assert measured[0, 2] == pytest.approx(1, abs=0.001)
    assert measured[0, 1] < 0.001
    assert shares.shuffled_information(rows, (2, 2, 2), seed=1)[0, 2] < 0.001


def test_data_without_attributes_are_refused_in_a_sentence(tmp_path) -> None:
    pictures = DataLibrary(tmp_path / "cache").open(str(small_pictures(tmp_path)))
    with pytest.raises(InputError, match="choose Outfits"):
        counted(NaiveBayesRecipe, pictures)


def test_previews_show_charts_portraits_and_a_comparison(data: ImageDataset) -> None:
    found: dict[str, Any] = {preview.name: preview for preview in counted(MultinomialRecipe, data).previews()}
    assert isinstance(found["samples"], ImagePreview)
    assert all(caption.startswith("copy of #") for caption in found["samples"].captions)
    assert len(found["table"].images) == 50
    assert isinstance(found["marginals"], BarsPreview)
    assert len(found["marginals"].charts) == 5
    assert isinstance(found["information"], HeatMapPreview)
    assert isinstance(found["comparison"], TablePreview)
    rows = {row[0]: row[1:] for row in found["comparison"].rows}
    assert rows["Free parameters"] == ("4,031", "4,031", "23")
    assert rows["Outfits that can be drawn"] == (f"{len(np.unique(data.train.attributes, axis=0))}", "4,032", "3,024")
    assert rows["Share that is not in the table"][:2] == ("0.0%", "97.6%")
