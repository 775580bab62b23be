"""Windows of pieces in a seeded order that a checkpoint can continue anywhere, moved through the keys by lot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from gendesk.data.dataset import Int32Array, Int64Array
from gendesk.errors import InputError

START = 0
"""The token, of a row's first part, that stands before every piece and behind the last."""


@dataclass(frozen=True)
class Row:
    """Pieces one behind the other: tokens int32 (length, parts), and `spans` [first, last] of what is to foretell.

    Those of padded pieces reach from a piece's first token to the start that is its end. Of others, `starts` are the
    places of the starts behind which there is enough for a window.
    """

    tokens: Int32Array
    spans: tuple[tuple[int, int], ...]
    starts: tuple[int, ...] = ()

    @property
    def targets(self) -> int:
        """How many tokens there are to foretell."""
        return sum(last - first + 1 for first, last in self.spans)


def row_of(pieces: Sequence[Int32Array], window: int, *, padded: bool) -> Row:
    """Lay tokens (events, parts) of pieces in a row, starts between them.

    Padded, each has as many starts before it as a window is long, so that a window never holds two pieces. Else there
    is one, windows go on from piece to piece, and what stands before the first whole window is only read.
    """
    parts = pieces[0].shape[1] if pieces else 1
    start = np.full((window if padded else 1, parts), START, np.int32)
    rows: list[Int32Array] = []
    spans = []
    place = 0
    for piece in pieces:
        rows += [start, piece]
        place += len(start) + len(piece)
        spans.append((place - len(piece), place))
    tokens = np.concatenate([*rows, start[:1]])
    if padded:
        return Row(tokens, tuple(spans))
    starts = [first - 1 for first, _ in spans if first - 1 + window <= place]
    return Row(tokens, ((window, place),) if place >= window else (), tuple(starts))


def gather(tokens: Int32Array, ends: Int64Array, length: int, device: torch.device) -> Tensor:
    """Return the windows of `length` rows that end at `ends`: int64 (count, length, parts)."""
    chosen = tokens[ends[:, None] + np.arange(1 - length, 1)]
    return torch.from_numpy(chosen).to(device, torch.int64)


class Windows:
    """Endless batches of windows, each one row longer than the network reads.

    Every epoch foretells each token once, or a few twice: windows end `stride` apart from a random place on in each
    piece, and at its end. Where they go on from piece to piece, one more begins at each start, because a piece that is
    composed begins there, with nothing before it. Their order, and by which row of `moved` the first parts are
    replaced, follow from the seed and the epoch.
    """

    def __init__(self, row: Row, window: int, stride: int, batch_size: int, seed: int, moved: Int64Array) -> None:
        """`moved`, (shifts, vocabulary), says what each token becomes. Raises InputError without a single window."""
        if not row.spans:
            raise InputError(
                f"All pieces together have {len(row.tokens):,} events to train on, too few for windows of {window:,}; "
                "make the window smaller, or use more pieces."
            )
        self._row, self._length, self._stride = row, window + 1, stride
        self._seed, self._moved = seed, moved
        self._epoch = self._taken = 0
        self._ends, self._shifts = self._order(0)
        self._batch_size = min(batch_size, len(self._ends))
        self.per_epoch = -(-len(self._ends) // self._batch_size)

    @property
    def batch_size(self) -> int:
        return self._batch_size

    def next(self, device: torch.device) -> Tensor:
        """Return tokens int64 (batch, window + 1, parts); the last batch of an epoch may be smaller."""
        if self._taken >= len(self._ends):
            self._epoch, self._taken = self._epoch + 1, 0
            self._ends, self._shifts = self._order(self._epoch)
        chosen = slice(self._taken, self._taken + self._batch_size)
        self._taken += len(self._ends[chosen])
        tokens = self._row.tokens[self._ends[chosen, None] + np.arange(1 - self._length, 1)].astype(np.int64)
        tokens[..., 0] = self._moved[self._shifts[chosen, None], tokens[..., 0]]
        return torch.from_numpy(tokens).to(device)

    def _order(self, epoch: int) -> tuple[Int64Array, Int64Array]:
        random = np.random.default_rng([self._seed, epoch])
        offsets = random.integers(self._stride, size=len(self._row.spans))
        inside = [
            np.append(np.arange(first + offset, last, self._stride), last)
            for (first, last), offset in zip(self._row.spans, offsets, strict=True)
        ]
        ends = np.concatenate([*inside, np.array(self._row.starts, np.int64) + self._length - 1])
        random.shuffle(ends)
        return ends, random.integers(len(self._moved), size=len(ends))

    def state(self) -> dict[str, int]:
        return {"epoch": self._epoch, "taken": self._taken}

    def load_state(self, state: dict[str, int]) -> None:
        self._epoch, self._taken = state["epoch"], state["taken"]
        self._ends, self._shifts = self._order(self._epoch)


def held_out(row: Row, counted: int, most: int) -> tuple[Int64Array, Int64Array]:
    """Return where windows end that foretell each token once, the last `counted` of a window at most, and how many.

    They are spread evenly where there would be more than `most` tokens.
    """
    pairs = np.array(list(_ends(row, counted)), np.int64).reshape(-1, 2)
    wanted = max(1, most // counted)
    if len(pairs) > wanted:
        pairs = pairs[np.linspace(0, len(pairs) - 1, wanted).astype(np.int64)]
    return pairs[:, 0], pairs[:, 1]


def _ends(row: Row, counted: int) -> Iterator[tuple[int, int]]:
    for first, last in row.spans:
        for place in range(first, last + 1, counted):
            end = min(place + counted - 1, last)
            yield end, end - place + 1
