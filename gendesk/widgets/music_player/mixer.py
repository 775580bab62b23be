"""The mixer of a player: which voices are heard, with what instrument and how loud, and whether beats click."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gendesk.widgets.music_player.instruments import INSTRUMENTS
from gendesk.widgets.plot.options import tool_button

_LETTERS = 12
_SLIDER = 96  # logical pixels


@dataclass(frozen=True)
class Strip:
    """A voice in the mixer: `program` is the number of an instrument, None for the one that the piece says; `volume`
    is a share of the piece's own, 0 to 1."""

    title: str
    muted: bool = False
    solo: bool = False
    program: int | None = None
    volume: float = 1.0
    is_drums: bool = False


class Mixer(QFrame):
    """Opens at a button, and closes with Esc or a click elsewhere. It shows what it is told; others do what it emits.

    `changed` carries the number of a voice and its Strip, `metronome_toggled` whether beats shall click.
    """

    changed = Signal(int, object)
    metronome_toggled = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # or a click on its button would open it again
        self.setProperty("role", "card")
        self.setAccessibleName(self.tr("Mixer"))
        self._strips: tuple[Strip, ...] = ()
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self.metronome = QCheckBox(self.tr("&Metronome"))
        self.metronome.setToolTip(self.tr("Clicks on the beats of the time signature while a piece plays"))
        self.metronome.toggled.connect(self.metronome_toggled)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self._rows)
        column.addWidget(self.metronome)

    @property
    def strips(self) -> tuple[Strip, ...]:
        """What is set now."""
        return self._strips

    def set_metronome(self, on: bool) -> None:
        """Show whether beats click; nobody is told."""
        with QSignalBlocker(self.metronome):
            self.metronome.setChecked(on)

    def set_strips(self, strips: Sequence[Strip]) -> None:
        """Show the voices of a piece, one below the other; nobody is told."""
        self._strips = tuple(strips)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for number, strip in enumerate(self._strips):
            for place, widget in enumerate(self._row(number, strip)):
                self._grid.addWidget(widget, number, place)
        self.adjustSize()

    def open_at(self, button: QWidget) -> None:
        """Open above a button, or below it where there is no room; always within the screen."""
        self.ensurePolished()
        self.adjustSize()
        screen = button.screen().availableGeometry()
        corner = button.mapToGlobal(QPoint(0, -self.height() - 2))
        if corner.y() < screen.top():
            corner.setY(button.mapToGlobal(QPoint(0, button.height() + 2)).y())
        corner.setX(max(screen.left(), min(corner.x(), screen.right() - self.width())))
        self.move(corner)
        self.show()

    def _row(self, number: int, strip: Strip) -> tuple[QWidget, ...]:
        title = QLabel(strip.title, self._rows)
        title.setTextFormat(Qt.TextFormat.PlainText)
        mute = self._switch("M", self.tr("Mute {0}").format(strip.title), self.tr("This voice is not heard"))
        mute.setChecked(strip.muted)
        mute.toggled.connect(partial(self._mute, number))
        solo = self._switch("S", self.tr("Solo {0}").format(strip.title), self.tr("Only such voices are heard"))
        solo.setChecked(strip.solo)
        solo.toggled.connect(partial(self._solo, number))
        return title, mute, solo, self._instrument(number, strip), self._volume(number, strip)

    def _switch(self, letter: str, name: str, tip: str) -> QToolButton:
        button = tool_button(letter, tip)
        button.setParent(self._rows)
        button.setCheckable(True)
        button.setAccessibleName(name)
        return button

    def _instrument(self, number: int, strip: Strip) -> QComboBox:
        box = QComboBox(self._rows)
        box.setAccessibleName(self.tr("Instrument of {0}").format(strip.title))
        box.setToolTip(self.tr("What this voice sounds like; the built-in sound takes the nearest that it has"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(_LETTERS)
        box.addItem(self.tr("As written"))
        box.addItems(INSTRUMENTS)
        box.setCurrentIndex(0 if strip.program is None else strip.program + 1)
        box.setEnabled(not strip.is_drums)
        box.activated.connect(partial(self._choose, number))
        return box

    def _volume(self, number: int, strip: Strip) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self._rows)
        slider.setRange(0, 100)
        slider.setValue(round(100 * strip.volume))
        slider.setFixedWidth(_SLIDER)
        slider.setAccessibleName(self.tr("Volume of {0}").format(strip.title))
        slider.setToolTip(self.tr("How loud this voice is, in percent of what the piece says"))
        slider.valueChanged.connect(partial(self._turn, number))
        return slider

    def _mute(self, number: int, on: bool) -> None:
        self._set(number, replace(self._strips[number], muted=on))

    def _solo(self, number: int, on: bool) -> None:
        self._set(number, replace(self._strips[number], solo=on))

    def _choose(self, number: int, row: int) -> None:
        self._set(number, replace(self._strips[number], program=row - 1 if row else None))

    def _turn(self, number: int, percent: int) -> None:
        self._set(number, replace(self._strips[number], volume=percent / 100))

    def _set(self, number: int, strip: Strip) -> None:
        self._strips = (*self._strips[:number], strip, *self._strips[number + 1 :])
        self.changed.emit(number, strip)
