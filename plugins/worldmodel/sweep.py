"""The temperature sweep: controllers evolve in dreams of several temperatures, and then meet real tracks.

Ha and Schmidhuber, World Models (2018), section "Cheating the World Model": in cold dreams a controller learns what
only M believes in; in hot ones it is too hard to learn anything.
"""

import hashlib
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from gendesk.engine.checkpoints import load_checkpoint, save_checkpoint
from gendesk.engine.threads import available_cores
from gendesk.errors import InputError, StoredDataError

from .config import ControllerConfig
from .dream import dreamt_scores
from .evolution import Evolution
from .fleet import ModelFile, Trained, load_model, save_model
from .models import DreamingModel, DrivingModel
from .racing.episodes import Episode, play
from .sweep_report import RoadScore, SweepReport, SweepRow, SweepSettings, save_sweep
from .workers import Workers

STATE_FILE = "sweep.safetensors"
_SAVE_SECONDS = 20.0
"""Time between two saved states: with five temperatures and 867 parameters they take 45 MB."""
_COMPARISON = 1_000_000_007
"""Sets the dreams in which controllers are compared apart from those in which they evolve."""


@dataclass(frozen=True)
class Dreams:
    """Dreams for a process: `place` says whose, and the same `seed` gives the same dreams to the same candidates."""

    place: int
    model: ModelFile
    candidates: NDArray[np.float32]
    temperature: float
    episodes: int
    steps: int
    seed: int


def dream(work: Dreams) -> tuple[int, NDArray[np.float64]]:
    """Return the place, and the rewards of each candidate in each dream (candidates, episodes)."""
    model = load_model(work.model)
    scores = dreamt_scores(
        model.memory,
        model.beginnings,
        model.shape,
        torch.from_numpy(work.candidates),
        episodes=work.episodes,
        steps=work.steps,
        temperature=work.temperature,
        generator=torch.Generator().manual_seed(work.seed),
    )
    return work.place, scores.double().numpy()


def drive(work: tuple[int, Episode]) -> tuple[int, RoadScore]:
    """Return the place, and what the race was worth, driven alone as in an exam."""
    place, episode = work
    rewards = play(episode).rewards
    score, rewarded = float(rewards.sum()), int((rewards > 0).sum())
    return place, RoadScore(track=episode.seed, score=score, rewarded=rewarded)


class Sweep:
    """A sweep in the folder of a run; one that was interrupted with the same settings and the same model goes on."""

    def __init__(
        self, model: DreamingModel, config: ControllerConfig, settings: SweepSettings, folder: Path, step: int = 0
    ) -> None:
        """Take up what there is of it in the folder; raises InputError for a start that the model does not have."""
        self._model = as_driver(model, config)
        self._config, self._settings, self._folder = config, settings, folder
        start = self._model.driver.cpu().numpy().astype(np.float64)
        if settings.start == "zeros":
            start = np.zeros_like(start)
        elif not start.any():
            raise InputError("This model has no trained driver to begin with; begin with zeros.")
        self._steps = self._model.world.decisions(config.race_frames)
        self._key = _key(self._model, settings, config)
        self._rows = [SweepRow(temperature=one) for one in settings.temperatures]
        self._evolutions = [
            Evolution(len(start), settings.population, settings.sigma, settings.seed, start) for _ in self._rows
        ]
        self._saved, self._step = time.monotonic(), step
        with suppress(StoredDataError):  # what is damaged or was another sweep is begun anew
            self._restore(load_checkpoint(folder / STATE_FILE))

    @property
    def report(self) -> SweepReport:
        """What there is so far."""
        return SweepReport(step=self._step, settings=self._settings, rows=tuple(self._rows))

    def run(
        self,
        processes: int = 0,
        report: Callable[[SweepReport], None] = lambda _: None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> SweepReport:
        """Go on to the end, and tell `report` of everything new; 0 processes are one for each core.

        Raises StepInterrupted soon after `stopping` says so; what is done by then is kept. Raises OSError if the disk
        refuses.
        """
        count = processes or available_cores()
        with tempfile.TemporaryDirectory(prefix="gendesk-sweep-") as folder, Workers(count, stopping) as crew:
            file = save_model(Path(folder) / "driver.safetensors", self._model)
            try:
                while any(len(row.curve) < self._settings.generations for row in self._rows):
                    self._evolve(crew, file)
                    self._tell(report)
                self._compare_in_dreams(crew, file)
                self._race(crew, file, report)
            finally:
                self._save()
        (self._folder / STATE_FILE).unlink(missing_ok=True)
        return self.report

    def _evolve(self, crew: Workers, file: ModelFile) -> None:
        """Do one more generation of each temperature, all of them in the same dreams but for their temperature."""
        number = min(len(row.curve) for row in self._rows)
        asked = [evolution.ask().astype(np.float32) for evolution in self._evolutions]
        work = [
            self._dreams(file, place, candidates, self._settings.dreams, number)
            for place, candidates in enumerate(asked)
        ]
        for place, scores in sorted(crew.map(dream, work), key=lambda one: one[0]):
            self._evolutions[place].tell(scores.mean(1))
            curve = (*self._rows[place].curve, float(scores.mean()))
            self._rows[place] = self._rows[place].model_copy(update={"curve": curve})

    def _compare_in_dreams(self, crew: Workers, file: ModelFile) -> None:
        if all(row.dreams for row in self._rows):
            return
        means = [evolution.mean.astype(np.float32)[None] for evolution in self._evolutions]
        work = [
            self._dreams(file, place, numbers, self._settings.tracks, _COMPARISON)
            for place, numbers in enumerate(means)
        ]
        for place, scores in crew.map(dream, work):
            self._rows[place] = self._rows[place].model_copy(update={"dreams": tuple(scores[0].tolist())})

    def _dreams(self, file: ModelFile, place: int, candidates: NDArray[np.float32], count: int, number: int) -> Dreams:
        seed = int(np.random.default_rng([self._settings.seed, number]).integers(2**62))
        temperature = self._rows[place].temperature
        return Dreams(place, file, candidates, temperature, count, self._steps, seed)

    def _race(self, crew: Workers, file: ModelFile, report: Callable[[SweepReport], None]) -> None:
        """Drive on the first held-out tracks, track by track, so that all temperatures can be compared early."""
        work = []
        for track in range(self._settings.tracks):
            for place, row in enumerate(self._rows):
                if all(race.track != track for race in row.races):
                    numbers = self._evolutions[place].mean.astype(np.float32)
                    driver = Trained(file, numbers)
                    work.append((place, Episode(track, driver, self._steps, options=self._model.race_options())))
        for place, found in crew.imap_unordered(drive, work):
            races = tuple(sorted((*self._rows[place].races, found), key=lambda race: race.track))
            self._rows[place] = self._rows[place].model_copy(update={"races": races})
            self._tell(report)

    # What is kept

    def _tell(self, report: Callable[[SweepReport], None]) -> None:
        report(self.report)
        if time.monotonic() - self._saved > _SAVE_SECONDS:
            self._save()

    def _save(self) -> None:
        save_sweep(self._folder, self.report)
        if not self.report.is_complete:
            evolutions = [_stored(evolution.state()) for evolution in self._evolutions]
            rows = [row.model_dump(mode="json") for row in self._rows]
            save_checkpoint(self._folder / STATE_FILE, {"key": self._key, "rows": rows, "evolutions": evolutions})
        self._saved = time.monotonic()

    def _restore(self, state: dict[str, Any]) -> None:
        """Take over a saved state if it is of this sweep; raises StoredDataError if it is damaged."""
        try:
            if state["key"] != self._key:
                return
            rows = [SweepRow.model_validate(row) for row in state["rows"]]
            evolutions = [
                Evolution.from_state(
                    {**one, "arrays": {name: values.numpy() for name, values in one["arrays"].items()}}
                )
                for one in state["evolutions"]
            ]
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise StoredDataError("The saved sweep is damaged.") from error
        fits = [row.temperature for row in rows] == [row.temperature for row in self._rows]
        sizes = {(one.parameters, one.population) for one in evolutions}
        if fits and len(evolutions) == len(rows) and sizes == {(len(self._model.driver), self._settings.population)}:
            self._rows, self._evolutions = rows, evolutions


def as_driver(model: DreamingModel, config: ControllerConfig) -> DrivingModel:
    """Return a model that can drive: a driving one as it is, one without C with a controller of zeros."""
    if isinstance(model, DrivingModel):
        return model
    shape = config.with_values({"latent_size": model.latent_size, "units": model.memory.units}).shape
    driving = DrivingModel(model.world, shape, model.memory.mixtures)
    driving.load_state_dict({**driving.state_dict(), **model.state_dict()})
    return driving.eval()


def _key(model: DrivingModel, settings: SweepSettings, config: ControllerConfig) -> str:
    """Return what tells a sweep from any other: all numbers of the model, and what was set."""
    digest = hashlib.sha256()
    for name, values in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(values.cpu().contiguous().numpy().tobytes())
    facts = (settings.model_dump_json(), str(model.shape), str(config.race_frames))
    digest.update("|".join(facts).encode())
    return digest.hexdigest()


def _stored(state: dict[str, Any]) -> dict[str, Any]:
    """Return the state of an evolution as checkpoints hold it, with tensors in place of arrays."""
    arrays = {name: torch.from_numpy(values) for name, values in state["arrays"].items()}
    return {"numbers": state["numbers"], "arrays": arrays}
