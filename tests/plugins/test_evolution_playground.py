"""The landscapes of the playground are as printed, and both strategies come down on them."""

import numpy as np
import pytest
from gendesk.plugins.worldmodel.playground import (
    LANDSCAPES,
    METHODS,
    Landscape,
    Method,
    Search,
    bands,
    ellipse,
    plain_step,
)

by_id = {landscape.id: landscape for landscape in LANDSCAPES}


@pytest.mark.parametrize("landscape", LANDSCAPES, ids=list(by_id))
def test_the_lowest_places_are_at_height_0_and_in_view(landscape: Landscape) -> None:
    lowest = np.array(landscape.lowest)
    np.testing.assert_allclose(landscape.height(lowest), 0, atol=1e-8)
    generator = np.random.default_rng(1)
    assert (landscape.height(generator.uniform(landscape.low, landscape.high, (5_000, 2))) > 0).all()
    for place in (*lowest, np.array(landscape.start)):
        assert (place > landscape.low).all() and (place < landscape.high).all()
    assert landscape.high[1] - landscape.low[1] == landscape.width


def test_some_heights_are_as_their_formulas_say() -> None:
    place = np.array([[2.0, -1.0]])
    heights = {landscape.id: float(landscape.height(place)[0]) for landscape in LANDSCAPES}
    assert heights["sphere"] == 5
    assert heights["banana"] == 1 + 100 * 25
    assert heights["rastrigin"] == pytest.approx(5)
    assert heights["himmelblau"] == 64 + 16
    along = np.array([[np.cos(np.pi / 6), np.sin(np.pi / 6)]])
    assert by_id["ellipse"].height(along)[0] == pytest.approx(1)  # the long axis lies at 30 degrees
    assert by_id["ellipse"].height(along[:, ::-1] * [-1, 1])[0] == pytest.approx(100)


def test_bands_are_lowest_where_the_landscape_is() -> None:
    found = bands(by_id["banana"], 40, 20)
    assert found.shape == (20, 40) and found.min() == 0 and found.max() == 13
    row, column = 19 - int((1 + 1) / 4 * 20), int((1 + 2) / 4 * 40)
    assert found[row, column] == 0
    assert found[0, 20] > 5  # above the banana, and not below it


def test_a_plain_step_is_that_of_the_book() -> None:
    points = np.array([[1.0, 0], [3, 2], [9, 9], [9, 9], [9, 9], [9, 9], [9, 9], [9, 9]])
    heights = np.array([1.0, 2, 9, 9, 9, 9, 9, 9])
    chosen, mean, covariance = plain_step(points, heights, np.zeros(2))
    assert chosen.tolist() == [True, True] + 6 * [False]
    np.testing.assert_allclose(mean, [2, 1])
    np.testing.assert_allclose(covariance, [[(1 + 9) / 2, 6 / 2], [6 / 2, 4 / 2]])  # about the old mean, the origin
    assert plain_step(points[:4], heights[:4], np.zeros(2))[0].sum() == 2  # one alone would have no shape


@pytest.mark.parametrize("method", METHODS)
def test_both_find_the_bottom_of_a_sphere(method: Method) -> None:
    landscape = by_id["sphere"]
    search = Search(landscape, method, landscape.start, landscape.sigma, 24, 1)
    while not search.ended:
        generation = search.advance()
        assert (generation.heights[generation.chosen].max() <= generation.heights[~generation.chosen]).all()
    np.testing.assert_allclose(search.mean, [0, 0], atol=1e-3)
    assert 10 < len(search.generations) < 200
    assert search.trail.shape == (len(search.generations) + 1, 2)
    np.testing.assert_array_equal(search.trail[0], landscape.start)
    best = [generation.best for generation in search.generations]
    assert best == sorted(best, reverse=True) and best[-1] < 1e-6


def test_the_adapting_one_follows_a_bent_valley() -> None:
    landscape = by_id["banana"]
    search = Search(landscape, "cma", landscape.start, landscape.sigma, 16, 2)
    while not search.ended:
        search.advance()
    np.testing.assert_allclose(search.mean, [1, 1], atol=1e-4)


def test_generations_hang_together_and_follow_from_the_seed() -> None:
    landscape = by_id["himmelblau"]
    for method in METHODS:
        search, again, other = (Search(landscape, method, (1, 1), 1.0, 12, seed) for seed in (3, 3, 4))
        first, second = search.advance(), search.advance()
        np.testing.assert_array_equal(first.mean, [1, 1])
        np.testing.assert_array_equal(first.next_mean, second.mean)
        np.testing.assert_array_equal(first.next_covariance, second.covariance)
        np.testing.assert_array_equal(first.points, again.advance().points)
        assert not np.array_equal(first.points, other.advance().points)
        assert (first.number, second.number) == (1, 2)
        np.testing.assert_array_equal(first.heights, landscape.height(first.points))


def test_an_ellipse_is_that_of_the_covariance() -> None:
    covariance = np.array([[4.0, 1], [1, 2]])
    around = ellipse(np.array([5.0, -3]), covariance, 2.0) - [5, -3]
    np.testing.assert_allclose(np.einsum("ni,ij,nj->n", around, np.linalg.inv(covariance), around), 4)
