"""The queue's panel as a person uses it: it asks for changes by signals, and shows what its owner tells it."""

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from gendesk.app.runs.queue_panel import QueuePanel, QueueRow, running_row, waiting_row
from gendesk.engine.run_config import RunConfig, RunSettings
from gendesk.engine.run_store import RunStore

ROWS = [
    QueueRow("one", "First", "glyphs", "running", 0.4),
    QueueRow("two", "Second", "glyphs", "waiting"),
    QueueRow("three", "Third", "glyphs", "waiting"),
    QueueRow("four", "Fourth", "glyphs", "waiting"),
]


class Owner:
    """Does what the panel asks for, as the window does with the queue's file."""

    def __init__(self, panel: QueuePanel) -> None:
        self.panel = panel
        self.rows = list(ROWS)
        panel.moved.connect(self.move)
        panel.remove_wanted.connect(self.remove)
        panel.set_entries(self.rows)

    def move(self, run_id: str, place: int) -> None:
        (row,) = [row for row in self.rows if row.run_id == run_id]
        self.rows.remove(row)
        self.rows.insert(place, row)
        self.panel.set_entries(self.rows)

    def remove(self, run_id: str) -> None:
        self.rows = [row for row in self.rows if row.run_id != run_id]
        self.panel.set_entries(self.rows)

    @property
    def order(self) -> list[str]:
        return [row.run_id for row in self.rows]


@pytest.fixture
def owner(qtbot):
    panel = QueuePanel()
    qtbot.addWidget(panel)
    panel.resize(420, 320)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()
    panel.view.setFocus()
    return Owner(panel)


def choose(owner: Owner, run_id: str) -> None:
    model = owner.panel.model
    owner.panel.view.setCurrentIndex(model.index(model.row_of(run_id)))


def drop(owner: Owner, run_id: str, y: int, content: bytes | None = None) -> bool:
    """Drag a row to a height of the list and let go; return whether the list would take it."""
    view, model = owner.panel.view, owner.panel.model
    mime = model.mimeData([model.index(model.row_of(run_id))])
    if content is not None:
        mime.setData(mime.formats()[0], content)
    facts = Qt.DropAction.MoveAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    place = QPoint(20, y)
    enter, move, let_go = QDragEnterEvent(place, *facts), QDragMoveEvent(place, *facts), QDropEvent(place, *facts)
    for event in (enter, move, let_go):
        QApplication.sendEvent(view.viewport(), event)
    return move.isAccepted()


def test_keys_change_the_order_and_the_chosen_run_stays_chosen(qtbot, owner):
    choose(owner, "four")
    qtbot.keyClick(owner.panel.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert owner.order == ["one", "two", "four", "three"]
    assert owner.panel.view.currentIndex().data() == "Fourth"
    qtbot.keyClick(owner.panel.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(owner.panel.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert owner.order == ["one", "four", "two", "three"]
    qtbot.keyClick(owner.panel.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert owner.order == ["one", "two", "four", "three"]


def test_buttons_change_the_order_as_far_as_it_goes(qtbot, owner):
    choose(owner, "two")
    assert not owner.panel.up.isEnabled()
    qtbot.mouseClick(owner.panel.down, Qt.MouseButton.LeftButton)
    assert owner.order == ["one", "three", "two", "four"]
    assert owner.panel.up.isEnabled()
    choose(owner, "four")
    assert not owner.panel.down.isEnabled()


def test_a_row_can_be_dragged_to_another_place_in_the_waiting_part(owner):
    height = owner.panel.view.sizeHintForRow(0)
    assert drop(owner, "four", height + 1)
    assert owner.order == ["one", "four", "two", "three"]
    drop(owner, "four", 4 * height + 20)
    assert owner.order == ["one", "two", "three", "four"]
    drop(owner, "four", 1)
    assert owner.order == ["one", "two", "three", "four"]


def test_what_trains_stays_where_it_is(qtbot, owner):
    choose(owner, "one")
    for button in (owner.panel.up, owner.panel.down, owner.panel.remove):
        assert not button.isEnabled()
    qtbot.keyClick(owner.panel.view, Qt.Key.Key_Delete)
    qtbot.keyClick(owner.panel.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    drop(owner, "one", 200)
    assert owner.order == ["one", "two", "three", "four"]


def test_delete_and_enter(qtbot, owner):
    choose(owner, "three")
    with qtbot.waitSignal(owner.panel.shown) as shown:
        qtbot.keyClick(owner.panel.view, Qt.Key.Key_Return)
    assert shown.args == ["three"]
    qtbot.keyClick(owner.panel.view, Qt.Key.Key_Delete)
    assert owner.order == ["one", "two", "four"]


def test_a_queue_on_hold_is_started_by_a_person(qtbot, owner):
    panel = owner.panel
    assert (panel.hold.isVisible(), panel.run.isVisible()) == (True, False)
    with qtbot.waitSignal(panel.hold_wanted):
        qtbot.mouseClick(panel.hold, Qt.MouseButton.LeftButton)
    panel.set_held(True)
    assert (panel.hold.isVisible(), panel.run.isVisible()) == (False, True)
    with qtbot.waitSignal(panel.run_wanted):
        qtbot.mouseClick(panel.run, Qt.MouseButton.LeftButton)


def test_an_empty_queue_says_what_will_be_there(owner):
    owner.panel.set_entries([])
    texts = [label.text() for label in owner.panel.findChildren(type(owner.panel._note)) if label.isVisible()]
    assert any("Each run keeps the settings it had when it was queued." in text for text in texts)
    assert not owner.panel.hold.isVisible()


def test_what_another_program_drops_is_not_taken(owner):
    drop(owner, "two", 150, b"\xff\xfe no run")
    assert owner.order == ["one", "two", "three", "four"]


def test_rows_describe_real_runs(data_dir):
    settings = RunSettings(steps=2000)
    config = RunConfig(recipe="vae", preset="quick", data="/home/me/cats", config={}, settings=settings, name="Cats")
    run = RunStore(data_dir / "runs").create(config, "autoencoder", "VAE")
    waiting = waiting_row(run, time.time())
    assert waiting.title == "Cats"
    assert waiting.detail.startswith("VAE  ·  cats  ·  2,000 steps  ·  since ")
    assert (waiting.state, waiting.progress) == ("waiting", None)
    running = running_row(run, 500, 2000, 90.0)
    assert running.detail == "VAE  ·  cats  ·  step 500 of 2,000  ·  1:30 left"
    assert (running.state, running.progress) == ("running", 0.25)
    assert running_row(run, 0, 0).progress is None
