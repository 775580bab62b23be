"""What may come next in a text, for those who pick it by hand."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gendesk.data.text.tokens import tokenizer_of
from gendesk.engine.capabilities import Writes
from gendesk.engine.recipe import Model
from gendesk.engine.text.writing import (
    READ_BACK,
    Float64Array,
    Sampling,
    Task,
    probabilities,
    to_model,
    write_after,
    writer,
)

SHOWN = 40
"""How many of the likeliest tokens are told; bars beyond them could not be read."""


@dataclass(frozen=True)
class Look:
    """A text as tokens, to which `added` are added, and the temperature that the second distribution has."""

    tokens: tuple[int, ...]
    added: tuple[int, ...] = ()
    temperature: float = 1.0


@dataclass(frozen=True)
class AutoPick:
    """A text as tokens, to which the model itself adds `count`."""

    tokens: tuple[int, ...]
    count: int
    sampling: Sampling
    seed: int


@dataclass(frozen=True)
class Picked:
    """A token that was added: how likely it was, and how many were at least as likely, 1 for the likeliest."""

    token: int
    chance: float
    rank: int


@dataclass(frozen=True, eq=False)
class Ahead:
    """What may come next: the likeliest tokens int64 (shown,), with their probabilities at temperature 1 and another.

    `entropy` and `weighted_entropy` are in bits, over the whole vocabulary of `size` tokens. `added` are those that
    the text has now beside what it had.
    """

    added: tuple[Picked, ...]
    tokens: NDArray[np.int64]
    texts: tuple[str, ...]
    chances: Float64Array
    weighted: Float64Array
    entropy: float
    weighted_entropy: float
    size: int


def look_ahead(model: Model, look: Look) -> Ahead:
    """Tell what may come after a text with what is added; raises InputError."""
    able = writer(model)
    text = np.array((*look.tokens, *look.added), np.int64)
    logits = read_last(able, text, len(look.added) + 1)
    own = probabilities(logits, Sampling())
    added = tuple(_picked(row, token) for row, token in zip(own[-len(look.added) - 1 : -1], look.added, strict=True))
    chances = own[-1]
    weighted = probabilities(logits[-1], Sampling(look.temperature))
    order = np.argsort(-chances, kind="stable")[:SHOWN]
    tokenizer = tokenizer_of(able.text)
    return Ahead(
        added,
        order,
        tuple(tokenizer.spell(int(token)) for token in order.tolist()),
        chances[order],
        weighted[order],
        entropy_bits(chances),
        entropy_bits(weighted),
        len(chances),
    )


def auto_pick(model: Model, wish: AutoPick) -> Ahead:
    """Let the model add tokens of its own; raises InputError."""
    task = Task(length=wish.count, seed=wish.seed, sampling=wish.sampling, stop=False)
    added = tuple(int(step.tokens[0]) for step in write_after(model, wish.tokens, task))
    return look_ahead(model, Look(wish.tokens, added, wish.sampling.temperature))


def read_last(able: Writes, tokens: NDArray[np.int64], count: int) -> Float64Array:
    """Return the logits (count, vocabulary) after each of the last `count` tokens."""
    recent = tokens[-max(READ_BACK, able.context, count) :]
    return np.asarray(able.read(to_model(able, recent[None]))[0, -count:].double().cpu().numpy())


def entropy_bits(chances: Float64Array) -> float:
    """Return the entropy of probabilities (count,) in bits."""
    some = chances[chances > 0]
    return abs(float((some * np.log2(some)).sum()))


def _picked(chances: Float64Array, token: int) -> Picked:
    return Picked(token, float(chances[token]), int((chances > chances[token]).sum()) + 1)
