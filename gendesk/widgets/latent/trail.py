"""The last places of a walk as a strip of pictures to go back to."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from gendesk.widgets.icons import icon
from gendesk.widgets.painting import device_painter, draw_empty_text, draw_picture, fitted
from gendesk.widgets.pictures.picture import UInt8Array, to_qimage
from gendesk.widgets.theme import current_colors

_SIDE, _GAP = 40, 4  # of a picture, logical pixels
_MOST = 40  # places


@dataclass(frozen=True)
class _Place:
    value: object
    image: QImage


class TrailStrip(QWidget):
    """Paints the places, the newest at the right; a click or an arrow key chooses one."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.images: list[QImage] = []
        self.current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Last places"))
        self.setToolTip(self.tr("The places where you stopped, the newest at the right. A click goes back to one."))

    def sizeHint(self) -> QSize:
        return QSize(240, _SIDE + 2 * _GAP)

    def minimumSizeHint(self) -> QSize:
        return QSize(_SIDE + 2 * _GAP, _SIDE + 2 * _GAP)

    def place(self, index: int) -> QRect:
        """Return where a picture is painted; it may lie outside."""
        return QRect(_GAP + (index - self._first) * (_SIDE + _GAP), _GAP, _SIDE, _SIDE)

    @property
    def _first(self) -> int:
        """The number of the first picture that is seen: the current one always is, and no room is left empty."""
        room = max(1, (self.width() - _GAP) // (_SIDE + _GAP))
        return max(0, min(self.current, len(self.images) - room))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.images:
            painter = QPainter(self)
            text = self.tr("Your last places will appear here.")
            draw_empty_text(painter, self.rect().adjusted(-16, -16, 16, 16).toRectF(), text)
            painter.end()
            return
        painter, ratio = device_painter(self)
        side = QSize(1, 1) * round(_SIDE * ratio)
        for index in range(self._first, len(self.images)):
            corner, image = self.place(index).topLeft() * ratio, self.images[index]
            size = fitted(image.size(), side)
            spare = (side - size) / 2
            target = QRect(corner.x() + spare.width(), corner.y() + spare.height(), size.width(), size.height())
            draw_picture(painter, target, image)
            if index == self.current:
                edge = round(2 * ratio)
                color = current_colors().accent if self.hasFocus() else current_colors().muted
                painter.setPen(QPen(QColor(color), edge, j=Qt.PenJoinStyle.MiterJoin))
                painter.drawRect(target.adjusted(-edge, -edge, edge - 1, edge - 1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for index in range(self._first, len(self.images)):
            if self.place(index).contains(event.position().toPoint()):
                self.chosen.emit(index)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and 0 <= self.current + step < len(self.images):
            self.chosen.emit(self.current + step)
        else:
            super().keyPressEvent(event)


class Trail(QWidget):
    """Remembers up to 40 places, of whatever kind, with a picture of each; `went` carries the one to go to."""

    went = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("History"))
        self._places: list[_Place] = []
        self.strip = TrailStrip(self)
        self.strip.chosen.connect(self._go)
        self.back = self._make_button("left", self.tr("Back"), self.tr("Go to the place before (Alt+Left)"), "Alt+Left")
        self.forward = self._make_button(
            "right", self.tr("Forward"), self.tr("Go to the place after (Alt+Right)"), "Alt+Right"
        )
        self.back.clicked.connect(self._go_back)
        self.forward.clicked.connect(self._go_forward)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(4)
        for part in (self.back, self.forward, self.strip):
            row.addWidget(part)
        self._show(-1)

    def _make_button(self, name: str, text: str, tip: str, keys: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(name))
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setShortcut(keys)
        return button

    def add(self, value: object, picture: UInt8Array) -> None:
        """Remember a place and a picture of it, uint8 (height, width, 1 or 3), after all others."""
        self._places = [*self._places, _Place(value, to_qimage(picture))][-_MOST:]
        self._show(len(self._places) - 1)

    @property
    def current(self) -> object:
        """The place that was added or gone to last, None without any."""
        return self._places[self.strip.current].value if self._places else None

    def clear(self) -> None:
        self._places = []
        self._show(-1)

    def _go_back(self) -> None:
        self._go(self.strip.current - 1)

    def _go_forward(self) -> None:
        self._go(self.strip.current + 1)

    def _go(self, index: int) -> None:
        self._show(index)
        self.went.emit(self._places[index].value)

    def _show(self, current: int) -> None:
        self.strip.images, self.strip.current = [place.image for place in self._places], current
        self.back.setEnabled(current > 0)
        self.forward.setEnabled(0 <= current < len(self._places) - 1)
        self.strip.update()
