"""The doodles: ten things that can be told apart, the same on every machine, as strokes and as pictures."""

import hashlib

import numpy as np
import pytest

from gendesk.data import doodles
from gendesk.data.catalogue import find_entry
from gendesk.data.doodles_pen import SPACING
from gendesk.data.library import Cancelled, DataLibrary
from gendesk.data.options import DEFAULT_OPTIONS
from gendesk.data.progress import Progress

# Of the first forty drawings; they change when VERSION must be raised.
STROKES = "4f1e075f4a5e1727"
PIXELS = "dde06f141f9751aa"


def some(count: int = 40) -> list[list[np.ndarray]]:
    return [doodles.drawing(index) for index in range(count)]


def test_classes_are_balanced_shuffled_and_described_as_they_are() -> None:
    labels = doodles.labels()
    entry = find_entry("doodles")
    assert entry is not None
    assert entry.classes == doodles.CLASSES
    for part, count in ((labels[: doodles.TRAIN_COUNT], 1_800), (labels[doodles.TRAIN_COUNT :], 200)):
        assert np.bincount(part).tolist() == [count] * 10
    assert len(np.unique(labels[:40])) == 10
    assert not labels.flags.writeable


def test_strokes_lie_on_the_sheet_with_points_at_equal_distances() -> None:
    for strokes in some():
        assert all(stroke.dtype == np.float32 and stroke.ndim == 2 and len(stroke) >= 2 for stroke in strokes)
        points = np.concatenate(strokes)
        assert points.min() >= 0.0
        assert points.max() <= 1.0
        assert np.ptp(points, axis=0).max() > 0.7
        longest = max(strokes, key=len)
        assert np.linalg.norm(np.diff(longest, axis=0), axis=1).max() < 1.3 * SPACING
        assert len(points) < 400


def test_every_drawing_can_be_drawn_alone_and_again() -> None:
    alone = doodles.drawing(19_999)
    some(3)
    again = doodles.drawing(19_999)
    assert len(alone) == len(again)
    assert all(np.array_equal(one, other) for one, other in zip(alone, again, strict=True))


def test_drawings_of_a_class_differ_in_strokes_and_proportions() -> None:
    labels = doodles.labels()
    for label in range(10):
        drawings = [doodles.drawing(int(index)) for index in np.flatnonzero(labels == label)[:20]]
        assert len({len(strokes) for strokes in drawings}) >= 3
        sizes = np.array([np.ptp(np.concatenate(strokes), axis=0) for strokes in drawings])
        assert (sizes[:, 0] / sizes[:, 1]).std() > 0.03


def test_pen_movements_lead_back_to_the_strokes() -> None:
    for strokes in some(10):
        moves = doodles.stroke3(strokes)
        assert (moves.dtype, moves.shape[1]) == (np.float32, 3)
        assert set(np.unique(moves[:, 2])) == {0.0, 1.0}
        points = np.cumsum(moves[:, :2], axis=0, dtype=np.float64)
        parts = np.split(points, np.flatnonzero(moves[:, 2])[:-1] + 1)
        for part, stroke in zip(parts, strokes, strict=True):
            np.testing.assert_allclose(part, stroke, atol=1e-5)


def test_pictures_are_light_strokes_on_black_that_fade_at_the_edge() -> None:
    images = doodles.rendered(some())
    assert (images.shape, images.dtype) == ((40, 28, 28), np.uint8)
    assert images.reshape(40, -1).max(axis=1).min() > 200
    assert 0.05 < (images > 127).mean() < 0.3
    assert ((images > 20) & (images < 235)).mean() > 0.05
    assert images[:, [0, 0, -1, -1], [0, -1, 0, -1]].max() < 128


def test_all_machines_draw_the_same() -> None:
    drawings = some()
    points = np.concatenate([point for strokes in drawings for point in strokes]).astype("<f4")
    assert hashlib.sha256(points.tobytes()).hexdigest()[:16] == STROKES
    assert hashlib.sha256(doodles.rendered(drawings).tobytes()).hexdigest()[:16] == PIXELS


def test_classes_are_told_apart_by_their_nearest_neighbours() -> None:
    images = doodles.rendered(some(1_000)).reshape(1_000, 28, 28).astype(np.float32)
    small = images.reshape(1_000, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(1_000, -1)
    labels = doodles.labels()[:1_000]
    known, asked = small[:800], small[800:]
    distances = (known**2).sum(axis=1) - 2 * asked @ known.T
    right = float((labels[:800][distances.argmin(axis=1)] == labels[800:]).mean())
    assert 0.6 < right < 0.999  # learnable, but not by heart


def test_the_data_set_holds_the_drawings_and_their_classes() -> None:
    source = doodles.make(DEFAULT_OPTIONS, Progress())
    assert (len(source.labels), int(source.held_out.sum())) == (20_000, 2_000)
    for index in (0, 7, 19_999):
        expected = doodles.rendered([doodles.drawing(index)], index)[0]
        np.testing.assert_array_equal(np.asarray(source.read(index)), expected)


def test_a_person_can_stop_the_drawing(library: DataLibrary) -> None:
    with pytest.raises(Cancelled):
        library.open("doodles", cancelled=lambda: True)
