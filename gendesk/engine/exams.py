"""Exams: what a model that acts scores on tracks that it was never trained on, and the file that keeps them."""

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gendesk.data.dataset import RaceDataset, RaceInfo
from gendesk.engine.preview import BarChart
from gendesk.errors import InputError, StoredDataError
from gendesk.files import write_atomically

if TYPE_CHECKING:
    from gendesk.engine.recipe import Model
    from gendesk.engine.runs import RunRecord

EXAM_FILE = "exam.json"
SOLVED = 900.0
"""The mean score from which on car racing counts as solved."""
_SCHEMA = 1
_KEPT = 20
_LARGEST = 4 << 20
_BINS = (10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
_MOST_BINS = 12


class TrackScore(BaseModel):
    """What a model scored on a track, after how many decisions, and whether the race came to its end by itself."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    track: int = Field(ge=0)
    score: float
    steps: int = Field(ge=0)
    finished: bool


class ExamReport(BaseModel):
    """An exam of a run's model as it was after `step` steps, in `seconds`; `made` is in seconds since 1970."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    step: int = Field(ge=0)
    tracks: tuple[TrackScore, ...] = Field(min_length=1, max_length=10_000)
    seconds: float = Field(ge=0)
    made: float

    @property
    def scores(self) -> NDArray[np.float64]:
        """The scores in the order of the tracks (tracks,)."""
        return np.array([one.score for one in self.tracks], np.float64)

    @property
    def mean(self) -> float:
        return float(self.scores.mean())

    @property
    def deviation(self) -> float:
        """The standard deviation from track to track."""
        return float(self.scores.std())

    @property
    def lowest(self) -> float:
        return float(self.scores.min())

    @property
    def highest(self) -> float:
        return float(self.scores.max())

    def share_above(self, level: float = SOLVED) -> float:
        """Return the share (0..1) of the tracks with a score above a level."""
        return float((self.scores > level).mean())

    def facts(self) -> dict[str, Any]:
        """Return what a script wants to know, as plain values."""
        return {
            "step": self.step,
            "count": len(self.tracks),
            "mean": self.mean,
            "deviation": self.deviation,
            "lowest": self.lowest,
            "highest": self.highest,
            "share_above_900": self.share_above(),
            "seconds": round(self.seconds, 3),
            "tracks": [one.model_dump() for one in self.tracks],
        }

    def histogram(self) -> BarChart:
        """Return how many tracks lie in each range of scores; ranges begin at round numbers."""
        low, high = self.lowest, self.highest
        width = next((one for one in _BINS if (high - low) / one < _MOST_BINS - 1), None)
        width = width or 10.0 ** math.ceil(math.log10((high - low) / (_MOST_BINS - 1)))
        start = math.floor(low / width)
        bins = math.floor(high / width) - start + 1
        places = np.clip(np.floor(self.scores / width).astype(int) - start, 0, bins - 1)
        values = np.bincount(places, minlength=bins)[None].astype(np.float32)
        return BarChart("Tracks by score", values, low=start * width, high=(start + bins) * width)


class _ExamFile(BaseModel):
    """The contents of exam.json, the newest exam first."""

    schema_version: int = Field(ge=1, le=_SCHEMA)
    exams: tuple[ExamReport, ...] = Field(max_length=_KEPT)


def sit_exam(
    model: "Model",
    record: "RunRecord",
    step: int,
    count: int,
    report: Callable[[TrackScore], None],
    stopping: Callable[[], bool] = lambda: False,
) -> ExamReport:
    """Let a run's model, as it is after `step` steps, drive on the first `count` held-out tracks.

    `report` hears of each track as it is done. Raises InputError where there is nothing to examine, and
    StepInterrupted soon after `stopping` says so.
    """
    from gendesk.engine.capabilities import Examinable  # here, because it needs torch and reports do not

    tracks = exam_tracks(record, count)
    if not isinstance(model, Examinable):
        raise InputError(f"The model of {record.id} does not drive, so it cannot be examined.")
    began = time.perf_counter()
    scores = model.exam(tracks, record.config.config, report, stopping)
    ordered = tuple(sorted(scores, key=lambda one: one.track))
    return ExamReport(step=step, tracks=ordered, seconds=time.perf_counter() - began, made=time.time())


def exam_tracks(record: "RunRecord", count: int) -> Sequence[int]:
    """Return the first so many held-out tracks of a run's races; raises InputError."""
    if not isinstance(record.data, RaceInfo):
        raise InputError(f"The data of {record.id} are no races, so there is no exam.")
    held_out = RaceDataset(record.data).test
    if not 1 <= count <= len(held_out):
        raise InputError(f"There are {len(held_out)} tracks to be examined on (given: {count}).")
    return held_out[:count]


def load_exams(folder: Path) -> tuple[ExamReport, ...]:
    """Return the exams that a run's folder keeps, the newest first; raises StoredDataError for a damaged file."""
    path = folder / EXAM_FILE
    try:
        if not path.exists():
            return ()
        if path.stat().st_size > _LARGEST:
            raise StoredDataError(f"{path} is too large for a file of exams.")
        return _ExamFile.model_validate_json(path.read_bytes()).exams
    except (OSError, ValidationError) as error:
        raise StoredDataError(f"{path} cannot be read as a file of exams; delete it, or examine anew.") from error


def add_exam(folder: Path, report: ExamReport) -> None:
    """Keep an exam in place of an earlier one of the same step and as many tracks; raises OSError.

    A file that is damaged is replaced: an exam takes minutes, and what cannot be read is lost already.
    """
    try:
        before = load_exams(folder)
    except StoredDataError:
        before = ()
    same = (report.step, len(report.tracks))
    others = [one for one in before if (one.step, len(one.tracks)) != same]
    kept = _ExamFile(schema_version=_SCHEMA, exams=(report, *others[: _KEPT - 1]))
    write_atomically(folder / EXAM_FILE, kept.model_dump_json(indent=1))
