"""The distances behind the scores: known ones come out, and what must not matter does not."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gendesk.engine.scores.distances import squared_distances
from gendesk.engine.scores.frechet import GaussianFit, exact_distance, fit, frechet_distance
from gendesk.engine.scores.kernel import kernel_distance, squared_mmd
from gendesk.errors import InputError

seeds = st.integers(0, 2**32 - 1)


def normal(seed, count, size, scale=1.0, shift=0.0):
    return (np.random.default_rng(seed).normal(size=(count, size)) * scale + shift).astype(np.float32)


# Fréchet


def test_gaussians_with_a_known_distance():
    """For covariances that commute it is |m1 - m2|² + sum of (s1 - s2)² over the axes."""
    rng = np.random.default_rng(1)
    turn = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    ones, others = rng.uniform(0, 4, 6), rng.uniform(0, 4, 6)
    means = rng.normal(size=(2, 6))
    first, second = ((turn * np.square(spread)) @ turn.T for spread in (ones, others))
    wanted = np.square(means[0] - means[1]).sum() + np.square(ones - others).sum()
    assert exact_distance(means[0], first, means[1], second) == pytest.approx(wanted, rel=1e-9)


def test_covariances_that_do_not_commute():
    """In two dimensions tr((AB)^(1/2)) = sqrt(tr(AB) + 2 sqrt(det(AB)))."""
    first, second = np.array([[3.0, 1.0], [1.0, 2.0]]), np.array([[1.0, -0.7], [-0.7, 5.0]])
    product = first @ second
    root = math.sqrt(np.trace(product) + 2 * math.sqrt(np.linalg.det(product)))
    wanted = 4 + np.trace(first) + np.trace(second) - 2 * root
    zero, two = np.zeros(2), np.array([2.0, 0.0])
    assert exact_distance(zero, first, two, second) == pytest.approx(wanted, rel=1e-9)


def test_flat_gaussians_have_a_distance():
    """A covariance without full rank has no inverse, and rounding must not turn into a complex root."""
    line = np.outer([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    assert exact_distance(np.zeros(3), line, np.zeros(3), line) == pytest.approx(0, abs=1e-6)
    assert exact_distance(np.zeros(3), line, np.zeros(3), 4 * line) == pytest.approx(14, rel=1e-6)


@given(seed=seeds, size=st.integers(1, 8), scale=st.floats(1e-3, 1e3), shift=st.floats(-1e3, 1e3))
@settings(max_examples=30, deadline=None)
def test_the_frechet_distance_is_symmetric_and_zero_for_the_same(seed, size, scale, shift):
    one, other = fit(normal(seed, 40, size)), fit(normal(seed + 1, 50, size, scale, shift))
    there, back = frechet_distance(one, other), frechet_distance(other, one)
    largest = float(np.trace(one.covariance) + np.trace(other.covariance)) + shift**2
    assert there >= 0
    assert there == pytest.approx(back, rel=1e-6, abs=1e-7 * largest)
    assert frechet_distance(other, other) == pytest.approx(0, abs=1e-6 * largest)


@given(seed=seeds, cuts=st.lists(st.integers(0, 60), max_size=5))
@settings(max_examples=30, deadline=None)
def test_batches_and_their_order_do_not_matter(seed, cuts):
    features = normal(seed, 60, 4, shift=1e4)  # a large mean, which a sum of squares would drown in
    fitted = GaussianFit(4)
    for part in np.split(features[np.random.default_rng(seed).permutation(60)], sorted(cuts)):
        fitted.add(part)
    wanted = features.astype(np.float64)
    assert fitted.gaussian().mean == pytest.approx(wanted.mean(0))
    assert fitted.gaussian().covariance == pytest.approx(np.cov(wanted, rowvar=False), rel=1e-6, abs=1e-6)


def test_too_few_or_broken_features_are_refused_in_words():
    many, few = fit(normal(1, 40, 8)), fit(normal(2, 8, 8))
    with pytest.raises(InputError, match=r"8 features needs more than 8 pictures on each side; there are 8\."):
        frechet_distance(many, few)
    with pytest.raises(InputError, match="at least 2 pictures"):
        fit(normal(1, 1, 8))
    broken = normal(1, 10, 2)
    broken[3, 1] = np.nan
    with pytest.raises(InputError, match="no finite numbers"):
        fit(broken)
    with pytest.raises(ValueError, match="shape"):
        GaussianFit(3).add(broken)


# Kernel


def test_the_kernel_distance_is_the_mean_over_pairs():
    one, other = normal(1, 5, 3), normal(2, 4, 3)

    def mean(first, second, *, same):
        values = [
            (float(a.astype(float) @ b.astype(float)) / 3 + 1) ** 3
            for i, a in enumerate(first)
            for j, b in enumerate(second)
            if not (same and i == j)
        ]
        return sum(values) / len(values)

    wanted = mean(one, one, same=True) + mean(other, other, same=True) - 2 * mean(one, other, same=False)
    assert squared_mmd(one, other) == pytest.approx(wanted)


def test_the_kernel_distance_of_points_that_are_known():
    """All at a, all at b: k(a, a) + k(b, b) - 2 k(a, b)."""
    one, other = np.full((30, 1), 1.0), np.full((30, 1), 2.0)
    found = kernel_distance(one, other)
    assert found.mean == pytest.approx(2**3 + 5**3 - 2 * 3**3)
    assert found.error == pytest.approx(0, abs=1e-9)


def test_the_kernel_distance_is_unbiased_and_its_error_is_what_it_says():
    found = [kernel_distance(normal(seed, 100, 4), normal(seed + 500, 100, 4), seed) for seed in range(60)]
    means, errors = np.array([one.mean for one in found]), np.array([one.error for one in found])
    assert abs(means.mean()) < 3 * means.std(ddof=1) / math.sqrt(60)
    assert means.min() < 0 < means.max()
    assert errors.mean() == pytest.approx(means.std(ddof=1), rel=0.3)


def test_the_kernel_distance_sees_what_is_apart_whatever_the_counts():
    near = kernel_distance(normal(1, 300, 4), normal(2, 500, 4))
    far = kernel_distance(normal(1, 300, 4), normal(2, 500, 4, shift=1.0))
    assert abs(near.mean) < 4 * near.error
    assert far.mean > 4 * far.error
    assert kernel_distance(normal(1, 300, 4), normal(2, 500, 4)) == near
    with pytest.raises(InputError, match="at least 20 pictures on each side; there are 19"):
        kernel_distance(normal(1, 300, 4), normal(2, 19, 4))


# Distances of pairs


@given(seed=seeds, shift=st.floats(-1e4, 1e4))
@settings(max_examples=20, deadline=None)
def test_squared_distances_are_those_of_pairs_and_copies_are_at_zero(seed, shift):
    one, other = normal(seed, 9, 5, shift=shift), normal(seed + 1, 7, 5, shift=shift)
    other[2] = one[4]
    found = np.concatenate([squares.numpy() for _, squares in squared_distances(one, other)])
    wanted = np.square(one[:, None].astype(np.float64) - other[None]).sum(2)
    assert found == pytest.approx(wanted, rel=1e-6, abs=1e-9)
    assert found[4, 2] == 0


def test_blocks_of_rows_hang_together(monkeypatch):
    monkeypatch.setattr("gendesk.engine.scores.distances._MOST_BYTES", 8 * 7 * 4)
    one, other = normal(1, 10, 3), normal(2, 7, 3)
    blocks = list(squared_distances(one, other))
    assert [(rows.start, rows.stop) for rows, _ in blocks] == [(0, 4), (4, 8), (8, 10)]
    found = np.concatenate([squares.numpy() for _, squares in blocks])
    assert found == pytest.approx(np.square(one[:, None].astype(np.float64) - other[None]).sum(2))
