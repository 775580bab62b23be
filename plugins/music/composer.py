"""What all networks of the family have in common: they read rows of tokens, and compose by drawing the next ones."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from gendesk.data.dataset import Int32Array, Int64Array, ScoreInfo
from gendesk.engine.capabilities import Composed, Composing
from gendesk.engine.music.composing import with_steps
from gendesk.engine.recipe import Model
from gendesk.engine.text.writing import Float64Array, Sampling, probabilities
from gendesk.music.score import Note, Score


class Composer(Model):
    """Has the capability Composes.

    A window is `window` rows of tokens; the network foretells what follows each of the last `foretold` of them.
    """

    parts = 1

    def __init__(self, info: ScoreInfo, window: int, foretold: int) -> None:
        super().__init__()
        self.music = info
        self.window = window
        self.foretold = foretold

    @property
    @abstractmethod
    def body(self) -> nn.Module:
        """The inner layers, between what stands for tokens and what turns values into logits."""

    @abstractmethod
    def read(self, tokens: Tensor) -> tuple[Tensor, ...]:
        """Return what follows the last `foretold` rows of tokens int64 (count, length, parts), or all if they are less.

        For each part logits (count, places, vocabulary).
        """

    @abstractmethod
    def encode(self, score: Score) -> Int32Array:
        """Return the tokens of a piece (events, parts), without the start before it."""

    def unspelt(self, score: Score) -> float:  # noqa: ARG002 (for networks that cannot spell everything)
        """Return how many nats it would take to tell what the tokens of a piece leave out."""
        return 0.0

    @abstractmethod
    def moved(self, shifts: range) -> Int64Array:
        """Return what each token of the first part becomes, moved by so many semitones: (shifts, vocabulary)."""

    @abstractmethod
    def heard(self, score: Score) -> Score:
        """Return a piece as the network reads it."""

    @abstractmethod
    def compose(
        self, begun: Score | None, composing: Composing, random: np.random.Generator, *, looks: bool = False
    ) -> Iterator[Composed]: ...

    @abstractmethod
    def follow(self, score: Score, *, looks: bool = False) -> Iterator[Composed]: ...

    def joined(self, begun: Score | None, steps: Sequence[Composed]) -> Score:
        return with_steps(self.heard(begun or Score()), steps)

    def tensor(self, tokens: Int32Array) -> Tensor:
        """Return tokens as int64 where the network is."""
        return torch.from_numpy(tokens.astype(np.int64)).to(next(self.parameters()).device)


def drawn(
    logits: Float64Array, temperature: float, random: np.random.Generator, never: Sequence[int] = ()
) -> tuple[int, float]:
    """Draw a token of logits (vocabulary,), none of `never`; and the model's own probability of it, at temperature 1.

    Raises InputError if the logits are no numbers.
    """
    open_ones = logits.copy()
    open_ones[list(never)] = -np.inf
    heights = np.cumsum(probabilities(open_ones, Sampling(temperature)))
    token = int(np.searchsorted(heights, random.random() * heights[-1], side="right"))
    return token, float(probabilities(logits, Sampling())[token])


def notes_at(pitches: Sequence[int], start: float, length: float, velocity: int) -> tuple[tuple[int, Note], ...]:
    """Return notes of the first track that begin together."""
    return tuple((0, Note(start, pitch, length, velocity)) for pitch in pitches)
