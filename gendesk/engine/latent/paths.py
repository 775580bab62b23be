"""Ways from point to point of a latent space, and the plain cross-fade of pictures that they are compared with."""

from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gendesk.data.dataset import UInt8Array
from gendesk.engine.capabilities import Decodes
from gendesk.engine.latent.survey import Codes, draw_codes
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

_NO_LENGTH = 1e-6  # relative: what is shorter has no direction that could be trusted


class Way(StrEnum):
    """`linear` goes straight. `spherical` turns the direction evenly, and lets the distance from the origin follow.

    Of codes from N(0, I) in many dimensions nearly all lie at the same distance from the origin; the middle of a
    straight way is nearer to it than any of them, and the decoder has seldom seen such a place.
    """

    LINEAR = "linear"
    SPHERICAL = "spherical"


def path(stops: Codes, steps: int, way: Way) -> Codes:
    """Return the codes of a way through all stops (count, latent_size), with `steps` steps from each to the next.

    They are ((count - 1) * steps + 1, latent_size), and every `steps`-th is a stop itself, unchanged.
    """
    shares = np.arange(steps) / steps
    between = linear if way is Way.LINEAR else spherical
    legs = [between(first, second, shares) for first, second in pairwise(stops)]
    codes = np.concatenate([*legs, stops[-1:]]).astype(np.float32)
    codes[::steps] = stops
    return codes


def linear(first: Codes, second: Codes, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (count, latent_size): the straight way from `first` to `second` (latent_size,), at shares (count,)."""
    part = shares[:, None]
    return (1 - part) * first.astype(np.float64) + part * second.astype(np.float64)


def spherical(first: Codes, second: Codes, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (count, latent_size): the way along an arc around the origin, at shares (count,) in 0..1.

    The direction turns by equal angles (slerp: Shoemake, Animating rotation with quaternion curves, 1985) and the norm
    goes evenly from one to the other. Opposite points are joined by one of the many half circles, always the same one.
    Where the origin itself is an end, or there is but one dimension, nothing can turn, and the way is linear.
    """
    start, end = first.astype(np.float64), second.astype(np.float64)
    norms = np.linalg.norm(start), np.linalg.norm(end)
    if len(start) < 2 or min(norms) <= _NO_LENGTH * max(norms):
        return linear(first, second, shares)
    one, other = start / norms[0], end / norms[1]
    # Precise also for nearly equal and nearly opposite directions, where the arc cosine is not (Kahan).
    angle = 2 * np.arctan2(np.linalg.norm(other - one), np.linalg.norm(other + one))
    across = _perpendicular(one, other)
    turned = np.cos(shares * angle)[:, None] * one + np.sin(shares * angle)[:, None] * across
    lengths = (1 - shares) * norms[0] + shares * norms[1]
    return np.asarray(turned * lengths[:, None])


def _perpendicular(one: NDArray[np.float64], towards: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the unit vector at right angles to `one` that is nearest to `towards`, or any if they are in line."""
    rest = towards - (towards @ one) * one
    if np.linalg.norm(rest) <= _NO_LENGTH:
        axis = np.zeros_like(one)
        axis[np.abs(one).argmin()] = 1
        rest = axis - (axis @ one) * one
    return np.asarray(rest / np.linalg.norm(rest))


def cross_fade(pictures: UInt8Array, steps: int, index: int) -> UInt8Array:
    """Return frame `index` of a fade through pictures uint8 (count, height, width, channels), pixel by pixel.

    It has as many frames as the path of as many stops; those of the stops are the pictures themselves.
    """
    leg, step = divmod(index, steps)
    if step == 0:
        return np.asarray(pictures[leg])
    share = np.float32(step / steps)
    mixed = (1 - share) * pictures[leg].astype(np.float32) + share * pictures[leg + 1].astype(np.float32)
    return np.asarray(np.rint(mixed), np.uint8)


def sampled_code(model: Model, seed: int) -> Codes:
    """Draw one code (latent_size,) from the prior; the same seed draws the same. Raises InputError."""
    if not isinstance(model, Decodes):
        raise InputError("This model cannot decode.")
    return draw_codes(model, 1, seed).ravel()
