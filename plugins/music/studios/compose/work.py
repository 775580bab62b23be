"""What is done with the roll of the composing studio: a beginning, the network's notes behind it, and the radio."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from gendesk.engine.music.composing import Quill, Task
from gendesk.music.cutting import up_to
from gendesk.music.score import Note, Score
from gendesk.widgets.piano_roll.names import Scale

from .deck import ComposeDeck
from .endless import Radio
from .panel import ComposePanel
from .takes import Take, Variations


class ComposeWork(QObject):
    """Decides what stands in the roll. `asked` carries who asks the network, and the Task or Quill to compose by.

    What stands in the roll is the beginning, until the network has composed behind it: then it is what stands before
    the network's notes.
    """

    asked = Signal(str, object)

    def __init__(self, deck: ComposeDeck, panel: ComposePanel, radio: Radio, parent: QObject) -> None:
        super().__init__(parent)
        self.is_ready = False  # whether there is a network that composes
        self.deck, self.panel, self.radio = deck, panel, radio
        self.variations = Variations(self)
        self._known: Mapping[Note, float] = {}  # chances of the beginning's notes, where a network has made them
        self._border: float | None = None  # the beat at which the network's notes begin, where there are any
        self._runs = 0
        deck.changed.connect(self._take_edit)
        deck.ended.connect(self._take_end)
        deck.halted.connect(self._switch_off)
        deck.waits.connect(self._tell_wait)
        self.variations.wanted.connect(self._ask_variation)
        self.variations.grew.connect(self._show_take)
        self.variations.progressed.connect(self.refresh)
        radio.wanted.connect(self._ask_radio)
        radio.shown.connect(self._show_radio)
        radio.exhausted.connect(self._tell_exhausted)

    # Beginnings

    def set_ready(self, ready: bool) -> None:
        """Hear whether there is a network that composes; it is another one than before."""
        self.halt()
        self._forget()
        self.is_ready = ready
        self.panel.tell("")
        self.refresh()

    def begin_with_own(self, score: Score) -> None:
        """Put a person's own notes into the roll."""
        self.panel.beginning.set_own()
        self.begin_with(score)

    def begin_with_nothing(self) -> None:
        """Empty the roll."""
        self.begin_with(Score())

    def begin_with(self, score: Score) -> None:
        """Put a beginning into the roll."""
        self.halt()
        self._forget()
        self.deck.show_score(score, None)
        self.deck.roll.set_scale(Scale.of_key(score.keys[0]) if score.keys else None)
        self.panel.tell("")
        self.refresh()

    def show_beginning(self) -> None:
        """Take away what the network has composed."""
        begun, known = self._beginning(), self._known
        self.halt()
        self._forget()
        self._known = known
        self.deck.show_score(begun, known or None)
        self.panel.tell("")
        self.refresh()

    @property
    def chances(self) -> Mapping[Note, float]:
        """The chances of all notes in the roll that the network has made."""
        take = self.variations.current
        return {**self._known, **take.chances} if take else self._known

    def _beginning(self) -> Score:
        """Return what is not the network's; of many voices, its first notes come before the last ones end."""
        take = self.variations.current
        if self._border is None or take is None:
            return self.deck.score
        own = (track.with_notes(set(track.notes) - set(take.chances)) for track in self.deck.score.tracks)
        return up_to(replace(self.deck.score, tracks=tuple(own)), self._border)

    def _forget(self) -> None:
        self.variations.show()
        self._border, self._known = None, {}

    def _take_edit(self) -> None:
        """Let notes that a person has changed be what counts."""
        chances = self.chances
        if self.variations.is_composing or self.radio.is_on:
            self.variations.stop()
            self._switch_off()
            self.deck.show_score(self.deck.score, chances)
            self.panel.tell(self.tr("You have changed the notes, so composing has stopped."))
        if not any(note in chances for _, note in self.deck.score.notes()):
            self._border = None
        self.panel.beginning.set_own()
        self.refresh()

    # Composing

    def start(self) -> None:
        """Compose behind the beginning, and forget what was composed behind it before."""
        self._compose_behind(self._beginning(), self._known)

    def continue_piece(self) -> None:
        """Compose behind all that stands in the roll."""
        self._compose_behind(self.deck.score, self.chances)

    def end(self) -> None:
        """Stop composing here; what is there stays, and the radio is off."""
        if self.variations.is_composing:
            self.variations.stop()
            self._show_take()
        self._switch_off()

    def halt(self) -> None:
        """Stop composing and playing."""
        self.variations.stop()
        self._switch_off()
        self.deck.stop()

    def turn(self, by: int) -> None:
        """Show another variation, and play it if the one before was heard."""
        heard = self.deck.is_heard
        self.deck.stop()
        self.variations.turn(by)
        self._show_take()
        current = self.variations.current
        if heard and current is not None:
            self.deck.begin(_lead_in(current.task.begun))
        self.refresh()

    def _compose_behind(self, begun: Score, known: Mapping[Note, float]) -> None:
        if not self.is_ready or self.variations.is_composing:
            return
        self.halt()
        self._known = known
        self._runs += 1
        settings = self.panel.settings
        self.variations.begin(*(settings.task(begun, number) for number in range(settings.variations.value())))
        self._show_take()
        if settings.play.isChecked():
            self.deck.begin(_lead_in(begun))
        self.refresh()

    def _ask_variation(self, wanted: Task | Quill) -> None:
        self.asked.emit("variation", wanted)

    def _show_take(self) -> None:
        take = self.variations.current
        if take is not None:
            self._border = take.start
            key = f"piece {self._runs} {self.variations.number}"
            self.deck.show_score(take.score, self.chances, key, grows=self.variations.grows)
            self.panel.tell_of(take)
        self.refresh()

    # The radio

    def switch_radio(self, on: bool) -> None:
        """Turn the radio on, or off and be silent."""
        if on == self.radio.is_on:
            return
        self.halt()
        if on:
            self._forget()
            self.panel.beginning.set_own()
            self.deck.roll.set_scale(None)
            self._runs += 1
            self.radio.start(self.panel.settings.task(Score()))
            self.panel.radio_bar.switch.setChecked(True)
        self.refresh()

    def play_again(self, take: Take) -> None:
        """Play a piece of the radio once more."""
        if self.radio.is_on:
            self.radio.again(take)
        else:
            self._show_radio(take)

    def _switch_off(self) -> None:
        """Turn the radio off; what plays goes on to its end."""
        self.radio.stop()
        self.panel.radio_bar.switch.setChecked(False)
        self.refresh()

    def _ask_radio(self, wanted: Task | Quill) -> None:
        self.asked.emit("radio", wanted)

    def _show_radio(self, take: Take) -> None:
        other = self.variations.current is not take
        if other:
            self.deck.stop()
            self.variations.show(take)
        self._border, self._known = 0.0, {}
        self.deck.show_score(take.score, take.chances, f"radio {self._runs}", grows=not take.over)
        if other:
            self.deck.begin(0.0)
        self.panel.tell(self.panel.radio_bar.name(take))
        self.refresh()

    def _take_end(self) -> None:
        if self.radio.is_on:
            self.radio.skip()

    # What is seen

    def refresh(self) -> None:
        """Show what can be done now."""
        notes = self.deck.score.note_count > 0
        composed = notes and self._border is not None
        self.panel.refresh(self.variations, ready=self.is_ready, notes=notes, composed=composed)

    def _tell_wait(self) -> None:
        self.panel.tell(self.tr("The network composes more slowly than the piece plays; please wait."))

    def _tell_exhausted(self) -> None:
        self._switch_off()
        self.panel.tell(self.tr("The network composes nothing but empty pieces; train it further."))


def _lead_in(begun: Score) -> float:
    """Return the beat a bar before the end of a beginning."""
    return max(0.0, begun.end - begun.meter_at(begun.end).bar)
