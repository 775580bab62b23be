"""Planes through a latent space of any size, and the walks on which a point goes by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gendesk.engine.capabilities import Decodes
from gendesk.engine.latent.survey import Codes, draw_codes
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

_TURN_SECONDS = 2.0  # how long a walk roughly keeps its course
_PARALLEL = 1e-3  # anchors whose lines differ by less than this share of their length span no plane


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane of the latent space: `origin` (latent_size,) and `axes` (2, latent_size), orthonormal rows."""

    origin: Codes
    axes: Codes

    def places_of(self, codes: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return where codes (count, latent_size) lie when looked at along all other directions, (count, 2)."""
        places: NDArray[np.float64] = (np.asarray(codes, np.float64) - self.origin) @ self.axes.T
        return places

    def moved(self, code: NDArray[np.floating], places: NDArray[np.floating]) -> Codes:
        """Bring a code (latent_size,) to places (count, 2) of the plane, all else of it unchanged."""
        codes: Codes = (code + (places - self.places_of(code[None])) @ self.axes).astype(np.float32)
        return codes

    def equals(self, other: "Plane") -> bool:
        """Return whether both have the same origin and axes."""
        return bool(np.array_equal(self.origin, other.origin) and np.array_equal(self.axes, other.axes))

    def rest(self, code: NDArray[np.floating]) -> Codes:
        """Return what a code (latent_size,) has beside its place on the plane, (latent_size,)."""
        (rest,) = self.moved(code, np.zeros((1, 2)))
        return np.asarray(rest, np.float32)


def dimensions_plane(latent_size: int, across: int, up: int) -> Plane:
    """Return the plane of two different dimensions; raises InputError for one and the same."""
    if across == up:
        raise InputError("A plane needs two different dimensions.")
    return Plane(np.zeros(latent_size, np.float32), np.eye(latent_size, dtype=np.float32)[[across, up]])


def principal_plane(components: Codes) -> Plane:
    """Return the plane of the first two rows of `components` (at least 2, latent_size), through the origin."""
    return Plane(np.zeros(components.shape[1], np.float32), components[:2])


def anchor_plane(anchors: NDArray[np.floating]) -> Plane:
    """Return the plane through three codes (3, latent_size): the first is its origin, the second lies to the right.

    The third lies above the line through both. Raises InputError for three codes in a line.
    """
    first, second, third = np.asarray(anchors, np.float64)
    right = _unit(second - first, float(np.abs(second).max()))
    aside = third - first
    up = _unit(aside - (aside @ right) * right, float(np.linalg.norm(aside)))
    return Plane(first.astype(np.float32), np.stack([right, up]).astype(np.float32))


def _unit(vector: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    length = float(np.linalg.norm(vector))
    if length <= _PARALLEL * scale:
        raise InputError("These three codes lie in a line; choose other anchors.")
    return vector / length


@dataclass(frozen=True)
class Draw:
    """`count` random codes from a seed."""

    count: int
    seed: int


def draw(model: Model, wanted: Draw) -> Codes:
    """Return random codes (count, latent_size) from the model's prior; raises InputError if it does not decode."""
    if not isinstance(model, Decodes):
        raise InputError("This model has no latent space to walk in.")
    return draw_codes(model, wanted.count, wanted.seed)


class Wandering:
    """A smooth random walk that never leaves the prior.

    In units of the prior, code z and velocity v are both N(0, I). Going along the great circle through z and v keeps
    that (the exact flow of a Gaussian), and so does turning v a little, v' = rho v + sqrt(1 - rho^2) e with e from
    N(0, I) (Horowitz 1991, A generalized guided Monte Carlo algorithm).
    """

    def __init__(self, code: NDArray[np.floating], spread: Codes, seed: int) -> None:
        """Begin at `code` (latent_size,); `spread` (count, latent_size) are draws from the prior, for its scales."""
        self._random = np.random.default_rng(seed)
        self._mean, self._deviation = spread.mean(0), np.maximum(spread.std(0), 1e-6)
        self._code = (code - self._mean) / self._deviation
        self._velocity = self._random.standard_normal(len(code))

    def step(self, seconds: float, speed: float) -> Codes:
        """Go on for some seconds at `speed`, deviations of the prior per second; return the code (latent_size,)."""
        angle, kept = seconds * speed, np.exp(-seconds * speed / _TURN_SECONDS)
        code, velocity = self._code, self._velocity
        self._code = np.cos(angle) * code + np.sin(angle) * velocity
        turned = np.cos(angle) * velocity - np.sin(angle) * code
        self._velocity = kept * turned + np.sqrt(1 - kept**2) * self._random.standard_normal(len(code))
        gone: Codes = (self._mean + self._deviation * self._code).astype(np.float32)
        return gone


class Circling:
    """A walk around a circle of a plane."""

    def __init__(self, center: Sequence[float], place: NDArray[np.floating], least: float = 1.0) -> None:
        """Begin at `place` (2,); a place nearer to the centre than `least` begins on a circle of that radius."""
        self._center = np.asarray(center, np.float64)
        aside = np.asarray(place, np.float64) - self._center
        self._radius = max(least, float(float(np.linalg.norm(aside))))
        self._angle = float(np.arctan2(aside[1], aside[0]))

    def step(self, seconds: float, speed: float) -> NDArray[np.float64]:
        """Go on for some seconds at `speed`, lengths of the plane per second; return the place (2,)."""
        self._angle += seconds * speed / self._radius
        return self._center + self._radius * np.array([np.cos(self._angle), np.sin(self._angle)])
