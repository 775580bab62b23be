"""A list of commands: icon, title with the letters that were searched for, where it is found, and its keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPalette, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gendesk.widgets.icons import icon
from gendesk.widgets.theme import current_colors

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_ROW_ROLE = Qt.ItemDataRole.UserRole
_HEIGHT = 32
_ICON = 18
_GAP = 8


@dataclass(frozen=True)
class CommandRow:
    """One line; `marks` are places in the title to emphasise, `checked` is None for what is no switch."""

    title: str
    place: str = ""
    keys: str = ""
    tip: str = ""
    symbol: QIcon | None = None
    enabled: bool = True
    checked: bool | None = None
    marks: tuple[int, ...] = ()


class CommandList(QListView):
    """Rows of commands; a click, like Enter, emits `activated` with an index."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = _Rows(self)
        self.setModel(self._rows)
        self.setItemDelegate(_RowDelegate(self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Commands"))

    def set_rows(self, rows: Sequence[CommandRow]) -> None:
        """Show other rows, with the first one current."""
        self._rows.set_rows(rows)
        self.setCurrentIndex(self._rows.index(0))
        self.scrollToTop()

    def row(self, number: int) -> CommandRow:
        return self._rows.rows[number]

    def rows(self) -> Sequence[CommandRow]:
        return self._rows.rows


class _Rows(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: Sequence[CommandRow] = ()

    def set_rows(self, rows: Sequence[CommandRow]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == _ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tip
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (row.title, row.place, row.keys)))
        return None


class _RowDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: CommandRow = index.data(_ROW_ROLE)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        colors = _RowColors(option.palette, row.enabled, chosen)
        painter.save()
        if chosen:
            painter.fillRect(option.rect, option.palette.color(QPalette.ColorRole.Highlight))
        area = option.rect.adjusted(_GAP, 0, -_GAP, 0)
        mode = QIcon.Mode.Disabled if not row.enabled else QIcon.Mode.Selected if chosen else QIcon.Mode.Normal
        symbol = icon("check") if row.checked else row.symbol
        if symbol is not None:
            top = area.center().y() - _ICON // 2 + 1
            symbol.paint(painter, QRect(area.left(), top, _ICON, _ICON), Qt.AlignmentFlag.AlignCenter, mode)
        area.setLeft(area.left() + _ICON + _GAP)
        metrics = QFontMetrics(option.font)
        for text in (row.keys, row.place):
            area = _drawn_right(painter, area, text, colors.side, metrics)
        _draw_title(painter, area, row, option.font, colors)
        painter.restore()


class _RowColors:
    def __init__(self, palette: QPalette, enabled: bool, chosen: bool) -> None:
        group = QPalette.ColorGroup.Active if enabled else QPalette.ColorGroup.Disabled
        text = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        # What is disabled is still read on the highlight, which has the colour of what is enabled.
        self.title = palette.color(QPalette.ColorGroup.Active if chosen else group, text)
        if chosen and not enabled:
            self.title.setAlphaF(0.7)
        self.side = self.title if chosen or not enabled else QColor(current_colors().muted)
        self.mark = self.title if chosen or not enabled else QColor(current_colors().accent)


def _drawn_right(painter: QPainter, area: QRect, text: str, color: QColor, metrics: QFontMetrics) -> QRect:
    """Draw a text at the right end of an area, in at most a half of it, and return what is left."""
    if not text:
        return area
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, area.width() // 2)
    painter.setPen(color)
    painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)
    return area.adjusted(0, 0, -metrics.horizontalAdvance(shown) - 2 * _GAP, 0)


def _draw_title(painter: QPainter, area: QRect, row: CommandRow, font: QFont, colors: _RowColors) -> None:
    metrics = QFontMetrics(font)
    layout = QTextLayout(metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, area.width()), font)
    emphasis = QTextCharFormat()
    emphasis.setForeground(colors.mark)
    emphasis.setFontWeight(QFont.Weight.Bold)
    ranges = []
    for mark in row.marks:
        part = QTextLayout.FormatRange()
        part.start, part.length, part.format = mark, 1, emphasis
        ranges.append(part)
    layout.setFormats(ranges)
    layout.beginLayout()
    layout.createLine().setLineWidth(2 * area.width())
    layout.endLayout()
    painter.setPen(colors.title)
    painter.setClipRect(area)
    layout.draw(painter, QPoint(area.left(), area.center().y() - metrics.height() // 2 + 1).toPointF())
