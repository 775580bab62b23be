"""What V makes of frames: which numbers of the code are in use, and that a code is drawn anew where a mean is not."""

from pathlib import Path

import numpy as np
import pytest
from gendesk.plugins.worldmodel.foreseeing import Recorded, recorded
from gendesk.plugins.worldmodel.models import WorldModel
from gendesk.plugins.worldmodel.seeing import Glance, Use, between, imagined, look, plane, use

from gendesk.errors import InputError
from tests.support.world_runs import LATENT, run_data, run_folder, seeing


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_folder(tmp_path_factory.mktemp("run"), (4, 5), steps=9)


@pytest.fixture(scope="module")
def race(folder: Path) -> Recorded:
    return recorded(seeing(), run_data(folder), 4)


def test_numbers_with_little_variance_are_in_use(folder: Path) -> None:
    found = use(seeing(), run_data(folder))
    assert set(found.order[: LATENT // 2]) == set(range(LATENT // 2))  # those of which the variance is small
    assert set(found.active) >= set(range(LATENT // 2))
    assert (found.spread >= 0).all()
    few = Use(np.array([0.05, 0.3, 0.1, 2.0], np.float32), np.zeros(4, np.float32))
    assert few.active == [3, 1]
    assert few.order == [3, 1, 2, 0]


def test_a_code_is_drawn_anew_and_the_mean_stays(race: Recorded) -> None:
    model = seeing()
    first, again, other = (look(model, Glance(race, 2, seed)) for seed in (1, 1, 2))
    assert np.array_equal(first.code, again.code)
    assert not np.array_equal(first.code, other.code)
    assert np.array_equal(first.of_mean, other.of_mean)
    codes = np.stack([look(model, Glance(race, 2, seed)).code for seed in range(400)])
    assert np.allclose(codes.mean(0), race.mu[2], atol=0.2)
    assert np.allclose(codes.std(0), np.exp(race.log_var[2] / 2), rtol=0.15)


def test_a_plane_goes_to_the_right_and_upwards() -> None:
    base = np.full(4, 7, np.float32)
    codes = plane(base, 2, 0, 2.0)
    assert codes.shape == (25, 4)
    assert codes[0].tolist() == [2, 7, -2, 7]
    assert codes[4].tolist() == [2, 7, 2, 7]
    assert codes[12].tolist() == [0, 7, 0, 7]
    assert codes[20].tolist() == [-2, 7, -2, 7]


def test_between_two_codes_and_from_none() -> None:
    line = between(np.zeros(3, np.float32), np.ones(3, np.float32), 5)
    assert line[:, 0].tolist() == [0, 0.25, 0.5, 0.75, 1]
    drawn = imagined(6, 2000, 3)
    assert np.array_equal(drawn, imagined(6, 2000, 3))
    assert abs(drawn.std() - 1) < 0.02


def test_without_v_it_says_so(folder: Path, race: Recorded) -> None:
    for asked in (lambda: use(WorldModel(), run_data(folder)), lambda: look(WorldModel(), Glance(race, 0, 1))):
        with pytest.raises(InputError, match="stage 2"):
            asked()
