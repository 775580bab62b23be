"""What a piano roll shows: views, rulers, names, playhead, numbers, tools and pictures."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gendesk.music.score import DRUMS, Key, Meter, Note, Score, Track
from gendesk.widgets.piano_roll.grid import SNAPS, Bars, snapped
from gendesk.widgets.piano_roll.index import NoteIndex
from gendesk.widgets.piano_roll.names import Scale, drum_name, pitch_name
from gendesk.widgets.piano_roll.picture import roll_picture
from gendesk.widgets.piano_roll.roll import PianoRoll
from gendesk.widgets.piano_roll.tools import RollTools
from gendesk.widgets.theme import LIGHT

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def roll(qtbot: QtBot) -> PianoRoll:
    widget = PianoRoll()
    qtbot.addWidget(widget)
    widget.resize(900, 600)
    widget.show()
    qtbot.waitExposed(widget)
    widget.set_score(Score((Track(tuple(Note(float(beat), 60 + beat % 12, 1.0) for beat in range(64))),)))
    return widget


def wheel(widget: QWidget, place: QPointF, turn: int, keys: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        place,
        widget.mapToGlobal(place),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_names_of_pitches_drums_and_scales() -> None:
    assert [pitch_name(pitch) for pitch in (0, 60, 61, 127)] == ["C\N{MINUS SIGN}1", "C4", "C♯4", "G9"]
    assert pitch_name(70, flats=True) == "B♭4"
    assert (drum_name(36), drum_name(38), drum_name(42), drum_name(81), drum_name(82)) == (
        *("Bass drum", "Acoustic snare", "Closed hi-hat"),
        *("Open triangle", ""),
    )
    assert Scale.of_key(Key(0, 1)) == Scale(7) and Scale.of_key(Key(0, -3, minor=True)) == Scale(0, minor=True)
    assert [pitch for pitch in range(60, 72) if Scale(7).holds(pitch)] == [60, 62, 64, 66, 67, 69, 71]
    assert Scale(10).name == "B♭" and Scale(4).name == "E" and Scale(6, minor=True).name == "F♯"


def test_bars_and_beats_follow_the_time_signatures() -> None:
    bars = Bars(Score(meters=(Meter(0, 3, 4), Meter(6, 6, 8))), 12)
    assert bars.starts.tolist() == [0, 3, 6, 9]
    assert bars.place(4) == (2, 2) and bars.place(7) == (3, 3)
    assert bars.lines(0, 12, 0).tolist() == [1, 2, 4, 5, 6.5, 7, 7.5, 8, 8.5, 9.5, 10, 10.5, 11, 11.5]
    assert bars.lines(6, 9, SNAPS["1/4 triplet"]).tolist() == pytest.approx([6 + n * 2 / 3 for n in range(1, 5)])
    assert snapped(1.4, SNAPS["1/8 triplet"]) == pytest.approx(4 / 3) and snapped(1.4, 0) == 1.4


def test_the_index_finds_long_notes_that_began_before_the_view() -> None:
    random = np.random.default_rng(3)
    notes = tuple(
        sorted(
            Note(float(s), int(p), float(d))
            for s, p, d in zip(
                random.uniform(0, 100, 500), random.integers(0, 128, 500), random.exponential(5, 500), strict=True
            )
        )
    )
    index = NoteIndex(notes)
    for first in (0.0, 20.0, 99.0):
        expected = [
            n
            for n, note in enumerate(notes)
            if note.start <= first + 4 and note.end >= first and 40 <= note.pitch <= 80
        ]
        assert index.within(first, first + 4, 40, 80).tolist() == expected
    assert len(NoteIndex(()).within(0, 10)) == 0


def test_the_wheel_scrolls_and_with_control_zooms_at_the_mouse(roll: PianoRoll) -> None:
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    place, port = QPointF(300, 100), roll.viewport
    beat, pitch = port.view.beat(300), port.view.pitch(100)
    wheel(roll.canvas, place, 480, control)
    assert port.view.beat(300) == pytest.approx(beat) and port.view.beat_width > 15
    wheel(roll.canvas, place, 480, control | shift)
    assert port.view.pitch(100) == pitch
    left, top = port.view.left, port.view.top
    wheel(roll.canvas, place, -120, Qt.KeyboardModifier.NoModifier)
    wheel(roll.canvas, place, -120, shift)
    assert port.view.top > top and port.view.left > left
    roll.commands.fit.trigger()
    assert port.view.left == 0 and port.last >= 64


def test_a_pinch_zooms_at_the_fingers(roll: PianoRoll) -> None:
    port, place = roll.viewport, QPointF(200, 80)
    beat, width = port.view.beat(200), port.view.beat_width
    pad = QPointingDevice.primaryPointingDevice()
    kind = Qt.NativeGestureType.ZoomNativeGesture
    everywhere = roll.canvas.mapToGlobal(place)
    QApplication.sendEvent(roll.canvas, QNativeGestureEvent(kind, pad, 2, place, place, everywhere, 0.5, QPointF()))
    assert port.view.beat_width == pytest.approx(width * 1.5) and port.view.beat(200) == pytest.approx(beat)


def test_the_view_stays_within_the_music(roll: PianoRoll) -> None:
    port = roll.viewport
    port.zoom(1e-9)
    assert port.view.left == 0 and port.last == pytest.approx(64 + 32)
    port.zoom(1e9)
    port.pan(1e9, 1e9)
    assert port.last == pytest.approx(64 + 32) and port.view.pitch(port.height - 1) == 0


def test_a_click_in_the_ruler_seeks_and_a_drag_makes_a_loop(roll: PianoRoll, qtbot: QtBot) -> None:
    ruler, view = roll.ruler, roll.viewport.view
    x = [QPoint(round(view.x(beat)), 20) for beat in (8, 16, 24)]
    with qtbot.waitSignal(roll.sought) as told:
        qtbot.mouseClick(ruler, Qt.MouseButton.LeftButton, pos=x[0])
    assert told.args == [8]
    for start, stop, loop in ((x[0], x[1], [8, 16]), (x[1], x[2], [8, 24])):
        qtbot.mousePress(ruler, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(ruler, stop)
        with qtbot.waitSignal(roll.loop_changed) as told:
            qtbot.mouseRelease(ruler, Qt.MouseButton.LeftButton, pos=stop)
        assert told.args == loop
    with qtbot.waitSignal(roll.loop_changed) as told:
        qtbot.mouseDClick(ruler, Qt.MouseButton.LeftButton, pos=x[1])
    assert told.args == [0, 0]


def test_keys_at_the_left_sound(roll: PianoRoll, qtbot: QtBot) -> None:
    heard: list[str] = []
    roll.pitch_pressed.connect(lambda pitch: heard.append(f"+{pitch}"))
    roll.pitch_released.connect(lambda pitch: heard.append(f"-{pitch}"))
    view = roll.viewport.view
    rows = [QPoint(20, round(view.y(pitch) + view.row_height / 2)) for pitch in (64, 65)]
    qtbot.mousePress(roll.keyboard, Qt.MouseButton.LeftButton, pos=rows[0])
    qtbot.mouseMove(roll.keyboard, rows[1])
    qtbot.mouseRelease(roll.keyboard, Qt.MouseButton.LeftButton, pos=rows[1])
    assert heard[0] == "+64" and heard[-1] == "-65" and len(heard) == 4
    heard.clear()
    roll.keyboard.setFocus()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Space):
        qtbot.keyClick(roll.keyboard, key)
    assert heard == ["+66", "-66"]


def test_rows_of_drums_have_their_names(roll: PianoRoll) -> None:
    width = roll.keyboard.width()
    roll.set_score(Score((Track((Note(0, 36, 1),), channel=DRUMS),)))
    assert roll.keyboard.name(36) == "Bass drum" and roll.keyboard.width() > width
    assert roll.status.describe(Note(0, 36, 1)).startswith("Bass drum, bar 1, beat 1")


def test_the_view_follows_the_playhead_unless_it_must_not(roll: PianoRoll) -> None:
    roll.viewport.zoom(4, 0)
    roll.set_position(40)
    assert roll.viewport.view.left <= 40 < roll.viewport.last
    roll.set_follow(False)
    roll.set_position(0)
    assert roll.viewport.view.left > 0
    roll.set_position(None)


def test_numbers_colour_notes_and_a_legend_says_what_they_are(roll: PianoRoll) -> None:
    first, second = roll.score.tracks[0].notes[:2]
    view = roll.viewport.view

    def color(note: Note) -> str:
        place = QPoint(round(view.x(note.end)) - 3, round(view.y(note.pitch)) + 3)
        return roll.canvas.grab().toImage().pixelColor(place).name()

    assert color(first) == color(second)
    roll.set_values({first: 0.1, second: 0.9}, "Chance")
    assert color(first) != color(second)
    assert "chance 0.90" in roll.status.describe(second)
    roll.set_values(None)
    assert color(first) == color(second)


def test_the_tools_show_and_set_what_the_roll_does(roll: PianoRoll, qtbot: QtBot) -> None:
    tools = RollTools(roll)
    qtbot.addWidget(tools)
    roll.set_snap(SNAPS["1/8 triplet"])
    assert tools.snap.currentText() == "1/8 triplet"
    roll.set_scale(Scale(2, minor=True))
    assert tools.scale.currentText() == "D minor"
    with qtbot.waitSignal(tools.quantise_asked) as told:
        tools.quantise.click()
    assert told.args == [SNAPS["1/8 triplet"]]
    qtbot.keyClick(roll.canvas, Qt.Key.Key_2)
    assert roll.tool == "draw"
    tools.follow.click()
    assert not roll.follow
    roll.set_read_only(True)
    assert not tools.quantise.isEnabled()


def test_a_picture_of_the_whole_score(roll: PianoRoll) -> None:
    image = roll_picture(roll.score, QSize(640, 240), colors=LIGHT)
    assert image.size() == QSize(640, 240)
    assert len({image.pixelColor(x, 150).name() for x in range(60, 640)}) > 3
    assert roll.picture(QSize(320, 200)).size() == QSize(320, 200)
    with pytest.raises(ValueError, match="160 by 96"):
        roll_picture(roll.score, QSize(100, 50))


def test_ten_thousand_notes_are_shown_where_they_are(roll: PianoRoll) -> None:
    notes = tuple(Note(n / 4, 40 + n % 48, 0.25) for n in range(10_000))
    roll.set_score(Score((Track(notes),)))
    roll.show_everything()
    image, view = roll.canvas.grab().toImage(), roll.viewport.view
    ground = {image.pixelColor(round(view.x(1200)), round(view.y(pitch) + 2)).name() for pitch in (39, 88)}
    for note in notes[::997]:
        place = QPoint(min(image.width() - 1, round(view.x(note.start))), round(view.y(note.pitch) + 2))
        assert image.pixelColor(place).name() not in ground
    started = time.process_time()
    for _ in range(20):
        roll.viewport.zoom(1.1)
        QApplication.processEvents()
    roll.set_values({note: (place % 100) / 100 for place, note in enumerate(notes)})
    roll.show_everything()
    image, row = roll.canvas.grab().toImage(), round(roll.viewport.view.y(60)) + 2
    assert len({image.pixelColor(x, row).name() for x in range(0, 600, 3)}) > 20
    # A generous bound for slow machines; tests/benchmarks/piano_roll.py measures.
    assert (time.process_time() - started) / 20 < 0.1
