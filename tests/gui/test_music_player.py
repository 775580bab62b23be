"""The transport of a window and the view of pieces, with real mouse and keys, and an output that keeps what it gets."""

import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QSlider, QToolButton, QWidget

from gendesk.errors import GendeskError, InputError
from gendesk.music.midi_reading import read_midi
from gendesk.music.musicxml import why_no_musicxml
from gendesk.music.player import State
from gendesk.music.score import Note, Score, Tempo, Track
from gendesk.studios.music.outputs import Offer
from gendesk.studios.music.roll_deck import RollDeck
from gendesk.studios.music.score_player import Piece, ScorePlayer
from gendesk.studios.music.transport import Transport
from gendesk.widgets.music_player.mixer import Mixer
from tests.support.outputs import RecordingOutput
from tests.support.pieces import tune

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 10_000
LEFT = Qt.MouseButton.LeftButton


def pieces() -> list[Piece]:
    """Two pieces of 32 beats at 120 beats a minute."""
    rising, falling = ([60 + step % 12 for step in range(32)], [72 - step % 12 for step in range(32)])
    return [Piece(tune(*rising), "Temperature 0.5"), Piece(tune(*falling), "Temperature 1.0", (0.25,) * 32)]


class Desk:
    """A window with two players and what they sound on."""

    def __init__(self, qtbot, opens: Callable[[str], RecordingOutput] | None = None) -> None:
        self.output = RecordingOutput()
        self.opened: list[str] = []
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.transport = Transport(self.window, opens or self._open, Offer)
        self.left, self.right = ScorePlayer(), ScorePlayer()
        row = QHBoxLayout(self.window)
        for player in (self.left, self.right):
            player.set_pieces(pieces())
            row.addWidget(player)
        self.window.resize(1200, 500)
        self.window.show()

    def _open(self, choice: str) -> RecordingOutput:
        self.opened.append(choice)
        return self.output

    def ons(self) -> list[int]:
        """Return the pitches that have begun so far."""
        return [pitch for _, pitch, _ in self.output.named("on")]


@pytest.fixture
def desk(qtbot) -> Desk:
    return Desk(qtbot)


def play(qtbot, player: ScorePlayer) -> None:
    qtbot.mouseClick(player.bar.play, LEFT)
    qtbot.waitUntil(lambda: player.is_playing, timeout=WAIT)


def ruler_place(player: ScorePlayer, beat: float) -> QPoint:
    return QPoint(round(player.roll.viewport.view.x(beat)), 20)


def test_a_piece_plays_pauses_goes_on_and_stops_without_a_hanging_note(qtbot, desk):
    player = desk.left
    assert player.bar.play.accessibleName() == "Play"
    play(qtbot, player)
    assert player.bar.play.accessibleName() == "Pause"
    qtbot.waitUntil(lambda: desk.ons()[:3] == [60, 61, 62], timeout=WAIT)
    assert player.roll.ruler._position > 1
    qtbot.waitUntil(lambda: player.bar.time.text() != "0:00 / 0:16", timeout=WAIT)
    assert player.bar.time.text().endswith(" / 0:16")
    qtbot.mouseClick(player.bar.play, LEFT)
    qtbot.waitUntil(lambda: not player.is_playing, timeout=WAIT)
    assert not desk.output.sounding
    heard = len(desk.ons())
    place = player.roll.ruler._position
    assert place > 1
    player.roll.canvas.setFocus()
    qtbot.keyClick(player.roll.canvas, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(desk.ons()) > heard, timeout=WAIT)
    assert desk.ons()[heard] == 60 + int(place)  # in the middle of its note
    qtbot.mouseClick(player.bar.stop, LEFT)
    qtbot.waitUntil(lambda: not desk.output.sounding, timeout=WAIT)
    assert player.roll.ruler._position is None
    assert player.bar.time.text() == "0:00 / 0:16"


def test_a_click_in_the_ruler_seeks_and_a_drag_makes_a_loop(qtbot, desk):
    player = desk.left
    ruler = player.roll.ruler
    qtbot.mouseClick(ruler, LEFT, pos=ruler_place(player, 8.0))
    play(qtbot, player)
    qtbot.waitUntil(lambda: len(desk.ons()) > 0, timeout=WAIT)
    assert desk.ons()[0] == 68
    qtbot.mouseClick(ruler, LEFT, pos=ruler_place(player, 20.0))
    qtbot.waitUntil(lambda: 60 + 20 % 12 in desk.ons(), timeout=WAIT)
    player.bar.tempo.setValue(400)
    qtbot.mousePress(ruler, LEFT, pos=ruler_place(player, 24.0))
    for beat in (25.0, 26.0, 27.0, 28.0):
        qtbot.mouseMove(ruler, ruler_place(player, beat))
    qtbot.mouseRelease(ruler, LEFT, pos=ruler_place(player, 28.0))
    assert player.bar.loop.isChecked()
    assert player.roll.loop == (24.0, 28.0)
    qtbot.waitUntil(lambda: desk.ons()[-6:] == [62, 63, 60, 61, 62, 63], timeout=WAIT)
    qtbot.mouseClick(player.bar.loop, LEFT)
    qtbot.waitUntil(lambda: not player.is_playing, timeout=WAIT)  # to the end
    assert desk.ons()[-1] == 60 + 31 % 12
    assert not desk.output.sounding


def test_there_is_one_transport_for_a_window(qtbot, desk):
    play(qtbot, desk.left)
    qtbot.waitUntil(lambda: len(desk.ons()) > 0, timeout=WAIT)
    desk.right.choose(1)
    play(qtbot, desk.right)
    qtbot.waitUntil(lambda: desk.ons()[-1] == 72, timeout=WAIT)
    assert not desk.left.is_playing
    assert desk.left.roll.ruler._position is None
    qtbot.mouseClick(desk.left.bar.stop, LEFT)  # nothing of its own plays
    desk.left.bar.tempo.setValue(200)
    assert desk.right.bar.tempo.value() == 200
    heard = len(desk.ons())
    qtbot.waitUntil(lambda: len(desk.ons()) > heard, timeout=WAIT)
    assert desk.right.is_playing
    assert desk.opened == ["built-in"]
    desk.right.hide()
    qtbot.waitUntil(lambda: not desk.output.sounding, timeout=WAIT)


def test_another_piece_plays_in_place_of_the_one_before_and_chances_colour_it(qtbot, desk):
    player = desk.left
    play(qtbot, player)
    qtbot.waitUntil(lambda: len(desk.ons()) > 1, timeout=WAIT)
    assert not player.roll.canvas.look.by_value
    qtbot.mouseClick(player.forward, LEFT)
    qtbot.waitUntil(lambda: desk.ons()[-1] == 72, timeout=WAIT)
    assert player.chooser.currentText() == "Temperature 1.0"
    assert player.roll.canvas.look.by_value
    qtbot.waitUntil(lambda: player.is_playing, timeout=WAIT)
    assert not player.forward.isEnabled()


def test_newer_pieces_wait_for_the_end_of_the_one_that_plays(qtbot, desk):
    player = desk.left
    newer = [Piece(tune(50, 52)), Piece(tune(53, 55))]
    play(qtbot, player)
    player.set_pieces(newer, when_over=True)
    assert player.roll.score == pieces()[0].score
    qtbot.mouseClick(player.bar.stop, LEFT)
    assert player.roll.score == newer[0].score
    player.set_pieces(pieces(), when_over=True)  # nothing plays
    assert player.roll.score == pieces()[0].score


def test_a_key_of_the_roll_sounds_while_it_is_held_with_the_instrument_of_the_piece(qtbot, desk):
    player = desk.left
    player.set_pieces([Piece(Score((Track((Note(0, 60, 1),), program=19),)))])
    keys = player.roll.keyboard
    place = QPoint(10, round(player.roll.viewport.view.y(60.0)) + 2)
    qtbot.mousePress(keys, LEFT, pos=place)
    qtbot.waitUntil(lambda: desk.output.sounding == {(0, 60)}, timeout=WAIT)
    assert desk.output.named("program")[-1] == (0, 19)
    qtbot.mouseRelease(keys, LEFT, pos=place)
    qtbot.waitUntil(lambda: not desk.output.sounding, timeout=WAIT)


def test_without_a_sound_card_one_sentence_says_so_and_the_playhead_moves_all_the_same(qtbot):
    def refuse(_: str) -> RecordingOutput:
        raise InputError("There is no sound card.")

    desk = Desk(qtbot, refuse)
    play(qtbot, desk.left)
    qtbot.waitUntil(desk.left.bar.sentence.isVisible, timeout=WAIT)
    assert desk.left.bar.sentence.text() == desk.right.bar.sentence.text() == "There is no sound card."
    qtbot.waitUntil(lambda: (desk.left.roll.ruler._position or 0) > 0.5, timeout=WAIT)


class BrokenOutput(RecordingOutput):
    """A port that is pulled out at its third note."""

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        if len(self.named("on")) == 2:
            raise GendeskError("The port is gone.")
        super().note_on(channel, pitch, velocity)


def test_a_port_that_breaks_pauses_the_piece_and_is_opened_again_by_the_next_click(qtbot):
    outputs = [BrokenOutput(), RecordingOutput()]
    desk = Desk(qtbot, lambda _: outputs.pop(0))
    whole = outputs[1]
    play(qtbot, desk.left)
    qtbot.waitUntil(lambda: desk.left.bar.sentence.text() == "The port is gone.", timeout=WAIT)
    qtbot.waitUntil(lambda: not desk.left.is_playing, timeout=WAIT)
    qtbot.mouseClick(desk.left.bar.play, LEFT)
    qtbot.waitUntil(lambda: len(whole.named("on")) > 0, timeout=WAIT)
    qtbot.waitUntil(lambda: not desk.left.bar.sentence.isVisible(), timeout=WAIT)


def test_an_output_is_chosen_and_the_one_before_is_given_back(qtbot):
    outputs: dict[str, RecordingOutput] = {}
    desk = Desk(qtbot, lambda choice: outputs.setdefault(choice, RecordingOutput()))
    play(qtbot, desk.left)
    qtbot.waitUntil(lambda: bool(outputs["built-in"].sounding), timeout=WAIT)
    box = desk.left.bar.output
    assert box.itemText(0) == "Built-in sound"
    desk.transport.set_output("port:Synth")
    qtbot.waitUntil(lambda: "port:Synth" in outputs and len(outputs["port:Synth"].named("on")) > 0, timeout=WAIT)
    assert outputs["built-in"].closed
    assert not outputs["built-in"].sounding
    assert box.currentData() == desk.right.bar.output.currentData() == "port:Synth"


def test_a_closed_window_plays_no_more_and_gives_the_output_back(qtbot, desk):
    play(qtbot, desk.left)
    qtbot.waitUntil(lambda: bool(desk.output.sounding), timeout=WAIT)
    desk.window.close()
    qtbot.waitUntil(lambda: not desk.output.sounding, timeout=WAIT)
    desk.transport.close()
    assert desk.output.closed


def test_the_piece_that_is_shown_is_saved_as_midi_sound_and_picture(qtbot, desk, tmp_path: Path):
    player = desk.left
    player.set_pieces([Piece(Score((Track((Note(0, 60, 1), Note(1, 64, 1)), "One"),), (Tempo(0, 120),)), "A: b/c")])
    for name in ("piece.mid", "piece.wav", "piece.png"):
        with qtbot.waitSignal(player.saved, timeout=WAIT):
            player.export.save(tmp_path / name)
    assert read_midi(tmp_path / "piece.mid").tracks[0].notes == player.roll.score.tracks[0].notes
    with wave.open(str(tmp_path / "piece.wav")) as sound:
        assert sound.getnframes() > 44_100
    assert QImage(str(tmp_path / "piece.png")).width() == 1280
    with qtbot.waitSignal(player.failed, timeout=WAIT):
        player.export.save(tmp_path / "piece.mid" / "piece.mid")


def test_the_menu_says_what_musicxml_needs(qtbot, desk):
    menu = QMenu(desk.window)
    desk.left.export.fill_menu(menu)
    entry = menu.actions()[-1]
    assert entry.text() == "Save as MusicXML..."
    assert entry.isEnabled() == (not why_no_musicxml())
    assert entry.toolTip() == (why_no_musicxml() or "For programs that print music")


def test_without_pieces_nothing_can_be_played(qtbot, desk):
    desk.left.clear()
    assert desk.left.is_empty
    assert not desk.left.bar.play.isEnabled()
    desk.left.toggle()
    assert not desk.left.is_playing


def test_a_piece_that_is_edited_or_exchanged_while_it_plays_goes_on_with_the_change(qtbot):
    output = RecordingOutput()
    window = QWidget()
    qtbot.addWidget(window)
    Transport(window, lambda _: output)
    deck = RollDeck()
    QHBoxLayout(window).addWidget(deck)
    window.resize(700, 400)
    window.show()
    deck.set_score(tune(*[60] * 12, length=0.5))
    deck.play(0.0)
    qtbot.waitUntil(lambda: len(output.named("on")) >= 2, timeout=WAIT)
    deck.exchange(tune(*[72] * 12, length=0.5))
    qtbot.waitUntil(lambda: (0, 72, 80) in output.named("on"), timeout=WAIT)
    deck.roll.replace_score(tune(*[48] * 12, length=0.5))  # as a tool of the roll does
    with qtbot.waitSignal(deck.finished, timeout=WAIT):
        pass
    pitches = [pitch for _, pitch, _ in output.named("on")]
    assert pitches == sorted(pitches, key=[60, 72, 48].index) and set(pitches) == {60, 72, 48}
    assert 10 <= len(pitches) <= 14  # it did not begin anew
    assert not output.sounding and deck.state is State.STOPPED


def test_the_mixer_mutes_and_changes_voices_while_they_play(qtbot, tmp_path) -> None:
    desk = Desk(qtbot)
    high, low = Track((Note(0.0, 72, 400.0),), "High"), Track((Note(0.0, 48, 400.0),), "Low", channel=1)
    desk.left.set_pieces([Piece(Score((high, low)))])
    bar = desk.left.bar
    qtbot.mouseClick(bar.play, LEFT)
    qtbot.waitUntil(lambda: desk.output.sounding == {(0, 72), (1, 48)}, timeout=WAIT)
    qtbot.mouseClick(bar.mix, LEFT)
    mixer = bar.mixer
    assert mixer.isVisible() and [strip.title for strip in mixer.strips] == ["High", "Low"]
    qtbot.mouseClick(control(mixer, QToolButton, "Mute High"), LEFT)
    qtbot.waitUntil(lambda: desk.output.sounding == {(1, 48)}, timeout=WAIT)
    instrument = control(mixer, QComboBox, "Instrument of Low")
    instrument.setCurrentText("Cello")
    instrument.activated.emit(instrument.currentIndex())
    qtbot.waitUntil(lambda: (1, 42) in desk.output.named("program"), timeout=WAIT)
    control(mixer, QSlider, "Volume of Low").setValue(50)
    qtbot.waitUntil(lambda: (1, 7, 50) in desk.output.named("control"), timeout=WAIT)
    qtbot.keyClick(mixer, Qt.Key.Key_Escape)
    assert not mixer.isVisible()
    desk.right.set_pieces([Piece(Score((high, low)))])  # the mix is the window's, and stays from piece to piece
    qtbot.mouseClick(desk.right.bar.mix, LEFT)
    first, second = desk.right.bar.mixer.strips
    assert first.muted and (second.program, second.volume) == (42, 0.5)
    desk.right.bar.mixer.close()


def test_the_metronome_of_the_mixer_clicks(qtbot) -> None:
    desk = Desk(qtbot)
    qtbot.mouseClick(desk.left.bar.mix, LEFT)
    desk.left.bar.mixer.metronome.click()
    desk.left.bar.mixer.close()
    qtbot.mouseClick(desk.left.bar.play, LEFT)
    qtbot.waitUntil(lambda: any(channel == 9 for channel, _, _ in desk.output.named("on")), timeout=WAIT)


def control(mixer: Mixer, kind: type[QWidget], name: str) -> QWidget:
    return next(widget for widget in mixer.findChildren(kind) if widget.accessibleName() == name)
