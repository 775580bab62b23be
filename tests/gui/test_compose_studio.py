"""The composing studio: phrases drawn with a mouse, dropped files, notes as they come, and a radio that plays."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from gendesk.plugins.music.studios.compose.deck import ComposeDeck
from gendesk.plugins.music.studios.compose.settings import BARS
from gendesk.plugins.music.studios.compose.studio import ComposeStudio
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from gendesk.engine.music.composing import MOST_BEGUN
from gendesk.music.cutting import first_bars
from gendesk.music.midi_reading import read_midi
from gendesk.music.midi_writing import write_midi
from gendesk.music.score import Note, Score
from gendesk.studios.music.recording import PhraseRecorder
from gendesk.studios.music.transport import Transport
from tests.support.composers import composer, run_data, scores
from tests.support.dropping import drop_file
from tests.support.music_window import training_window
from tests.support.outputs import RecordingOutput
from tests.support.pieces import tune
from tests.support.studio_desk import WAIT, StudioDesk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton
Opened = Callable[..., ComposeStudio]


@pytest.fixture
def output() -> RecordingOutput:
    return RecordingOutput()


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, output: RecordingOutput) -> Iterator[Opened]:
    """Open the studio on a small network, and wait until it knows the held-out pieces."""
    desks: list[StudioDesk] = []

    def open_(kind: str = "line", size: tuple[int, int] = (1200, 800)) -> ComposeStudio:
        model, data = composer(kind)
        desks.append(StudioDesk(model, run_data(tmp_path, data)))
        studio = ComposeStudio()
        qtbot.addWidget(studio)
        Transport(studio, lambda _choice: output)
        studio.resize(*size)
        studio.show()
        studio.set_session(desks[-1].session)
        qtbot.waitUntil(lambda: studio.panel.beginning.pieces.count() == 2, timeout=WAIT)
        QApplication.processEvents()
        return studio

    yield open_
    for desk in desks:
        desk.close()


def place(studio: ComposeStudio, beat: float, pitch: int) -> QPoint:
    view = studio.deck.roll.viewport.view
    return QPoint(round(view.x(beat)) + 3, round(view.y(float(pitch)) + view.row_height / 2))


def draw(qtbot: QtBot, studio: ComposeStudio, *pitches: int) -> None:
    """Draw quarters with the pencil, one after the other."""
    roll = studio.deck.roll
    roll.set_tool("draw")
    for beat, pitch in enumerate(pitches):
        start, end = place(studio, beat, pitch), place(studio, beat + 0.9, pitch)
        qtbot.mousePress(roll.canvas, LEFT, pos=start)
        qtbot.mouseMove(roll.canvas, end)
        qtbot.mouseRelease(roll.canvas, LEFT, pos=end)


def click(qtbot: QtBot, studio: ComposeStudio, name: str) -> None:
    qtbot.mouseClick(getattr(studio.panel, name), LEFT)


def compose(qtbot: QtBot, studio: ComposeStudio, name: str = "compose") -> Score:
    """Compose to the end, and return what stands in the roll."""
    click(qtbot, studio, name)
    qtbot.waitUntil(lambda: not studio.work.variations.is_composing, timeout=WAIT)
    return studio.deck.score


def quiet(studio: ComposeStudio, steps: int = 8) -> None:
    studio.panel.settings.play.setChecked(False)
    studio.panel.settings.length.setValue(steps)


def notes(score: Score) -> list[Note]:
    return [note for _, note in score.notes()]


def test_without_a_network_it_says_what_will_appear(qtbot: QtBot) -> None:
    studio = ComposeStudio()
    qtbot.addWidget(studio)
    assert "trained" in studio.deck.roll.canvas.picture.empty_text
    assert not studio.panel.compose.isEnabled()
    assert not studio.panel.radio_bar.switch.isEnabled()


def test_a_drawn_phrase_is_gone_on_with_and_taken_back(qtbot: QtBot, opened: Opened) -> None:
    studio = opened()
    quiet(studio)
    draw(qtbot, studio, 60, 62, 64)
    drawn = studio.deck.score
    assert [note.pitch for note in notes(drawn)] == [60, 62, 64]
    composed = compose(qtbot, studio)
    new = [note for note in notes(composed) if note.start >= 3.0]
    assert [note.pitch for note in notes(composed)][:3] == [60, 62, 64]
    assert 1 <= len(new) <= 8
    assert set(studio.work.chances) == set(new)
    assert studio.deck.roll.canvas.look.by_value
    assert "8 steps" in studio.panel.status.text()
    undo = studio.deck.roll.document.history.undo
    undo.trigger()
    assert studio.deck.score == drawn
    assert not studio.panel.back.isEnabled()
    draw(qtbot, studio, 60, 62, 64, 65)  # the beginning has grown by a note
    again = notes(compose(qtbot, studio))
    assert [note.pitch for note in again][:4] == [60, 62, 64, 65]
    click(qtbot, studio, "back")
    assert [note.pitch for note in notes(studio.deck.score)] == [60, 62, 64, 65]


def test_more_is_composed_behind_what_was_composed(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    studio = opened()
    quiet(studio, 4)
    first = compose(qtbot, studio)
    assert notes(compose(qtbot, studio)) == notes(first)  # the same seed, from the same beginning
    longer = compose(qtbot, studio, "go_on")
    assert set(notes(first)) < set(notes(longer))
    assert set(studio.work.chances) == set(notes(longer))
    for name in ("piece.mid", "piece.png"):
        with qtbot.waitSignal(studio.export.saved, timeout=WAIT):
            studio.export.save(tmp_path / name)
    assert notes(read_midi(tmp_path / "piece.mid")) == notes(longer)
    assert "piece.png" in studio.panel.status.text()
    click(qtbot, studio, "back")
    assert notes(studio.deck.score) == notes(first)


def test_a_click_stops_the_notes_and_so_does_an_edit(qtbot: QtBot, opened: Opened) -> None:
    studio = opened("events")
    quiet(studio, 2_000)
    for stop in (lambda: click(qtbot, studio, "stop"), studio.deck.roll.document.history.undo.trigger):
        click(qtbot, studio, "compose")
        qtbot.waitUntil(lambda: studio.deck.score.note_count > 4, timeout=WAIT)
        stop()
        assert not studio.work.variations.is_composing
        before = studio.deck.score
        qtbot.wait(120)  # an answer that is under way comes too late
        assert studio.deck.score is before
        assert studio.panel.compose.isEnabled()
    assert "changed the notes" in studio.panel.status.text()


def test_temperatures_seeds_and_variations(qtbot: QtBot, opened: Opened) -> None:
    studio = opened()
    quiet(studio)
    settings = studio.panel.settings
    settings.notes.setValue(0.0)
    settings.rhythm.setValue(0.0)
    cold = [notes(compose(qtbot, studio))]
    qtbot.mouseClick(settings.seed.button, LEFT)
    cold.append(notes(compose(qtbot, studio)))
    assert cold[0] == cold[1]
    settings.notes.setValue(1.0)
    settings.variations.setValue(3)
    first = compose(qtbot, studio)
    assert studio.panel.place.text() == "1 of 3"
    click(qtbot, studio, "next")
    second = studio.deck.score
    assert notes(second) != notes(first)
    assert studio.panel.place.text() == "2 of 3"
    click(qtbot, studio, "previous")
    assert notes(studio.deck.score) == notes(first)
    assert not studio.panel.previous.isEnabled()


def test_a_piece_of_some_bars(qtbot: QtBot, opened: Opened) -> None:
    studio = opened()
    quiet(studio, 2)
    studio.panel.settings.unit.setCurrentIndex(studio.panel.settings.unit.findData(BARS))
    composed = notes(compose(qtbot, studio))
    assert 4.0 <= max(note.start for note in composed) < 8.0


def test_held_out_pieces_begin(qtbot: QtBot, opened: Opened) -> None:
    studio = opened()
    bar = studio.panel.beginning
    bar.pieces.setFocus()
    qtbot.keyClick(bar.pieces, Qt.Key.Key_Down)
    bar.pieces.activated.emit(0)
    expected = first_bars(scores("line")[4], 2)
    qtbot.waitUntil(lambda: notes(studio.deck.score) == notes(expected), timeout=WAIT)
    bar.bars.setValue(3)
    qtbot.waitUntil(lambda: notes(studio.deck.score) == notes(first_bars(scores("line")[4], 3)), timeout=WAIT)
    qtbot.mouseClick(bar.nothing, LEFT)
    assert studio.deck.score.note_count == 0
    studio.deck.roll.document.history.undo.trigger()
    assert studio.deck.score.note_count > 0


def test_a_dropped_file_is_gone_on_with_and_a_broken_one_is_refused(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    studio = opened("events")
    quiet(studio)
    piece = scores("events")[0]
    write_midi(piece, tmp_path / "tune.mid")
    drop_file(studio.deck, tmp_path / "tune.mid")
    qtbot.waitUntil(lambda: notes(studio.deck.score) == notes(first_bars(piece, 2)), timeout=WAIT)
    assert studio.panel.beginning.pieces.placeholderText() == "tune.mid"
    before = studio.deck.score
    composed = compose(qtbot, studio)
    assert set(notes(before)) < set(notes(composed))
    assert composed.meters == piece.meters
    click(qtbot, studio, "back")
    assert notes(studio.deck.score) == notes(before)
    studio.deck.roll.document.history.undo.trigger()
    assert studio.deck.score == composed
    (tmp_path / "broken.mid").write_bytes(b"MThd and then nothing")
    with qtbot.waitSignal(studio.failed, timeout=WAIT) as told:
        drop_file(studio.deck, tmp_path / "broken.mid")
    assert told.args[0].startswith("broken.mid") and told.args[0].endswith(".")
    assert studio.deck.score == composed
    (tmp_path / "folder.mid").mkdir()
    with qtbot.waitSignal(studio.failed, timeout=WAIT) as told:
        drop_file(studio.deck, tmp_path / "folder.mid")
    assert "is no file" in told.args[0]
    write_midi(tune(*([60] * (MOST_BEGUN + 1))), tmp_path / "long.mid")
    drop_file(studio.deck, tmp_path / "long.mid")
    qtbot.waitUntil(lambda: studio.deck.score.note_count == 8, timeout=WAIT)
    with qtbot.waitSignal(studio.failed, timeout=WAIT) as told:
        studio.panel.beginning.bars.setValue(0)
    assert "at most 2,000 notes" in told.args[0]


def test_a_recorded_phrase_begins(qtbot: QtBot, opened: Opened) -> None:
    studio = opened()
    click(qtbot, studio, "record")
    dialog = studio.panel.findChild(QDialog)
    assert dialog is not None
    recorder = dialog.findChild(PhraseRecorder)
    assert recorder is not None
    qtbot.mouseClick(recorder.button, LEFT)
    recorder.keys.setFocus()
    for key in (Qt.Key.Key_A, Qt.Key.Key_S):
        qtbot.keyPress(recorder.keys, key)
        qtbot.wait(60)
        qtbot.keyRelease(recorder.keys, key)
    qtbot.mouseClick(recorder.button, LEFT)
    qtbot.waitUntil(lambda: studio.deck.score.note_count == 2, timeout=WAIT)
    assert not dialog.isVisible()


def test_it_is_heard_while_it_comes(qtbot: QtBot, opened: Opened, output: RecordingOutput) -> None:
    studio = opened()
    studio.panel.settings.length.setValue(24)
    studio.deck.bar.tempo.setValue(400)
    click(qtbot, studio, "compose")
    qtbot.waitUntil(lambda: len(output.named("on")) > 2, timeout=WAIT)
    qtbot.waitUntil(lambda: studio.deck.roll.ruler._position is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: not studio.work.variations.is_composing and not studio.deck.is_heard, timeout=WAIT)
    assert [pitch for _, pitch, _ in output.named("on")] == [note.pitch for note in notes(studio.deck.score)]
    assert not output.sounding


def test_a_piece_that_comes_too_slowly_is_waited_for(qtbot: QtBot, output: RecordingOutput) -> None:
    deck = ComposeDeck()
    qtbot.addWidget(deck)
    Transport(deck, lambda _choice: output)
    deck.resize(700, 500)
    deck.show()
    deck.bar.tempo.setValue(400)
    deck.show_score(tune(60, 62), None, "one", grows=True)
    deck.begin(0.0)
    assert not deck.is_playing  # two beats are too few
    with qtbot.waitSignal(deck.waits, timeout=WAIT):
        deck.show_score(tune(60, 62, 64, 65), None, "one", grows=True)
    assert deck.is_heard
    deck.show_score(tune(60, 62, 64, 65, 67), None, "one", grows=True)
    with qtbot.waitSignal(deck.ended, timeout=WAIT):
        deck.show_score(tune(60, 62, 64, 65, 67, 69), None, "one")
    assert [pitch for _, pitch, _ in output.named("on")] == [60, 62, 64, 65, 67, 69]
    assert not deck.is_heard
    deck.roll.document.history.undo.trigger()  # all of it came as one step
    assert deck.score.note_count == 0


def test_the_radio_plays_piece_after_piece_and_keeps_one(
    qtbot: QtBot, opened: Opened, output: RecordingOutput, tmp_path: Path
) -> None:
    studio = opened()
    bar, radio = studio.panel.radio_bar, studio.radio
    studio.panel.settings.length.setValue(6)
    studio.deck.bar.tempo.setValue(400)
    qtbot.mouseClick(bar.switch, LEFT)
    qtbot.waitUntil(lambda: len(radio.past) >= 1 and len(output.named("on")) > 7, timeout=WAIT)
    first = radio.past[0]
    assert radio.current is not first
    onsets = output.times("on")
    assert max(later - sooner for sooner, later in pairwise(onsets)) < 5.0  # seconds; a computer may be busy
    qtbot.waitUntil(bar.save.isEnabled, timeout=WAIT)
    bar.set_folder(str(tmp_path))
    with qtbot.waitSignal(bar.saved, timeout=WAIT) as saved:
        bar.keep(first)
    assert read_midi(Path(saved.args[0])).note_count == first.score.note_count
    with qtbot.waitSignal(bar.saved, timeout=WAIT) as other:
        bar.keep(first)
    assert other.args != saved.args
    shown = radio.current
    qtbot.mouseClick(bar.next, LEFT)
    assert radio.current is not shown
    qtbot.mouseClick(studio.deck.bar.stop, LEFT)
    assert not radio.is_on
    assert not bar.switch.isChecked()
    qtbot.waitUntil(lambda: not output.sounding, timeout=WAIT)
    bar.again.emit(first)
    assert notes(studio.deck.score) == notes(first.score)
    qtbot.waitUntil(lambda: studio.deck.is_playing, timeout=WAIT)


def test_a_hidden_radio_is_silent_and_the_roll_comes_back(
    qtbot: QtBot, opened: Opened, output: RecordingOutput
) -> None:
    studio = opened()
    draw(qtbot, studio, 60, 64)
    drawn = studio.deck.score
    qtbot.mouseClick(studio.panel.radio_bar.switch, LEFT)
    qtbot.waitUntil(lambda: bool(output.sounding), timeout=WAIT)
    studio.hide()
    qtbot.waitUntil(lambda: not output.sounding, timeout=WAIT)
    assert not studio.radio.is_on
    studio.show()
    studio.deck.roll.document.history.undo.trigger()
    assert studio.deck.score == drawn


def test_it_fits_a_narrow_panel(qtbot: QtBot, opened: Opened) -> None:
    studio = opened(size=(1500, 900))
    assert studio.panel.settings.isVisible()
    studio.resize(380, 560)
    qtbot.waitUntil(lambda: studio.width() == 380, timeout=WAIT)
    assert not studio.panel.settings.isVisible()
    click(qtbot, studio, "more")
    assert studio.panel.settings.isVisible()
    assert studio.deck.roll.canvas.height() > 120


def test_it_composes_with_a_network_that_trains(qtbot: QtBot, tmp_path: Path) -> None:
    with training_window(qtbot, tmp_path, preview_every=100_000) as window:
        Transport(window, lambda _choice: RecordingOutput())
        studios = window.current_tab.view.studios
        studios.choose("compose")
        studio = studios.current
        assert isinstance(studio, ComposeStudio)
        qtbot.waitUntil(studio.panel.compose.isEnabled, timeout=3 * WAIT)
        quiet(studio)
        draw(qtbot, studio, 60, 64, 67)
        assert compose(qtbot, studio).note_count > 3
        studio.panel.settings.play.setChecked(True)
        qtbot.mouseClick(studio.panel.radio_bar.switch, LEFT)
        qtbot.waitUntil(lambda: studio.radio.current is not None and studio.radio.current.steps > 0, timeout=WAIT)
