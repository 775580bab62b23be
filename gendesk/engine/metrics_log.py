"""The history of a run's metrics: one CSV file that grows, and is cut where a resumed run starts again."""

import csv
import io
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
        self._path = path
        self._names = list(names)

    def append(self, rows: Sequence[Row]) -> None:
        """Write rows at once; raises OSError if the disk refuses."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if not self._path.exists():
            writer.writerow(["step", "seconds", *self._names])
        for step, seconds, values in rows:
            numbers = (values.get(name) for name in self._names)
            writer.writerow(
                [step, f"{seconds:.3f}", *("" if number is None else f"{number:.9g}" for number in numbers)]
            )
        with self._path.open("a", encoding="utf-8", newline="") as file:
            file.write(text.getvalue())

    def cut_after(self, step: int) -> None:
        """Drop the rows of steps that a resumed run will do again, and a last line that a crash left half-written."""
        if not self._path.exists():
            return
        lines = self._path.read_text(encoding="utf-8").splitlines(keepends=True)
        whole = [line for line in lines if line.endswith("\n")]
        kept = whole[:1] + [line for line in whole[1:] if int(line.partition(",")[0]) <= step]
        write_atomically(self._path, "".join(kept))


def read_history(path: Path) -> History:
    """Return steps and values of every metric; a damaged last line is passed over, a missing file has no metrics."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        names = next(rows, [])[2:]
        columns: dict[str, tuple[list[int], list[float]]] = {name: ([], []) for name in names}
        for row in rows:
            if len(row) != len(names) + 2:
                continue
            for name, text in zip(names, row[2:], strict=True):
                if text:
                    columns[name][0].append(int(row[0]))
                    columns[name][1].append(_number(text))
    return {
        name: (np.asarray(steps, dtype=np.int64), np.asarray(values, dtype=np.float64))
        for name, (steps, values) in columns.items()
        if steps
    }


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
