"""Where a walk begins and how it goes on by itself: a seed, snap, reset, and an animation with its speed."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QPushButton, QSlider, QToolButton, QWidget

from gendesk.widgets.icons import icon
from gendesk.widgets.seed_box import SeedBox

_WIDE = 720  # both rows side by side, logical pixels
_SLOWEST, _FASTEST, _USUAL = 1, 30, 6  # tenths of a deviation per second


class WalkBar(QWidget):
    """The buttons for a point that goes somewhere else. `animated` tells whether it is to go by itself."""

    seeded = Signal(int)
    snap_wanted = Signal()
    home_wanted = Signal()
    animated = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Walk"))
        self.seed_box = SeedBox(self)
        self.seed_box.changed.connect(self.seeded)
        self.snap = QToolButton(self)
        self.snap.setText(self.tr("Snap"))
        self.snap.setToolTip(self.tr("Go to the nearest code of a real picture"))
        self.snap.clicked.connect(self.snap_wanted)
        self.reset = QToolButton(self)
        self.reset.setText(self.tr("Reset"))
        self.reset.setToolTip(self.tr("Go to the origin of the latent space (Home)"))
        self.reset.clicked.connect(self.home_wanted)
        self.animate = QPushButton(icon("play"), self.tr("Animate"))
        self.animate.setToolTip(self.tr("Let the point go by itself, until you click on the plane"))
        self.animate.setCheckable(True)
        self.animate.toggled.connect(self._toggle)
        self._arrange(self._make_path(), self._make_speed())

    def _make_path(self) -> QComboBox:
        self.path = QComboBox()
        self.path.setAccessibleName(self.tr("Path of the animation"))
        self.path.setToolTip(
            self.tr(
                "Wander: a smooth random walk through the prior, the same for the same seed.\nCircle: round and round."
            )
        )
        self.path.addItem(self.tr("Wander"), "wander")
        self.path.addItem(self.tr("Circle"), "circle")
        self.path.currentIndexChanged.connect(self.stop)
        return self.path

    def _make_speed(self) -> QSlider:
        self._speed = QSlider(Qt.Orientation.Horizontal)
        self._speed.setRange(_SLOWEST, _FASTEST)
        self._speed.setValue(_USUAL)
        self._speed.setMinimumWidth(64)
        self._speed.setMaximumWidth(200)
        self._speed.setAccessibleName(self.tr("Speed"))
        self._speed.valueChanged.connect(self._tell_speed)
        self._tell_speed()
        return self._speed

    def _arrange(self, path: QComboBox, speed: QSlider) -> None:
        self._rows = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._rows.setContentsMargins(8, 0, 8, 0)
        self._rows.setSpacing(8)
        for parts in ((self.seed_box, self.snap, self.reset), (self.animate, path, speed)):
            row = QHBoxLayout()
            row.setSpacing(8)
            for part in parts:
                row.addWidget(part)
            row.addStretch(1)
            self._rows.addLayout(row)
        self._rows.setStretch(1, 1)  # side by side, both begin at the left

    @property
    def speed(self) -> float:
        """Deviations of the prior per second."""
        return self._speed.value() / 10

    def stop(self) -> None:
        """End the animation."""
        self.animate.setChecked(False)

    def _toggle(self, animated: bool) -> None:
        self.animate.setIcon(icon("stop" if animated else "play"))
        self.animated.emit(animated)

    def _tell_speed(self) -> None:
        text = self.tr("How fast the point goes: {speed} deviations of the prior per second")
        self._speed.setToolTip(text.format(speed=f"{self.speed:.1f}"))

    def minimumSizeHint(self) -> QSize:
        """Ask for no more width than one of the rows, or side by side they could never be made narrow again."""
        widths = [row.minimumSize().width() for row in self._rows.findChildren(QHBoxLayout)]
        return QSize(max(widths) + 16, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= _WIDE
        self._rows.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)
