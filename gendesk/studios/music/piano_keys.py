"""One octave and a half of a piano, for the mouse and for the keyboard of the computer, so that nobody needs MIDI."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.widgets.piano_roll.names import is_black, pitch_name
from gendesk.widgets.theme import changes_look, current_colors

LETTERS = "AWSEDFTGYHUJKOLP;"
"""The keys from C on: the middle row of letters is white, the row above it black, as in trackers."""

_STEPS = {Qt.Key(ord(letter)): step for step, letter in enumerate(LETTERS)}
_STEPS |= {
    Qt.Key.Key_Z: LETTERS.index("Y"),
    Qt.Key.Key_Odiaeresis: LETTERS.index(";"),
}  # where German keyboards have them
_OCTAVES = range(1, 8)
_WHITE, _BLACK, _INK, _EDGE, _PALE = (QColor(name) for name in ("#FAFAFA", "#2A2D31", "#3A3F46", "#B9BEC5", "#D5D9DE"))
_SHORT = 0.62  # of the height: black keys
_WIDEST = 640  # logical pixels
_NARROW = 0.6  # of a white key's width


class PianoKeys(QWidget):
    """`pressed` and `released` carry a pitch that begins and ends; left and right arrows move by an octave."""

    pressed = Signal(int)
    released = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._octave = 4
        self._typed: dict[int, int] = {}  # the pitch of each key of the computer that is down
        self._clicked: int | None = None
        self._sounding: frozenset[int] = frozenset()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaximumWidth(_WIDEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Piano"))
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(340, 88)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 88)

    @property
    def lowest(self) -> int:
        """The pitch of the first key, a C."""
        return 12 * (self._octave + 1)

    def set_sounding(self, pitches: frozenset[int]) -> None:
        """Show keys as held down that somebody else plays."""
        if pitches != self._sounding:
            self._sounding = pitches
            self.update()

    def let_go(self) -> None:
        """Release every key that is held."""
        self._click(None)
        for key in list(self._typed):
            self.released.emit(self._typed.pop(key))
        self.update()

    # Keys and mouse

    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._step(event) is not None
        ):
            event.accept()  # a letter is a note here and no shortcut of the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self._step(event)
        if step is not None:
            if not event.isAutoRepeat() and event.key() not in self._typed:
                self._typed[event.key()] = self.lowest + step
                self.pressed.emit(self.lowest + step)
                self.update()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._move(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat() and event.key() in self._typed:
            self.released.emit(self._typed.pop(event.key()))
            self.update()
        else:
            super().keyReleaseEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._click(self._pitch_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._clicked is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._click(self._pitch_at(event.position()) or self._clicked)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._click(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.let_go()
        super().focusOutEvent(event)

    def _step(self, event: QKeyEvent) -> int | None:
        commands = (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
        )
        return None if event.modifiers() & commands else _STEPS.get(Qt.Key(event.key()))

    def _click(self, pitch: int | None) -> None:
        if pitch != self._clicked:
            before, self._clicked = self._clicked, pitch
            if before is not None:
                self.released.emit(before)
            if pitch is not None:
                self.pressed.emit(pitch)
            self.update()

    def _move(self, by: int) -> None:
        self.let_go()
        self._octave = min(_OCTAVES[-1], max(_OCTAVES[0], self._octave + by))
        self._describe()
        self.update()

    def _describe(self) -> None:
        tip = self.tr(
            "Play with the mouse, or with the letters on the keys; left and right arrows move by an octave.\n"
            "Now from {0} to {1}."
        )
        self.setToolTip(tip.format(pitch_name(self.lowest), pitch_name(self.lowest + len(LETTERS) - 1)))
        self.setAccessibleDescription(self.toolTip())

    # Painting

    def _keys(self) -> list[tuple[int, QRectF]]:
        """Return the places of all keys, white ones first, since black ones lie on top of them."""
        steps = range(len(LETTERS))
        white = [step for step in steps if not is_black(step)]
        width, height = self.width() / len(white), float(self.height())
        keys = [(step, QRectF(place * width, 0, width, height)) for place, step in enumerate(white)]
        for step in steps:
            if is_black(step):
                middle = sum(other < step for other in white) * width
                keys.append((step, QRectF(middle - width * _NARROW / 2, 0, width * _NARROW, height * _SHORT)))
        return keys

    def _pitch_at(self, place: QPointF) -> int | None:
        found = [step for step, area in self._keys() if area.contains(place)]
        return self.lowest + found[-1] if found else None

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = current_colors()
        held = self._sounding | set(self._typed.values()) | ({self._clicked} if self._clicked is not None else set())
        for step, area in self._keys():
            black, down = is_black(step), self.lowest + step in held
            painter.setPen(QPen(_EDGE, 1))
            painter.setBrush(QColor(colors.accent) if down else _BLACK if black else _WHITE)
            painter.drawRoundedRect(area.adjusted(0.5, -3, -0.5, -0.5), 3, 3)
            painter.setPen(QColor(colors.accent_text) if down else _PALE if black else _INK)
            painter.drawText(area.adjusted(0, 0, 0, -5), _FOOT, LETTERS[step])
            if step % 12 == 0 and self.height() > 70:
                painter.drawText(area.adjusted(0, 0, 0, -22), _FOOT, pitch_name(self.lowest + step))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 3, 3)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)


_FOOT = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
