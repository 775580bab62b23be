"""Which runs are listed, and in which order."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from gendesk.app.runs.entries import Status
from gendesk.app.runs.rows import Row
from gendesk.app.runs.table import RunTable

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Filter:
    """What a run must have to be listed; whatever is empty asks for nothing. All `words` must be found, folded."""

    words: tuple[str, ...] = ()
    family: str = ""
    status: Status | None = None
    tag: str = ""

    def accepts(self, row: Row) -> bool:
        """Tell whether to list a run; a damaged one does not say whose it is, so every family lists it."""
        record = row.entry.record
        return (
            (not self.family or record is None or record.family == self.family)
            and (self.status is None or row.status is self.status)
            and (not self.tag or self.tag in row.entry.labels.tags)
            and all(word in row.search for word in self.words)
        )


class SortedRuns(QSortFilterProxyModel):
    """Sorts by numbers where a column has numbers. Pinned runs come first and missing values last, either way round."""

    def __init__(self, table: RunTable, parent: QObject) -> None:
        super().__init__(parent)
        self.table = table
        self._filter = Filter()
        self.setSourceModel(table)

    @property
    def filter(self) -> Filter:
        return self._filter

    def set_filter(self, wanted: Filter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self.invalidate()

    def row(self, index: Index) -> Row:
        """Return the run at an index of this model."""
        return self.table.row(self.mapToSource(index).row())

    def index_of(self, run_id: str, column: int = 0) -> QModelIndex:
        """Return where a run is listed, an invalid index if it is not."""
        number = self.table.number_of(run_id)
        return QModelIndex() if number is None else self.mapFromSource(self.table.index(number, column))

    def filterAcceptsRow(self, number: int, _parent: Index) -> bool:  # noqa: N802 - Qt's name
        return self._filter.accepts(self.table.row(number))

    def lessThan(self, left: Index, right: Index) -> bool:  # noqa: N802 - Qt's name
        one, other = self.table.row(left.row()), self.table.row(right.row())
        upwards = self.sortOrder() == Qt.SortOrder.AscendingOrder
        if one.entry.labels.pinned != other.entry.labels.pinned:
            return one.entry.labels.pinned == upwards
        first, second = one.keys[left.column()], other.keys[right.column()]
        if first is None or second is None:
            if first is second:
                return one.entry.id < other.entry.id
            return (second is None) == upwards
        if first == second:
            return one.entry.id < other.entry.id
        # A column holds either numbers or texts.
        return first < second  # type: ignore[operator]
