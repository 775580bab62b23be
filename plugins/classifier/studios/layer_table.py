"""The table of layers: what a person sets, and beside it what follows from that."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gendesk.widgets.form.fields import ChoiceBox
from gendesk.widgets.form.number import NumberSpin
from gendesk.widgets.theme import current_colors

from ..shapes import FIELDS, KINDS, LIMITS, Kind, Layer, Summary, shape_text

Index = QModelIndex | QPersistentModelIndex
SETTINGS = ("kind", "size", "kernel", "stride", "padding")
OUTPUT, PARAMETERS, SHARE, WORK = range(len(SETTINGS), len(SETTINGS) + 4)
_DASH = "\N{EN DASH}"
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LayerModel(QAbstractTableModel):
    """Rows of layers and their results. `edited` carries a row and the layer that the person wants there."""

    edited = Signal(int, object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.layers: tuple[Layer, ...] = ()
        self.summary = Summary(())
        self.names: dict[Kind, str] = {
            "conv": self.tr("Convolution"),
            "pool": self.tr("Pooling"),
            "average": self.tr("Average"),
            "flatten": self.tr("Flatten"),
            "dense": self.tr("Dense"),
            "batch-norm": self.tr("Batch norm"),
            "activation": self.tr("Activation"),
            "dropout": self.tr("Dropout"),
        }
        self._heads = (
            (self.tr("Layer"), self.tr("What kind of layer it is; Average takes the mean of each map")),
            (self.tr("Size"), self.tr("Filters of a convolution, units of a dense layer; more can learn more")),
            (self.tr("Kernel"), self.tr("Rows and columns of the window; larger ones have more weights")),
            (self.tr("Stride"), self.tr("How far the window goes on each time; 2 halves height and width")),
            (self.tr("Pad"), self.tr("same: zeros around, so that only the stride shrinks the maps. valid: none")),
            (self.tr("Output"), self.tr("Height, width and channels of what comes out, or how many numbers")),
            (self.tr("Params"), self.tr("Parameters: the numbers that the layer has; the bar shows its share of all")),
            (self.tr("Share"), self.tr("Part of all parameters")),
            (self.tr("Work"), self.tr("Multiplications, each with an addition, for one item")),
        )

    def show_layers(self, layers: Sequence[Layer], summary: Summary) -> None:
        """Show other rows; what is chosen stays chosen if there are as many."""
        if len(layers) != len(self.layers):
            self.beginResetModel()
            self.layers, self.summary = tuple(layers), summary
            self.endResetModel()
        else:
            self.layers, self.summary = tuple(layers), summary
            self.dataChanged.emit(self.index(0, 0), self.index(len(layers) - 1, WORK))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self.layers)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else WORK + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._setting(row, column) if column < OUTPUT else self._result(row, column)
        if role == Qt.ItemDataRole.EditRole and column < OUTPUT:
            return getattr(self.layers[row], SETTINGS[column])
        if role == Qt.ItemDataRole.TextAlignmentRole and column:
            return _RIGHT if SETTINGS[column:] != ("padding",) else Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._color(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.summary.results[row].problem or self._heads[column][1]
        return None

    def _setting(self, row: int, column: int) -> str:
        layer, name = self.layers[row], SETTINGS[column]
        if name == "kind":
            return self.names[layer.kind]
        if name not in FIELDS[layer.kind]:
            return ""
        value = getattr(layer, name)
        return (
            str(value)
            if name in ("padding", "stride")
            else f"{value:,}"
            if name == "size"
            else shape_text((value,) * 2)
        )

    def _result(self, row: int, column: int) -> str:
        result = self.summary.results[row]
        if not result.outputs:
            return _DASH
        match column:
            case _ if column == OUTPUT:
                return shape_text(result.outputs)
            case _ if column == PARAMETERS:
                return f"{result.parameters:,}" if result.parameters else "0"
            case _ if column == SHARE:
                share = 100 * self.summary.share(row)
                return f"{share:.{0 if share >= 1 else 1}f} %" if result.parameters else ""
        return f"{result.multiply_adds:,}" if result.multiply_adds else ""

    def _color(self, row: int, column: int) -> QColor | None:
        colors = current_colors()
        if self.summary.results[row].problem:
            return QColor(colors.bad)
        if row == self.summary.heavy and column in (PARAMETERS, SHARE):
            return QColor(colors.warning)
        if not self.summary.results[row].outputs or (column >= PARAMETERS and not self.summary.results[row].parameters):
            return QColor(colors.muted)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole:
            return False
        row = index.row()
        wanted = replace(self.layers[row], **{SETTINGS[index.column()]: value})
        if wanted != self.layers[row]:
            self.edited.emit(row, wanted)
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter if section == 0 else _RIGHT
        place = {Qt.ItemDataRole.DisplayRole: 0, Qt.ItemDataRole.ToolTipRole: 1}.get(Qt.ItemDataRole(role))
        return None if place is None else self._heads[section][place]

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        column = index.column()
        can = column == 0 or (column < OUTPUT and SETTINGS[column] in FIELDS[self.layers[index.row()].kind])
        return flags | Qt.ItemFlag.ItemIsEditable if can else flags


class LayerDelegate(QStyledItemDelegate):
    """Edits a setting in its cell, and paints each layer's share of the parameters as a bar behind their number."""

    def __init__(self, model: LayerModel) -> None:
        super().__init__(model)
        self._model = model

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: ARG002, N802
        name = SETTINGS[index.column()]
        if name in LIMITS:
            spin = NumberSpin(*LIMITS[name], whole=True, parent=parent)
            spin.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
            editor: QWidget = spin
        else:
            editor = _NamedChoice(self._model.names, parent) if name == "kind" else ChoiceBox(("same", "valid"), parent)
        editor.setAccessibleName(str(self._model.headerData(index.column(), Qt.Orientation.Horizontal)))
        editor.setToolTip(
            self._model.headerData(index.column(), Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        )
        editor.setAutoFillBackground(True)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:  # noqa: N802 (Qt's name)
        if isinstance(editor, NumberSpin | ChoiceBox):
            editor.set_value(index.data(Qt.ItemDataRole.EditRole))
        if isinstance(editor, NumberSpin):
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:  # noqa: N802 (Qt's name)
        if isinstance(editor, NumberSpin | ChoiceBox):
            model.setData(index, editor.value())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        share = self._model.summary.share(index.row())
        if index.column() == PARAMETERS and share > 0:
            rect: QRect = option.rect
            colors = current_colors()
            color = QColor(colors.warning if index.row() == self._model.summary.heavy else colors.accent)
            width = max(2, round((rect.width() - 4) * share))
            painter.fillRect(rect.left() + 2, rect.bottom() - 3, width, 3, color)


class _NamedChoice(ChoiceBox):
    """A choice of kinds by their names."""

    def __init__(self, names: dict[Kind, str], parent: QWidget) -> None:
        super().__init__(KINDS, parent)
        for place, kind in enumerate(KINDS):
            self.setItemText(place, names[kind])


class LayerTable(QTableView):
    """The view: its columns fit the width, and what there is no room for is left out."""

    def __init__(self, model: LayerModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(LayerDelegate(model))
        self.setAccessibleName(self.tr("Layers"))
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.DoubleClicked | triggers.SelectedClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(24)
        # Less room around the headings than elsewhere: all of them shall be readable in a narrow panel.
        self.horizontalHeader().setStyleSheet("QHeaderView::section { padding: 3px 3px; border-right: none; }")
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def fit(self) -> None:
        """Give each column what its words need, and the rest to all alike."""
        width = self.viewport().width()
        self.setColumnHidden(SHARE, width < 560)
        self.setColumnHidden(WORK, width < 470)
        shown = [column for column in range(WORK + 1) if not self.isColumnHidden(column)]
        wanted = {column: max(self.sizeHintForColumn(column), self._head(column)) for column in shown}
        spare = max(0, width - sum(wanted.values()))
        for number, column in enumerate(shown):
            part = spare * (number + 1) // len(shown) - spare * number // len(shown)
            self.setColumnWidth(column, wanted[column] + part)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.fit()

    def _head(self, column: int) -> int:
        text = self.model().headerData(column, Qt.Orientation.Horizontal)
        return self.horizontalHeader().fontMetrics().horizontalAdvance(text) + 8
