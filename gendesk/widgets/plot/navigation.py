"""Mouse and keyboard of a plot, turned into changes of what is in view."""

from dataclasses import replace

from PySide6.QtCore import QObject, QPointF, QRect, Qt, Signal

from gendesk.widgets.plot.canvas import PlotCanvas
from gendesk.widgets.plot.view import PlotView, Span, scaled

_KEY_STEP = 0.1  # of what is in view
_KEY_ZOOM = 0.8
_LEAST_SIDE = 6  # pixels; a rectangle thinner than that means the other direction only


class PlotNavigation(QObject):
    """Holds what is in view; `data` is the range of all steps in view coordinates, kept up to date by its owner."""

    changed = Signal()

    def __init__(self, canvas: PlotCanvas) -> None:
        super().__init__(canvas)
        self.view = PlotView()
        self.data: Span = (0.0, 1.0)
        self._canvas = canvas
        canvas.mouse.zoomed.connect(self._zoom_to)
        canvas.mouse.wheeled.connect(self._zoom_at)
        canvas.mouse.reset.connect(self.show_everything)

    def show_everything(self) -> None:
        """Show all steps and values, and follow the latest."""
        self._set(PlotView())

    def fit_values(self) -> None:
        """Show all values of the steps in view."""
        self._set(replace(self.view, y=None))

    def follow(self, follow: bool) -> None:
        """Start or stop to keep the latest step in view."""
        self._set(self.view.following(self.data, follow))

    def press_key(self, key: int) -> bool:
        """Do what a key stands for; False if it stands for nothing."""
        x, y = self._canvas.shown_range()
        match key:
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                share = -_KEY_STEP if key == Qt.Key.Key_Left else _KEY_STEP
                self._set(self.view.panned(self.data, share))
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                shift = (y[1] - y[0]) * (_KEY_STEP if key == Qt.Key.Key_Up else -_KEY_STEP)
                self._set(replace(self.view, y=(y[0] + shift, y[1] + shift)))
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal | Qt.Key.Key_Minus:
                factor = 1 / _KEY_ZOOM if key == Qt.Key.Key_Minus else _KEY_ZOOM
                # While it follows, the latest step stays where it is.
                centre = x[1] if self.view.follow else (x[0] + x[1]) / 2
                self._set(self.view.zoomed(self.data, scaled(x, factor, centre)))
            case Qt.Key.Key_Home:
                self.show_everything()
            case Qt.Key.Key_F:
                self.follow(not self.view.follow)
            case _:
                return False
        return True

    def _zoom_to(self, rectangle: QRect) -> None:
        x, y = self._canvas.shown_range()
        corners = [self._canvas.to_view(QPointF(corner)) for corner in (rectangle.topLeft(), rectangle.bottomRight())]
        if rectangle.width() >= _LEAST_SIDE:
            x = (max(corners[0].x(), x[0]), min(corners[1].x(), x[1]))
        chosen = (max(corners[1].y(), y[0]), min(corners[0].y(), y[1])) if rectangle.height() >= _LEAST_SIDE else None
        if x[0] < x[1] and (chosen is None or chosen[0] < chosen[1]):
            self._set(self.view.zoomed(self.data, x, chosen))

    def _zoom_at(self, place: QPointF, factor: float, values: bool) -> None:
        x, y = self._canvas.shown_range()
        centre = self._canvas.to_view(place)
        if values or place.x() < self._canvas.box_area().left():
            self._set(replace(self.view, y=scaled(y, factor, centre.y())))
        else:
            self._set(self.view.zoomed(self.data, scaled(x, factor, centre.x())))

    def _set(self, view: PlotView) -> None:
        self.view = view
        self.changed.emit()
