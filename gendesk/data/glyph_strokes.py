"""From the ways of drawing a digit to the path of a pen: smooth curves, and the differences between hands."""

import numpy as np
from numpy.typing import NDArray

from gendesk.data.glyph_shapes import Poses

Floats = NDArray[np.float64]

SAMPLES = 80
_HEIGHT = 14.0
_STEPS_PER_SPAN = 24
_JITTER = 0.35  # of a point, in the units of the shapes


class Way:
    """One way of drawing a digit: a matrix that turns its points (count, 2) into `SAMPLES` points along the curves."""

    def __init__(self, poses: Poses) -> None:
        strokes, self._poses = _parse(poses)
        middle = self._poses.mean(axis=0)
        fine = [_spline(stroke, len(middle)) for stroke in strokes]
        lengths = [_arc(matrix @ middle) for matrix in fine]
        counts = _shared_out(SAMPLES, np.array([length[-1] for length in lengths]))
        self._matrix = np.concatenate(
            [_evenly(matrix, length, count) for matrix, length, count in zip(fine, lengths, counts, strict=True)]
        )

    def draw(self, rng: np.random.Generator, count: int) -> Floats:
        """Draw `count` versions; returns (count, SAMPLES, 2), Y downwards, centred, about one unit high."""
        mix = rng.dirichlet(np.full(len(self._poses), 0.8), size=count)
        points = np.tensordot(mix, self._poses, axes=1)
        points += rng.normal(0.0, _JITTER, size=points.shape)
        curves: Floats = self._matrix @ points
        return (curves - (5.0, _HEIGHT / 2)) / _HEIGHT


def _parse(poses: Poses) -> tuple[list[list[int]], Floats]:
    """Return the strokes as lists of point numbers, and the points (poses, points, 2)."""
    strokes: list[list[int]] = [[]]
    numbers: dict[tuple[str, ...], int] = {}
    for words in zip(*(pose.split() for pose in poses), strict=True):
        if words[0] == "|":
            strokes.append([strokes[-1][-1]])
        elif words[0] == "/":
            strokes.append([])
        else:
            strokes[-1].append(numbers.setdefault(words, len(numbers)))
    points = [[[float(part) for part in word.split(",")] for word in words] for words in numbers]
    return strokes, np.array(points).transpose(1, 0, 2)


def _spline(stroke: list[int], points: int) -> Floats:
    """Return the matrix of a smooth curve along a stroke's points, finely sampled.

    Half a Catmull-Rom spline, which passes the points, and half a cubic B-spline, which is rounder.
    """
    t = np.arange(_STEPS_PER_SPAN) / _STEPS_PER_SPAN
    through = [-(t**3) + 2 * t**2 - t, 3 * t**3 - 5 * t**2 + 2, -3 * t**3 + 4 * t**2 + t, t**3 - t**2]
    round_ = [(1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3]
    weights = np.array(through) / 4 + np.array(round_) / 12
    rows = []
    for span in range(len(stroke) - 1):
        matrix = np.zeros((_STEPS_PER_SPAN, points))
        here, there = stroke[span], stroke[span + 1]
        _add(matrix, weights[0], stroke[span - 1] if span else None, here, there)
        matrix[:, here] += weights[1]
        matrix[:, there] += weights[2]
        _add(matrix, weights[3], stroke[span + 2] if span + 2 < len(stroke) else None, there, here)
        rows.append(matrix)
    last = np.zeros((1, points))
    last[0, stroke[-1]] = 1.0
    return np.concatenate([*rows, last])


def _add(matrix: Floats, weights: Floats, outer: int | None, end: int, inner: int) -> None:
    """Add a neighbour's share; beyond an end, the curve goes on as it came."""
    if outer is not None:
        matrix[:, outer] += weights
    else:
        matrix[:, end] += 2 * weights
        matrix[:, inner] -= weights


def _arc(curve: Floats) -> Floats:
    """Return the length of a curve (count, 2) up to each of its points."""
    steps = np.sqrt((np.diff(curve, axis=0) ** 2).sum(axis=1))
    return np.concatenate([[0.0], np.cumsum(steps)])


def _shared_out(total: int, lengths: Floats) -> list[int]:
    ends = np.rint(np.cumsum(lengths) / lengths.sum() * total).astype(int)
    return [int(count) for count in np.diff(ends, prepend=0)]


def _evenly(matrix: Floats, length: Floats, count: int) -> Floats:
    """Return `count` rows of a curve's matrix at equal distances, both ends among them."""
    rows = np.interp(np.linspace(0.0, length[-1], count), length, np.arange(len(length)))
    below = np.floor(rows).astype(int)
    above = np.minimum(below + 1, len(length) - 1)
    share = (rows - below)[:, np.newaxis]
    mixed: Floats = matrix[below] * (1 - share) + matrix[above] * share
    return mixed


def styled(curves: Floats, rng: np.random.Generator) -> Floats:
    """Give every drawing (count, samples, 2) a hand of its own: wobble, proportions, slant and tilt."""
    count = len(curves)
    x, y = curves[..., 0], curves[..., 1]
    for waves, strength in ((3.0, 0.05), (6.0, 0.03), (12.0, 0.009)):
        phases = rng.uniform(0.0, 2 * np.pi, size=(4, count, 1))
        swing = rng.normal(0.0, strength, size=(4, count, 1))
        shift_x = swing[0] * np.sin(waves * y + phases[0]) + swing[1] * np.sin(waves * x + phases[1])
        shift_y = swing[2] * np.sin(waves * x + phases[2]) + swing[3] * np.sin(waves * y + phases[3])
        x, y = x + shift_x, y + shift_y
    x = x * np.exp(rng.normal(0.05, 0.19, size=(count, 1)))
    x = x - y * rng.normal(0.16, 0.17, size=(count, 1))
    tilt = rng.normal(0.0, 0.09, size=(count, 1))
    return np.stack([x * np.cos(tilt) - y * np.sin(tilt), x * np.sin(tilt) + y * np.cos(tilt)], axis=-1)
