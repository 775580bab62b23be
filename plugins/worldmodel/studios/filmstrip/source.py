"""What the filmstrip asks of a run: operations for a live worker, which read the races that the run learns from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gendesk.engine.run_data import RunData
from gendesk.errors import InputError

from ...frames import rollouts_among
from ...racing.episodes import Played
from ...rollouts import Rollouts, Summary, episode_path, load_episode, summary


@dataclass(frozen=True)
class RaceList:
    """The races of a run by their seeds, and how many files are damaged."""

    races: tuple[Summary, ...] = ()
    damaged: int = 0


def find_rollouts(data: RunData) -> Path | None:
    """Return the folder of the races that a run drove, or of the nearest one that it was built on; None without."""
    return rollouts_among(data.products)


def list_races(_model: Any, data: RunData, _argument: None) -> RaceList:
    """Return what is known of all races without their frames; damaged files are counted."""
    folder = find_rollouts(data)
    if folder is None:
        return RaceList()
    races, damaged = [], 0
    for path in Rollouts(folder).paths:
        try:
            races.append(summary(path))
        except InputError:
            damaged += 1
    return RaceList(tuple(races), damaged)


def read_race(_model: Any, data: RunData, seed: int) -> Played:
    """Return the race with a seed; raises InputError if it is gone or damaged."""
    folder = find_rollouts(data)
    if folder is None:
        raise InputError("The races of this run are gone.")
    return load_episode(episode_path(folder, seed))
