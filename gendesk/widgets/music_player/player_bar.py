"""The row below a piece of music: play, stop, loop, how far it is, how fast, and what it sounds on."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QLabel, QSpinBox, QToolButton, QVBoxLayout, QWidget

from gendesk.widgets.icons import icon
from gendesk.widgets.music_player.mixer import Mixer
from gendesk.widgets.plot.options import tool_button

SLOWEST, FASTEST = 25, 400
"""Percent of the tempo that a score says."""

_ONE_ROW = 500  # logical pixels from which on everything stands in one row
_OUTPUT_LETTERS = 14


class PlayerBar(QWidget):
    """Emits what the person wants and shows what it is told; it plays nothing.

    `tempo_chosen` carries a factor, 1.0 for the score's own tempo, `output_chosen` the id of one of `set_outputs`;
    `outputs_wanted` says that the list of them is about to be looked at, and `mixer_wanted` the same of the `mixer`.
    """

    play_clicked = Signal()
    stop_clicked = Signal()
    loop_toggled = Signal(bool)
    tempo_chosen = Signal(float)
    output_chosen = Signal(str)
    outputs_wanted = Signal()
    mixer_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Player"))
        self.play = tool_button(self.tr("Play"), "", "play")
        self.stop = tool_button(self.tr("Stop"), self.tr("Stop, and go back to the beginning"), "stop")
        self.loop = tool_button(
            self.tr("Loop"), self.tr("Repeat what is marked in the ruler, or the whole piece, until you stop"), "loop"
        )
        self.loop.setCheckable(True)
        self.mix = tool_button(
            self.tr("Mixer"),
            self.tr("Which voices are heard, with what instrument and how loud; the metronome"),
            "sliders",
        )
        self.mixer = Mixer(self)
        self.time = QLabel()
        self.time.setAccessibleName(self.tr("Position"))
        self.time.setToolTip(self.tr("Minutes and seconds that have been played, and those of the whole piece"))
        self.time.setProperty("role", "muted")
        self.tempo = self._make_tempo()
        self.output = self._make_output()
        self.sentence = QLabel()
        self.sentence.setProperty("role", "muted")
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.hide()
        self.play.clicked.connect(self._play)
        self.stop.clicked.connect(self._stop)
        self.loop.toggled.connect(self.loop_toggled)
        self.mix.clicked.connect(self._open_mixer)
        self._arrange()
        self.set_playing(False)
        self.set_time(0.0, 0.0)

    def _make_tempo(self) -> QSpinBox:
        box = QSpinBox()
        box.setRange(SLOWEST, FASTEST)
        box.setSingleStep(5)
        box.setValue(100)
        box.setSuffix(self.tr(" %"))
        box.setAccessibleName(self.tr("Tempo"))
        box.setToolTip(self.tr("How fast it is played, as a share of the tempo of the piece; more is faster"))
        box.setKeyboardTracking(False)
        box.valueChanged.connect(self._choose_tempo)
        return box

    def _make_output(self) -> "_Outputs":
        box = _Outputs(self)
        box.setAccessibleName(self.tr("Output"))
        box.setToolTip(self.tr("What the notes sound on: the built-in sound, FluidSynth, or a MIDI port"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(_OUTPUT_LETTERS)
        box.opened.connect(self.outputs_wanted)
        box.activated.connect(self._choose_output)
        return box

    def _arrange(self) -> None:
        self._parts = (
            _row(self.play, self.stop, self.loop, self.mix, self.time),
            _row(_label(self.tr("&Tempo:"), self.tempo), self.tempo, _label(self.tr("&Output:"), self.output)),
        )
        others = self._parts[1].layout()
        assert isinstance(others, QHBoxLayout)
        others.addWidget(self.output, 1)
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._rows.setSpacing(4)
        self._rows.addWidget(self._parts[0], 1)
        self._rows.addWidget(self._parts[1])
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addLayout(self._rows)
        column.addWidget(self.sentence)

    # What is shown

    def set_playing(self, playing: bool) -> None:
        """Let the first button play or pause."""
        self.play.setIcon(icon("pause" if playing else "play"))
        self.play.setText(self.tr("Pause") if playing else self.tr("Play"))
        self.play.setAccessibleName(self.play.text())
        tip = self.tr("Pause where it is (Space)") if playing else self.tr("Play from the playhead on (Space)")
        self.play.setToolTip(tip)

    def set_time(self, seconds: float, whole: float) -> None:
        """Show how far it is, in seconds of the score."""
        text = f"{_clock(seconds)} / {_clock(whole)}"
        if text != self.time.text():
            self.time.setText(text)

    def set_loop(self, loop: bool) -> None:
        """Show whether it is repeated; nobody is told."""
        with QSignalBlocker(self.loop):
            self.loop.setChecked(loop)

    def set_tempo(self, factor: float) -> None:
        """Show the tempo; nobody is told."""
        with QSignalBlocker(self.tempo):
            self.tempo.setValue(round(100 * factor))

    def set_outputs(self, outputs: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer outputs as (id, title); one that is gone stays in sight while it is the chosen one."""
        known = [*outputs] if any(one == chosen for one, _ in outputs) else [*outputs, (chosen, chosen)]
        shown = [(self.output.itemData(row), self.output.itemText(row)) for row in range(self.output.count())]
        if shown != known:
            self.output.clear()
            for one, title in known:
                self.output.addItem(title, one)
                self.output.setItemData(self.output.count() - 1, title, Qt.ItemDataRole.ToolTipRole)
        self.output.setCurrentIndex(max(0, self.output.findData(chosen)))

    def set_sentence(self, sentence: str) -> None:
        """Say what is the matter with the sound, if anything."""
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))

    def set_playable(self, playable: bool) -> None:
        """Say whether there is anything to play."""
        for button in (self.play, self.stop, self.loop, self.mix):
            button.setEnabled(playable)

    # What the person does

    def _play(self) -> None:
        self.play_clicked.emit()

    def _stop(self) -> None:
        self.stop_clicked.emit()

    def _open_mixer(self) -> None:
        self.mixer_wanted.emit()
        self.mixer.open_at(self.mix)

    def _choose_tempo(self, percent: int) -> None:
        self.tempo_chosen.emit(percent / 100)

    def _choose_output(self) -> None:
        self.output_chosen.emit(self.output.currentData())

    def minimumSizeHint(self) -> QSize:
        """Return the size of two rows: in one, the bar would keep its panel from becoming narrow."""
        width = max(part.minimumSizeHint().width() for part in self._parts) + 16
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= _ONE_ROW
        self._rows.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)


class _Outputs(QComboBox):
    """Tells when its list is opened, so that what was plugged in meanwhile can be found."""

    opened = Signal()

    def showPopup(self) -> None:  # noqa: N802 (the name is Qt's)
        self.opened.emit()
        super().showPopup()


def _label(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(buddy)
    return label


def _row(*widgets: QWidget) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    for widget in widgets:
        row.addWidget(widget)
    if any(isinstance(widget, QToolButton) for widget in widgets):
        row.addStretch(1)
    return page


def _clock(seconds: float) -> str:
    """Return minutes and seconds, "1:05"."""
    whole = int(seconds + 1e-6)
    return f"{whole // 60}:{whole % 60:02}"
