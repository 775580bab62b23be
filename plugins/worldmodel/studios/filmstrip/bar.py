"""The bar below a filmstrip: play, a slider over all frames, the number of the frame, and the speed."""

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QSpinBox, QToolButton, QWidget

from gendesk.widgets.icons import icon

SPEEDS = (5, 12, 25, 50)
"""Frames a second."""
_USUAL = 25
_PAGE = 20


class FilmBar(QWidget):
    """Tells which frame a person has chosen, and goes from frame to frame while it plays."""

    chosen = Signal(int)  # with the slider or by its number
    played = Signal(int)  # the next frame of the film

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._advance)
        self.play = QToolButton(self, autoRaise=True)
        self.play.clicked.connect(self.toggle)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setPageStep(_PAGE)
        self.slider.setAccessibleName(self.tr("First frame"))
        self.slider.setToolTip(self.tr("The frame with which the strip begins"))
        self.slider.valueChanged.connect(self._choose)
        self.number = QSpinBox(self)
        self.number.setAccessibleName(self.tr("Frame"))
        self.number.setToolTip(self.tr("The number of the frame; the race begins with 0"))
        self.number.setKeyboardTracking(False)
        self.number.valueChanged.connect(self._choose)
        self.speed = QComboBox(self)
        self.speed.setAccessibleName(self.tr("Speed"))
        self.speed.setToolTip(self.tr("Frames played each second; a race itself has 50"))
        for speed in SPEEDS:
            self.speed.addItem(self.tr("{count}/s").format(count=speed), speed)
        self.speed.setCurrentIndex(SPEEDS.index(_USUAL))
        self.speed.currentIndexChanged.connect(self._change_speed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (self.play, self.slider, self.number, self.speed):
            row.addWidget(widget, 1 if widget is self.slider else 0)
        self.set_count(0)

    @property
    def is_playing(self) -> bool:
        return self._timer.isActive()

    @property
    def frame(self) -> int:
        """The frame that is shown."""
        return self.slider.value()

    def set_count(self, count: int) -> None:
        """Take the frames of another race, and stop at the first."""
        self._timer.stop()
        for widget in (self.slider, self.number):
            with QSignalBlocker(widget):
                widget.setRange(0, max(0, count - 1))
                widget.setValue(0)
            widget.setEnabled(count > 1)
        self.number.setSuffix(self.tr(" / {last}").format(last=count - 1) if count else "")
        self.play.setEnabled(count > 1)
        self._refresh()

    def show_frame(self, frame: int) -> None:
        """Show where the film is, and tell nobody."""
        for widget in (self.slider, self.number):
            with QSignalBlocker(widget):
                widget.setValue(frame)

    def toggle(self) -> None:
        """Play on, from the first frame if the last has been reached; or pause."""
        if self._timer.isActive():
            self._timer.stop()
        elif self.slider.maximum() > 0:
            if self.frame == self.slider.maximum():
                self.chosen.emit(0)
            self._timer.start(1000 // int(self.speed.currentData()))
        self._refresh()

    def stop(self) -> None:
        """Pause."""
        self._timer.stop()
        self._refresh()

    def _advance(self) -> None:
        if self.frame < self.slider.maximum():
            self.played.emit(self.frame + 1)
        if self.frame == self.slider.maximum():
            self.stop()

    def _choose(self, frame: int) -> None:
        self.show_frame(frame)
        self.chosen.emit(frame)

    def _change_speed(self) -> None:
        self._timer.setInterval(1000 // int(self.speed.currentData()))

    def _refresh(self) -> None:
        text = self.tr("Pause") if self.is_playing else self.tr("Play")
        if text != self.play.accessibleName():
            self.play.setIcon(icon("pause" if self.is_playing else "play"))
            self.play.setAccessibleName(text)
            self.play.setToolTip(self.tr("{action} the race as a film (Space)").format(action=text))

    def hideEvent(self, event: QHideEvent) -> None:
        self.stop()
        super().hideEvent(event)
