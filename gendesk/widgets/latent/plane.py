"""The painted latent plane: codes to look at, a window to zoom and to pan."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gendesk.widgets.latent.geometry import FloatArray, Projection, Window, fitting_window
from gendesk.widgets.latent.painting import paint_axes, paint_dots, paint_hovered, paint_prior
from gendesk.widgets.painting import device_painter, draw_empty_text
from gendesk.widgets.pictures.picture import UInt8Array, to_qimage
from gendesk.widgets.theme import changes_look, current_colors

_LEFT, _TOP, _RIGHT, _BOTTOM = 40, 8, 8, 24  # margins of the plot for its ticks, logical pixels
_REACH = 8.0  # from the mouse to a dot, logical pixels
_ZOOMS = {Qt.Key.Key_Plus: 0.8, Qt.Key.Key_Equal: 0.8, Qt.Key.Key_Minus: 1.25}
_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}


class LatentPlane(QWidget):
    """The painted plane. Everything that does not follow the mouse is kept in one pixmap.

    `prior` is where the circles of the prior have their centre, (2,), or None for none.
    """

    window_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty_text = ""
        self.ready = False
        self.window_shown = fitting_window(np.empty((0, 2)))
        self.hidden: frozenset[int] = frozenset()
        self.prior: FloatArray | None = np.zeros(2)
        self._codes: FloatArray = np.empty((0, 2))
        self._places: FloatArray = self._codes
        self._labels: NDArray[np.int64] = np.empty(0, np.int64)
        self._pictures: UInt8Array | None = None
        self._hovered = -1
        self._static: QPixmap | None = None
        self._touched = False  # the person chose the window; it is not fitted to the codes any more
        self._panned_from: QPointF | None = None
        self._space = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 160)

    def set_codes(self, codes: FloatArray, labels: NDArray[np.int64], pictures: UInt8Array | None = None) -> None:
        """Show codes (n, 2) with labels (n,), -1 for none; the first ones may have pictures for the mouse to show."""
        first, self._codes, self._labels, self.ready = not self.ready, codes, labels, True
        self._pictures, self._hovered = pictures, -1
        wanted, shown = self._fitting_window(), self.window_shown
        outside = not (
            shown.left <= wanted.left + 0.05 * wanted.span
            and shown.bottom <= wanted.bottom + 0.05 * wanted.span
            and shown.left + shown.span >= wanted.left + 0.95 * wanted.span
            and shown.bottom + shown.span >= wanted.bottom + 0.95 * wanted.span
        )
        # Codes drift during training: the window follows only when it must, so that the eye keeps its bearings.
        if not self._touched and self._fits_codes and (first or outside or shown.span > 1.6 * wanted.span):
            self._set_window(wanted)
        self._map_codes()

    @property
    def _fits_codes(self) -> bool:
        """Whether the window is one around the codes."""
        return True

    def from_z(self, z: FloatArray) -> FloatArray:
        """Return where z (n, 2) lies on the painted plane, (n, 2)."""
        return z

    def to_z(self, places: FloatArray) -> FloatArray:
        """Return what lies at places (n, 2) of the painted plane, (n, 2)."""
        return places

    def _map_codes(self) -> None:
        self._places = self.from_z(self._codes)
        self.repaint_all()

    def clear(self) -> None:
        self._codes, self._labels = np.empty((0, 2)), np.empty(0, np.int64)
        self._pictures, self._hovered = None, -1
        self.ready = False
        self._map_codes()

    def reset_window(self) -> None:
        self._touched = False
        self._set_window(self._fitting_window())

    def _fitting_window(self) -> Window:
        """Return the window that shows all there is."""
        return fitting_window(self._codes)

    def _set_window(self, window: Window) -> None:
        self.window_shown = window
        self.repaint_all()
        self.window_changed.emit()

    def repaint_all(self) -> None:
        self._static = None
        self.update()

    def square_height(self, width: int) -> int:
        """Return the height at which the plot fills a width, with no spare room."""
        return width - _LEFT - _RIGHT + _TOP + _BOTTOM

    def square_width(self, height: int) -> int:
        """Return the width at which the plot fills a height, with no spare room."""
        return height + _LEFT + _RIGHT - _TOP - _BOTTOM

    def plot_rect(self) -> QRectF:
        """The square that shows the window, in logical pixels."""
        side = max(16, min(self.width() - _LEFT - _RIGHT, self.height() - _TOP - _BOTTOM))
        return QRectF(_LEFT + (self.width() - _LEFT - _RIGHT - side) // 2, _TOP, side, side)

    @property
    def projection(self) -> Projection:
        return Projection(self.window_shown, self.plot_rect())

    def dot_at(self, position: QPointF) -> int:
        """Return the number of the visible code nearest to a pixel, -1 if none is near."""
        shown = np.flatnonzero(self._shown)
        if not len(shown) or not self.plot_rect().contains(position):
            return -1
        distances = np.hypot(*(self.projection.to_pixels(self._places[shown]) - (position.x(), position.y())).T)
        nearest = int(distances.argmin())
        return int(shown[nearest]) if distances[nearest] <= _REACH else -1

    @property
    def _shown(self) -> NDArray[np.bool_]:
        return ~np.isin(self._labels, list(self.hidden))

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, ratio = device_painter(self)
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._static is None or self._static.size() != size:
            self._static = self._paint_static(size, ratio)
        painter.drawPixmap(0, 0, self._static)
        if self.ready:
            self._paint_moving(painter, ratio)
        painter.end()

    def _paint_moving(self, painter: QPainter, ratio: float) -> None:
        """Paint what follows the mouse; `painter` counts in screen pixels."""
        if self._pictures is not None and 0 <= self._hovered < len(self._pictures):
            at = QPointF(*self.projection.to_pixels(self._places[[self._hovered]])[0])
            image, label = to_qimage(self._pictures[self._hovered]), int(self._labels[self._hovered])
            paint_hovered(painter, self.projection, at, image, label, ratio)

    def _paint_static(self, size: QSize, ratio: float) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(QColor(current_colors().surface))
        painter = QPainter(pixmap)
        painter.setFont(self.font())
        painter.scale(ratio, ratio)
        if self.ready:
            self._paint_plot(painter, ratio)
        else:
            draw_empty_text(painter, QRectF(self.rect()), self.empty_text)
        painter.end()
        return pixmap

    def _paint_plot(self, painter: QPainter, ratio: float) -> None:
        paint_axes(painter, self.projection, zeros=True, grid=True)
        self._paint_codes(painter, ratio)
        if self.prior is not None:
            paint_prior(painter, self.projection, self.prior)

    def _paint_codes(self, painter: QPainter, ratio: float) -> None:
        shown = self._shown
        painter.save()
        painter.resetTransform()
        paint_dots(painter, self.projection, self._places[shown], self._labels[shown], ratio)
        painter.restore()

    # Mouse and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._pans(event):
            self._panned_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _pans(self, event: QMouseEvent) -> bool:
        """Return whether a press takes hold of the plane itself."""
        return event.button() in (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton) or self._space

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._panned_from is not None:
            shift = (event.position() - self._panned_from) * (self.window_shown.span / self.plot_rect().width())
            self._panned_from = event.position()
            self._pan(-shift.x(), shift.y())
        elif self.ready and not event.buttons():
            self._hover(self.dot_at(event.position()))

    def _hover(self, number: int) -> None:
        if number != self._hovered:
            self._hovered = number
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._panned_from = None
        self._show_cursor()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    @property
    def _idle_cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.ArrowCursor

    def _show_cursor(self) -> None:
        self.setCursor(Qt.CursorShape.OpenHandCursor if self._space else self._idle_cursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset_window()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(0.85 ** (event.angleDelta().y() / 120), self.projection.from_pixels(event.position()))

    def _pan(self, right: float, up: float) -> None:
        self._touched = True
        self._set_window(self.window_shown.moved(right, up))

    def zoom(self, factor: float, center: FloatArray) -> None:
        """Show `factor` times as much of the plane around a fixed place."""
        if self.ready:
            self._touched = True
            self._set_window(self.window_shown.zoomed(factor, center))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space:
            self._space = True
            self._show_cursor()
        elif not self.ready:
            super().keyPressEvent(event)
        elif key in _STEPS:
            finer = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self._step(np.array(_STEPS[key]) * (self.window_shown.span / 50 / finer))
        elif key in _ZOOMS:
            self.zoom(_ZOOMS[key], self._keyboard_center())
        elif key == Qt.Key.Key_0:
            self.reset_window()
        else:
            super().keyPressEvent(event)

    def _step(self, step: FloatArray) -> None:
        """Follow an arrow key by a little length of the plane, (2,)."""
        self._pan(*(4 * step))

    def _keyboard_center(self) -> FloatArray:
        """Return the place around which the keyboard zooms, (2,)."""
        window = self.window_shown
        return np.array([window.left, window.bottom]) + window.span / 2

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._show_cursor()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space = False
        self._show_cursor()
        super().focusOutEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.repaint_all()
        super().changeEvent(event)
