"""What goes on inside a model while it reads: its units, what they follow, where it looks, and how it places tokens.

Units that follow quotes or line ends: Karpathy, Johnson and Li, Visualizing and Understanding Recurrent Networks
(2016).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from gendesk.data.dataset import TextInfo
from gendesk.data.text.tokens import tokenizer_of
from gendesk.engine.plane import Method, laid_out
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.engine.text.writing import opening, spelled, to_model, writer
from gendesk.errors import InputError

MOST = 400
"""Tokens that are looked at; more could not be told apart on a screen."""
PROPERTIES = ("quotes", "brackets", "line ends", "spaces", "digits", "upper case", "place")
"""What units may follow: being inside quotes or brackets, what the token is, and how far the text has come."""
_QUOTES = '"\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}'
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"))

Float32Array = NDArray[np.float32]


@runtime_checkable
class Opens(Protocol):
    """Shows what goes on inside: numbers (length, units) by name for each of the tokens int64 (length,) of a text.

    "attention" is (layers, heads, length, length): how much each token looks at each. Fewer numbers than tokens belong
    to the last ones.
    """

    def insides(self, tokens: Tensor) -> Mapping[str, Tensor]: ...


@runtime_checkable
class Embeds(Protocol):
    """Has a place for every token: (vocabulary, width)."""

    def embedding(self) -> Tensor: ...


@dataclass(frozen=True, eq=False)
class Inside:
    """A text in pieces, and numbers float32 (pieces, units) by name, with what each unit follows.

    `follows` has correlations float32 (properties, units) in -1..1, NaN where a property does not vary. `attention` is
    float32 (layers, heads, pieces, pieces) or None.
    """

    pieces: tuple[str, ...]
    values: Mapping[str, Float32Array]
    follows: Mapping[str, Float32Array]
    attention: Float32Array | None


def look_inside(model: Model, text: str) -> Inside:
    """Read a text, of which the last `MOST` tokens count; raises InputError."""
    able = writer(model)
    if not isinstance(model, Opens):
        raise InputError("This model does not show what goes on inside it.")
    tokens = np.array(opening(able.text, text).tokens, np.int64)[-MOST:]
    found = {name: numbers.float().cpu().numpy() for name, numbers in model.insides(to_model(able, tokens)).items()}
    attention = found.pop("attention", None)
    seen = min([len(tokens), *(len(numbers) for numbers in found.values())])
    pieces = _pieces(able.text, tokens.tolist())[-seen:]
    marks = properties_of(pieces)
    follows = {name: correlations(numbers[-seen:], marks) for name, numbers in found.items()}
    return Inside(tuple(pieces), {name: numbers[-seen:] for name, numbers in found.items()}, follows, attention)


def _pieces(info: TextInfo, tokens: Sequence[int]) -> list[str]:
    return spelled(tokenizer_of(info), tokens)


def properties_of(pieces: Sequence[str]) -> Float32Array:
    """Return what holds for each piece of a text: float32 (properties, pieces), in the order of `PROPERTIES`."""
    rows = np.zeros((len(PROPERTIES), len(pieces)), np.float32)
    quoted, depth = False, 0
    for at, piece in enumerate(pieces):
        quoted ^= sum(piece.count(mark) for mark in _QUOTES) % 2 == 1
        depth += sum(piece.count(left) - piece.count(right) for left, right in _PAIRS)
        depth = max(0, depth)
        holds = (
            quoted,
            depth > 0,
            "\n" in piece,
            piece.startswith(" ") or piece.isspace(),
            any(one.isdigit() for one in piece),
            any(one.isupper() for one in piece),
        )
        rows[:-1, at] = holds
    rows[-1] = np.linspace(0, 1, len(pieces))
    return rows


def correlations(values: Float32Array, marks: Float32Array) -> Float32Array:
    """Return Pearson's correlation of units (pieces, units) with properties (properties, pieces), NaN for constants."""
    units = values - values.mean(0)
    known = marks - marks.mean(1, keepdims=True)
    spread = np.linalg.norm(known, axis=1)[:, None] * np.linalg.norm(units, axis=0)[None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(spread > 1e-6, known @ units / spread, np.nan).astype(np.float32)


def held_out_text(model: Model, data: RunData, seed: int) -> str:
    """Return an excerpt of a run's held-out text, always the same one of a seed; raises InputError."""
    info, tokens = writer(model).text, data.text.test
    start = int(np.random.default_rng(seed).integers(0, max(1, len(tokens) - MOST)))
    return "".join(_pieces(info, tokens[start : start + MOST].tolist()))


@dataclass(frozen=True)
class MapWish:
    """The first `most` tokens of the vocabulary, laid out by PCA or, from there, by t-SNE."""

    most: int
    method: Method = "pca"


@dataclass(frozen=True, eq=False)
class TokenPlaces:
    """Tokens in a plane: float32 (tokens, 2); `shares` of the variance that the two directions of PCA hold."""

    texts: tuple[str, ...]
    places: Float32Array
    shares: tuple[float, float]


def embedding_map(model: Model, wish: MapWish) -> TokenPlaces:
    """Lay tokens out in the two directions in which they differ most, or so that neighbours stay neighbours."""
    able = writer(model)
    if not isinstance(model, Embeds):
        raise InputError("This model has no embedding of tokens.")
    spelling = able.text.vocabulary
    chosen = [number for number, token in enumerate(spelling) if token][: wish.most]
    places, shares = laid_out(model.embedding().detach().float().cpu().numpy()[chosen], wish.method)
    tokenizer = tokenizer_of(able.text)
    return TokenPlaces(tuple(tokenizer.spell(number) for number in chosen), places, shares)
