"""What the steps of a composition tell: tables of pitches and of attention, and how surprising notes can be at best."""

import math
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from gendesk.data.dataset import Float32Array, Int32Array, Int64Array, ScoreDataset
from gendesk.engine.capabilities import Composed
from gendesk.engine.text.writing import Float64Array

from .composer import Composer
from .windows import START

NatsT = TypeVar("NatsT", bound=Any)
"""A number, or a tensor that holds one."""


class Likelihood:
    """Turns nats for each row of held-out tokens into nats for each note, and for each step of the grid."""

    def __init__(self, model: Composer, data: ScoreDataset, tested: Sequence[Int32Array]) -> None:
        """`tested` are the tokens of the held-out pieces; the end of each counts as a row."""
        self._rows = sum(len(piece) + 1 for piece in tested)
        self._notes = max(1, sum(score.note_count for score in data.test))
        self._steps = max(1, sum(math.ceil(score.end * data.info.steps_per_beat) for score in data.test))
        self._unspelt = sum(model.unspelt(score) for score in data.test)

    def of(self, nats: NatsT) -> dict[str, NatsT]:
        """Return `note_nll` and `step_nll`, with what the tokens leave out added."""
        total = nats * self._rows + self._unspelt
        return {"note_nll": total / self._notes, "step_nll": total / self._steps}


def pitch_table(steps: Sequence[Composed]) -> Float32Array:
    """Return how probable each pitch was at each step: float32 (128, steps)."""
    if not steps:
        return np.zeros((128, 0), np.float32)
    return np.stack([step.pitches for step in steps], 1)


def attention_table(steps: Sequence[Composed]) -> Float32Array:
    """Return where each step looked: float32 (rows, steps), whose columns sum to 1.

    Row 0 is what is no step, and row n is step n - 1, counted from the beginning of the piece, which may lie before the
    first of `steps`. Raises ValueError if a step does not know where it looked.
    """
    looks = [step.looks for step in steps if step.looks is not None]
    if len(looks) != len(steps):
        raise ValueError("Steps that were made without attention have none to show.")
    table = np.zeros((max((len(one) for one in looks), default=0), len(looks)), np.float32)
    for column, one in enumerate(looks):
        table[: len(one), column] = one
    return table


def unigram_nats(train: Sequence[Int32Array], test: Sequence[Int32Array], sizes: Sequence[int]) -> float:
    """Return how surprising a token is on average, in nats, if only frequencies are known.

    Tokens are (events, parts) of pieces, foretold part by part, with the start behind each piece that is its end. To
    the frequencies in `train`, one of each of `sizes` tokens is added (Laplace).
    """
    known, asked = _ended(train), _ended(test)
    total = 0.0
    for part, size in enumerate(sizes):
        chances = _shares(known[:, 1, part], size)[asked[:, 1, part]]
        total -= float(np.log(chances).mean())
    return total


def bigram_nats(train: Sequence[Int32Array], test: Sequence[Int32Array], sizes: Sequence[int]) -> float:
    """Return the same if the token before, of the same part, is known, too.

    Pairs that are rare lean on the frequencies: these count as one pair seen (Dirichlet prior, MacKay and Peto 1995).
    """
    known, asked = _ended(train), _ended(test)
    total = 0.0
    for part, size in enumerate(sizes):
        before, after = known[:, 0, part].astype(np.int64), known[:, 1, part]
        shares = _shares(after, size)
        pairs, counts = np.unique(before * size + after, return_counts=True)
        seen = np.bincount(before, minlength=size)
        wanted = asked[:, 0, part].astype(np.int64) * size + asked[:, 1, part]
        places = np.searchsorted(pairs, wanted).clip(max=len(pairs) - 1)
        found = np.where(pairs[places] == wanted, counts[places], 0)
        chances = (found + shares[asked[:, 1, part]]) / (seen[asked[:, 0, part]] + 1)
        total += float(-np.log(chances).mean())
    return total


def _shares(tokens: Int64Array, size: int) -> Float64Array:
    counts = np.bincount(tokens, minlength=size) + 1.0
    shares: Float64Array = counts / counts.sum()
    return shares


def _ended(pieces: Sequence[Int32Array]) -> Int64Array:
    """Return each token behind the one before it, starts around each piece: (events + pieces, 2, parts)."""
    pairs = []
    for piece in pieces:
        start = np.full((1, piece.shape[1]), START, np.int32)
        whole = np.concatenate([start, piece, start]).astype(np.int64)
        pairs.append(np.stack([whole[:-1], whole[1:]], 1))
    return np.concatenate(pairs)
