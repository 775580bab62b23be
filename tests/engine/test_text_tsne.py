"""t-SNE keeps groups together."""

import numpy as np

from gendesk.engine.text.tsne import tsne


def test_groups_stay_apart_and_the_same_start_gives_the_same_places() -> None:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(4, 20)) * 4
    labels = np.arange(80) % 4
    vectors = centres[labels] + rng.normal(size=(80, 20))
    start = vectors[:, :2]
    places = tsne(vectors, start)
    assert np.isfinite(places).all()
    distances = np.linalg.norm(places[:, None] - places[None], axis=2) + np.diag(np.full(80, np.inf))
    assert (labels[distances.argmin(1)] == labels).mean() > 0.95
    np.testing.assert_array_equal(places, tsne(vectors, start))


def test_few_and_equal_points_have_places() -> None:
    for count in (1, 2, 5):
        assert np.isfinite(tsne(np.zeros((count, 3)), np.zeros((count, 2)))).all()
