"""A plane of a latent space: codes of known pictures, and a point to drag that is decoded."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFontDatabase, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from gendesk.widgets.icons import icon
from gendesk.widgets.latent.arrangement import PadLayout
from gendesk.widgets.latent.class_legend import ClassLegend
from gendesk.widgets.latent.geometry import MANIFOLD_SIDE, manifold_points
from gendesk.widgets.latent.walk_plane import WalkPlane
from gendesk.widgets.pictures.mosaic import MosaicLayout, compose
from gendesk.widgets.pictures.picture import UInt8Array, checked_images, to_qimage
from gendesk.widgets.pictures.view import PictureView

_ONE_BAR = 640  # logical pixels from which on everything above the plane stands in one row


class LatentPad(QWidget):
    """The latent plane with its controls: drag to decode, manifold behind the codes, p-value space, large preview.

    Places on the plane are z (2,); what they mean in the latent space is up to the owner. `chosen` is the number of the
    code whose dot was clicked. `random_wanted` and `home_wanted` come from the keyboard, `settled` when the mouse lets
    go of the point.
    """

    point_moved = Signal(object)  # z, float32 (2,)
    manifold_requested = Signal(object)  # z, float32 (side ** 2, 2), row by row from the top left
    chosen = Signal(int)
    settled = Signal()
    random_wanted = Signal()
    home_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._requested: tuple[NDArray[np.float32], QRectF] | None = None
        self._side = MANIFOLD_SIDE
        self._axes = "z"
        self.setAccessibleName(self.tr("Latent plane"))
        self.plane = self._make_plane()
        self.setFocusProxy(self.plane)
        self.preview = PictureView(self)
        self.preview.setAccessibleName(self.tr("Decoded picture"))
        self.preview.set_empty_text(self.tr("The decoded picture will appear here."))
        self.legend = ClassLegend(self)
        self.legend.setAccessibleName(self.tr("Classes"))
        self.legend.hidden_changed.connect(self._hide_classes)
        self._request_timer = QTimer(self, singleShot=True, interval=150)
        self._request_timer.timeout.connect(self.request_manifold)
        self._busy_timer = QTimer(self, singleShot=True, interval=200)  # quick answers do not make it flicker
        self.legend.hide()
        self._layout = PadLayout(self, self.plane, self.preview, self.legend)
        self._layout.add_bars(self._make_head(), self._make_foot())
        self.set_empty_text(self.tr("Train a model with a latent space to explore its plane here."))
        self._refresh()

    def _make_plane(self) -> WalkPlane:
        plane = WalkPlane(self)
        plane.setAccessibleName(self.tr("Plane of latent codes"))
        plane.setToolTip(
            self.tr(
                "Drag to decode, click a dot to go to that picture's code. Wheel zooms, right or middle button (or "
                "Space) drags the plane, a double click resets it.\nArrows move the point (Shift: ten times finer), "
                "Home goes to the origin, R draws from the prior."
            )
        )
        plane.setToolTipDuration(8000)
        plane.moved.connect(self._point_moved)
        plane.window_changed.connect(self._window_changed)
        plane.dot_chosen.connect(self.chosen)
        plane.settled.connect(self.settled)
        plane.home_wanted.connect(self.home_wanted)
        return plane

    def _make_head(self) -> QHBoxLayout:
        bars = QWidget()
        # One row must not keep the pad from getting so narrow again that there are two.
        bars.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._head = QBoxLayout(QBoxLayout.Direction.TopToBottom, bars)
        self._head.setContentsMargins(0, 0, 0, 0)
        self._head.setSpacing(8)
        self._head.addLayout(self._make_controls(), 1)
        row = QHBoxLayout()
        row.addWidget(bars)
        return row

    def _make_controls(self) -> QHBoxLayout:
        self._manifold = QComboBox()
        self._manifold.setAccessibleName(self.tr("Manifold"))
        for text, name in (
            (self.tr("Off"), "off"),
            (self.tr("Linear"), "linear"),
            (self.tr("Quantiles"), "quantile"),
        ):
            self._manifold.addItem(text, name)
        self._manifold.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._manifold.setMinimumContentsLength(8)
        self._manifold.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._manifold.setMaximumWidth(160)
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

    def _make_foot(self) -> QHBoxLayout:
        self._readout = QLabel()
        self._readout.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._readout.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._busy = QLabel(self.tr("Decoding ..."), self.plane)
        self._busy.setProperty("role", "muted")
        self._busy.setBackgroundRole(QPalette.ColorRole.Base)
        self._busy.setAutoFillBackground(True)
        self._busy.move(8, 8)
        self._busy.hide()
        self._busy_timer.timeout.connect(self._busy.show)
        self._reset = QToolButton()
        self._reset.setIcon(icon("fit"))
        self._reset.setToolTip(self.tr("Show All Codes (0)"))
        self._reset.setAccessibleName(self.tr("Show All Codes"))
        self._reset.clicked.connect(self.plane.reset_window)
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._readout)
        row.addStretch(1)
        row.addWidget(self._reset)
        return row

    @property
    def point(self) -> NDArray[np.float32]:
        """The point's z, float32 (2,)."""
        return self.plane.point.astype(np.float32)

    def set_codes(
        self,
        points: NDArray[np.float32],
        labels: NDArray[np.integer],
        class_names: Sequence[str],
        pictures: UInt8Array | None = None,
    ) -> None:
        """Show codes (n, 2) coloured by label (n,), -1 for no class. With no codes (n = 0) the plane can still be used.

        `pictures`, uint8 (n or fewer, height, width, 1 or 3), are what the mouse sees at the first codes.
        Raises ValueError for other shapes.
        """
        if points.ndim != 2 or points.shape[1] != 2 or labels.shape != points.shape[:1]:
            raise ValueError(f"Codes are (n, 2) with labels (n,), not {points.shape} with {labels.shape}.")
        self.legend.set_names(class_names)
        was_ready = self.plane.ready
        self.plane.set_codes(
            points.astype(np.float64), labels.astype(np.int64), None if pictures is None else checked_images(pictures)
        )
        self._refresh()
        self._layout.arrange(self.size())
        if not was_ready:
            self.request_manifold()

    def set_point(self, z: NDArray[np.floating]) -> None:
        """Put the point at z (2,), as after a change that was not made here."""
        self.plane.put_point(z.astype(np.float64))
        self._refresh()

    def set_axes(self, name: str, prior: NDArray[np.floating] | None, *, quantiles: bool) -> None:
        """Take another plane: the name of its coordinates, and the middle of the prior on it (2,), None for none.

        Its manifold is asked for anew; `quantiles` tells whether its axes are those of the prior, so that p-value space
        makes sense.
        """
        self._axes = name
        self.plane.prior = None if prior is None else np.asarray(prior, np.float64)
        item = self._manifold.findData("quantile")
        if quantiles and item < 0:
            self._manifold.addItem(self.tr("Quantiles"), "quantile")
        elif not quantiles and item >= 0:
            if self._manifold.currentIndex() == item:
                self.choose_manifold("linear")
            self._manifold.removeItem(item)
        self.plane.reset_window()
        self.drop_manifold()

    def set_manifold_side(self, side: int) -> None:
        """Choose how many pictures a manifold has in each direction."""
        self._side = side

    def drop_manifold(self) -> None:
        """Take the manifold away, because the plane is another one, and ask for the next."""
        self._requested = None
        self.plane.set_manifold(None)
        self.request_manifold()

    def show_picture(self, image: UInt8Array, z: NDArray[np.float32]) -> None:
        """Show what a point decodes to: uint8 (height, width, 1 or 3)."""
        self.plane.set_picture(image)
        self.preview.set_picture(image)
        self.preview.setToolTip(_coordinates(self._axes, z))

    def set_manifold(self, images: UInt8Array, points: NDArray[np.float32] | None = None) -> None:
        """Show the decoded pictures of the last request, uint8 (side ** 2, height, width, 1 or 3).

        With `points` (the request that is answered) an answer that is outdated is dropped.
        """
        images = checked_images(images)
        if self._requested is None or (points is not None and not np.array_equal(points, self._requested[0])):
            return
        if len(images) != len(self._requested[0]):
            raise ValueError(f"A manifold has {len(self._requested[0])} pictures, not {len(images)}.")
        layout = MosaicLayout(len(images), math.isqrt(len(images)), images.shape[2], images.shape[1], gap=0)
        self.plane.set_manifold((to_qimage(compose(images, layout, 0)), self._requested[1]))

    def choose_manifold(self, name: str) -> None:
        """Choose what lies behind the codes: "off", "linear" or "quantile"."""
        self._manifold.setCurrentIndex(self._manifold.findData(name))

    def request_manifold(self) -> None:
        """Ask for the manifold of the visible plane (again), as after a change of the model's weights."""
        self._request_timer.stop()
        if self.plane.ready and self._manifold.currentData() != "off":
            places, area = manifold_points(self.plane.window_shown, self.plane.quantile, self._side)
            z = self.plane.to_z(places).astype(np.float32)
            self._requested = z, area
            self.manifold_requested.emit(z)

    @property
    def shows_manifold(self) -> bool:
        """Whether pictures lie behind the codes, or are to."""
        return bool(self._manifold.currentData() != "off")

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
        self._layout.arrange(self.size())

    def set_empty_text(self, text: str) -> None:
        """Set the sentence shown while there are no codes."""
        self.plane.empty_text = text
        self.plane.repaint_all()

    def _choose_manifold(self) -> None:
        self.plane.set_quantile(self._manifold.currentData() == "quantile")
        self._refresh()
        self._layout.arrange(self.size())
        self.drop_manifold()

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
        text = _coordinates(self._axes, self.plane.point) if ready else ""
        if ready and self.plane.quantile:
            text += ("  " if self._layout.is_wide(self.size()) else "\n") + _coordinates(
                "p", self.plane.from_z(self.plane.point)
            )
        self._readout.setText(text)
        for widget in (self._manifold, self._follow, self._reset):
            widget.setEnabled(ready)

    def add_bar(self, bar: QWidget) -> None:
        """Put one more bar above the plane: before the pad's own where there is room, else over it."""
        self._head.insertWidget(0, bar)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= _ONE_BAR
        self._head.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._refresh()
        self._layout.arrange(self.size())
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_R and not event.modifiers():
            self.random_wanted.emit()
        else:
            super().keyPressEvent(event)


def _coordinates(name: str, values: NDArray[np.floating]) -> str:
    """Write a point with digits that keep their places, like "z = ( 0.52, -1.13)"."""
    first, second = (f"{value + 0.0: .2f}".replace("-", "\N{MINUS SIGN}") for value in values)
    return f"{name} = ({first}, {second})"
