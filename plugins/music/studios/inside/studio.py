"""What goes on inside a network that composes: what it expected, where it looked, and what surprised it in a piece."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gendesk.engine.music.composing import held_out_titles
from gendesk.engine.music.looking import (
    Looked,
    NewPiece,
    look_at,
    look_at_file,
    look_at_held_out,
    look_at_new,
    sound_map,
)
from gendesk.music.score import Score
from gendesk.studios.music.roll_deck import RollDeck
from gendesk.studios.music.transport import transport_of
from gendesk.studios.studio import Studio
from gendesk.widgets.dropping import dropped_files
from gendesk.widgets.panels import Panels

from .attention import AttentionPanel
from .pitches import PitchesPanel
from .sounds import SoundsPanel
from .source import SourceBar
from .surprise import SurprisePanel

WIDE, HIGH = 1000, 720  # logical pixels from which all panels are in view, and always the roll
_MARGIN = 4
_ATTENTION = 1  # its place among the panels
_ROLL_LOW, _ROLL_HIGH = 160, 190  # logical pixels
_SHORT = 500  # milliseconds that a pitch sounds which is clicked
_LOOKS, _READS = "looks", "piece"
_NOTHING = Score()


class InsideStudio(Studio):
    """Four panels on one piece, and a roll that plays it; all show the step that sounds or is pointed at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Inside"))
        self.setAcceptDrops(True)
        self.looked: Looked | None = None
        self._begun = False  # whether something has been asked about this model
        self._sounding: int | None = None
        self._pointed: int | None = None
        self.source = SourceBar()
        self.source.held_out_wanted.connect(self._look_at_held_out)
        self.source.file_wanted.connect(self.open_file)
        self.source.new_wanted.connect(self._look_at_new)
        self.note = QLabel()
        self.note.setProperty("role", "muted")
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.hide()
        self.pitches, self.attention = PitchesPanel(), AttentionPanel()
        self.surprise, self.sounds = SurprisePanel(), SoundsPanel()
        self.deck = RollDeck()
        self.deck.roll.set_read_only(True)
        self.deck.roll.set_velocities_shown(False)
        self.deck.roll.set_empty_text(self.tr("The piece appears here, coloured by what the network saw in it."))
        self._short = QTimer(self, singleShot=True, interval=_SHORT)
        self._short.timeout.connect(self._silence)
        self.panels = Panels(2, WIDE - 2 * _MARGIN)
        self._fill_panels()
        self._connect()
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(4)
        column.addWidget(self.source)
        column.addWidget(self.note)
        column.addWidget(self.panels, 1)
        column.addWidget(self.deck)
        self._show_roll()

    def _fill_panels(self) -> None:
        for panel, title, tip in (
            (self.pitches, self.tr("Pitches"), self.tr("How probable each pitch was; frames show what was played")),
            (self.attention, self.tr("Attention"), self.tr("Where the network looked at each step")),
            (self.surprise, self.tr("Surprise"), self.tr("How improbable what was played was, step by step")),
            (self.sounds, self.tr("Map"), self.tr("Which pitches or chords the network takes for alike")),
        ):
            self.panels.add(title, tip, panel)

    def _connect(self) -> None:
        self.pitches.pointed.connect(self._point)
        self.attention.pointed.connect(self._point)
        self.surprise.pointed.connect(self._point)
        self.pitches.chosen.connect(self._seek)
        self.attention.chosen.connect(self._seek)
        self.surprise.played.connect(self._play_from)
        self.pitches.sound_wanted.connect(self._hear)
        self.attention.changed.connect(self._color_roll)
        self.sounds.changed.connect(self._map)
        self.panels.chosen.connect(self._show_roll)
        self.deck.moved.connect(self._move)
        self.deck.state_changed.connect(self._take_state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.source.set_wide(self.width() >= WIDE)
        self._show_roll()
        super().resizeEvent(event)
        if event.oldSize().width() != self.width():
            self.deck.roll.show_everything()

    def _show_roll(self, _panel: int = 0) -> None:
        """Show the roll where there is room, and where it shows where a step looked."""
        wide, high = self.width() >= WIDE, self.height() >= HIGH
        self.deck.roll.setFixedHeight(_ROLL_HIGH if high else _ROLL_LOW)
        self.deck.roll.setVisible(high or (not wide and self.panels.current == _ATTENTION))
        self._color_roll()

    # The model

    def on_session(self) -> None:
        self.looked, self._begun = None, False
        self._sounding = self._pointed = None
        self._show()
        self.sounds.show_sounds(None)
        self.source.set_titles(())
        self.model_changed()

    def model_changed(self) -> None:
        if self.looked is not None:
            self.ask(_LOOKS, look_at, self.looked.piece, slow=True)
        elif not self._begun:
            self._begun = True
            self.ask("titles", held_out_titles, None, data=True, slow=True)
        if self.sounds.method.currentData() == "pca" or self.looked is None:
            self._map()

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if asker == "titles":
            self.source.set_titles(result)
            if result:
                self._look_at_held_out(0)
            else:
                self.source.compose()
        elif asker == "sounds":
            self.sounds.show_sounds(result)
        elif asker == _READS or (self.looked is not None and argument is self.looked.piece):
            self._take(result, new=asker == _READS)

    def on_failure(self, asker: str, sentence: str) -> None:
        if asker == "titles":
            self.source.compose()  # the data are gone; what the network composes can be looked at all the same
        else:
            self._say(sentence)
            super().on_failure(asker, sentence)

    def _take(self, looked: Looked, *, new: bool) -> None:
        self.looked = looked
        self._say("")
        if new:
            self.deck.set_score(looked.score)
            self._sounding = self._pointed = None
        self._show()

    def _say(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def _map(self) -> None:
        self.ask("sounds", sound_map, self.sounds.method.currentData(), slow=True)

    # The piece

    def _look_at_held_out(self, number: int) -> None:
        self._read(look_at_held_out, number, data=True)

    def _look_at_new(self, wish: NewPiece) -> None:
        self.source.set_other(self.tr("New piece, seed {seed}").format(seed=wish.seed))
        self._read(look_at_new, wish)

    def open_file(self, path: Path) -> None:
        """Look at a MIDI file."""
        self.source.set_other(path.name)
        self._read(look_at_file, path)

    def _read(self, operation: Any, argument: Any, *, data: bool = False) -> None:
        if self.session is not None:
            self._say(self.tr("The network reads the piece..."))
            self.ask(_READS, operation, argument, data=data, slow=True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if paths := dropped_files(event):
            event.acceptProposedAction()
            self.open_file(Path(paths[0]))

    # What is seen and heard

    def _show(self) -> None:
        for panel in (self.pitches, self.attention, self.surprise):
            panel.show_looked(self.looked)
        if self.looked is None:
            self.deck.set_score(_NOTHING)
        self._show_step()

    def _show_step(self) -> None:
        step = self._pointed if self._pointed is not None else self._sounding
        for panel in (self.pitches, self.attention, self.surprise):
            panel.show_step(step)
        self._color_roll()

    def _color_roll(self) -> None:
        """Colour notes by where the step in question looked, or else by how probable they were."""
        looked = self.looked
        step = self._pointed if self._pointed is not None else self._sounding
        if looked is None or not self.deck.roll.isVisibleTo(self):
            return
        if step is not None and looked.looks is not None:
            self.deck.roll.set_values(self.attention.looks_at(step), self.tr("Attention, of the most"))
        else:
            chances = zip(looked.notes, looked.chances.tolist(), strict=True)
            self.deck.roll.set_values({note: chance for notes, chance in chances for note in notes})

    def _point(self, step: int | None) -> None:
        if step != self._pointed:
            self._pointed = step
            self._show_step()

    def _move(self, beat: float) -> None:
        step = self.looked.step_at(beat) if self.looked is not None else None
        if step != self._sounding:
            self._sounding = step
            self._show_step()

    def _take_state(self) -> None:
        if not self.deck.is_playing:
            return
        self._pointed = None  # a cursor of the keyboard stays where it is, and music moves on

    def _seek(self, step: int) -> None:
        if self.looked is not None:
            self._sounding = step
            self.deck.seek(float(self.looked.begins[step]))
            self._show_step()

    def _play_from(self, step: int) -> None:
        if self.looked is not None:
            self._sounding, self._pointed = step, None
            self.deck.play(float(self.looked.begins[step]))
            self._show_step()

    def _hear(self, pitches: tuple[int, ...]) -> None:
        self._silence()
        for pitch in pitches:
            transport_of(self).press(pitch)
        self._short.start()

    def _silence(self) -> None:
        transport_of(self).release()
