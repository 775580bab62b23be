"""What the orchestra console does: two sets of vectors of noise, a mixture of both, and the music that comes of them.

Experiments: Foster, Generative Deep Learning (1st edition), chapter 7, figure 7.16.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol, Self, runtime_checkable

import numpy as np
import numpy.typing as npt
import torch
from torch import Generator, Tensor

from gendesk.engine.music.excerpts import VOICE_NAMES, Cut
from gendesk.engine.recipe import Model
from gendesk.errors import InputError
from gendesk.music.tokens.grid_view import Int8Array

FIVE = 5.0
"""What the book sets all numbers of a vector to, to hear what it does: far from what is ever drawn."""

PARTS = (
    "Chords",
    "Style",
    *(f"{name}, melody" for name in VOICE_NAMES),
    *(f"{name}, groove" for name in VOICE_NAMES),
)
"""The vectors of noise, in their order."""

Float32Array = npt.NDArray[np.float32]


@runtime_checkable
class Orchestra(Protocol):
    """Makes music from noise (batch, parts, size): (batch, bars, steps, pitches, voices), the loudest pitch sounds.

    The parts are those of `PARTS`; `cut` says of what bars of pieces it has learnt.
    """

    size: int
    parts: int
    cut: Cut

    def random_codes(self, count: int, generator: Generator) -> Tensor: ...

    def perform(self, noise: Tensor) -> Tensor: ...

    def judge(self, music: Tensor) -> Tensor: ...


@dataclass(frozen=True, eq=False)
class Console:
    """Vectors A and B float32 (parts, size), how far each part stands from A towards B, and which parts are locked.

    Where `mix` (parts,) is 0 a part is exactly that of A, where it is 1 exactly that of B. What is locked stays as it
    is: every change leaves it out. `seed` is the one that the first vectors were drawn with.
    """

    a: Float32Array
    b: Float32Array
    mix: tuple[float, ...]
    locked: frozenset[int] = frozenset()
    seed: int = 0

    @classmethod
    def drawn(cls, seed: int, size: int) -> Self:
        """Draw A and B from N(0, 1), and stand at A."""
        both = np.random.default_rng(seed).standard_normal((2, len(PARTS), size), np.float32)
        return cls(both[0], both[1], (0.0,) * len(PARTS), seed=seed)

    @property
    def noise(self) -> Float32Array:
        """The mixture that is played, (parts, size)."""
        share = np.array(self.mix, np.float32)[:, None]
        return np.where(share == 0, self.a, np.where(share == 1, self.b, self.a + share * (self.b - self.a)))

    def rerolled(self, parts: Iterable[int], seed: tuple[int, ...]) -> Self:
        """Draw new vectors B for parts, and go there."""
        rng = np.random.default_rng(seed)
        return self._with_b({part: rng.standard_normal(self.a.shape[1:], np.float32) for part in parts})

    def with_fives(self, part: int) -> Self:
        """Set all numbers of a vector B to 5, and go there."""
        return self._with_b({part: np.full(self.a.shape[1], FIVE, np.float32)})

    def moved(self, part: int, share: float) -> Self:
        """Place a part between A (0) and B (1)."""
        return replace(self, mix=self._mixed({part} - self.locked, share))

    def all_moved(self, share: float) -> Self:
        """Place all parts that are not locked between A (0) and B (1)."""
        return replace(self, mix=self._mixed(set(range(len(self.mix))) - self.locked, share))

    def kept(self) -> Self:
        """Take what is played as A, from which to go on; also what is locked, which sounds the same."""
        noise = self.noise
        ends = np.array(self.mix)[:, None] == 1
        # What stood at B keeps its way back: A and B change places there.
        return replace(self, a=noise, b=np.where(ends, self.a, self.b), mix=(0.0,) * len(self.mix))

    def with_lock(self, part: int, *, locked: bool) -> Self:
        return replace(self, locked=self.locked | {part} if locked else self.locked - {part})

    def _with_b(self, vectors: dict[int, Float32Array]) -> Self:
        free = {part: vector for part, vector in vectors.items() if part not in self.locked}
        b = self.b.copy()
        for part, vector in free.items():
            b[part] = vector
        return replace(self, b=b, mix=self._mixed(free, 1.0))

    def _mixed(self, parts: Iterable[int], share: float) -> tuple[float, ...]:
        chosen = set(parts)
        return tuple(share if part in chosen else old for part, old in enumerate(self.mix))


@dataclass(frozen=True, eq=False)
class Performance:
    """The pitches int8 [bars, 16, 4] of A, of B, and of the mixture.

    `equal` tells for each voice whether the network has given the same numbers for the mixture as for A, to the bit.
    """

    a: Int8Array
    b: Int8Array
    mix: Int8Array
    equal: tuple[bool, ...]


def size_of(model: Model, _: object = None) -> int:
    """Return the length of a vector; raises InputError for a model without an orchestra."""
    return orchestra_of(model).size


def perform(model: Model, console: Console) -> Performance:
    """Play what a console says. Each piece is made alone, so that what two have in common is equal to the bit."""
    a, mix = _music(model, console.a), _music(model, console.noise)
    equal = tuple((a == mix).flatten(0, -2).all(0).tolist())
    return Performance(_pitches(a), played(model, console.b), _pitches(mix), equal)


def played(model: Model, noise: Float32Array) -> Int8Array:
    """Return the pitches int8 [bars, 16, 4] of one set of vectors (parts, size)."""
    return _pitches(_music(model, noise))


def orchestra_of(model: Model) -> Orchestra:
    """Return the model as what it is; raises InputError for one without an orchestra."""
    if not isinstance(model, Orchestra):
        raise InputError("This model has no orchestra; open a run of MuseGAN.")
    return model


def _music(model: Model, noise: Float32Array) -> Tensor:
    """Return the numbers (bars, steps, pitches, voices) of which the largest sounds."""
    device = next(model.parameters()).device
    return orchestra_of(model).perform(torch.from_numpy(noise)[None].to(device))[0]


def _pitches(music: Tensor) -> Int8Array:
    return np.asarray(music.argmax(2).to(torch.int8).cpu().numpy())
