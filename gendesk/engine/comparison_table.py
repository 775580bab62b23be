"""The table and the sheet of a comparison: how sharp, varied and near to the data new pictures of several runs are."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from gendesk.data.dataset import UInt8Array
from gendesk.engine.comparison import RunReading, best_of, run_names
from gendesk.engine.scores.scores import Scores, ScoreSpec, score_specs, score_text
from gendesk.engine.throughput import clock

UNKNOWN = "\N{EN DASH}"
PIXELS = "pixels"
"""The name of the features in scores that only compare pixels."""

_OF_PIXELS = ("sharpness", "pixel_diversity", "distance")


@dataclass(frozen=True, eq=False)
class NewSamples:
    """`pictures` uint8 (count, height, width, channels) of a model at `step`, and `real` ones of its data.

    `real` are none where the data cannot be had.
    """

    pictures: UInt8Array
    real: UInt8Array
    step: int


@dataclass(frozen=True)
class Measured:
    """What came of scoring a model at `step`, with so many `parameters`; `data` is the fingerprint of its data."""

    step: int
    parameters: int
    data: str
    scores: Scores

    @property
    def by_features(self) -> bool:
        """Whether a feature network measured, and not pixels."""
        return self.scores.name != PIXELS


# The table


@dataclass(frozen=True)
class ComparedNumber:
    """A row of the table: a value and a text for each run; those at `best` are the best of what compares.

    `tips` are sentences that explain it.
    """

    group: str
    name: str
    title: str
    tips: tuple[str, ...]
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    best: frozenset[int] = frozenset()


def compared_numbers(readings: Sequence[RunReading], measured: Sequence[Measured | None]) -> list[ComparedNumber]:
    """Return the rows of the table for runs and what was measured of each, None where nothing was."""
    return [*_score_rows(measured), *_training_rows(readings, measured)]


def comparable(measured: Sequence[Measured | None]) -> bool:
    """Tell whether all that was measured has the same data, the same features and the same count."""
    known = [one for one in measured if one is not None]
    return len({(one.data, one.scores.features, one.scores.count, one.scores.reference_count) for one in known}) == 1


def _score_rows(measured: Sequence[Measured | None]) -> list[ComparedNumber]:
    known = [one for one in measured if one is not None]
    if not known:
        return []
    richest = next((one for one in known if one.by_features), known[0])
    rows = [_score_row(spec, measured) for spec in score_specs(richest.scores)]
    return [row for row in rows if any(value is not None for value in row.values)]


def _score_row(spec: ScoreSpec, measured: Sequence[Measured | None]) -> ComparedNumber:
    told = [one if one is not None and (one.by_features or spec.name in _OF_PIXELS) else None for one in measured]
    values = tuple(None if one is None else getattr(one.scores, spec.name) for one in told)
    texts = tuple(UNKNOWN if one is None else score_text(one.scores, spec.name) for one in told)
    best = _best(values, spec.best) if comparable(measured) else frozenset[int]()
    aim = {"low": "Lower is better.", "high": "Higher is better.", "one": "Real pictures have 1."}[spec.best]
    return ComparedNumber("Samples", spec.name, spec.title, (spec.description, aim), values, texts, best)


def _best(values: Sequence[float | None], aim: Literal["low", "high", "one"]) -> frozenset[int]:
    if aim == "one":
        return best_of([None if value is None else abs(value - 1) for value in values])
    return best_of(values, "min" if aim == "low" else "max")


def _training_rows(readings: Sequence[RunReading], measured: Sequence[Measured | None]) -> list[ComparedNumber]:
    seconds = tuple(one.seconds for one in readings)
    steps = tuple(one.step if known is None else known.step for one, known in zip(readings, measured, strict=True))
    parameters = tuple(None if known is None else known.parameters for known in measured)
    rows = [
        _training_row("seconds", "Time", "Time in training, no pauses", seconds, tuple(map(clock, seconds))),
        _training_row("step", "Steps", "Steps of the model that is scored", steps, tuple(map(_whole, steps))),
    ]
    if any(parameters):
        tip = "Numbers that are learnt, in all networks of the model together"
        rows.append(_training_row("parameters", "Parameters", tip, parameters, tuple(map(_whole, parameters))))
    return rows


def _training_row(
    name: str, title: str, tip: str, values: tuple[float | None, ...], texts: tuple[str, ...]
) -> ComparedNumber:
    return ComparedNumber("Training", name, title, (tip,), values, texts)


def _whole(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:,.0f}"


def as_csv(names: Sequence[str], rows: Sequence[ComparedNumber]) -> str:
    """Write the table as CSV with bare numbers, a line for each row and a column for each of the named runs."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["group", "number", *names])
    for row in rows:
        lines.writerow([row.group, row.title, *("" if value is None else f"{value:.6g}" for value in row.values)])
    return text.getvalue()


def facts(reading: RunReading, measured: Measured | None, problem: str = "") -> dict[str, Any]:
    """Return what JSON tells of one run: its training, its scores, or a sentence on why it has none."""
    run = reading.run
    known: dict[str, Any] = {"run": run.id, "recipe": run.record.config.recipe, "seconds": reading.seconds}
    if measured is None:
        return {**known, "step": reading.step, "message": problem}
    scores = asdict(measured.scores)
    if not measured.by_features:
        kept = (*_OF_PIXELS, "count", "reference_count", "name", "features")
        scores = {name: value for name, value in scores.items() if name in kept}
    return {**known, "step": measured.step, "parameters": measured.parameters, **scores}


# The sheet


def sheet_rows(
    readings: Sequence[RunReading], samples: Mapping[str, NewSamples], count: int, real_title: str
) -> list[tuple[str, UInt8Array]]:
    """Return a title and `count` pictures for each row: real ones of each data set, then those of the runs on it.

    `samples` are by the ids of runs; runs without any have no row. Where there are too few pictures, black ones follow.
    """
    rows = []
    names = run_names([one.run for one in readings])
    for data in dict.fromkeys(map(fingerprint_of, readings)):
        known = [
            (name, samples[one.run.id])
            for name, one in zip(names, readings, strict=True)
            if fingerprint_of(one) == data and one.run.id in samples
        ]
        real = next((found.real for _, found in known if len(found.real)), None)
        rows += [] if real is None else [(real_title, _filled(real, count))]
        rows += [(name, _filled(found.pictures, count)) for name, found in known]
    return rows


def fingerprint_of(reading: RunReading) -> str:
    """Return the fingerprint of a run's data, "" before they have been read."""
    data = reading.run.record.data
    return data.fingerprint if data is not None else ""


def _filled(pictures: UInt8Array, count: int) -> UInt8Array:
    lacking = np.zeros((max(0, count - len(pictures)), *pictures.shape[1:]), np.uint8)
    return np.concatenate([pictures, lacking])


def of_one_size(stacks: Sequence[UInt8Array]) -> UInt8Array:
    """Put stacks of pictures (count, height, width, channels) one after the other, all as large as the largest.

    Smaller ones are enlarged by a whole number and framed in grey; grey ones become coloured where others are.
    """
    height, width, channels = (max(stack.shape[axis] for stack in stacks) for axis in (1, 2, 3))
    return np.concatenate([_framed(stack, height, width, channels) for stack in stacks])


def _framed(stack: UInt8Array, height: int, width: int, channels: int) -> UInt8Array:
    scale = min(height // stack.shape[1], width // stack.shape[2])
    large = stack.repeat(scale, 1).repeat(scale, 2)
    framed = np.full((len(stack), height, width, channels), 128, np.uint8)
    top, left = (height - large.shape[1]) // 2, (width - large.shape[2]) // 2
    framed[:, top : top + large.shape[1], left : left + large.shape[2]] = large
    return framed
