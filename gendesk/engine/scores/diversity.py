"""How different pictures are from each other, and how sharp they are: to be held against real ones.

A generator that has collapsed makes pictures that hardly differ, and a blurred one makes pictures without fine detail
(Foster, Generative Deep Learning, chapter 4, compares both by eye).
"""

import numpy as np
from numpy.typing import NDArray

from gendesk.data.dataset import UInt8Array
from gendesk.engine.scores.distances import squared_distances

Array = NDArray[np.floating]

_COLUMNS = 4096  # pixels that are sorted at once
_PICTURES = 250  # at once, as floats
_LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)
"""How bright red, green and blue look, Recommendation ITU-R BT.601."""


def pixel_diversity(pictures: UInt8Array) -> float:
    """Return the mean absolute difference of two pictures, in grey levels of 255 per pixel, over all pairs.

    `pictures` are (count, height, width, channels); fewer than 2 give 0. In sorted order the differences of all pairs
    of numbers come to a sum in which each number has a weight by its place, so no pair needs to be looked at.
    """
    count = len(pictures)
    if count < 2:
        return 0.0
    flat = np.asarray(pictures).reshape(count, -1)
    weights = 2.0 * np.arange(count) - (count - 1)
    parts = (flat[:, at : at + _COLUMNS] for at in range(0, flat.shape[1], _COLUMNS))
    total = sum(float(weights @ np.sort(part, axis=0, kind="stable").sum(1, dtype=np.int64)) for part in parts)
    return total / (flat.shape[1] * count * (count - 1) / 2)


def feature_diversity(features: Array) -> float:
    """Return the mean Euclidean distance of two features (count, size), over all pairs; fewer than 2 give 0."""
    count = len(features)
    if count < 2:
        return 0.0
    total = sum(float(squares.sqrt().sum()) for _, squares in squared_distances(features, features))
    return total / (count * (count - 1))


def sharpness(pictures: UInt8Array) -> float:
    """Return the variance of the Laplacian of brightness in 0..1, the mean over pictures (count, h, w, channels).

    The measure of focus of Pech-Pacheco et al., Diatom autofocusing in brightfield microscopy, ICPR 2000. It grows
    with noise as well as with edges. Pictures have at least 3 rows and columns.
    """
    total = 0.0
    for at in range(0, len(pictures), _PICTURES):
        light = _brightness(pictures[at : at + _PICTURES])
        around = light[:, :-2, 1:-1] + light[:, 2:, 1:-1] + light[:, 1:-1, :-2] + light[:, 1:-1, 2:]
        total += float((around - 4 * light[:, 1:-1, 1:-1]).var((1, 2)).sum(dtype=np.float64))
    return total / max(1, len(pictures))


def _brightness(pictures: UInt8Array) -> NDArray[np.float32]:
    values = np.asarray(pictures, np.float32) / 255
    return np.asarray(values @ _LUMINANCE if pictures.shape[3] == 3 else values.mean(3), np.float32)
