"""How a run is shown in the list: texts, icons, sort keys and what to search, made once when something changes."""

import html
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QIcon

from gendesk.app.runs.entries import RunEntry, Status
from gendesk.engine.throughput import clock
from gendesk.widgets.icons import icon

SortKey = float | str | None
_ICONS = {
    Status.QUEUED: "queued",
    Status.RUNNING: "play",
    Status.PAUSING: "pause",
    Status.PAUSED: "pause",
    Status.STOPPING: "stop",
    Status.STOPPED: "stop",
    Status.FINISHED: "check",
    Status.FAILED: "error",
    Status.INTERRUPTED: "warning",
    Status.MISSING_PLUGIN: "warning",
    Status.DAMAGED: "error",
}


class Column(IntEnum):
    PICTURE = 0
    NAME = 1
    RECIPE = 2
    STATE = 3
    STEP = 4
    BEST = 5
    METRIC = 6
    TRAINED = 7
    CHANGED = 8
    TAGS = 9


PICTURE_ROLE = int(Qt.ItemDataRole.UserRole)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
NUMBERS = frozenset({Column.STEP, Column.BEST, Column.METRIC, Column.TRAINED, Column.CHANGED})


@dataclass(frozen=True)
class Live:
    """What a run in training says of itself, ahead of what is on the disk; `status` is None while it runs plainly."""

    status: Status | None = None
    step: int = 0
    total_steps: int = 0
    seconds: float = 0.0
    metrics: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Row:
    """One run as it is shown: the answers to the view by role for each column, and what to sort and search by."""

    entry: RunEntry
    status: Status
    cells: tuple[dict[int, Any], ...]
    keys: tuple[SortKey, ...]
    search: str
    metrics: Mapping[str, float]


class RowMaker:
    """Makes rows; `families` are titles by id, `states` those of each status."""

    def __init__(self, families: Mapping[str, str], states: Mapping[Status, str]) -> None:
        self._families = families
        self._states = states

    def row(self, entry: RunEntry, live: Live, metric: str) -> Row:
        """Return the row of a run; of one that trains here, `live` is newer than its files."""
        if entry.record is None:
            texts = {Column.NAME: entry.title, Column.RECIPE: entry.reason, Column.STATE: self._states[entry.status]}
            return Row(entry, entry.status, _cells(texts, entry), _keys(texts, {}), _folded([*texts.values()]), {})
        record, labels = entry.record, entry.labels
        live = live if entry.status is Status.RUNNING else Live()
        status = live.status or entry.status
        step, total = max(record.step, live.step), live.total_steps or record.total_steps
        seconds = max(record.seconds, live.seconds)
        metrics = {**record.metrics, **(live.metrics or {})}
        value = metrics.get(metric)
        family = self._families.get(record.family, record.family)
        texts = {
            Column.NAME: entry.title,
            Column.RECIPE: " \N{MIDDLE DOT} ".join(dict.fromkeys((record.recipe_title, family))),
            Column.STATE: self._states[status],
            Column.STEP: f"{step:,} / {total:,}" if total else "",
            Column.BEST: "" if record.best_value is None else f"{record.best_value:.4g} at {record.best_step or 0:,}",
            Column.METRIC: "" if value is None else f"{value:.4g}",
            Column.TRAINED: clock(seconds) if seconds else "",
            Column.CHANGED: time.strftime("%Y-%m-%d %H:%M", time.localtime(record.updated)),
            Column.TAGS: ", ".join(labels.tags),
        }
        numbers = {
            Column.STEP: step,
            Column.BEST: record.best_value,
            Column.METRIC: value,
            Column.TRAINED: seconds,
            Column.CHANGED: record.updated,
        }
        config, data = record.config, record.data.title if record.data else ""
        words = [entry.id, entry.title, labels.note, *labels.tags, config.recipe, config.preset, config.data, data]
        search = _folded([*words, record.recipe_title, family])
        return Row(entry, status, _cells(texts, entry, status), _keys(texts, numbers), search, metrics)


def state_titles() -> dict[Status, str]:
    """Return the titles of all states in the interface's language."""
    return {
        Status.QUEUED: _tr("Queued"),
        Status.RUNNING: _tr("Running"),
        Status.PAUSING: _tr("Pausing"),
        Status.PAUSED: _tr("Paused"),
        Status.STOPPING: _tr("Stopping"),
        Status.STOPPED: _tr("Stopped"),
        Status.FINISHED: _tr("Finished"),
        Status.FAILED: _tr("Failed"),
        Status.INTERRUPTED: _tr("Interrupted"),
        Status.MISSING_PLUGIN: _tr("Plugin missing"),
        Status.DAMAGED: _tr("Damaged"),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("RunStates", text)


@cache
def _state_icon(status: Status) -> QIcon:
    return icon(_ICONS[status])


@cache
def _pin_icon() -> QIcon:
    return icon("pin")


def _cells(texts: Mapping[Column, str], entry: RunEntry, status: Status = Status.DAMAGED) -> tuple[dict[int, Any], ...]:
    """Return the answers by role, for each column; the picture's is asked for when it is painted."""
    fact = entry.reason or (entry.record.message if entry.record else "") or entry.labels.note[:500] or entry.title
    # Qt takes a text that looks like HTML for it, and runs come from strangers, too.
    tip = f"<qt>{html.escape(fact)}</qt>"
    cells: list[dict[int, Any]] = []
    for column in Column:
        text = " ".join(texts.get(column, "").split())
        cell: dict[int, Any] = {int(Qt.ItemDataRole.DisplayRole): text, int(Qt.ItemDataRole.ToolTipRole): tip}
        if column in NUMBERS - {Column.CHANGED}:
            cell[int(Qt.ItemDataRole.TextAlignmentRole)] = RIGHT
        cells.append(cell)
    cells[Column.NAME][int(Qt.ItemDataRole.EditRole)] = entry.title
    cells[Column.STATE][int(Qt.ItemDataRole.DecorationRole)] = _state_icon(status)
    if entry.labels.pinned:
        cells[Column.NAME][int(Qt.ItemDataRole.DecorationRole)] = _pin_icon()
    cells[Column.PICTURE][int(Qt.ItemDataRole.AccessibleTextRole)] = entry.title
    return tuple(cells)


def _keys(texts: Mapping[Column, str], numbers: Mapping[Column, float | None]) -> tuple[SortKey, ...]:
    """Return what each column is sorted by: numbers or folded texts, None where there is nothing."""
    keys: list[SortKey] = []
    for column in Column:
        if column in NUMBERS:
            number = numbers.get(column)
            keys.append(None if number is None or math.isnan(number) else float(number))
        else:
            keys.append(texts.get(column, "").casefold() or None)
    return tuple(keys)


def _folded(words: Iterable[str]) -> str:
    return "\n".join(words).casefold()
