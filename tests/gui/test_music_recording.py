"""The recorder of phrases: real keys, mouse and MIDI ports, and an output that keeps what it gets."""

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.errors import InputError
from gendesk.music.ports import NoteEvent, virtual_input, virtual_output
from gendesk.music.score import Note, Score
from gendesk.studios.music import REMEMBERED
from gendesk.studios.music.outputs import Offer, offered
from gendesk.studios.music.recording import PhraseRecorder
from gendesk.studios.music.roll_deck import RollDeck
from gendesk.studios.music.transport import Transport
from tests.support.jack import absent, jack_server
from tests.support.outputs import RecordingOutput
from tests.support.pieces import tune

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 10_000
PART = Qt.MatchFlag.MatchContains
LEFT = Qt.MouseButton.LeftButton


class Keyboard:
    """A MIDI keyboard at the seam where its port would be."""

    def __init__(self) -> None:
        self.heard: Callable[[NoteEvent], None] | None = None

    def open(self, name: str, heard: Callable[[NoteEvent], None]) -> "Keyboard":
        if name != "Keys":
            raise InputError(f"{name} is gone.")
        self.heard = heard
        return self

    def close(self) -> None:
        self.heard = None


class Desk:
    def __init__(self, qtbot, lists: Callable[[], Offer] = offered, **given) -> None:
        self.output = RecordingOutput()
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.transport = Transport(self.window, lambda _: self.output, lists)
        self.recorder = PhraseRecorder(self.window, **given)
        self.phrases: list[Score] = []
        self.recorder.recorded.connect(self.phrases.append)
        QVBoxLayout(self.window).addWidget(self.recorder)
        self.window.resize(380, 260)
        self.window.show()
        qtbot.waitExposed(self.window)

    def ons(self) -> list[int]:
        return [pitch for _, pitch, _ in self.output.named("on")]


@pytest.fixture
def desk(qtbot) -> Desk:
    return Desk(qtbot)


def test_letters_sound_and_become_a_phrase_in_sixteenths(qtbot, desk):
    recorder, keys = desk.recorder, desk.recorder.keys
    recorder.tempo.setValue(30)  # a sixteenth is half a second
    qtbot.mouseClick(recorder.button, LEFT)
    assert recorder.is_recording and recorder.button.text() == "Stop"
    qtbot.wait(200)  # nothing is played yet, and the phrase begins with its first note
    for letter in "AED":  # C, D sharp, E; the second and third together
        qtbot.keyPress(keys, letter)
        if letter != "E":
            qtbot.wait(500)
    qtbot.waitUntil(lambda: desk.output.sounding == {(0, 60), (0, 63), (0, 64)}, timeout=WAIT)
    for letter in "AED":
        qtbot.keyRelease(keys, letter)
    qtbot.waitUntil(lambda: not desk.output.sounding, timeout=WAIT)
    assert "notes: 3" in recorder.note.text()
    qtbot.mouseClick(recorder.button, LEFT)
    (phrase,) = desk.phrases
    assert not recorder.is_recording
    notes = phrase.tracks[0].notes
    assert [note.pitch for note in notes] == [60, 63, 64]
    assert notes[0].start == 0 and 0.25 <= notes[1].start == notes[2].start <= 1
    assert all((4 * note.start).is_integer() and (4 * note.length).is_integer() for note in notes)
    assert phrase.tempos[0].bpm == 30


def test_octaves_the_mouse_and_a_key_that_is_still_held(qtbot, desk):
    recorder, keys = desk.recorder, desk.recorder.keys
    qtbot.mouseClick(recorder.button, LEFT)
    qtbot.keyClick(keys, Qt.Key.Key_Right)
    qtbot.mousePress(keys, LEFT, pos=QPoint(5, keys.height() - 5))
    qtbot.waitUntil(lambda: desk.ons() == [72], timeout=WAIT)
    qtbot.mouseMove(keys, QPoint(round(keys.width() / 10 * 1.5), keys.height() - 5))
    qtbot.waitUntil(lambda: desk.output.sounding == {(0, 74)}, timeout=WAIT)
    qtbot.mouseClick(recorder.button, LEFT)  # the mouse has let nothing go, and yet no note is left
    qtbot.waitUntil(lambda: not desk.output.sounding, timeout=WAIT)
    assert [note.pitch for note in desk.phrases[0].tracks[0].notes] == [72, 74]


def test_an_empty_recording_is_told_and_no_phrase(qtbot, desk):
    qtbot.mouseClick(desk.recorder.button, LEFT)
    qtbot.mouseClick(desk.recorder.button, LEFT)
    assert not desk.phrases and "Nothing" in desk.recorder.note.text()


def test_four_beats_are_counted_in_before_anything_is_kept(qtbot, desk):
    recorder = desk.recorder
    recorder.tempo.setValue(240)
    recorder.metronome.setChecked(True)
    qtbot.mouseClick(recorder.button, LEFT)
    assert recorder.note.text() == "Counting in..."
    qtbot.keyClick(recorder.keys, "A")
    qtbot.waitUntil(lambda: recorder.note.text().startswith("Play"), timeout=WAIT)
    assert [pitch for pitch in desk.ons() if pitch in (76, 77)][:4] == [76, 77, 77, 77]
    qtbot.keyPress(recorder.keys, "S")
    qtbot.waitUntil(lambda: desk.ons().count(76) >= 2 and 62 in desk.ons(), timeout=WAIT)  # heard beside the clicks
    qtbot.keyRelease(recorder.keys, "S")
    qtbot.mouseClick(recorder.button, LEFT)
    assert [note.pitch for note in desk.phrases[0].tracks[0].notes] == [62]
    qtbot.waitUntil(lambda: not desk.output.sounding, timeout=WAIT)
    heard = len(desk.ons())
    qtbot.wait(300)
    assert len(desk.ons()) == heard


def test_keys_sound_beside_a_piece_on_a_channel_of_their_own(qtbot, desk):
    desk.transport.play("piece", tune(*[60] * 40), None, 0.0)
    qtbot.waitUntil(lambda: (0, 60) in desk.output.sounding, timeout=WAIT)
    qtbot.keyPress(desk.recorder.keys, "D")
    qtbot.waitUntil(lambda: (15, 64) in desk.output.sounding, timeout=WAIT)
    qtbot.keyRelease(desk.recorder.keys, "D")
    qtbot.waitUntil(lambda: (15, 64) not in desk.output.sounding, timeout=WAIT)
    desk.transport.stop("piece")


def test_a_midi_keyboard_is_heard_with_its_velocities(qtbot):
    keyboard = Keyboard()
    desk = Desk(qtbot, lambda: Offer(inputs=("Keys",)), opens=keyboard.open)
    recorder = desk.recorder
    qtbot.waitUntil(lambda: keyboard.heard is not None, timeout=WAIT)
    qtbot.mouseClick(recorder.button, LEFT)
    now = time.perf_counter()
    for late, pitch, velocity in ((0, 50, 33), (0.5, 50, 0), (0.51, 53, 44), (1.2, 53, 0)):
        keyboard.heard(NoteEvent(now + late * 60 / 90, 3, pitch, velocity))
    qtbot.waitUntil(lambda: desk.output.named("on") == [(0, 50, 33), (0, 53, 44)], timeout=WAIT)
    qtbot.mouseClick(recorder.button, LEFT)
    assert desk.phrases[0].tracks[0].notes == (Note(0.0, 50, 0.5, 33), Note(0.5, 53, 0.75, 44))
    recorder.hide()
    qtbot.waitUntil(lambda: keyboard.heard is None, timeout=WAIT)


@pytest.mark.skipif(bool(absent()), reason=f"not installed: {', '.join(absent())}")
def test_a_real_port_is_found_and_heard(qtbot, tmp_path):
    with jack_server(tmp_path), virtual_output("Little keys") as keyboard:
        desk = Desk(qtbot)
        qtbot.waitUntil(lambda: "Little keys" in desk.recorder.input.currentText(), timeout=WAIT)
        qtbot.mouseClick(desk.recorder.button, LEFT)

        def heard() -> bool:  # until the port is open, nobody listens
            keyboard.note_on(0, 67, 101)
            return (0, 67, 101) in desk.output.named("on")

        qtbot.waitUntil(heard, timeout=WAIT)
        keyboard.note_off(0, 67)
        qtbot.waitUntil(lambda: not desk.output.sounding, timeout=WAIT)
        qtbot.mouseClick(desk.recorder.button, LEFT)
        assert {note.pitch for note in desk.phrases[0].tracks[0].notes} == {67}
        desk.window.hide()
        desk.recorder._listener._pool.waitForDone()  # its port must not outlive the server
        desk.transport.close()


@pytest.mark.skipif(bool(absent()), reason=f"not installed: {', '.join(absent())}")
def test_a_port_that_is_plugged_in_later_appears_by_itself(qtbot, tmp_path):
    with jack_server(tmp_path):
        desk = Desk(qtbot)
        box = desk.recorder.input
        qtbot.waitUntil(lambda: box.currentText() == "None found" and bool(desk.recorder.sentence.text()), timeout=WAIT)
        with virtual_output("Late keys"):
            qtbot.waitUntil(lambda: "Late keys" in box.currentText() and box.isEnabled(), timeout=WAIT)
        qtbot.waitUntil(lambda: not box.isEnabled(), timeout=WAIT)
        deck = RollDeck()
        desk.window.layout().addWidget(deck)
        desk.window.resize(600, 700)
        with virtual_input(lambda _: None, "Late synth"):
            qtbot.waitUntil(lambda: deck.bar.output.findText("Late synth", PART) > 0, timeout=WAIT)
        desk.window.hide()
        desk.transport.close()


def test_the_output_that_was_chosen_last_time_is_played_on_and_another_is_remembered(qtbot):
    window, opened = QWidget(), []
    qtbot.addWidget(window)
    window.setProperty(REMEMBERED, "port:Synth")
    transport = Transport(window, lambda name: opened.append(name) or RecordingOutput())
    deck = RollDeck(window)
    window.show()
    assert deck.bar.output.currentText() == "Synth (not there)"
    transport.press(60)
    qtbot.waitUntil(lambda: opened == ["port:Synth"], timeout=WAIT)
    transport.set_output("built-in")
    assert window.property(REMEMBERED) == "built-in" and deck.bar.output.currentText() == "Built-in sound"
