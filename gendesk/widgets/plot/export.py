"""Files that a plot writes: its picture, and its values as comma-separated text."""

import csv
import io
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QIODevice, QPoint, QSaveFile
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from gendesk.errors import InputError
from gendesk.widgets.export import Report
from gendesk.widgets.theme import current_colors

Series = tuple[NDArray[np.float64], NDArray[np.float32]]

_ROWS_AT_ONCE = 1_000  # 2 ms


def rendered(plot: QWidget, parts: Iterable[QWidget]) -> QImage:
    """Return visible parts of a plot, where they are, at twice their size."""
    image = QImage(plot.size() * 2, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2)
    image.fill(QColor(current_colors().surface))
    painter = QPainter(image)
    for part in parts:
        if part.isVisibleTo(plot):
            part.render(painter, part.mapTo(plot, QPoint()), renderFlags=QWidget.RenderFlag.DrawChildren)
    painter.end()
    return image


def write_png(image: QImage, path: Path) -> None:
    """Save a picture; a file that was there is replaced only when all is written. Raises InputError."""
    file = _opened(path)
    if not image.save(file, "PNG"):  # type: ignore[call-overload]  # the stubs know only QIODevice, its base
        file.cancelWriting()
    _commit(file, path)


def write_csv(curves: Mapping[str, Series], path: Path, report: Report) -> None:
    """Save curves, steps (n,) and values (n,) each, as a table with one row per step; reports rows.

    The columns are "step" and the curves' names; a cell is empty where a curve has no value, and holds "nan" or "inf"
    where it has that. A file that was there is replaced only when all is written. Raises InputError.
    """
    file = _opened(path)
    steps = np.unique(np.concatenate([np.empty(0), *(series[0] for series in curves.values())]))
    _write_rows(file, [["step", *curves]])
    for start in range(0, len(steps), _ROWS_AT_ONCE):
        report(start)
        rows = steps[start : start + _ROWS_AT_ONCE]
        columns = [_cells(rows, series) for series in curves.values()]
        _write_rows(file, [*zip(map(_number, rows.tolist()), *columns, strict=True)])
        # Making text keeps the interpreter busy; without a pause the window would wait for it for 5 ms at a time.
        time.sleep(0.0005)
    _commit(file, path)


def _cells(rows: NDArray[np.float64], series: Series) -> list[str]:
    steps, values = series
    first, last = np.searchsorted(steps, rows[0]), np.searchsorted(steps, rows[-1], side="right")
    cells = [""] * len(rows)
    places = np.searchsorted(rows, steps[first:last])
    for place, value in zip(places.tolist(), values[first:last], strict=True):
        cells[place] = str(value)  # the shortest text that reads back as the same float32
    return cells


def _number(step: float) -> str:
    return str(int(step)) if step.is_integer() else repr(step)


def _write_rows(file: QSaveFile, rows: list[list[str]] | list[tuple[str, ...]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    file.write(text.getvalue().encode())


def _opened(path: Path) -> QSaveFile:
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise _failure(file, path)
    return file


def _commit(file: QSaveFile, path: Path) -> None:
    if not file.commit():
        raise _failure(file, path)


def _failure(file: QSaveFile, path: Path) -> InputError:
    return InputError(f"The plot cannot be saved as {path}: {file.errorString().rstrip('.')}.")
