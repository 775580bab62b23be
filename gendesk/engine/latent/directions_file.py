"""The directions that a person keeps with a run: one file in its folder, vectors as safetensors, the rest as JSON."""

import stat
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gendesk.engine.checkpoints import load_checkpoint, save_checkpoint
from gendesk.engine.latent.directions import Direction, Kind, LogLine, unit
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError, StoredDataError

DIRECTIONS_FILE = "directions.safetensors"
MOST_DIRECTIONS = 100
LONGEST_NAME = 60
LARGEST_FILE = 8 << 20
_LONGEST_LOG = 10_000
_LONGEST_SOURCE = 500


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    positives: int = Field(ge=0)
    negatives: int = Field(ge=0)
    moved_with: float
    moved_without: float
    length: float


class _Stored(BaseModel):
    """A direction without its vector, as the header of the file has it."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    kind: Kind
    positives: int = Field(ge=0)
    negatives: int = Field(ge=0)
    length: float = Field(ge=0)
    share: float = Field(ge=0, le=1)
    log: tuple[_Line, ...] = Field(max_length=_LONGEST_LOG)
    step: int = Field(-1, ge=-1, le=10**15)  # files of earlier versions have neither
    source: str = Field("", max_length=_LONGEST_SOURCE)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True)

    directions: tuple[_Stored, ...] = Field(max_length=MOST_DIRECTIONS)


def load_directions(model: Model, data: RunData, _: object = None) -> tuple[Direction, ...]:
    """Return the directions kept with a run, none where nobody has kept any; raises StoredDataError."""
    return read_directions(data.folder, getattr(model, "latent_size", 0))


def save_directions(_model: Model, data: RunData, directions: tuple[Direction, ...]) -> int:
    """Keep these directions with a run, and no others, and return how many; raises InputError if the disk refuses."""
    try:
        write_directions(data.folder, directions)
    except OSError as error:
        raise InputError(f"The directions cannot be saved in {data.folder}: {error.strerror or error}.") from error
    return len(directions)


def write_directions(folder: Path, directions: Sequence[Direction]) -> None:
    """Write the file of a run folder; raises OSError if the disk refuses."""
    listed = [{name: value for name, value in asdict(one).items() if name != "vector"} for one in directions]
    for one in listed:
        one["kind"], one["log"] = str(one["kind"]), list(one["log"])
    vectors = torch.tensor([one.vector for one in directions], dtype=torch.float32)
    save_checkpoint(folder / DIRECTIONS_FILE, {"directions": listed, "vectors": vectors})


def read_directions(folder: Path, latent_size: int) -> tuple[Direction, ...]:
    """Read the file of a run folder, which may come from a stranger; raises StoredDataError for what cannot be used."""
    path = folder / DIRECTIONS_FILE
    try:
        found = path.lstat()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise StoredDataError(f"{path} cannot be read: {error.strerror or error}.") from error
    if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST_FILE:
        raise StoredDataError(f"{path} is no file of directions; remove it to begin anew.")
    try:
        tree = load_checkpoint(path)
        stored = _File.model_validate({"directions": tree["directions"]}).directions
        vectors = _checked(tree["vectors"], len(stored), latent_size)
        return tuple(_direction(one, vector) for one, vector in zip(stored, vectors, strict=True))
    except (ValidationError, KeyError, TypeError, ValueError, RecursionError, InputError) as error:
        raise StoredDataError(f"{path} holds no directions of this model; remove it to begin anew.") from error


def _checked(vectors: object, count: int, latent_size: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return the vectors as rows; raises ValueError for others than `count` finite ones of this size."""
    if not isinstance(vectors, torch.Tensor) or vectors.dtype != torch.float32:
        raise ValueError("There are no vectors.")
    if tuple(vectors.shape) != ((count, latent_size) if count else (0,)) or not bool(vectors.isfinite().all()):
        raise ValueError(f"The vectors are {tuple(vectors.shape)}.")
    return vectors.numpy().reshape(count, latent_size)


def _direction(stored: _Stored, vector: np.ndarray[tuple[int], np.dtype[np.float32]]) -> Direction:
    log = tuple(LogLine(**line.model_dump()) for line in stored.log)
    return Direction(**{**stored.model_dump(), "vector": unit(vector)[0], "log": log})
