"""The tokens of a text with how often each stands in it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, QSortFilterProxyModel, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from gendesk.widgets.text.spelling import visible

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_SORT = Qt.ItemDataRole.UserRole


class TokenCounts(QAbstractTableModel):
    """Rows of token, count, share of all tokens and rank."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._tokens: tuple[tuple[str, int], ...] = ()
        self._total = 1

    def set_tokens(self, tokens: Sequence[tuple[str, int]], total: int) -> None:
        """Show (token, count), the most frequent first, of a text of `total` tokens."""
        self.beginResetModel()
        self._tokens, self._total = tuple(tokens), max(1, total)
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._tokens)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else 4

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(index.column())
        if role not in (Qt.ItemDataRole.DisplayRole, _SORT):
            return None
        token, count = self._tokens[index.row()]
        if role == _SORT:
            return (token, count, count, index.row())[index.column()]
        shown = visible(token) or self.tr("(nothing)")
        return (shown, f"{count:,}", f"{count / self._total:.2%}", f"{index.row() + 1:,}")[index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | Qt.AlignmentFlag | None:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            # The arrow of the sorting stands at the right, where it would cover the last letters.
            return Qt.AlignmentFlag.AlignCenter if section else _side(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Token"), self.tr("Count"), self.tr("Share"), self.tr("Rank"))[section]
        return None


class TokenTable(QTableView):
    """A read-only table that is sorted by a click on a heading; Ctrl+C copies what is selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts = TokenCounts(self)
        sorted_rows = QSortFilterProxyModel(self)
        sorted_rows.setSourceModel(self._counts)
        sorted_rows.setSortRole(_SORT)
        self.setModel(sorted_rows)
        self.setSortingEnabled(True)
        self.sortByColumn(3, Qt.SortOrder.AscendingOrder)
        self.setAccessibleName(self.tr("Tokens"))
        self.setToolTip(self.tr("How often each token stands in the text; a click on a heading sorts by it"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def set_tokens(self, tokens: Sequence[tuple[str, int]], total: int) -> None:
        """Show (token, count), the most frequent first, of a text of `total` tokens; the order of the rows stays."""
        self._counts.set_tokens(tokens, total)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = sorted({index.row() for index in self.selectedIndexes()})
            model = self.model()
            lines = ["\t".join(str(model.index(row, column).data()) for column in range(4)) for row in rows]
            QGuiApplication.clipboard().setText("\n".join(lines))
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(320, 240)


def _side(column: int) -> Qt.AlignmentFlag:
    return (Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight) | Qt.AlignmentFlag.AlignVCenter
