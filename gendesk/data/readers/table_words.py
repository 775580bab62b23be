"""A table as words: text with separators, or the form of CelebA's list of attributes, within bounds."""

import codecs
import csv
import io
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from gendesk.data.progress import Progress
from gendesk.data.readers.limits import MAX_FILES
from gendesk.data.readers.source import UnreadableError

MAX_COLUMNS = 257
_MAX_CELLS = 24_000_000  # CelebA has 8.3 million
_MAX_WORDS = 2_000_000
_LONGEST_LINE = 1 << 20
_SEPARATORS = (",", ";", "\t")
_ASKED_EVERY = 1000  # items, which take about a millisecond

ItemT = TypeVar("ItemT")


@dataclass(frozen=True)
class TableWords:
    """A table whose cells int32 (rows, columns) index `words`, which differ from each other.

    `ragged` counts the rows that had more or fewer columns than the header and were left out.
    """

    header: tuple[str, ...]
    words: tuple[str, ...]
    cells: NDArray[np.int32]
    ragged: int


def watched(items: Iterable[ItemT], progress: Progress, sentence: str) -> Iterator[ItemT]:
    """Yield items, and ask now and then whether to go on; raises Cancelled."""
    for number, item in enumerate(items):
        if number % _ASKED_EVERY == 0:
            progress.update(0.0, sentence)
        yield item


def read_words(data: bytes, progress: Progress, sentence: str) -> TableWords:
    """Read a table, with `sentence` for whoever follows the progress; raises UnreadableError and Cancelled.

    CelebA's form has the number of rows in its first line, the attributes' names in the second, and no name over the
    column of files; anything else has a header line and commas, semicolons or tabs.
    """
    lines = watched(_lines(_decoded(data)), progress, sentence)
    first = next(lines, "")
    if first.strip().isdecimal():
        return _collected(("", *next(lines, "").split()), (line.split() for line in lines))
    rows = csv.reader(chain([first], lines), delimiter=max(_SEPARATORS, key=first.count))
    try:
        return _collected(tuple(word.strip() for word in next(rows, [])), rows)
    except csv.Error as error:
        raise UnreadableError("is not a table that can be read, so it gives no attributes") from error


def _decoded(data: bytes) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError("is not text in UTF-8, so it gives no attributes") from error
    if "\0" in text:
        raise UnreadableError("is not text, so it gives no attributes")
    return text


def _lines(text: str) -> Iterator[str]:
    for line in io.StringIO(text, newline=""):
        if len(line) > _LONGEST_LINE:
            raise UnreadableError("has lines of a length that no table has, so it gives no attributes")
        yield line


def _collected(header: tuple[str, ...], rows: Iterator[list[str]]) -> TableWords:
    columns = len(header)
    if columns < 2:
        raise UnreadableError("has only one column, so it gives no attributes")
    if columns > MAX_COLUMNS:
        raise UnreadableError(f"has more than {MAX_COLUMNS} columns, so it gives no attributes")
    numbers: dict[str, int] = {}
    cells = array("i")
    ragged = 0
    for row in rows:
        if len(row) != columns:
            ragged += bool(row)
            continue
        cells.extend([numbers.setdefault(word.strip(), len(numbers)) for word in row])
        if len(cells) > min(_MAX_CELLS, columns * MAX_FILES) or len(numbers) > _MAX_WORDS:
            raise UnreadableError("is too large a table, so it gives no attributes")
    return TableWords(header, tuple(numbers), np.array(cells, np.int32).reshape(-1, columns), ragged)
