"""The exam: a model drives alone on held-out tracks, in processes side by side; a track scores the same every time."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gendesk.config import checked
from gendesk.engine.exams import TrackScore
from gendesk.engine.threads import available_cores
from gendesk.errors import InputError

from .config import ControllerConfig
from .fleet import Examined, Trained, examine, save_model
from .models import DrivingModel
from .racing.episodes import Episode
from .workers import Workers


def settings_of(values: Mapping[str, Any]) -> ControllerConfig:
    """Return what a run's recipe was told of its driver; raises InputError for values that cannot be."""
    return checked(ControllerConfig, {name: values[name] for name in ControllerConfig.model_fields if name in values})


def examine_tracks(
    model: DrivingModel,
    tracks: Sequence[int],
    *,
    processes: int = 0,
    race_frames: int = 1000,
    stopping: Callable[[], bool] = lambda: False,
) -> Iterator[Examined]:
    """Yield the race on each track as it comes to its end, each driven as `fleet.examine` does it.

    0 processes are one for each core; there are never more than tracks. They end with the iterator, within two
    seconds. Raises StepInterrupted soon after `stopping` says so, and RunError when a process was ended from outside.
    """
    steps, options = model.world.decisions(race_frames), model.race_options()
    count = max(1, min(processes or available_cores(), len(tracks)))
    with tempfile.TemporaryDirectory(prefix="gendesk-exam-") as folder, Workers(count, stopping) as crew:
        file = save_model(Path(folder) / "driver.safetensors", model)
        driver = Trained(file, model.driver.cpu().numpy())
        races = (Episode(seed, driver, steps, options=options) for seed in tracks)
        yield from crew.imap_unordered(examine, races)


def sit(
    model: DrivingModel,
    tracks: Sequence[int],
    settings: Mapping[str, Any],
    report: Callable[[TrackScore], None],
    stopping: Callable[[], bool],
) -> list[TrackScore]:
    """Return the scores of a model with a run's settings: see `gendesk.engine.capabilities.Examinable`."""
    if not model.driver.any():
        raise InputError("This model has no trained driver yet: all its numbers are 0.")
    config = settings_of(settings)
    scores = []
    races = examine_tracks(
        model,
        tracks,
        processes=config.processes,
        race_frames=config.race_frames,
        stopping=stopping,
    )
    for one in races:
        scores.append(_score(one))
        report(scores[-1])
    return scores


def _score(race: Examined) -> TrackScore:
    return TrackScore(track=race.seed, score=race.score, steps=race.steps, finished=race.terminated)
