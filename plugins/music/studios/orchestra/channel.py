"""A channel of the orchestra console: one vector of noise between A and B."""

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QSizePolicy, QSlider, QToolButton, QVBoxLayout, QWidget

from gendesk.engine.music.console import PARTS, Console
from gendesk.engine.music.excerpts import VOICE_NAMES, VOICES
from gendesk.widgets.icons import icon
from gendesk.widgets.piano_roll.look import track_color
from gendesk.widgets.theme import changes_look, current_colors
from gendesk.widgets.translation import translated

ALL = -1
"""The part that stands for all of them."""

_STEPS = 100
_GLOBAL = 2


class Channel(QWidget):
    """Slider, re-roll, fives and lock of one part; says what a person does with them, and shows a console."""

    moved = Signal(int, float)  # the part, and its place from A (0) to B (1)
    settled = Signal()  # the mouse has let go of the slider
    rerolled = Signal(int)
    fives = Signal(int)
    locked = Signal(int, bool)

    def __init__(self, part: int, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.part = part
        self._whole = title if part == ALL else translated(PARTS[part])
        self.title = QLabel(title)
        self.slider = self._make_slider()
        self.title.setBuddy(self.slider)
        self.reroll = self._button("dice", self.tr("Re-roll"), self.tr("Draw another vector B, and go there"))
        self.reroll.clicked.connect(self._reroll)
        self.five = self._button("", "5", self.tr("Set all numbers of vector B to 5, far from any drawn, and go there"))
        self.five.clicked.connect(self._fives)
        self.lock = self._button("lock", self.tr("Lock"), self.tr("Keep this vector as it is, whatever is re-rolled"))
        self.lock.setCheckable(True)
        self.lock.toggled.connect(self._lock)

    def _make_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, _STEPS)
        slider.setAccessibleName(self._whole)
        slider.setToolTip(self.tr("{part}: at the left vector A, at the right B").format(part=self._whole))
        slider.setMinimumWidth(64)
        slider.valueChanged.connect(self._move)
        slider.sliderReleased.connect(self.settled)
        return slider

    def _button(self, picture: str, name: str, tip: str) -> QToolButton:
        button = QToolButton(self, autoRaise=True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # after a click Ctrl+Z is meant for this panel
        if picture:
            button.setIcon(icon(picture))
        else:
            button.setText(name)
        button.setAccessibleName(f"{self._whole}: {name}")
        button.setToolTip(tip)
        return button

    def parts(self) -> tuple[QWidget, ...]:
        """Return what stands in the row, from the left."""
        return self.title, self.slider, self.reroll, self.five, self.lock

    def show_console(self, console: Console) -> None:
        """Show where the part stands, and whether it is locked; nobody is told."""
        locked = self.part in console.locked
        with QSignalBlocker(self.slider), QSignalBlocker(self.lock):
            self.slider.setValue(round(_STEPS * console.mix[self.part]))
            self.lock.setChecked(locked)
        for control in (self.slider, self.reroll, self.five):
            control.setEnabled(not locked)

    def _move(self, value: int) -> None:
        self.moved.emit(self.part, value / _STEPS)

    def _reroll(self) -> None:
        self.rerolled.emit(self.part)

    def _fives(self) -> None:
        self.fives.emit(self.part)

    def _lock(self, locked: bool) -> None:
        self.locked.emit(self.part, locked)


class AllChannel(Channel):
    """Moves and re-rolls all parts that are not locked at once; they cannot all be locked or set to 5 here."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(ALL, title, parent)
        self.slider.setToolTip(self.tr("All vectors that are not locked: at the left A, at the right B"))
        self.reroll.setToolTip(self.tr("Draw another vector B for everything that is not locked, and go there"))

    def parts(self) -> tuple[QWidget, ...]:
        return self.title, self.slider, self.reroll

    def show_console(self, console: Console) -> None:
        """Show where the parts stand that are not locked, on average."""
        free = [share for part, share in enumerate(console.mix) if part not in console.locked]
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(_STEPS * sum(free) / max(1, len(free))))
        for control in (self.slider, self.reroll):
            control.setEnabled(bool(free))


class Channels(QScrollArea):
    """All channels, under headings: what is for all voices, melodies, and grooves; above, one for all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Vectors of noise"))
        inside = QWidget()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self.channels: list[Channel] = []
        self.every = AllChannel(self.tr("Everything"), self)
        self._add(self.every)
        voices = tuple(translated(name) for name in VOICE_NAMES)
        self._group(
            self.tr("All voices"),
            self.tr("Chords change from bar to bar, the style is that of the whole piece; both for all voices"),
            (translated("Chords"), translated("Style")),
        )
        self._group(self.tr("Melodies"), self.tr("What one voice sings; it changes from bar to bar"), voices)
        self._group(self.tr("Grooves"), self.tr("How one voice moves; the same in all bars"), voices)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.addLayout(self._grid)
        column.addStretch(1)
        self.setWidget(inside)
        self.setMinimumHeight(96)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._color()

    def _group(self, title: str, tip: str, names: tuple[str, ...]) -> None:
        heading = QLabel(title)
        heading.setProperty("role", "title")
        heading.setToolTip(tip)
        self._grid.addWidget(heading, self._grid.rowCount(), 0, 1, 5)
        for name in names:
            channel = Channel(len(self.channels), name, self)
            self.channels.append(channel)
            self._add(channel)

    def _add(self, channel: Channel) -> None:
        channel.hide()  # its parts stand in the grid, so that all rows are aligned
        row = self._grid.rowCount()
        for place, part in enumerate(channel.parts()):
            self._grid.addWidget(part, row, place)

    def show_console(self, console: Console) -> None:
        for channel in (self.every, *self.channels):
            channel.show_console(console)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self._color()

    def _color(self) -> None:
        """Give the names of voices the colours of their notes."""
        for channel in self.channels[_GLOBAL:]:
            color = track_color(current_colors(), (channel.part - _GLOBAL) % VOICES)
            channel.title.setStyleSheet(
                f"QLabel {{ border: 0 solid {color}; border-left-width: 4px; padding-left: 6px; }}"
            )
