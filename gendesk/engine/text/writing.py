"""Lets a model write: what comes next is drawn token by token, and every token tells how likely it was.

Top-k: Fan, Lewis and Dauphin, Hierarchical Neural Story Generation (2018). Top-p, also called nucleus sampling:
Holtzman and others, The Curious Case of Neural Text Degeneration (2020).
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gendesk.data.dataset import Int32Array, TextInfo
from gendesk.data.text.tokens import UNKNOWN, Tokenizer, tokenizer_of
from gendesk.engine.capabilities import Writes
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

Float64Array = NDArray[np.float64]

ENDED = -1
"""Stands in place of a token where a text has come to its end."""
READ_BACK = 1_000
"""How many tokens of a long beginning are read, or as many as the model can look back at, if they are more."""
MOST_TEXTS, MOST_TOKENS, MOST_PROMPT = 64, 100_000, 20_000
_LONGEST_CHARACTER = 4  # bytes in UTF-8
_BEGINNINGS = ("\n", " ", ".")  # what an empty prompt becomes, where there are no stories


@dataclass(frozen=True)
class Sampling:
    """How one token is drawn. Temperature 0 takes the likeliest; 1 draws as the model says, more is wilder.

    `top_k` leaves only so many of the likeliest tokens, 0 all; `top_p` the fewest that have this probability together.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= 100:
            raise InputError(f"The temperature must be from 0 to 100 (given: {self.temperature:g}).")
        if self.top_k < 0:
            raise InputError(f"Top-k must be 0 or more (given: {self.top_k}).")
        if not 0 < self.top_p <= 1:
            raise InputError(f"Top-p must be above 0 and at most 1 (given: {self.top_p:g}).")


@dataclass(frozen=True)
class Task:
    """What is to be written: `count` texts of at most `length` tokens after a prompt, drawn from `seed`.

    With `stop` a text ends where the next story would begin. Raises InputError for what is out of bounds.
    """

    prompt: str = ""
    length: int = 400
    count: int = 1
    seed: int = 1
    sampling: Sampling = Sampling()
    stop: bool = True

    def __post_init__(self) -> None:
        for name, value, low, high in (
            ("The length", self.length, 1, MOST_TOKENS),
            ("The number of samples", self.count, 1, MOST_TEXTS),
            ("The seed", self.seed, 0, 2**63 - 1),
        ):
            if not low <= value <= high:
                raise InputError(f"{name} must be from {low} to {high:,} (given: {value:,}).")
        if len(self.prompt) > MOST_PROMPT:
            raise InputError(f"The beginning may have {MOST_PROMPT:,} characters (this one has {len(self.prompt):,}).")


@dataclass(frozen=True, eq=False)
class Step:
    """One token of each text: int32 (count,), ENDED where it is over, and the model's own probability of it (count,).

    The probability is that at temperature 1 and without top-k and top-p: how little the model was surprised.
    """

    tokens: Int32Array
    chances: Float64Array


@dataclass(frozen=True)
class Opening:
    """The tokens that a text begins with, and what of it the vocabulary does not have."""

    tokens: tuple[int, ...]
    unknown: tuple[str, ...]


def writer(model: Model) -> Writes:
    """Return a model that can write; raises InputError for any other."""
    if not isinstance(model, Writes):
        raise InputError("This model cannot write.")
    return model


def describe(model: Model, _: object = None) -> TextInfo:
    """Return what the tokens of a model are; raises InputError for one that cannot write."""
    return writer(model).text


def opening(info: TextInfo, prompt: str) -> Opening:
    """Cut a prompt into tokens; an empty one becomes the mark before a story, else the end of a line."""
    tokenizer = tokenizer_of(info)
    tokens = tokenizer.encode(prompt)
    for beginning in (info.mark, *_BEGINNINGS):
        if len(tokens):
            break
        tokens = tokenizer.encode(beginning)
    known = tuple(tokens.tolist()) or (len(info.vocabulary) - 1,)
    return Opening(known, tokenizer.unknown(prompt))


def probabilities(logits: NDArray[np.floating], sampling: Sampling) -> Float64Array:
    """Turn logits (..., vocabulary) into the probabilities that tokens are drawn with, in double precision.

    A logit of minus infinity is a token that cannot come. Raises InputError where no number is left to go by.
    """
    values = np.asarray(logits, np.float64)
    highest = values.max(-1, keepdims=True)
    if not np.isfinite(highest).all():  # also where one is NaN, which the largest then is, too
        raise InputError("The model says nothing any more: its numbers have grown out of all bounds in training.")
    with np.errstate(over="ignore"):
        below = values - highest
        if sampling.temperature > 0:
            below = np.where(below < 0, below / sampling.temperature, 0.0)
        else:
            first = np.arange(values.shape[-1]) == values.argmax(-1)[..., None]
            below = np.where(first, 0.0, -np.inf)
    chances = np.exp(below)
    chances /= chances.sum(-1, keepdims=True)
    return _cut(chances, sampling)


def _cut(chances: Float64Array, sampling: Sampling) -> Float64Array:
    """Leave only the likeliest tokens, which share out the rest; of equal ones the first in the vocabulary."""
    size = chances.shape[-1]
    kept = min(sampling.top_k or size, size)
    if kept == size and sampling.top_p >= 1:
        return chances
    order = np.argsort(-chances, axis=-1, kind="stable")
    ranked = np.take_along_axis(chances, order, -1)
    ranked[..., kept:] = 0
    ranked /= ranked.sum(-1, keepdims=True)
    if sampling.top_p < 1:
        before = np.cumsum(ranked, -1) - ranked
        ranked[before >= sampling.top_p] = 0
        ranked /= ranked.sum(-1, keepdims=True)
    left = np.zeros_like(chances)
    np.put_along_axis(left, order, ranked, -1)
    return left


def write(model: Model, task: Task) -> Iterator[Step]:
    """Yield the tokens of `task.count` texts, one of each at a time, until all are over; raises InputError."""
    return write_after(model, opening(writer(model).text, task.prompt).tokens, task)


def write_after(model: Model, begun: Sequence[int], task: Task) -> Iterator[Step]:
    """Yield what a task writes after the tokens `begun`, whatever its prompt; raises InputError.

    Every text has random numbers of its own, so that it is the same alone and among others. What stands for nothing,
    such as the padding of words, is never drawn.
    """
    able = writer(model)
    dice = [np.random.default_rng([task.seed, number]) for number in range(task.count)]
    mute = [number for number, token in enumerate(able.text.vocabulary) if not token]
    mark = able.text.vocabulary.index(able.text.mark) if task.stop and able.text.mark in able.text.vocabulary else ENDED
    last = np.full(task.count, begun[-1], np.int32)
    over = np.zeros(task.count, np.bool_)
    recent = np.array(begun, np.int64)[-max(READ_BACK, able.context) :]
    logits, state = read_in(able, np.tile(recent, (task.count, 1)), able.begin(task.count))
    for written in range(task.length):
        if written:
            logits, state = read_in(able, last[:, None].astype(np.int64), state)
        logits[:, mute] = -np.inf
        drawn = _draw(probabilities(logits, task.sampling), dice)
        over |= (drawn == mark) & (last != mark)
        if over.all():
            return
        chances = np.take_along_axis(probabilities(logits, Sampling()), drawn[:, None], -1)[:, 0]
        yield Step(np.where(over, ENDED, drawn).astype(np.int32), np.where(over, 0.0, chances))
        last = drawn


def read_in(able: Writes, tokens: NDArray[np.int64], state: object) -> tuple[NDArray[np.float64], object]:
    """Let a model read tokens (count, length): logits (count, vocabulary) of what comes next, and its new state."""
    with torch.inference_mode():
        logits, after = able.advance(to_model(able, tokens), state)
        return logits.double().cpu().numpy(), after


def to_model(able: Writes, tokens: NDArray[np.integer]) -> Tensor:
    """Return tokens as int64 on the device where a model is."""
    weight = next(able.parameters(), None) if isinstance(able, nn.Module) else None
    return torch.tensor(tokens, dtype=torch.int64, device=None if weight is None else weight.device)


def _draw(chances: Float64Array, dice: Sequence[np.random.Generator]) -> Int32Array:
    """Draw a token of each row of probabilities (count, vocabulary)."""
    heights = np.cumsum(chances, -1)
    drawn = [np.searchsorted(row, die.random() * row[-1], side="right") for row, die in zip(heights, dice, strict=True)]
    return np.array(drawn, np.int32)


class Speller:
    """Spells tokens one after the other behind a text that ends in `before`.

    Where several tokens spell one character, as byte pairs may, the last of them brings it.
    """

    def __init__(self, tokenizer: Tokenizer, before: str = "") -> None:
        self._tokenizer = tokenizer
        self._before = before
        self._open: list[int] = []

    def add(self, token: int) -> str:
        """Return what a token adds to the text."""
        self._open.append(token)
        alone = len(self._open) == 1
        text = self._tokenizer.spell(token, self._before) if alone else self._tokenizer.decode(self._open)
        cut = UNKNOWN in text and UNKNOWN not in self._tokenizer.vocabulary[token]
        if cut and len(self._open) < _LONGEST_CHARACTER:
            return ""
        self._before, self._open = text or self._before, []
        return text

    def rest(self) -> str:
        """Return what is left where a text breaks off within a character."""
        text = self._tokenizer.decode(self._open) if self._open else ""
        self._open = []
        return text


def spelled(tokenizer: Tokenizer, tokens: Sequence[int], before: str = "") -> list[str]:
    """Return what each token adds to a text that ends in `before`."""
    speller = Speller(tokenizer, before)
    texts = [speller.add(token) for token in tokens]
    if texts:
        texts[-1] += speller.rest()
    return texts


def written(model: Model, task: Task) -> list[str]:
    """Return the texts of a task, without the prompt; raises InputError."""
    info = writer(model).text
    tokens = np.array([step.tokens for step in write(model, task)], np.int32).reshape(-1, task.count).T
    tokenizer = tokenizer_of(info)
    kept = ([int(token) for token in itertools.takewhile(lambda one: one != ENDED, row)] for row in tokens)
    return ["".join(spelled(tokenizer, row, task.prompt)) for row in kept]
