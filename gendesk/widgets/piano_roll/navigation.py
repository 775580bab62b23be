"""Wheel and pinch, the same over every part of a roll."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from gendesk.widgets.piano_roll.view import Viewport

_NOTCH = 48.0  # pixels


class Navigation(QObject):
    """Lets a part of a roll scroll and zoom it; `rows` says whether the part has rows, too."""

    def __init__(self, area: QWidget, viewport: Viewport, *, rows: bool = True) -> None:
        super().__init__(area)
        self._viewport, self._rows = viewport, rows
        area.grabGesture(Qt.GestureType.PinchGesture)
        area.installEventFilter(self)

    def eventFilter(self, area: QObject, event: QEvent) -> bool:
        """Qt's hook: handle wheel and pinch, pass on all else."""
        match event:
            case QWheelEvent():
                self._wheel(event)
                return True
            case QNativeGestureEvent() if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self._viewport.zoom(1 + event.value(), event.position().x())
                return True
            case QGestureEvent():
                pinch = event.gesture(Qt.GestureType.PinchGesture)
                if isinstance(pinch, QPinchGesture) and isinstance(area, QWidget):
                    place = area.mapFromGlobal(pinch.centerPoint())
                    self._viewport.zoom(pinch.scaleFactor(), place.x())
                    return True
        return False

    def _wheel(self, event: QWheelEvent) -> None:
        # Touch pads tell pixels, wheels notches of 120 units.
        turned = QPointF(event.angleDelta()) / 120
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        notches = turned.y() or turned.x()  # with Alt, and with Shift on some systems, Qt swaps the two
        if control and shift and self._rows:
            self._viewport.zoom_rows(1.15**notches, event.position().y())
        elif control:
            self._viewport.zoom(1.2**notches, event.position().x())
        else:
            moved = QPointF(event.pixelDelta()) if not event.pixelDelta().isNull() else turned * _NOTCH
            if shift or not self._rows:
                moved = QPointF(moved.x() or moved.y(), 0)
            self._viewport.pan(-moved.x(), -moved.y())
        event.accept()
