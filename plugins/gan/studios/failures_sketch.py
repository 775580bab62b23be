"""A small curve or picture of what a failure looks like."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gendesk.widgets.pictures.view import PictureView
from gendesk.widgets.theme import changes_look, current_colors
from gendesk.widgets.translation import translated

from ..doctor.sketches import Line, Sketch

_HEIGHT = 104


class SketchView(QWidget):
    """Shows one sketch; `description` says it in words."""

    def __init__(self, sketch: Sketch, description: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_HEIGHT)
        shown: QWidget
        if sketch.picture is not None:
            shown = PictureView(self)
            shown.set_picture(sketch.picture)
        else:
            shown = _Curves(sketch.lines, self)
        for widget in (self, shown):
            widget.setAccessibleName(self.tr("Sketch"))
            widget.setAccessibleDescription(description)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(shown)


class _Curves(QWidget):
    """Lines over time, each named in its colour; heights say no more than higher and lower."""

    def __init__(self, lines: tuple[Line, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = current_colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colors.border))
        painter.setBrush(QColor(colors.surface))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        names = self.fontMetrics().height() + 8
        area = QRectF(self.rect()).adjusted(8, names, -8, -8)
        across = 8.0
        for (name, heights), color in zip(self._lines, colors.curves, strict=False):
            painter.setPen(QPen(QColor(color), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(_polygon(heights, area))
            text = translated(name)
            painter.drawText(QPointF(across, self.fontMetrics().ascent() + 4), text)
            across += self.fontMetrics().horizontalAdvance(text) + 16
        painter.end()


def _polygon(heights: np.ndarray, area: QRectF) -> QPolygonF:
    x = np.linspace(area.left(), area.right(), len(heights))
    y = area.bottom() - heights * area.height()
    return QPolygonF([QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)])
