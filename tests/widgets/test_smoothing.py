import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gendesk.widgets.plot.smoothing import Smoother


def reference(values: list[float], weight: float) -> list[float]:
    """The definition: a weighted mean of all finite values so far."""
    averages, seen = [], []
    for value in values:
        if not np.isfinite(value):
            averages.append(np.nan)
            continue
        seen.append(value)
        weights = weight ** np.arange(len(seen))[::-1]
        averages.append(float(np.dot(weights, seen) / weights.sum()))
    return averages


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.9, 0.99, 0.999])
def test_it_is_the_weighted_mean_of_the_values_so_far(weight: float) -> None:
    values = np.random.default_rng(1).normal(5, 2, 400)
    assert np.allclose(Smoother(weight).feed(values), reference(values.tolist(), weight), rtol=1e-10)


def test_the_first_average_is_the_first_value_and_not_drawn_towards_zero() -> None:
    assert Smoother(0.999).feed([250.0])[0] == 250.0


@given(st.floats(-1e9, 1e9), st.floats(0, 0.999), st.integers(1, 40_000))
@settings(max_examples=25, deadline=None)
def test_a_constant_series_stays_exactly_constant(value: float, weight: float, count: int) -> None:
    assert (Smoother(weight).feed(np.full(count, value)) == value).all()


@given(st.lists(st.integers(0, 300), min_size=1, max_size=8), st.sampled_from([0.5, 0.99]))
@settings(max_examples=25, deadline=None)
def test_pieces_give_what_the_whole_gives(lengths: list[int], weight: float) -> None:
    values = np.random.default_rng(2).normal(size=sum(lengths))
    smoother = Smoother(weight)
    pieces = [smoother.feed(piece) for piece in np.split(values, np.cumsum(lengths)[:-1])]
    assert np.allclose(np.concatenate(pieces), Smoother(weight).feed(values), rtol=1e-9, atol=1e-12)


def test_long_series_agree_with_a_plain_loop() -> None:
    values = np.random.default_rng(3).normal(size=60_000)
    averages = Smoother(0.999).feed(values)
    total = 0.0
    for value in values:
        total = 0.999 * total + 0.001 * value
    assert averages[-1] == pytest.approx(total / (1 - 0.999 ** len(values)), rel=1e-9)


def test_gaps_are_skipped_and_do_not_poison_the_average() -> None:
    values = [1.0, np.nan, 3.0, np.inf, -np.inf, 2.0, np.nan]
    averages = Smoother(0.5).feed(values)
    assert np.isnan(averages[[1, 3, 4, 6]]).all()
    assert np.array_equal(averages[[0, 2, 5]], Smoother(0.5).feed([1.0, 3.0, 2.0]))


def test_a_series_that_begins_with_gaps() -> None:
    smoother = Smoother(0.9)
    assert np.isnan(smoother.feed([np.nan, np.inf])).all()
    assert smoother.feed([7.0, 7.0]).tolist() == [7.0, 7.0]


@pytest.mark.parametrize("weight", [-0.1, 1.0, np.nan])
def test_impossible_weights_are_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weight"):
        Smoother(weight)
