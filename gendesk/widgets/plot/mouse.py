"""The mouse over a plot, in the words of the plot: zoom to a rectangle, zoom with the wheel, hover, show everything."""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QRubberBand, QWidget

_SMALLEST_DRAG = 6  # pixels; less is a click with an unsteady hand


class PlotMouse(QObject):
    """Watches the area of a plot and keeps its mouse events from whatever lies below. All places are pixels there."""

    zoomed = Signal(QRect)
    wheeled = Signal(QPointF, float, bool)  # place, factor of the range, with Ctrl
    hovered = Signal(QPointF)
    left = Signal()
    pressed = Signal()
    reset = Signal()
    help_asked = Signal(QPoint, QPoint)  # place here, place on the screen

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self.area = area
        self._start: QPoint | None = None
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, area)
        area.setMouseTracking(True)
        area.installEventFilter(self)

    def eventFilter(self, _area: QObject, event: QEvent) -> bool:
        """Qt's hook: handle mouse events, pass on all others."""
        match event:
            case QMouseEvent():
                self._mouse(event)
            case QWheelEvent():
                # One notch is 120 units; touch pads send fractions of it.
                factor = 0.8 ** (event.angleDelta().y() / 120)
                control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
                self.wheeled.emit(event.position(), factor, control)
                event.accept()
            case QHelpEvent() if event.type() == QEvent.Type.ToolTip:
                self.help_asked.emit(event.pos(), event.globalPos())
            case _ if event.type() == QEvent.Type.Leave:
                self.left.emit()
                return False
            case _:
                return event.type() == QEvent.Type.ContextMenu
        return True

    def _mouse(self, event: QMouseEvent) -> None:
        place, is_left = event.position().toPoint(), event.button() == Qt.MouseButton.LeftButton
        if event.type() == QEvent.Type.MouseButtonDblClick and is_left:
            self._start = None
            self.reset.emit()
        elif event.type() == QEvent.Type.MouseButtonPress and is_left:
            self._start = place
            self.pressed.emit()
        elif event.type() == QEvent.Type.MouseMove and self._start is not None:
            rectangle = QRect(self._start, place).normalized()
            self._band.setGeometry(rectangle)
            self._band.setVisible(not _is_click(rectangle.size()))
        elif event.type() == QEvent.Type.MouseMove:
            self.hovered.emit(event.position())
        elif event.type() == QEvent.Type.MouseButtonRelease and is_left and self._start is not None:
            rectangle = QRect(self._start, place).normalized()
            self._start = None
            self._band.hide()
            if not _is_click(rectangle.size()):
                self.zoomed.emit(rectangle)
        event.accept()


def _is_click(size: QSize) -> bool:
    return max(size.width(), size.height()) < _SMALLEST_DRAG
