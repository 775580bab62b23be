"""The table of the run browser as a view: widths, keys, and a scroll position that survives new rows."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gendesk.app.runs.rows import PICTURE_ROLE, Column
from gendesk.app.runs.sorting import SortedRuns

PICTURE = QSize(60, 28)
_ROW_HEIGHT = 32
_WIDTHS = {
    Column.PICTURE: PICTURE.width() + 8,
    Column.NAME: 170,
    Column.RECIPE: 160,
    Column.STATE: 112,
    Column.STEP: 112,
    Column.BEST: 112,
    Column.METRIC: 112,
    Column.TRAINED: 88,
    Column.CHANGED: 124,
    Column.TAGS: 96,
}


class _PictureDelegate(QStyledItemDelegate):
    """Draws pictures as they are; the usual way would tint those of selected rows."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        picture = index.data(PICTURE_ROLE)
        if picture is not None:
            size = picture.deviceIndependentSize().toSize()
            rect = option.rect
            painter.drawPixmap(rect.left() + 4, rect.center().y() - size.height() // 2 + 1, picture)


class RunListView(QTableView):
    """Rows of runs; the header's menu shows and hides columns."""

    def __init__(self, runs: SortedRuns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self.setModel(runs)
        self.setAccessibleName(self.tr("Runs"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegateForColumn(Column.PICTURE, _PictureDelegate(self))
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(40)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setSectionsMovable(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        self.setColumnHidden(Column.METRIC, True)
        self.setSortingEnabled(True)
        self.sortByColumn(Column.CHANGED, Qt.SortOrder.DescendingOrder)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_header_menu)

    def selected_ids(self) -> list[str]:
        """Return the ids of the selected runs from top to bottom."""
        rows = sorted(self.selectionModel().selectedRows(), key=QModelIndex.row)
        return [self._runs.row(index).entry.id for index in rows]

    def anchor(self) -> tuple[str, int] | None:
        """Return the run at the top and how far it is scrolled, None if the list is not scrolled at all."""
        top = self.indexAt(self.viewport().rect().topLeft())
        if not self.verticalScrollBar().value() or not top.isValid():
            return None
        return self._runs.row(top).entry.id, self.rowViewportPosition(top.row())

    def keep(self, anchor: tuple[str, int] | None) -> None:
        """Scroll so that the run of `anchor` is where it was, if it is still listed."""
        if anchor is None:
            return
        index = self._runs.index_of(anchor[0])
        if index.isValid():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.rowViewportPosition(index.row()) - anchor[1])

    def rename_current(self) -> None:
        """Edit the name of the one selected run in its place."""
        ids = self.selected_ids()
        if len(ids) == 1:
            self.edit(self._runs.index_of(ids[0], Column.NAME))

    def _show_header_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in Column:
            title = self._runs.headerData(column, Qt.Orientation.Horizontal)
            if column in (Column.PICTURE, Column.NAME) or not title:
                continue
            action = QAction(title, menu, checkable=True)
            action.setData(int(column))
            action.setChecked(not self.isColumnHidden(column))
            menu.addAction(action)
        menu.triggered.connect(self._toggle_column)
        menu.popup(self.cursor().pos())

    def _toggle_column(self, action: QAction) -> None:
        self.setColumnHidden(action.data(), not action.isChecked())
