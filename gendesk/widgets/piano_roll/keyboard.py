"""The keys at the left of a roll; pressing one sounds it."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from gendesk.widgets.piano_roll.document import RollDocument
from gendesk.widgets.piano_roll.names import drum_name, is_black, pitch_name
from gendesk.widgets.piano_roll.navigation import Navigation
from gendesk.widgets.piano_roll.painting import rows_in_view
from gendesk.widgets.piano_roll.view import PITCHES, RollView, Viewport
from gendesk.widgets.theme import Colors, changes_look, current_colors

KEYS = 56
"""Pixels of the width of piano keys."""

_DRUMS = 120  # pixels of width
_SHORT = 0.62  # of the width: black keys
_WHITE, _BLACK, _INK, _EDGE = QColor("#FAFAFA"), QColor("#2A2D31"), QColor("#3A3F46"), QColor("#B9BEC5")
_ALL_NAMES = 13.0  # pixels of a row from which on every white key has its name


class RollKeyboard(QWidget):
    """Shows a key for every row. `pressed` and `released` carry the pitch that is held with the mouse or with Space."""

    pressed = Signal(int)
    released = Signal(int)

    def __init__(self, document: RollDocument, viewport: Viewport, parent: QWidget) -> None:
        super().__init__(parent)
        self._document, self._viewport = document, viewport
        self._held: int | None = None
        self._sounding: frozenset[int] = frozenset()
        self._current = 60
        self._flats = False
        self._picture: QPixmap | None = None
        self._navigation = Navigation(self, viewport)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Keyboard"))
        self.setToolTip(self.tr("Press a key to hear it. By keyboard: up and down choose one, Space sounds it."))
        viewport.rows_changed.connect(self._redraw)
        document.changed.connect(self._document_changed)
        self._document_changed()

    def set_flats(self, flats: bool) -> None:
        """Name black keys as flats instead of sharps."""
        self._flats = flats
        self._redraw()

    def set_sounding(self, pitches: frozenset[int]) -> None:
        """Show keys as held down."""
        if pitches != self._sounding:
            self._sounding = pitches
            self.update()

    def _document_changed(self) -> None:
        self.setFixedWidth(_DRUMS if self._document.is_drums else KEYS)
        self._redraw()

    def _redraw(self) -> None:
        self._picture = None
        self.update()

    def name(self, pitch: int) -> str:
        """Return what a row is called: a pitch, or a drum where the track is drums."""
        return (drum_name(pitch) if self._document.is_drums else "") or pitch_name(pitch, flats=self._flats)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = painter.deviceTransform().m11()
        size = (self.size().toSizeF() * ratio).toSize()
        if self._picture is None or self._picture.size() != size:
            self._picture = self._painted(size, ratio)
        painter.drawPixmap(0, 0, self._picture)
        colors, view = current_colors(), self._viewport.view
        held = self._sounding | ({self._held} if self._held is not None else set())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.accent))
        for pitch in held:
            width = self.width() * (_SHORT if is_black(pitch) and not self._document.is_drums else 1) - 2
            painter.drawRect(QRectF(0, view.y(pitch) + 1, width, view.row_height - 1))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.drawRect(QRectF(1, view.y(self._current) + 1, self.width() - 3, view.row_height - 2))
        painter.end()

    def _painted(self, size: QSize, ratio: float) -> QPixmap:
        picture = QPixmap(size)
        picture.setDevicePixelRatio(ratio)
        painter = QPainter(picture)
        painter.setFont(self.font())
        names = {pitch: self.name(pitch) for pitch in range(PITCHES)}
        drums = self._document.is_drums
        paint_keys(painter, self._viewport.view, QRectF(self.rect()), names, current_colors(), drums=drums)
        painter.end()
        return picture

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._hold(self._viewport.view.pitch(event.position().y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._hold(self._viewport.view.pitch(event.position().y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._hold(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 12, Qt.Key.Key_PageDown: -12}
        key = Qt.Key(event.key())
        if key in steps:
            self._current = min(127, max(0, self._current + steps[key]))
            view = self._viewport
            view.reveal(view.view.left, view.view.left, self._current, self._current)
            self.setAccessibleDescription(self.name(self._current))
            self.update()
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._hold(self._current)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._hold(None)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._hold(None)
        super().focusOutEvent(event)

    def _hold(self, pitch: int | None) -> None:
        if pitch == self._held:
            return
        if self._held is not None:
            self.released.emit(self._held)
        self._held = pitch
        if pitch is not None:
            self._current = pitch
            self.pressed.emit(pitch)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self._redraw()
        super().changeEvent(event)


def paint_keys(
    painter: QPainter, view: RollView, area: QRectF, names: Mapping[int, str], colors: Colors, *, drums: bool
) -> None:
    """Paint the keys in view, in a piano's black and white or, for drums, as a list of names."""
    painter.fillRect(area, QColor(colors.surface) if drums else _WHITE)
    font = painter.font()
    font.setPixelSize(round(max(9.0, min(11.0, view.row_height - 2))))
    painter.setFont(font)
    low, high = rows_in_view(view, area.height())
    for pitch in range(low, high + 1):
        row = QRectF(0, round(view.y(pitch)), area.width(), round(view.y(pitch - 1)) - round(view.y(pitch)))
        if drums:
            _paint_drum(painter, row, names[pitch], colors)
        else:
            _paint_key(painter, row, pitch, names[pitch], octave=12 * view.row_height)
    painter.setPen(QColor(colors.border))
    painter.drawLine(area.topRight(), area.bottomRight())


def _paint_key(painter: QPainter, row: QRectF, pitch: int, name: str, *, octave: float) -> None:
    """Paint one key; `octave` is the height of twelve."""
    middle, short = row.center().y(), row.width() * _SHORT
    if is_black(pitch):
        painter.fillRect(QRectF(0, row.top(), short, row.height()), _BLACK)
        painter.setPen(_EDGE)
        painter.drawLine(QPointF(short, middle), QPointF(row.width(), middle))
        return
    if pitch % 12 in (0, 5):
        painter.setPen(_EDGE)
        painter.drawLine(row.bottomLeft(), row.bottomRight())
    if row.height() >= _ALL_NAMES or (pitch % 12 == 0 and octave >= painter.fontMetrics().height()):
        painter.setPen(_INK)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, middle - 8, row.width() - 5, 16), flags, name)


def _paint_drum(painter: QPainter, row: QRectF, name: str, colors: Colors) -> None:
    painter.setPen(QColor(colors.grid))
    painter.drawLine(row.bottomLeft(), row.bottomRight())
    if row.height() >= 9:
        painter.setPen(QColor(colors.text))
        room = row.adjusted(6, 0, -4, 0)
        text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
