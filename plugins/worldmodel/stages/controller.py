"""Stage 5: C evolves, on real tracks, in dreams, or in both by turns."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray

from gendesk.config import ConfigModel
from gendesk.engine.control import StepInterrupted
from gendesk.engine.health import HealthCheck
from gendesk.engine.preview import Preview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, State

from ..config import ControllerStageConfig
from ..dream import dreamt_scores
from ..evolution import Evolution, population_plane
from ..fleet import ModelFile, Races, Trained, examine, race, save_model
from ..models import DreamingModel, DrivingModel
from ..racing.episodes import Episode
from . import generation_charts as charts
from .generation import DREAMT, METRICS, RACED, Generation
from .overfitting import FooledDream
from .stage import RacingStage, same_size, taken_over

_CREW = 16
"""Races that a process drives side by side: enough to share V's work, few enough to stop soon."""
_ROWS = 25
_RACING = 0.9
"""The share of a generation after which it is evaluated, if it is."""


class ControllerRecipe(RacingStage[ControllerStageConfig]):
    """A step is a generation; the numbers that drove best at an evaluation are what is left."""

    Config: ClassVar[type[ConfigModel]] = ControllerStageConfig
    in_turns: ClassVar[bool] = True
    metrics: ClassVar[tuple[MetricSpec, ...]] = METRICS
    best: ClassVar[str] = "score"

    def __init__(self, config: ControllerStageConfig, data: Any, context: Context) -> None:
        super().__init__(config, data, context)
        before = self.model_before(DreamingModel)
        run = self.upstream().run
        same_size(run, "latent_size", config.latent_size, before.latent_size)
        same_size(run, "units", config.units, before.memory.units)
        same_size(run, "mixtures", config.mixtures, before.memory.mixtures)
        self._model = taken_over(DrivingModel(before.world, config.shape, config.mixtures), before)
        self._model.requires_grad_(requires_grad=False).eval().to(context.device)
        seed = int(np.random.default_rng([context.seed, 0]).integers(2**31))
        self._evolution = Evolution(config.shape.parameters, config.population, config.sigma, seed)
        self._history: list[Generation] = []
        self._pending: Generation | None = None
        self._scores: NDArray[np.float64] | None = None
        self._plane = np.zeros((0, 2), np.float32)
        self._evaluated: list[float] = []
        self._best = -np.inf
        self._file: ModelFile | None = None

    @classmethod
    def build(cls, config: ControllerStageConfig, info: Any) -> DrivingModel:  # noqa: ARG003
        return DrivingModel(None, config.shape, config.mixtures)

    @classmethod
    def metrics_of(cls, config: ControllerStageConfig) -> tuple[MetricSpec, ...]:
        """Leave out what is only known where the config does not train."""
        without = {"real": DREAMT, "dream": RACED, "alternating": ()}[config.trained_in]
        return tuple(spec for spec in cls.metrics if spec.name not in without)

    def model(self) -> DrivingModel:
        return self._model

    @property
    def steps_per_epoch(self) -> int:
        return 1

    @property
    def samples_per_step(self) -> int:
        return self.config.population

    @property
    def race_steps(self) -> int:
        """Decisions in a race."""
        return self._model.world.decisions(self.config.race_frames)

    # A generation

    def step(self) -> Metrics:
        """Try a generation, learn from it, and evaluate the new mean where it is time to.

        What is interrupted is begun again: the candidates stay the same until all of them have been tried.
        """
        if self._pending is None:
            self._pending = self._generation()
        generation = self._pending
        if generation.number % self.config.evaluate_every == 0:
            generation = Generation(**{**asdict(generation), "score": self._evaluate()})
        self._pending = None
        self._history = [*self._history[1 - _ROWS :], generation]
        return generation.metrics()

    def _generation(self) -> Generation:
        number = self._evolution.generation + 1
        dreamt = self._dreams(number)
        candidates, middle = self._evolution.ask().astype(np.float32), self._evolution.mean
        scores, steps = self._dreamt(candidates, number) if dreamt else self._raced(candidates, number)
        means = scores.mean(1)
        self._evolution.tell(means)
        self._scores, (self._plane, _) = scores, population_plane(candidates, middle)
        if self._best == -np.inf:  # until an evaluation has told which driver is the best
            self._model.set_driver(torch.from_numpy(self._middle))
        return Generation(
            number,
            dreamt,
            float(means.mean()),
            float(means.min()),
            float(means.max()),
            float(means.std()),
            self._evolution.sigma,
            float(steps.mean()),
            float(steps.max()),
        )

    def _dreams(self, number: int) -> bool:
        turn = (number - 1) // self.config.turns % 2
        return self.config.trained_in == "dream" or (self.config.trained_in == "alternating" and turn == 0)

    def _dreamt(self, candidates: NDArray[np.float32], number: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return rewards (candidates, dreams), and the decisions that the dreams took."""
        device = self.context.device
        seed = int(np.random.default_rng([self.context.seed, 1, number]).integers(2**62))
        scores = dreamt_scores(
            self._model.memory,
            self._model.beginnings,
            self._model.shape,
            torch.from_numpy(candidates).to(device),
            episodes=self.config.dream_episodes,
            steps=self.race_steps,
            temperature=self.config.temperature,
            generator=torch.Generator(device).manual_seed(seed),
            watch=partial(self._watch_dreams, number),
        )
        return scores.double().cpu().numpy(), np.full(scores.shape, float(self.race_steps))

    def _watch_dreams(self, number: int, done: int) -> None:
        """Tell how far the dreams of a generation are, or leave them where the run is to end."""
        if self.context.stopping():
            raise StepInterrupted
        text = f"Generation {number}: {done:,} of {self.race_steps:,} steps dreamt"
        self.context.report(_RACING * done / self.race_steps, text)

    def _raced(self, candidates: NDArray[np.float32], number: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return scores (candidates, races) on real tracks, and the decisions that the races took."""
        count, episodes = len(candidates), self.config.episodes
        tracks = self._tracks(number)
        flat = [(row, int(tracks[row, one])) for row in range(count) for one in range(episodes)]
        patience = self._model.world.decisions(self.config.patience)
        work = [
            Races(
                start,
                self._model_file(),
                candidates,
                tuple(row for row, _ in flat[start : start + _CREW]),
                tuple(seed for _, seed in flat[start : start + _CREW]),
                self.race_steps,
                patience,
            )
            for start in range(0, len(flat), _CREW)
        ]
        scores, steps = np.full(len(flat), np.nan), np.zeros(len(flat))
        for place, found in self.workers().imap_unordered(race, work):
            scores[place : place + len(found)] = [one.score for one in found]
            steps[place : place + len(found)] = [one.steps for one in found]
            self._report_races(number, scores.reshape(count, episodes))
        return scores.reshape(count, episodes), steps

    def _report_races(self, number: int, scores: NDArray[np.float64]) -> None:
        """Tell how far the races of a generation are; scores (candidates, races) are NaN of those that are to come."""
        done = int(np.isfinite(scores).sum())
        text = f"Generation {number}: {done} of {scores.size} races, best so far {np.nanmax(scores):.0f}"
        self.context.report(_RACING * done / scores.size, text, charts.candidates(scores))

    def _tracks(self, number: int) -> NDArray[np.int64]:
        """Return the seeds of the tracks (candidates, races) of a generation."""
        random = np.random.default_rng([self.context.seed, 2, number])
        train, shape = self.data.train, (self.config.population, self.config.episodes)
        if not self.config.antithetic:
            return np.broadcast_to(random.integers(train.start, train.stop, shape[1]), shape)
        half = random.integers(train.start, train.stop, (-(-shape[0] // 2), shape[1]))
        return np.concatenate([half, half])[: shape[0]]

    def _model_file(self) -> ModelFile:
        if self._file is None:
            self._file = save_model(self.context.products / "driver.safetensors", self._model)
        return self._file

    # How good it is

    @property
    def _middle(self) -> NDArray[np.float64]:
        """The numbers (parameters,) that the evolution holds to be best."""
        return self._evolution.average if self.config.averaged else self._evolution.mean

    def _evaluate(self) -> float:
        """Return the mean score of what the evolution has come to on tracks of its own; keep it if it is the best."""
        numbers = self._middle.astype(np.float32)
        driver = Trained(self._model_file(), numbers)
        options = self._model.race_options()
        tracks = self.data.selection[: self.config.evaluation_tracks]
        races = [Episode(seed, driver, self.race_steps, options=options) for seed in tracks]
        scores: dict[int, float] = {}
        for one in self.workers().imap_unordered(examine, races):
            scores[one.seed] = one.score
            mean, done = float(np.mean(list(scores.values()))), len(scores) / len(races)
            text = f"Evaluation: {len(scores)} of {len(races)} tracks, {mean:.0f} on average"
            self.context.report(_RACING + (1 - _RACING) * done, text)
        self._evaluated = [scores[seed] for seed in tracks]
        score = float(np.mean(self._evaluated))
        if score > self._best:
            self._best = score
            self._model.set_driver(torch.from_numpy(numbers))
        return score

    def validate(self) -> Metrics:
        """Return the newest evaluation; it has been done with its generation."""
        return {"score": float(np.mean(self._evaluated))} if self._evaluated else {}

    def health_checks(self) -> tuple[HealthCheck, ...]:
        return (FooledDream(self.config),)

    # What it shows

    def previews(self) -> Iterator[Preview]:
        if not self._history:
            return
        yield charts.generations(self._history)
        if self._scores is not None:
            yield charts.population(self._plane, self._scores.mean(1))
            yield charts.candidates(self._scores)
        if self._evaluated:
            yield charts.evaluation(self.data.selection, self._evaluated)

    # What a resumed run needs

    def state(self) -> State:
        evolution = self._evolution.state()
        return {
            "numbers": evolution["numbers"],
            "arrays": {name: torch.from_numpy(values) for name, values in evolution["arrays"].items()},
            "history": [asdict(generation) for generation in self._history],
            "pending": None if self._pending is None else asdict(self._pending),
            "scores": None if self._scores is None else torch.from_numpy(self._scores),
            "plane": torch.from_numpy(self._plane),
            "evaluated": list(self._evaluated),
            "best": None if self._best == -np.inf else float(self._best),
        }

    def load_state(self, state: Mapping[str, Any]) -> None:
        arrays = {name: values.cpu().numpy() for name, values in state["arrays"].items()}
        self._evolution = Evolution.from_state({"numbers": state["numbers"], "arrays": arrays})
        self._history = [Generation(**values) for values in state["history"]]
        self._pending = None if state["pending"] is None else Generation(**state["pending"])
        self._scores = None if state["scores"] is None else state["scores"].cpu().numpy()
        self._plane = state["plane"].cpu().numpy()
        self._evaluated = list(state["evaluated"])
        self._best = -np.inf if state["best"] is None else float(state["best"])
