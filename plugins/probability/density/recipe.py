"""Fits a density to points on a map (Foster, Generative Deep Learning, 1st edition, chapter 1, figures 1.4 to 1.6)."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from gendesk.config import ConfigModel
from gendesk.data.dataset import DatasetKind, PointDataset, PointInfo
from gendesk.engine.preview import BarChart, BarsPreview, ImagePreview, Preview, TablePreview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, Recipe, State

from . import fitting
from .config import DensityConfig
from .densities import FLOOR, Density, FloatArray, Gaussians, Rectangles
from .drawing import draw_map
from .models import DensityModel, as_array
from .operations import score
from .verdicts import TITLES, shares, verdicts

_SAMPLES, _SHOWN = 200, 50
_MAP = (
    "The map with the training points in black and the density in blue: the stronger, the higher. The marks are "
    "samples, from the same random numbers at every step: red crosses fell into the sea, amber diamonds lie almost on "
    "a training point, green discs succeed. A good density leaves out what the points leave out, and clings to none."
)
_BARS = (
    "How many of 200 samples fell into the sea, which breaks the first rule, lie almost on a training point, which "
    "breaks the second, and keep both. A good density has few of the first two."
)
_TABLE = (
    "What the density consists of and how likely it makes the points. Compare the two log-likelihoods: one that is "
    "much lower on held-out points belongs to a density that has learnt its points by heart."
)


class DensityMapRecipe(Recipe[DensityConfig, PointDataset]):
    """Finds the density of a kind under which the training points are most likely."""

    Config: ClassVar[type[ConfigModel]] = DensityConfig
    accepts: ClassVar[DatasetKind] = DatasetKind.POINTS
    metrics: ClassVar[tuple[MetricSpec, ...]] = (
        MetricSpec(
            "log_likelihood",
            "Log-likelihood",
            "Mean logarithm of the density at the points, in nats a point; higher is better. A point where the density "
            f"is zero, which would make it minus infinity, counts as {FLOOR:g} so that the curve can be drawn.",
            "Log-likelihood",
            "max",
        ),
        MetricSpec(
            "sea",
            "In the sea",
            "Share of 200 samples that fell where no point can lie, which breaks the first rule. Lower is better.",
            "Samples",
        ),
        MetricSpec(
            "copies",
            "Copies",
            "Share of 200 samples that lie almost on a training point, which breaks the second rule. Lower is better.",
            "Samples",
        ),
        MetricSpec(
            "successes",
            "Successes",
            "Share of 200 samples that keep both rules. Higher is better.",
            "Samples",
            "max",
        ),
    )
    best: ClassVar[str] = "log_likelihood"

    def __init__(self, config: DensityConfig, data: PointDataset, context: Context) -> None:
        super().__init__(config, data, context)
        self._model = self.build(config, data.info).to(context.device)
        self._model.take(data)
        self._points = as_array(self._model.points)
        self._held_out = as_array(self._model.held_out)
        self._region = self._model.region.cpu().numpy()
        self._steps = 0
        self._reach = [config.step_size] * 4
        self._model.density = self._start()

    @classmethod
    def build(cls, config: DensityConfig, info: PointInfo) -> DensityModel:
        return DensityModel(config, info)

    def model(self) -> DensityModel:
        return self._model

    @property
    def steps_per_epoch(self) -> int:
        return 1

    @property
    def samples_per_step(self) -> int:
        return len(self._points)

    def step(self) -> Metrics:
        rng = np.random.default_rng([self.context.seed, self._steps + 1])
        self._model.density = self._improved(self._model.density, rng)
        self._steps += 1
        density = self._model.density
        sea, copies, successes = shares(self._judged(self._samples(density, _SAMPLES)))
        return {
            "log_likelihood": score(density, self._points).finite,
            "sea": sea,
            "copies": copies,
            "successes": successes,
        }

    def _start(self) -> Density:
        config, points, size = self.config, self._points, self._model.size
        rng = np.random.default_rng([self.context.seed, 0])
        match config.density:
            case "rectangles":
                return fitting.split_start(points, config.components, config.smallest_width)
            case "gaussians":
                return fitting.em_start(points, config.components, config.smallest_width, rng)
            case "kernel":
                return fitting.fit_kernel(points, config.bandwidth)
            case "histogram":
                return fitting.fit_histogram(points, config.bins, config.pseudo_count, size)
            case _:
                return fitting.one_rectangle(fitting.random_box(size, config.smallest_width, rng))

    def _improved(self, density: Density, rng: np.random.Generator) -> Density:
        """Return the density after one step; kernels and histograms are done with their first."""
        points, smallest = self._points, self.config.smallest_width
        if isinstance(density, Gaussians):
            return fitting.em_step(points, density, smallest)[0]
        if not isinstance(density, Rectangles):
            return density
        if self.config.density == "rectangles":
            return fitting.split_step(points, density, smallest)
        if self.config.method == "closed form":
            return fitting.one_rectangle(fitting.best_box(points, smallest))
        climber = fitting.Climber(density.boxes[0], np.array(self._reach), self._model.size, smallest)
        climber.climb(points, self.config.proposals, rng)
        self._reach = climber.reach.tolist()
        return fitting.one_rectangle(climber.box)

    def validate(self) -> Metrics:
        """Score the held-out points; the shares of the samples are no matter of which points are looked at."""
        return {"log_likelihood": score(self._model.density, self._held_out).finite}

    def previews(self) -> Iterator[Preview]:
        density = self._model.density
        samples = self._samples(density, _SAMPLES)
        found = self._judged(samples)
        land = self._region if self.config.show_land else None
        picture = draw_map(density, self._model.size, self._points, samples[:_SHOWN], found[:_SHOWN], land)
        yield ImagePreview("map", "Map", picture[None], columns=1, description=_MAP)
        chart = BarChart("Share of samples", np.array([shares(found)], dtype=np.float32), TITLES)
        yield BarsPreview("verdicts", "Verdicts", (chart,), _BARS)
        yield TablePreview("numbers", "Numbers", ("Quantity", "Value"), self._rows(density), _TABLE)

    def _rows(self, density: Density) -> tuple[tuple[str, str], ...]:
        seen, unseen = score(density, self._points), score(density, self._held_out)
        rows = [
            ("Parameters", f"{density.parameters:,}"),
            ("Log-likelihood per training point", seen.text),
            ("Log-likelihood per held-out point", unseen.text),
            ("Training points of density zero", f"{seen.outside:,}"),
            ("Held-out points of density zero", f"{unseen.outside:,}"),
        ]
        if self.config.density == "rectangle" and isinstance(density, Rectangles):
            box = density.boxes[0] - np.tile(self._model.size, 2) / 2
            names = ("θ1, west (°)", "θ2, south (°)", "θ3, east (°)", "θ4, north (°)")
            rows += [(name, f"{edge:.2f}") for name, edge in zip(names, box.tolist(), strict=True)]
            rows.append(("Area (square degrees)", f"{np.prod(box[2:] - box[:2]):,.0f}"))
        return tuple(rows)

    def _samples(self, density: Density, count: int) -> FloatArray:
        return density.draw(count, np.random.default_rng([self.context.seed, 2**31]))

    def _judged(self, samples: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        return verdicts(samples, self._points, self._region, self._model.size, self.config.copy_distance)

    def state(self) -> State:
        return {"steps": self._steps, "reach": list(self._reach)}

    def load_state(self, state: State) -> None:
        self._steps, self._reach = state["steps"], list(state["reach"])
