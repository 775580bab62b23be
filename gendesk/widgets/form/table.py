"""A compact editor of a table: the layers of a network, one row each."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QEvent, Qt
from PySide6.QtGui import QAction, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
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

from gendesk.config import FieldSpec
from gendesk.widgets.form.fields import ChoiceBox, field_editor
from gendesk.widgets.form.number import NumberSpin
from gendesk.widgets.form.rows_model import Index, Rows, RowsModel
from gendesk.widgets.icons import icon
from gendesk.widgets.theme import changes_look, current_colors

_ROW_HEIGHT = 24
_VISIBLE_ROWS = 12
_ROOMY = 3  # columns whose titles fit a narrow form as they are


class _CellDelegate(QStyledItemDelegate):
    """Edits a cell with the same control that a field of its kind has, without its buttons."""

    def __init__(self, model: RowsModel) -> None:
        super().__init__(model)
        self._columns = model.columns

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:  # noqa: N802 (Qt's name)
        super().initStyleOption(option, index)
        if index.data(Qt.ItemDataRole.CheckStateRole) is not None:
            # A box like any other; the stubs want bytes here, which Qt for Python refuses.
            option.palette = QApplication.palette("QCheckBox")  # type: ignore[call-overload]

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

    def set_locked(self, locked: bool) -> None:
        """Let rows only be looked at, with all that this needs: scrolling, the keyboard, tool tips."""
        self._model.locked = locked
        self._update_actions()
        self._color_locked()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self._color_locked()

    def _color_locked(self) -> None:
        colors, palette = current_colors(), QPalette()
        if self._model.locked:
            palette.setColor(QPalette.ColorRole.Text, colors.muted)
            palette.setColor(QPalette.ColorRole.Base, colors.window)
        self._view.setPalette(palette)

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
        if self._model.columnCount() > _ROOMY:
            header.setProperty("role", "narrow")
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
        self._model.insert(current + 1, self._model.rows[current] if current >= 0 else self._model.defaults)
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
        count, current, free = len(self._model.rows), self._current(), not self._model.locked
        maximum = count + 1 if self._spec.maximum is None else self._spec.maximum
        self._add.setEnabled(free and count < maximum)
        self._remove.setEnabled(free and count > max(self._spec.minimum or 0, 0))
        self._up.setEnabled(free and current > 0)
        self._down.setEnabled(free and 0 <= current < count - 1)

    def _fit(self) -> None:
        """Make the view as high as its rows, so that the form scrolls and the table does not."""
        self._update_actions()
        rows = min(max(len(self._model.rows), 1), _VISIBLE_ROWS)
        self._view.setFixedHeight(self._view.horizontalHeader().sizeHint().height() + rows * _ROW_HEIGHT + 2)
