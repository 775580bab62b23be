"""Planes of a latent space, the walks over it, and which dimensions count."""

import numpy as np
import pytest

from gendesk.engine.latent.planes import Circling, Wandering, anchor_plane, dimensions_plane, principal_plane
from gendesk.engine.latent.sliders import active_first, along, slider_ends
from gendesk.engine.latent.survey import Survey, principal_components
from gendesk.errors import InputError

RANDOM = np.random.default_rng(3)
SIZE = 6


def planes() -> list:
    components, _ = principal_components(RANDOM.standard_normal((200, SIZE)).astype(np.float32))
    return [
        dimensions_plane(SIZE, 4, 1),
        principal_plane(components),
        anchor_plane(RANDOM.standard_normal((3, SIZE))),
    ]


def test_moving_over_a_plane_leaves_all_else_of_a_code_as_it_is() -> None:
    code = RANDOM.standard_normal(SIZE).astype(np.float32)
    wanted = np.array([[1.5, -0.25], [0.0, 3.0]])
    for plane in planes():
        moved = plane.moved(code, wanted)
        assert moved.shape == (2, SIZE) and moved.dtype == np.float32
        np.testing.assert_allclose(plane.places_of(moved), wanted, atol=1e-5)
        np.testing.assert_allclose(plane.rest(moved[0]), plane.rest(code), atol=1e-5)
        np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-6)


def test_two_dimensions_are_the_axes() -> None:
    code = np.arange(SIZE, dtype=np.float32)
    plane = dimensions_plane(SIZE, 4, 1)
    np.testing.assert_array_equal(plane.places_of(code[None]), [[4, 1]])
    np.testing.assert_array_equal(plane.moved(code, np.array([[9, 8]])), [[0, 8, 2, 3, 9, 5]])
    with pytest.raises(InputError, match="two different"):
        dimensions_plane(SIZE, 2, 2)


def test_anchors_lie_on_their_plane() -> None:
    anchors = RANDOM.standard_normal((3, SIZE))
    plane = anchor_plane(anchors)
    (a, b, c) = plane.places_of(anchors)
    np.testing.assert_allclose(a, (0, 0), atol=1e-6)
    assert b[0] > 0 and abs(b[1]) < 1e-6 and c[1] > 0
    for anchor, place in zip(anchors, (a, b, c), strict=True):
        np.testing.assert_allclose(plane.moved(anchors.mean(0), place[None])[0], anchor, atol=1e-5)


@pytest.mark.parametrize("third", [(2.0, 4.0, 6.0), (0.0, 0.0, 0.0), (1.0, 2.0, 3.0)])
def test_anchors_in_a_line_span_no_plane(third: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="in a line"):
        anchor_plane(np.array([(0.0, 0.0, 0.0), (1.0, 2.0, 3.0), third]))


def test_a_wandering_point_moves_smoothly_and_keeps_to_the_prior() -> None:
    spread = (RANDOM.standard_normal((256, SIZE)) * 2 + 5).astype(np.float32)
    start = spread[0]
    walk, again, other = (Wandering(start, spread, seed) for seed in (1, 1, 2))
    codes = np.array([walk.step(0.05, 2.0) for _ in range(4000)])
    assert np.abs(np.diff(codes, axis=0)).max() < 2 * 0.05 * 2.0 * 6  # no jump
    assert np.linalg.norm(codes[0] - start) < 3
    np.testing.assert_allclose(codes[200:].mean(0), 5, atol=1.0)
    np.testing.assert_allclose(codes[200:].std(0), 2, atol=0.7)
    np.testing.assert_array_equal(again.step(0.05, 2.0), codes[0])
    assert not np.array_equal(other.step(0.05, 2.0), codes[0])


def test_a_circling_point_keeps_its_distance() -> None:
    walk = Circling((1.0, 0.0), np.array([3.0, 0.0]))
    quarter = walk.step(np.pi, 1.0)  # radius 2, so pi lengths are a quarter
    np.testing.assert_allclose(quarter, (1, 2), atol=1e-9)
    near = Circling((0.0, 0.0), np.zeros(2), least=1.0)
    assert np.linalg.norm(near.step(0.1, 1.0)) == pytest.approx(1.0)


def test_idle_dimensions_come_last_and_have_the_width_of_active_ones() -> None:
    deviation = np.array([0.9, 0.02, 1.0, 0.5, 0.0], np.float32)
    assert active_first(deviation) == ([2, 0, 3], [1, 4])
    mean = np.arange(5, dtype=np.float32)
    nothing = np.empty(0, np.int64)
    codes, pictures = np.empty((0, 5), np.float32), np.empty((0, 4, 4, 1), np.uint8)
    known = Survey(5, True, (), (), codes, nothing, pictures, mean, deviation, np.eye(5, dtype=np.float32), deviation)
    ends = slider_ends(known)
    np.testing.assert_allclose(ends[:, 1] - mean, [2.7, 2.7, 3.0, 1.5, 2.7], rtol=1e-5)
    np.testing.assert_allclose((ends[:, 0] + ends[:, 1]) / 2, mean, atol=1e-5)
    row = along(mean, 2, ends[2], 5)
    np.testing.assert_allclose(row[:, 2], [-1, 0.5, 2, 3.5, 5], atol=1e-5)
    np.testing.assert_array_equal(np.delete(row, 2, 1), np.delete(np.tile(mean, (5, 1)), 2, 1))
