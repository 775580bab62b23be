"""A piece of music in a roll, with the buttons that play it on the transport of its window."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from gendesk.music.player import Position, State
from gendesk.music.score import Score
from gendesk.studios.music.deck import Loop
from gendesk.studios.music.mixing_desk import join_mixer
from gendesk.studios.music.outputs import BUILT_IN, named
from gendesk.studios.music.transport import Transport, transport_of
from gendesk.widgets.music_player.player_bar import PlayerBar
from gendesk.widgets.piano_roll.roll import PianoRoll

_AT_ONCE = 1e-6  # beats
_ONE_ROW = 800  # logical pixels from which on what was added stands beside the player's bar


class RollDeck(QWidget):
    """A roll and a player's bar below it. It stops when it is hidden, and when something else in the window plays.

    `set_score` shows another piece, `exchange` the same one after a change, which is heard at once if it plays; so are
    edits in the roll. `finished` tells that a piece came to its end by itself, `moved` carries the beat of the playhead
    while it plays, and `state_changed` tells of the `state`.
    """

    state_changed = Signal()
    moved = Signal(float)
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token = object()  # what the transport knows this view by
        self._transport: Transport | None = None
        self._state = State.STOPPED
        self._wanted = False  # whether it was asked to play and not to stop
        self._start = 0.0
        self.roll = PianoRoll()
        self.bar = PlayerBar()
        self._foot = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._foot.setSpacing(0)
        self._foot.addWidget(self.bar, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.roll, 1)
        column.addLayout(self._foot)
        self.setFocusProxy(self.roll.canvas)
        self._connect()
        self._show_length()

    def add_before_bar(self, widget: QWidget) -> None:
        """Put something above the bar, or where there is room for both, at its left."""
        self._foot.insertWidget(0, widget, 0, Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        self.bar.play_clicked.connect(self.toggle)
        self.bar.stop_clicked.connect(self.stop)
        self.bar.loop_toggled.connect(self._change_loop)
        self.roll.edited.connect(self._take_edit)
        self.roll.loop_changed.connect(self._mark_loop)
        self.roll.sought.connect(self.seek)
        self.roll.pitch_pressed.connect(self._press)
        self.roll.pitch_released.connect(self._release)
        space = QAction(self.tr("Play or Pause"), self.roll.canvas)
        space.setShortcut(QKeySequence(Qt.Key.Key_Space))
        space.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        space.triggered.connect(self.toggle)
        self.roll.canvas.addAction(space)

    # What is shown

    @property
    def state(self) -> State:
        return self._state

    @property
    def is_playing(self) -> bool:
        return self._state is State.PLAYING

    def set_score(self, score: Score) -> None:
        """Show another piece; what played here stops."""
        self.stop()
        self.roll.set_score(score)
        self.roll.set_loop(0.0, 0.0)
        self._show_length()

    def exchange(self, score: Score) -> None:
        """Show the piece after a change; if it plays, it goes on at the same beat, and what both have sounds on."""
        self.roll.set_score(score)
        self._take_edit(score)

    def _take_edit(self, score: Score) -> None:
        self._show_length()
        if self._transport is not None and self._state is not State.STOPPED:
            self._transport.change(self._token, score)
            self._change_loop()

    def _show_length(self) -> None:
        score = self.roll.score
        self.bar.set_playable(score.note_count > 0)
        if self._state is State.STOPPED:
            self.bar.set_time(score.seconds_at(self._start), score.seconds)

    # What is heard

    def toggle(self) -> None:
        """Play, or pause."""
        if self.is_playing:
            if self._transport is not None:
                self._transport.pause(self._token)
        else:
            self.play(self._start if self._state is State.STOPPED else None)

    def play(self, beat: float | None = None) -> None:
        """Play from a beat on, or from where it was paused."""
        if self._transport is not None and self.roll.score.note_count:
            self._wanted = True
            if self._state is State.STOPPED:
                self._token = object()  # late reports of what was stopped a moment ago are not those of this piece
            self._transport.play(self._token, self.roll.score, self._loop(), beat)

    def stop(self) -> None:
        """Stop, and go back to the beginning; what another view plays goes on."""
        if self._transport is not None:
            self._transport.stop(self._token)
        self._wanted = False
        self._show_stopped()

    def seek(self, beat: float) -> None:
        """Go to a beat; if it is stopped, it will begin there."""
        if self._transport is not None and self._state is not State.STOPPED:
            self._transport.seek(self._token, beat)
        else:
            self._start = beat
            self.roll.set_position(beat)
            self._show_length()

    def _loop(self) -> Loop | None:
        """Return what is repeated: what is marked, or everything."""
        if not self.bar.loop.isChecked():
            return None
        start, end = self.roll.loop
        return (start, end) if end > start else (0.0, max(self.roll.score.end, _AT_ONCE))

    def _change_loop(self, _on: bool = False) -> None:
        if self._transport is not None:
            self._transport.set_loop(self._token, self._loop())

    def _mark_loop(self, start: float, end: float) -> None:
        """Repeat what a person has just marked in the ruler."""
        if end > start:
            self.bar.set_loop(True)
        self._change_loop()

    def _press(self, pitch: int) -> None:
        tracks = self.roll.score.tracks
        if self._transport is not None:
            track = tracks[self.roll.track] if tracks else None
            self._transport.press(pitch, track.program if track else 0, drums=track is not None and track.is_drums)

    def _piece(self) -> Score:
        return self.roll.score

    def _release(self, pitch: int) -> None:
        if self._transport is not None:
            self._transport.release(pitch)

    # What the transport says

    def _follow(self, owner: object, position: Position) -> None:
        """Move with what plays here, and stop where something else plays."""
        if owner is not self._token or position.state is State.STOPPED:
            self._end(by_itself=owner is self._token and self._wanted)
            return
        if not self._wanted:  # told before the stop, and come after it
            return
        self.bar.set_time(position.seconds, self.roll.score.seconds)
        self.roll.set_position(position.beat)
        playing = position.state is State.PLAYING
        self.roll.set_sounding(self._sounding(position.beat) if playing else ())
        self._set_state(position.state)
        if playing:
            self.moved.emit(position.beat)

    def _end(self, *, by_itself: bool) -> None:
        if self._state is not State.STOPPED:
            self._show_stopped()
            if by_itself:
                self._wanted = False
                self.finished.emit()

    def _sounding(self, beat: float) -> list[int]:
        document = self.roll.document
        return [int(pitch) for index in document.indexes for pitch in index.pitch[index.within(beat, beat + _AT_ONCE)]]

    def _show_stopped(self) -> None:
        self._start = 0.0
        self.bar.set_time(0.0, self.roll.score.seconds)
        self.roll.set_position(None)
        self.roll.set_sounding(())
        self._set_state(State.STOPPED)

    def _set_state(self, state: State) -> None:
        if state is not self._state:
            self._state = state
            self.bar.set_playing(self.is_playing)
            self.state_changed.emit()

    def _show_offer(self) -> None:
        if self._transport is not None:
            self.bar.set_tempo(self._transport.tempo)
            titles = {BUILT_IN: self.tr("Built-in sound")}
            chosen = self._transport.output
            offered = [(one.id, titles.get(one.id, one.title)) for one in self._transport.outputs]
            if all(one != chosen for one, _ in offered):
                offered.append((chosen, self.tr("{0} (not there)").format(named(chosen).title)))
            self.bar.set_outputs(offered, chosen)
            self.bar.set_sentence(self._transport.sentence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= _ONE_ROW
        self._foot.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._transport is None:
            # Only now it is known which window this belongs to.
            self._transport = transport_of(self)
            self._transport.moved.connect(self._follow)
            self._transport.changed.connect(self._show_offer)
            self.bar.tempo_chosen.connect(self._transport.set_tempo)
            self.bar.output_chosen.connect(self._transport.set_output)
            self.bar.outputs_wanted.connect(self._transport.list_outputs)
            join_mixer(self.bar, self._transport, self._piece)
            self._transport.list_outputs()
            self._show_offer()

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():  # a window that is made small goes on playing
            self.stop()
        super().hideEvent(event)
