"""The prepared data sets on the disk: what each is, how much room it takes, and how it is removed."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gendesk.data import cache
from gendesk.data.dataset import ImageDataset
from gendesk.errors import InputError


@dataclass(frozen=True)
class Prepared:
    """A prepared data set: its folder, the room it takes in bytes, and its pictures, mapped into memory."""

    folder: Path
    size: int
    data: ImageDataset


def prepared_sets(folder: Path) -> Iterator[Prepared]:
    """Yield the prepared data sets in a library's folder, sorted by title; what cannot be read is left out."""
    found = [(path, cache.load(path)) for path in folder.glob("*/") if path.is_dir()] if folder.is_dir() else []
    readable = [(path, data) for path, data in found if data is not None]
    for path, data in sorted(readable, key=lambda item: item[1].info.title.lower()):
        yield Prepared(path, folder_size(path), data)


def folder_size(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def remove(prepared: Prepared) -> int:
    """Remove a prepared data set and return the bytes that are free now; raises InputError.

    The pictures at rest stay where they are. What trains on it goes on, where the system lets open files be removed.
    """
    try:
        shutil.rmtree(prepared.folder)
    except OSError as error:
        title = prepared.data.info.title
        raise InputError(f"{title} cannot be removed, probably because it is in use: {error.strerror}.") from error
    return prepared.size
