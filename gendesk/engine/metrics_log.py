"""The history of a run's metrics: one CSV file that grows, and is cut where a resumed run starts again."""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gendesk.files import write_atomically

Row = tuple[int, float, Mapping[str, float]]
History = dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]

_FIXED = ["step", "seconds"]
_MOST_WAITING = 100_000


class MetricsLog:
    """Appends rows of step, seconds of training and values; a column per metric, blank where it has no value.

    What the disk refuses waits in memory, the newest `most_waiting` rows of it, and is written by a later `append`.
    """

    def __init__(self, path: Path, names: Sequence[str], most_waiting: int = _MOST_WAITING) -> None:
        """`names` are the metrics, none with a comma in it; a file with other columns keeps them, beside these."""
        self._path = path
        self._names = list(names)
        self._waiting: deque[str] = deque(maxlen=most_waiting)
        self._columns_known = False
        self._whole: int | None = None

    def hold(self, rows: Sequence[Row]) -> None:
        """Take rows that the next `append` shall write."""
        self._waiting.extend(f"{row[0]},{row[1]:.3f},{_texts(row[2], self._names)}\n" for row in rows)

    def append(self, rows: Sequence[Row] = ()) -> None:
        """Write rows at once, after those that wait; raises OSError if the disk refuses, and lets them wait."""
        if not self._columns_known:
            self._adopt_columns()
        self.hold(rows)
        with self._path.open("ab") as file:
            if self._whole is not None and file.tell() > self._whole:
                file.truncate(self._whole)  # what the disk took of rows that it refused in the end
                file.seek(self._whole)
            self._whole = file.tell()
            if self._whole == 0:
                file.write((",".join([*_FIXED, *self._names]) + "\n").encode())
            file.write("".join(self._waiting).encode())
        self._whole = None
        self._waiting.clear()

    def cut_after(self, step: int) -> None:
        """Drop the rows of steps that a resumed run will do again, and what a crash left half-written or damaged."""
        if not self._path.exists():
            return
        self._adopt_columns()
        header, rows = _whole_lines(self._path)
        kept = [row for row in rows if (number := _step(row)) is not None and number <= step]
        write_atomically(self._path, _table([header, *kept] if header else []))

    def _adopt_columns(self) -> None:
        """Keep the columns that the file has, and give it those that it lacks: an update may have renamed metrics."""
        header, rows = _whole_lines(self._path) if self._path.is_file() else ([], [])
        own = [*_FIXED, *self._names]
        if header and header != own:
            if header[:2] != _FIXED:
                header = own  # damaged; rows that are as wide as ours are ours
            added = [name for name in own if name not in header]
            whole = [[*row, *[""] * len(added)] for row in rows if len(row) == len(header)]
            write_atomically(self._path, _table([[*header, *added], *whole]))
            self._rename([*header[2:], *added])
        self._columns_known = True

    def _rename(self, names: list[str]) -> None:
        """Put the rows that wait into other columns."""
        old, self._names = self._names, names
        for _ in range(len(self._waiting)):
            step, seconds, *texts = self._waiting.popleft().rstrip("\n").split(",")
            values = dict(zip(old, texts, strict=True))
            self._waiting.append(",".join([step, seconds, *(values.get(name, "") for name in names)]) + "\n")


def read_history(path: Path) -> History:
    """Return steps and values of every metric; damaged lines are passed over, a missing file has no metrics."""
    if not path.is_file():
        return {}
    header, rows = _whole_lines(path)
    names = header[2:]
    columns: dict[str, tuple[list[int], list[float]]] = {name: ([], []) for name in names}
    for row in rows:
        step = _step(row)
        if step is None or len(row) != len(header):
            continue
        for name, text in zip(names, row[2:], strict=True):
            if text:
                columns[name][0].append(step)
                columns[name][1].append(_number(text))
    return {
        name: (np.asarray(steps, dtype=np.int64), np.asarray(values, dtype=np.float64))
        for name, (steps, values) in columns.items()
        if steps
    }


def _texts(values: Mapping[str, float], names: Sequence[str]) -> str:
    numbers = (values.get(name) for name in names)
    return ",".join("" if number is None else f"{number:.9g}" for number in numbers)


def _table(rows: Sequence[Sequence[str]]) -> str:
    return "".join(f"{','.join(row)}\n" for row in rows)


def _whole_lines(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return header and rows, split at commas, without a last line that is still being written."""
    *whole, _ = path.read_text(encoding="utf-8", errors="replace").split("\n")
    header, *rows = [line.split(",") for line in whole] or [[]]
    return header, rows


def _step(row: Sequence[str]) -> int | None:
    return int(row[0]) if row[0].isdecimal() else None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
