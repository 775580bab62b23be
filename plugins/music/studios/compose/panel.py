"""What stands beside the roll of the composing studio: the beginning, the settings and the buttons."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from gendesk.studios.music.recording import PhraseRecorder
from gendesk.studios.music.score_export import ScoreExport
from gendesk.widgets.icons import icon
from gendesk.widgets.plot.options import tool_button

from .beginning import BeginningBar
from .endless import Radio
from .radio import RadioBar
from .settings import ComposeSettings
from .takes import Take, Variations


class ComposePanel(QWidget):
    """Holds all controls but those of the roll.

    `turned` carries -1 for the variation before the one that is seen, 1 for the one after it; `recorded` carries a
    Score that was played on keys.
    """

    turned = Signal(int)
    recorded = Signal(object)

    def __init__(self, radio: Radio, export: ScoreExport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.beginning = BeginningBar()
        self.settings = ComposeSettings()
        self.radio_bar = RadioBar(radio)
        self._radio = radio
        self.status = QLabel()
        self.status.setProperty("role", "muted")
        self.status.setWordWrap(True)
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 4)
        column.setSpacing(8)
        column.addWidget(self.beginning)
        column.addWidget(self.settings)
        column.addLayout(self._make_buttons(export))
        column.addLayout(self._make_turning())
        column.addWidget(self.status)
        column.addStretch(1)

    def _make_buttons(self, export: ScoreExport) -> QHBoxLayout:
        self.compose = QPushButton(self.tr("Compose"))
        self.compose.setProperty("role", "primary")
        self.compose.setToolTip(self.tr("Compose behind the beginning that stands in the roll (Ctrl+Return)"))
        self.go_on = QPushButton(self.tr("Continue"))
        self.go_on.setToolTip(self.tr("Make all that stands in the roll the beginning, and compose behind it"))
        self.stop = QPushButton(icon("stop"), self.tr("Stop"))
        self.stop.setToolTip(self.tr("End the piece here (Esc)"))
        self.back = tool_button(
            self.tr("Back to the Beginning"),
            self.tr("Take the network's notes away again; Undo brings them back"),
            "reset",
        )
        self.more = tool_button(
            self.tr("Settings"), self.tr("Show temperatures, length, variations and seed"), "sliders"
        )
        self.more.setCheckable(True)
        self.more.toggled.connect(self.settings.setVisible)
        self.save = tool_button(
            self.tr("Save"), self.tr("Save what stands in the roll as MIDI, sound or picture"), "save"
        )
        self.save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.save)
        export.fill_menu(menu)
        self.save.setMenu(menu)
        self.record = tool_button(
            self.tr("Record a Phrase..."), self.tr("Play the beginning on a MIDI keyboard, or on this one"), "record"
        )
        self.record.clicked.connect(self._open_recorder)
        self.beginning.row.insertWidget(self.beginning.row.count() - 1, self.record)
        return _row(self.compose, self.go_on, self.stop, None, self.back, self.more, self.save)

    def _make_turning(self) -> QHBoxLayout:
        self.previous = tool_button(self.tr("Previous Variation"), self.tr("The variation before this one"), "left")
        self.next = tool_button(self.tr("Next Variation"), self.tr("The variation after this one"), "right")
        self.previous.clicked.connect(partial(self._turn, -1))
        self.next.clicked.connect(partial(self._turn, 1))
        self.place = QLabel()
        self.place.setProperty("role", "muted")
        return _row(self.radio_bar, None, self.previous, self.place, self.next)

    def set_room(self, *, wide: bool, high: bool) -> None:
        """Keep the settings in view where there is room for them, and behind a button else."""
        self.more.setVisible(not wide and not high)
        self.settings.setVisible(wide or high or self.more.isChecked())

    def tell(self, sentence: str) -> None:
        """Show a sentence on how it goes, or none."""
        self.status.setText(sentence)

    def tell_of(self, take: Take) -> None:
        """Say how far a piece has come, and how sure the network was of it."""
        chances = list(take.chances.values())
        if chances:
            text = self.tr("{0:,} steps, mean probability of a note {1:.0f} %")
            self.tell(text.format(take.steps, 100 * sum(chances) / len(chances)))
        elif take.over:
            self.tell(self.tr("The network takes the piece for finished here, and adds nothing."))
        else:
            self.tell(self.tr("Reading the beginning..."))

    def refresh(self, variations: Variations, *, ready: bool, notes: bool, composed: bool) -> None:
        """Show what can be done: with a model that is `ready`, with `notes` in the roll, some of them `composed`."""
        busy = variations.is_composing
        self.compose.setEnabled(ready and not busy)
        self.go_on.setEnabled(ready and not busy and notes)
        self.stop.setEnabled(busy or self._radio.is_on)
        self.back.setEnabled(composed)
        self.save.setEnabled(notes)
        self.radio_bar.switch.setEnabled(ready)
        self.radio_bar.refresh()
        several = len(variations.takes) > 1
        for part in (self.previous, self.place, self.next):
            part.setVisible(several)
        self.previous.setEnabled(variations.can_turn(-1))
        self.next.setEnabled(variations.can_turn(1))
        self.place.setText(self.tr("{0} of {1}").format(variations.number + 1, len(variations.takes)))

    def _turn(self, by: int, _checked: bool = False) -> None:
        self.turned.emit(by)

    def _open_recorder(self) -> None:
        dialog = QDialog(self)
        dialog.setWindowTitle(self.tr("Record a Phrase"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        recorder = PhraseRecorder(dialog)
        recorder.recorded.connect(self.recorded)
        recorder.recorded.connect(dialog.accept)
        column = QVBoxLayout(dialog)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(recorder)
        dialog.open()


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Return widgets in a row, room in place of None."""
    row = QHBoxLayout()
    row.setSpacing(4)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
