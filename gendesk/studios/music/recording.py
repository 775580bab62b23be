"""Records a phrase that somebody plays: on a MIDI keyboard, on the computer's, or with the mouse."""

import time
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSpinBox, QWidget

from gendesk.music.metronome import clicks
from gendesk.music.player import Position, State
from gendesk.music.ports import NoteEvent, open_input
from gendesk.music.recording import Take
from gendesk.music.score import DRUMS, Meter, Score, Tempo, Track
from gendesk.studios.music.deck import AUDITION
from gendesk.studios.music.listening import Listener, Opens
from gendesk.studios.music.outputs import Offer
from gendesk.studios.music.piano_keys import PianoKeys
from gendesk.studios.music.transport import Transport, transport_of
from gendesk.widgets.icons import icon
from gendesk.widgets.piano_roll.names import pitch_name

_BEATS = 4.0
"""Beats of the bar that is counted in."""

_EARLY = 0.5
"""Beats before the end of that bar from which on notes are kept: most people come in a little early."""


class PhraseRecorder(QWidget):
    """Sounds what is played on the transport of its window, and records it between two clicks on its button.

    The phrase is in sixteenths and begins with its first note.
    """

    recorded = Signal(object)  # a Score of one track
    started = Signal()

    def __init__(self, parent: QWidget | None = None, opens: Opens = open_input) -> None:
        """`opens` opens a MIDI input by its name."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Recorder"))
        self._program = 0
        self._take: Take | None = None
        self._counting = False
        self._transport: Transport | None = None
        self._token = object()  # what the transport knows the metronome by
        self._sounding: set[int] = set()
        self._listener = Listener(self, opens)
        self.keys = PianoKeys()
        self.button = QPushButton()
        self.tempo = self._make_tempo()
        self.metronome = QCheckBox(self.tr("&Metronome"))
        self.metronome.setToolTip(self.tr("Counts four beats in, then clicks on every beat while you play"))
        self.input = self._make_input()
        self.note = QLabel()
        self.sentence = QLabel()
        self._arrange()
        self._connect()
        self._show_state()

    @property
    def is_recording(self) -> bool:
        """Whether what is played is kept, or will be once four beats are counted in."""
        return self._take is not None

    def set_program(self, program: int) -> None:
        """Play and record with another instrument of General MIDI, 0 to 127."""
        self._program = program

    def _make_tempo(self) -> QSpinBox:
        box = QSpinBox()
        box.setRange(30, 240)
        box.setValue(90)
        box.setSuffix(self.tr(" bpm"))
        box.setAccessibleName(self.tr("Tempo of the recording"))
        box.setToolTip(self.tr("Quarter notes in a minute: what you play is cut into sixteenths of this tempo"))
        return box

    def _make_input(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("MIDI input"))
        box.setToolTip(self.tr("The MIDI keyboard that is heard and recorded; one that you connect appears by itself"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        return box

    def _arrange(self) -> None:
        label = QLabel(self.tr("MIDI &input:"))
        label.setBuddy(self.input)
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (self.button, self.tempo, self.metronome):
            row.addWidget(part)
        row.addStretch(1)
        for text in (self.note, self.sentence):
            text.setProperty("role", "muted")
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setWordWrap(True)
        self.note.setAccessibleName(self.tr("What is played"))
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 8, 8, 8)
        grid.setSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.addLayout(row, 0, 0, 1, 2)
        grid.addWidget(label, 1, 0)
        grid.addWidget(self.input, 1, 1)
        grid.addWidget(self.sentence, 2, 0, 1, 2)
        grid.addWidget(self.keys, 3, 0, 1, 2)
        grid.addWidget(self.note, 4, 0, 1, 2)
        self.setFocusProxy(self.keys)

    def _connect(self) -> None:
        self.button.clicked.connect(self.toggle)
        self.input.activated.connect(self._listen)
        self.keys.pressed.connect(self._press)
        self.keys.released.connect(partial(self._play, velocity=0))
        self._listener.heard.connect(self._hear)
        self._listener.answered.connect(self._show_sentence)

    # Recording

    def toggle(self) -> None:
        """Begin to record, or end that."""
        if self.is_recording:
            self.stop()
        else:
            self.start()

    def start(self) -> None:
        """Record from now on, after four beats if the metronome is on."""
        self._take = Take(self.tempo.value(), self._program)
        self._counting = self.metronome.isChecked() and self._transport is not None
        if self._counting and self._transport is not None:
            self._transport.play(self._token, self._clicks(), (0.0, _BEATS), 0.0)
        self.keys.setFocus()
        self._show_state()
        self.started.emit()

    def stop(self) -> None:
        """End, and give away what was recorded, if anything was."""
        take, self._take = self._take, None
        self._counting = False
        if take is None:
            return
        self._end_clicks()
        self.keys.let_go()
        score = take.score(time.perf_counter())
        self._show_state()
        if score.note_count:
            self.note.setText(self.tr("Recorded: {0} notes, {1:.2g} beats").format(score.note_count, score.end))
            self.recorded.emit(score)
        else:
            self.note.setText(self.tr("Nothing was played; press Record and play a few notes."))

    def _clicks(self) -> Score:
        """Return a bar of clicks at the tempo of the recording, whatever the transport makes of tempos."""
        factor = self._transport.tempo if self._transport is not None else 1.0
        bar = Score((), (Tempo(0.0, self.tempo.value() / factor),), (Meter(0.0, 4, 4),))
        return Score((Track(tuple(clicks(bar, _BEATS)), channel=DRUMS),), bar.tempos, bar.meters)

    def _end_clicks(self) -> None:
        if self._transport is not None:
            self._transport.stop(self._token)

    def _follow(self, owner: object, position: Position) -> None:
        """Begin when four beats are counted, or when something else plays."""
        if not self._counting or position.state is not State.PLAYING:
            return
        if owner is not self._token or position.beat >= _BEATS - _EARLY:
            self._counting = False
            self._show_state()

    # Notes

    def _press(self, pitch: int) -> None:
        self._play(pitch, velocity=AUDITION)

    def _play(self, pitch: int, velocity: int) -> None:
        self._hear(NoteEvent(time.perf_counter(), 0, pitch, velocity))

    def _hear(self, event: NoteEvent) -> None:
        """Let a key sound, show it, and keep it."""
        if event.velocity:
            self._sounding.add(event.pitch)
        else:
            self._sounding.discard(event.pitch)
        self.keys.set_sounding(frozenset(self._sounding))
        if self._transport is not None and event.velocity:
            self._transport.press(event.pitch, self._program, velocity=event.velocity)
        elif self._transport is not None:
            self._transport.release(event.pitch)
        if self._take is not None and not self._counting:
            self._take.add(event)
        if event.velocity:
            self._show_note(event)

    # What is shown

    def _show_note(self, event: NoteEvent) -> None:
        name = pitch_name(event.pitch)
        if self._take is not None and not self._counting:
            self.note.setText(self.tr("{0}, velocity {1}; notes: {2}").format(name, event.velocity, self._take.count))
        else:
            self.note.setText(self.tr("{0}, velocity {1}").format(name, event.velocity))

    def _show_state(self) -> None:
        recording = self.is_recording
        self.button.setText(self.tr("Stop") if recording else self.tr("Record"))
        self.button.setIcon(icon("stop" if recording else "record"))
        self.button.setToolTip(
            self.tr("End the recording and use the phrase")
            if recording
            else self.tr("Record what you play; the phrase begins with its first note")
        )
        self.tempo.setEnabled(not recording)
        self.metronome.setEnabled(not recording)
        if self._counting:
            self.note.setText(self.tr("Counting in..."))
        elif recording:
            self.note.setText(self.tr("Play: the phrase begins with its first note."))
        else:
            self.note.setText(self.tr("Click on the keys, or type the letters on them."))

    def _show_sentence(self, problem: str) -> None:
        """Say why no MIDI keyboard is heard, if so: `problem` is that of the one which is chosen."""
        offer = self._transport.offer if self._transport is not None else Offer()
        missing = "" if offer.inputs else offer.problem or self.tr("No MIDI keyboard is connected.")
        self.sentence.setText(problem or missing)
        self.sentence.setVisible(bool(self.sentence.text()))

    def _show_inputs(self) -> None:
        """Offer the inputs that there are; the one that is heard stays, and otherwise the first is taken."""
        if self._transport is None:
            return
        offer = self._transport.offer
        shown = [self.input.itemText(row) for row in range(self.input.count())]
        if shown != list(offer.inputs) or not shown:
            before = self.input.currentText()
            with QSignalBlocker(self.input):
                self.input.clear()
                self.input.addItems(list(offer.inputs) or [self.tr("None found")])
                self.input.setCurrentIndex(max(0, self.input.findText(before)))
            self.input.setEnabled(bool(offer.inputs))
            self._show_sentence("")
            self._listen()

    def _listen(self, _row: int = 0) -> None:
        self._listener.listen(self.input.currentText() if self.input.isEnabled() else "")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._transport is None:
            # Only now it is known which window this belongs to.
            self._transport = transport_of(self)
            self._transport.moved.connect(self._follow)
            self._transport.changed.connect(self._show_inputs)
        self._transport.list_outputs()
        self._show_inputs()
        self._listen()

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():  # a window that is made small goes on recording
            self.stop()
            self._listener.listen("")
            if self._transport is not None:
                for pitch in self._sounding:
                    self._transport.release(pitch)
            self._sounding.clear()
            self.keys.set_sounding(frozenset())
        super().hideEvent(event)
