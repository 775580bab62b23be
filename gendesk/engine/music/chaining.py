"""Longer pieces of a model that makes a few bars at a time: excerpts in a row, of which most vectors are the same."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from gendesk.engine.music.console import PARTS, Console, Float32Array, played
from gendesk.engine.recipe import Model
from gendesk.music.tokens.grid_view import Int8Array

MOST = 16
"""Excerpts of a piece."""

_CHORDS = PARTS.index("Chords")
_MELODIES = tuple(number for number, name in enumerate(PARTS) if name.endswith("melody"))


class Way(StrEnum):
    """How one excerpt differs from the one before."""

    NEW_CHORDS = "new chords"
    NEW_MELODIES = "new melodies"
    CHORDS_TO_B = "chords to B"
    ALL_TO_B = "all to B"


@dataclass(frozen=True, eq=False)
class Plan:
    """The vectors of the excerpts of a piece, one after the other, float32 [excerpts, parts, size]."""

    noise: Float32Array

    @classmethod
    def made(cls, console: Console, way: Way, count: int, seed: tuple[int, ...]) -> "Plan":
        """Plan `count` excerpts, of which the first is what the console plays.

        New chords and new melodies are drawn from N(0, 1) for each excerpt, unless they are locked. "To B" means that
        the vectors walk in equal steps from A, where they begin, to B, where they end; what is locked stays, too.
        """
        noise = np.repeat(console.noise[None], count, 0)
        match way:
            case Way.NEW_CHORDS | Way.NEW_MELODIES:
                chosen = (_CHORDS,) if way is Way.NEW_CHORDS else _MELODIES
                rng = np.random.default_rng(seed)
                drawn = rng.standard_normal((count, *console.a.shape), np.float32)
                for part in set(chosen) - console.locked:
                    noise[1:, part] = drawn[1:, part]
            case Way.CHORDS_TO_B | Way.ALL_TO_B:
                parts = (_CHORDS,) if way is Way.CHORDS_TO_B else range(len(PARTS))
                for place, share in enumerate(np.linspace(0.0, 1.0, count)):
                    at = console
                    for part in parts:
                        at = at.moved(part, float(share))
                    noise[place] = at.noise
        return cls(noise)


def chained(model: Model, plan: Plan) -> Int8Array:
    """Play a plan: the pitches int8 [all bars, 16, 4]. Excerpts with equal vectors are equal to the bit."""
    return np.concatenate([played(model, noise) for noise in plan.noise])
