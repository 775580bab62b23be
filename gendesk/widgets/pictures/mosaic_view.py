"""Many pictures of one size as one painted mosaic, with captions, row titles and crisp whole-number zoom."""

from functools import partial
from math import floor

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from gendesk.widgets.painting import device_painter, draw_empty_text, draw_picture
from gendesk.widgets.pictures.mosaic import MosaicLayout, arrange, compose
from gendesk.widgets.pictures.picture import UInt8Array, to_qimage
from gendesk.widgets.theme import changes_look, current_colors

ZOOMS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
_SMALLER = 0.85  # of the font, for captions that are too long
_WIDE_ENOUGH = 64  # logical pixels; below this a caption that would be cut by more than a quarter is left away
_MARGIN = 4


class MosaicView(QAbstractScrollArea):
    """The painted part of an ImageGrid: lays out, scrolls, zooms, and tells which tile was meant."""

    activated = Signal(int)
    menu_requested = Signal(int, QPoint)  # -1 beside the tiles; a global position
    arranged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.images: UInt8Array = np.empty((0, 1, 1, 1), np.uint8)
        self.captions: tuple[str, ...] = ()
        self.layout_shown = MosaicLayout(0, 1, 1, 1)
        self.scale = 1.0
        self.zoom: int | None = None
        self.empty_text = ""
        self._row_titles: tuple[str, ...] = ()
        self._columns: int | None = None
        self._image: QImage | None = None
        self._caption_font = QFont()
        self._cut_captions: list[tuple[str, float]] = []  # and how far to indent them
        self._title_width = 0
        self._current = 0
        self._hovered: int | None = None
        self._pressed: int | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)

    def set_tiles(
        self, images: UInt8Array, columns: int | None, captions: tuple[str, ...], row_titles: tuple[str, ...]
    ) -> None:
        before = self.images.shape, self._columns, self.captions, self._row_titles
        self.images, self.captions, self._row_titles, self._columns = images, captions, row_titles, columns
        if before == (images.shape, columns, captions, row_titles):  # the next step of the same pictures
            self._image = None
            self.viewport().update()
        else:
            self._current = min(self._current, max(0, len(images) - 1))
            self.arrange_again()

    def set_zoom(self, zoom: int | None) -> None:
        """Set screen pixels per picture pixel; None fits the mosaic into the view."""
        self.zoom = zoom
        self.arrange_again()

    def zoom_by(self, step: int) -> None:
        """Go to the next larger (1) or smaller (-1) zoom."""
        larger = [zoom for zoom in ZOOMS if zoom > self.scale]
        smaller = [zoom for zoom in ZOOMS if zoom < self.scale]
        choice = larger[:1] if step > 0 else smaller[-1:]
        if choice and len(self.images):
            self.set_zoom(choice[0])

    def arrange_again(self) -> None:
        """Find layout and scale for the present size, font and screen; the mosaic itself is made when painted."""
        self._image = None
        if len(self.images):
            ratio, metrics = self.devicePixelRatioF(), QFontMetricsF(self.font())
            line = round((metrics.height() + 2) * ratio)
            self._title_width = 0
            self.layout_shown, self.scale = self._best_layout(0, line if self._row_titles else 0)
            if self._row_titles:
                # Titles stand at the left where they do not make the pictures smaller, else above their rows.
                widest = max(metrics.horizontalAdvance(title) for title in self._row_titles)
                beside = self._best_layout(round((widest + 16) * ratio), 0)
                if beside[1] >= self.scale:
                    self.layout_shown, self.scale = beside
                    self._title_width = round((widest + 16) * ratio)
            self._cut_texts(metrics, self.layout_shown.tile_width * self.scale / ratio)
        self._set_scroll_bars()
        self.viewport().update()
        self.arranged.emit()

    def _cut_texts(self, metrics: QFontMetricsF, width: float) -> None:
        """Fit the captions into `width`: smaller where one is too long, and cut where that does not help."""
        self._caption_font = QFont(self.font())
        if any(metrics.horizontalAdvance(caption) > width for caption in self.captions):
            self._caption_font.setPointSizeF(_SMALLER * self._caption_font.pointSizeF())
            metrics = QFontMetricsF(self._caption_font)
        self._cut_captions.clear()
        for caption in self.captions[: self.layout_shown.count] if self.layout_shown.band else ():
            text = metrics.elidedText(caption, Qt.TextElideMode.ElideRight, width)
            self._cut_captions.append((text, (width - metrics.horizontalAdvance(text)) / 2))

    def _best_layout(self, title_width: int, head: int) -> tuple[MosaicLayout, float]:
        """Return layout and scale, with captions where most of them can be read."""
        ratio, metrics = self.devicePixelRatioF(), QFontMetricsF(self.font())
        area = (self.maximumViewportSize() - QSize(2, 2) * _MARGIN) * ratio
        count, height, width = self.images.shape[:3]
        sizes = (width, height), self._columns, (area.width() - title_width, area.height())
        place = partial(arrange, count, *sizes, gap=round(2 * ratio), head=head, zoom=self.zoom)
        widest = max((metrics.horizontalAdvance(caption) for caption in self.captions), default=0.0)
        if widest:
            layout, scale = place(band=round((metrics.height() + 2) * ratio))
            if width * scale >= min(0.75 * widest, _WIDE_ENOUGH) * ratio:
                return layout, scale
        return place()

    def _content(self) -> QSize:
        """Size of mosaic and row titles in screen pixels."""
        width, height = self.layout_shown.size
        return QSize(self._title_width + floor(width * self.scale), floor(height * self.scale))

    def _set_scroll_bars(self) -> None:
        content = self._content() if len(self.images) and self.zoom is not None else QSize(0, 0)
        area = self.viewport().size() * self.devicePixelRatioF()
        for bar, length, page in (
            (self.horizontalScrollBar(), content.width(), area.width()),
            (self.verticalScrollBar(), content.height(), area.height()),
        ):
            bar.setRange(0, max(0, length - page))
            bar.setPageStep(page)
            bar.setSingleStep(max(8, page // 16))

    def mosaic_rect(self) -> QRect:
        """Where the mosaic lies in the viewport, in screen pixels; row titles are left of it."""
        area, content = self.viewport().size() * self.devicePixelRatioF(), self._content()
        left = max(0, (area.width() - content.width()) // 2) - self.horizontalScrollBar().value()
        top = max(0, (area.height() - content.height()) // 2) - self.verticalScrollBar().value()
        return QRect(left + self._title_width, top, content.width() - self._title_width, content.height())

    def tile_rect(self, index: int, mosaic: QRect | None = None) -> QRect:
        """Where a tile lies in the viewport, without its caption, in screen pixels."""
        corner = (mosaic or self.mosaic_rect()).topLeft()
        (x, y), layout, scale = self.layout_shown.origin(index), self.layout_shown, self.scale
        left, top = floor(x * scale), floor(y * scale)
        return QRect(
            corner.x() + left, corner.y() + top, floor(layout.tile_width * scale), floor(layout.tile_height * scale)
        )

    def tile_at(self, position: QPointF) -> int | None:
        """Return the tile at a place of the viewport in logical pixels."""
        if not len(self.images):
            return None
        place = (position * self.devicePixelRatioF() - QPointF(self.mosaic_rect().topLeft())) / self.scale
        return self.layout_shown.index_at(place.x(), place.y())

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = current_colors()
        painter, ratio = device_painter(self.viewport())
        area = QRect(QPoint(0, 0), (self.viewport().size() + QSize(1, 1)) * ratio)
        painter.fillRect(area, QColor(colors.picture_ground))
        if len(self.images):
            draw_picture(painter, self.mosaic_rect(), self._image or self._prepare())
            self._paint_marks(painter, ratio)
            painter.scale(ratio, ratio)
            self._paint_texts(painter, ratio)
        else:
            painter.scale(ratio, ratio)
            draw_empty_text(painter, self.viewport().rect().toRectF(), self.empty_text)
        painter.end()

    def _prepare(self) -> QImage:
        """Make the mosaic, once for all paints until something changes."""
        ground = QColor(current_colors().picture_ground).lightness()
        mosaic = to_qimage(compose(self.images, self.layout_shown, ground))
        if self.scale < 0.5:
            mosaic = mosaic.scaled(self.mosaic_rect().size(), mode=Qt.TransformationMode.SmoothTransformation)
        self._image = mosaic
        return mosaic

    def _paint_marks(self, painter: QPainter, ratio: float) -> None:
        """Frame the tile under the mouse thinly, and the one that Enter would open strongly."""
        colors = current_colors()
        marked = [(self._hovered, colors.muted, 1)]
        if self.hasFocus():
            marked.append((self._current, colors.accent, 2))
        for index, color, width in marked:
            if index is not None and index < len(self.images):
                pen = QPen(QColor(color), width * ratio, j=Qt.PenJoinStyle.MiterJoin)
                painter.setPen(pen)
                painter.drawRect(self.tile_rect(index).adjusted(-width, -width, width - 1, width - 1))

    def _paint_texts(self, painter: QPainter, ratio: float) -> None:
        """Draw captions and row titles; `painter` counts in logical pixels."""
        metrics, mosaic = QFontMetricsF(self.font()), self.mosaic_rect()
        painter.setPen(QColor(current_colors().text))
        painter.setFont(self._caption_font)
        for index, (text, indent) in enumerate(self._cut_captions):
            tile = self.tile_rect(index, mosaic)
            top = (tile.bottom() + 1) / ratio
            if -metrics.height() < top < self.viewport().height():
                painter.drawText(QPointF(tile.left() / ratio + indent, top + metrics.ascent()), text)
        painter.setFont(self.font())
        for row, title in enumerate(self._row_titles[: self.layout_shown.rows]):
            tile = self.tile_rect(row * self.layout_shown.columns, mosaic)
            left, baseline = tile.left() / ratio, tile.top() / ratio - metrics.descent() - 1
            if self._title_width:
                left = mosaic.left() / ratio - 6 - metrics.horizontalAdvance(title)
                baseline = tile.center().y() / ratio + (metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(left, baseline), title)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self.arrange_again()

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.arrange_again()
        super().changeEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        elif event.type() == QEvent.Type.DevicePixelRatioChange:
            self.arrange_again()
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self.tile_at(QPointF(event.pos()))
            caption = self.captions[index] if index is not None and index < len(self.captions) else ""
            QToolTip.showText(event.globalPos(), caption, self.viewport())
            return True
        return super().viewportEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.tile_at(event.position()))

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            shape = Qt.CursorShape.ArrowCursor if index is None else Qt.CursorShape.PointingHandCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self.tile_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.tile_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index is not None and index == self._pressed:
            self.set_current(index)
            self.activated.emit(index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self._current if by_key else self.tile_at(QPointF(event.pos()))
        self.menu_requested.emit(-1 if index is None or not len(self.images) else index, event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
        else:
            super().wheelEvent(event)

    def set_current(self, index: int) -> None:
        """Move the keyboard's frame to a tile and bring that into view."""
        self._current = max(0, min(index, len(self.images) - 1))
        tile, area = self.tile_rect(self._current), self.viewport().size() * self.devicePixelRatioF()
        for bar, start, length, page in (
            (self.horizontalScrollBar(), tile.left(), tile.width(), area.width()),
            (self.verticalScrollBar(), tile.top(), tile.height(), area.height()),
        ):
            bar.setValue(bar.value() + min(0, start) + max(0, start + length - page))
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        columns, last = self.layout_shown.columns, len(self.images) - 1
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        zooms = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
        if key in zooms:
            self.zoom_by(zooms[key])
        elif key == Qt.Key.Key_0:
            self.set_zoom(None)
        elif last < 0:
            super().keyPressEvent(event)
        elif key in moves and 0 <= self._current + moves[key] <= last:
            self.set_current(self._current + moves[key])
        elif key in ends:
            self.set_current(ends[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit(self._current)
        elif key not in moves:
            super().keyPressEvent(event)
