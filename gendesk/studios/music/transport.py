"""The one transport of a window: whatever plays in it plays here, so that two pieces never sound at once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThreadPool, Signal
from PySide6.QtWidgets import QWidget

from gendesk.errors import GendeskError
from gendesk.music.mixing import Mix, TrackSettings
from gendesk.music.output import Output
from gendesk.music.player import Position
from gendesk.music.score import Score
from gendesk.studios.music import REMEMBERED
from gendesk.studios.music.deck import AUDITION, Deck, Loop
from gendesk.studios.music.outputs import BUILT_IN, Offer, OutputChoice, PortWatch, offered, open_output


class Transport(QObject):
    """Plays for whoever has asked last, its owner; of others, `pause`, `stop` and the like change nothing.

    Outputs are opened on a worker thread, and listed on another. `opens` opens an output by its id, and raises
    GendeskError; `lists` says what is there. What is plugged in is noticed from the first look on. The window's
    property REMEMBERED is the output to begin with.
    """

    moved = Signal(object, object)  # the owner, and the Position of its score, 30 times a second while it plays
    changed = Signal()  # tempo, what is offered or the sentence
    _plugged = Signal()
    _reported = Signal(object, object)  # as `moved`, from the player's thread
    _answered = Signal(str)
    _listed = Signal(object)

    def __init__(
        self, window: QWidget, opens: Callable[[str], Output] = open_output, lists: Callable[[], Offer] = offered
    ) -> None:
        super().__init__(window)
        self.tempo = 1.0
        self.mix = Mix()
        remembered = window.property(REMEMBERED)
        self.output = remembered if isinstance(remembered, str) and remembered else BUILT_IN
        self.offer = Offer()
        self.sentence = ""
        self._owner: object = None
        self._lists = lists
        self._deck = Deck(opens, self._reported.emit)
        self._watch = PortWatch(self._plugged.emit)
        self._pool, self._lookout = QThreadPool(self), QThreadPool(self)  # a port that answers late delays no note
        for pool in (self._pool, self._lookout):
            pool.setMaxThreadCount(1)
        self._plugged.connect(self.list_outputs)
        self._reported.connect(self._take_report)
        self._answered.connect(self._take_answer)
        self._listed.connect(self._take_list)
        # The window's and not its own, which comes when its threads can no longer emit signals.
        window.destroyed.connect(partial(_close, self._deck, (self._lookout, self._pool), self._watch))
        if app := QCoreApplication.instance():
            app.aboutToQuit.connect(self.close)

    @property
    def outputs(self) -> Sequence[OutputChoice]:
        """What there is to play on."""
        return self.offer.outputs

    # What owners ask for

    def play(self, owner: object, score: Score, loop: Loop | None = None, beat: float | None = None) -> None:
        """Play a score for an owner, any object: from a beat on, or from where this owner has paused it."""
        self._owner = owner
        self._run(partial(self._deck.play, owner, score, self.output, loop, self.tempo, beat))

    def change(self, owner: object, score: Score) -> None:
        """Let an owner's piece go on as another score, at the same beat."""
        self._run_for(owner, partial(self._deck.change, score))

    def pause(self, owner: object) -> None:
        """Stop where it is."""
        self._run_for(owner, self._deck.pause)

    def stop(self, owner: object) -> None:
        """Stop, with every note off; keys that are held down end, too."""
        self._run_for(owner, self._deck.stop)

    def seek(self, owner: object, beat: float) -> None:
        """Go to a beat."""
        self._run_for(owner, partial(self._deck.seek, beat))

    def set_loop(self, owner: object, loop: Loop | None) -> None:
        """Repeat what is between two beats, or play to the end."""
        self._run_for(owner, partial(self._deck.set_loop, loop))

    def press(self, pitch: int, program: int = 0, *, velocity: int = AUDITION, drums: bool = False) -> None:
        """Let a pitch sound, as of a key that is held down, beside what plays."""
        self._run(partial(self._deck.press, self.output, pitch, velocity, program, drums=drums))

    def release(self, pitch: int | None = None) -> None:
        """End a pitch that was pressed, or all of them."""
        self._run(partial(self._deck.release, pitch))

    # What is the same for all owners

    def set_tempo(self, factor: float) -> None:
        """Play `factor` times as fast as scores say, 0.01 to 100."""
        self.tempo = factor
        self._run(partial(self._deck.set_tempo, factor))
        self.changed.emit()

    def set_track(self, track: int, settings: TrackSettings) -> None:
        """Mute a track of whatever plays, play it solo, or give it another instrument or volume."""
        self._set_mix(self.mix.with_track(track, settings))

    def set_metronome(self, on: bool) -> None:
        """Click on beats, or do not."""
        self._set_mix(replace(self.mix, metronome=on))

    def _set_mix(self, mix: Mix) -> None:
        self.mix = mix
        self._run(partial(self._deck.set_mix, mix))

    def set_output(self, output: str) -> None:
        """Play on another of the `outputs`, by its id."""
        self.output = output
        self._run(partial(self._deck.use, output))
        if (window := self.parent()) is not None:
            window.setProperty(REMEMBERED, output)
        self.changed.emit()

    def list_outputs(self) -> None:
        """Look what is there to play on, and to listen to; `changed` tells when that is known."""
        self._lookout.start(self._list)

    def close(self) -> None:
        """End all notes, and give the output back; the next piece opens it again."""
        _close(self._deck, (self._lookout, self._pool), self._watch)

    # The worker's thread

    def _run_for(self, owner: object, work: Callable[[], str]) -> None:
        if owner is self._owner:
            self._run(work)

    def _run(self, work: Callable[[], str]) -> None:
        self._pool.start(partial(self._work, work))

    def _work(self, work: Callable[[], str]) -> None:
        try:
            sentence = work()
        except GendeskError as error:
            sentence = self._deck.drop(str(error))
        self._answered.emit(sentence)

    def _list(self) -> None:
        self._watch.begin()
        self._listed.emit(self._lists())

    def _take_answer(self, sentence: str) -> None:
        if sentence != self.sentence:
            self.sentence = sentence
            self.changed.emit()

    def _take_list(self, offer: Offer) -> None:
        if offer != self.offer:
            self.offer = offer
            if self.sentence:
                self._run(partial(self._deck.retry, self.output))
            self.changed.emit()

    def _take_report(self, owner: object, position: Position) -> None:
        if position.problem:
            self._run(partial(self._deck.drop, position.problem))
        self.moved.emit(owner, position)


def transport_of(widget: QWidget) -> Transport:
    """Return the transport of the window that a widget belongs to, in the end; dialogs share that of their parent."""
    window = widget.window()
    while (parent := window.parentWidget()) is not None:
        window = parent.window()
    found = window.findChild(Transport, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return found if isinstance(found, Transport) else Transport(window)


def _close(deck: Deck, pools: tuple[QThreadPool, ...], watch: PortWatch) -> None:
    for pool in pools:
        pool.waitForDone()
    watch.close()
    deck.close()
