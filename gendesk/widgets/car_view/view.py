"""The car view: pictures of a race with instruments and captions, and a keyboard to drive with."""

from typing import ClassVar

from PySide6.QtCore import QElapsedTimer, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gendesk.widgets.car_view.captions import Captions
from gendesk.widgets.car_view.frame import Frame
from gendesk.widgets.car_view.gauges import Gauges
from gendesk.widgets.car_view.pedals import Key, Pedals
from gendesk.widgets.car_view.pictures import PictureRow

_TICK_MS = 16
_LONGEST = 0.1  # seconds that the pedals move at once, however late a tick comes


class CarView(QWidget):
    """Shows frames through `show_frame`. Arrows or WASD drive, the space bar brakes, Enter starts anew.

    `steered` tells steering -1..1, gas 0..1 and brake 0..1 while keys are held and until all has come to rest.
    """

    steered = Signal(float, float, float)
    restart_wanted = Signal()

    KEYS: ClassVar[dict[Qt.Key, Key]] = {
        Qt.Key.Key_Left: "left",
        Qt.Key.Key_A: "left",
        Qt.Key.Key_Right: "right",
        Qt.Key.Key_D: "right",
        Qt.Key.Key_Up: "gas",
        Qt.Key.Key_W: "gas",
        Qt.Key.Key_Down: "brake",
        Qt.Key.Key_S: "brake",
        Qt.Key.Key_Space: "brake",
    }

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Race"))
        self.setToolTip(self.tr("Click here, then drive with the arrow keys or W, A, S, D; Enter starts anew"))
        self.pictures = PictureRow(self)
        self.gauges = Gauges(self)
        self.captions = Captions(self)
        self.frame = Frame()
        self.pedals = Pedals()
        self._clock = QElapsedTimer()
        self._ticking = QTimer(self, interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._ticking.timeout.connect(self._tick)
        self._arrange()

    def show_frame(self, frame: Frame | None) -> None:
        """Show a frame, or with None that there is no race."""
        count = len(self.frame.pictures)
        self.frame = frame or Frame()
        self.pictures.show_frame(frame)
        self.gauges.show_frame(frame)
        self.captions.set_lines(self.frame.captions)
        if len(self.frame.pictures) != count:
            self._arrange()

    def set_empty_text(self, text: str) -> None:
        """Set the sentence shown while there are no pictures."""
        self.pictures.set_empty_text(text)

    def sizeHint(self) -> QSize:
        return QSize(440, 480)

    def minimumSizeHint(self) -> QSize:
        captions = self.captions.minimumSizeHint().height()
        return QSize(Gauges.SIDE, self.pictures.minimumHeight() + Gauges.HEIGHT + captions)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    # Where the parts are

    def _arrange(self) -> None:
        """Put the instruments beside the pictures where that makes the pictures larger, else below."""
        width, foot = self.width(), self.captions.sizeHint().height()
        height = max(0, self.height() - foot)
        count = max(1, len(self.frame.pictures))
        below = QSize(width, height - Gauges.HEIGHT)
        beside = QSize(width - Gauges.SIDE, height)
        zooms = [self.pictures.zoom_in(size, count) for size in (below, beside)]
        if zooms[1] > zooms[0] and height >= Gauges.STACKED:
            self.pictures.setGeometry(0, 0, beside.width(), height)
            self.gauges.setGeometry(beside.width(), 0, Gauges.SIDE, height)
        else:
            self.pictures.setGeometry(0, 0, width, below.height())
            self.gauges.setGeometry(QRect(0, below.height(), width, Gauges.HEIGHT))
        self.captions.setGeometry(0, height, width, foot)

    # The keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.pedals = Pedals()  # feet that come up now belong to the race before
                self.restart_wanted.emit()
            return
        key = self.KEYS.get(Qt.Key(event.key()))
        if key is None or event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            super().keyPressEvent(event)
            return
        if not event.isAutoRepeat():
            self.pedals.press(key)
            if not self._ticking.isActive():
                self._clock.start()
                self._ticking.start()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        key = self.KEYS.get(Qt.Key(event.key()))
        if key is None:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            self.pedals.release(key)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.pedals.release_all()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.pedals = Pedals()
        self._ticking.stop()
        super().hideEvent(event)

    def _tick(self) -> None:
        seconds = min(_LONGEST, self._clock.restart() / 1000)
        self.steered.emit(*self.pedals.advance(seconds))
        if self.pedals.resting:
            self._ticking.stop()
