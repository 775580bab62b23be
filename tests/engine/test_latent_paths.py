"""Ways through a latent space: where they begin and end, how even they are, and how far from the origin they lead."""

import numpy as np
import pytest
from torch import Tensor, nn

from gendesk.engine.latent.paths import Way, cross_fade, linear, path, sampled_code, spherical
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

SHARES = np.linspace(0, 1, 11)


def codes(count: int, size: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, size)).astype(np.float32)


def norms(points: np.ndarray) -> np.ndarray:
    return np.linalg.norm(points.astype(np.float64), axis=1)


@pytest.mark.parametrize("way", Way)
def test_a_way_leads_through_its_stops_unchanged(way: Way) -> None:
    stops = codes(4, 7)
    found = path(stops, 10, way)
    assert found.shape == (31, 7) and found.dtype == np.float32
    np.testing.assert_array_equal(found[::10], stops)
    np.testing.assert_array_equal(path(stops[:1], 10, way), stops[:1])
    np.testing.assert_array_equal(path(stops, 1, way), stops)


def test_the_linear_way_has_the_shares_of_the_book() -> None:
    first, second = codes(2, 5)
    expected = [(1 - share) * first + share * second for share in np.arange(0, 1, 0.1)]
    np.testing.assert_allclose(path(np.stack([first, second]), 10, Way.LINEAR)[:10], expected, atol=1e-6)


def test_the_spherical_way_turns_evenly_and_its_norm_goes_evenly() -> None:
    first, second = codes(2, 20)
    way = spherical(first, second, SHARES)
    np.testing.assert_allclose(way[[0, -1]], [first, second], atol=1e-6)
    np.testing.assert_allclose(norms(way), np.linspace(*norms(np.stack([first, second])), 11), rtol=1e-6)
    units = way / norms(way)[:, None]
    angles = np.arccos((units[:-1] * units[1:]).sum(1))
    np.testing.assert_allclose(angles, angles[0], rtol=1e-5)


def test_in_many_dimensions_only_the_spherical_way_stays_where_normal_codes_lie() -> None:
    first, second = codes(2, 200)
    typical = np.sqrt(200)
    assert norms(linear(first, second, SHARES))[5] < 0.8 * typical
    assert np.abs(norms(spherical(first, second, SHARES)) / typical - 1).max() < 0.15


@pytest.mark.parametrize("shift", [0.0, 1e-9, 1e-5])
def test_equal_and_opposite_directions_have_a_way_too(shift: float) -> None:
    first = codes(1, 6)[0].astype(np.float64)
    bent = first + shift * np.eye(6)[1]
    same = spherical(first, 3 * bent, SHARES)
    np.testing.assert_allclose(same, (1 + 2 * SHARES)[:, None] * first, atol=1e-4)
    opposite = spherical(first, -bent, SHARES)
    np.testing.assert_allclose(norms(opposite), norms(first[None])[0], rtol=1e-4)
    np.testing.assert_allclose(opposite[-1], -bent, atol=1e-4)
    assert np.linalg.norm(np.diff(opposite, axis=0), axis=1).max() < 0.4 * np.linalg.norm(first)
    np.testing.assert_array_equal(opposite, spherical(first, -bent, SHARES))


def test_from_the_origin_and_in_one_dimension_the_way_is_straight() -> None:
    origin, code = np.zeros(4, np.float32), codes(1, 4)[0]
    np.testing.assert_allclose(spherical(origin, code, SHARES), SHARES[:, None] * code, atol=1e-7)
    np.testing.assert_array_equal(spherical(origin, origin, SHARES), np.zeros((11, 4)))
    line = spherical(np.array([1], np.float32), np.array([-1], np.float32), SHARES)
    np.testing.assert_allclose(line[:, 0], np.linspace(1, -1, 11), atol=1e-7)


def test_the_cross_fade_mixes_neighbours_and_shows_each_picture_once() -> None:
    pictures = np.array([0, 100, 50], np.uint8).reshape(3, 1, 1, 1).repeat(3, axis=3)
    values = [int(cross_fade(pictures, 4, index)[0, 0, 0]) for index in range(9)]
    assert values == [0, 25, 50, 75, 100, 88, 75, 62, 50]
    assert cross_fade(pictures, 4, 3).dtype == np.uint8


class _Decoder(Model):
    latent_size = 3

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter()

    def decode(self, codes: Tensor) -> Tensor:
        return codes[:, :, None, None]


def test_a_seed_draws_the_same_code_again() -> None:
    model = _Decoder()
    assert sampled_code(model, 4).shape == (3,)
    np.testing.assert_array_equal(sampled_code(model, 4), sampled_code(model, 4))
    assert not np.array_equal(sampled_code(model, 4), sampled_code(model, 5))
    with pytest.raises(InputError, match="cannot decode"):
        sampled_code(nn.Linear(1, 1), 4)
