"""Directions of a latent space: unit vectors that stand for something, added to a code to get more or less of it.

After Foster, Generative Deep Learning, 1st edition, chapter 3, "Latent space arithmetic" (attribute vectors), and
Chollet, Deep Learning with Python, section 8.4.1 (concept vectors).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gendesk.data.dataset import UInt8Array
from gendesk.engine.inference import decode, encode
from gendesk.engine.latent.planes import Draw, draw
from gendesk.engine.latent.survey import Codes, Survey
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

_NOTHING = 1e-4  # of a unit vector: what is left of one that others explain
_SHORTEST = 1e-6  # a difference of means that is no longer has no direction


class Kind(StrEnum):
    """Where a direction comes from."""

    ATTRIBUTE = "attribute"
    GROUPS = "groups"
    PRINCIPAL = "principal"
    DECODER = "decoder"


@dataclass(frozen=True)
class LogLine:
    """The means after one more batch: how many pictures they stand for, and how far the batch has moved them.

    `moved_with` and `moved_without` are distances in units of the code, `length` that between both means.
    """

    positives: int
    negatives: int
    moved_with: float
    moved_without: float
    length: float

    @property
    def pictures(self) -> int:
        return self.positives + self.negatives

    @property
    def moved(self) -> float:
        """How far both means together have moved."""
        return self.moved_with + self.moved_without


@dataclass(frozen=True)
class Direction:
    """A unit vector (latent_size,) with a name; immutable all through, so that undo can keep it.

    For a difference of means: how many pictures have been with and without, the `length` before normalising, and the
    `log` of how the means settled. For a component: the `share` of the variance along it, in [0, 1].
    `step` is how many steps the model had been trained when it was found, -1 where that is not known: the codes of a
    model that has been trained further mean something else. `source` says what it was found from, so that it can be
    found again: the `source` of a Trait, the number of a component from 1, "" for groups of pictures.
    """

    name: str
    kind: Kind
    vector: tuple[float, ...]
    positives: int = 0
    negatives: int = 0
    length: float = 0.0
    share: float = 0.0
    log: tuple[LogLine, ...] = ()
    step: int = -1
    source: str = ""

    def is_stale(self, step: int) -> bool:
        """Return whether it was found on another state than that of `step`."""
        return self.step not in (-1, step)

    @cached_property
    def array(self) -> Codes:
        """The vector, float32 (latent_size,); kept, because a drag asks for it again and again."""
        return np.array(self.vector, np.float32)


@dataclass(frozen=True, eq=False)
class Groups:
    """Two groups of pictures that a person has chosen.

    `codes_with` and `codes_without` (count, latent_size) are of pictures whose codes are known; the others come as
    uint8 (count, height, width, channels), to be encoded.
    """

    name: str
    codes_with: Codes
    codes_without: Codes
    pictures_with: UInt8Array
    pictures_without: UInt8Array


def between(model: Model, groups: Groups) -> Direction:
    """Return the direction from the second group to the first; raises InputError where there is none."""
    sides = []
    for codes, pictures in (
        (groups.codes_with, groups.pictures_with),
        (groups.codes_without, groups.pictures_without),
    ):
        sides.append(np.concatenate([codes, encode(model, pictures)]) if len(pictures) else codes)
    if not all(map(len, sides)):
        raise InputError("Both groups need at least one picture.")
    mean_with, mean_without = (side.mean(0, dtype=np.float64) for side in sides)
    vector, length = unit(mean_with - mean_without)
    return Direction(groups.name, Kind.GROUPS, vector, len(sides[0]), len(sides[1]), length)


def drawn_pictures(model: Model, wanted: Draw) -> tuple[Codes, UInt8Array]:
    """Return random codes (count, latent_size) and what they look like; raises InputError for what cannot decode."""
    codes = draw(model, wanted)
    return codes, decode(model, codes)


def principal(survey: Survey, number: int, name: str) -> Direction:
    """Return the direction along which real codes spread most (0), second most (1), and so on."""
    vector, _ = unit(survey.components[number])
    share = float(survey.variances[number] / max(float(survey.variances.sum()), 1e-12))
    return Direction(name, Kind.PRINCIPAL, vector, share=share, step=survey.step, source=str(number + 1))


def unit(difference: NDArray[np.floating]) -> tuple[tuple[float, ...], float]:
    """Return a vector (latent_size,) at unit length, and the length that it had; raises InputError for one of 0."""
    length = float(np.linalg.norm(difference))
    if not length > _SHORTEST:
        raise InputError("Both groups have the same mean code, so no direction leads from one to the other.")
    return tuple(np.asarray(difference / length, np.float32).tolist()), length


def vectors(directions: Sequence[Direction], latent_size: int) -> Codes:
    """Return the unit vectors as rows, (count, latent_size)."""
    return np.array([one.array for one in directions], np.float32).reshape(len(directions), latent_size)


def leaving_alone(rows: Codes, kept: Sequence[bool]) -> Codes:
    """Return unit rows (count, latent_size) of which none that is not kept moves a code along one that is.

    What a row shares with the span of the kept ones is taken away, and the rest brought to unit length again; a row of
    which nothing is left becomes zero. Kept rows stay as they are.
    """
    chosen = np.array(kept, bool)
    if not chosen.any() or chosen.all():
        return rows
    # Kept rows may be nearly the same: the basis of their span leaves out what is only rounding.
    _, sizes, basis = np.linalg.svd(rows[chosen].astype(np.float64), full_matrices=False)
    basis = basis[sizes > _NOTHING]
    rest = rows - (rows @ basis.T) @ basis
    lengths = np.linalg.norm(rest, axis=1, keepdims=True)
    rest = np.where(lengths > _NOTHING, rest / np.maximum(lengths, _NOTHING), 0)
    return np.where(chosen[:, None], rows, rest).astype(np.float32)


def cosines(rows: Codes) -> NDArray[np.float32]:
    """Return the cosine of the angle between all rows (count, latent_size) of length 1 or 0, (count, count)."""
    return np.asarray(np.clip(rows @ rows.T, -1, 1), np.float32)
