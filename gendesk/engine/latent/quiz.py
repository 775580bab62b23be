"""Real or generated? A series of pictures to tell apart, and what people scored, kept with the run."""

import json
import math
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from gendesk.data.dataset import UInt8Array
from gendesk.engine.batches import to_tensor
from gendesk.engine.capabilities import Judges
from gendesk.engine.latent.novelty import generated
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError, StoredDataError
from gendesk.files import write_atomically

SCORES_FILE = "quiz.json"
_LARGEST_FILE = 1 << 20
_MOST_SCORES = 2000  # the newest are kept
IN_COLUMN = 3  # pictures in a column, one of them real
_SURE = 1.959964  # standard deviations around the middle of a normal distribution that hold 95 % of it


class Way(StrEnum):
    """How the pictures are shown: `singly`, one after the other, or on a `sheet`, all at once.

    In `columns` of three pictures each the real one is to be found, as in figure 8.18 of Chollet and Allaire, Deep
    Learning with R.
    """

    SINGLY = "singly"
    SHEET = "sheet"
    COLUMNS = "columns"

    @property
    def guessing(self) -> float:
        """The share of right answers that guessing gets."""
        return 1 / IN_COLUMN if self is Way.COLUMNS else 1 / 2


@dataclass(frozen=True)
class Series:
    """An even number of pictures, half of them real, as far as so many are held out; one seed gives the same ones.

    With `columns` the count is three for each of them, of which one is real.
    """

    seed: int
    count: int
    columns: int = 0


@dataclass(frozen=True)
class Opinions:
    """What the critic of the model says of each picture, float32 (count,): the higher, the more real.

    They are `probabilities` of being real in 0..1, or else scores without bounds.
    """

    values: NDArray[np.float32]
    probabilities: bool

    def says_real(self) -> NDArray[np.bool_]:
        """Return which pictures the critic takes for real, bool (count,).

        Scores without bounds only compare, and half of a series is real: so those above the median are taken for real.
        """
        return self.values > (0.5 if self.probabilities else np.median(self.values))


@dataclass(frozen=True)
class Questions:
    """Pictures uint8 (count, height, width, channels), and which are `real`, bool (count,), row by row in columns.

    `step` is how many steps the model that made them had been trained. `opinions` are None where it has no critic.
    """

    pictures: UInt8Array
    real: NDArray[np.bool_]
    step: int
    opinions: Opinions | None = None


class Score(BaseModel):
    """What a person scored: `right` of `count` answers about the model of `step`. `when` is in seconds since 1970."""

    model_config = ConfigDict(frozen=True, strict=True)

    step: Annotated[int, Field(ge=0, le=10**15)]
    way: Annotated[Way, Field(strict=False)]
    seed: Annotated[int, Field(ge=0, le=10**9)]
    count: Annotated[int, Field(ge=1, le=10**6)]
    right: Annotated[int, Field(ge=0)]
    when: Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]

    @model_validator(mode="after")
    def _check(self) -> "Score":
        if self.right > self.count:
            raise ValueError("more answers are right than were given")
        return self


_Scores = TypeAdapter(Annotated[list[Score], Field(max_length=_MOST_SCORES)])


@dataclass(frozen=True)
class StepScore:
    """All answers about the model of one step: the share that was right in 0..1, with its 95 % interval."""

    step: int
    share: float
    low: float
    high: float


def ask_questions(model: Model, data: RunData, series: Series) -> Questions:
    """Mix held-out pictures with new ones of the model, and hear what its critic says of them.

    Raises InputError where the model's pictures are of another kind than those of the data, or too few are held out.
    """
    test = data.images.test.images
    real_count = series.columns or min(series.count // 2, len(test))
    if not 0 < real_count <= len(test):
        raise InputError("Too few pictures are held out that could stand beside generated ones.")
    made_count = (IN_COLUMN - 1) * series.columns or real_count
    rng = np.random.default_rng(series.seed)
    made = generated(model, made_count, series.seed)
    if made.shape[1:] != test.shape[1:]:
        raise InputError("This model makes pictures of another kind than those it was trained on.")
    pictures = np.concatenate([np.asarray(test[np.sort(rng.choice(len(test), real_count, replace=False))]), made])
    order = _column_order(series.columns, rng) if series.columns else rng.permutation(len(pictures))
    pictures, real = pictures[order], (np.arange(len(pictures)) < real_count)[order]
    return Questions(pictures, real, data.step, _opinions(model, pictures))


def _column_order(columns: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Put one of the first `columns` pictures, which are real, at any place of each column; return rows of indices."""
    order = np.arange(IN_COLUMN * columns).reshape(IN_COLUMN, columns)
    return rng.permuted(order, axis=0).ravel()


def _opinions(model: Model, pictures: UInt8Array) -> Opinions | None:
    if not isinstance(model, Judges):
        return None
    return Opinions(model.judge(to_tensor(pictures)).float().numpy(), model.judges_probabilities)


# What is kept


def read_scores(_model: Model, data: RunData, _: object = None) -> tuple[Score, ...]:
    """Return what was scored on a run, oldest first; raises StoredDataError for a file that is not gendesk's."""
    return tuple(_read(data.folder / SCORES_FILE))


def keep_score(_model: Model, data: RunData, score: Score) -> tuple[Score, ...]:
    """Add a score to those of the run, and return all; raises StoredDataError, and InputError if it cannot write."""
    path = data.folder / SCORES_FILE
    scores = [*_read(path), score][-_MOST_SCORES:]
    content = json.dumps([one.model_dump(mode="json") for one in scores], indent=1)
    try:
        write_atomically(path, content)
    except OSError as error:
        raise InputError(f"{path.name} cannot be written: {error.strerror or error}.") from error
    return tuple(scores)


def _read(path: Path) -> list[Score]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise StoredDataError(f"{path} is no ordinary file; remove it to begin the scores anew.")
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoredDataError(f"{path} cannot be read: {error.strerror or error}.") from error
    try:
        if len(content) > _LARGEST_FILE:
            raise ValueError("too large")
        return _Scores.validate_python(json.loads(content))
    except (ValidationError, ValueError, RecursionError) as error:
        raise StoredDataError(f"{path} is not what gendesk writes; remove it to begin the scores anew.") from error


# What a score says


def interval(right: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval, within 0..1, of the share that somebody tells apart who got `right` of `count`.

    It is Wilson's (1927), which also holds for few answers, and for all or none of them right.
    """
    share, z = right / count, _SURE**2 / count
    middle = (share + z / 2) / (1 + z)
    half = math.sqrt(share * (1 - share) * z + z**2 / 4) / (1 + z)
    return max(0.0, middle - half), min(1.0, middle + half)


def chance(right: int, count: int, guessing: float = 0.5) -> float:
    """Return how probable it is to get at least so many of `count` right, each of them with that probability."""
    return sum(
        math.comb(count, number) * guessing**number * (1 - guessing) ** (count - number)
        for number in range(right, count + 1)
    )


def by_step(scores: tuple[Score, ...], guessing: float = Way.SINGLY.guessing) -> tuple[StepScore, ...]:
    """Put the answers about each step together, in the order of the steps; those that are as easy to guess."""
    sums: dict[int, tuple[int, int]] = {}
    for score in (score for score in scores if score.way.guessing == guessing):
        right, count = sums.get(score.step, (0, 0))
        sums[score.step] = right + score.right, count + score.count
    return tuple(
        StepScore(step, right / count, *interval(right, count)) for step, (right, count) in sorted(sums.items())
    )
