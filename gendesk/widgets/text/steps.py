"""The samples of all steps of a training as a table: a row for each step, a column for each caption."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPalette, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gendesk.widgets.text.sheet import Texts
from gendesk.widgets.text.spelling import wrapped
from gendesk.widgets.theme import changes_look

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_LINES = 6
_MARGIN = 4  # pixels around a text
_NARROWEST = 160  # pixels
_SHOWN = 2000  # characters of a text; no cell has room for more


class StepsModel(QAbstractTableModel):
    """Shows what `frames` has of the steps, and asks for the rest when it is looked at."""

    wanted = Signal(int)  # a step whose texts are to be put into the frames

    def __init__(self, frames: Mapping[int, Texts], parent: QWidget) -> None:
        super().__init__(parent)
        self._frames = frames
        self._steps: tuple[int, ...] = ()
        self._captions: tuple[str, ...] = ()

    @property
    def steps(self) -> Sequence[int]:
        """The steps of the rows."""
        return self._steps

    def set_steps(self, steps: Sequence[int]) -> None:
        """Show these steps, given oldest first; one more at the end becomes a row at the top."""
        rows = tuple(reversed(steps))
        if rows[1:] == self._steps and rows:
            self.beginInsertRows(_TOP, 0, 0)
            self._steps = rows
            self.endInsertRows()
        elif rows != self._steps:
            self.beginResetModel()
            self._steps = rows
            self.endResetModel()

    def read(self, step: int) -> None:
        """Show what has come into the frames for a step; the first one says which columns there are."""
        frame = self._frames[step]
        count = len(frame.texts)
        captions = (*frame.captions, *[""] * count)[:count]
        if count > len(self._captions):
            self.beginResetModel()
            self._captions = captions
            self.endResetModel()
        elif step in self._steps:
            row = self._steps.index(step)
            self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))

    def clear(self) -> None:
        self.beginResetModel()
        self._steps, self._captions = (), ()
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._steps)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else max(1, len(self._captions))

    def text(self, row: int, column: int) -> str | None:
        """Return what was written, None where it has not been read yet."""
        frame = self._frames.get(self._steps[row])
        if frame is None:
            return None
        return frame.texts[column] if column < len(frame.texts) else ""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        text = self.text(index.row(), index.column())
        if text is None:
            self.wanted.emit(self._steps[index.row()])
            return "\N{HORIZONTAL ELLIPSIS}" if role == Qt.ItemDataRole.DisplayRole else None
        text = text[:_SHOWN].strip("\n")
        return text if role == Qt.ItemDataRole.DisplayRole else wrapped(text)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | Qt.AlignmentFlag | None:
        across = orientation == Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if across else Qt.AlignmentFlag.AlignRight
            return side | (Qt.AlignmentFlag.AlignVCenter if across else Qt.AlignmentFlag.AlignTop)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if across:
            return self._captions[section] if section < len(self._captions) else ""
        return f"{self._steps[section]:,}"


class _Cell(QStyledItemDelegate):
    """Paints as many whole lines of a text as a row has room for, from its top."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        text, option.text = option.text, ""
        palette: QPalette = option.palette
        chosen = QStyle.StateFlag.State_Selected in option.state
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        area = option.rect.adjusted(_MARGIN, _MARGIN, -_MARGIN, 0)
        area.setHeight(_LINES * option.fontMetrics.lineSpacing())
        painter.save()
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        painter.setPen(palette.color(QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text))
        painter.setFont(option.font)
        lines = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        lines.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        painter.drawText(area, text, lines)
        painter.restore()


class TextSteps(QTableView):
    """The table; Ctrl+C copies the selected texts, and a tip shows what has no room."""

    def __init__(self, model: StepsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self._rows = model
        self.setAccessibleName(self.tr("Samples of all steps"))
        self.setToolTip(self.tr("What the model wrote at every step that was saved, the newest at the top"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(_Cell(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setMinimumSectionSize(_NARROWEST)
        across.setHighlightSections(False)
        down.setHighlightSections(False)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setToolTip(self.tr("Step of the training"))
        self._size_rows()

    def go_to(self, step: int) -> None:
        """Bring the row of a step to the top of the view."""
        if step in self._rows.steps:
            index = self._rows.index(self._rows.steps.index(step), 0)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)

    def selected_text(self) -> str:
        """Return the selected texts, row by row, with an empty line between."""
        cells = sorted((index.row(), index.column()) for index in self.selectedIndexes())
        return "\n\n".join(self._rows.text(row, column) or "" for row, column in cells)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.selected_text())
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self._size_rows()

    def sizeHint(self) -> QSize:
        return QSize(600, 320)

    def _size_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(_LINES * self.fontMetrics().lineSpacing() + 2 * _MARGIN)
