"""The painted map: a rectangle to drag, places to click, and whatever lies below and upon them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from gendesk.widgets.map.geometry import FloatArray, Grip, Projection, dragged
from gendesk.widgets.map.painting import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    MarkStyle,
    paint_box,
    paint_degrees,
    paint_ground,
    paint_guess,
    paint_mark,
    paint_mask,
    paint_points,
    paint_shading,
    plot_rect,
)
from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.theme import changes_look, current_colors

_STILL = 4.0  # pixels: a press that moves less is a click
_NO_POINTS: FloatArray = np.empty((0, 2))
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}


class MapView(QWidget):
    """A flat map of `size` degrees. Everything but rectangle, samples and guess is kept in one pixmap.

    `styles` are those of samples and guesses, whose labels count them. `box_changed` carries a box (4,) and a key that
    is the same all through a drag; `clicked` a place (2,); `hovered` the place (2,) under the mouse, or None. Places
    are in degrees from the lower left.
    """

    box_changed = Signal(object, str)
    clicked = Signal(object)
    hovered = Signal(object)

    def __init__(self, styles: Sequence[MarkStyle] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._styles = tuple(styles)
        self.empty_text = ""
        self.smallest = 1.0
        self._size: tuple[float, float] | None = None
        self._land: NDArray[np.bool_] | None = None
        self._land_shown = False
        self._points, self._points_shown = _NO_POINTS, True
        self._shading: tuple[NDArray[np.float32], bool] | None = None
        self._outlines: FloatArray = np.empty((0, 4))
        self._box: FloatArray | None = None
        self._samples, self._labels = _NO_POINTS, np.empty(0, np.int64)
        self._guess: tuple[FloatArray, int] | None = None
        self._press: tuple[QPointF, Grip | None, FloatArray | None] | None = None
        self._dragging = False
        self._drags = 0
        self._grip = Grip.BODY
        self._static: QPixmap | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 120)
        self.setAccessibleName(self.tr("Map"))
        self.setToolTip(
            self.tr(
                "Drag corners, edges or the middle of the rectangle; click anywhere to guess a point.\nKeys: Space "
                "takes hold of another part, arrows move it by a degree (Shift: a tenth), Ctrl with arrows moves the "
                "guess."
            )
        )

    # What is shown

    @property
    def ready(self) -> bool:
        return self._size is not None

    @property
    def box(self) -> FloatArray | None:
        """The rectangle that can be dragged, (4,)."""
        return self._box

    @property
    def samples(self) -> FloatArray:
        """The samples (n, 2) that are shown."""
        return self._samples

    @property
    def guess(self) -> FloatArray | None:
        """The place (2,) that was chosen last."""
        return None if self._guess is None else self._guess[0]

    def set_map(self, size: tuple[float, float] | None, land: NDArray[np.bool_] | None = None) -> None:
        """Show an empty map of `size` (width, height) in degrees, or the empty state with None."""
        self._size, self._land = size, land
        self._points, self._shading, self._box = _NO_POINTS, None, None
        self._outlines, self._guess = np.empty((0, 4)), None
        self.set_samples(_NO_POINTS, np.empty(0, np.int64))
        self._redraw()

    def set_land_shown(self, shown: bool) -> None:
        self._land_shown = shown
        self._redraw()

    def set_points(self, points: FloatArray) -> None:
        """Show points (n, 2)."""
        self._points = points
        self._redraw()

    def set_points_shown(self, shown: bool) -> None:
        self._points_shown = shown
        self._redraw()

    def set_shading(self, density: NDArray[np.float32] | None, *, smooth: bool = True) -> None:
        """Shade the map by a density (rows, columns), the north at the top; hard cells unless `smooth`."""
        if density is None and self._shading is None:
            return  # nothing is painted anew while a rectangle is dragged
        self._shading = None if density is None else (density, smooth)
        self._redraw()

    def set_outlines(self, boxes: FloatArray) -> None:
        """Draw the edges of boxes (n, 4) that cannot be dragged."""
        if len(boxes) or len(self._outlines):
            self._outlines = boxes
            self._redraw()

    def set_box(self, box: FloatArray | None) -> None:
        """Show a rectangle (4,) to drag, or none; nobody is told."""
        self._box = None if box is None else np.array(box, np.float64)
        self.update()

    def set_samples(self, samples: FloatArray, labels: NDArray[np.int64]) -> None:
        """Show samples (n, 2), each in the style (n,) that its label is the number of."""
        self._samples, self._labels = samples, labels
        self.update()

    def set_guess(self, place: FloatArray | None, label: int = -1) -> None:
        """Show a chosen place with its label; -1 has none yet."""
        self._guess = None if place is None else (np.array(place, np.float64), label)
        self.update()

    def _redraw(self) -> None:
        self._static = None
        self.update()

    # Geometry

    @property
    def projection(self) -> Projection:
        size = self._size or (2.0, 1.0)
        return Projection(size, plot_rect(size, self.width(), self.height()))

    def height_for(self, width: int) -> int:
        """Return the height at which the map fills a width."""
        size = self._size or (2.0, 1.0)
        return round((width - LEFT - RIGHT) * size[1] / size[0]) + TOP + BOTTOM

    def sizeHint(self) -> QSize:
        return QSize(640, self.height_for(640))

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._static is None or self._static.size() != size:
            self._static = self._paint_static(size, ratio)
        painter.drawPixmap(0, 0, self._static)
        if self.ready:
            self._paint_moving(painter)
        painter.end()

    def _paint_static(self, size: QSize, ratio: float) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(current_colors().window))
        painter = QPainter(pixmap)
        painter.setFont(self.font())
        if self.ready:
            self._paint_map(painter)
        else:
            draw_empty_text(painter, QRectF(self.rect()), self.empty_text)
        painter.end()
        return pixmap

    def _paint_map(self, painter: QPainter) -> None:
        projection = self.projection
        paint_ground(painter, projection)
        if self._land is not None and self._land_shown:
            paint_mask(painter, projection, self._land)
        paint_degrees(painter, projection)
        painter.setClipRect(projection.plot)
        if self._shading is not None:
            density, smooth = self._shading
            paint_shading(painter, projection, density, smooth=smooth)
        for box in self._outlines:
            paint_box(painter, projection, box, grips=False, held=False)
        if self._points_shown:
            paint_points(painter, projection, self._points)

    def _paint_moving(self, painter: QPainter) -> None:
        projection = self.projection
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(projection.plot.adjusted(-10, -10, 10, 10))
        if self._box is not None:
            paint_box(painter, projection, self._box, grips=True, held=self._dragging)
        places = projection.to_pixels(self._samples).tolist()
        radius = min(4.5, max(2.8, projection.plot.width() / 130))
        for (x, y), label in zip(places, self._labels.tolist(), strict=True):
            paint_mark(painter, QPointF(x, y), self._styles[label], radius)
        if self._guess is not None:
            place, label = self._guess
            style = self._styles[label] if 0 <= label < len(self._styles) else None
            paint_guess(painter, QPointF(*projection.to_pixels(place[None])[0].tolist()), style)

    # Mouse and keyboard

    def _grip_at(self, position: QPointF) -> Grip | None:
        return None if self._box is None else self.projection.grip_at(position, self._box)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.ready:
            self._press = event.position(), self._grip_at(event.position()), self._box
            self._drags += 1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self.ready:
            return
        projection = self.projection
        on_map = projection.plot.contains(event.position())
        self.hovered.emit(projection.from_pixels(event.position()) if on_map else None)
        if self._press is None:
            grip = self._grip_at(event.position())
            shape = grip.cursor if grip else Qt.CursorShape.CrossCursor
            self.setCursor(shape if grip or on_map else Qt.CursorShape.ArrowCursor)
            return
        start, grip, box = self._press
        moved = event.position() - start
        if grip is None or box is None or (not self._dragging and moved.manhattanLength() < _STILL):
            return
        self._dragging, self._grip = True, grip
        by = projection.from_pixels(event.position()) - projection.from_pixels(start)
        self._change(dragged(box, grip, by, projection.size, self.smallest), f"drag {self._drags}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._press is None:
            return
        start = self._press[0]
        still = (event.position() - start).manhattanLength() < _STILL
        self._press, dragging, self._dragging = None, self._dragging, False
        self.update()
        if still and not dragging and self.projection.plot.contains(event.position()):
            self.clicked.emit(self.projection.from_pixels(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS and self._size is not None:
            by = np.array(_ARROWS[key]) * (0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0)
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                place = np.array(self._size) / 2 if self.guess is None else self.guess + by
                self.clicked.emit(np.clip(place, 0, self._size))
            elif self._box is not None:
                self._change(dragged(self._box, self._grip, by, self._size, self.smallest), f"keys {self._grip.name}")
        elif key == Qt.Key.Key_Space and self._box is not None:
            grips = list(Grip)
            self._grip = grips[(grips.index(self._grip) + 1) % len(grips)]
            self.update()
        else:
            super().keyPressEvent(event)

    def _change(self, box: FloatArray, key: str) -> None:
        self._box = box
        self.update()
        self.box_changed.emit(box, key)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self._redraw()
        super().changeEvent(event)
