"""The plane of a model with two latent dimensions: codes of known pictures, and a point to drag that is decoded."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontDatabase,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from gendesk.widgets.icons import icon
from gendesk.widgets.pictures.dialog import PictureView, device_painter, draw_empty_text, draw_picture, fitted
from gendesk.widgets.pictures.picture import MosaicLayout, UInt8Array, checked_images, compose, to_qimage
from gendesk.widgets.theme import Colors, current_colors

FloatArray = NDArray[np.float64]
MANIFOLD_SIDE = 15
_QUANTILES = (0.01, 0.99)  # outermost rows of a manifold in p-value space
_NORMAL = NormalDist()
_LEFT, _TOP, _RIGHT, _BOTTOM = 40, 8, 8, 24  # margins of the plot for its ticks, logical pixels
_PICTURE_SIDE = 112  # the picture beside the cursor grows up to this, logical pixels


def normal_cdf(z: FloatArray) -> FloatArray:
    """Return Phi(z), the share of the standard normal distribution below each value."""
    erf = np.fromiter(map(math.erf, z.ravel() / math.sqrt(2)), np.float64, z.size)
    return 0.5 * (1 + erf.reshape(z.shape))


def normal_quantile(p: FloatArray) -> FloatArray:
    """Invert `normal_cdf`; probabilities nearer to 0 or 1 than 0.0005 are moved there."""
    inside = np.clip(p, 0.0005, 0.9995)
    return np.fromiter(map(_NORMAL.inv_cdf, inside.ravel()), np.float64, inside.size).reshape(inside.shape)


@dataclass(frozen=True)
class Window:
    """The visible square of the plane: its lower left corner and the length of its sides."""

    left: float
    bottom: float
    span: float

    def zoomed(self, factor: float, center: FloatArray) -> "Window":
        """Show `factor` times as much, with one point staying where it is."""
        span = float(np.clip(self.span * factor, 1e-3, 1e4))
        left, bottom = center + (np.array([self.left, self.bottom]) - center) * (span / self.span)
        return Window(float(left), float(bottom), span)

    def moved(self, right: float, up: float) -> "Window":
        return Window(self.left + right, self.bottom + up, self.span)


P_WINDOW = Window(-0.03, -0.03, 1.06)


def fitting_window(codes: FloatArray) -> Window:
    """Return a square that holds nearly all codes (n, 2), and at least two standard deviations of the prior."""
    if not len(codes):
        return Window(-3.5, -3.5, 7.0)
    # Not np.quantile: it imports numpy.ma when first used, which takes 20 ms that the window would feel.
    ordered, outliers = np.sort(codes, axis=0), len(codes) // 200
    low, high = np.minimum(ordered[outliers], -2), np.maximum(ordered[-1 - outliers], 2)
    span = float((high - low).max()) * 1.1
    left, bottom = (low + high - span) / 2
    return Window(float(left), float(bottom), span)


def ticks(start: float, span: float) -> list[float]:
    """Return four to ten round values within [start, start + span]."""
    power = 10.0 ** math.floor(math.log10(span / 4))
    step = next(power * factor for factor in (1, 2, 5, 10) if span / (power * factor) <= 10)
    return [number * step for number in range(math.ceil(start / step), math.floor((start + span) / step) + 1)]


def manifold_points(window: Window, quantile: bool, side: int = MANIFOLD_SIDE) -> tuple[FloatArray, QRectF]:
    """Return (side * side, 2) places, row by row from the top left, and the square that their tiles cover."""
    if quantile:
        low, high = _QUANTILES
        half = (high - low) / (side - 1) / 2
        area = QRectF(low - half, low - half, high - low + 2 * half, high - low + 2 * half)
    else:
        area = QRectF(window.left, window.bottom, window.span, window.span)
    steps = (np.arange(side) + 0.5) / side * area.width()
    x, y = np.meshgrid(area.left() + steps, area.top() + steps[::-1])
    return np.stack([x.ravel(), y.ravel()], axis=1), area


def dots_image(places: FloatArray, colors: NDArray[np.uint32], side: int, radius: float, ring: int) -> QImage:
    """Return a transparent square of `side` pixels with a dot at each place (n, 2); later dots lie on top.

    `ring` is the colour of a thin edge around groups of dots. Thousands of dots drawn one by one would hold up the
    window; written into an array they do not.
    """
    reach = math.ceil(radius) + 1
    inside = np.all((places > -reach) & (places < side + reach), axis=1)
    stride = side + 4 * reach
    x, y = (np.floor(places[inside]).astype(np.int64) + 2 * reach).T
    canvas = np.zeros((stride, stride), np.uint32)
    pixels, base, shades = canvas.reshape(-1), y * stride + x, colors[inside]
    for down in range(-reach, reach + 1):
        for across in range(-reach, reach + 1):
            if math.hypot(down, across) <= radius + 0.5:
                pixels[base + (down * stride + across)] = shades
    filled = canvas != 0
    edge = np.zeros_like(filled)
    edge[1:-1] = filled[:-2] | filled[2:]
    edge[:, 1:-1] |= filled[:, :-2] | filled[:, 2:]
    canvas[edge & ~filled] = ring
    view = QImage(canvas.data, stride, stride, stride * 4, QImage.Format.Format_ARGB32_Premultiplied)
    return view.copy(2 * reach, 2 * reach, side, side)


class LatentPlane(QWidget):
    """The painted plane. Everything but the point and its picture is kept in one pixmap."""

    moved = Signal(object)  # z, float32 (2,)
    window_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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

    def plot_rect(self) -> QRectF:
        """The square that shows the window, in logical pixels."""
        side = max(16, min(self.width() - _LEFT - _RIGHT, self.height() - _TOP - _BOTTOM))
        return QRectF(_LEFT + (self.width() - _LEFT - _RIGHT - side) // 2, _TOP, side, side)

    def to_pixels(self, places: FloatArray) -> FloatArray:
        """Map places of the plane (n, 2) to logical pixels."""
        plot, window = self.plot_rect(), self.window_shown
        shares = (places - (window.left, window.bottom)) / window.span
        return np.stack(
            [plot.left() + shares[:, 0] * plot.width(), plot.bottom() - shares[:, 1] * plot.height()], axis=1
        )

    def from_pixels(self, position: QPointF) -> FloatArray:
        plot, window = self.plot_rect(), self.window_shown
        right = (position.x() - plot.left()) / plot.width()
        up = (plot.bottom() - position.y()) / plot.height()
        return np.array([window.left + right * window.span, window.bottom + up * window.span])

    def to_z(self, places: FloatArray) -> FloatArray:
        return normal_quantile(places) if self.quantile else places

    def from_z(self, z: FloatArray) -> FloatArray:
        return normal_cdf(z) if self.quantile else z

    def move_point(self, z: FloatArray) -> None:
        """Put the point at z and tell."""
        self.point = np.asarray(z, np.float64)
        self.update()
        self.moved.emit(self.point.astype(np.float32))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, ratio = device_painter(self)
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._static is None or self._static.size() != size:
            self._static = self._paint_static(size, ratio)
        painter.drawPixmap(0, 0, self._static)
        if self.ready:
            self._paint_point(painter, ratio)
        painter.end()

    def _paint_point(self, painter: QPainter, ratio: float) -> None:
        colors, plot = current_colors(), self.plot_rect()
        x, y = self.to_pixels(self.from_z(self.point)[None])[0]
        painter.save()
        painter.scale(ratio, ratio)
        painter.setClipRect(plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for color, width in ((colors.surface, 4.0), (colors.accent, 2.0)):
            painter.setPen(QPen(QColor(color), width))
            painter.drawEllipse(QPointF(x, y), 7, 7)
        if self.hasFocus():
            painter.setBrush(QColor(colors.accent))
            painter.drawEllipse(QPointF(x, y), 2, 2)
        painter.restore()
        if self._picture is not None and plot.adjusted(-1, -1, 1, 1).contains(QPointF(x, y)):
            size = fitted(self._picture.size(), QSize(1, 1) * round(min(_PICTURE_SIDE, 0.35 * plot.width()) * ratio))
            # Below and to the right of the point, unless that would leave the plot.
            left = x + 16 if (x + 20) * ratio + size.width() < plot.right() * ratio else x - 16 - size.width() / ratio
            top = y + 16 if (y + 20) * ratio + size.height() < plot.bottom() * ratio else y - 16 - size.height() / ratio
            target = QRect(QPoint(round(left * ratio), round(top * ratio)), size)
            edge = round(2 * ratio)
            painter.fillRect(target.adjusted(-edge, -edge, edge, edge), QColor(colors.accent))
            draw_picture(painter, target, self._picture)

    def _paint_static(self, size: QSize, ratio: float) -> QPixmap:
        colors = current_colors()
        pixmap = QPixmap(size)
        pixmap.fill(QColor(colors.surface))
        painter = QPainter(pixmap)
        painter.setFont(self.font())
        painter.scale(ratio, ratio)
        if self.ready:
            self._paint_manifold(painter, ratio)
            self._paint_axes(painter, colors)
            painter.resetTransform()
            self._paint_dots(painter, colors, ratio)
            painter.scale(ratio, ratio)
            self._paint_prior(painter, colors, self.plot_rect())
        else:
            draw_empty_text(painter, QRectF(self.rect()), self.empty_text)
        painter.end()
        return pixmap

    def _paint_manifold(self, painter: QPainter, ratio: float) -> None:
        if self._manifold is not None:
            image, area = self._manifold
            corners = np.array([[area.left(), area.bottom()], [area.right(), area.top()]])  # top left, bottom right
            (left, top), (right, bottom) = self.to_pixels(corners)
            painter.setClipRect(self.plot_rect())
            smooth = bool((right - left) * ratio < 2 * image.width())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.drawImage(QRectF(left, top, right - left, bottom - top), image)
            painter.setClipping(False)

    def _paint_axes(self, painter: QPainter, colors: Colors) -> None:
        plot, window = self.plot_rect(), self.window_shown
        horizontal, vertical = ticks(window.left, window.span), ticks(window.bottom, window.span)
        xs = self.to_pixels(np.array([[value, window.bottom] for value in horizontal]))[:, 0]
        ys = self.to_pixels(np.array([[window.left, value] for value in vertical]))[:, 1]
        digits = max(0, -math.floor(math.log10(horizontal[1] - horizontal[0]) + 1e-9))
        for values, places, upright in ((horizontal, xs, True), (vertical, ys, False)):
            for value, place in zip(values, places, strict=True):
                zero = abs(value) < 1e-9 * window.span and not self.quantile
                if self._manifold is None or zero:
                    painter.setPen(QColor(colors.border if zero else colors.grid))
                    line = (
                        (place, plot.top(), place, plot.bottom())
                        if upright
                        else (plot.left(), place, plot.right(), place)
                    )
                    painter.drawLine(QPointF(*line[:2]), QPointF(*line[2:]))
                painter.setPen(QColor(colors.muted))
                text = f"{value + 0.0:.{digits}f}".replace("-", "\N{MINUS SIGN}")
                if upright:
                    area = QRectF(place - 30, plot.bottom() + 4, 60, 16)
                    painter.drawText(area, Qt.AlignmentFlag.AlignHCenter, text)
                else:
                    area = QRectF(plot.left() - 46, place - 10, 40, 20)
                    painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(QColor(colors.border))
        painter.drawRect(plot)

    def _paint_prior(self, painter: QPainter, colors: Colors, plot: QRectF) -> None:
        """Circles around one and two standard deviations of the prior; in p-value space it is uniform and has none."""
        if not self.quantile:
            painter.setClipRect(plot)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colors.muted), 1, Qt.PenStyle.DashLine))
            center = self.to_pixels(np.zeros((1, 2)))[0]
            for sigmas in (1, 2):
                radius = sigmas * plot.width() / self.window_shown.span
                painter.drawEllipse(QPointF(*center), radius, radius)
            painter.setClipping(False)

    def _paint_dots(self, painter: QPainter, colors: Colors, ratio: float) -> None:
        plot = self.plot_rect()
        corner = QPoint(round(plot.left() * ratio), round(plot.top() * ratio))
        shown = np.ones(len(self._labels), bool)
        for label in self.hidden:
            shown &= self._labels != label
        places, labels = self.to_pixels(self._places[shown]) * ratio - (corner.x(), corner.y()), self._labels[shown]
        shades = np.array([QColor(color).rgba() for color in (*colors.categories, colors.muted)], np.uint32)
        chosen = shades[np.where(labels < 0, len(colors.categories), labels % len(colors.categories))]
        # Both lengths look round at one pixel per logical pixel: discs of five, and blocks of three.
        radius = (min(2.5, max(1.75, plot.width() / 200)) if len(places) <= 2000 else 1.2) * ratio
        ring = QColor(colors.surface).rgba()
        painter.drawImage(corner, dots_image(places, chosen, round(plot.width() * ratio), radius, ring))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        button = event.button()
        if button in (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton) or self._space:
            self._panned_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif button == Qt.MouseButton.LeftButton and self.ready:
            self.move_point(self.to_z(self.from_pixels(event.position())))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._panned_from is not None:
            shift = (event.position() - self._panned_from) * (self.window_shown.span / self.plot_rect().width())
            self._panned_from = event.position()
            self._touched = True
            self._set_window(self.window_shown.moved(-shift.x(), shift.y()))
        elif self.ready:
            follows = self.follow_mouse and self.plot_rect().contains(event.position())
            if follows or event.buttons() & Qt.MouseButton.LeftButton:
                self.move_point(self.to_z(self.from_pixels(event.position())))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._panned_from = None
        self._show_cursor()

    def _show_cursor(self) -> None:
        self.setCursor(Qt.CursorShape.OpenHandCursor if self._space else Qt.CursorShape.CrossCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset_window()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(0.85 ** (event.angleDelta().y() / 120), self.from_pixels(event.position()))

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
            self.move_point(self.to_z(self.from_z(self.point) + step))
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
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationPaletteChange, QEvent.Type.FontChange):
            self.repaint_all()
        super().changeEvent(event)


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


class LatentPad(QWidget):
    """The latent plane with its controls: drag to decode, manifold behind the codes, p-value space, large preview."""

    point_moved = Signal(object)  # z, float32 (2,)
    manifold_requested = Signal(object)  # z, float32 (MANIFOLD_SIDE ** 2, 2), row by row from the top left

    def __init__(self, parent: QWidget | None = None, seed: int = 0) -> None:
        super().__init__(parent)
        self._rng = np.random.default_rng(seed)
        self._requested: tuple[NDArray[np.float32], QRectF] | None = None
        self.setAccessibleName(self.tr("Latent plane"))
        self.plane = LatentPlane()
        self.plane.setAccessibleName(self.tr("Plane of latent codes"))
        self.plane.setToolTip(
            self.tr(
                "Drag to decode. Wheel zooms, right or middle button (or Space) drags the plane, a double click resets "
                "it.\nArrows move the point (Shift: ten times finer), Home goes to the origin, R draws from the prior."
            )
        )
        self.plane.moved.connect(self._point_moved)
        self.plane.window_changed.connect(self._window_changed)
        self.setFocusProxy(self.plane)
        self.preview = PictureView()
        self.preview.setAccessibleName(self.tr("Decoded picture"))
        self.preview.set_empty_text(self.tr("The decoded picture will appear here."))
        self.legend = ClassLegend()
        self.legend.setAccessibleName(self.tr("Classes"))
        self.legend.hidden_changed.connect(self._hide_classes)
        self._request_timer = QTimer(self, singleShot=True, interval=150)
        self._request_timer.timeout.connect(self.request_manifold)
        self._busy_timer = QTimer(self, singleShot=True, interval=200)  # quick answers do not make it flicker
        self._lay_out()
        self.set_empty_text(self.tr("Train a model with a two-dimensional latent space to explore its plane here."))
        self._refresh()

    def _lay_out(self) -> None:
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._grid.addLayout(self._make_controls(), 0, 0, 1, 2)
        self._grid.addWidget(self.plane, 1, 0, 2, 1)
        self._grid.addWidget(self.preview, 1, 1)
        self._grid.addLayout(self._make_readout(), 4, 0, 1, 2)
        self._grid.setRowStretch(1, 1)
        self._grid.setColumnStretch(0, 1)
        self._grid.addWidget(self.legend, 3, 0)
        self.legend.hide()

    def _make_controls(self) -> QHBoxLayout:
        self._manifold = QComboBox()
        for text, name in (
            (self.tr("Off"), "off"),
            (self.tr("Linear"), "linear"),
            (self.tr("Normal quantile"), "quantile"),
        ):
            self._manifold.addItem(text, name)
        self._manifold.setToolTip(
            self.tr(
                "Decoded pictures behind the codes.\n"
                "With normal quantiles the axes are the shares of the prior, p = \N{GREEK CAPITAL LETTER PHI}(z)."
            )
        )
        self._manifold.currentIndexChanged.connect(self._choose_manifold)
        label = QLabel(self.tr("&Manifold:"))
        label.setBuddy(self._manifold)
        self._follow = QToolButton()
        self._follow.setText(self.tr("Follow Mouse"))
        self._follow.setToolTip(self.tr("Decode under the mouse without pressing a button"))
        self._follow.setCheckable(True)
        self._follow.toggled.connect(self._set_follow)
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(8)
        for widget in (label, self._manifold, self._follow):
            row.addWidget(widget)
        row.addStretch(1)
        return row

    def _make_readout(self) -> QHBoxLayout:
        self._readout = QLabel()
        self._readout.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._readout.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        busy = QLabel(self.tr("Decoding ..."))
        busy.setProperty("role", "muted")
        busy.hide()
        self._busy_timer.timeout.connect(busy.show)
        self._busy = busy
        self._random = QPushButton(self.tr("Random"))
        self._random.setToolTip(self.tr("Draw a point from the prior (R)"))
        self._random.clicked.connect(self.draw_random)
        self._reset = QToolButton()
        self._reset.setIcon(icon("fit"))
        self._reset.setToolTip(self.tr("Show All Codes (0)"))
        self._reset.setAccessibleName(self.tr("Show All Codes"))
        self._reset.clicked.connect(self.plane.reset_window)
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._readout)
        row.addWidget(busy)
        row.addStretch(1)
        row.addWidget(self._random)
        row.addWidget(self._reset)
        return row

    @property
    def point(self) -> NDArray[np.float32]:
        """The point's z, float32 (2,)."""
        return self.plane.point.astype(np.float32)

    def set_codes(self, points: NDArray[np.float32], labels: NDArray[np.integer], class_names: Sequence[str]) -> None:
        """Show codes (n, 2) coloured by label (n,), -1 for no class. With no codes (n = 0) the plane can still be used.

        Raises ValueError for other shapes.
        """
        if points.ndim != 2 or points.shape[1] != 2 or labels.shape != points.shape[:1]:
            raise ValueError(f"Codes are (n, 2) with labels (n,), not {points.shape} with {labels.shape}.")
        self.legend.set_names(class_names)
        was_ready = self.plane.ready
        self.plane.set_codes(points.astype(np.float64), labels.astype(np.int64))
        self._refresh()
        if not was_ready:
            self.request_manifold()

    def show_picture(self, image: UInt8Array, z: NDArray[np.float32]) -> None:
        """Show what a point decodes to: uint8 (height, width, 1 or 3)."""
        self.plane.set_picture(image)
        self.preview.set_picture(image)
        self.preview.setToolTip(_coordinates("z", z))

    def set_manifold(self, images: UInt8Array, points: NDArray[np.float32] | None = None) -> None:
        """Show the decoded pictures of the last request, uint8 (MANIFOLD_SIDE ** 2, height, width, 1 or 3).

        With `points` (the request that is answered) an answer that is outdated is dropped.
        """
        images = checked_images(images)
        if self._requested is None or (points is not None and not np.array_equal(points, self._requested[0])):
            return
        if len(images) != len(self._requested[0]):
            raise ValueError(f"A manifold has {len(self._requested[0])} pictures, not {len(images)}.")
        layout = MosaicLayout(len(images), MANIFOLD_SIDE, images.shape[2], images.shape[1], gap=0)
        self.plane.set_manifold((to_qimage(compose(images, layout, 0)), self._requested[1]))

    def choose_manifold(self, name: str) -> None:
        """Choose what lies behind the codes: "off", "linear" or "quantile"."""
        self._manifold.setCurrentIndex(self._manifold.findData(name))

    def request_manifold(self) -> None:
        """Ask for the manifold of the visible plane (again), as after a change of the model's weights."""
        self._request_timer.stop()
        if self.plane.ready and self._manifold.currentData() != "off":
            places, area = manifold_points(self.plane.window_shown, self.plane.quantile)
            z = self.plane.to_z(places).astype(np.float32)
            self._requested = z, area
            self.manifold_requested.emit(z)

    def set_busy(self, busy: bool) -> None:
        """Tell that decoding takes its time."""
        if not busy:
            self._busy_timer.stop()
            self._busy.hide()
        elif not self._busy.isVisible():
            self._busy_timer.start()

    def clear(self) -> None:
        """Forget codes, manifold and picture: the empty state returns."""
        self._requested = None
        self.set_busy(False)
        self.plane.clear()
        self.legend.set_names(())
        self.preview.set_picture(None)
        self._refresh()

    def set_empty_text(self, text: str) -> None:
        """Set the sentence shown while there are no codes."""
        self.plane.empty_text = text
        self.plane.repaint_all()

    def draw_random(self) -> None:
        """Move the point to a draw from the prior, a standard normal distribution."""
        if self.plane.ready:
            self.plane.move_point(self._rng.standard_normal(2))

    def _choose_manifold(self) -> None:
        self._requested = None
        self.plane.set_manifold(None)
        self.plane.set_quantile(self._manifold.currentData() == "quantile")
        self._refresh()
        self.request_manifold()

    def _window_changed(self) -> None:
        if self._manifold.currentData() == "linear":
            self._request_timer.start()

    def _point_moved(self, z: NDArray[np.float32]) -> None:
        self.point_moved.emit(z)
        self._refresh()

    def _hide_classes(self, hidden: frozenset[int]) -> None:
        self.plane.hidden = hidden
        self.plane.repaint_all()

    def _set_follow(self, follow: bool) -> None:
        self.plane.follow_mouse = follow

    def _refresh(self) -> None:
        ready = self.plane.ready
        text = _coordinates("z", self.plane.point) if ready else ""
        if ready and self.plane.quantile:
            text += "  " + _coordinates("p", self.plane.from_z(self.plane.point))
        self._readout.setText(text)
        for widget in (self._manifold, self._follow, self._random, self._reset):
            widget.setEnabled(ready)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put preview and legend at the side of a wide plane, the legend below a narrow one."""
        beside = self.width() >= 480 and self.width() > self.height()
        self.preview.setVisible(beside)
        side = max(160, min(360, self.width() - self.height()))
        self.preview.setFixedWidth(side)
        self.legend.setMaximumWidth(side if beside else self.maximumWidth())
        self._grid.removeWidget(self.legend)
        self._grid.addWidget(self.legend, *((2, 1) if beside else (3, 0)))
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_R and not event.modifiers():
            self.draw_random()
        else:
            super().keyPressEvent(event)


def _coordinates(name: str, values: NDArray[np.floating]) -> str:
    """Write a point with digits that keep their places, like "z = ( 0.52, -1.13)"."""
    first, second = (f"{value + 0.0: .2f}".replace("-", "\N{MINUS SIGN}") for value in values)
    return f"{name} = ({first}, {second})"
