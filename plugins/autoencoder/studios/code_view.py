"""The numbers of a code, to be changed with the mouse: what bars and tiles have in common."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.widgets.theme import changes_look

from ..copying import Codes

_CLICK = 3  # logical pixels that a hand may slip during a click
_KEY_STEPS = 20  # presses of an arrow key from zero to the reach


class CodeView(QWidget):
    """Numbers within +-`reach`: click one to set it to zero, once more to restore it, drag it up or down, or use keys.

    `changed` carries index and value, also during a drag; `restored` asks for the encoder's own number; `settled` tells
    that a drag, a click or a key is over; `pointed` carries an index or -1.
    """

    changed = Signal(int, float)
    restored = Signal(int)
    settled = Signal()
    pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values: Codes = np.zeros(0, np.float32)
        self.mean: Codes = np.zeros(0, np.float32)
        self.sigma: Codes | None = None
        self.edited: frozenset[int] = frozenset()
        self.reach = 1.0
        self.unit = -1
        self._press: tuple[int, float, float] | None = None  # index, y and value at its beginning
        self._dragged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Numbers of the code"))
        self.setToolTip(
            self.tr(
                "Click a number to set it to zero, once more to restore it; drag it up or down to change it. Keys: "
                "Left and Right choose, Up and Down change, Space sets to zero or restores."
            )
        )

    def set_code(self, values: Codes, mean: Codes, sigma: Codes | None, edited: frozenset[int], reach: float) -> None:
        """Show numbers (latent_size,), and what the encoder says of them; `edited` ones are marked."""
        another = len(values) != len(self.values)
        self.values, self.mean, self.sigma, self.edited = np.nan_to_num(values), np.nan_to_num(mean), sigma, edited
        if self._press is None:  # a scale that moved under the mouse could not be hit
            self.reach = reach
        if another:
            self._press = None
            self._point(-1)
            self.setMinimumHeight(self.needed_height())
        self.update()

    def cell_rect(self, index: int) -> QRectF:
        """Where a number lies, in logical pixels."""
        raise NotImplementedError

    def index_at(self, place: QPointF) -> int:
        """Return the number at a place in logical pixels, or -1."""
        raise NotImplementedError

    def per_pixel(self) -> float:
        """How much a number grows with each logical pixel of a drag."""
        raise NotImplementedError

    def needed_height(self) -> int:
        """Return the least height at which all numbers can be told apart at the present width."""
        raise NotImplementedError

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 64)

    def sizeHint(self) -> QSize:
        return QSize(320, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self.setMinimumHeight(self.needed_height())
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._press, self._dragged = (index, event.position().y(), float(self.values[index])), False
            self._point(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            self._point(self.index_at(event.position()))
            return
        index, start, value = self._press
        up = start - event.position().y()
        if self._dragged or abs(up) > _CLICK:
            self._dragged = True
            self._set(index, value + up * self.per_pixel())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._press is None or event.button() != Qt.MouseButton.LeftButton:
            return
        index, self._press = self._press[0], None
        if not self._dragged:
            self._toggle(index)
        self.settled.emit()

    def leaveEvent(self, _event: QEvent) -> None:
        if self._press is None and not self.hasFocus():
            self._point(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        sideways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        upwards = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if not len(self.values):
            super().keyPressEvent(event)
        elif sideways is not None:
            self._point(max(0, min(len(self.values) - 1, self.unit + sideways)))
        elif self.unit >= 0 and upwards is not None:
            self._set(self.unit, float(self.values[self.unit]) + upwards * self.reach / _KEY_STEPS)
        elif self.unit >= 0 and event.key() == Qt.Key.Key_Space:
            self._toggle(self.unit)
            self.settled.emit()
        else:
            super().keyPressEvent(event)

    def _toggle(self, index: int) -> None:
        if index in self.edited and self.values[index] == 0:
            self.restored.emit(index)
        else:
            self.changed.emit(index, 0.0)

    def _set(self, index: int, value: float) -> None:
        self.changed.emit(index, max(-self.reach, min(self.reach, value)))

    def _point(self, index: int) -> None:
        if index != self.unit:
            self.unit = index
            self.pointed.emit(index)
            self.update()
