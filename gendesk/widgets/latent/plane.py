"""The painted latent plane: codes to look at, and a point to move by mouse and keyboard."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gendesk.widgets.latent.geometry import (
    P_WINDOW,
    FloatArray,
    Projection,
    Window,
    fitting_window,
    normal_cdf,
    normal_quantile,
)
from gendesk.widgets.latent.painting import (
    paint_axes,
    paint_dots,
    paint_manifold,
    paint_picture,
    paint_point,
    paint_prior,
)
from gendesk.widgets.painting import device_painter, draw_empty_text
from gendesk.widgets.pictures.picture import UInt8Array, to_qimage
from gendesk.widgets.theme import changes_look, current_colors

_LARGEST_PICTURE = 112  # logical pixels
_LEFT, _TOP, _RIGHT, _BOTTOM = 40, 8, 8, 24  # margins of the plot for its ticks, logical pixels


class LatentPlane(QWidget):
    """The painted plane. Everything but the point and its picture is kept in one pixmap.

    One that is not `movable` has no point: its codes are only there to be looked at.
    """

    moved = Signal(object)  # z, float32 (2,)
    window_changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, movable: bool = True) -> None:
        super().__init__(parent)
        self._movable = movable
        self.empty_text = ""
        self.ready = False
        self.follow_mouse = False
        self.quantile = False
        self.window_shown = fitting_window(np.empty((0, 2)))
        self.point: FloatArray = np.zeros(2)
        self.hidden: frozenset[int] = frozenset()
        self._codes: FloatArray = np.empty((0, 2))
        self._places: FloatArray = self._codes
        self._labels: NDArray[np.int64] = np.empty(0, np.int64)
        self._picture: QImage | None = None
        self._picture_share = 0.35
        self._manifold: tuple[QImage, QRectF] | None = None
        self._static: QPixmap | None = None
        self._touched = False  # the person chose the window; it is not fitted to the codes any more
        self._panned_from: QPointF | None = None
        self._space = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 160)

    def set_codes(self, codes: FloatArray, labels: NDArray[np.int64]) -> None:
        first, self._codes, self._labels, self.ready = not self.ready, codes, labels, True
        wanted, shown = fitting_window(codes), self.window_shown
        outside = not (
            shown.left <= wanted.left + 0.05 * wanted.span
            and shown.bottom <= wanted.bottom + 0.05 * wanted.span
            and shown.left + shown.span >= wanted.left + 0.95 * wanted.span
            and shown.bottom + shown.span >= wanted.bottom + 0.95 * wanted.span
        )
        # Codes drift during training: the window follows only when it must, so that the eye keeps its bearings.
        if not self._touched and not self.quantile and (first or outside or shown.span > 1.6 * wanted.span):
            self._set_window(wanted)
        self._map_codes()

    def set_quantile(self, quantile: bool) -> None:
        """Switch between the latent plane and p-value space, where each axis is Phi(z)."""
        if quantile != self.quantile:
            self.quantile = quantile
            self._manifold = None
            self.reset_window()
            self._map_codes()

    def _map_codes(self) -> None:
        self._places = normal_cdf(self._codes) if self.quantile else self._codes
        self.repaint_all()

    def set_manifold(self, manifold: tuple[QImage, QRectF] | None) -> None:
        """Show a picture behind the dots over a rectangle of the plane."""
        self._manifold = manifold
        self.repaint_all()

    def set_picture(self, picture: UInt8Array | None) -> None:
        self._picture = None if picture is None else to_qimage(picture)
        self.update()

    def set_picture_share(self, share: float) -> None:
        """Choose how large the picture at the point may get, as a share of the plot."""
        self._picture_share = share
        self.update()

    def clear(self) -> None:
        self._codes, self._labels = np.empty((0, 2)), np.empty(0, np.int64)
        self._picture = self._manifold = None
        self.ready = False
        self._map_codes()

    def reset_window(self) -> None:
        self._touched = False
        self._set_window(P_WINDOW if self.quantile else fitting_window(self._codes))

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

    def to_z(self, places: FloatArray) -> FloatArray:
        return normal_quantile(places) if self.quantile else places

    def from_z(self, z: FloatArray) -> FloatArray:
        return normal_cdf(z) if self.quantile else z

    def move_point(self, z: FloatArray) -> None:
        """Put the point at z and tell."""
        if not self._movable:
            return
        self.point = np.asarray(z, np.float64)
        self.update()
        self.moved.emit(self.point.astype(np.float32))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, ratio = device_painter(self)
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._static is None or self._static.size() != size:
            self._static = self._paint_static(size, ratio)
        painter.drawPixmap(0, 0, self._static)
        if self.ready and self._movable:
            self._paint_moving(painter, ratio)
        painter.end()

    def _paint_moving(self, painter: QPainter, ratio: float) -> None:
        projection = self.projection
        at = QPointF(*projection.to_pixels(self.from_z(self.point)[None])[0])
        painter.save()
        painter.scale(ratio, ratio)
        paint_point(painter, projection, at, focused=self.hasFocus())
        painter.restore()
        if self._picture is not None and projection.plot.adjusted(-1, -1, 1, 1).contains(at):
            side = min(_LARGEST_PICTURE, self._picture_share * projection.plot.width())
            paint_picture(painter, projection, at, self._picture, side, ratio)

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
        projection = self.projection
        if self._manifold is not None:
            paint_manifold(painter, projection, *self._manifold, ratio)
        paint_axes(painter, projection, zeros=not self.quantile, grid=self._manifold is None)
        shown = ~np.isin(self._labels, list(self.hidden))
        painter.save()
        painter.resetTransform()
        paint_dots(painter, projection, self._places[shown], self._labels[shown], ratio)
        painter.restore()
        if not self.quantile:  # in p-value space the prior is uniform
            paint_prior(painter, projection)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        button = event.button()
        if button in (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton) or self._space:
            self._panned_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif button == Qt.MouseButton.LeftButton and self.ready:
            self.move_point(self.to_z(self.projection.from_pixels(event.position())))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._panned_from is not None:
            shift = (event.position() - self._panned_from) * (self.window_shown.span / self.plot_rect().width())
            self._panned_from = event.position()
            self._pan(-shift.x(), shift.y())
        elif self.ready:
            follows = self.follow_mouse and self.plot_rect().contains(event.position())
            if follows or event.buttons() & Qt.MouseButton.LeftButton:
                self.move_point(self.to_z(self.projection.from_pixels(event.position())))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._panned_from = None
        self._show_cursor()

    def _show_cursor(self) -> None:
        idle = Qt.CursorShape.CrossCursor if self._movable else Qt.CursorShape.ArrowCursor
        self.setCursor(Qt.CursorShape.OpenHandCursor if self._space else idle)

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
        moves = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
        zooms = {Qt.Key.Key_Plus: 0.8, Qt.Key.Key_Equal: 0.8, Qt.Key.Key_Minus: 1.25}
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space:
            self._space = True
            self._show_cursor()
        elif not self.ready:
            super().keyPressEvent(event)
        elif key in moves:
            finer = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            step = np.array(moves[key]) * (self.window_shown.span / 50 / finer)
            if self._movable:
                self.move_point(self.to_z(self.from_z(self.point) + step))
            else:
                self._pan(*(4 * step))
        elif key in zooms:
            self.zoom(zooms[key], self.from_z(self.point))
        elif key == Qt.Key.Key_0:
            self.reset_window()
        elif key == Qt.Key.Key_Home:
            self.move_point(np.zeros(2))
        else:
            super().keyPressEvent(event)

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
