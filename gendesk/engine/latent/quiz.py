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
from gendesk.engine.latent.novelty import generated
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError, StoredDataError
from gendesk.files import write_atomically

SCORES_FILE = "quiz.json"
_LARGEST_FILE = 1 << 20
_MOST_SCORES = 2000  # the newest are kept
_SURE = 1.959964  # standard deviations around the middle of a normal distribution that hold 95 % of it


class Way(StrEnum):
    """How the pictures are shown: `singly`, one after the other, or on a `sheet`, all at once."""

    SINGLY = "singly"
    SHEET = "sheet"


@dataclass(frozen=True)
class Series:
    """An even number of pictures, half of them real, as far as so many are held out; one seed gives the same ones."""

    seed: int
    count: int


@dataclass(frozen=True)
class Questions:
    """Pictures uint8 (count, height, width, channels), and which are `real`, bool (count,).

    `step` is how many steps the model that made them had been trained.
    """

    pictures: UInt8Array
    real: NDArray[np.bool_]
    step: int


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
    """Mix held-out pictures with new ones of the model.

    Raises InputError where the model's pictures are of another kind than those of the data, or none is held out.
    """
    test = data.images.test.images
    real_count = min(series.count // 2, len(test))
    if not real_count:
        raise InputError("No pictures are held out that could stand beside generated ones.")
    rng = np.random.default_rng(series.seed)
    made = generated(model, real_count, series.seed)
    if made.shape[1:] != test.shape[1:]:
        raise InputError("This model makes pictures of another kind than those it was trained on.")
    pictures = np.concatenate([np.asarray(test[np.sort(rng.choice(len(test), real_count, replace=False))]), made])
    order = rng.permutation(len(pictures))
    real = np.arange(len(pictures)) < real_count
    return Questions(pictures[order], real[order], data.step)


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


def chance(right: int, count: int) -> float:
    """Return how probable it is to get at least so many of `count` right by tossing a coin."""
    return float(sum(math.comb(count, number) for number in range(right, count + 1)) / 2**count)


def by_step(scores: tuple[Score, ...]) -> tuple[StepScore, ...]:
    """Put the answers about each step together, in the order of the steps."""
    sums: dict[int, tuple[int, int]] = {}
    for score in scores:
        right, count = sums.get(score.step, (0, 0))
        sums[score.step] = right + score.right, count + score.count
    return tuple(
        StepScore(step, right / count, *interval(right, count)) for step, (right, count) in sorted(sums.items())
    )
