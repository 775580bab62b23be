"""The evolution finds what is best, and goes on after a resume as if nothing had happened."""

import json
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from gendesk.plugins.worldmodel.evolution import Evolution, population_plane
from numpy.typing import NDArray

from gendesk.errors import InputError, StoredDataError

Values = NDArray[np.float64]


def hill(candidates: Values) -> Values:
    """A sphere upside down, whose top is at 1, 2, 3 ..."""
    return 7.0 - ((candidates - 1 - np.arange(candidates.shape[1])) ** 2).sum(1)


def banana(candidates: Values) -> Values:
    before, after = candidates[:, :-1], candidates[:, 1:]
    return -(100 * (after - before**2) ** 2 + (1 - before) ** 2).sum(1)


def evolve(evolution: Evolution, score: Callable[[Values], Values], generations: int) -> Values:
    """Return all that was asked (generations, population, parameters)."""
    asked = []
    for _ in range(generations):
        asked.append(evolution.ask())
        evolution.tell(score(asked[-1]))
    return np.array(asked)


def saved(evolution: Evolution) -> dict[str, Any]:
    """Return the state as a file would give it back."""
    state = evolution.state()
    return {"numbers": json.loads(json.dumps(state["numbers"])), "arrays": {**state["arrays"]}}


def test_the_first_generation_is_drawn_around_the_mean_as_wide_as_sigma() -> None:
    evolution = Evolution(3, 4_000, 0.5, 1, [1.0, 2.0, 3.0])
    candidates = evolution.ask()
    assert candidates.shape == (4_000, 3) and candidates.dtype == np.float64
    np.testing.assert_allclose(candidates.mean(0), [1, 2, 3], atol=0.05)
    np.testing.assert_allclose(np.cov(candidates.T), 0.25 * np.eye(3), atol=0.02)
    np.testing.assert_allclose(evolution.covariance, 0.25 * np.eye(3), rtol=1e-3)
    np.testing.assert_array_equal(Evolution(3, 8, 0.5, 1).mean, [0, 0, 0])


@pytest.mark.parametrize("diagonal", [False, True])
def test_it_climbs_to_the_highest_score(diagonal: bool) -> None:
    evolution = Evolution(6, 12, 0.5, 2, diagonal=diagonal)
    evolve(evolution, hill, 150)
    np.testing.assert_allclose(evolution.mean, [1, 2, 3, 4, 5, 6], atol=1e-4)
    assert evolution.generation == 150
    assert evolution.sigma < 1e-3


def test_it_follows_a_bent_valley_to_its_end() -> None:
    evolution = Evolution(4, 16, 0.3, 3, np.full(4, -0.5))
    evolve(evolution, banana, 400)
    np.testing.assert_allclose(evolution.mean, np.ones(4), atol=1e-6)


def test_the_average_of_the_means_counts_later_generations_more() -> None:
    evolution = Evolution(4, 8, 0.5, 5)
    means = []
    for _ in range(12):
        evolve(evolution, hill, 1)
        means.append(evolution.mean)
    generations = np.arange(1, 13)
    weights = generations * (generations + 1) * (generations + 2)
    np.testing.assert_allclose(evolution.average, np.average(means, axis=0, weights=weights))


def test_where_scores_are_luck_the_average_is_nearer_to_the_best_than_the_mean() -> None:
    random = np.random.default_rng(6)
    lost = []
    for seed in range(4):
        evolution = Evolution(100, 16, 0.1, seed, np.ones(100))
        evolve(evolution, lambda candidates: -(candidates**2).sum(1) + random.normal(0, 1, len(candidates)), 200)
        lost.append([(evolution.mean**2).sum(), (evolution.average**2).sum()])
    by_mean, by_average = np.mean(lost, axis=0)
    assert by_average < 0.75 * by_mean


def test_what_is_asked_again_is_the_same_and_cannot_be_spoilt() -> None:
    evolution = Evolution(5, 8, 0.5, 4)
    candidates = evolution.ask()
    expected = candidates.copy()
    candidates[:] = np.nan
    np.testing.assert_array_equal(evolution.ask(), expected)
    evolution.tell(hill(expected))
    assert not np.array_equal(evolution.ask(), expected)
    np.testing.assert_array_equal(Evolution(5, 8, 0.5, 4).ask(), expected)
    assert not np.array_equal(Evolution(5, 8, 0.5, 5).ask(), expected)


@pytest.mark.parametrize("diagonal", [False, True])
@pytest.mark.parametrize("generations", [0, 1, 2, 7, 40])
@pytest.mark.parametrize("between", [False, True], ids=["after tell", "between ask and tell"])
def test_a_resumed_one_goes_on_bit_for_bit(diagonal: bool, generations: int, between: bool) -> None:
    first = Evolution(20, 14, 0.5, 5, diagonal=diagonal)
    evolve(first, banana, generations)
    if between:
        first.ask()
    state = saved(first)
    expected = evolve(first, banana, 60)
    second = Evolution.from_state(state)
    np.testing.assert_array_equal(evolve(second, banana, 30), expected[:30])
    third = Evolution.from_state(saved(second))
    np.testing.assert_array_equal(evolve(third, banana, 30), expected[30:])
    assert (third.sigma, third.generation) == (first.sigma, first.generation)
    np.testing.assert_array_equal(third.mean, first.mean)
    np.testing.assert_array_equal(third.covariance, first.covariance)


def test_scores_may_be_told_right_after_a_resume() -> None:
    first = Evolution(10, 8, 0.5, 6)
    evolve(first, hill, 3)
    scores = hill(first.ask())
    second = Evolution.from_state(saved(first))
    first.tell(scores)
    second.tell(scores)
    np.testing.assert_array_equal(second.ask(), first.ask())


def test_a_whole_controller_is_saved_in_few_megabytes() -> None:
    first = Evolution(867, 16, 0.5, 7)
    evolve(first, banana, 5)
    state = saved(first)
    assert sum(array.nbytes for array in state["arrays"].values()) < 10e6
    second = Evolution.from_state(state)
    np.testing.assert_array_equal(evolve(second, banana, 15), evolve(first, banana, 15))


def test_long_after_the_optimum_it_is_still_sound() -> None:
    evolution = Evolution(2, 8, 0.5, 8)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asked = evolve(evolution, lambda x: -(x[:, 0] ** 2) - 1e10 * x[:, 1] ** 2, 1_500)
        evolve(evolution, lambda x: np.zeros(len(x)), 200)
    assert np.isfinite(asked).all()
    resumed = Evolution.from_state(saved(evolution))
    np.testing.assert_array_equal(evolve(resumed, hill, 20), evolve(evolution, hill, 20))


def test_it_leaves_the_global_random_numbers_the_screen_and_the_disk_alone(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    filters = list(warnings.filters)
    np.random.seed(3)  # noqa: NPY002
    expected = np.random.random(3)  # noqa: NPY002
    np.random.seed(3)  # noqa: NPY002
    first = evolve(Evolution(5, 8, 0.5, 9), hill, 10)
    np.testing.assert_array_equal(np.random.random(3), expected)  # noqa: NPY002
    np.testing.assert_array_equal(evolve(Evolution(5, 8, 0.5, 9), hill, 10), first)
    assert list(warnings.filters) == filters
    assert capfd.readouterr() == ("", "") and not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1, 8, 0.5, 1), "1 parameters"),
        ((5, 3, 0.5, 1), "population of 3"),
        ((5, 8, 0.0, 1), "standard deviation 0"),
        ((5, 8, float("nan"), 1), "standard deviation nan"),
        ((5, 8, 0.5, 1, np.zeros(4)), "4 numbers instead of 5"),
        ((3, 8, 0.5, 1, [0, np.inf, 0]), "no finite number"),
    ],
)
def test_what_cannot_evolve_is_told_in_a_sentence(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Evolution(*arguments)


def test_wrong_scores_are_told_in_a_sentence_and_change_nothing() -> None:
    evolution = Evolution(5, 8, 0.5, 1)
    candidates = evolution.ask()
    with pytest.raises(InputError, match="8 candidates need as many scores, but 7 were given"):
        evolution.tell(np.zeros(7))
    with pytest.raises(InputError, match="score of candidate 3 is nan"):
        evolution.tell([0, 0, np.nan, 0, 0, 0, 0, 0])
    with pytest.raises(InputError, match="score of candidate 8 is -inf"):
        evolution.tell([0, 0, 0, 0, 0, 0, 0, -np.inf])
    np.testing.assert_array_equal(evolution.ask(), candidates)
    assert evolution.generation == 0


def test_one_that_was_saved_before_there_was_an_average_begins_it_with_its_mean() -> None:
    evolution = Evolution(5, 8, 0.5, 1)
    evolve(evolution, hill, 3)
    state = saved(evolution)
    del state["arrays"]["average"]
    resumed = Evolution.from_state(state)
    np.testing.assert_array_equal(resumed.average, evolution.mean)
    np.testing.assert_array_equal(resumed.ask(), evolution.ask())


def damaged(section: str, name: str, value: Any) -> dict[str, Any]:
    evolution = Evolution(5, 8, 0.5, 1)
    evolve(evolution, hill, 3)
    state = saved(evolution)
    if value is None:
        del state[section][name]
    else:
        state[section][name] = value
    return state


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"numbers": 3, "arrays": 4},
        damaged("numbers", "sigma", None),
        damaged("numbers", "sigma", -1.0),
        damaged("numbers", "sigma", "wide"),
        damaged("numbers", "parameters", 10**7),
        damaged("numbers", "population", "many"),
        damaged("numbers", "random", {"bit_generator": "MT19937"}),
        damaged("numbers", "random", 5),
        damaged("arrays", "mean", None),
        damaged("arrays", "mean", np.full(5, np.nan)),
        damaged("arrays", "half", np.zeros(14)),
        damaged("arrays", "average", np.zeros(4)),
        damaged("arrays", "sm.D", np.zeros(5)),
        damaged("arrays", "sm.B", np.eye(4)),
    ],
)
def test_a_damaged_state_is_told_in_a_sentence(state: dict[str, Any]) -> None:
    with pytest.raises(StoredDataError, match="saved evolution is damaged"):
        Evolution.from_state(state)


def test_a_population_is_seen_along_the_axes_in_which_it_differs_most() -> None:
    generator = np.random.default_rng(1)
    candidates = generator.normal(0, 0.01, (200, 30))
    candidates[:, 4] -= generator.normal(0, 3, 200)
    candidates[:, 9] -= generator.normal(0, 1, 200)
    mean = np.full(30, 0.5)
    points, axes = population_plane(candidates + mean, mean)
    assert points.shape == (200, 2) and points.dtype == np.float32 and axes.shape == (2, 30)
    assert np.abs(axes).argmax(1).tolist() == [4, 9]
    assert axes[0, 4] > 0.99 and axes[1, 9] > 0.99  # whatever the signs that the decomposition happens to have
    np.testing.assert_allclose(points[:, 0], candidates[:, 4], atol=0.5)
    mirrored, _ = population_plane(mean - candidates, mean)
    np.testing.assert_allclose(mirrored, -points, atol=1e-5)


def test_a_population_without_two_directions_is_seen_all_the_same() -> None:
    points, axes = population_plane(np.ones((4, 3)), np.ones(3))
    assert not points.any() and not axes.any()
    points, _ = population_plane([[3.0, 0.0, 0.0]], np.zeros(3))
    np.testing.assert_allclose(points, [[3, 0]])
