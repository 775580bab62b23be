"""How charts, tables, texts and scores are written as JSON, and checked when they are read."""

from dataclasses import asdict
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, Field, TypeAdapter, field_validator

from gendesk.engine.preview import (
    BarChart,
    BarsPreview,
    ChartPreview,
    HeatMapPreview,
    ScorePreview,
    TablePreview,
    TextPreview,
)
from gendesk.music.score import Score

_LAST_BEAT = 1e6
"""More than a week at 90 bpm."""


class Words(BaseModel):
    """What a saved preview says of itself for people."""

    title: str
    description: str = ""


class _HeatMap(Words):
    kind: Literal["heat map"] = "heat map"
    values: list[list[float]]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    row_title: str = ""
    column_title: str = ""
    outlined: tuple[tuple[int, int], ...] = ()


class _Chart(BaseModel):
    title: str
    values: list[list[float]]
    labels: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0


class _Bars(Words):
    kind: Literal["bars"] = "bars"
    charts: tuple[_Chart, ...]


class _Table(Words):
    kind: Literal["table"] = "table"
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class _Texts(Words):
    kind: Literal["texts"] = "texts"
    texts: tuple[str, ...]
    captions: tuple[str, ...]
    prompt: str = ""


class _Scores(Words):
    kind: Literal["scores"] = "scores"
    scores: tuple[Score, ...]
    captions: tuple[str, ...]
    chances: tuple[tuple[float, ...], ...] = ()

    @field_validator("scores")
    @classmethod
    def _playable(cls, scores: tuple[Score, ...]) -> tuple[Score, ...]:
        """Take only what MIDI could play, in a finite time."""
        for score in scores:
            notes = [note for track in score.tracks for note in track.notes]
            sound = all(
                0 <= note.start <= note.end <= _LAST_BEAT and 0 <= note.pitch <= 127 and 1 <= note.velocity <= 127
                for note in notes
            )
            channels = all(0 <= track.program <= 127 and 0 <= track.channel <= 15 for track in score.tracks)
            tempos = all(1 <= tempo.bpm <= 10_000 and tempo.beat >= 0 for tempo in score.tempos)
            meters = all(meter.count >= 1 and meter.unit >= 1 and meter.beat >= 0 for meter in score.meters)
            if not (sound and channels and tempos and meters):
                raise ValueError("one of its pieces cannot be played")
        return scores


ChartFile = _HeatMap | _Bars | _Table | _Texts | _Scores
CHART_FILE: TypeAdapter[ChartFile] = TypeAdapter(Annotated[ChartFile, Field(discriminator="kind")])


def chart_file(preview: ChartPreview) -> ChartFile:
    """Return what is written of a preview."""
    words = {"title": preview.title, "description": preview.description}
    match preview:
        case HeatMapPreview():
            return _HeatMap(
                values=preview.values.tolist(),
                rows=preview.rows,
                columns=preview.columns,
                row_title=preview.row_title,
                column_title=preview.column_title,
                outlined=preview.outlined,
                **words,
            )
        case BarsPreview():
            charts = (_Chart(**{**asdict(chart), "values": chart.values.tolist()}) for chart in preview.charts)
            return _Bars(charts=tuple(charts), **words)
        case TablePreview():
            return _Table(columns=preview.columns, rows=preview.rows, **words)
        case TextPreview():
            return _Texts(texts=preview.texts, captions=preview.captions, prompt=preview.prompt, **words)
        case ScorePreview():
            return _Scores(scores=preview.scores, captions=preview.captions, chances=preview.chances, **words)


def preview_of(file: ChartFile, name: str) -> ChartPreview:
    """Return the preview that a file describes; raises ValueError if its parts do not fit together."""
    words = {"name": name, "title": file.title, "description": file.description}
    match file:
        case _HeatMap():
            values = np.array(file.values, dtype=np.float32).reshape(len(file.rows), len(file.columns))
            return HeatMapPreview(
                values=values,
                rows=file.rows,
                columns=file.columns,
                row_title=file.row_title,
                column_title=file.column_title,
                outlined=file.outlined,
                **words,
            )
        case _Bars():
            return BarsPreview(charts=tuple(_bar_chart(chart) for chart in file.charts), **words)
        case _Table():
            return TablePreview(columns=file.columns, rows=file.rows, **words)
        case _Texts():
            return TextPreview(texts=file.texts, captions=file.captions, prompt=file.prompt, **words)
        case _Scores():
            return ScorePreview(scores=file.scores, captions=file.captions, chances=file.chances, **words)


def _bar_chart(chart: _Chart) -> BarChart:
    values = np.array(chart.values, dtype=np.float32)
    if values.ndim != 2 or (chart.labels and len(chart.labels) != values.shape[1]):
        raise ValueError("its bars and their names do not fit together")
    return BarChart(chart.title, values, chart.labels, chart.series, chart.low, chart.high)
