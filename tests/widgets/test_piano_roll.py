"""The piano roll with a real mouse and real keys: drawing, moving, selecting, the clipboard, undo."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from gendesk.music.score import Note, Score, Track
from gendesk.widgets.piano_roll.clipboard import MIME_TYPE
from gendesk.widgets.piano_roll.roll import PianoRoll

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
NO_KEYS = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
FIRST, SECOND, THIRD = Note(0, 60, 1), Note(1, 64, 1), Note(2, 67, 2, 100)
PIECE = Score((Track((FIRST, SECOND, THIRD), "one"), Track((Note(0, 48, 4),), "two", channel=1)))


@pytest.fixture
def roll(qtbot: QtBot) -> Iterator[PianoRoll]:
    widget = PianoRoll()
    qtbot.addWidget(widget)
    widget.resize(900, 600)
    widget.show()
    qtbot.waitExposed(widget)
    widget.set_score(PIECE)
    widget.viewport.zoom(0.5, 0)
    widget.canvas.setFocus()
    yield widget
    QGuiApplication.clipboard().clear()


def at(roll: PianoRoll, beat: float, pitch: int) -> QPoint:
    """The pixel in the middle of a row of the notes' area."""
    view = roll.viewport.view
    return QPoint(round(view.x(beat)), round(view.y(pitch) + view.row_height / 2))


def send(widget: QWidget, kind: QEvent.Type, place: QPoint, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    where = QPointF(place)
    QApplication.sendEvent(widget, QMouseEvent(kind, where, widget.mapToGlobal(where), button, held, keys))


def drag(widget: QWidget, *places: QPoint, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    send(widget, QEvent.Type.MouseButtonPress, places[0], keys)
    for place in places[1:]:
        send(widget, QEvent.Type.MouseMove, place, keys)
    send(widget, QEvent.Type.MouseButtonRelease, places[-1], keys)


def press(roll: PianoRoll, key: Qt.Key, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    QTest.keyClick(roll.canvas, key, keys)


def notes(roll: PianoRoll) -> tuple[Note, ...]:
    return roll.score.tracks[roll.track].notes


def check_undo(roll: PianoRoll, before: tuple[Note, ...]) -> None:
    """One step leads back, and one forth again."""
    after = notes(roll)
    assert after != before
    QTest.keySequence(roll.canvas, QKeySequence(QKeySequence.StandardKey.Undo))
    assert notes(roll) == before
    QTest.keySequence(roll.canvas, QKeySequence(QKeySequence.StandardKey.Redo))
    assert notes(roll) == after


def test_drawing_adds_a_note_on_the_grid_that_sounds_while_it_is_held(roll: PianoRoll, qtbot: QtBot) -> None:
    heard: list[str] = []
    roll.pitch_pressed.connect(lambda pitch: heard.append(f"+{pitch}"))
    roll.pitch_released.connect(lambda pitch: heard.append(f"-{pitch}"))
    roll.set_tool("draw")
    with qtbot.waitSignal(roll.edited) as told:
        drag(roll.canvas, at(roll, 5.1, 62), at(roll, 5.5, 62), at(roll, 6.9, 62))
    assert notes(roll)[-1] == Note(5, 62, 2)
    assert told.args[0] == roll.score
    assert heard == ["+62", "-62"]
    assert roll.selection == {Note(5, 62, 2)}
    check_undo(roll, PIECE.tracks[0].notes)


def test_a_click_draws_the_length_that_was_used_last(roll: PianoRoll) -> None:
    roll.set_tool("draw")
    drag(roll.canvas, at(roll, 2.5, 67))  # takes hold of a note two beats long
    drag(roll.canvas, at(roll, 5.3, 60))
    assert Note(5.25, 60, 2, 100) in notes(roll)


def test_a_double_click_draws_with_the_select_tool_and_chooses_the_track_of_a_ghost(roll: PianoRoll) -> None:
    send(roll.canvas, QEvent.Type.MouseButtonDblClick, at(roll, 6.1, 70))
    send(roll.canvas, QEvent.Type.MouseButtonRelease, at(roll, 6.1, 70))
    assert Note(6, 70, 1) in notes(roll)
    send(roll.canvas, QEvent.Type.MouseButtonDblClick, at(roll, 2.1, 48))
    send(roll.canvas, QEvent.Type.MouseButtonRelease, at(roll, 2.1, 48))
    assert roll.track == 1


def test_moving_keeps_to_the_grid_and_is_one_step(roll: PianoRoll) -> None:
    edits: list[Score] = []
    roll.edited.connect(edits.append)
    drag(roll.canvas, at(roll, 1.5, 64), at(roll, 2, 66), at(roll, 3.63, 69))
    assert notes(roll) == (FIRST, THIRD, Note(3.25, 69, 1))
    assert len(edits) == 1
    check_undo(roll, PIECE.tracks[0].notes)


def test_shift_moves_without_the_grid_but_onto_ticks(roll: PianoRoll) -> None:
    drag(roll.canvas, at(roll, 1.5, 64), at(roll, 1.9, 64), at(roll, 2.6, 64), keys=SHIFT)
    moved = next(note for note in notes(roll) if note.pitch == 64)
    assert moved.start == pytest.approx(2.1, abs=0.05) and moved.start % 0.25
    assert (moved.start * 480).is_integer()


def test_a_group_moves_together_and_stays_within_the_pitches_and_the_music(roll: PianoRoll) -> None:
    press(roll, Qt.Key.Key_A, CTRL)
    drag(roll.canvas, at(roll, 1.5, 64), at(roll, 0.2, 64), at(roll, 0.1, 63))
    assert [note.start for note in notes(roll)] == [0, 1, 2]
    assert [note.pitch for note in notes(roll)] == [59, 63, 66]


@pytest.mark.parametrize(
    ("end", "target", "expected"), [("end", 5.1, Note(2, 67, 3, 100)), ("start", 3.1, Note(3, 67, 1, 100))]
)
def test_both_ends_of_a_note_can_be_dragged(roll: PianoRoll, end: str, target: float, expected: Note) -> None:
    grabbed = at(roll, THIRD.end, 67) - QPoint(2, 0) if end == "end" else at(roll, THIRD.start, 67) + QPoint(2, 0)
    drag(roll.canvas, grabbed, at(roll, (THIRD.start + target) / 2, 67), at(roll, target, 67))
    assert notes(roll)[-1] == expected
    check_undo(roll, PIECE.tracks[0].notes)


def test_an_end_cannot_be_dragged_before_the_beginning(roll: PianoRoll) -> None:
    drag(roll.canvas, at(roll, THIRD.end, 67) - QPoint(2, 0), at(roll, 3, 67), at(roll, 0, 67))
    assert notes(roll)[-1] == Note(2, 67, 0.25, 100)


def test_a_rectangle_selects_what_it_touches_and_control_adds_to_it(roll: PianoRoll) -> None:
    drag(roll.canvas, at(roll, 0.5, 70), at(roll, 1.2, 66), at(roll, 1.5, 62))
    assert roll.selection == {SECOND}
    drag(roll.canvas, at(roll, 5, 70), at(roll, 4, 68), at(roll, 3.5, 66), keys=CTRL)
    assert roll.selection == {SECOND, THIRD}
    drag(roll.canvas, at(roll, 1.5, 64), keys=CTRL)
    assert roll.selection == {THIRD}
    press(roll, Qt.Key.Key_Escape)
    assert roll.selection == frozenset()


def test_erasing_deletes_all_that_the_mouse_passes_in_one_step(roll: PianoRoll) -> None:
    roll.set_tool("erase")
    drag(roll.canvas, at(roll, 0.5, 60), at(roll, 1.5, 64))
    assert notes(roll) == (THIRD,)
    check_undo(roll, PIECE.tracks[0].notes)


def test_escape_gives_up_a_drag(roll: PianoRoll) -> None:
    send(roll.canvas, QEvent.Type.MouseButtonPress, at(roll, 1.5, 64))
    send(roll.canvas, QEvent.Type.MouseMove, at(roll, 4, 70))
    press(roll, Qt.Key.Key_Escape)
    send(roll.canvas, QEvent.Type.MouseButtonRelease, at(roll, 4, 70))
    assert roll.score == PIECE


def test_notes_are_copied_into_another_roll_and_pasted_at_its_cursor(roll: PianoRoll, qtbot: QtBot) -> None:
    other = PianoRoll()
    qtbot.addWidget(other)
    other.show()
    roll.select((SECOND, THIRD))
    press(roll, Qt.Key.Key_C, CTRL)
    qtbot.waitExposed(other)
    other.activateWindow()
    other.canvas.setFocus()
    qtbot.waitUntil(other.canvas.hasFocus)
    other.canvas.cursor_mark.put(4, 60)
    press(other, Qt.Key.Key_V, CTRL)
    press(other, Qt.Key.Key_V, CTRL)
    assert notes(other) == (Note(4, 64, 1), Note(5, 67, 2, 100), Note(7, 64, 1), Note(8, 67, 2, 100))
    check_undo(other, (Note(4, 64, 1), Note(5, 67, 2, 100)))


def test_cut_and_duplicate(roll: PianoRoll) -> None:
    roll.select((FIRST,))
    press(roll, Qt.Key.Key_D, CTRL)
    assert notes(roll) == (FIRST, Note(1, 60, 1), SECOND, THIRD)
    assert roll.selection == {Note(1, 60, 1)}
    press(roll, Qt.Key.Key_X, CTRL)
    check_undo(roll, (FIRST, Note(1, 60, 1), SECOND, THIRD))
    assert notes(roll) == (FIRST, SECOND, THIRD)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"version": 2, "notes": []}',
        b'{"version": 1, "notes": [[0, 60, 1]]}',
        b'{"version": 1, "notes": [[0, 200, 1, 80]]}',
        b'{"version": 1, "notes": [[NaN, 60, 1, 80]]}',
        b'{"version": 1, "notes": [[0, 60, 1e999, 80]]}',
        b'{"version": 1, "notes": [[0, true, 1, 80]]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_notes_is_not_pasted_and_a_sentence_says_so(roll: PianoRoll, qtbot: QtBot, data: bytes) -> None:
    content = QMimeData()
    content.setData(MIME_TYPE, data)
    QGuiApplication.clipboard().setMimeData(content)
    with qtbot.waitSignal(roll.commands.told) as told:
        press(roll, Qt.Key.Key_V, CTRL)
    assert told.args[0].endswith(".")
    assert roll.score == PIECE


def test_arrows_transpose_nudge_and_lengthen_what_is_selected(roll: PianoRoll) -> None:
    roll.select((SECOND,))
    press(roll, Qt.Key.Key_Up)
    press(roll, Qt.Key.Key_Up, SHIFT)
    assert roll.selection == {Note(1, 77, 1)}
    check_undo(roll, PIECE.tracks[0].notes)
    press(roll, Qt.Key.Key_Right)
    press(roll, Qt.Key.Key_Right, SHIFT)
    press(roll, Qt.Key.Key_Down, CTRL)
    assert roll.selection == {Note(1.25, 77, 1.25, 75)}
    press(roll, Qt.Key.Key_Delete)
    assert notes(roll) == (FIRST, THIRD)


def test_everything_can_be_done_without_a_mouse(roll: PianoRoll) -> None:
    press(roll, Qt.Key.Key_Home)
    for _ in range(4):
        press(roll, Qt.Key.Key_Right)
    for _ in range(2):
        press(roll, Qt.Key.Key_Up)
    assert roll.canvas.accessibleDescription() == "D4, bar 1, beat 2: no note"
    press(roll, Qt.Key.Key_Return)
    assert Note(1, 62, 1) in notes(roll)
    assert roll.canvas.accessibleDescription() == "D4, bar 1, beat 2, 1 beat long, velocity 80, selected"
    press(roll, Qt.Key.Key_Right, ALT)
    assert roll.selection == {SECOND}
    assert roll.canvas.accessibleDescription().startswith("E4, bar 1, beat 2")


def test_velocities_are_drawn_or_changed_together(roll: PianoRoll) -> None:
    lane, view = roll.lane, roll.viewport.view
    top = QPoint(round(view.x(1)), round(lane.level(127)))
    drag(lane, QPoint(round(view.x(1)), round(lane.level(40))), top)
    assert notes(roll)[1].velocity == 127 and notes(roll)[0].velocity == 80
    check_undo(roll, PIECE.tracks[0].notes)
    roll.select((notes(roll)[0], THIRD))
    drag(lane, QPoint(round(view.x(2)), round(lane.level(100))), QPoint(round(view.x(2)), round(lane.level(80))))
    assert [note.velocity for note in notes(roll)] == [pytest.approx(60, abs=3), 127, pytest.approx(80, abs=3)]


def test_a_read_only_roll_shows_and_sounds_but_changes_nothing(roll: PianoRoll, qtbot: QtBot) -> None:
    roll.set_read_only(True)
    with qtbot.waitSignal(roll.pitch_pressed), qtbot.assertNotEmitted(roll.edited):
        drag(roll.canvas, at(roll, 1.5, 64), at(roll, 3, 66))
        for key in (Qt.Key.Key_Up, Qt.Key.Key_Delete, Qt.Key.Key_Return):
            press(roll, key)
        drag(roll.lane, QPoint(round(roll.viewport.view.x(1)), 10), QPoint(round(roll.viewport.view.x(1)), 60))
    assert roll.score == PIECE


def test_a_read_only_roll_reaches_the_notes_of_all_tracks(roll: PianoRoll, qtbot: QtBot) -> None:
    roll.set_read_only(True)
    with qtbot.waitSignal(roll.pitch_pressed) as told:
        drag(roll.canvas, at(roll, 2, 48))
    assert told.args == [48] and roll.selection == {Note(0, 48, 4)}
    press(roll, Qt.Key.Key_A, CTRL)
    assert len(roll.selection) == 4


def test_undo_goes_back_to_the_track_that_was_edited(roll: PianoRoll, qtbot: QtBot) -> None:
    roll.select((FIRST,))
    press(roll, Qt.Key.Key_Up)
    roll.set_track(1)
    with qtbot.waitSignal(roll.track_changed) as told:
        roll.document.history.undo.trigger()
    assert told.args == [0] and roll.score == PIECE
    roll.commands.open_menu(roll.mapToGlobal(QPoint(10, 10)))
    menu = next(menu for menu in roll.findChildren(QMenu) if menu.isVisible() and menu.parent() is roll)
    tracks = next(action.menu() for action in menu.actions() if action.text() == "Edit Track")
    assert isinstance(tracks, QMenu)
    next(action for action in tracks.actions() if action.text() == "two").trigger()
    menu.close()
    assert roll.track == 1


def test_repeated_keys_are_one_step_until_the_selection_changes(roll: PianoRoll) -> None:
    roll.select((FIRST,))
    for _ in range(3):
        press(roll, Qt.Key.Key_Up)
    assert Note(0, 63, 1) in notes(roll)
    roll.select((SECOND,))
    press(roll, Qt.Key.Key_Up)
    roll.document.history.undo.trigger()
    assert notes(roll) == (Note(0, 63, 1), SECOND, THIRD)
    roll.document.history.undo.trigger()
    assert roll.score == PIECE


def test_the_menu_has_the_commands_with_their_keys(roll: PianoRoll, qtbot: QtBot) -> None:
    roll.select((FIRST,))
    roll.commands.open_menu(roll.mapToGlobal(QPoint(10, 10)))
    menu = next(menu for menu in roll.findChildren(QMenu) if menu.isVisible())
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts[:2] == ["Undo", "Redo"] and {"Copy", "Velocity", "Loop Selection"} <= set(texts)
    velocities = next(action.menu() for action in menu.actions() if action.text() == "Velocity")
    assert isinstance(velocities, QMenu)
    next(action for action in velocities.actions() if action.text() == "112").trigger()
    menu.close()
    assert notes(roll)[0].velocity == 112


def test_a_replaced_score_can_be_undone(roll: PianoRoll) -> None:
    roll.replace_score(Score((Track((Note(0, 72, 4),)), PIECE.tracks[1])))
    check_undo(roll, PIECE.tracks[0].notes)


def test_the_first_note_of_an_empty_score_makes_a_track(roll: PianoRoll) -> None:
    roll.set_score(Score())
    roll.set_tool("draw")
    drag(roll.canvas, at(roll, 0.1, 60))
    assert roll.score.tracks[0].notes == (Note(0, 60, 1),)
    assert not roll.document.history.redo.isEnabled()
    roll.document.history.undo.trigger()
    assert roll.score == Score()
