"""The classes of dots: their names beside their colours, to hide and to show."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gendesk.widgets.theme import current_colors


class ClassLegend(QWidget):
    """Names of classes beside their colours, wrapped into lines; a click or Space hides and shows a class."""

    hidden_changed = Signal(object)  # frozenset of class numbers

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: Sequence[str] = ()
        self._hidden: frozenset[int] = frozenset()
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_names(self, names: Sequence[str]) -> None:
        """Replace the classes; those that were hidden stay so if the names are the same."""
        if tuple(names) != tuple(self._names):
            self._names, self._hidden, self._current = tuple(names), frozenset(), 0
            self.hidden_changed.emit(self._hidden)
            self.setVisible(bool(names))
            self.setAccessibleDescription(", ".join(names))
            self.updateGeometry()
            self.update()

    def chips(self, width: int) -> list[QRect]:
        """Return where each class lies when wrapped to a width."""
        metrics, rects, x, y = self.fontMetrics(), [], 4, 0
        for name in self._names:
            length = 16 + metrics.horizontalAdvance(name) + 8
            if x > 4 and x + length > width:
                x, y = 4, y + metrics.height() + 4
            rects.append(QRect(x, y, length, metrics.height() + 4))
            x += length + 4
        return rects

    def heightForWidth(self, width: int) -> int:
        return max((rect.bottom() + 1 for rect in self.chips(width)), default=0)

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(self.width() or 200))

    def minimumSizeHint(self) -> QSize:
        return QSize(64, self.fontMetrics().height() + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = current_colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, (name, rect) in enumerate(zip(self._names, self.chips(self.width()), strict=True)):
            color, shown = QColor(colors.categories[index % len(colors.categories)]), index not in self._hidden
            painter.setPen(QPen(color if shown else QColor(colors.muted), 1.5))
            painter.setBrush(color if shown else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(rect.left() + 7, rect.center().y() + 0.5), 4, 4)
            painter.setPen(QColor(colors.text if shown else colors.muted))
            painter.drawText(rect.adjusted(16, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)
            if self.hasFocus() and index == self._current:
                painter.setPen(QPen(QColor(colors.accent), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.end()

    def toggle(self, index: int) -> None:
        """Hide or show a class."""
        self._hidden ^= {index}
        self.hidden_changed.emit(self._hidden)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for index, rect in enumerate(self.chips(self.width())):
            if rect.contains(event.position().toPoint()):
                self.toggle(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self._current = max(0, min(len(self._names) - 1, self._current + step))
            self.update()
        elif event.key() == Qt.Key.Key_Space and self._names:
            self.toggle(self._current)
        else:
            super().keyPressEvent(event)
