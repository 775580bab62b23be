"""The latent plane to walk in: a point that is moved by mouse and keyboard, its picture, and a manifold behind."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from gendesk.widgets.latent.geometry import P_WINDOW, FloatArray, Window, normal_cdf, normal_quantile
from gendesk.widgets.latent.painting import (
    paint_axes,
    paint_manifold,
    paint_marks,
    paint_picture,
    paint_point,
    paint_prior,
)
from gendesk.widgets.latent.plane import LatentPlane
from gendesk.widgets.pictures.picture import UInt8Array, to_qimage

_LARGEST_PICTURE = 112  # logical pixels
_STILL = 4.0  # a press and a release this near are a click, logical pixels


class WalkPlane(LatentPlane):
    """A latent plane with a point. `moved` tells that the person has moved it, `settled` that the mouse lets go.

    A click on a dot tells its number in `dot_chosen`, after the point has been moved there.
    """

    moved = Signal(object)  # z, float32 (2,)
    settled = Signal()
    dot_chosen = Signal(int)
    home_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_mouse = False
        self.quantile = False
        self.point: FloatArray = np.zeros(2)
        self._pressed: QPointF | None = None
        self._picture: QImage | None = None
        self._picture_share = 0.35
        self._manifold: tuple[QImage, QRectF] | None = None
        self._marks: tuple[FloatArray, Sequence[str]] = np.empty((0, 2)), ()
        self._show_cursor()

    @property
    def _fits_codes(self) -> bool:
        return not self.quantile

    def from_z(self, z: FloatArray) -> FloatArray:
        return normal_cdf(z) if self.quantile else z

    def to_z(self, places: FloatArray) -> FloatArray:
        return normal_quantile(places) if self.quantile else places

    def set_quantile(self, quantile: bool) -> None:
        """Switch between the latent plane and p-value space, where each axis is Phi(z)."""
        if quantile != self.quantile:
            self.quantile = quantile
            self._manifold = None
            self.reset_window()
            self._map_codes()

    def set_manifold(self, manifold: tuple[QImage, QRectF] | None) -> None:
        """Show a picture behind the dots over a rectangle of the plane."""
        self._manifold = manifold
        self.repaint_all()

    def set_marks(self, places: FloatArray, names: Sequence[str]) -> None:
        """Mark places (n, 2) with short names."""
        self._marks = places, names
        self.repaint_all()

    def _fitting_window(self) -> Window:
        return super()._fitting_window().including(self._marks[0])

    def set_picture(self, picture: UInt8Array | None) -> None:
        self._picture = None if picture is None else to_qimage(picture)
        self.update()

    def set_picture_share(self, share: float) -> None:
        """Choose how large the picture at the point may get, as a share of the plot."""
        self._picture_share = share
        self.update()

    def clear(self) -> None:
        self._picture = self._manifold = None
        self._marks = np.empty((0, 2)), ()
        super().clear()

    def reset_window(self) -> None:
        if self.quantile:
            self._touched = False
            self._set_window(P_WINDOW)
        else:
            super().reset_window()

    def put_point(self, z: FloatArray) -> None:
        """Put the point at z without telling."""
        self.point = np.asarray(z, np.float64)
        self.update()

    def move_point(self, z: FloatArray) -> None:
        """Put the point at z and tell."""
        self.put_point(z)
        self.moved.emit(self.point.astype(np.float32))

    # Painting

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
        super()._paint_moving(painter, ratio)

    def _paint_plot(self, painter: QPainter, ratio: float) -> None:
        projection = self.projection
        if self._manifold is not None:
            paint_manifold(painter, projection, *self._manifold, ratio)
        paint_axes(painter, projection, zeros=not self.quantile, grid=self._manifold is None)
        self._paint_codes(painter, ratio)
        if self.prior is not None and not self.quantile:  # in p-value space the prior is uniform
            paint_prior(painter, projection, self.prior)
        paint_marks(painter, projection, *self._marks)

    # Mouse and keyboard

    @property
    def _idle_cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._pans(event) and event.button() == Qt.MouseButton.LeftButton and self.ready:
            self._pressed = event.position()
            self._hover(-1)
            self.move_point(self.to_z(self.projection.from_pixels(event.position())))
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        follows = self.follow_mouse and self.plot_rect().contains(event.position())
        if self._pressed is not None or (follows and self.ready and self._panned_from is None):
            self.move_point(self.to_z(self.projection.from_pixels(event.position())))
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        super().mouseReleaseEvent(event)
        if pressed is not None:
            dot = self.dot_at(pressed)
            if dot >= 0 and (event.position() - pressed).manhattanLength() <= _STILL:
                self.dot_chosen.emit(dot)
            self.settled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Home and self.ready:
            self.home_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _step(self, step: FloatArray) -> None:
        self.move_point(self.to_z(self.from_z(self.point) + step))

    def _keyboard_center(self) -> FloatArray:
        return self.from_z(self.point)
