"""A slider over the steps of a training at which something was saved, with buttons to play them."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from gendesk.widgets.icons import icon

SPEEDS = (2, 5, 10, 20)  # steps per second


class Timeline(QWidget):
    """A slider over saved steps. It is live (follows the newest step) until the person scrubs or plays.

    Keys: left and right, Home and End, Space plays and pauses.
    """

    step_selected = Signal(object)  # int, or None when it goes live again

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[int] = []
        self._live = True
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._advance)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName(self.tr("Training step"))
        self._slider.setToolTip(self.tr("Show what was saved at another step of the training"))
        self._slider.valueChanged.connect(self._scrubbed)
        self._label = QLabel()
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._play = self._button("play", self.tr("Play"))
        self._play.clicked.connect(self.toggle_playing)
        self._loop = self._button("loop", self.tr("Play in a Loop"), checkable=True)
        self._speed = QComboBox()
        self._speed.setAccessibleName(self.tr("Speed"))
        self._speed.setToolTip(self.tr("Saved steps played per second"))
        for speed in SPEEDS:
            self._speed.addItem(self.tr("{count}/s").format(count=speed), speed)
        self._speed.setCurrentIndex(SPEEDS.index(10))
        self._speed.currentIndexChanged.connect(lambda: self._timer.setInterval(self.interval))
        self._live_button = self._button("", self.tr("Follow the Newest Step"), checkable=True)
        self._live_button.setText(self.tr("Live"))
        self._live_button.clicked.connect(self.go_live)
        self.setAccessibleName(self.tr("Timeline"))
        self.setFocusProxy(self._slider)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (self._play, self._slider, self._label, self._speed, self._loop, self._live_button):
            row.addWidget(widget, 1 if widget is self._slider else 0)
        self._refresh()

    def _button(self, name: str, text: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setCheckable(checkable)
        button.setToolTip(text)
        button.setAccessibleName(text)
        if name:
            button.setIcon(icon(name))
        return button

    @property
    def steps(self) -> Sequence[int]:
        return self._steps

    @property
    def step(self) -> int | None:
        """The step that the slider shows; None without steps."""
        return self._steps[self._slider.value()] if self._steps else None

    @property
    def is_live(self) -> bool:
        return self._live

    @property
    def is_playing(self) -> bool:
        return self._timer.isActive()

    @property
    def interval(self) -> int:
        """Milliseconds from one step to the next when playing."""
        return 1000 // int(self._speed.currentData())

    def set_steps(self, steps: Sequence[int]) -> None:
        """Replace all steps (increasing); a scrubbed position stays at the nearest step."""
        shown, self._steps = self.step, list(steps)
        if not steps:
            self._timer.stop()
        nearest = int(np.abs(np.asarray(steps) - shown).argmin()) if steps and shown is not None else 0
        self._move_to(len(steps) - 1 if self._live else nearest)

    def append_step(self, step: int) -> None:
        """Add the newest step; steps at or after it are forgotten, as a resumed run makes them again."""
        while self._steps and self._steps[-1] >= step:
            self._steps.pop()
        self._steps.append(step)
        self._move_to(len(self._steps) - 1 if self._live else self._slider.value())

    def go_live(self) -> None:
        """Follow the newest step again."""
        self._timer.stop()
        self._live = True
        self._move_to(len(self._steps) - 1)
        self.step_selected.emit(None)

    def toggle_playing(self) -> None:
        """Play from the shown step, or from the start if it is the last; or pause."""
        if self._timer.isActive():
            self._timer.stop()
        elif len(self._steps) > 1:
            self._timer.start(self.interval)
            if self._slider.value() == len(self._steps) - 1:
                self._slider.setValue(0)
        self._refresh()

    def _advance(self) -> None:
        last = len(self._steps) - 1
        if self._slider.value() < last:
            self._slider.setValue(self._slider.value() + 1)
        elif self._loop.isChecked():
            self._slider.setValue(0)
        if self._slider.value() == last and not self._loop.isChecked():
            self._timer.stop()
            self._refresh()

    def _scrubbed(self) -> None:
        self._live = False
        self._refresh()
        self.step_selected.emit(self.step)

    def _move_to(self, index: int) -> None:
        """Follow a change of the steps; only a person's moves are told."""
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, max(0, len(self._steps) - 1))
            self._slider.setPageStep(max(1, len(self._steps) // 10))
            self._slider.setValue(index)
        self._refresh()

    def _refresh(self) -> None:
        text = "" if self.step is None else f"{self.step:,}"
        widest = f"{self._steps[-1]:,}" if self._steps else ""
        self._label.setMinimumWidth(self._label.fontMetrics().horizontalAdvance(widest) + 8)
        self._label.setText(text)
        self._label.setToolTip(self.tr("Step {step}").format(step=text) if text else "")
        self._slider.setEnabled(len(self._steps) > 1)
        self._play.setEnabled(len(self._steps) > 1)
        self._live_button.setEnabled(bool(self._steps))
        self._live_button.setChecked(self._live)
        playing = self._timer.isActive()
        text = self.tr("Pause") if playing else self.tr("Play")
        if text != self._play.toolTip() or self._play.icon().isNull():
            self._play.setIcon(icon("pause" if playing else "play"))
            self._play.setToolTip(text)
            self._play.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.toggle_playing()
        else:
            super().keyPressEvent(event)
