"""The rows of a table field as Qt's views want them."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from gendesk.config import FieldKind, FieldSpec
from gendesk.widgets.form.fields import field_tooltip, value_text

Index = QModelIndex | QPersistentModelIndex
Rows = list[dict[str, Any]]


class RowsModel(QAbstractTableModel):
    """Rows of plain values; `edited` follows each change by the person. With `locked` cells can only be looked at."""

    edited = Signal()

    def __init__(self, columns: tuple[FieldSpec, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.columns = columns
        self.rows: Rows = []
        self.locked = False

    @property
    def defaults(self) -> dict[str, Any]:
        """The values of a row that nobody has filled in."""
        return {column.name: column.default for column in self.columns}

    def replace(self, rows: Rows) -> None:
        """Show other rows; a column that did not exist when they were saved has its default."""
        self.beginResetModel()
        self.rows = [{**self.defaults, **row} for row in rows]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.columns[index.column()]
        value = self.rows[index.row()][column.name]
        switch = column.kind == FieldKind.SWITCH
        if role == Qt.ItemDataRole.CheckStateRole and switch:
            return Qt.CheckState.Checked if value else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DisplayRole and not switch:
            return value_text(value)
        if role == Qt.ItemDataRole.EditRole:
            return value
        if role == Qt.ItemDataRole.ToolTipRole:
            return field_tooltip(column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.kind in (FieldKind.INTEGER, FieldKind.NUMBER):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if self.locked:
            return False
        name = self.columns[index.column()].name
        if role == Qt.ItemDataRole.CheckStateRole:
            value = Qt.CheckState(value) == Qt.CheckState.Checked
        if self.rows[index.row()][name] != value:
            self.rows[index.row()][name] = value
            self.dataChanged.emit(index, index)
            self.edited.emit()
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return field_tooltip(self.columns[section])
        return self.columns[section].title if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if self.locked:
            return flags
        switch = self.columns[index.column()].kind == FieldKind.SWITCH
        return flags | (Qt.ItemFlag.ItemIsUserCheckable if switch else Qt.ItemFlag.ItemIsEditable)

    def insert(self, place: int, row: dict[str, Any]) -> None:
        self.beginInsertRows(QModelIndex(), place, place)
        self.rows.insert(place, dict(row))
        self.endInsertRows()
        self.edited.emit()

    def remove(self, place: int) -> None:
        self.beginRemoveRows(QModelIndex(), place, place)
        del self.rows[place]
        self.endRemoveRows()
        self.edited.emit()

    def swap(self, one: int, other: int) -> None:
        self.rows[one], self.rows[other] = self.rows[other], self.rows[one]
        for row in (one, other):
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))
        self.edited.emit()
