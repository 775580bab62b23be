"""The door to all data: opens what is in the catalogue and what a person has, and remembers what it prepared."""

import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gendesk.data import cache, glyphs
from gendesk.data.catalogue import catalogue
from gendesk.data.dataset import ImageDataset
from gendesk.data.options import DEFAULT_OPTIONS, ImageOptions
from gendesk.data.prepare import prepare
from gendesk.data.progress import Cancelled, Progress, Report
from gendesk.data.readers.files import readable
from gendesk.data.readers.paths import exists, open_path, signature
from gendesk.data.readers.source import Source
from gendesk.errors import InputError

__all__ = ["Cancelled", "DataLibrary"]

_KEY_LENGTH = 16
_MAKERS = {"glyphs": (glyphs.VERSION, glyphs.make)}


@dataclass(frozen=True)
class _Origin:
    """Where pictures come from; `identity` changes when they do, `open` may use the given folder for scratch files."""

    name: str
    title: str
    identity: str
    open: Callable[[Path, Progress], Source]


class DataLibrary:
    """Opens data sets by name or path; what it prepares is kept in `folder` and mapped into memory from there.

    Several processes may share a folder, and several threads a library.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(
        self,
        reference: str,
        options: ImageOptions = DEFAULT_OPTIONS,
        report: Report | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> ImageDataset:
        """Open a data set of the catalogue, or the pictures at a path; prepares them if they are new or changed.

        A path leads to a folder of pictures or IDX files, or to a .zip, .npy, .npz or IDX file. `report` is called a
        few times a second with a fraction (0..1) and a sentence. Raises InputError if `reference` cannot be used,
        and Cancelled soon after `cancelled` turns true.
        """
        progress = Progress(report, cancelled)
        origin = _origin(reference)
        place = self.folder / f"{_slug(origin.name)}-{_key(origin, options)}"
        known = cache.load(place)
        if known is not None:
            return known
        try:
            return _prepared(origin, options, place, progress)
        except OSError as error:
            raise InputError(
                f"{origin.title} cannot be prepared in {self.folder}: {error.strerror or error}."
            ) from error


def _prepared(origin: _Origin, options: ImageOptions, place: Path, progress: Progress) -> ImageDataset:
    with cache.preparation(place) as (work, scratch):
        source = origin.open(scratch, progress)
        try:
            prepare(source, origin.name, origin.title, options, work, progress)
        finally:
            source.close()
    prepared = cache.load(place)
    if prepared is None:
        raise InputError(f"{origin.title} vanished from {place.parent} while it was prepared; open it again.")
    return prepared


def _origin(reference: str) -> _Origin:
    for entry in catalogue():
        if entry.name == reference:
            version, make = _MAKERS[entry.name]
            return _Origin(entry.name, entry.title, version, partial(_make, make))
    path = Path(reference).expanduser().absolute()
    if not reference.strip() or (not exists(path) and not _looks_like_path(reference)):
        known = ", ".join(entry.name for entry in catalogue())
        raise InputError(f"There is no data set named {reference!r}; known are {known}, or give a folder or a file.")
    identity = f"{path}\0{signature(path)}"
    name, title = (readable(text) or str(path) for text in (path.stem if path.is_file() else path.name, path.name))
    return _Origin(name, title, identity, partial(open_path, path))


def _make(make: Callable[[Progress], Source], _scratch: Path, progress: Progress) -> Source:
    return make(progress)


def _looks_like_path(reference: str) -> bool:
    return Path(reference).suffix != "" or any(mark in reference for mark in (os.sep, "/", "\\", "~"))


def _key(origin: _Origin, options: ImageOptions) -> str:
    identity = json.dumps([cache.SCHEMA, origin.name, origin.identity, options.model_dump()])
    return hashlib.sha256(identity.encode()).hexdigest()[:_KEY_LENGTH]


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "data"
