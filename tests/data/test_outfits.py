"""The table of fifty outfits: what the book prints of it holds exactly."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from gendesk.data.dataset import ImageDataset
from gendesk.data.library import DataLibrary
from gendesk.data.outfits import further_values, outfit_portraits, outfit_rows, outfit_values
from gendesk.data.portrait_attributes import OUTFIT_ATTRIBUTES

ACCESSORY = {"none": 11, "round": 22, "sunglasses": 17}
CLOTHING_COLOR = {
    "blue01": 4,
    "grey01": 10,
    "pastel green": 5,
    "pastel orange": 2,
    "pink": 4,
    "red": 3,
    "white": 22,
}
CLOTHING = {"hoodie": 7, "overall": 18, "crew-neck": 19, "V-neck": 6}
HAIR_COLOR = {"black": 7, "blond": 6, "brown": 2, "pastel pink": 3, "red": 8, "silver-grey": 24}
HAIR_STYLE = {
    "none": 7,
    "long wavy": 1,
    "long straight": 23,
    "short wavy": 1,
    "short straight": 11,
    "short curly": 7,
}


@pytest.mark.parametrize(
    ("feature", "counts"), list(enumerate([ACCESSORY, CLOTHING_COLOR, CLOTHING, HAIR_COLOR, HAIR_STYLE]))
)
def test_every_value_occurs_as_often_as_printed(feature: int, counts: dict[str, int]) -> None:
    assert Counter(row[feature] for row in outfit_rows()) == counts


def test_the_printed_rows_come_first() -> None:
    rows = outfit_rows()
    assert len(rows) == 50
    assert [" ".join(row) for row in rows[:10]] == [
        "round white crew-neck red short straight",
        "round white overall silver-grey short curly",
        "sunglasses white crew-neck blond short straight",
        "round white crew-neck red long straight",
        "round white overall silver-grey none",
        "none white overall black long straight",
        "sunglasses white overall silver-grey long straight",
        "round white crew-neck silver-grey short straight",
        "round pink hoodie silver-grey long straight",
        "round pastel orange crew-neck blond long straight",
    ]


def test_one_outfit_occurs_twice_and_the_same_in_blue_never() -> None:
    rows = outfit_rows()
    assert rows.count(("round", "white", "crew-neck", "red", "long straight")) == 2
    assert rows.count(("round", "blue01", "crew-neck", "red", "long straight")) == 0
    assert 46 <= len(set(rows)) <= 49


def test_values_and_portraits_are_those_of_the_rows() -> None:
    names = [attribute.values for attribute in OUTFIT_ATTRIBUTES]
    rows = outfit_rows()
    for row, numbers, portrait in zip(rows, outfit_values().astype(int), outfit_portraits(), strict=True):
        assert tuple(values[number] for values, number in zip(names, numbers, strict=True)) == row
        assert (portrait.accessory, portrait.clothing_color, portrait.clothing) == row[:3]
        assert (portrait.hair_color, portrait.hair_style) == row[3:]


def test_further_outfits_follow_the_printed_shares() -> None:
    values = further_values(20_000)
    for feature, counts in enumerate([ACCESSORY, CLOTHING_COLOR, CLOTHING, HAIR_COLOR, HAIR_STYLE]):
        names = OUTFIT_ATTRIBUTES[feature].values
        shares = np.bincount(values[:, feature].astype(int), minlength=len(names)) / len(values)
        assert np.abs(shares - [counts.get(name, 0) / 50 for name in names]).max() < 0.015


def test_the_data_set_trains_on_the_fifty(tmp_path: Path) -> None:
    data = DataLibrary(tmp_path).open("outfits")
    assert isinstance(data, ImageDataset)
    assert data.info.item_shape == (3, 64, 64)
    assert (data.info.train_count, data.info.test_count, data.info.classes) == (50, 200, ())
    assert data.info.attributes == OUTFIT_ATTRIBUTES
    assert data.train.attributes is not None
    assert sorted(data.train.attributes.tolist()) == sorted(outfit_values().tolist())
    assert data.test.attributes is not None
    assert sorted(data.test.attributes.tolist()) == sorted(further_values().tolist())
    # Change it together with VERSION, where the drawing is changed on purpose.
    assert data.info.fingerprint == "9ba2adb8e29f847b961dad7c383d321688d2651989c4f5040e93d385449de93c"
