"""The table of all runs that the list shows; only rows that change are made anew."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPixmap

from gendesk.app.runs.entries import RunEntry, Status
from gendesk.app.runs.rows import PICTURE_ROLE, Column, Live, Row, RowMaker, state_titles

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class RunTable(QAbstractTableModel):
    """All runs; a proxy sorts and filters them. Columns are those of `Column`."""

    renamed = Signal(str, str)  # id and the new name

    def __init__(self, families: Mapping[str, str], picture: Callable[[RunEntry], QPixmap | None], parent: QObject):
        """`families` are titles by id; `picture` gives what is known of a run's picture now, and is asked at paint."""
        super().__init__(parent)
        self.states: Mapping[Status, str] = state_titles()
        self._maker = RowMaker(families, self.states)
        self._picture = picture
        self._rows: list[Row] = []
        self._places: dict[str, int] = {}
        self._live: dict[str, Live] = {}
        self.metric = ""
        self._titles = {
            Column.PICTURE: "",
            Column.NAME: self.tr("Name"),
            Column.RECIPE: self.tr("Recipe"),
            Column.STATE: self.tr("State"),
            Column.STEP: self.tr("Step"),
            Column.BEST: self.tr("Best"),
            Column.METRIC: "",
            Column.TRAINED: self.tr("Trained for"),
            Column.CHANGED: self.tr("Changed"),
            Column.TAGS: self.tr("Tags"),
        }
        self._tips = {
            Column.PICTURE: self.tr("The first pictures of the newest sample sheet"),
            Column.NAME: self.tr("Name of the run; F2 renames it, a pinned run stays on top"),
            Column.RECIPE: self.tr("Family and recipe, or why a run cannot be used"),
            Column.STATE: self.tr("Whether the run waits, trains, or how it ended"),
            Column.STEP: self.tr("Steps done, and those that are planned"),
            Column.BEST: self.tr("Best value of the recipe's own measure, and the step where it was seen"),
            Column.METRIC: self.tr("Latest value of the metric that is chosen under Sort By"),
            Column.TRAINED: self.tr("Time spent training without pauses, hours, minutes and seconds"),
            Column.CHANGED: self.tr("When the run was last written"),
            Column.TAGS: self.tr("Words that you put on the run, to find it again"),
        }

    # What others ask

    @property
    def tags(self) -> tuple[str, ...]:
        """All tags of all runs, sorted."""
        return tuple(sorted({tag for row in self._rows for tag in row.entry.labels.tags}, key=str.casefold))

    @property
    def metrics(self) -> tuple[str, ...]:
        """The names of all metrics of all runs, sorted, those on held-out data last."""
        return tuple(sorted({name for row in self._rows for name in row.metrics}, key=_held_out_last))

    def row(self, number: int) -> Row:
        return self._rows[number]

    def number_of(self, run_id: str) -> int | None:
        return self._places.get(run_id)

    # What changes

    def set_entries(self, entries: Sequence[RunEntry]) -> None:
        """Show these runs; rows that are the same as before are left alone, so that selection and place stay."""
        wanted = {entry.id: entry for entry in entries}
        for gone in self._places.keys() - wanted.keys():
            self._remove(self._places[gone])
        for number, row in enumerate(self._rows):
            if wanted[row.entry.id] != row.entry:
                self._replace(number, wanted[row.entry.id])
        added = [self._made(entry) for run_id, entry in wanted.items() if run_id not in self._places]
        if added:
            first = len(self._rows)
            self.beginInsertRows(_TOP, first, first + len(added) - 1)
            self._rows += added
            self._index_rows()
            self.endInsertRows()

    def set_live(self, changes: Mapping[str, Live]) -> None:
        """Show what runs in training say of themselves."""
        for run_id, live in changes.items():
            self._live[run_id] = live
            number = self.number_of(run_id)
            if number is not None:
                self._replace(number, self._rows[number].entry)

    def live(self, run_id: str) -> Live:
        return self._live.get(run_id, Live())

    def set_metric(self, name: str) -> None:
        """Choose what the metric column shows; empty for nothing."""
        self.metric = name
        self._titles[Column.METRIC] = name
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.METRIC, Column.METRIC)
        for number, row in enumerate(self._rows):
            self._rows[number] = self._made(row.entry)
        if self._rows:
            self.dataChanged.emit(self.index(0, Column.METRIC), self.index(len(self._rows) - 1, Column.METRIC))

    def repaint_picture(self, run_id: str) -> None:
        number = self.number_of(run_id)
        if number is not None:
            index = self.index(number, Column.PICTURE)
            self.dataChanged.emit(index, index, [PICTURE_ROLE])

    def _replace(self, number: int, entry: RunEntry) -> None:
        self._rows[number] = self._made(entry)
        self.dataChanged.emit(self.index(number, 0), self.index(number, len(Column) - 1))

    def _remove(self, number: int) -> None:
        self.beginRemoveRows(_TOP, number, number)
        self._live.pop(self._rows.pop(number).entry.id, None)
        self._index_rows()
        self.endRemoveRows()

    def _made(self, entry: RunEntry) -> Row:
        return self._maker.row(entry, self.live(entry.id), self.metric)

    def _index_rows(self) -> None:
        self._places = {row.entry.id: number for number, row in enumerate(self._rows)}

    # What Qt asks

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        column = index.column()
        if role == PICTURE_ROLE:
            return self._picture(row.entry)
        return row.cells[column].get(role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.column() == Column.NAME and self._rows[index.row()].entry.record is not None:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for a new name; the row changes when it has been written."""
        entry = self._rows[index.row()].entry
        if role != Qt.ItemDataRole.EditRole or value == entry.title:
            return False
        self.renamed.emit(entry.id, str(value).strip())
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[Column(section)]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tips[Column(section)]
        return None


def _held_out_last(name: str) -> tuple[bool, str]:
    return name.startswith("validation/"), name
