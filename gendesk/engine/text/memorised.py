"""What a model has learnt by heart: the longest passage of a text that stands word for word in what it was trained on.

All passages of one length are compared at once by a rolling hash (Karp and Rabin, 1987), modulo 2**64; the length is
found by halving, because a passage that is found has all its parts found, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gendesk.data.dataset import Int32Array
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData

UInt64Array = NDArray[np.uint64]
_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_INVERSE = pow(_BASE, -1, 2**64)
_BITS = 18
_BLOCK = 2_000_000  # tokens of the corpus at a time, about 60 MB of numbers


@dataclass(frozen=True)
class Passage:
    """Tokens `start` to `start + length` of a text, which stand at `place` of the corpus; length 0 for none at all."""

    start: int = 0
    length: int = 0
    place: int = 0


def longest_passage(text: Int32Array, corpus: Int32Array) -> Passage:
    """Return the longest passage of a text that stands in a corpus, the first one of several."""
    best = Passage()
    if not len(text):
        return best
    for begin in range(0, len(corpus), _BLOCK):
        # Blocks overlap by the longest passage that there can be.
        block = np.asarray(corpus[begin : begin + _BLOCK + len(text)])
        found = _longest_in(text, block, best.length)
        if found.length > best.length:
            best = Passage(found.start, found.length, begin + found.place)
    return best


def _longest_in(text: Int32Array, block: Int32Array, least: int) -> Passage:
    """Return the longest passage of more than `least` tokens, or an empty one."""
    sums, powers = _sums(text, block)
    best = Passage()
    low, high = least + 1, min(len(text), len(block))
    while low <= high:
        length = (low + high) // 2
        found = next(_matches(text, block, length, sums, powers), None)
        if found is None:
            high = length - 1
        else:
            best, low = found, length + 1
    return best


def _sums(text: Int32Array, block: Int32Array) -> tuple[tuple[UInt64Array, UInt64Array], UInt64Array]:
    """Return the running sums of token times power for text and block, and the inverse powers that undo a place."""
    size = max(len(text), len(block)) + 1
    with np.errstate(over="ignore"):
        ups, downs = (_powers(base, size) for base in (_BASE, _INVERSE))
        both = [
            np.concatenate([np.zeros(1, np.uint64), np.cumsum(_spread(part) * ups[: len(part)])])
            for part in (text, block)
        ]
    return (both[0], both[1]), downs


def _powers(base: int, count: int) -> UInt64Array:
    factors = np.full(count, base, np.uint64)
    factors[0] = 1
    return np.cumprod(factors)


def _spread(tokens: Int32Array) -> UInt64Array:
    """Give every token a large number of its own, so that small neighbours do not cancel each other."""
    mixed = (tokens.astype(np.uint64) + np.uint64(1)) * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(29)
    return mixed * np.uint64(0x94D049BB133111EB)


def _matches(
    text: Int32Array, block: Int32Array, length: int, sums: tuple[UInt64Array, UInt64Array], downs: UInt64Array
) -> Iterator[Passage]:
    """Yield passages of one length; equal hashes are compared token by token."""
    hashes = []
    for running in sums:
        count = len(running) - length
        hashes.append((running[length:] - running[:count]) * downs[:count])
    mine, theirs = hashes
    # The first bits alone rule nearly every place out, in a table that fits into a processor's own memory.
    begins = np.zeros(1 << _BITS, np.bool_)
    begins[mine >> np.uint64(64 - _BITS)] = True
    likely = np.flatnonzero(begins[theirs >> np.uint64(64 - _BITS)])
    places = likely[np.isin(theirs[likely], mine)]
    for place in places.tolist():
        for start in np.flatnonzero(mine == theirs[place]).tolist():
            if np.array_equal(text[start : start + length], block[place : place + length]):
                yield Passage(start, length, place)


@dataclass(frozen=True, eq=False)
class Texts:
    """Written texts in tokens, each int32 (length,)."""

    tokens: tuple[Int32Array, ...]


def memorised(_model: Model, data: RunData, texts: Texts) -> tuple[Passage, ...]:
    """Return the longest passage of each text that stands in the run's training text; raises InputError."""
    corpus = data.text.train
    return tuple(longest_passage(tokens, corpus) for tokens in texts.tokens)
