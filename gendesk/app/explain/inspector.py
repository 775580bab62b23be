"""The model inspector: the networks that the settings amount to, as a figure and as a table, before any training."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QScrollArea,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gendesk.app.explain.layers import LayerTable, blocks_of, bytes_text, count_text, shape_text
from gendesk.app.latest_worker import LatestWorker, Stopped
from gendesk.data.catalogue import catalogue
from gendesk.data.dataset import DatasetKind
from gendesk.engine.families import Families, RecipeEntry
from gendesk.errors import GendeskError
from gendesk.widgets.diagram import ModelDiagram

if TYPE_CHECKING:
    from gendesk.data.dataset import DatasetInfo
    from gendesk.engine.inspection import Inspection
    from gendesk.engine.run_config import RunConfig

_WAIT_MS = 150


class InspectorPanel(QWidget):
    """Shows nothing until `set_config`. Follows a form: what is asked in quick succession is looked at once."""

    def __init__(self, families: Families, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._families = families
        self._asked: tuple[RecipeEntry, RunConfig, DatasetInfo | None] | None = None
        self._rows: list[tuple[int, ...]] = []
        self.setAccessibleName(self.tr("Model inspector"))
        self._worker = LatestWorker(self)
        self._worker.done.connect(self._show)
        self._timer = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._timer.timeout.connect(self._look)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setAccessibleName(self.tr("Size of the model"))
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setProperty("role", "error")
        self.message.hide()
        self.diagram = ModelDiagram()
        self.diagram.empty_text = self.tr("The layers of the model appear here.")
        self.diagram.chosen.connect(self._block_chosen)
        self.model = LayerTable(self)
        self.table = self._make_table()
        self._arrange()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(self.tr("Layers of the model"))
        table.setToolTip(self.tr("Every layer with its shapes, parameters and cost"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(22)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setMinimumSectionSize(40)
        table.selectionModel().currentRowChanged.connect(self._row_chosen)
        return table

    def _arrange(self) -> None:
        scroll = QScrollArea()
        scroll.setWidget(self.diagram)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll = scroll
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(scroll)
        parts.addWidget(self.table)
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(7)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.summary)
        column.addWidget(self.message)
        column.addWidget(parts, 1)

    def set_config(self, recipe_id: str, config: "RunConfig", info: "DatasetInfo | None" = None) -> None:
        """Show the model of these settings soon; `info` describes its data, else their shape is assumed.

        Raises InputError for an unknown recipe; settings that do not fit are told in the panel.
        """
        self._asked = (self._families.recipe(recipe_id), config, info)
        self._timer.start()

    def show_problem(self, sentence: str) -> None:
        """Say why there is no model to show, as when the form holds a value that its recipe refuses."""
        self._timer.stop()
        self._asked = None
        self._show_message(sentence)

    def _look(self) -> None:
        if self._asked is not None:
            self._worker.ask(partial(_inspected, *self._asked))

    def _show(self, result: Any) -> None:
        if self._asked is None:
            return
        if isinstance(result, GendeskError):
            self._show_message(str(result))
        elif isinstance(result, Exception):
            self._show_message(self.tr("The model cannot be looked at: {0}.").format(result))
        else:
            self._show_inspection(result)

    def _show_message(self, sentence: str) -> None:
        """What was shown last stays, faded: a person who mends a value shall not lose sight of the model."""
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))
        self.diagram.setEnabled(not sentence)
        self.table.setEnabled(not sentence)

    def _show_inspection(self, found: "Inspection") -> None:
        self._show_message("")
        if found.problem:
            self.message.setText(found.problem)
            self.message.show()
        assumed = self._asked is not None and self._asked[2] is None and not _is_known(self._asked[1].data)
        numbers = f"{found.parameters:,}", count_text(found.multiply_adds), bytes_text(found.activation_bytes)
        if self._asked is not None and self._asked[0].data is DatasetKind.RACES:
            line = self.tr("<b>{0} parameters</b>, {1} multiply-adds and {2} of activations for a frame of a race")
            sizes = line.format(*numbers)
        elif found.shape:
            line = self.tr("<b>{0} parameters</b>, {1} multiply-adds and {2} of activations for a picture of {3}")
            sizes = line.format(*numbers, shape_text(found.shape))
        elif self._asked is not None and self._asked[0].data is DatasetKind.SCORES:
            line = self.tr("<b>{0} parameters</b>, {1} multiply-adds and {2} of activations for an event of music")
            sizes = line.format(*numbers)
        else:
            line = self.tr("<b>{0} parameters</b>, {1} multiply-adds and {2} of activations for a token")
            sizes = line.format(*numbers)
        self.summary.setText(sizes + (self.tr(" (assumed until the data are opened)") if assumed else ""))
        blocks, self._rows = blocks_of(found)
        row = self.table.currentIndex().row()
        self.diagram.set_blocks(blocks)
        with QSignalBlocker(self.table.selectionModel()):
            self.model.show_layers(found.layers)
        if 0 <= row < self.model.rowCount():
            self.table.selectRow(row)

    # The figure and the table choose the same

    def _block_chosen(self, block: int) -> None:
        rows = self._rows[block]
        if rows and self.table.currentIndex().row() not in rows:
            self.table.selectRow(rows[0])
        elif not rows:
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
        self._reveal(block)

    def _row_chosen(self, current: QModelIndex) -> None:
        for block, rows in enumerate(self._rows):
            if current.row() in rows:
                self.diagram.choose(block)
                self._reveal(block)

    def _reveal(self, block: int) -> None:
        place = self.diagram.block_rect(block).center().toPoint()
        self._scroll.ensureVisible(place.x(), place.y(), 0, 32)


def _is_known(data: str) -> bool:
    """Tell whether the data's shape is known without opening them; vocabularies of texts and music never are."""
    unknown = (DatasetKind.TEXT, DatasetKind.SCORES)
    return any(entry.name == data and entry.kind not in unknown for entry in catalogue())


def _inspected(entry: RecipeEntry, config: "RunConfig", info: "DatasetInfo | None", _stopped: Stopped) -> "Inspection":
    """Look, on the worker's thread; the import of torch belongs there as well."""
    from gendesk.engine.inspection import assumed_info, inspect

    return inspect(entry, config.config, info or assumed_info(config.data, config.data_options))
