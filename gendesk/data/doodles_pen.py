"""How doodles are drawn: lines, curves and rounds as a hand makes them, and what a hand does to a whole drawing.

A stroke is float64 (points, 2), x to the right and y downwards; a drawing is a list of strokes, about one unit large.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Drawing = list[Floats]
Counts = NDArray[np.int64]

SPACING = 0.032
"""Distance between the points of a finished stroke, as a share of the drawing's larger side."""

_PER_SPAN = 12
_MARGIN = 0.04
_GRID = 1024  # finished points lie on a grid, so that all machines agree on them to the last bit


def line(*points: tuple[float, float]) -> Floats:
    """Return a stroke that is straight between its points."""
    return np.array(points, dtype=np.float64)


def curve(*points: tuple[float, float]) -> Floats:
    """Return a smooth stroke through its points, a Catmull-Rom spline that runs out straight at both ends."""
    knots = np.array(points, dtype=np.float64)
    knots = np.concatenate([[2 * knots[0] - knots[1]], knots, [2 * knots[-1] - knots[-2]]])
    windows = np.stack([knots[:-3], knots[1:-2], knots[2:-1], knots[3:]], axis=1)
    spans = np.matmul(_SPLINE, windows).reshape(-1, 2)
    return np.concatenate([spans, knots[-2:-1]])


def _spline() -> Floats:
    t = np.arange(_PER_SPAN) / _PER_SPAN
    weights = (-(t**3) + 2 * t**2 - t, 3 * t**3 - 5 * t**2 + 2, -3 * t**3 + 4 * t**2 + t, t**3 - t**2)
    return np.stack(weights, axis=1) / 2


_SPLINE = _spline()
"""How a span's points mix the four knots around it, float64 (points of a span, 4)."""


def arc(x: float, y: float, across: float, down: float, start: float, turn: float) -> Floats:
    """Return a part of an ellipse around (x, y) with these half axes; `start` and `turn` are in turns, clockwise.

    0 is at the right, 0.25 at the bottom.
    """
    angles = 2 * np.pi * np.linspace(start, start + turn, max(4, int(48 * abs(turn)) + 2))
    return np.stack([x + across * np.cos(angles), y + down * np.sin(angles)], axis=1)


def ring(rng: np.random.Generator, x: float, y: float, across: float, down: float | None = None) -> Floats:
    """Return a closed round as hands draw them: it begins anywhere near the top and its ends miss each other a bit."""
    down = across if down is None else down
    direction = 1.0 if rng.random() < 0.7 else -1.0
    turn = 1.0 + rng.normal(0.01, 0.03)
    round_ = arc(x, y, across, down, -0.25 + rng.normal(0.0, 0.06), direction * turn)
    drift = np.linspace(0.0, 1.0, len(round_))[:, np.newaxis] * rng.normal(0.0, 0.03, 2) * (across + down) / 2
    return round_ + drift


def dot(rng: np.random.Generator, x: float, y: float, size: float = 0.02) -> Floats:
    """Return a short scratch, which is what a dot made with a pen is."""
    step = rng.normal(0.0, size / 2, 2)
    return np.array([[x, y], [x + step[0], y + size + step[1] / 2]])


def maybe(rng: np.random.Generator, chance: float, *strokes: Floats) -> Drawing:
    """Return the strokes, or with the remaining chance nothing: what many people leave out."""
    return list(strokes) if rng.random() < chance else []


def mirrored(drawing: Drawing, axis: float) -> Drawing:
    """Return strokes mirrored at the vertical line x = `axis`."""
    return [np.stack([2 * axis - stroke[:, 0], stroke[:, 1]], axis=1) for stroke in drawing]


@dataclass(frozen=True)
class Habits:
    """What a hand does to drawings of one kind: the spread of their slant, and whether they may face either way."""

    tilt: float = 0.07
    flips: bool = False


def by_hand(rng: np.random.Generator, drawing: Drawing, habits: Habits) -> Drawing:
    """Give a drawing a hand: proportions, slant, wobble misplaced strokes, and an order of its own.

    Returns float64 strokes in 0..1, the larger side filling most of it, with points at equal distances on a grid.
    """
    if habits.flips and rng.random() < 0.4:
        drawing = mirrored(drawing, 0.0)
    points, counts = _evenly(*_joined(_reordered(rng, drawing)), SPACING * 0.7)
    points = _wobbled(rng, _tilted(rng, points, habits.tilt), counts)
    points, counts = _evenly(_framed(rng, points), counts, SPACING)
    return np.split(np.rint(points * _GRID) / _GRID, np.cumsum(counts)[:-1])


def _joined(drawing: Drawing) -> tuple[Floats, Counts]:
    """Return all points of a drawing one after the other, and how many each stroke has."""
    return np.concatenate(drawing), np.array([len(stroke) for stroke in drawing])


def _tilted(rng: np.random.Generator, points: Floats, tilt: float) -> Floats:
    wide = np.exp(rng.normal(0.0, 0.11))
    slant, angle = rng.normal(0.0, tilt), rng.normal(0.0, tilt)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned: Floats = points @ (np.array([[wide, 0.0], [slant, 1.0]]) @ turn)
    return turned


def _wobbled(rng: np.random.Generator, points: Floats, counts: Counts) -> Floats:
    """Bend the whole sheet in slow waves, and misplace and shake every stroke on its own."""
    shaky = float(np.exp(rng.normal(-0.2, 0.45)))
    waves, phases = rng.normal(0.0, 0.018 * shaky, (2, 2)), rng.uniform(0.0, 2 * np.pi, (2, 2))
    bent = points + (waves * np.sin(5.0 * points[:, np.newaxis, ::-1] + phases)).sum(axis=1)
    size = (len(counts), 2)
    misplaced, swing = rng.normal(0.0, 0.008 * shaky, size), rng.normal(0.0, 0.0055 * shaky, size)
    pace, phase = rng.uniform(0.35, 0.7, (len(counts), 1)), rng.uniform(0.0, 2 * np.pi, size)
    stroke = np.repeat(np.arange(len(counts)), counts)
    along = _places_within(counts)[:, np.newaxis]
    wobbled: Floats = bent + misplaced[stroke] + swing[stroke] * np.sin(along * pace[stroke] + phase[stroke])
    return wobbled


def _reordered(rng: np.random.Generator, strokes: Drawing) -> Drawing:
    """Change the order of neighbouring strokes now and then, and draw some from their other end."""
    places = np.argsort(np.arange(len(strokes)) + rng.normal(0.0, 0.7, len(strokes)), kind="stable")
    backwards = rng.random(len(strokes)) < 0.12
    return [strokes[place][::-1] if turned else strokes[place] for place, turned in zip(places, backwards, strict=True)]


def _framed(rng: np.random.Generator, points: Floats) -> Floats:
    """Scale and move a drawing so that its larger side takes most of the sheet, inside the margin."""
    low, high = points.min(axis=0), points.max(axis=0)
    room = 1 - 2 * _MARGIN
    scale = room * rng.uniform(0.82, 1.0) / (high - low).max()
    free = room - (high - low) * scale
    framed: Floats = (points - low) * scale + _MARGIN + free * np.clip(rng.normal(0.5, 0.12, 2), 0.0, 1.0)
    return framed


def _evenly(points: Floats, counts: Counts, spacing: float) -> tuple[Floats, Counts]:
    """Return strokes with points at equal distances of about `spacing`, both ends among them, at least two each."""
    steps = np.sqrt((np.diff(points, axis=0, prepend=points[:1]) ** 2).sum(axis=1))
    firsts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    steps[firsts[1:]] = 1.0  # a gap between two strokes, so that the way along all of them only grows
    way = np.cumsum(steps)
    starts = way[firsts]
    lengths = way[firsts + counts - 1] - starts
    new = np.maximum(2, np.rint(lengths / spacing).astype(np.int64) + 1)
    places = np.repeat(starts, new) + _places_within(new) * np.repeat(lengths / (new - 1), new)
    return np.stack([np.interp(places, way, points[:, axis]) for axis in range(2)], axis=1), new


def _places_within(counts: Counts) -> Counts:
    """Return 0, 1, 2 ... of every stroke's points, one stroke after the other."""
    ends = np.cumsum(counts)
    within: Counts = np.arange(ends[-1]) - np.repeat(ends - counts, counts)
    return within
