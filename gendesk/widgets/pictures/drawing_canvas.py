"""The ground of a drawing pad: strokes of a mouse or a pen, painted as they grow."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.widgets.pictures.strokes import Stroke, paint_piece, paint_strokes
from gendesk.widgets.theme import current_colors


class DrawingCanvas(QWidget):
    """The ground to draw on; keeps strokes in units of its longer side, so that they survive any resizing."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strokes: list[Stroke] = []
        self.ground = "#000000"
        self.color = "#FFFFFF"
        self.pen_width = 0.08  # of the longer side
        self._size = QSize(28, 28)
        self._drawing: Stroke | None = None
        self._hover: QPointF | None = None
        self._picture = QPixmap()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(112, 112)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_model_size(self, size: QSize) -> None:
        """Take the proportions of the pictures of a model."""
        self._size = size
        self.repaint_all()

    def clear(self) -> None:
        self.strokes.clear()
        self._drawing = None
        self.repaint_all()
        self.changed.emit()

    def undo(self) -> None:
        """Take the newest stroke away."""
        if self.strokes:
            self.strokes.pop()
            self._drawing = None
            self.repaint_all()
            self.changed.emit()

    def repaint_all(self) -> None:
        self._picture = QPixmap()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 200)

    def area(self) -> QRectF:
        """Return where the picture lies in the widget, in logical pixels."""
        room = self.size() - QSize(4, 4)
        size = self._size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        corner = QPointF((self.width() - size.width()) // 2, (self.height() - size.height()) // 2)
        return QRectF(corner, size.toSizeF())

    def _place(self, position: QPointF) -> QPointF:
        area = self.area()
        return (position - area.topLeft()) / max(area.width(), area.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._drawing = Stroke(self.color, self.pen_width, [self._place(event.position())])
        self.strokes.append(self._drawing)
        self._grow(self._drawing)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = event.position()
        if self._drawing is not None:
            self._drawing.points.append(self._place(event.position()))
            self._grow(self._drawing)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._drawing is not None:
            self._drawing = None
            self.repaint_all()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()
        super().leaveEvent(event)

    def _grow(self, stroke: Stroke) -> None:
        """Paint what the stroke has gained over the picture of the rest, which keeps long strokes quick."""
        if not self._picture.isNull():
            painter = QPainter(self._picture)
            self._enter_area(painter)
            paint_piece(painter, stroke)
            painter.end()
        self.update()
        self.changed.emit()

    def _enter_area(self, painter: QPainter) -> None:
        """Let the painter count in units of the longer side, from the corner of the picture."""
        area = self.area()
        painter.setClipRect(area)
        painter.translate(area.topLeft())
        side = max(area.width(), area.height())
        painter.scale(side, side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.repaint_all()
        super().resizeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        if self._picture.isNull() or self._picture.devicePixelRatio() != ratio:
            self._paint_all(ratio)
        painter.drawPixmap(0, 0, self._picture)
        colors, area = current_colors(), self.area()
        painter.setPen(QPen(QColor(colors.accent if self.hasFocus() else colors.border), 1))
        painter.drawRect(area.adjusted(-1, -1, 0, 0))
        if self._hover is not None and area.contains(self._hover):
            radius = self.pen_width * max(area.width(), area.height()) / 2
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colors.muted), 1))
            painter.drawEllipse(self._hover, radius, radius)
        painter.end()

    def _paint_all(self, ratio: float) -> None:
        self._picture = QPixmap(self.size() * ratio)
        self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._picture)
        painter.fillRect(self.area(), QColor(self.ground))
        self._enter_area(painter)
        paint_strokes(painter, self.strokes)
        painter.end()
