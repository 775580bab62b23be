"""Precision, recall, density, coverage, diversity and sharpness: what they are, and what they tell apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gendesk.engine.scores.diversity import feature_diversity, pixel_diversity, sharpness
from gendesk.engine.scores.precision_recall import NEAREST, NEAREST_OF_DENSITY, compare, manifold
from gendesk.errors import InputError

seeds = st.integers(0, 2**32 - 1)


def scored(real, generated):
    return compare(manifold(real), manifold(generated))


def plainly(real, generated):
    """The same as the papers write it, with all distances at once."""

    def away(first, second):
        return np.linalg.norm(first[:, None].astype(float) - second[None], axis=2)

    def radii(features, neighbours):
        return np.sort(away(features, features), axis=1)[:, neighbours]  # the nearest is itself

    cross = away(generated, real)
    wide = cross <= radii(real, NEAREST_OF_DENSITY)
    usual = radii(real, 1).mean()
    return (
        (cross <= radii(real, NEAREST)).any(1).mean(),
        (cross <= radii(generated, NEAREST)[:, None]).any(0).mean(),
        wide.sum() / (NEAREST_OF_DENSITY * len(generated)),
        wide.any(0).mean(),
        cross.min(1).mean() / usual,
    )


def numbers(found):
    return (found.precision, found.recall, found.density, found.coverage, found.distance)


@given(seed=seeds, counts=st.tuples(st.integers(6, 40), st.integers(6, 40)), shift=st.floats(-3, 3))
@settings(max_examples=30, deadline=None)
def test_the_scores_are_those_of_the_papers(seed, counts, shift):
    rng = np.random.default_rng(seed)
    real, generated = rng.normal(size=(counts[0], 3)), rng.normal(size=(counts[1], 3)) + shift
    found = scored(real, generated)
    assert numbers(found) == pytest.approx(plainly(real, generated))
    shuffled = scored(rng.permutation(real), rng.permutation(generated))
    assert numbers(shuffled) == pytest.approx(numbers(found))


def test_a_set_against_itself_also_with_copies_in_it():
    features = np.random.default_rng(1).normal(size=(50, 20)).astype(np.float32) * 100
    for real in (features, np.repeat(features, 8, axis=0)):
        found = scored(real, real)
        assert (found.precision, found.recall, found.coverage, found.distance) == (1, 1, 1, 0)
        assert found.density >= 1
    same = scored(np.ones((10, 2)), np.ones((10, 2)))
    assert (same.precision, same.recall, same.coverage, same.distance) == (1, 1, 1, 0)
    assert scored(np.ones((10, 2)), np.zeros((10, 2))).distance == 1


def test_what_the_scores_tell_apart():
    rng = np.random.default_rng(2)
    real, fresh = rng.normal(size=(2, 500, 2))
    real[:250] += 10  # two kinds of things
    fresh[:250] += 10
    good = scored(real, fresh)
    assert min(good.precision, good.recall, good.coverage) > 0.85
    assert good.density == pytest.approx(1, abs=0.15)
    assert good.distance == pytest.approx(1, abs=0.3)
    one_kind = scored(real, np.concatenate([fresh[:250], rng.normal(size=(250, 2)) + 10]))
    assert one_kind.precision > 0.85
    assert one_kind.recall == pytest.approx(0.5, abs=0.08)
    assert one_kind.coverage == pytest.approx(0.5, abs=0.08)
    odd = scored(real, fresh - 30)
    assert (odd.precision, odd.recall, odd.density, odd.coverage) == (0, 0, 0, 0)
    assert odd.distance > 20


def test_too_few_are_refused_in_words():
    with pytest.raises(InputError, match="at least 6 pictures on each side; there are 5"):
        manifold(np.zeros((5, 2)))


# Diversity and sharpness


@given(seed=seeds, count=st.integers(2, 12), channels=st.sampled_from([1, 3]))
@settings(max_examples=25, deadline=None)
def test_diversity_is_the_mean_over_all_pairs(seed, count, channels):
    rng = np.random.default_rng(seed)
    pictures = rng.integers(0, 256, (count, 4, 5, channels), dtype=np.uint8)
    pairs = [(i, j) for i in range(count) for j in range(i)]
    wanted = np.mean([np.abs(pictures[i].astype(int) - pictures[j]).mean() for i, j in pairs])
    assert pixel_diversity(pictures) == pytest.approx(wanted)
    assert pixel_diversity(rng.permutation(pictures)) == pytest.approx(wanted)
    features = rng.normal(size=(count, 6))
    assert feature_diversity(features) == pytest.approx(
        np.mean([np.linalg.norm(features[i] - features[j]) for i, j in pairs])
    )


def test_pictures_that_are_all_the_same_have_no_diversity():
    same = np.full((10, 8, 8, 3), 77, np.uint8)
    assert pixel_diversity(same) == pixel_diversity(same[:1]) == 0
    assert feature_diversity(np.full((10, 4), 0.1)) == feature_diversity(np.ones((1, 4))) == 0


def test_sharpness_is_the_variance_of_the_laplacian():
    dot = np.zeros((1, 5, 5, 1), np.uint8)
    dot[0, 2, 2] = 255
    laplacian = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    assert sharpness(dot) == pytest.approx(laplacian.var())
    assert sharpness(np.repeat(dot, 3, axis=3)) == pytest.approx(laplacian.var(), rel=1e-5)
    assert sharpness(np.full((4, 5, 5, 3), 9, np.uint8)) == pytest.approx(0, abs=1e-9)
    slope = np.broadcast_to(np.arange(0, 80, 10, dtype=np.uint8)[None, None, :, None], (1, 8, 8, 1))
    assert sharpness(slope) == pytest.approx(0, abs=1e-9)  # a slope has no detail
