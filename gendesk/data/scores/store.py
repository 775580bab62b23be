"""Prepared pieces on the disk: a line of JSON for each, where the lines begin, and a description."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self, overload

import numpy as np
from pydantic import ValidationError

from gendesk.data.cache import ArrayFile, write_meta
from gendesk.data.dataset import Int64Array, ScoreDataset, ScoreInfo, SkippedFile, UInt8Array
from gendesk.data.scores.lines import from_line, to_line
from gendesk.music.score import Score

SCHEMA = 1
_PIECES, _STARTS, _META = "pieces.npy", "starts.npy", "meta.json"


@dataclass(frozen=True)
class Facts:
    """What was counted while pieces were prepared.

    `found` pieces were there to choose from. `keys` and `meters` are (name, pieces), the most common first; a key is
    that which a piece names first, or the likeliest where it names none. `ranges` are (lowest, highest) pitch of each
    voice, the top one first, over the pieces with the most voices. `moved` (0..1) is the share of notes that did not
    lie on the grid, `dropped` the notes that found no voice, and `unparted` the pieces in a part that is not used.
    `lengths` are (from, to, pieces) in beats, and `bytes` the room of all pieces on the disk.
    """

    found: int
    keys: tuple[tuple[str, int], ...]
    meters: tuple[tuple[str, int], ...]
    ranges: tuple[tuple[int, int], ...]
    moved: float
    dropped: int
    unparted: int
    lengths: tuple[tuple[float, float, int], ...]
    bytes: int


class Pieces(Sequence[Score]):
    """Some of the pieces of a file, read one by one whenever they are asked for; from any thread."""

    def __init__(self, lines: UInt8Array, starts: Int64Array, order: Int64Array) -> None:
        """`lines` are all bytes; piece n reaches from `starts[n]` to `starts[n + 1]`; `order` are the wanted ones."""
        self._lines = lines
        self._starts = starts
        self._order = order

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, index: int) -> Score: ...
    @overload
    def __getitem__(self, index: slice) -> "Pieces": ...
    def __getitem__(self, index: int | slice) -> "Score | Pieces":
        if isinstance(index, slice):
            return Pieces(self._lines, self._starts, self._order[index])
        number = self._order[index]
        return from_line(self._lines[self._starts[number] : self._starts[number + 1]].tobytes())


class PieceFile:
    """Writes pieces one after the other into a folder."""

    def __init__(self, folder: Path) -> None:
        self.starts = [0]
        self._folder = folder
        self._file = ArrayFile(folder / _PIECES, "|u1")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.__exit__(None, None, None)

    def add(self, score: Score) -> None:
        self._file.append(np.frombuffer(to_line(score), np.uint8))
        self.starts.append(self._file.count)

    def finish(self, order: Int64Array) -> str:
        """Write where the pieces begin, and their order, those to train on first; returns a hash of all lines."""
        table = np.full((2, len(self.starts)), -1, np.int64)
        table[0] = self.starts
        table[1, : len(order)] = order
        np.save(self._folder / _STARTS, table)
        return self._file.finish()


def describe(folder: Path, info: ScoreInfo, skipped: Sequence[SkippedFile], facts: Facts) -> None:
    """Write, last, the description of the pieces in `folder`."""
    meta = {"schema": SCHEMA, "info": info.model_dump(mode="json"), "skipped": [asdict(item) for item in skipped]}
    write_meta(folder / _META, {**meta, "facts": asdict(facts)})


def load(folder: Path) -> tuple[ScoreDataset, Facts] | None:
    """Map prepared pieces; None if there are none, or some that an older gendesk wrote or somebody damaged."""
    try:
        meta = json.loads((folder / _META).read_text(encoding="utf-8"))
        if meta["schema"] != SCHEMA:
            return None
        info = ScoreInfo.model_validate(meta["info"])
        skipped = tuple(SkippedFile(**item) for item in meta["skipped"])
        facts = _facts(meta["facts"])
        lines = np.load(folder / _PIECES, mmap_mode="r", allow_pickle=False)
        starts, order = np.load(folder / _STARTS, allow_pickle=False)
    except (OSError, EOFError, ValueError, KeyError, TypeError, ValidationError):
        return None
    count = info.train_count + info.test_count
    order = order[:count]
    whole = lines.ndim == 1 and lines.dtype == np.uint8 and starts[0] == 0 and starts[-1] == len(lines)
    if not whole or np.diff(starts).min(initial=1) < 1 or len(order) < count:
        return None
    if count and not 0 <= order.min() <= order.max() < len(starts) - 1:
        return None
    train, test = (Pieces(lines, starts, part) for part in (order[: info.train_count], order[info.train_count :]))
    return ScoreDataset(info, train, test, skipped), facts


def _facts(plain: dict[str, Any]) -> Facts:
    pairs = {name: tuple(tuple(pair) for pair in plain[name]) for name in ("keys", "meters", "ranges", "lengths")}
    return Facts(**{**plain, **pairs})
