"""The prepared data sets on the disk: what each is, how much room it takes, and how it is removed."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gendesk.data import cache
from gendesk.data.dataset import ImageDataset, ScoreDataset, TextDataset
from gendesk.data.scores import store as score_store
from gendesk.data.text import store
from gendesk.errors import InputError

_Data = TypeVar("_Data", ImageDataset, TextDataset, ScoreDataset)


@dataclass(frozen=True)
class Prepared:
    """A prepared data set: its folder, the room it takes in bytes, and its pictures, mapped into memory."""

    folder: Path
    size: int
    data: ImageDataset


@dataclass(frozen=True)
class PreparedText:
    """A prepared text: its folder, the room it takes in bytes, and its tokens, mapped into memory."""

    folder: Path
    size: int
    data: TextDataset


@dataclass(frozen=True)
class PreparedScores:
    """Prepared pieces of music: their folder, the room they take in bytes, and the pieces."""

    folder: Path
    size: int
    data: ScoreDataset


AnyPrepared = Prepared | PreparedText | PreparedScores


def prepared_sets(folder: Path) -> Iterator[Prepared]:
    """Yield the prepared sets of pictures in a library's folder, sorted by title; unreadable ones are left out."""
    for path, data in _readable(folder, cache.load):
        yield Prepared(path, folder_size(path), data)


def prepared_texts(folder: Path) -> Iterator[PreparedText]:
    """Yield the prepared texts in a library's folder, sorted by title; unreadable ones are left out."""
    for path, data in _readable(folder, _text):
        yield PreparedText(path, folder_size(path), data)


def prepared_scores(folder: Path) -> Iterator[PreparedScores]:
    """Yield the prepared pieces in a library's folder, sorted by title; unreadable ones are left out."""
    for path, data in _readable(folder, _scores):
        yield PreparedScores(path, folder_size(path), data)


def _scores(folder: Path) -> ScoreDataset | None:
    loaded = score_store.load(folder)
    return None if loaded is None else loaded[0]


def _text(folder: Path) -> TextDataset | None:
    loaded = store.load(folder)
    return None if loaded is None else loaded[0]


def _readable(folder: Path, load: Callable[[Path], _Data | None]) -> list[tuple[Path, _Data]]:
    found = [(path, load(path)) for path in folder.glob("*/") if path.is_dir()] if folder.is_dir() else []
    readable = [(path, data) for path, data in found if data is not None]
    return sorted(readable, key=lambda item: item[1].info.title.lower())


def folder_size(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def remove(prepared: AnyPrepared) -> int:
    """Remove a prepared data set and return the bytes that are free now; raises InputError.

    The files at rest stay where they are. What trains on it goes on, where the system lets open files be removed.
    """
    try:
        shutil.rmtree(prepared.folder)
    except OSError as error:
        title = prepared.data.info.title
        raise InputError(f"{title} cannot be removed, probably because it is in use: {error.strerror}.") from error
    return prepared.size
