"""What a temperature sweep is told and what it finds, as in the table of Ha and Schmidhuber, World Models (2018).

Dreams count rewards, so races are counted in the same unit: decisions that brought a reward. What a dream promises and
what the road keeps of it can then be held against each other; the score of a race stands beside it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from gendesk.errors import StoredDataError
from gendesk.files import write_atomically

SWEEP_FILE = "sweep.json"
TEMPERATURES = (0.5, 0.8, 1.0, 1.15, 1.3)
_LARGEST = 4 << 20
_MOST_GENERATIONS = 10_000

Temperature = Annotated[float, Field(gt=0, le=10)]


class SweepSettings(BaseModel):
    """Where controllers evolve, from which start, for how long, and on how many tracks and dreams they are compared."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    temperatures: tuple[Temperature, ...] = Field(TEMPERATURES, min_length=1, max_length=12)
    generations: int = Field(10, ge=1, le=_MOST_GENERATIONS)
    tracks: int = Field(8, ge=1, le=100)
    start: Literal["zeros", "driver"] = "zeros"
    population: int = Field(32, ge=4, le=1024)
    dreams: int = Field(4, ge=1, le=256)
    sigma: float = Field(0.1, gt=0, le=10)
    seed: int = Field(1, ge=0, le=2**31 - 1)

    @field_validator("temperatures")
    @classmethod
    def _in_order(cls, temperatures: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(sorted(set(temperatures)))


class RoadScore(BaseModel):
    """A race on a track: its score, and how many of its decisions brought a reward."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    track: int = Field(ge=0)
    score: float
    rewarded: int = Field(ge=0)


class SweepRow(BaseModel):
    """What has become of the controller of a temperature.

    `curve` is the mean reward of each generation's candidates in dreams; `dreams` are the rewards of the distribution's
    mean in dreams of its own temperature at the end, and `races` its races on real tracks.
    """

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    temperature: Temperature
    curve: tuple[float, ...] = Field((), max_length=_MOST_GENERATIONS)
    dreams: tuple[float, ...] = Field((), max_length=100)
    races: tuple[RoadScore, ...] = Field((), max_length=100)

    @property
    def rewarded(self) -> tuple[float, ...]:
        """The rewarded decisions of its races."""
        return tuple(float(race.rewarded) for race in self.races)

    @property
    def scores(self) -> tuple[float, ...]:
        """The scores of its races."""
        return tuple(race.score for race in self.races)


class SweepReport(BaseModel):
    """A sweep as far as it has come; `step` is that of the run whose dreams these are."""

    model_config = ConfigDict(frozen=True)

    schema_version: Literal[1] = 1
    step: int = Field(ge=0)
    settings: SweepSettings
    rows: tuple[SweepRow, ...] = Field(max_length=12)

    @property
    def share(self) -> float:
        """How much of the work is done, 0..1; a generation of one temperature counts as much as one of its races."""
        whole = len(self.rows) * (self.settings.generations + self.settings.tracks)
        return sum(len(row.curve) + len(row.races) for row in self.rows) / max(1, whole)

    @property
    def is_complete(self) -> bool:
        return bool(self.rows) and all(len(row.races) == self.settings.tracks for row in self.rows)

    def parting(self) -> tuple[float, float] | None:
        """Return where dream and road part, as two temperatures (colder, warmer), or None.

        The warmer one did best on real tracks; the colder one is the nearest that dreams of more and scores less, both
        by more than two standard errors of the difference: tracks are few, and luck is large. Each temperature has
        evolved only once, and how another evolution would have come out is not in these errors.
        """
        if not self.is_complete or len(self.rows) < 2:
            return None
        best = max(range(len(self.rows)), key=lambda place: np.mean(self.rows[place].scores))
        warmer = self.rows[best]
        for colder in reversed(self.rows[:best]):
            if _is_clear(colder.dreams, warmer.dreams) and _is_clear(warmer.scores, colder.scores):
                return colder.temperature, warmer.temperature
        return None


def _is_clear(more: Sequence[float], less: Sequence[float]) -> bool:
    """Tell whether numbers exceed others, track by track, by more than two standard errors of the mean difference."""
    differences = np.array(more) - np.array(less)
    error = differences.std() / max(1, len(differences) - 1) ** 0.5
    return bool(differences.mean() > max(0.0, 2 * error))


def load_sweep(folder: Path) -> SweepReport | None:
    """Return the sweep that a run's folder keeps, None where there is none; raises StoredDataError if it is damaged."""
    path = folder / SWEEP_FILE
    try:
        if not path.exists():
            return None
        if path.stat().st_size > _LARGEST:
            raise StoredDataError(f"{path} is too large for a sweep.")
        return SweepReport.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise StoredDataError(f"{path} cannot be read as a sweep; delete it, or begin anew.") from error


def save_sweep(folder: Path, report: SweepReport) -> None:
    """Keep a sweep in place of an earlier one; raises OSError."""
    write_atomically(folder / SWEEP_FILE, report.model_dump_json(indent=1))
