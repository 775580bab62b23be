"""What the studio asks of a model, on the engine's worker: look, refit, sample, compare. Plain values in and out."""

from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from gendesk.errors import InputError

from . import fitting
from .config import DensityConfig, Kind
from .densities import FLOOR, Density, FloatArray, lattice
from .models import DensityModel, as_array
from .verdicts import shares, verdicts

KINDS: tuple[Kind, ...] = get_args(Kind)
SHADING_SHAPE = (120, 240)
_COMPARED = 500


@dataclass(frozen=True)
class Score:
    """The log-likelihood of a point, on average, and how many points have density zero.

    `finite` counts such a point as FLOOR, where the true value would be minus infinity.
    """

    finite: float
    outside: int

    @property
    def text(self) -> str:
        """The mean with two decimals, or minus infinity."""
        return "\N{MINUS SIGN}\N{INFINITY}" if self.outside else f"{self.finite:.2f}".replace("-", "\N{MINUS SIGN}")


@dataclass(frozen=True)
class Wanted:
    """A density to fit: its kind and what its fit depends on."""

    kind: Kind
    components: int
    bandwidth: float
    bins: int
    pseudo_count: float
    seed: int


@dataclass(frozen=True)
class Fitted:
    """A density with its scores and its shading, float32 (120, 240) per square degree, the north at the top."""

    kind: Kind
    density: Density
    seen: Score
    unseen: Score
    shading: NDArray[np.float32]


@dataclass(frozen=True)
class Scene:
    """All that the studio shows of a model before anything is asked of it; points are (count, 2) in degrees."""

    points: FloatArray
    held_out: FloatArray
    region: NDArray[np.bool_]
    size: tuple[float, float]
    copy_distance: float
    smallest: float
    settings: Wanted
    trained: Fitted


@dataclass(frozen=True)
class Draw:
    """Samples to draw from a density."""

    density: Density
    count: int
    seed: int


@dataclass(frozen=True)
class Drawn:
    """Samples (count, 2) and their verdicts (count,)."""

    samples: FloatArray
    found: NDArray[np.int64]


@dataclass(frozen=True)
class Compared:
    """One row of the comparison: shares are of 500 samples, in the sea, copies and successes."""

    kind: Kind
    parameters: int
    seen: Score
    unseen: Score
    shares: tuple[float, float, float]


def score(density: Density, points: FloatArray) -> Score:
    """Return how likely a density makes points (count, 2)."""
    values = density.log_density(points)
    return Score(float(np.maximum(values, FLOOR).mean()), int(np.isneginf(values).sum()))


def look(model: Any, _: object = None) -> Scene:
    """Return what there is to see of a model."""
    model = _checked(model)
    config: DensityConfig = model.config
    settings = Wanted(config.density, config.components, config.bandwidth, config.bins, config.pseudo_count, seed=1)
    return Scene(
        points=as_array(model.points),
        held_out=as_array(model.held_out),
        region=_region(model),
        size=model.size,
        copy_distance=config.copy_distance,
        smallest=config.smallest_width,
        settings=settings,
        trained=_described(model, config.density, model.density),
    )


def refit(model: Any, wanted: Wanted) -> Fitted:
    """Fit a density of another kind, or with other settings, to the model's own points."""
    model = _checked(model)
    return _described(model, wanted.kind, _fit(model, wanted))


def draw(model: Any, wanted: Draw) -> Drawn:
    """Draw samples and judge each; the same seed gives the same samples."""
    model = _checked(model)
    samples = wanted.density.draw(wanted.count, np.random.default_rng(wanted.seed))
    return Drawn(samples, _judge(model, samples))


def compare(model: Any, wanted: Wanted) -> tuple[Compared, ...]:
    """Fit all five kinds with the same settings, the trained one anew, too, so that all are treated alike."""
    model = _checked(model)
    rows = []
    for kind in KINDS:
        density = _fit(model, replace(wanted, kind=kind))
        seen, unseen = score(density, as_array(model.points)), score(density, as_array(model.held_out))
        samples = density.draw(_COMPARED, np.random.default_rng(wanted.seed))
        rows.append(Compared(kind, density.parameters, seen, unseen, shares(_judge(model, samples))))
    return tuple(rows)


def _checked(model: Any) -> DensityModel:
    if not isinstance(model, DensityModel):
        raise InputError("This model is no density on a map.")
    return model


def _region(model: DensityModel) -> NDArray[np.bool_]:
    """Return a copy, because the model may be trained further while the studio looks at it."""
    return model.region.cpu().numpy().copy()


def _judge(model: DensityModel, samples: FloatArray) -> NDArray[np.int64]:
    return verdicts(samples, as_array(model.points), _region(model), model.size, model.config.copy_distance)


def _described(model: DensityModel, kind: Kind, density: Density) -> Fitted:
    seen, unseen = score(density, as_array(model.points)), score(density, as_array(model.held_out))
    return Fitted(kind, density, seen, unseen, lattice(density, model.size, SHADING_SHAPE))


def _fit(model: DensityModel, wanted: Wanted) -> Density:
    points, smallest = as_array(model.points), model.config.smallest_width
    match wanted.kind:
        case "rectangles":
            return fitting.fit_rectangles(points, wanted.components, smallest)
        case "gaussians":
            rng = np.random.default_rng(wanted.seed)
            return fitting.fit_gaussians(points, wanted.components, smallest, rng)
        case "kernel":
            return fitting.fit_kernel(points, wanted.bandwidth)
        case "histogram":
            return fitting.fit_histogram(points, wanted.bins, wanted.pseudo_count, model.size)
        case _:
            return fitting.one_rectangle(fitting.best_box(points, smallest))
