"""A point that goes by itself over the map."""

import time

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gendesk.engine.latent.planes import Circling, Plane, Wandering

_FRAME_MS = 33
_LONGEST = 0.2  # seconds that one frame may count for, after a hold-up


class Walker(QObject):
    """Tells in `went` where the point is, float32 (latent_size,), thirty times a second until it is stopped."""

    went = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.speed = 1.0  # deviations of the prior, or lengths of the plane, per second
        self._timer = QTimer(self, interval=_FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._step)
        self._walk: Wandering | Circling | None = None
        self._plane: Plane | None = None
        self._code = np.empty(0, np.float32)
        self._last = 0.0

    def wander(self, code: NDArray[np.float32], spread: NDArray[np.float32], seed: int) -> None:
        """Walk through the prior, of which `spread` (count, latent_size) are draws."""
        self._walk = Wandering(code, spread, seed)
        self._begin()

    def circle(self, code: NDArray[np.float32], plane: Plane) -> None:
        """Walk around the middle of the prior on a plane, all else of the code (latent_size,) unchanged."""
        self._code, self._plane = code, plane
        middle = plane.places_of(np.zeros((1, len(code))))[0]
        self._walk = Circling(tuple(middle), plane.places_of(code[None])[0])
        self._begin()

    @property
    def is_walking(self) -> bool:
        return self._timer.isActive()

    def stop(self) -> None:
        self._timer.stop()
        self._walk = None

    def _begin(self) -> None:
        self._last = time.monotonic()
        self._timer.start()

    def _step(self) -> None:
        now = time.monotonic()
        seconds, self._last = min(_LONGEST, now - self._last), now
        if isinstance(self._walk, Wandering):
            self.went.emit(self._walk.step(seconds, self.speed))
        elif self._walk is not None and self._plane is not None:
            place = self._walk.step(seconds, self.speed)
            self.went.emit(self._plane.moved(self._code, place[None])[0])
