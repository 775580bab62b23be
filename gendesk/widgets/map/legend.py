"""What the marks on a map mean."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.widgets.map.painting import MarkStyle, paint_mark
from gendesk.widgets.theme import current_colors

_MARK, _GAP = 18, 16


class MarkLegend(QWidget):
    """Marks with their titles in a row."""

    def __init__(self, styles: Sequence[MarkStyle], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._styles = tuple(styles)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Legend: {titles}").format(titles=", ".join(style.title for style in styles)))

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = sum(_MARK + metrics.horizontalAdvance(style.title) + _GAP for style in self._styles) - _GAP
        return QSize(width, max(20, metrics.height()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, middle, left = self.fontMetrics(), self.height() / 2, 0
        for style in self._styles:
            paint_mark(painter, QPointF(left + 7, middle), style)
            painter.setPen(QColor(current_colors().text))
            painter.drawText(QPointF(left + _MARK, middle + (metrics.ascent() - metrics.descent()) / 2), style.title)
            left += _MARK + metrics.horizontalAdvance(style.title) + _GAP
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)
