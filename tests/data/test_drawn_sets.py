"""The map of land, the ten shapes and the tins: what is in them, and that they stay what they are."""

from pathlib import Path

import numpy as np
import pytest

from gendesk.data import land, shapes10, tins
from gendesk.data.catalogue import find_entry
from gendesk.data.dataset import ImageDataset, PointDataset
from gendesk.data.library import DataLibrary

PLACES = {
    "Paris": (2.3, 48.8),
    "Cairo": (31, 29.5),
    "Nairobi": (36.8, -1.3),
    "Delhi": (77.2, 28.6),
    "Beijing": (116.4, 39.9),
    "Tokyo": (139.4, 36),
    "London": (-0.5, 51.6),
    "Denver": (-105, 39.7),
    "Brasilia": (-48, -15.8),
    "Alice Springs": (133.9, -23.7),
    "Nuuk's inland ice": (-45, 70),
    "South Pole": (0, -89),
    "Antananarivo": (47.5, -18.9),
    "Borneo": (114, 0.5),
    "New Guinea": (143, -6),
    "Wanaka": (169.3, -44.5),
}
SEAS = {
    "Atlantic": (-35, 20),
    "Pacific": (-150, 0),
    "Indian Ocean": (75, -25),
    "Mediterranean": (18, 34.5),
    "North Pole": (0, 89),
    "Hudson Bay": (-86, 59),
    "Caspian Sea": (51, 39),
}


def on_land(east: float, north: float) -> bool:
    mask = land.land_mask()
    row = int((90 - north) / land.HEIGHT * mask.shape[0])
    column = int((east + 180) / land.WIDTH * mask.shape[1])
    return bool(mask[row, column])


@pytest.mark.parametrize("place", PLACES)
def test_cities_lie_on_land(place: str) -> None:
    assert on_land(*PLACES[place])


@pytest.mark.parametrize("sea", SEAS)
def test_seas_are_water(sea: str) -> None:
    assert not on_land(*SEAS[sea])


def test_land_covers_three_tenths_of_the_globe() -> None:
    mask = land.land_mask()
    assert not mask.flags.writeable
    weights = np.cos(np.deg2rad(np.linspace(89.75, -89.75, len(mask))))
    assert np.average(mask.mean(axis=1), weights=weights) == pytest.approx(0.292, abs=0.01)  # of the real Earth


def test_points_on_land_lie_on_land(tmp_path: Path) -> None:
    data = DataLibrary(tmp_path).open("land")
    assert isinstance(data, PointDataset)
    assert all(on_land(x - 180, y - 90) for x, y in data.train[:300].tolist())
    assert find_entry("land") is not None


def test_a_tin_grows_where_it_should() -> None:
    low, tall = tins.draw(6, 14), tins.draw(15, 14)
    assert (low.shape, low.dtype) == ((28, 28), np.uint8)
    np.testing.assert_array_equal(low[22:], tall[22:])  # both stand on the same line
    assert (tall[:14] < 128).any()
    assert not (low[:14] < 128).any()
    narrow, wide = (np.flatnonzero((tins.draw(10, width) < 128).any(axis=0)) for width in (8, 20))
    assert np.ptp(wide) - np.ptp(narrow) == pytest.approx(12, abs=1)


@pytest.mark.parametrize("height", tins.HEIGHTS)
@pytest.mark.parametrize("width", tins.WIDTHS)
def test_the_largest_tin_fits_and_the_smallest_is_seen(height: float, width: float) -> None:
    picture = tins.draw(height, width)
    assert min(picture[0].min(), picture[-1].min(), picture[:, 0].min(), picture[:, -1].min()) == 255
    assert picture.min() < 80


def test_tins_know_their_height_and_width(tmp_path: Path) -> None:
    data = DataLibrary(tmp_path).open("tins")
    assert isinstance(data, ImageDataset)
    entry = find_entry("tins")
    assert entry is not None
    assert data.info.attributes == entry.attributes == tins.ATTRIBUTES
    assert (data.info.train_count, data.info.test_count, data.info.item_shape) == (2_000, 400, (1, 28, 28))
    assert data.test.attributes is not None
    for picture, (height, width) in zip(data.test.images[:20], data.test.attributes[:20].tolist(), strict=True):
        np.testing.assert_array_equal(picture[..., 0], tins.draw(height, width))


def test_shapes_are_balanced_and_described_as_they_are() -> None:
    source = shapes10.DrawnShapes()
    entry = find_entry("shapes10")
    assert entry is not None
    assert entry.classes == source.classes == shapes10.CLASSES
    assert len(shapes10.CLASSES) == 10
    for part, count in ((~source.held_out, 1_000), (source.held_out, 200)):
        assert np.bincount(source.labels[part]).tolist() == [count] * 10


def test_the_same_shape_is_drawn_whenever_it_is_read() -> None:
    one, other = shapes10.DrawnShapes(), shapes10.DrawnShapes()
    last = np.asarray(one.read(11_999))
    assert last.shape == (32, 32, 3)
    one.read(5)
    np.testing.assert_array_equal(last, np.asarray(other.read(11_999)))
    assert not np.array_equal(last, np.asarray(one.read(9)))  # of the same class


def test_no_shape_is_told_by_its_mean_colour() -> None:
    """A rule that knows every class's mean picture is little better than chance, or colours would give shapes away."""
    source = shapes10.DrawnShapes()
    colors = np.stack([np.asarray(source.read(index)).mean(axis=(0, 1)) for index in range(1_000)])
    labels = source.labels[:1_000]
    middles = np.stack([colors[:500][labels[:500] == one].mean(axis=0) for one in range(10)])
    guessed = np.linalg.norm(colors[500:, None] - middles, axis=2).argmin(axis=1)
    assert (guessed == labels[500:]).mean() < 0.25
