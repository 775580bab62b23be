"""The history of a run's metrics: one CSV file that grows, and is cut where a resumed run starts again."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gendesk.engine.files import write_atomically

Row = tuple[int, float, Mapping[str, float]]
History = dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]


class MetricsLog:
    """Appends rows of step, seconds of training and values; a column per metric, blank where it has no value."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        """`names` are the metrics, none with a comma in it."""
        self._path = path
        self._names = list(names)

    def append(self, rows: Sequence[Row]) -> None:
        """Write rows at once; raises OSError if the disk refuses."""
        lines = []
        for step, seconds, values in rows:
            numbers = (values.get(name) for name in self._names)
            texts = ("" if number is None else f"{number:.9g}" for number in numbers)
            lines.append(",".join([str(step), f"{seconds:.3f}", *texts]) + "\n")
        with self._path.open("a", encoding="utf-8", newline="") as file:
            if file.tell() == 0:
                lines.insert(0, ",".join(["step", "seconds", *self._names]) + "\n")
            file.write("".join(lines))

    def cut_after(self, step: int) -> None:
        """Drop the rows of steps that a resumed run will do again, and what a crash left half-written or damaged."""
        if not self._path.exists():
            return
        header, rows = _whole_lines(self._path)
        kept = [row for row in rows if (number := _step(row)) is not None and number <= step]
        write_atomically(self._path, "".join(f"{','.join(row)}\n" for row in ([header, *kept] if header else [])))


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
