"""What a recipe shows of itself during training: plain arrays; which widget shows them follows from the kind.

`description` is a short paragraph for people: what they look at, and what tells a good one from a bad one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gendesk.music.score import Score

P_VALUES = "p-values"
"""The name of points in the unit square: the share of the normal distribution below each number of a code."""


@dataclass(frozen=True)
class ImagePreview:
    """A grid of images: uint8 (count, height, width, channels), laid out row by row in `columns`."""

    name: str
    title: str
    images: NDArray[np.uint8]
    columns: int
    captions: tuple[str, ...] = ()
    row_titles: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True)
class ScatterPreview:
    """Points of a plane: float32 (count, 2), with int64 labels (count,) that index `classes`; -1 has no class.

    With `prior` they are codes, seen against the normal distribution that they are drawn to; otherwise the plane is
    fitted to the points alone. Points of the classes that are `marked` are drawn large.
    """

    name: str
    title: str
    points: NDArray[np.float32]
    labels: NDArray[np.int64]
    classes: tuple[str, ...] = ()
    description: str = ""
    prior: bool = True
    marked: tuple[int, ...] = ()


@dataclass(frozen=True)
class HeatMapPreview:
    """A table of numbers as colours: float32 (rows, columns), such as a confusion matrix.

    `row_title` and `column_title` say what the rows and columns are; the colours run from 0, or from -limit where
    numbers are negative, to the largest. `outlined` are cells (row, column) with a frame around them.
    """

    name: str
    title: str
    values: NDArray[np.float32]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    row_title: str = ""
    column_title: str = ""
    description: str = ""
    outlined: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class BarChart:
    """Bars side by side: float32 (series, bars). Several series, named in `series`, stand in the same places.

    `labels` name the bars; without them the chart is a histogram of even bins from `low` to `high`.
    """

    title: str
    values: NDArray[np.float32]
    labels: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class BarsPreview:
    """Bar charts or histograms, one beside the other."""

    name: str
    title: str
    charts: tuple[BarChart, ...]
    description: str = ""


@dataclass(frozen=True)
class TablePreview:
    """Rows of words and numbers under headings, ready to read; cells that look like numbers are set flush right."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    description: str = ""


@dataclass(frozen=True)
class TextPreview:
    """Texts that were written from one beginning, each under a caption such as its temperature.

    `prompt` is the beginning, which the texts do not repeat.
    """

    name: str
    title: str
    texts: tuple[str, ...]
    captions: tuple[str, ...]
    prompt: str = ""
    description: str = ""


@dataclass(frozen=True)
class ScorePreview:
    """Pieces of music, each under a caption such as its temperature.

    `chances` (0..1) say how likely the model found each note, in the order of `Score.notes`; without them, nothing is
    known of a piece.
    """

    name: str
    title: str
    scores: tuple[Score, ...]
    captions: tuple[str, ...]
    chances: tuple[tuple[float, ...], ...] = ()
    description: str = ""


ChartPreview = HeatMapPreview | BarsPreview | TablePreview | TextPreview | ScorePreview
Preview = ImagePreview | ScatterPreview | ChartPreview
