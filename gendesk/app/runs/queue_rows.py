"""The rows of the queue: what they say, how they look, and where they may be dragged."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gendesk.engine.runs import Run
from gendesk.engine.throughput import clock
from gendesk.widgets.icons import icon
from gendesk.widgets.theme import current_colors
from gendesk.widgets.translation import translated

Index = QModelIndex | QPersistentModelIndex
translate = QCoreApplication.translate
_TOP = QModelIndex()
_LONG_AGO = 12 * 3600  # seconds; then the time of day does not say enough
_MIME = "application/x-gendesk-queued-run"
_ICONS = {"running": "play", "waiting": "runs", "failed": "error"}
_ROW = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class QueueRow:
    """A run in the queue. `progress` in [0, 1] is shown as a bar; None has none."""

    run_id: str
    title: str
    detail: str
    state: Literal["running", "waiting", "failed"]
    progress: float | None = None


def waiting_row(run: Run, added: float) -> QueueRow:
    """Describe a run that waits since `added`, in seconds since 1970; 0 is not known."""
    settings = run.record.config.settings
    planned = translate("QueueRow", "{0} epochs").format(f"{settings.epochs:g}")
    if settings.steps:
        planned = translate("QueueRow", "{0} steps").format(f"{settings.steps:,}")
    moment = time.localtime(added)
    since = time.strftime("%H:%M" if time.time() - added < _LONG_AGO else "%Y-%m-%d %H:%M", moment)
    waits = translate("QueueRow", "since {0}").format(since) if added else ""
    return QueueRow(run.id, run.title, _detail(run, planned, waits), "waiting")


def running_row(run: Run, step: int, total: int, eta: float | None = None) -> QueueRow:
    """Describe the run that trains: `total` steps are planned (0: not known yet), `eta` seconds are left."""
    if not total:
        return QueueRow(run.id, run.title, _detail(run, translate("QueueRow", "starting")), "running")
    done = translate("QueueRow", "step {step} of {total}").format(step=f"{step:,}", total=f"{total:,}")
    left = "" if eta is None else translate("QueueRow", "{0} left").format(clock(eta))
    return QueueRow(run.id, run.title, _detail(run, done, left), "running", step / total)


def _detail(run: Run, *more: str) -> str:
    parts = (translated(run.record.recipe_title), Path(run.record.config.data).name, *more)
    return "  \N{MIDDLE DOT}  ".join(part for part in parts if part)


class QueueModel(QAbstractListModel):
    """The rows; one that waits can be dragged to the place of another one that waits."""

    moved = Signal(str, int)  # the run, and its new place among all rows

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[QueueRow] = []

    @property
    def rows(self) -> Sequence[QueueRow]:
        return self._rows

    def set_rows(self, rows: Sequence[QueueRow]) -> None:
        """Show these rows; if they are of the same runs as before, the selection stays."""
        if list(rows) == self._rows:
            return
        if [row.run_id for row in rows] == [row.run_id for row in self._rows]:
            self._rows = list(rows)
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row_of(self, run_id: str) -> int | None:
        return next((place for place, row in enumerate(self._rows) if row.run_id == run_id), None)

    def move(self, run_id: str, place: int) -> bool:
        """Ask for a run to be put at a place, if it waits and all from there to where it is wait, too."""
        now = self.row_of(run_id)
        if now is None or place == now or not 0 <= place < len(self._rows):
            return False
        if any(row.state != "waiting" for row in self._rows[min(now, place) : max(now, place) + 1]):
            return False
        self.moved.emit(run_id, place)
        return True

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.DecorationRole:
            return icon(_ICONS[row.state])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.title}, {row.detail}"
        if role == Qt.ItemDataRole.ToolTipRole:
            kept = self.tr("Each run keeps the settings it had when it was queued.")
            return f"{row.title}\n{row.detail}\n{kept}"
        return row if role == _ROW else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        chosen = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        waits = self._rows[index.row()].state == "waiting"
        return chosen | Qt.ItemFlag.ItemIsDragEnabled if waits else chosen

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - Qt's name
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's name
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802 - Qt's name
        data = QMimeData()
        data.setData(_MIME, self._rows[indexes[0].row()].run_id.encode())
        return data

    def dropMimeData(  # noqa: N802 - Qt's name
        self, data: QMimeData, _action: Qt.DropAction, row: int, _column: int, _parent: Index
    ) -> bool:
        """Ask for a run to be put before a row, or at the end; the rows change when the queue has."""
        run_id = bytes(data.data(_MIME).data()).decode(errors="replace")
        now = self.row_of(run_id)
        if now is not None:
            before = row if row >= 0 else len(self._rows)
            self.move(run_id, before - 1 if now < before else before)
        return False


class QueueDelegate(QStyledItemDelegate):
    """Paints a title, a line of details and, of the run that trains, how far it is."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(160, 2 * option.fontMetrics.height() + 18)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: QueueRow = index.data(_ROW)
        self.initStyleOption(option, index)
        option.text = ""
        option.icon = QIcon()
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        colors, selected = current_colors(), bool(option.state & QStyle.StateFlag.State_Selected)
        text = option.palette.color(QPalette.ColorRole.HighlightedText) if selected else QColor(colors.text)
        muted = text if selected else QColor(colors.bad if row.state == "failed" else colors.muted)
        mode = QIcon.Mode.Selected if selected else QIcon.Mode.Normal
        icon(_ICONS[row.state]).paint(painter, QRect(option.rect.left() + 8, option.rect.top() + 8, 16, 16), mode=mode)
        line = option.fontMetrics.height()
        area = option.rect.adjusted(32, 5, -8, 0)
        painter.save()
        for place, (words, color) in enumerate(((row.title, text), (row.detail, muted))):
            box = QRect(area.left(), area.top() + place * line, area.width(), line)
            painter.setPen(color)
            fitting = option.fontMetrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, fitting)
        if row.progress is not None:
            bar = QRect(area.left(), area.top() + 2 * line + 3, area.width(), 4)
            painter.fillRect(bar, QColor(colors.border))
            bar.setWidth(round(bar.width() * min(1.0, max(0.0, row.progress))))
            painter.fillRect(bar, text if selected else QColor(colors.accent))
        painter.restore()
