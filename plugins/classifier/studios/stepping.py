"""The row of buttons that moves the kernel over the picture, by hand or by itself."""

import time
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from gendesk.widgets.icons import icon

SPEEDS = (1, 2, 5, 10, 30, 100, 300, 1000)
_TICK_MS = 33


class Stepping(QWidget):
    """Arrows, Play, and a speed. `moved` carries rows and columns to go, `advanced` how many pixels have passed."""

    moved = Signal(int, int)
    advanced = Signal(int)
    played = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._due = 0.0
        self._last = 0.0
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._play = QToolButton(autoRaise=True)
        self._play.setCheckable(True)
        self._play.setIcon(icon("play"))
        self._play.setAccessibleName(self.tr("Play"))
        self._play.setToolTip(self.tr("Slide the kernel over the picture, row by row (Space)"))
        self._play.toggled.connect(self._set_playing)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for name, text, step in (
            ("left", self.tr("One pixel to the left (Left)"), (0, -1)),
            ("right", self.tr("One pixel to the right (Right)"), (0, 1)),
            ("up", self.tr("One pixel up (Up)"), (-1, 0)),
            ("down", self.tr("One pixel down (Down)"), (1, 0)),
        ):
            button = QToolButton(autoRaise=True)
            button.setAutoRepeat(True)
            button.setIcon(icon(name))
            button.setAccessibleName(text)
            button.setToolTip(text)
            button.clicked.connect(partial(self._move, *step))
            row.addWidget(button)
        row.addWidget(self._play)
        row.addSpacing(6)
        row.addWidget(self._make_speed())
        row.addWidget(self._told)
        row.addStretch(1)

    @property
    def playing(self) -> bool:
        return self._play.isChecked()

    def set_playing(self, playing: bool) -> None:
        self._play.setChecked(playing)

    def toggle(self) -> None:
        self._play.toggle()

    def set_speed(self, index: int) -> None:
        """Choose one of SPEEDS."""
        self._speed.setValue(index)

    def _make_speed(self) -> QSlider:
        self._told = QLabel()
        self._told.setProperty("role", "muted")
        self._told.setMinimumWidth(self._told.fontMetrics().horizontalAdvance("1000 px/s") + 4)
        self._speed = QSlider(Qt.Orientation.Horizontal)
        self._speed.setRange(0, len(SPEEDS) - 1)
        self._speed.setPageStep(1)
        self._speed.setMinimumWidth(64)
        self._speed.setMaximumWidth(140)
        self._speed.setAccessibleName(self.tr("Speed"))
        self._speed.setToolTip(self.tr("How many pixels of the feature map Play makes in a second"))
        self._speed.valueChanged.connect(self._show_speed)
        self._speed.setValue(4)
        return self._speed

    def _show_speed(self, index: int) -> None:
        self._told.setText(self.tr("{count} px/s").format(count=SPEEDS[index]))

    def _move(self, rows: int, columns: int) -> None:
        self.moved.emit(rows, columns)

    def _set_playing(self, playing: bool) -> None:
        self._play.setIcon(icon("pause" if playing else "play"))
        self._due, self._last = 0.0, time.monotonic()
        if playing:
            self._timer.start()
        else:
            self._timer.stop()
        self.played.emit(playing)

    def _tick(self) -> None:
        now = time.monotonic()
        # After a hold-up the kernel goes on from where it was and does not leap.
        self._due += min(now - self._last, 0.2) * SPEEDS[self._speed.value()]
        self._last = now
        count = int(self._due)
        if count:
            self._due -= count
            self.advanced.emit(count)
