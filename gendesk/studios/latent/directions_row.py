"""One direction in the list: a lock, its name, a slider for how far to go, and the number."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontDatabase, QIcon, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from gendesk.studios.latent.directions_state import REACH, Dial
from gendesk.widgets.icons import icon
from gendesk.widgets.latent.slider_row import JumpSlider

_STEPS = 20  # for each unit of the code
_NAME_WIDTH = 120  # logical pixels, in a narrow list
_NAME_SHARE = 0.4  # of a wide one


class DirectionRow(QWidget):
    """`changed` carries the strength that the person gives; Delete on any part of the row asks to remove it."""

    changed = Signal(float)
    settled = Signal()
    chosen = Signal()
    kept = Signal(bool)
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._stale = False
        self._shown: tuple[Dial, bool, bool] | None = None
        self.lock = QToolButton(self, autoRaise=True)
        self.lock.setCheckable(True)
        self.lock.setIcon(icon("lock"))
        self.lock.toggled.connect(self.kept)
        self.name = QPushButton(self, flat=True)
        self.name.setCheckable(True)
        self.name.setStyleSheet("text-align: left; padding-left: 6px")
        self.name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.name.clicked.connect(self.chosen)
        self.slider = JumpSlider(self)
        self.slider.setRange(round(-REACH * _STEPS), round(REACH * _STEPS))
        self.slider.setPageStep(_STEPS)
        self.slider.reset.connect(self._reset)
        self.slider.sliderPressed.connect(self.chosen)
        self.slider.valueChanged.connect(self._tell)
        self.slider.sliderReleased.connect(self.settled)
        self._value = QLabel(self)
        self._value.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._value.setMinimumWidth(self._value.fontMetrics().horizontalAdvance("\N{MINUS SIGN}0.00"))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(4)
        for part in (self.lock, self.name, self.slider, self._value):
            row.addWidget(part, 1 if part is self.slider else 0)

    def show_dial(self, dial: Dial, *, chosen: bool, works: bool) -> None:
        """Show a direction and its strength; one that does not work has nothing left beside what is kept."""
        if self._shown == (dial, chosen, works):
            return
        self._shown = dial, chosen, works
        name = self._text = dial.direction.name
        self.slider.setAccessibleName(self.tr("Strength of {name}").format(name=name))
        self.name.setAccessibleName(name)
        self.name.setToolTip(
            self.tr("{name}: show below what it does, and how it was found. Delete removes it.").format(name=name)
        )
        self.lock.setAccessibleName(self.tr("Keep {name}").format(name=name))
        self.lock.setToolTip(
            self.tr("Keep {name} as it is: whatever the other directions share with it is taken out of them").format(
                name=name
            )
        )
        self.slider.setToolTip(
            self.tr("How far to go along {name}, in units of the code. A double click goes back to 0.").format(
                name=name
            )
            if works
            else self.tr("What is kept leaves nothing of this direction")
        )
        self.slider.setEnabled(works)
        self.name.setChecked(chosen)
        with QSignalBlocker(self.lock):
            self.lock.setChecked(dial.kept)
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(dial.strength * _STEPS))
        self._value.setText(strength_text(dial.strength))
        self._elide()

    def mark_stale(self, *, stale: bool) -> None:
        """Mark the name of a direction that was found on another state of the model."""
        if stale != self._stale:
            self._stale = stale
            self.name.setIcon(icon("warning") if stale else QIcon())
            words = self.tr("found on an older state of the model") if stale else ""
            self.name.setAccessibleDescription(words)
            self._elide()

    def _elide(self) -> None:
        self.name.setFixedWidth(max(_NAME_WIDTH, round(_NAME_SHARE * self.width())))
        room = self.name.width() - 20 - (self.name.iconSize().width() + 4 if self._stale else 0)
        self.name.setText(self.name.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room))

    def _reset(self) -> None:
        self.slider.setValue(0)

    def _tell(self, steps: int) -> None:
        self.changed.emit(steps / _STEPS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._elide()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)


def strength_text(value: float) -> str:
    """Write a strength with a real minus sign, and a plus sign before what goes forth."""
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}") if abs(value) >= 0.005 else "0.00"
