"""The orchestra console: each vector is turned alone, with a mouse, and the right voices change."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from gendesk.plugins.music.musegan.config import MuseganConfig
from gendesk.plugins.music.musegan.models import MuseGan
from gendesk.plugins.music.studios.orchestra.shown import MIX, NEAREST, PIECE, A, B
from gendesk.plugins.music.studios.orchestra.studio import MIDI_TYPE, ConsoleStudio
from gendesk.plugins.music.studios.orchestra.vectors import Vectors
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from gendesk.data.dataset import ScoreDataset, ScoreInfo
from gendesk.data.scores.chorales import compose
from gendesk.engine.music.console import PARTS, Console, Performance, size_of
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError
from gendesk.music.midi_reading import read_midi
from gendesk.music.score import Score
from gendesk.studios.music.transport import Transport
from gendesk.widgets.piano_roll.clipboard import MIME_TYPE, unpacked
from tests.support.outputs import RecordingOutput
from tests.support.studio_desk import WAIT, StudioDesk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier

SOPRANO_MELODY, BASS_GROOVE = PARTS.index("Soprano, melody"), PARTS.index("Bass, groove")


def small_model(bars: int = 2) -> MuseGan:
    torch.manual_seed(2)
    config = MuseganConfig(
        bars=bars, latent_size=8, temporal_filters=16, generator_filters=16, critic_filters=4, weights="glorot"
    )
    model = MuseGan(config).eval()
    for name, buffer in model.named_buffers():
        if name.endswith("running_var"):
            buffer.fill_(0.05)  # untrained networks hardly heed their vectors; so they do
    return model


def run_data(folder: Path, *, known: bool = True) -> RunData:
    scores = [compose(number).score for number in range(3)]
    info = ScoreInfo(
        name="pieces",
        title="Pieces",
        fingerprint="",
        train_count=3,
        test_count=0,
        notes=1,
        voices=4,
        lowest=40,
        highest=80,
        longest=32.0,
        steps_per_beat=4,
        chords=(),
        durations=(),
    )
    data = ScoreDataset(info, scores, ())
    return RunData(folder, None, lambda _target: None, "The pieces are gone.", known_scores=data if known else None)


@pytest.fixture
def desks() -> Iterator[list[StudioDesk]]:
    made: list[StudioDesk] = []
    yield made
    for desk in made:
        desk.close()
    QGuiApplication.clipboard().clear()


@pytest.fixture
def studio(qtbot: QtBot, tmp_path: Path, desks: list[StudioDesk]) -> ConsoleStudio:
    return opened(qtbot, run_data(tmp_path), desks)


def opened(
    qtbot: QtBot, data: RunData, desks: list[StudioDesk], output: RecordingOutput | None = None, bars: int = 2
) -> ConsoleStudio:
    desks.append(StudioDesk(small_model(bars), data))
    heard = output or RecordingOutput()
    studio = ConsoleStudio()
    qtbot.addWidget(studio)
    Transport(studio, lambda _choice: heard)
    studio.resize(1200, 800)
    studio.show()
    studio.set_session(desks[-1].session)
    qtbot.waitUntil(lambda: studio.pieces.performance is not None, timeout=WAIT)
    return studio


def performance(studio: ConsoleStudio) -> Performance:
    assert studio.pieces.performance is not None
    return studio.pieces.performance


def console(studio: ConsoleStudio) -> Console:
    assert studio.console is not None
    return studio.console


def settle(qtbot: QtBot, studio: ConsoleStudio, act: Callable[[], object]) -> None:
    """Do something, and wait until the piece of what is set then is shown."""
    before = studio.pieces.performance
    act()
    qtbot.waitUntil(lambda: studio.pieces.performance is not before, timeout=WAIT)


def click(qtbot: QtBot, studio: ConsoleStudio, button: QWidget) -> None:
    settle(qtbot, studio, partial(qtbot.mouseClick, button, LEFT))


def changed_voices(studio: ConsoleStudio) -> list[int]:
    differs = performance(studio).mix != performance(studio).a
    return np.flatnonzero(differs.any((0, 1))).tolist()


def test_without_a_model_it_says_what_will_appear(qtbot: QtBot) -> None:
    studio = ConsoleStudio()
    qtbot.addWidget(studio)
    assert not studio.pages.isEnabled()
    assert "trained" in studio.pane.roll.canvas.picture.empty_text
    assert studio.piece().note_count == 0


def test_it_begins_with_every_slider_at_a(studio: ConsoleStudio) -> None:
    assert [channel.slider.value() for channel in studio.channels.channels] == [0] * 10
    assert changed_voices(studio) == []
    assert studio.pane.table.texts()[0] == ["Notes only here", "0", "0", "0", "0"]
    assert not studio.vectors.history.undo.isEnabled()


@pytest.mark.parametrize(("part", "voice"), [(SOPRANO_MELODY, 0), (BASS_GROOVE, 3)])
def test_fives_change_one_voice_and_mark_it(qtbot: QtBot, studio: ConsoleStudio, part: int, voice: int) -> None:
    click(qtbot, studio, studio.channels.channels[part].five)
    assert changed_voices(studio) == [voice]
    assert performance(studio).equal == tuple(number != voice for number in range(4))
    assert studio.channels.channels[part].slider.value() == 100
    loud = [max(note.velocity for note in track.notes) for track in studio.pane.roll.score.tracks]
    assert [number for number, velocity in enumerate(loud) if velocity > 100] == [voice]
    here, there, both = (list(map(int, row[1:])) for row in studio.pane.table.texts())
    for number in range(4):
        assert (here[number] > 0) is (number == voice)
        assert here[number] + both[number] == len(studio.pane.shown.score.tracks[number].notes)
    assert there[voice] > 0
    assert studio.pane.table.texts()[1][0] == "Only in A"
    qtbot.mouseClick(studio.head.mark, LEFT)
    assert {note.velocity for _, note in studio.pane.roll.score.notes()} == {80}


def test_a_melody_that_is_rolled_anew_leaves_the_others_and_can_be_taken_back(
    qtbot: QtBot, studio: ConsoleStudio
) -> None:
    first = performance(studio).mix
    drawn = console(studio)
    click(qtbot, studio, studio.channels.channels[SOPRANO_MELODY].reroll)
    rolled = performance(studio)
    assert rolled.equal == (False, True, True, True)
    np.testing.assert_array_equal(rolled.mix[..., 1:], first[..., 1:])
    settle(qtbot, studio, partial(qtbot.keyClick, studio.pane.roll.canvas, Qt.Key.Key_Z, CONTROL))
    assert studio.console is drawn
    assert studio.channels.channels[SOPRANO_MELODY].slider.value() == 0
    np.testing.assert_array_equal(performance(studio).mix, first)
    click(qtbot, studio, studio.head.redo)
    np.testing.assert_array_equal(performance(studio).mix, rolled.mix)
    assert studio.channels.channels[SOPRANO_MELODY].slider.value() == 100


def test_the_seed_of_the_vectors_is_shown_again_when_they_are(qtbot: QtBot, studio: ConsoleStudio) -> None:
    box = studio.head.seed
    first, before = box.seed, performance(studio).mix
    click(qtbot, studio, box.button)
    assert box.seed == console(studio).seed != first
    settle(qtbot, studio, studio.vectors.history.undo.trigger)
    assert box.seed == first
    assert (performance(studio).mix == before).all()


def test_a_slider_goes_from_a_to_b(qtbot: QtBot, studio: ConsoleStudio) -> None:
    slider = studio.channels.channels[0].slider
    slider.setFocus()
    settle(qtbot, studio, partial(qtbot.keyClick, slider, Qt.Key.Key_End))
    np.testing.assert_array_equal(console(studio).noise[0], console(studio).b[0])
    settle(qtbot, studio, partial(qtbot.keyClick, slider, Qt.Key.Key_Left))
    np.testing.assert_allclose(
        console(studio).noise[0], 0.01 * console(studio).a[0] + 0.99 * console(studio).b[0], atol=1e-6
    )
    settle(qtbot, studio, partial(qtbot.keyClick, slider, Qt.Key.Key_Home))
    assert changed_voices(studio) == []


def test_one_slider_moves_everything_and_a_drag_is_one_step_back(qtbot: QtBot, studio: ConsoleStudio) -> None:
    qtbot.mouseClick(studio.channels.channels[3].lock, LEFT)
    slider = studio.channels.every.slider
    middle = slider.height() // 2
    qtbot.mousePress(slider, LEFT, pos=QPoint(8, middle))
    for share in (0.3, 0.6, 1.1):
        qtbot.mouseMove(slider, QPoint(round(share * slider.width()), middle))
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(round(1.1 * slider.width()), middle))
    assert console(studio).mix == tuple(float(part != 3) for part in range(10))
    moved = [channel.slider.value() for channel in studio.channels.channels]
    assert moved == [100 * (part != 3) for part in range(10)]
    click(qtbot, studio, studio.head.undo)
    assert console(studio).mix == (0.0,) * 10
    assert console(studio).locked == {3}


def test_what_is_locked_is_not_rolled(qtbot: QtBot, studio: ConsoleStudio) -> None:
    before = console(studio)
    qtbot.mouseClick(studio.channels.channels[3].lock, LEFT)
    assert not studio.channels.channels[3].slider.isEnabled()
    click(qtbot, studio, studio.channels.every.reroll)
    same = (console(studio).b == before.b).all(1)
    assert np.flatnonzero(same).tolist() == [3]
    assert console(studio).mix == tuple(float(part != 3) for part in range(10))
    studio.trials.voice.setCurrentIndex(1)
    qtbot.mouseClick(studio.trials.melody, LEFT)
    assert "locked" in studio.trials.result.text()


def test_a_mix_is_kept_as_a_and_rolls_are_reproducible(qtbot: QtBot, studio: ConsoleStudio) -> None:
    click(qtbot, studio, studio.channels.channels[1].reroll)
    mixed, rolled = performance(studio).mix, console(studio).b[1]
    click(qtbot, studio, studio.head.keep)
    np.testing.assert_array_equal(performance(studio).a, mixed)
    np.testing.assert_array_equal(performance(studio).mix, mixed)
    np.testing.assert_array_equal(console(studio).a[1], rolled)
    panel = QWidget()
    qtbot.addWidget(panel)
    twin = Vectors(panel)
    twin.begin(1, 8)
    twin.reroll(1)
    assert twin.console is not None
    np.testing.assert_array_equal(twin.console.b[1], rolled)


def test_an_experiment_shows_what_the_book_claims(qtbot: QtBot, studio: ConsoleStudio) -> None:
    studio.pages.setCurrentWidget(studio.trials)
    studio.trials.voice.setCurrentIndex(0)
    qtbot.mouseClick(studio.trials.fives, LEFT, pos=QPoint(8, studio.trials.fives.height() // 2))
    click(qtbot, studio, studio.trials.melody)
    assert "same to the bit" in studio.trials.result.text()
    *bars, words = studio.trials.table.texts()
    assert words == ["Network's numbers", "changed", "same", "same", "same"]
    assert [row[2:] for row in bars] == [["0"] * 3] * 2
    assert sum(int(row[1]) for row in bars) > 0
    before = performance(studio).mix
    click(qtbot, studio, studio.trials.style_)
    np.testing.assert_array_equal(performance(studio).a, before)
    assert "4 of 4" in studio.trials.result.text()
    click(qtbot, studio, studio.head.undo)
    click(qtbot, studio, studio.head.undo)
    assert console(studio).mix == (0.0,) * 10


def test_more_bars_have_more_rows(qtbot: QtBot, tmp_path: Path, desks: list[StudioDesk]) -> None:
    studio = opened(qtbot, run_data(tmp_path), desks, bars=8)
    assert "of 8 bars, 32 in all" in studio.maker.length.text()
    click(qtbot, studio, studio.trials.groove)
    assert [row[0] for row in studio.trials.table.texts()[:-1]] == [
        f"New notes, bar {number}" for number in range(1, 9)
    ]


def test_the_nearest_real_piece_stands_beside_and_is_that_of_what_is_shown(qtbot: QtBot, studio: ConsoleStudio) -> None:
    qtbot.waitUntil(lambda: studio.pieces.nearest is not None, timeout=WAIT)
    near = studio.pieces.nearest
    assert near is not None
    assert near.title.startswith("Chorale ")
    assert near.searched == 3
    assert "Nearest to the mix" in studio.beside.caption.text()
    studio.pane.choose(B)
    qtbot.waitUntil(lambda: "Nearest to B" in studio.beside.caption.text(), timeout=WAIT)
    assert studio.beside.table.texts()[1][0] == "Only in B"
    assert studio.pane.table.texts()[1][0] == "Only in A"
    qtbot.mouseClick(studio.beside.hear, LEFT)
    assert studio.pane.key == NEAREST
    qtbot.waitUntil(lambda: studio.player.is_playing, timeout=WAIT)
    assert studio.player.score.tracks == studio.pane.shown.score.tracks
    studio.resize(380, 560)
    qtbot.waitUntil(lambda: not studio.beside.isVisible(), timeout=WAIT)
    assert studio.size().width() == 380
    assert studio.piece().title.startswith("Chorale ")


def test_without_the_pieces_it_plays_on_and_says_why(qtbot: QtBot, tmp_path: Path, desks: list[StudioDesk]) -> None:
    studio = opened(qtbot, run_data(tmp_path, known=False), desks)
    qtbot.waitUntil(lambda: "gone" in studio.beside.caption.text(), timeout=WAIT)
    assert studio.piece().note_count > 0


def pitches_at(score: Score, beat: float) -> set[int]:
    return {note.pitch for _, note in score.notes() if note.start <= beat < note.end}


def test_it_plays_on_at_the_same_beat_while_vectors_and_pieces_change(
    qtbot: QtBot, tmp_path: Path, desks: list[StudioDesk]
) -> None:
    output = RecordingOutput()
    studio = opened(qtbot, run_data(tmp_path), desks, output)
    beats: list[float | None] = []
    studio.player.moved.connect(lambda beat, _pitches: beats.append(beat))
    qtbot.mouseClick(studio.player.play, LEFT)
    qtbot.waitUntil(lambda: len(beats) > 0 and (beats[-1] or 0) > 0.5, timeout=WAIT)
    assert {pitch for _, pitch, _ in output.named("on")} <= {note.pitch for _, note in studio.piece().notes()}
    assert {velocity for _, _, velocity in output.named("on")} == {80}  # marks are seen and not heard
    before = studio.piece()
    click(qtbot, studio, studio.channels.channels[SOPRANO_MELODY].five)
    assert studio.piece() != before
    qtbot.mouseClick(studio.pane.tabs, LEFT, pos=studio.pane.tabs.tabRect(2).center())
    assert studio.pane.key == B
    qtbot.mouseClick(studio.head.flip, LEFT)
    assert studio.pane.key == A
    assert studio.player.score.tracks == studio.piece().tracks
    reached = len(beats)
    qtbot.waitUntil(lambda: len(beats) > reached + 5, timeout=WAIT)
    told = [beat for beat in beats if beat is not None]
    assert len(told) == len(beats)  # it has never stopped
    assert sorted(told) == told
    assert max(later - sooner for sooner, later in pairwise(told)) < 1.0
    qtbot.mouseClick(studio.head.flip, LEFT)
    assert studio.pane.key == B
    assert studio.player.is_playing
    studio.player.tempo.setValue(400)
    qtbot.waitUntil(lambda: beats[-1] is not None and beats[-1] < told[-1], timeout=WAIT)  # the loop begins again
    qtbot.mouseClick(studio.player.stop, LEFT)
    qtbot.waitUntil(lambda: not output.sounding, timeout=WAIT)
    assert beats[-1] is None


def test_a_change_begins_to_play_where_that_is_wished(qtbot: QtBot, tmp_path: Path, desks: list[StudioDesk]) -> None:
    output = RecordingOutput()
    studio = opened(qtbot, run_data(tmp_path), desks, output)
    click(qtbot, studio, studio.channels.channels[1].reroll)
    assert not studio.player.is_playing
    qtbot.mouseClick(studio.head.hear, LEFT)
    click(qtbot, studio, studio.channels.channels[1].reroll)
    qtbot.waitUntil(lambda: len(output.named("on")) >= 4, timeout=WAIT)
    first = {pitch for _, pitch, _ in output.named("on")[:4]}
    assert first <= pitches_at(studio.piece(), 0.0)
    studio.hide()
    qtbot.waitUntil(lambda: not output.sounding, timeout=WAIT)


def test_excerpts_in_a_row_make_a_piece(qtbot: QtBot, studio: ConsoleStudio, tmp_path: Path) -> None:
    click(qtbot, studio, studio.channels.every.reroll)
    mix = performance(studio)
    studio.pages.setCurrentWidget(studio.maker)
    for way, same in (("chords to B", ()), ("all to B", ()), ("new chords", (0,)), ("new melodies", (0,))):
        studio.maker.way.setCurrentIndex(studio.maker.way.findData(way))
        studio.maker.count.setValue(3)
        studio.pieces.chain = None
        qtbot.mouseClick(studio.maker.make, LEFT)
        qtbot.waitUntil(lambda: studio.pieces.chain is not None, timeout=WAIT)
        chain = studio.pieces.chain
        assert chain is not None
        assert chain.shape == (6, 16, 4)
        assert studio.pane.key == PIECE
        for excerpt in same:
            np.testing.assert_array_equal(chain[2 * excerpt : 2 * excerpt + 2], mix.mix)
        if way == "all to B":
            np.testing.assert_array_equal(chain[:2], mix.a)
            np.testing.assert_array_equal(chain[4:], mix.b)
    assert studio.piece().end == 24.0
    assert "6 bars, 22 seconds" in studio.maker.told.text()
    path = tmp_path / "piece.mid"
    with qtbot.waitSignal(studio.export.saved, timeout=WAIT):
        studio.export.save(path)
    assert [track.notes for track in read_midi(path).tracks] == [track.notes for track in studio.piece().tracks]
    click(qtbot, studio, studio.channels.channels[0].reroll)
    assert studio.pane.key == MIX


def test_pieces_are_copied_and_saved(qtbot: QtBot, studio: ConsoleStudio, tmp_path: Path) -> None:
    for key in (MIX, A, B):
        studio.pane.choose(key)
        path = tmp_path / f"{key}.mid"
        with qtbot.waitSignal(studio.export.saved, timeout=WAIT):
            studio.export.save(path)
        assert [track.notes for track in read_midi(path).tracks] == [track.notes for track in studio.piece().tracks]
    qtbot.mouseClick(studio.head.copy, LEFT)
    data = QGuiApplication.clipboard().mimeData()
    assert len(unpacked(data.data(MIME_TYPE).data())) == studio.piece().note_count
    assert data.data(MIDI_TYPE).data().startswith(b"MThd")
    assert next(action.text() for action in studio.head.menu.actions()) == "Save as MIDI..."
    with qtbot.waitSignal(studio.failed, timeout=WAIT) as told:
        studio.export.save(tmp_path / "a.mid" / "b.mid")
    assert told.args[0].endswith(".")


def test_every_control_is_named_and_reached_by_the_keyboard(studio: ConsoleStudio) -> None:
    kinds = (QAbstractButton, QAbstractSlider, QComboBox, QAbstractSpinBox)
    controls = [one for kind in kinds for one in studio.findChildren(kind) if not isinstance(one, QScrollBar)]
    own = [one for one in controls if not one.objectName().startswith(("qt_", "ScrollLeft", "ScrollRight"))]
    assert len(own) > 60
    for one in own:
        assert one.accessibleName() or getattr(one, "text", str)(), one
        assert one.focusPolicy() & Qt.FocusPolicy.TabFocus, (one, one.accessibleName())


def test_another_kind_of_model_is_refused_in_words() -> None:
    with pytest.raises(InputError, match="no orchestra"):
        size_of(Model())
