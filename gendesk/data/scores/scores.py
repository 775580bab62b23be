"""Opens pieces of music: reads, or composes, and writes them once, and reads them from there from then on."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gendesk.data import cache
from gendesk.data.dataset import DatasetKind, ScoreDataset
from gendesk.data.embedded import score_maker
from gendesk.data.options import ScoreOptions
from gendesk.data.progress import Progress
from gendesk.data.readers.files import readable
from gendesk.data.scores import store
from gendesk.data.scores.preparing import prepare
from gendesk.data.scores.reading import MIDI_SUFFIXES, RawScores, candidates_of, find
from gendesk.data.scores.report import ScoreReport, report_of
from gendesk.errors import InputError


@dataclass(frozen=True)
class _Origin:
    """Where pieces come from: `identity` changes when they do."""

    name: str
    title: str
    identity: str
    read: Callable[[Progress], RawScores]


def open_scores(folder: Path, reference: str, options: ScoreOptions, progress: Progress) -> ScoreDataset:
    """Open pieces of the catalogue, or what is at a path: a MIDI file, a folder of them, or chorales as JSON or .npz.

    What is prepared is kept in `folder`. Raises InputError if it cannot be used, and Cancelled.
    """
    return _opened(folder, reference, options, progress)[0]


def report_scores(folder: Path, reference: str, options: ScoreOptions, progress: Progress) -> ScoreReport:
    """Open pieces, so that a training begins at once, and say what is in them; raises as `open_scores`."""
    return report_of(*_opened(folder, reference, options, progress))


def looks_like_scores(reference: str) -> bool:
    """Tell whether a reference is rather music than pictures or text: by name, or by the ending of a file's name."""
    from gendesk.data.catalogue import find_entry

    entry = find_entry(reference)
    return entry.kind is DatasetKind.SCORES if entry else reference.lower().endswith(MIDI_SUFFIXES)


def _opened(
    folder: Path, reference: str, options: ScoreOptions, progress: Progress
) -> tuple[ScoreDataset, store.Facts]:
    origin = _origin(reference, progress)
    place = cache.place_of(folder, store.SCHEMA, origin.name, origin.identity, options)
    known = store.load(place)
    if known is not None:
        return known
    raw = origin.read(progress)
    try:
        with cache.preparation(place, store.load) as (work, _):
            prepare(raw, origin.name, origin.title, options, work, progress)
    except OSError as error:
        raise InputError(f"{origin.title} cannot be prepared in {folder}: {error.strerror or error}.") from error
    prepared = store.load(place)
    if prepared is None:
        raise InputError(f"{origin.title} vanished from {folder} while it was prepared; open it again.")
    return prepared


def _origin(reference: str, progress: Progress) -> _Origin:
    made = score_maker(reference)
    if made is not None:
        return _Origin(reference, made.title, made.version, made.read)
    from gendesk.data.catalogue import catalogue, find_entry

    path = Path(reference).expanduser().absolute()
    if not reference.strip() or (not _exists(path) and not _looks_like_path(reference)):
        if find_entry(reference) is not None:
            raise InputError(f"{reference!r} is no music but a data set of another kind.")
        known = ", ".join(entry.name for entry in catalogue() if entry.kind is DatasetKind.SCORES)
        raise InputError(f"There are no pieces named {reference!r}; known are {known}, or give a folder or a file.")
    found = find(path, progress)
    title = readable(path.name) or str(path)

    def read(progress: Progress) -> RawScores:
        raw = candidates_of(found, progress)
        if not raw.candidates:
            example = f"; {raw.skipped[0].path} {raw.skipped[0].reason}" if raw.skipped else ""
            raise InputError(f"There are no pieces in {title}{example}.")
        return raw

    return _Origin(readable(path.stem) or title, title, f"{path}\0{found.signature}", read)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _looks_like_path(reference: str) -> bool:
    return Path(reference).suffix != "" or any(mark in reference for mark in (os.sep, "/", "\\", "~"))
