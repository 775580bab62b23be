"""How evolution is shown: its generations, the newest population, and the newest evaluation."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gendesk.engine.preview import BarChart, BarsPreview, HeatMapPreview, ScatterPreview, TablePreview

from .generation import Generation

_TABLE = (
    "The newest generations as the book prints them: scores of the candidates, the step size sigma of the evolution, "
    "and how many decisions a race took. Dreams count rewards, so their scores compare with each other only."
)
_POPULATION = (
    "The candidates of the newest generation in the plane in which they differ most, with their mean in the middle: "
    "the better quarter to one side tells where the mean will go."
)
_EVALUATED = (
    "What the evolution has come to scored on each of the tracks to choose by at the newest evaluation. A good "
    "driver has no track that it leaves: one long bar among short ones is luck."
)
_CANDIDATES = (
    "The score of every candidate on every track or in every dream of the newest generation. Columns of one colour are "
    "steady drivers, rows of one colour are easy or hard tracks. While a generation is tried, its races fill in."
)
_QUARTERS = ("Others", "Best quarter", "Mean")
_HEADS = (
    "Trained in",
    "Generation",
    "Mean",
    "Min",
    "Max",
    "Deviation",
    "Sigma",
    "Steps, mean",
    "Steps, most",
    "Evaluated",
)


def generations(history: Sequence[Generation]) -> TablePreview:
    """Return the newest generations as a table, the newest first."""
    rows = tuple(generation.row() for generation in reversed(history))
    return TablePreview("generations", "Generations", _HEADS, rows, _TABLE)


def population(points: NDArray[np.float32], means: NDArray[np.float64]) -> ScatterPreview:
    """Return candidates at points (candidates, 2) around their mean, by their mean scores (candidates,)."""
    best = means >= np.quantile(means, 0.75)
    labels = np.append(best.astype(np.int64), 2)
    points = np.concatenate([points, np.zeros((1, 2), np.float32)])
    return ScatterPreview("population", "Population", points, labels, _QUARTERS, _POPULATION, prior=False, marked=(2,))


def evaluation(tracks: Sequence[int], scores: Sequence[float]) -> BarsPreview:
    """Return what the evolution has come to scored on each of the first tracks."""
    title = f"Mean {np.mean(scores):.0f}, deviation {np.std(scores):.0f}"
    labels = tuple(str(track) for track in tracks[: len(scores)])
    chart = BarChart(title, np.array([scores], np.float32), labels)
    return BarsPreview("evaluation", "Evaluation", (chart,), _EVALUATED)


def candidates(scores: NDArray[np.float64]) -> HeatMapPreview:
    """Return scores (candidates, races) as colours; races that are to come, which are NaN, have none.

    Candidates lie side by side, as they are many and previews are wide.
    """
    columns, rows = (tuple(str(number + 1) for number in range(count)) for count in scores.shape)
    values = scores.T.astype(np.float32)
    return HeatMapPreview("candidates", "Candidates", values, rows, columns, "Race", "Candidate", _CANDIDATES)
