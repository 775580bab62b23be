"""The run browser as a person uses it: real runs on a disk, real keys and menus."""

import os
import sys
import threading

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QFile, QItemSelectionModel, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QPushButton

from gendesk.app.runs.browser import RunBrowser
from gendesk.app.runs.entries import Status
from gendesk.app.runs.rows import PICTURE_ROLE, Column
from gendesk.engine.events import JobState, Progress, Scalars, StateChanged
from gendesk.engine.preview import ImagePreview
from gendesk.engine.run_config import RunConfig
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import RunState, this_process, trained_here
from gendesk.engine.samples import save_preview

FAMILIES = (("autoencoder", "Autoencoders"), ("gan", "GANs"))
RECIPES = {"vae", "wgan"}


class CountingStore(RunStore):
    """Remembers which runs were read, and reads them only while its gate is open."""

    def __init__(self, folder):
        super().__init__(folder)
        self.opened = []
        self.gate = threading.Event()
        self.gate.set()

    def open(self, run_id):
        self.gate.wait(5)
        self.opened.append(run_id)
        return super().open(run_id)


@pytest.fixture
def store(data_dir):
    return CountingStore(data_dir / "runs")


def add(store, recipe="vae", family="autoencoder", state=RunState.FINISHED, labels=None, **record):
    run = store.create(RunConfig(recipe=recipe, preset="quick", data="glyphs", config={}), family, recipe.upper())
    run.update(**{"state": state, "process": None, "total_steps": 6000, **record})
    # The list is sorted by it, and the clock may not have moved between two runs.
    number = int(run.id[:4])
    record = run.record.model_copy(update={"updated": 1_700_000_000.0 + 60 * number})
    (run.folder / "run.json").write_text(record.model_dump_json())
    if labels:
        run.label(**labels)
    return run


def add_samples(run, step=100):
    images = np.full((4, 8, 8, 1), 200, np.uint8)
    return save_preview(run.samples, step, ImagePreview("samples", "Samples", images, 2), "{}")


def opened(qtbot, store, size=(1280, 240)):
    browser = RunBrowser(store, FAMILIES, RECIPES)
    qtbot.addWidget(browser)
    browser.resize(*size)
    with qtbot.waitSignal(browser.refreshed), qtbot.waitActive(browser):
        browser.show()
        browser.activateWindow()
    browser._watch.stop()  # from here on, lists are read when a test says so
    return browser


def refresh(qtbot, browser):
    with qtbot.waitSignal(browser.refreshed):
        browser.refresh()


def listed(browser, column=Column.NAME):
    return [browser.runs.index(row, column).data() for row in range(browser.runs.rowCount())]


def choose(browser, *run_ids):
    browser.view.clearSelection()
    for run_id in run_ids:
        index = browser.runs.index_of(run_id)
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        browser.view.selectionModel().setCurrentIndex(index, flags)


def question(qtbot):
    """Wait for a question, and return it."""

    def found():
        return [box for box in QApplication.topLevelWidgets() if isinstance(box, QMessageBox) and box.isVisible()]

    qtbot.waitUntil(lambda: len(found()) == 1)
    return found()[0]


def answer(box, text):
    next(button for button in box.buttons() if button.text() == text).click()


def test_it_lists_the_runs_of_all_families_pinned_ones_first_and_says_why_some_cannot_be_used(qtbot, store):
    add(store, labels={"name": "Old but good", "pinned": True})
    add(store, labels={"name": "First"})
    add(store, "wgan", "gan", labels={"name": "Second"})
    add(store, "flow", "flow", labels={"name": "Third"})
    broken = add(store)
    (broken.folder / "run.json").write_text("{")
    browser = opened(qtbot, store)
    assert listed(browser) == ["Old but good", "Third", "Second", "First", broken.id]
    assert listed(browser, Column.STATE) == ["Finished", "Plugin missing", "Finished", "Finished", "Damaged"]
    assert f"{broken.id} is damaged" in listed(browser, Column.RECIPE)[-1]
    assert "flow" in browser.runs.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_without_runs_it_says_what_will_be_there_and_offers_to_start_one(qtbot, store):
    browser = opened(qtbot, store)
    button = next(one for one in browser.findChildren(QPushButton) if one.text() == "Start a Run")
    assert button.isVisible()
    with qtbot.waitSignal(browser.start_wanted):
        button.click()
    add(store)
    refresh(qtbot, browser)
    assert browser.view.isVisible()
    assert not button.isVisible()


def test_search_finds_names_notes_tags_recipes_data_and_ids(qtbot, store):
    add(store, labels={"name": "Moon", "note": "a night in June", "tags": ("good",)})
    add(store, "wgan", "gan", labels={"name": "Sun"})
    browser = opened(qtbot, store)
    for text, expected in (
        ("moo", ["Moon"]),
        ("JUNE", ["Moon"]),
        ("good moon", ["Moon"]),
        ("wgan", ["Sun"]),
        ("0002-", ["Sun"]),
        ("glyphs", ["Sun", "Moon"]),
        ("moon sun", []),
    ):
        with qtbot.waitSignal(browser.filters.changed):
            browser.filters.search.setText(text)
        assert listed(browser) == expected, text
    assert browser._nothing.isVisible()
    browser.filters.clear()
    assert listed(browser) == ["Sun", "Moon"]


def test_filters_by_family_state_tag_and_open_tab(qtbot, store):
    add(store, labels={"name": "A", "tags": ("x",)})
    add(store, "wgan", "gan", RunState.FAILED, {"name": "B", "tags": ("y",)})
    browser = opened(qtbot, store)
    filters = browser.filters
    for box, text in ((filters.family, "GANs"), (filters.state, "Failed"), (filters.tag, "y")):
        box.setCurrentText(text)
        assert listed(browser) == ["B"]
        box.setCurrentIndex(0)
    filters.this_tab.click()
    browser.set_current_family("autoencoder")
    assert listed(browser) == ["A"]
    browser.set_current_family("gan")
    assert listed(browser) == ["B"]


def test_sorts_by_any_metric_as_numbers_with_pinned_first_and_missing_last_both_ways(qtbot, store):
    add(store, metrics={"validation/loss": 10.0}, labels={"name": "ten"})
    add(store, metrics={"validation/loss": 9.0, "loss": 1.0}, labels={"name": "nine"})
    add(store, labels={"name": "none"})
    add(store, metrics={"validation/loss": 50.0}, labels={"name": "pinned", "pinned": True})
    browser = opened(qtbot, store)
    assert browser.view.isColumnHidden(Column.METRIC)
    browser.filters.sort_by.setCurrentText("Sort by validation/loss")
    assert listed(browser) == ["pinned", "nine", "ten", "none"]
    assert listed(browser, Column.METRIC)[:3] == ["50", "9", "10"]
    assert not browser.view.isColumnHidden(Column.METRIC)
    browser.view.sortByColumn(Column.METRIC, Qt.SortOrder.DescendingOrder)
    assert listed(browser) == ["pinned", "ten", "nine", "none"]
    browser.filters.sort_by.setCurrentIndex(0)
    assert listed(browser) == ["pinned", "none", "nine", "ten"]


def test_ctrl_f_goes_to_the_search_and_enter_to_what_it_finds(qtbot, store):
    add(store, labels={"name": "Moon"})
    add(store, labels={"name": "Sun"})
    browser = opened(qtbot, store)
    browser.view.setFocus()
    qtbot.keyClick(browser.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(browser.filters.search.hasFocus)
    qtbot.keyClicks(browser.filters.search, "moon")
    qtbot.keyClick(browser.filters.search, Qt.Key.Key_Return)
    assert browser.view.hasFocus()
    assert listed(browser) == ["Moon"]
    with qtbot.waitSignal(browser.shown):
        qtbot.keyClick(browser.view, Qt.Key.Key_Return)


def test_enter_shows_and_f2_renames_in_place(qtbot, store):
    run = add(store)
    browser = opened(qtbot, store)
    browser.select(run.id)
    browser.view.setFocus()
    with qtbot.waitSignal(browser.shown) as shown:
        qtbot.keyClick(browser.view, Qt.Key.Key_Return)
    assert shown.args == [run.id]
    qtbot.keyClick(browser.view, Qt.Key.Key_F2)
    editor = browser.view.findChild(QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, "  Night run ")
    with qtbot.waitSignal(browser.refreshed):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert listed(browser) == ["Night run"]
    assert store.open(run.id).labels.name == "Night run"
    assert browser.view.selected_ids() == [run.id]


def test_note_and_tags_are_saved_when_the_field_is_left(qtbot, store):
    run, other = add(store), add(store)
    browser = opened(qtbot, store)
    choose(browser, run.id)
    browser.run_actions.annotate.trigger()
    qtbot.keyClicks(browser.details.note, "smaller steps help")
    browser.details.tags.setFocus()
    qtbot.waitUntil(lambda: store.open(run.id).labels.note == "smaller steps help")
    qtbot.keyClicks(browser.details.tags, "good,  two words , good")
    choose(browser, other.id)
    assert browser.details.tags.text() == ""
    qtbot.waitUntil(lambda: browser.filters.tag.count() == 3)
    assert store.open(run.id).labels.tags == ("good", "two words")
    assert store.open(other.id).labels.tags == ()
    assert [browser.filters.tag.itemText(row) for row in range(3)] == ["All tags", "good", "two words"]


def test_what_is_written_while_a_refresh_waits_is_read_as_well(qtbot, store):
    run = add(store)
    browser = opened(qtbot, store)
    store.gate.clear()
    browser._worker.measure([run.id])  # keeps the worker at the gate
    browser.refresh()
    browser.details.labels_written.emit({run.id: {"name": "Late"}})
    store.gate.set()
    qtbot.waitUntil(lambda: listed(browser) == ["Late"])
    answer(question(qtbot), "Cancel")
    assert store.open(run.id).labels.name == "Late"


def test_tags_written_on_several_runs_are_added_to_their_own(qtbot, store):
    first = add(store, labels={"tags": ("both", "mine")})
    second = add(store, labels={"tags": ("both",)})
    browser = opened(qtbot, store)
    browser.toggle_details.click()
    choose(browser, first.id, second.id)
    assert browser.details.tags.text() == "both"
    assert not browser.details.note.isEnabled()
    browser.details.tags.selectAll()
    qtbot.keyClicks(browser.details.tags, "new")
    with qtbot.waitSignal(browser.refreshed):
        qtbot.keyClick(browser.details.tags, Qt.Key.Key_Return)
    assert store.open(first.id).labels.tags == ("mine", "new")
    assert store.open(second.id).labels.tags == ("new",)


def test_a_refresh_does_not_touch_what_is_being_written(qtbot, store):
    run = add(store)
    browser = opened(qtbot, store)
    browser.toggle_details.click()
    choose(browser, run.id)
    browser.details.note.setFocus()
    qtbot.keyClicks(browser.details.note, "half a sent")
    run.update(step=77)
    refresh(qtbot, browser)
    assert listed(browser, Column.STEP) == ["77 / 6,000"]
    assert browser.details.note.toPlainText() == "half a sent"


def test_pin_several_at_once(qtbot, store):
    runs = [add(store) for _ in range(3)]
    browser = opened(qtbot, store)
    choose(browser, runs[0].id, runs[1].id)
    with qtbot.waitSignal(browser.refreshed):
        browser.run_actions.pin.trigger()
    assert [browser.runs.row(browser.runs.index(row, 0)).entry.id for row in range(3)] == [
        runs[1].id,
        runs[0].id,
        runs[2].id,
    ]
    assert browser.run_actions.pin.isChecked()
    with qtbot.waitSignal(browser.refreshed):
        browser.run_actions.pin.trigger()
    assert not store.open(runs[0].id).labels.pinned


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="would use the real trash")
def test_delete_asks_with_name_and_size_and_moves_to_the_trash(qtbot, store, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "share").mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    run, kept = add(store, labels={"name": "Away"}), add(store)
    browser = opened(qtbot, store)
    choose(browser, run.id)
    browser.view.setFocus()
    qtbot.keyClick(browser.view, Qt.Key.Key_Delete)
    box = question(qtbot)
    assert "Away" in box.text()
    assert "on disk" in box.informativeText()
    answer(box, "Cancel")
    assert run.folder.is_dir()
    browser.run_actions.trash.trigger()
    with qtbot.waitSignals([browser.removed, browser.refreshed]):
        answer(question(qtbot), "Move to Trash")
    assert not run.folder.exists()
    assert (tmp_path / "share" / "Trash" / "files" / run.id / "run.json").is_file()
    assert browser.table.rowCount() == 1
    assert kept.folder.is_dir()


def test_without_a_trash_it_offers_to_delete_for_good(qtbot, store, monkeypatch):
    monkeypatch.setattr(QFile, "moveToTrash", lambda *_: False)
    run = add(store)
    browser = opened(qtbot, store)
    choose(browser, run.id)
    browser.run_actions.trash.trigger()
    first = question(qtbot)
    answer(first, "Move to Trash")
    box = question(qtbot)
    assert "cannot be undone" in box.informativeText()
    assert run.folder.is_dir()
    answer(box, "Delete for Good")
    qtbot.waitUntil(lambda: browser.table.rowCount() == 0)
    assert not run.folder.exists()


def test_runs_in_training_or_in_the_queue_stay(qtbot, store):
    queued = add(store, state=RunState.QUEUED, labels={"name": "Waiting"})
    running = add(store, state=RunState.RUNNING, labels={"name": "Busy"}, process=this_process())
    trained_here.add(running.folder)
    try:
        browser = opened(qtbot, store)
        for run, reason in ((queued, "Waiting waits in the queue"), (running, "Busy is in training")):
            choose(browser, run.id)
            assert not browser.run_actions.resume.isEnabled()
            with qtbot.waitSignal(browser.failed) as failed:
                browser.run_actions.trash.trigger()
            assert reason in failed.args[0]
            assert run.folder.is_dir()
    finally:
        trained_here.clear()


def test_actions_fit_what_is_selected_and_tell_what_is_wanted(qtbot, store):
    first, second, broken = add(store), add(store), add(store)
    (broken.folder / "run.json").write_text("[]")
    browser = opened(qtbot, store)
    actions = browser.run_actions

    def enabled():
        return {one.text().replace("&", "") for one in browser.actions_list() if one.text() and one.isEnabled()}

    assert enabled() == set()
    choose(browser, broken.id)
    assert enabled() == {"Reveal Folder", "Move to Trash..."}
    choose(browser, first.id, second.id)
    assert enabled() == {"Compare", "Note and Tags...", "Pin", "Export", "Move to Trash..."}
    with qtbot.waitSignal(browser.compare_wanted) as compare:
        actions.compare.trigger()
    assert compare.args == [[second.id, first.id]]
    with qtbot.waitSignal(browser.export_wanted) as export:
        actions.export_menu.actions()[0].trigger()
    assert export.args == [[second.id, first.id], "zip"]
    choose(browser, first.id)
    for action, signal in ((actions.resume, browser.resume_wanted), (actions.duplicate, browser.duplicate_wanted)):
        with qtbot.waitSignal(signal) as wanted:
            action.trigger()
        assert wanted.args == [first.id]


def test_progress_changes_one_row_at_most_four_times_a_second(qtbot, store):
    run = add(store, state=RunState.RUNNING, process=this_process(), metrics={"loss": 2.0})
    add(store)
    trained_here.add(run.folder)
    try:
        browser = opened(qtbot, store)
        changes = []
        browser.table.dataChanged.connect(lambda first, last, roles: changes.append((first.row(), last.row())))
        for step in range(1, 51):
            browser.live.show_progress(progress(run.id, step))
            browser.live.show_metrics(Scalars(run_id=run.id, steps=np.array([step]), values={"loss": np.array([1.5])}))
        qtbot.waitUntil(lambda: "50 / 1,000" in listed(browser, Column.STEP))
        assert changes == [(0, 0)]
        browser.filters.sort_by.setCurrentText("Sort by loss")
        assert "1.5" in listed(browser, Column.METRIC)
        for state, word in ((JobState.PAUSING, "Pausing"), (JobState.PAUSED, "Paused")):
            browser.live.show_state(StateChanged(run_id=run.id, state=state))
            qtbot.waitUntil(lambda word=word: word in listed(browser, Column.STATE))
    finally:
        trained_here.clear()
    refresh(qtbot, browser)
    assert "Interrupted" in listed(browser, Column.STATE)


def progress(run_id, step):
    return Progress(
        run_id=run_id,
        step=step,
        total_steps=1000,
        epoch=0.1,
        steps_per_second=10,
        samples_per_second=80,
        step_seconds=0.1,
        eta=None,
        elapsed=5.0,
    )


def test_a_refresh_reads_only_what_changed_and_keeps_selection_and_place(qtbot, store):
    runs = [add(store) for _ in range(30)]
    browser = opened(qtbot, store)
    browser.select(runs[10].id)
    browser.view.verticalScrollBar().setValue(300)
    anchor = browser.view.anchor()
    refresh(qtbot, browser)
    store.opened.clear()
    runs[3].update(step=5)
    new = add(store)
    refresh(qtbot, browser)
    assert sorted(store.opened) == [runs[3].id, new.id]
    assert browser.view.selected_ids() == [runs[10].id]
    assert browser.view.anchor() == anchor


def test_a_run_may_be_selected_before_it_is_listed(qtbot, store):
    browser = opened(qtbot, store)
    run = add(store)
    browser.select(run.id)
    refresh(qtbot, browser)
    assert browser.view.selected_ids() == [run.id]


def test_pictures_come_for_visible_rows_only_and_follow_the_newest_sheet(qtbot, store):
    runs = [add(store) for _ in range(40)]
    for run in runs:
        add_samples(run)
    browser = opened(qtbot, store)

    def picture(run):
        known = browser._thumbnails._pictures.get(run.id)
        return known and known[2]

    qtbot.waitUntil(lambda: picture(runs[-1]) is not None)
    qtbot.waitUntil(lambda: not browser._thumbnails._busy)
    assert browser.runs.index_of(runs[-1].id).data(PICTURE_ROLE).size().height() > 0
    assert picture(runs[0]) is None
    before = picture(runs[-1])
    add_samples(runs[-1], 200)
    refresh(qtbot, browser)
    qtbot.waitUntil(lambda: picture(runs[-1]) is not before)


@pytest.mark.parametrize("kind", ["garbage", "huge", "no layout", "folder", "fifo"])
def test_a_bad_sample_sheet_costs_only_its_own_picture(qtbot, store, kind):
    good, bad = add(store), add(store)
    add_samples(good)
    path = bad.samples / "00000100" / "samples.png"
    path.parent.mkdir(parents=True)
    if kind == "garbage":
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    elif kind == "huge":
        Image.new("1", (30_000, 30_000)).save(path)
    elif kind == "no layout":
        Image.new("L", (28, 28)).save(path)
    elif kind == "folder":
        path.mkdir()
    elif hasattr(os, "mkfifo"):
        os.mkfifo(path)
    browser = opened(qtbot, store)
    pictures = browser._thumbnails._pictures
    qtbot.waitUntil(lambda: {good.id, bad.id} <= pictures.keys())
    assert pictures[bad.id][2] is None
    assert pictures[good.id][2] is not None


def test_states_of_rows_cover_all_states_of_runs():
    assert {str(state) for state in RunState} <= {str(status) for status in Status}
