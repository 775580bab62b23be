"""The slider over the frames of a morph, with buttons to play them there and back."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from gendesk.widgets.icons import icon

SPEEDS = (5, 10, 20, 30)  # pictures per second


class MorphPlayer(QWidget):
    """Tells every position. It waits at a frame for which `is_ready` says that its picture has not come yet."""

    moved = Signal(int)

    def __init__(self, is_ready: Callable[[int], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_ready = is_ready
        self._forward = True
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._advance)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Place on the way"))
        self.slider.setToolTip(self.tr("Where on the way from the first picture to the last the morph is"))
        self.slider.valueChanged.connect(self._tell)
        self._label = QLabel()
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.play = QToolButton(autoRaise=True)
        self.play.clicked.connect(self.toggle_playing)
        self.loop = QToolButton(autoRaise=True)
        self.loop.setCheckable(True)
        self.loop.setChecked(True)
        self.loop.setIcon(icon("loop"))
        self.loop.setToolTip(self.tr("Loop There and Back"))
        self.loop.setAccessibleName(self.tr("Loop There and Back"))
        self._speed = QComboBox()
        self._speed.setAccessibleName(self.tr("Speed"))
        self._speed.setToolTip(self.tr("Pictures played each second; a saved film has the same speed"))
        for speed in SPEEDS:
            self._speed.addItem(self.tr("{count}/s").format(count=speed), speed)
        self._speed.setCurrentIndex(SPEEDS.index(10))
        self._speed.currentIndexChanged.connect(self._change_speed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (self.play, self.slider, self._label, self._speed, self.loop):
            row.addWidget(widget, 1 if widget is self.slider else 0)
        self.set_count(0)

    @property
    def position(self) -> int:
        """The frame that is shown, 0 without frames."""
        return self.slider.value()

    @property
    def per_second(self) -> int:
        """Pictures each second when playing."""
        return int(self._speed.currentData())

    @property
    def is_playing(self) -> bool:
        return self._timer.isActive()

    def set_count(self, count: int, page_step: int = 10) -> None:
        """Take a number of frames; the position stays as far as it can, and is not told."""
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(0, count - 1))
            self.slider.setPageStep(page_step)
        if count < 2:
            self._timer.stop()
        self._count = count
        self._refresh()

    def go_to(self, index: int) -> None:
        """Show a frame."""
        self.slider.setValue(index)

    def toggle_playing(self) -> None:
        """Play on, from the start if the end has been reached; or pause."""
        if self._timer.isActive():
            self._timer.stop()
        elif self._count > 1:
            if self.position == self._count - 1 and not self.loop.isChecked():
                self.slider.setValue(0)
            self._forward = self._forward or not self.loop.isChecked()
            self._timer.start(1000 // self.per_second)
        self._refresh()

    def _advance(self) -> None:
        last = self._count - 1
        if self.position == last and not self.loop.isChecked():
            self._timer.stop()
            self._refresh()
            return
        if self.position in (0, last):
            self._forward = self.position == 0
        following = self.position + (1 if self._forward or not self.loop.isChecked() else -1)
        if self._is_ready(following):
            self.slider.setValue(following)

    def _change_speed(self) -> None:
        self._timer.setInterval(1000 // self.per_second)

    def _tell(self, position: int) -> None:
        self._refresh()
        self.moved.emit(position)

    def _refresh(self) -> None:
        widest = f"{self._count} / {self._count}"
        self._label.setMinimumWidth(self._label.fontMetrics().horizontalAdvance(widest) + 4)
        self._label.setText(f"{self.position + 1} / {self._count}" if self._count else "")
        for widget in (self.slider, self.play):
            widget.setEnabled(self._count > 1)
        text = self.tr("Pause") if self._timer.isActive() else self.tr("Play")
        if text != self.play.toolTip():
            self.play.setIcon(icon("pause" if self._timer.isActive() else "play"))
            self.play.setToolTip(text)
            self.play.setAccessibleName(text)

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        self._refresh()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.toggle_playing()
        else:
            super().keyPressEvent(event)
