"""What the orchestra console plays: a piece that goes on at the same beat when it is changed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QWidget

from gendesk.engine.music.excerpts import CHOIR
from gendesk.music.player import Position, State
from gendesk.music.score import Score
from gendesk.studios.music.mixing_desk import join_mixer
from gendesk.studios.music.outputs import BUILT_IN
from gendesk.studios.music.transport import Transport, transport_of
from gendesk.widgets.music_player.player_bar import PlayerBar
from gendesk.widgets.piano_roll.roll import PianoRoll

_SHORTEST = 1e-6  # beats
Loop = tuple[float, float]


class ConsolePlayer(PlayerBar):
    """Plays one score, over and over unless the loop is switched off; another one takes over in the middle of it.

    What is played is not what a roll shows, whose notes are marked by their velocities. `moved` carries the beat and
    the pitches that sound, or None and () when it is stopped. It plays on the transport of its window, which it asks
    for when it is shown first, and stops when it is hidden.
    """

    moved = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.score = Score()
        self._token = object()  # what the transport knows this player by
        self._transport: Transport | None = None
        self._state = State.STOPPED
        self._wanted = False  # whether it was asked to play and not to stop
        self._start = 0.0
        self._marked: Loop = (0.0, 0.0)
        self._beat = 0.0  # that was told last
        self.set_loop(True)
        self.set_playable(False)
        self.play_clicked.connect(self.toggle)
        self.stop_clicked.connect(self.end)
        self.loop_toggled.connect(self._tell_loop)

    def attach(self, roll: PianoRoll) -> None:
        """Do what a person does in a roll that shows the score: seek, mark a loop, press keys and the space bar."""
        roll.sought.connect(self.seek)
        roll.loop_changed.connect(self.mark_loop)
        roll.pitch_pressed.connect(self.press)
        roll.pitch_released.connect(self.release)
        space = QAction(self.tr("Play or Pause"), roll.canvas)
        space.setShortcut(QKeySequence(Qt.Key.Key_Space))
        space.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        space.triggered.connect(self.toggle)
        roll.canvas.addAction(space)

    @property
    def is_playing(self) -> bool:
        return self._state is State.PLAYING

    def set_score(self, score: Score) -> None:
        """Play another score from now on: at once, and from the beat where the one before is, if it plays."""
        if score.tracks == self.score.tracks:
            return
        self.score = score
        self.set_playable(score.note_count > 0)
        if self._transport is None or not self._wanted:
            self.set_time(0.0, score.seconds)
        elif not score.note_count:
            self.end()
        else:
            if self._beat >= score.end:  # it is shorter than the one before
                self._transport.seek(self._token, 0.0)
            self._transport.change(self._token, score)
            self._tell_loop()

    def begin(self) -> None:
        """Play, unless it does."""
        if not self.is_playing:
            self.toggle()

    def toggle(self) -> None:
        """Play, or pause."""
        if self._transport is None or not self.score.note_count:
            return
        if self.is_playing:
            self._transport.pause(self._token)
        else:
            self._wanted = True
            start = self._start if self._state is State.STOPPED else None
            self._transport.play(self._token, self.score, self._loop(), start)

    def end(self) -> None:
        """Stop, and go back to the beginning; what another view plays goes on."""
        if self._transport is not None:
            self._transport.stop(self._token)
        self._show_stopped()

    def seek(self, beat: float) -> None:
        """Go to a beat, or begin there."""
        if self._transport is not None and self._state is not State.STOPPED:
            self._transport.seek(self._token, beat)
        else:
            self._start = beat
            self.set_time(self.score.seconds_at(beat), self.score.seconds)
            self.moved.emit(beat, ())

    def mark_loop(self, start: float, end: float) -> None:
        """Repeat what a person has marked in a ruler; everything if the beats are equal."""
        self._marked = (start, end)
        if end > start:
            self.set_loop(True)
        self._tell_loop()

    def press(self, pitch: int) -> None:
        """Let a key sound."""
        if self._transport is not None:
            self._transport.press(pitch, CHOIR)

    def release(self, pitch: int) -> None:
        """End a key."""
        if self._transport is not None:
            self._transport.release(pitch)

    def _loop(self) -> Loop | None:
        if not self.loop.isChecked():
            return None
        start, end = self._marked
        whole = max(self.score.end, _SHORTEST)
        return (start, min(end, whole)) if start < min(end, whole) else (0.0, whole)

    def _tell_loop(self, _on: bool = False) -> None:
        if self._transport is not None:
            self._transport.set_loop(self._token, self._loop())

    # What the transport says

    def _follow(self, owner: object, position: Position) -> None:
        """Move with what plays here, and stop where something else plays."""
        if owner is not self._token or position.state is State.STOPPED:
            if self._state is not State.STOPPED:
                self._show_stopped()
            return
        if not self._wanted:  # told before the stop, and come after it
            return
        self._state, self._beat = position.state, position.beat
        self.set_playing(self.is_playing)
        self.set_time(position.seconds, self.score.seconds)
        self.moved.emit(position.beat, self._sounding(position.beat) if self.is_playing else ())

    def _sounding(self, beat: float) -> tuple[int, ...]:
        return tuple(note.pitch for _, note in self.score.notes() if note.start <= beat < note.end)

    def _show_stopped(self) -> None:
        self._state, self._wanted = State.STOPPED, False
        self._start = self._beat = 0.0
        self.set_playing(False)
        self.set_time(0.0, self.score.seconds)
        self.moved.emit(None, ())

    def _show_offer(self) -> None:
        if self._transport is not None:
            self.set_tempo(self._transport.tempo)
            titles = {BUILT_IN: self.tr("Built-in sound")}
            offered = [(one.id, titles.get(one.id, one.title)) for one in self._transport.outputs]
            self.set_outputs(offered, self._transport.output)
            self.set_sentence(self._transport.sentence)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._transport is None:
            # Only now it is known which window this belongs to.
            self._transport = transport_of(self)
            self._transport.moved.connect(self._follow)
            self._transport.changed.connect(self._show_offer)
            self.tempo_chosen.connect(self._transport.set_tempo)
            self.output_chosen.connect(self._transport.set_output)
            self.outputs_wanted.connect(self._transport.list_outputs)
            join_mixer(self, self._transport, self._piece)
            self._transport.list_outputs()
            self._show_offer()

    def _piece(self) -> Score:
        return self.score

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():  # a window that is made small goes on playing
            self.end()
        super().hideEvent(event)
