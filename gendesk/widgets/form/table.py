"""A compact editor of a table: the layers of a network, one row each."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gendesk.config import FieldKind, FieldSpec
from gendesk.widgets.form.fields import ChoiceBox, field_editor, field_tooltip, value_text
from gendesk.widgets.form.number import NumberSpin
from gendesk.widgets.icons import icon

Index = QModelIndex | QPersistentModelIndex
Rows = list[dict[str, Any]]

_ROW_HEIGHT = 24
_VISIBLE_ROWS = 12


class RowsModel(QAbstractTableModel):
    """Rows of plain values; `edited` follows each change by the person."""

    edited = Signal()

    def __init__(self, columns: tuple[FieldSpec, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.columns = columns
        self.rows: Rows = []

    def replace(self, rows: Rows) -> None:
        self.beginResetModel()
        self.rows = [dict(row) for row in rows]
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


class _CellDelegate(QStyledItemDelegate):
    """Edits a cell with the same control that a field of its kind has, without its buttons."""

    def __init__(self, model: RowsModel) -> None:
        super().__init__(model)
        self._columns = model.columns

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: ARG002, N802
        editor = field_editor(self._columns[index.column()], parent).widget
        if isinstance(editor, NumberSpin):
            editor.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        editor.setAutoFillBackground(True)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 (Qt's name)
        if isinstance(editor, NumberSpin | ChoiceBox):
            editor.set_value(index.data(Qt.ItemDataRole.EditRole))
        else:
            super().setEditorData(editor, index)
        if isinstance(editor, NumberSpin):
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:  # noqa: N802 (Qt's name)
        if isinstance(editor, NumberSpin | ChoiceBox):
            model.setData(index, editor.value())
        else:
            super().setModelData(editor, model, index)


class TableEditor(QWidget):
    """Rows of a table field, with `minimum` to `maximum` rows; Insert adds, Delete removes, Alt+Up and Alt+Down move.

    A new row is a copy of the current one, because the next layer of a network resembles the last.
    """

    def __init__(self, spec: FieldSpec, label: QLabel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._model = RowsModel(spec.columns, self)
        self.edited = self._model.edited
        self._view = self._make_view()
        self._view.setAccessibleName(spec.title)
        self.setFocusProxy(self._view)
        top = QHBoxLayout()
        top.setSpacing(0)
        top.addWidget(label, 1)
        self._add = self._action(top, "plus", self.tr("Add a row"), "Ins", self._add_row)
        self._remove = self._action(top, "minus", self.tr("Remove the row"), "Del", self._remove_row)
        self._up = self._action(top, "up", self.tr("Move the row up"), "Alt+Up", self._move_row_up)
        self._down = self._action(top, "down", self.tr("Move the row down"), "Alt+Down", self._move_row_down)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self._view)
        self._view.selectionModel().currentChanged.connect(self._update_actions)

    def value(self) -> Rows:
        """Return the rows as plain dicts, with a cell that is still being edited."""
        editor = self._view.indexWidget(self._view.currentIndex())
        if editor is not None:
            self._view.commitData(editor)
        return [dict(row) for row in self._model.rows]

    def set_value(self, rows: Rows) -> None:
        self._model.replace(rows)
        self._fit()

    def _make_view(self) -> QTableView:
        view = QTableView(self)
        view.setModel(self._model)
        view.setItemDelegate(_CellDelegate(self._model))
        view.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setTabKeyNavigation(False)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(24)
        header.setHighlightSections(False)
        return view

    def _action(self, row: QHBoxLayout, name: str, text: str, key: str, act: Callable[[], None]) -> QAction:
        action = QAction(icon(name), text, self)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setToolTip(f"{text} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})")
        action.triggered.connect(act)
        self.addAction(action)
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setAccessibleName(f"{self._spec.title}: {text}")
        row.addWidget(button)
        return action

    def _current(self) -> int:
        """Return the current row, else the last one; -1 where there is none."""
        row = self._view.currentIndex().row()
        return row if row >= 0 else len(self._model.rows) - 1

    def _select(self, row: int) -> None:
        self._view.setCurrentIndex(self._model.index(row, max(self._view.currentIndex().column(), 0)))
        self._fit()

    def _add_row(self) -> None:
        current = self._current()
        defaults = {column.name: column.default for column in self._spec.columns}
        self._model.insert(current + 1, self._model.rows[current] if current >= 0 else defaults)
        self._select(current + 1)

    def _remove_row(self) -> None:
        current = self._current()
        self._model.remove(current)
        self._select(min(current, len(self._model.rows) - 1))

    def _move_row_up(self) -> None:
        self._move_row(-1)

    def _move_row_down(self) -> None:
        self._move_row(1)

    def _move_row(self, by: int) -> None:
        current = self._current()
        self._model.swap(current, current + by)
        self._select(current + by)

    def _update_actions(self) -> None:
        count, current = len(self._model.rows), self._current()
        maximum = count + 1 if self._spec.maximum is None else self._spec.maximum
        self._add.setEnabled(count < maximum)
        self._remove.setEnabled(count > max(self._spec.minimum or 0, 0))
        self._up.setEnabled(current > 0)
        self._down.setEnabled(0 <= current < count - 1)

    def _fit(self) -> None:
        """Make the view as high as its rows, so that the form scrolls and the table does not."""
        self._update_actions()
        rows = min(max(len(self._model.rows), 1), _VISIBLE_ROWS)
        self._view.setFixedHeight(self._view.horizontalHeader().sizeHint().height() + rows * _ROW_HEIGHT + 2)
