"""What the page Directions keeps for undo: the directions, how far each is gone along, and from where."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gendesk.engine.latent.directions import Direction, leaving_alone, vectors
from gendesk.engine.latent.survey import Codes

REACH = 4.0  # units of the code to both sides, as in Foster, figure 3.21


@dataclass(frozen=True)
class Dial:
    """A direction with its strength, in units of the code; what is `kept` is left alone by all others."""

    direction: Direction
    strength: float = 0.0
    kept: bool = False


@dataclass(frozen=True)
class Dials:
    """All directions together lead from `base` to `code`; where the point is elsewhere, they have not been used yet."""

    rows: tuple[Dial, ...] = ()
    base: tuple[float, ...] = ()
    code: tuple[float, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(row.direction.name for row in self.rows)

    @property
    def directions(self) -> tuple[Direction, ...]:
        return tuple(row.direction for row in self.rows)

    def at(self, code: tuple[float, ...]) -> "Dials":
        """Return the dials as they stand for a point: at zero, with the point as base, where others have moved it."""
        if self.code == code:
            return self
        return Dials(tuple(replace(row, strength=0.0) for row in self.rows), code, code)

    def vectors(self) -> Codes:
        """Return what each slider adds for a strength of 1, (directions, latent_size)."""
        return leaving_alone(vectors(self.directions, len(self.code)), [row.kept for row in self.rows])

    def turned(self, index: int, strength: float) -> "Dials":
        """Return the dials with another strength, and the code that they then lead to."""
        return _arrived(self._with_row(index, replace(self.rows[index], strength=strength)))

    def keeping(self, index: int, kept: bool) -> "Dials":
        """Let the others leave a direction alone, or not; their strengths stay, and lead elsewhere."""
        return _arrived(self._with_row(index, replace(self.rows[index], kept=kept)))

    def at_zero(self) -> "Dials":
        """Return to the base."""
        return replace(self, rows=tuple(replace(row, strength=0.0) for row in self.rows), code=self.base)

    def renamed(self, index: int, name: str) -> "Dials":
        """Give a direction another name."""
        row = self.rows[index]
        return self._with_row(index, replace(row, direction=replace(row.direction, name=name)))

    def with_direction(self, direction: Direction) -> "Dials":
        """Add a direction; one of the same name gives its place. The point stays where it is."""
        if direction.name in self.names:
            index = self.names.index(direction.name)
            return _rebased(self._with_row(index, replace(self.rows[index], direction=direction, strength=0.0)))
        return _rebased(replace(self, rows=(*self.rows, Dial(direction))))

    def without(self, index: int) -> "Dials":
        """Remove a direction. The point stays where it is."""
        return _rebased(replace(self, rows=self.rows[:index] + self.rows[index + 1 :]))

    def along(self, index: int, strengths: Sequence[float]) -> Codes:
        """Return the codes (strengths, latent_size) of the present point with other strengths of one direction."""
        # From the base, so that the same pictures are told for every strength of this one.
        start = np.array(self.turned(index, 0.0).code, np.float32)
        return np.asarray(start + np.array(strengths, np.float32)[:, None] * self.vectors()[index], np.float32)

    def _with_row(self, index: int, row: Dial) -> "Dials":
        return replace(self, rows=(*self.rows[:index], row, *self.rows[index + 1 :]))


def _gone(dials: Dials) -> NDArray[np.float32]:
    """Return how far all directions together lead, (latent_size,)."""
    strengths = np.array([row.strength for row in dials.rows], np.float32)
    return np.asarray(strengths @ dials.vectors(), np.float32)


def _arrived(dials: Dials) -> Dials:
    """Go from the base to where the directions lead."""
    return replace(dials, code=tuple((np.array(dials.base, np.float32) + _gone(dials)).tolist()))


def _rebased(dials: Dials) -> Dials:
    """Choose the base so that the point stays."""
    return replace(dials, base=tuple((np.array(dials.code, np.float32) - _gone(dials)).tolist()))
