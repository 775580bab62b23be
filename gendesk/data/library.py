"""The door to all data: opens what is in the catalogue and what a person has, and remembers what it prepared."""

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PIL import Image

from gendesk.data import cache, download, points, races
from gendesk.data.catalogue import catalogue
from gendesk.data.dataset import Dataset, DatasetKind, ImageDataset
from gendesk.data.embedded import maker
from gendesk.data.options import DEFAULT_OPTIONS, DataOptions, ImageOptions, RaceOptions, ScoreOptions, TextOptions
from gendesk.data.prepare import prepare
from gendesk.data.progress import Cancelled, Progress, Report
from gendesk.data.published import PublishedSet, published_set
from gendesk.data.readers.files import readable
from gendesk.data.readers.paths import exists, open_files, open_path, signature
from gendesk.data.readers.source import Source, UnreadableError
from gendesk.data.scores import scores
from gendesk.data.text import texts
from gendesk.data.transfer import Patience
from gendesk.errors import InputError

__all__ = ["Cancelled", "DataLibrary"]

_DOWNLOAD_SHARE = 0.8
_PATIENCE = Patience()


@dataclass(frozen=True)
class _Origin:
    """Where pictures come from; `identity` changes when they do, `open` may use the given folder for scratch files.

    `data` are published: their files have to be fetched before they are opened.
    """

    name: str
    title: str
    identity: str
    open: Callable[[Path, Progress], Source]
    data: PublishedSet | None = None


class DataLibrary:
    """Opens data sets by name or path; what it prepares is kept in `folder` and mapped into memory from there.

    Downloaded files are kept in `folder`/downloads. Several processes may share a folder, and several threads a
    library.
    """

    def __init__(self, folder: Path, patience: Patience = _PATIENCE) -> None:
        """`patience` is how long a download goes on."""
        self.folder = folder
        self._patience = patience

    @property
    def downloads(self) -> Path:
        """The folder with the downloaded files, each published set in one of its own."""
        return self.folder / "downloads"

    def open(
        self,
        reference: str,
        options: DataOptions = DEFAULT_OPTIONS,
        report: Report | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Dataset:
        """Open a data set of the catalogue, or what is at a path; prepares what is new or has changed.

        Options for texts open a text, those for scores pieces of music, and those for pictures pictures.

        Published data are downloaded before. A path leads to a folder of pictures or of other files that can be read,
        or to such a file (see `open_path`). `report` is called a few times a second with a fraction (0..1) and a
        sentence. Raises InputError if `reference` cannot be used, and Cancelled soon after `cancelled` turns true.
        """
        progress = Progress(report, cancelled)
        if isinstance(options, TextOptions):
            return texts.open_text(self.folder, reference, options, progress, self._patience)
        if isinstance(options, ScoreOptions):
            return scores.open_scores(self.folder, reference, options, progress)
        if reference in points.MAKERS:
            return points.MAKERS[reference]()
        if reference in races.MAKERS:
            return races.MAKERS[reference]()
        if isinstance(options, RaceOptions):
            raise InputError(f"{reference!r} is no race; known are {', '.join(races.MAKERS)}.")
        origin = self._origin(reference, options)
        place = cache.place_of(self.folder, cache.SCHEMA, origin.name, origin.identity, options)
        known = cache.load(place)
        if known is not None:
            return known
        if origin.data is not None:
            downloading = Progress(_within(report, 0.0, _DOWNLOAD_SHARE), cancelled)
            download.fetch(origin.data, self.downloads, downloading, self._patience)
            progress = Progress(_within(report, _DOWNLOAD_SHARE, 1.0), cancelled)
        try:
            return _prepared(origin, options, place, progress)
        except OSError as error:
            raise InputError(
                f"{origin.title} cannot be prepared in {self.folder}: {error.strerror or error}."
            ) from error

    def look(
        self,
        reference: str,
        options: ImageOptions = DEFAULT_OPTIONS,
        most: int = 400,
        cancelled: Callable[[], bool] | None = None,
    ) -> Iterator[Image.Image]:
        """Yield up to `most` of the pictures as they lie at rest, spread over all; unreadable ones are left out.

        Raises as `open`; published data must have been downloaded.
        """
        progress = Progress(None, cancelled)
        origin = self._origin(reference, options)
        with tempfile.TemporaryDirectory(prefix="gendesk-") as scratch:
            source = origin.open(Path(scratch), progress)
            try:
                count = len(source.labels)
                for index in range(0, count, max(1, -(-count // most))):
                    progress.update(index / count, "")
                    with contextlib.suppress(UnreadableError):
                        yield source.read(index)
            finally:
                source.close()

    def adopt(
        self,
        reference: str,
        paths: Sequence[Path],
        report: Report | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        """Use files that a person has in place of a download: checks those of a published set, and copies them.

        `paths` are files, or folders that hold them. Raises InputError if a file is missing or is not the right one.
        """
        data = published_set(reference)
        if data is None:
            raise InputError(f"{reference!r} names no published data set, so no files can be given for it.")
        progress = Progress(report, cancelled)
        try:
            found = download.given_files(data, paths)
        except OSError as error:
            raise InputError(f"{error.filename} cannot be read: {error.strerror or error}.") from error
        for file, path in zip(data.files, found, strict=True):
            if not file.md5:
                open_path(path, self.folder, progress).close()
        download.keep(data, self.downloads, found, progress)

    def _origin(self, reference: str, options: ImageOptions) -> _Origin:
        drawn = maker(reference)
        if drawn is not None:
            title = next(entry.title for entry in catalogue() if entry.name == reference)
            version, make = drawn
            return _Origin(reference, title, version, lambda _scratch, progress: make(options, progress))
        data = published_set(reference)
        if data is not None:
            identity = json.dumps([data.reference, [file.md5 for file in data.files]])
            return _Origin(data.reference, data.title, identity, partial(self._open_published, data, options), data)
        return _path_origin(reference, options)

    def _open_published(self, data: PublishedSet, options: ImageOptions, scratch: Path, progress: Progress) -> Source:
        paths = [self.downloads / data.folder / file.name for file in data.files]
        try:
            source = open_files(paths, scratch, progress, options)
        except InputError as error:
            unsure = [path for file, path in zip(data.files, paths, strict=True) if not file.md5]
            if not unsure:
                raise
            # No hash is published for them, so damage shows only now; the next attempt shall start afresh.
            for path in unsure:
                path.unlink(missing_ok=True)
            raise InputError(f"{error} It was removed; open it again to download it anew.") from error
        source.classes = data.classes or source.classes
        return source


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


def _path_origin(reference: str, options: ImageOptions) -> _Origin:
    path = Path(reference).expanduser().absolute()
    entry = next((entry for entry in catalogue() if entry.name == reference), None)
    if entry is not None and entry.kind is DatasetKind.TEXT:
        raise InputError(f"{entry.title} is a text; choose a recipe that trains on texts, or a data set of pictures.")
    if entry is not None and entry.kind is DatasetKind.SCORES:
        raise InputError(f"{entry.title} is music; choose a recipe that trains on music, or a data set of pictures.")
    if not reference.strip() or (not exists(path) and not _looks_like_path(reference)):
        known = ", ".join(entry.name for entry in catalogue())
        raise InputError(f"There is no data set named {reference!r}; known are {known}, or give a folder or a file.")
    identity = f"{path}\0{signature(path)}"
    name, title = (readable(text) or str(path) for text in (path.stem if path.is_file() else path.name, path.name))
    return _Origin(name, title, identity, partial(open_path, path, options=options))


def _within(report: Report | None, start: float, end: float) -> Report | None:
    """Let a part of the work report a part of the whole."""
    if report is None:
        return None

    def tell(fraction: float, sentence: str) -> None:
        report(start + (end - start) * fraction, sentence)

    return tell


def _looks_like_path(reference: str) -> bool:
    return Path(reference).suffix != "" or any(mark in reference for mark in (os.sep, "/", "\\", "~"))
