"""Opens texts: reads, cleans and cuts them once, and maps the tokens into memory from then on."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gendesk.data import cache, download
from gendesk.data.dataset import DatasetKind, TextDataset
from gendesk.data.embedded import text_maker
from gendesk.data.options import TextOptions
from gendesk.data.progress import Progress
from gendesk.data.published import PublishedSet, gutenberg_book
from gendesk.data.readers.files import readable
from gendesk.data.text import store
from gendesk.data.text.cleaning import AESOP, without_gutenberg
from gendesk.data.text.preparing import prepare
from gendesk.data.text.reading import MOST_CHARACTERS, RawText, list_files, read_files
from gendesk.data.text.report import TextReport, report_of
from gendesk.data.transfer import Patience
from gendesk.errors import InputError

SUFFIXES = (".txt", ".md", ".rst", ".tex", ".text", ".log", ".csv", ".srt", ".html", ".xml", ".json", ".py", ".c", ".h",
            ".cpp", ".rs", ".go", ".java", ".js", ".ts", ".css", ".sh", ".sql", ".abc")  # fmt: skip
"""Names of files that are read as text where nobody says what they are; any other can be read as text, too."""
_PATIENCE = Patience()


@dataclass(frozen=True)
class _Origin:
    """Where a text comes from: `identity` changes when it does; `read` takes the number of characters wanted."""

    name: str
    title: str
    identity: str
    read: Callable[[int, Progress], RawText]
    sentences: bool = False


def open_text(
    folder: Path, reference: str, options: TextOptions, progress: Progress, patience: Patience = _PATIENCE
) -> TextDataset:
    """Open a text of the catalogue, gutenberg:NUMBER, or what is at a path: a file, or a folder of them.

    What is prepared is kept in `folder`, and books in its folder downloads; `patience` is how long a download goes on.
    Raises InputError if it cannot be used, and Cancelled.
    """
    return _opened(folder, reference, options, progress, patience)[0]


def report_text(folder: Path, reference: str, options: TextOptions, progress: Progress) -> TextReport:
    """Open a text, so that a training begins at once, and say what is in it; raises as `open_text`."""
    return report_of(*_opened(folder, reference, options, progress, _PATIENCE))


def looks_like_text(reference: str) -> bool:
    """Tell whether a reference is rather a text than pictures: by name, or by the ending of a file's name."""
    from gendesk.data.catalogue import find_entry

    entry = find_entry(reference)
    return entry.kind is DatasetKind.TEXT if entry else reference.lower().endswith(SUFFIXES)


def _opened(
    folder: Path, reference: str, options: TextOptions, progress: Progress, patience: Patience
) -> tuple[TextDataset, store.Facts]:
    origin = _origin(folder, reference, options, progress, patience)
    place = cache.place_of(folder, store.SCHEMA, origin.name, origin.identity, options)
    known = store.load(place)
    if known is not None:
        return known
    raw = origin.read(options.limit or MOST_CHARACTERS, progress)
    try:
        with cache.preparation(place, store.load) as (work, _):
            prepare(raw, origin.name, origin.title, options, work, progress, sentences=origin.sentences)
    except OSError as error:
        raise InputError(f"{origin.title} cannot be prepared in {folder}: {error.strerror or error}.") from error
    prepared = store.load(place)
    if prepared is None:
        raise InputError(f"{origin.title} vanished from {folder} while it was prepared; open it again.")
    return prepared


def _origin(folder: Path, reference: str, options: TextOptions, progress: Progress, patience: Patience) -> _Origin:
    made = text_maker(reference)
    if made is not None:
        return _Origin(reference, made.title, made.version, made.read)
    book = gutenberg_book(reference)
    if book is not None:
        return _book_origin(book, folder / "downloads", options, patience)
    return _path_origin(reference, options, progress)


def _book_origin(book: PublishedSet, downloads: Path, options: TextOptions, patience: Patience) -> _Origin:
    number = int(book.reference.partition(":")[2])

    def read(limit: int, progress: Progress) -> RawText:
        (path,) = download.fetch(book, downloads, progress, patience)
        files, _ = list_files(path, progress)
        raw = read_files(files, options.encoding, MOST_CHARACTERS, progress)
        text = without_gutenberg("".join(raw.parts), number)
        if not text:
            path.unlink(missing_ok=True)
            raise InputError(f"{book.title} holds no text; it was removed, open it again to download it anew.")
        return RawText((text[:limit],), len(text) > limit, raw.encodings)

    return _Origin(book.reference, book.title, book.reference, read, sentences=number == AESOP)


def _path_origin(reference: str, options: TextOptions, progress: Progress) -> _Origin:
    from gendesk.data.catalogue import catalogue, find_entry

    path = Path(reference).expanduser().absolute()
    if not reference.strip() or (not _exists(path) and not _looks_like_path(reference)):
        if find_entry(reference) is not None:
            raise InputError(f"{reference!r} is no text but a data set of another kind.")
        known = ", ".join(entry.name for entry in catalogue() if entry.kind is DatasetKind.TEXT)
        raise InputError(f"There is no text named {reference!r}; known are {known}, or give a folder or a file.")
    files, unusable = list_files(path, progress)
    title = readable(path.name) or str(path)
    signature = "\n".join(f"{file.name}\0{file.stamp}" for file in files)

    def read(limit: int, progress: Progress) -> RawText:
        raw = read_files(files, options.encoding, limit, progress)
        skipped = (*unusable, *raw.skipped)
        if not raw.parts:
            if path.is_file():
                raise InputError(f"{title} {raw.skipped[0].reason}.")
            example = f"; {skipped[0].path} {skipped[0].reason}" if skipped else ""
            raise InputError(f"There is no text in {title}{example}.")
        return RawText(raw.parts, raw.more, raw.encodings, skipped)

    return _Origin(readable(path.stem) or title, title, f"{path}\0{signature}", read)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _looks_like_path(reference: str) -> bool:
    return Path(reference).suffix != "" or any(mark in reference for mark in (os.sep, "/", "\\", "~"))
