"""What a rectangle on the map can do beside being dragged: climb to its best place, and take changes back."""

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from gendesk.widgets.undo import StateHistory

from ...density.densities import FloatArray
from ...density.fitting import Climber

_CLIMB_MS, _PROPOSALS, _REACH = 33, 6, 15.0


class RectangleTool(QObject):
    """`climbed` carries a box (4,) after some proposals, `stopped` tells that the climb has come to its end.

    `restored` carries a box that the person went back or forth to, `undoable` whether there is one to go back to.
    """

    climbed = Signal(object)
    stopped = Signal()
    restored = Signal(object)
    undoable = Signal(bool)

    def __init__(self, panel: QWidget) -> None:
        super().__init__(panel)
        self._panel = panel
        self._history: StateHistory | None = None
        self._climber: Climber | None = None
        self._points: FloatArray = np.empty((0, 2))
        self._rng = np.random.default_rng(0)
        self._timer = QTimer(self, interval=_CLIMB_MS)
        self._timer.timeout.connect(self._climb)

    def start(self, box: FloatArray, points: FloatArray, size: tuple[float, float], smallest: float, seed: int) -> None:
        """Climb from a box until no edge can be moved any nearer to its best place, or until `stop`."""
        self._climber = Climber(box.copy(), np.full(4, _REACH), size, smallest)
        self._points = points
        self._rng = np.random.default_rng(seed)
        if self._history is not None:
            self._history.end_step()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._climber = None
        self.stopped.emit()

    def _climb(self) -> None:
        climber = self._climber
        if climber is None:
            return
        climber.climb(self._points, _PROPOSALS, self._rng)
        self.climbed.emit(climber.box)
        if climber.arrived(self._points):
            self.stop()

    def remember(self, before: FloatArray, after: FloatArray, key: str) -> None:
        """Note a change by the person. `before` is a step, too, if it came about otherwise, as by training."""
        if self._history is None:
            self._history = StateHistory(self._panel, tuple(before.tolist()))
            self._history.restored.connect(self._restore)
        self._history.push(tuple(before.tolist()))
        self._history.push(tuple(after.tolist()), key)
        self._tell()

    def undo(self) -> None:
        """Take the last change back."""
        if self._history is not None:
            self._history.undo.trigger()

    def _restore(self, box: tuple[float, ...]) -> None:
        self.restored.emit(np.array(box))
        self._tell()

    def _tell(self) -> None:
        self.undoable.emit(self._history is not None and self._history.undo.isEnabled())
