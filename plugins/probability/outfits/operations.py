"""What the outfit studio asks of a model: plain values in, numpy arrays and plain values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gendesk.data.dataset import UInt8Array
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

from . import shares
from .models import NaiveBayes, OutfitTable

Kind = Literal["multinomial", "naive-bayes"]
Row = tuple[int, ...]
RANKED = 200
_SAMPLE_SIZE = 128
_LARGE = 512


@dataclass(frozen=True)
class Facts:
    """What is fixed for a run: names, what was counted, and an outfit to begin with.

    `count` is the number of portraits; `start` the outfit that occurs most often, and of those the likeliest under
    naive Bayes. `information` (features, features) holds bits, above the diagonal as measured, below it what chance
    gives.
    """

    titles: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    count: int
    start: Row
    kind: Kind
    pseudo_count: float
    information: NDArray[np.float32]


@dataclass(frozen=True)
class Question:
    """An outfit, the pseudo-count to look at it with, and the model whose bars are shown, given the pinned values."""

    row: Row
    pseudo_count: float
    kind: Kind
    pins: Row


@dataclass(frozen=True)
class Weights:
    """Answers a Question.

    `bars` are the probabilities of each feature's values under the chosen model, given the pins. `factors` are those
    that naive Bayes multiplies for the outfit. `probabilities` and `unseen` (the share of what is not in the table)
    belong to the multinomial as counted, with the pseudo-count, and to naive Bayes with it. `occurs` says how often the
    outfit is in the table, `first` where (from 1; 0 nowhere); `falling` (3, RANKED) are the highest probabilities of
    the three models in falling order. `problem` is a sentence where the pinned values are impossible; the bars are 0
    then.
    """

    bars: tuple[NDArray[np.float32], ...]
    factors: tuple[float, ...]
    probabilities: tuple[float, float, float]
    unseen: tuple[float, float, float]
    occurs: int
    first: int
    falling: NDArray[np.float32]
    problem: str


@dataclass(frozen=True)
class Draw:
    """Asks for outfits from a model, given the pinned values."""

    count: int
    seed: int
    pseudo_count: float
    kind: Kind
    pins: Row


@dataclass(frozen=True)
class Sheet:
    """Drawn outfits: pictures uint8 (count, side, side, 3) and rows of values (count, features).

    `firsts` int64 (count,) tells of which row of the table each is a copy, from 1; 0 is new.
    """

    images: UInt8Array
    rows: NDArray[np.int64]
    firsts: NDArray[np.int64]


def _table(model: Model) -> OutfitTable:
    if not isinstance(model, OutfitTable):
        raise InputError("This model does not count outfits.")
    return model


def facts(model: Model, _: object = None) -> Facts | None:
    """Describe a run, with its mutual information, which takes some milliseconds; None for another recipe's model."""
    if not isinstance(model, OutfitTable):
        return None
    table = model
    rows = table.rows_from(torch.repeat_interleave(table.counts))
    measured = shares.mutual_information(rows, table.sizes)
    chance = shares.shuffled_information(rows, table.sizes, seed=1)
    likeliest = table.counts + shares.naive_bayes(table.counts, table.sizes, 0.0)
    return Facts(
        titles=tuple(attribute.title for attribute in table.attributes),
        values=tuple(attribute.values for attribute in table.attributes),
        count=len(rows),
        start=tuple(table.rows_from(likeliest.argmax()[None])[0].tolist()),
        kind="naive-bayes" if isinstance(table, NaiveBayes) else "multinomial",
        pseudo_count=table.pseudo_count,
        information=(np.triu(measured) + np.tril(chance)).astype(np.float32),
    )


def _distribution(table: OutfitTable, kind: Kind, pseudo_count: float) -> Tensor:
    if kind == "naive-bayes":
        return shares.naive_bayes(table.counts, table.sizes, pseudo_count)
    return shares.multinomial(table.counts, pseudo_count)


def weigh(model: Model, question: Question) -> Weights:
    """Tell what the three models think of an outfit."""
    table = _table(model)
    counted = shares.multinomial(table.counts, 0.0)
    added = shares.multinomial(table.counts, question.pseudo_count)
    bayes = shares.naive_bayes(table.counts, table.sizes, question.pseudo_count)
    chosen, problem = _pinned(table, question)
    columns = [
        shares.smoothed(column, question.pseudo_count) for column in shares.marginal_counts(table.counts, table.sizes)
    ]
    cell = int(table.cells_of(np.asarray([question.row]))[0])
    unseen = table.counts == 0
    models = (counted, added, bayes)
    return Weights(
        bars=tuple(column.float().numpy() for column in shares.marginals(chosen, table.sizes)),
        factors=tuple(float(column[value]) for column, value in zip(columns, question.row, strict=True)),
        probabilities=_three([float(p[cell]) for p in models]),
        unseen=_three([float(p[unseen].sum()) for p in models]),
        occurs=int(table.counts[cell]),
        first=int(table.first[cell]),
        falling=np.stack([_falling(p) for p in models]),
        problem=problem,
    )


def _pinned(table: OutfitTable, question: Question) -> tuple[Tensor, str]:
    """Return the distribution whose bars are shown; where pins are impossible, zeros and the reason."""
    chosen = _distribution(table, question.kind, question.pseudo_count)
    try:
        return shares.given(chosen, table.sizes, question.pins), ""
    except InputError as error:
        return torch.zeros_like(chosen), str(error)


def _three(values: Sequence[float]) -> tuple[float, float, float]:
    one, two, three = values
    return one, two, three


def _falling(probabilities: Tensor) -> NDArray[np.float32]:
    highest = probabilities.topk(min(RANKED, len(probabilities))).values.float().numpy()
    return np.asarray(np.pad(highest, (0, RANKED - len(highest))))


def draw(model: Model, order: Draw) -> Sheet:
    """Draw outfits; the same order gives the same ones. Raises InputError if the pinned values are impossible."""
    table = _table(model)
    chosen = shares.given(_distribution(table, order.kind, order.pseudo_count), table.sizes, order.pins)
    cells = shares.draw_cells(chosen, order.count, torch.Generator().manual_seed(order.seed))
    rows = table.rows_from(cells)
    return Sheet(table.draw(rows, _SAMPLE_SIZE), rows, table.first[cells].numpy())


def portrait(model: Model, row: Row) -> UInt8Array:
    """Draw one outfit large: uint8 (side, side, 3)."""
    picture: UInt8Array = _table(model).draw(np.asarray([row]), _LARGE)[0]
    return picture
