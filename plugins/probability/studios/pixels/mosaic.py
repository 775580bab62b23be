"""Pictures of one size in which one and the same pixel is pointed at: in all of them at once."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from gendesk.widgets.painting import device_painter
from gendesk.widgets.pictures.mosaic_view import MosaicView
from gendesk.widgets.theme import current_colors

_MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class PixelMosaic(MosaicView):
    """A mosaic that tells which pixel the mouse is on, counted row by row; arrows and Enter do the same."""

    pixel_hovered = Signal(int)
    pixel_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marked = -1
        self._pointed = -1

    def mark(self, pixel: int) -> None:
        """Frame a pixel in all pictures; -1 frames none."""
        self._marked = self._pointed = pixel
        self.viewport().update()

    def pixel_at(self, position: QPointF) -> int:
        """Return the pixel under a place of the viewport in logical pixels, or -1."""
        tile = self.tile_at(position)
        if tile is None:
            return -1
        area = QRectF(self.tile_rect(tile))
        place = position * self.devicePixelRatioF() - area.topLeft()
        height, width = self.images.shape[1:3]
        column, row = int(place.x() / area.width() * width), int(place.y() / area.height() * height)
        return row * width + column if 0 <= column < width and 0 <= row < height else -1

    def pixel_rect(self, tile: int, pixel: int) -> QRectF:
        """Where a pixel of a tile lies in the viewport, in screen pixels."""
        area, (height, width) = QRectF(self.tile_rect(tile)), self.images.shape[1:3]
        across, down = area.width() / width, area.height() / height
        return QRectF(area.left() + pixel % width * across, area.top() + pixel // width * down, across, down)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._point(self.pixel_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pixel = self.pixel_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and pixel >= 0:
            self._point(pixel)
            self.pixel_chosen.emit(pixel)

    def _point(self, pixel: int) -> None:
        if pixel not in (-1, self._pointed):
            self._pointed = pixel
            self.pixel_hovered.emit(pixel)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        height, width = self.images.shape[1:3]
        if not len(self.images) or key not in (*_MOVES, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        pixel = max(0, self._pointed)
        if key in _MOVES:
            right, down = _MOVES[key]
            column, row = pixel % width + right, pixel // width + down
            if 0 <= column < width and 0 <= row < height:
                self._point(row * width + column)
        else:
            self.pixel_chosen.emit(pixel)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.toolTip(), self.viewport())
            return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._marked < 0 or not len(self.images):
            return
        colors = current_colors()
        painter, ratio = device_painter(self.viewport())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for tile in range(self.layout_shown.count):
            area = self.pixel_rect(tile, self._marked)
            for color, grown in ((colors.surface, 2.5), (colors.accent, 1.0)):
                painter.setPen(QPen(QColor(color), 1.5 * ratio, j=Qt.PenJoinStyle.MiterJoin))
                margin = grown * ratio
                painter.drawRect(area.adjusted(-margin, -margin, margin, margin))
        painter.end()
