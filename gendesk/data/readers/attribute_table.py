"""Attributes of pictures from a table beside them: who is meant by its rows, and what its columns say.

What a table does not say of a picture is unknown, and unknown is NaN, for named values as for numbers.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gendesk.data.dataset import Attribute, Float32Array, Int64Array, SkippedFile
from gendesk.data.progress import Progress
from gendesk.data.readers.picture_names import NOBODY, SEVERAL, PictureNames
from gendesk.data.readers.source import AttributeTable, UnreadableError
from gendesk.data.readers.table_words import TableWords, read_words, watched

KNOWN_NAMES = ("list_attr_celeba.txt", "list_attr_celeba.csv", "attributes.csv")
"""Names that say that a file holds attributes, also where it lies next to a folder of pictures."""
MAX_VALUES = 64
"""How many different words a column may hold to be an attribute with named values."""

_MOST_TABLES = 8
_MOST_REMARKS = 6  # about columns
_LONGEST = 60  # letters of a name or a value
_UNKNOWN = frozenset({"", "?", "na", "n/a", "nan", "null", "unknown"})
_TRUTHS = {"true": 1.0, "yes": 1.0, "false": 0.0, "no": 0.0}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class TableFile:
    """A file that may hold attributes: its place, a stamp that changes when it is changed, and how to get its bytes."""

    name: str
    stamp: str
    read: Callable[[], bytes]


def is_table(name: str) -> bool:
    """Tell whether a file may be a table of attributes, by its name."""
    return name.lower() in KNOWN_NAMES or (name.lower().endswith(".csv") and not name.startswith("."))


def by_promise(names: Sequence[str], folder: str) -> list[str]:
    """Sort names of tables: those known to hold attributes first, then the one called like its folder, then others."""
    first = [*KNOWN_NAMES, f"{folder}.csv".lower()]

    def promise(name: str) -> tuple[int, str]:
        base = name.rpartition("/")[2].lower()
        return (first.index(base) if base in first else len(first)), name

    return sorted(names, key=promise)


def read_attributes(
    files: Sequence[TableFile], pictures: Sequence[tuple[str, ...]], progress: Progress | None = None
) -> tuple[AttributeTable | None, list[SkippedFile]]:
    """Return what the first usable table says of pictures, given by the parts of their paths, and remarks.

    Remarks name a table that cannot be used, or what in it is not. Raises Cancelled when `progress` says so.
    """
    progress = progress or Progress()
    remarks: list[SkippedFile] = []
    for file in files[:_MOST_TABLES]:
        try:
            table, told = _read(file, pictures, progress)
        except UnreadableError as problem:
            remarks.append(SkippedFile(file.name, str(problem)))
        else:
            return table, remarks + [SkippedFile(file.name, reason) for reason in told]
    return None, remarks


def _read(file: TableFile, pictures: Sequence[tuple[str, ...]], progress: Progress) -> tuple[AttributeTable, list[str]]:
    sentence = f"Reading the attributes in {file.name}"
    words = read_words(file.read(), progress, sentence)
    column, meant = _rows_of_pictures(words, pictures, progress, sentence)
    known, first = np.unique(meant, return_index=True)
    first, known = first[known >= 0], known[known >= 0]
    useless: list[str] = []
    attributes: list[Attribute] = []
    columns: list[Float32Array] = []
    for number, name in enumerate(words.header):
        if number == column:
            continue
        try:
            attribute, values = _column(name, words, words.cells[first, number], attributes)
        except UnreadableError as problem:
            useless.append(str(problem))
            continue
        attributes.append(attribute)
        columns.append(np.full(len(pictures), np.nan, np.float32))
        columns[-1][known] = values
    if not attributes:
        raise UnreadableError("has no column that can be used as an attribute")
    remarks = [*_row_remarks(words, meant, len(known), len(pictures)), *useless[:_MOST_REMARKS]]
    if len(useless) > _MOST_REMARKS:
        remarks.append(f"has columns of no use beside these, {len(useless):,} in all")
    return AttributeTable(tuple(attributes), np.stack(columns, axis=1)), remarks


def _rows_of_pictures(
    words: TableWords, pictures: Sequence[tuple[str, ...]], progress: Progress, sentence: str
) -> tuple[int, Int64Array]:
    """Return the column of names, and for each row the picture it means, int64 (rows,), `NOBODY` or `SEVERAL`.

    Names with their extension count more than those without: a column of numbers may look like names.
    """
    exact, loose = (PictureNames(pictures, with_extension=with_extension) for with_extension in (True, False))
    by_exact = np.array([exact.find(word) for word in watched(words.words, progress, sentence)], np.int64)
    by_any = np.array([loose.find(word) for word in watched(words.words, progress, sentence)], np.int64)
    by_any = np.where(by_exact == NOBODY, by_any, by_exact)
    scores = [(_different(by_exact[cells]), _different(by_any[cells])) for cells in words.cells.T]
    column = max(range(len(scores)), key=lambda number: scores[number])
    if scores[column] == (0, 0):
        raise UnreadableError("names none of the pictures, so it gives no attributes")
    if exact.find(words.header[column]) >= 0:
        raise UnreadableError("has no header line with the names of its columns, so it gives no attributes")
    return column, by_any[words.cells[:, column]]


def _different(found: Int64Array) -> int:
    return len(np.unique(found[found >= 0]))


def _row_remarks(words: TableWords, meant: Int64Array, known: int, pictures: int) -> Iterator[str]:
    if words.ragged:
        yield f"has {_rows(words.ragged)} with another number of columns than its header, left out"
    if missing := int((meant == NOBODY).sum()):
        yield f"has {_rows(missing)} about pictures that are not here"
    if unclear := int((meant == SEVERAL).sum()):
        yield f"has {_rows(unclear)} whose names fit more than one picture, left out"
    if repeated := int((meant >= 0).sum()) - known:
        yield f"has {_rows(repeated)} about pictures that it named before, left out"
    if silent := pictures - known:
        yield f"says nothing about {silent:,} of {pictures:,} pictures, whose attributes are unknown"


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


def _column(
    name: str, words: TableWords, cells: NDArray[np.int32], before: Sequence[Attribute]
) -> tuple[Attribute, Float32Array]:
    """Return an attribute and its values (rows,); raises UnreadableError if the column is of no use."""
    name = _tidy(name)
    if not name:
        raise UnreadableError("has a column without a name, left out")
    if name in [attribute.name for attribute in before]:
        raise UnreadableError(f"has two columns named {name}, of which the first counts")
    present, places = np.unique(cells, return_inverse=True)
    meanings = [words.words[number] for number in present]
    known = [word for word in meanings if word.lower() not in _UNKNOWN]
    if not known:
        raise UnreadableError(f"says nothing in its column {name}, left out")
    values, numbers = _numbered(name, known)
    lookup = np.array([numbers.get(word, np.nan) for word in meanings], np.float32)
    return Attribute(name=name, title=name.replace("_", " "), values=values), lookup[places]


def _numbered(name: str, words: Sequence[str]) -> tuple[tuple[str, ...], dict[str, float]]:
    """Return the named values, if the words are no plain numbers, and what number each word stands for."""
    numbers = {word: _TRUTHS[word.lower()] for word in words if word.lower() in _TRUTHS}
    if len(numbers) < len(words):
        numbers = {word: float(word) for word in words if len(word) <= _LONGEST and _NUMBER.fullmatch(word)}
    if len(numbers) == len(words):
        kinds = set(numbers.values())
        if kinds <= {-1.0, 1.0} or kinds <= {0.0, 1.0}:
            return ("no", "yes"), {word: float(number > 0) for word, number in numbers.items()}
        if max(abs(number) for number in kinds) > float(np.finfo(np.float32).max):
            raise UnreadableError(f"has numbers in its column {name} that are too large, left out")
        return (), numbers
    values = sorted({_tidy(word) for word in words})
    if len(values) > MAX_VALUES or max(len(word) for word in words) > _LONGEST or "" in values:
        raise UnreadableError(f"has texts in its column {name} rather than at most {MAX_VALUES} short words, left out")
    places = {value: float(place) for place, value in enumerate(values)}
    return tuple(values), {word: places[_tidy(word)] for word in words}


def _tidy(text: str) -> str:
    """Return a name or a value that can be shown in one line."""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:_LONGEST].strip()
